//! Private and public addresses, and the migrations by which two change places.

use crate::actions::{int, text};
use crate::cloud::network::address::{MoveRequest, modify_network};
use crate::cloud::network::switch::{VipSwitch, job_of, switch_vip};
use crate::cloud::network::wan;
use crate::cloud::{Call, Cloud, DtsJob, Instance, InstanceId, Refusal, time};
use crate::contract::{Text, input, output};

/// Opens a public address.
pub(crate) fn allocate_wan_address(
    cloud: &mut Cloud,
    call: &Call,
    input: input::AllocateWanAddress,
) -> Result<output::AllocateWanAddress, Refusal> {
    let task_id = wan::allocate(cloud, call, &input.instance_id)?;
    Ok(output::AllocateWanAddress {
        flow_id: int(task_id.0),
        wan_status: "外网开通中".into(),
    })
}

/// Closes the public address.
pub(crate) fn release_wan_address(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ReleaseWanAddress,
) -> Result<output::ReleaseWanAddress, Refusal> {
    let task_id = wan::release(cloud, call, &input.instance_id)?;
    Ok(output::ReleaseWanAddress {
        flow_id: int(task_id.0),
        wan_status: "外网关闭中".into(),
    })
}

/// Moves an instance to another address, port or network; told at once is where it will be.
pub(crate) fn modify_network_config(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyNetworkConfig,
) -> Result<output::ModifyNetworkConfig, Refusal> {
    let asked = MoveRequest {
        instance_id: input.instance_id,
        operation: input.operation,
        vip: input.vip,
        port: input.v_port,
        vpc: input.vpc_id,
        subnet: input.subnet_id,
        kept_days: input.recycle,
    };
    let moving = modify_network(cloud, call, &asked)?;
    Ok(output::ModifyNetworkConfig {
        status: true,
        subnet_id: moving.subnet.into(),
        vpc_id: moving.vpc.into(),
        vip: moving.vip.into(),
        task_id: int(moving.task_id.0),
    })
}

/// Exchanges the addresses of two instances.
pub(crate) fn switch_instance_vip(
    cloud: &mut Cloud,
    call: &Call,
    input: input::SwitchInstanceVip,
) -> Result<output::SwitchInstanceVip, Refusal> {
    let asked = VipSwitch {
        source: input.src_instance_id,
        target: input.dst_instance_id,
        most_cut_s: input.time_delay,
        force: input.force_switch,
        when: text(input.switch_time),
    };
    let task_id = switch_vip(cloud, call, &asked)?;
    Ok(output::SwitchInstanceVip {
        task_id: int(task_id.0),
    })
}

/// The migration of an instance.
pub(crate) fn describe_instance_dts_info(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceDTSInfo,
) -> Result<output::DescribeInstanceDTSInfo, Refusal> {
    let job = job_of(cloud, call, &input.instance_id)?;
    let of = |text: fn(&DtsJob) -> String| Text::from(job.map(text).unwrap_or_default());
    let cut = job.and_then(|job| job.cut_at).map(time::show).unwrap_or_default();
    Ok(output::DescribeInstanceDTSInfo {
        job_id: of(|job| job.id.clone()),
        job_name: of(|job| job.name.clone()),
        status: job.map_or(0, |job| job.status.number()),
        status_desc: of(|job| job.status.words().to_owned()),
        offset: job.map_or(0, |job| int(job.offset_bytes)),
        cut_down_time: cut.into(),
        src_info: side(cloud, job.map(|job| &job.source)),
        dst_info: side(cloud, job.map(|job| &job.target)),
    })
}

fn side(cloud: &Cloud, id: Option<&InstanceId>) -> output::DescribeInstanceDTSInstanceInfo {
    let instance = id.and_then(|id| cloud.instances.get(id));
    let of = |text: fn(&Instance) -> String| Text::from(instance.map(text).unwrap_or_default());
    output::DescribeInstanceDTSInstanceInfo {
        region_id: instance.map_or(0, |instance| instance.region.id.into()),
        instance_id: of(|instance| instance.id.to_string()),
        set_id: 0,
        zone_id: instance.map_or(0, |instance| instance.zone_id().into()),
        r#type: instance.map_or(0, |instance| int(instance.edition.type_id)),
        instance_name: of(|instance| instance.name.clone()),
        vip: of(|instance| instance.address.vip.clone()),
        status: instance.map_or(0, |instance| instance.status.number()),
    }
}
