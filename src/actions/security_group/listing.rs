//! The groups of instances, and those of a region.

use std::collections::BTreeMap;

use crate::actions::security_group::check_product;
use crate::actions::security_group::shape::{detail, group_of, whole};
use crate::actions::{cut, place, text};
use crate::cloud::refusal::bad_value;
use crate::cloud::security_group::{binding, group};
use crate::cloud::{Call, Cloud, Refusal, SecurityGroup};
use crate::contract::{input, output};

/// The documented most of `InstanceIds`.
const MOST_IDS: usize = 100;
/// The documented length of a page of DescribeProjectSecurityGroups.
const LIMIT: u64 = 20;
/// What `ProjectId` means all projects by.
const ALL_PROJECTS: i64 = -1;

/// The groups of one instance, and its address.
pub(crate) fn describe_db_security_groups(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeDBSecurityGroups,
) -> Result<output::DescribeDBSecurityGroups, Refusal> {
    check_product(input.product)?;
    let instance = cloud.instance(call.region, &input.instance_id)?;
    binding::can_have_groups(instance)?;
    let groups = instance.security_groups.iter().map(|id| group_of(cloud, instance, id));
    Ok(output::DescribeDBSecurityGroups {
        groups: groups.map(|group| whole(&group)).collect(),
        vip: instance.address.vip.clone().into(),
        v_port: instance.address.port.to_string().into(),
    })
}

/// The groups of each of these instances.
pub(crate) fn describe_instance_security_group(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceSecurityGroup,
) -> Result<output::DescribeInstanceSecurityGroup, Refusal> {
    let given = input.instance_ids.len();
    if given > MOST_IDS {
        return Err(Refusal::TooManyIds { given, most: MOST_IDS });
    }
    if given == 0 && !cloud.settings.assumed.no_ids_have_no_security_groups {
        return Err(bad_value("InstanceIds", "it names no instance".to_owned()));
    }
    let row = |id: &String| {
        let instance = cloud.instance(call.region, id)?;
        let groups = instance.security_groups.iter().map(|id| group_of(cloud, instance, id));
        Ok(output::InstanceSecurityGroupDetail {
            instance_id: id.clone().into(),
            security_group_details: groups.map(|group| detail(&group)).collect(),
        })
    };
    let rows: Result<_, Refusal> = input.instance_ids.iter().map(row).collect();
    Ok(output::DescribeInstanceSecurityGroup {
        instance_security_groups_detail: rows?,
    })
}

/// The groups of the region, of one project or of all.
pub(crate) fn describe_project_security_group(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeProjectSecurityGroup,
) -> Result<output::DescribeProjectSecurityGroup, Refusal> {
    let project = match input.project_id.unwrap_or(ALL_PROJECTS) {
        ALL_PROJECTS => None,
        id => {
            let bad = |_| {
                bad_value(
                    "ProjectId",
                    format!("{id} is no project, and not {ALL_PROJECTS} for all"),
                )
            };
            Some(u64::try_from(id).map_err(bad)?)
        }
    };
    let id = text(input.security_group_id);
    let fits = |group: &SecurityGroup| {
        let of_project = project.is_none_or(|project| group.project_id == project);
        of_project && id.as_ref().is_none_or(|id| group.id == *id)
    };
    Ok(output::DescribeProjectSecurityGroup {
        security_group_details: groups_of_region(cloud, call)
            .filter(fits)
            .map(|group| detail(&group))
            .collect(),
    })
}

/// The groups of the region, a page of them. Those of the default project belong to every project, as an official
/// example has it.
pub(crate) fn describe_project_security_groups(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeProjectSecurityGroups,
) -> Result<output::DescribeProjectSecurityGroups, Refusal> {
    check_product(input.product)?;
    let key = text(input.search_key);
    let fits = |group: &SecurityGroup| {
        let of_project = group.project_id == 0 || input.project_id.is_none_or(|project| group.project_id == project);
        let found = |key: &String| group.id == *key || group.name.contains(key.as_str());
        of_project && key.as_ref().is_none_or(found)
    };
    let found: Vec<_> = groups_of_region(cloud, call).filter(fits).collect();
    let page = (place(input.offset.unwrap_or(0)), place(input.limit.unwrap_or(LIMIT)));
    Ok(output::DescribeProjectSecurityGroups {
        groups: cut(&found, page).map(whole).collect(),
        total: found.len() as u64,
    })
}

/// The groups that are held in the region, and those that only an instance there names, by id.
fn groups_of_region(cloud: &Cloud, call: &Call) -> impl Iterator<Item = SecurityGroup> {
    let held = group::held_in(cloud, call.region);
    let mut found: BTreeMap<_, _> = held.map(|group| (group.id.clone(), group.clone())).collect();
    if call.may_look_at(cloud.instances.len()) {
        let here = cloud
            .instances
            .values()
            .filter(|instance| instance.region.name == call.region.name);
        for instance in here {
            for id in &instance.security_groups {
                found
                    .entry(id.as_str().into())
                    .or_insert_with(|| group_of(cloud, instance, id));
            }
        }
    }
    found.into_values()
}
