//! Security groups, as far as instances carry them: what a group allows belongs to another product, so each shows the
//! rule of one that lets everything through.

use crate::actions::check_count;
use crate::cloud::instance::tags::SERVICE;
use crate::cloud::refusal::bad_value;
use crate::cloud::security_group;
use crate::cloud::{Call, Cloud, Instance, Refusal, time};
use crate::contract::{input, output};

/// The documented most of `InstanceIds`.
const MOST_IDS: usize = 100;

/// The groups of each of these instances.
pub(crate) fn describe_instance_security_group(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceSecurityGroup,
) -> Result<output::DescribeInstanceSecurityGroup, Refusal> {
    let least = usize::from(!cloud.settings.assumed.no_ids_have_no_security_groups);
    check_count("InstanceIds", input.instance_ids.len(), least..=MOST_IDS)?;
    let row = |id: &String| {
        let instance = cloud.instance(call.region, id)?;
        Ok(output::InstanceSecurityGroupDetail {
            instance_id: id.clone().into(),
            security_group_details: show(instance),
        })
    };
    let rows: Result<_, Refusal> = input.instance_ids.iter().map(row).collect();
    Ok(output::DescribeInstanceSecurityGroup {
        instance_security_groups_detail: rows?,
    })
}

/// Replaces the groups of an instance.
pub(crate) fn modify_db_instance_security_groups(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyDBInstanceSecurityGroups,
) -> Result<output::ModifyDBInstanceSecurityGroups, Refusal> {
    if input.product != SERVICE {
        return Err(bad_value("Product", format!("{} is not {SERVICE}", input.product)));
    }
    security_group::set_security_groups(cloud, call, &input.instance_id, &input.security_group_ids)?;
    Ok(output::ModifyDBInstanceSecurityGroups {})
}

fn show(instance: &Instance) -> Vec<output::SecurityGroupDetail> {
    let all = || {
        vec![output::SecurityGroupsInboundAndOutbound {
            action: "ACCEPT".into(),
            ip: "0.0.0.0/0".into(),
            port: "ALL".into(),
            proto: "ALL".into(),
        }]
    };
    let group = |id: &String| output::SecurityGroupDetail {
        project_id: instance.project_id,
        create_time: time::show(instance.created_at).into(),
        security_group_id: id.clone().into(),
        security_group_name: id.clone().into(),
        security_group_remark: "".into(),
        inbound_rule: all(),
        outbound_rule: all(),
    };
    instance.security_groups.iter().map(group).collect()
}
