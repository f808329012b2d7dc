//! Groups.

use crate::actions::{count, int, text, texts};
use crate::cloud::refusal::bad_value;
use crate::cloud::replication::group::{self, GroupChange, GroupFilter, NewGroup};
use crate::cloud::replication::{area, status};
use crate::cloud::vpc::address;
use crate::cloud::{Call, Cloud, Instance, Member, Refusal, Region, ReplicationGroup, Zone, time};
use crate::contract::{input, output};

/// The number of a set of machines: the official example's.
const GROCERY_SYS_ID: i64 = 1_000_259;
/// What the official example calls the engine of a member; those that can be in a group all have it.
const ENGINE: &str = "社区版Redis";

/// Regions and zones whose instances can be in groups.
pub(crate) fn describe_global_replication_area(
    _: &Cloud,
    _: &Call,
    _: input::DescribeGlobalReplicationArea,
) -> Result<output::DescribeGlobalReplicationArea, Refusal> {
    let area = |(region, zones): (&Region, Vec<&Zone>)| output::AvailableRegion {
        region: region.name.into(),
        available_zones: texts(zones.into_iter().map(|zone| zone.name).collect()),
    };
    let available_regions = area::areas().map(area).collect();
    Ok(output::DescribeGlobalReplicationArea { available_regions })
}

/// Makes a group with its first member.
pub(crate) fn create_replication_group(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateReplicationGroup,
) -> Result<output::CreateReplicationGroup, Refusal> {
    let new = NewGroup {
        instance_id: input.instance_id,
        name: text(input.group_name),
        remark: input.remark.unwrap_or_default(),
    };
    let (task_id, group_id) = group::create(cloud, call, &new)?;
    Ok(output::CreateReplicationGroup {
        task_id: int(task_id.0),
        group_id: group_id.into(),
    })
}

/// Names a group anew.
pub(crate) fn modify_replication_group(
    cloud: &mut Cloud,
    _: &Call,
    input: input::ModifyReplicationGroup,
) -> Result<output::ModifyReplicationGroup, Refusal> {
    let change = GroupChange {
        name: input.group_name,
        remark: input.remark,
    };
    group::modify(cloud, &input.group_id, change)?;
    Ok(output::ModifyReplicationGroup {})
}

/// Removes an empty group.
pub(crate) fn remove_replication_group(
    cloud: &mut Cloud,
    _: &Call,
    input: input::RemoveReplicationGroup,
) -> Result<output::RemoveReplicationGroup, Refusal> {
    group::remove(cloud, &input.group_id)?;
    Ok(output::RemoveReplicationGroup {})
}

/// The groups of the account, from whichever region.
pub(crate) fn describe_replication_group(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeReplicationGroup,
) -> Result<output::DescribeReplicationGroup, Refusal> {
    let limit = usize::try_from(input.limit).ok().filter(|limit| *limit > 0);
    let limit = limit.ok_or_else(|| bad_value("Limit", format!("{} is not above 0", input.limit)))?;
    let offset = count("Offset", input.offset)?;
    let filter = GroupFilter {
        id: text(input.group_id),
        search_key: input.search_key,
    };
    let (total, page) = group::list(cloud, call, &filter, (offset, limit))?;
    Ok(output::DescribeReplicationGroup {
        total_count: int(total as u64),
        groups: page.into_iter().map(|group| show(cloud, group)).collect(),
    })
}

fn show(cloud: &Cloud, group: &ReplicationGroup) -> output::Groups {
    let members = group.members.iter().filter_map(|member| {
        let instance = cloud.instances.get(&member.instance_id)?;
        Some(show_member(cloud, member, instance))
    });
    output::Groups {
        app_id: int(cloud.account.app_id),
        region_id: group.region.id.into(),
        group_id: group.id.clone().into(),
        group_name: group.name.clone().into(),
        status: status::status(cloud, group),
        instance_count: int(group.members.len() as u64),
        instances: members.collect(),
        remark: group.remark.clone().into(),
    }
}

fn show_member(cloud: &Cloud, member: &Member, instance: &Instance) -> output::Instances {
    output::Instances {
        app_id: int(cloud.account.app_id),
        instance_id: instance.id.clone().into(),
        instance_name: instance.name.clone().into(),
        region_id: instance.region.id.into(),
        zone_id: instance.zone_id().into(),
        redis_replicas_num: instance.spec.replicas,
        redis_shard_num: int(instance.spec.shards),
        redis_shard_size: int(instance.spec.mem_mb),
        disk_size: 0,
        engine: ENGINE.into(),
        role: member.role.word().into(),
        vip: instance.address.vip.clone().into(),
        vip6: "".into(),
        ipv6: instance.address.ipv6.clone().unwrap_or_default().into(),
        vpc_id: address::numbers(cloud, instance).0,
        v_port: instance.address.port.into(),
        status: instance.status.number(),
        grocery_sys_id: GROCERY_SYS_ID,
        product_type: int(instance.edition.type_id),
        create_time: time::show(member.joined_at).into(),
        update_time: time::show(member.updated_at).into(),
    }
}

/// The group of an instance; three empty texts where it is in none.
pub(crate) fn describe_replication_group_instance(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeReplicationGroupInstance,
) -> Result<output::DescribeReplicationGroupInstance, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let group = cloud.replication_groups.of(&instance.id);
    let role = group
        .and_then(|group| group.member(&instance.id))
        .map(|member| member.role);
    Ok(output::DescribeReplicationGroupInstance {
        app_id: int(cloud.account.app_id),
        region_id: instance.region.id.into(),
        group_id: group.map_or("".into(), |group| group.id.clone().into()),
        group_name: group.map_or("".into(), |group| group.name.clone().into()),
        instance_role: role.map_or("", |role| role.word()).into(),
    })
}
