//! Security groups, without their rules.

use crate::actions::companions::vpc::select::{Choice, Known, Listed, Page};
use crate::actions::companions::vpc::{end_unseen, shape, tags};
use crate::actions::text;
use crate::cloud::ids::prefix;
use crate::cloud::refusal::bad_value;
use crate::cloud::security_group::group;
use crate::cloud::security_group::group::NewGroup;
use crate::cloud::{Call, Cloud, NetworkRefusal, Refusal, SecurityGroup, Tag};
use crate::contract::{input, output};

/// The documented filters of DescribeSecurityGroups.
const FILTERS: &[Known<SecurityGroup>] = &[
    Known {
        name: "security-group-id",
        fits: |group, value| group.id == *value,
    },
    Known {
        name: "security-group-name",
        fits: |group, value| group.name == value,
    },
    Known {
        name: "project-id",
        fits: |group, value| group.project_id.to_string() == value,
    },
];

/// What instances of redis are called in statistics. The cloud's own word is not known.
const INSTANCE_TYPE: &str = "REDIS";

impl Listed for SecurityGroup {
    fn id(&self) -> &str {
        &self.id
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }
}

/// Makes a group without rules.
pub(crate) fn create_security_group(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateSecurityGroup,
) -> Result<output::CreateSecurityGroup, Refusal> {
    let project_id = match text(input.project_id) {
        None => 0,
        Some(id) => id.parse().map_err(|_| NetworkRefusal::malformed("ProjectId", &id))?,
    };
    let new = NewGroup {
        name: input.group_name,
        remark: input.group_description,
        project_id,
        tags: tags(input.tags),
    };
    let id = group::create(cloud, call, new)?;
    Ok(output::CreateSecurityGroup {
        security_group: shape::group(&cloud.security_groups[id.as_str()]),
    })
}

/// The groups of the region that are chosen: those that are held, whatever instances name beside them.
pub(crate) fn describe_security_groups(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeSecurityGroups,
) -> Result<output::DescribeSecurityGroups, Refusal> {
    let page = Page::read(input.offset, input.limit)?;
    let choice = Choice {
        ids: ("SecurityGroupIds", prefix::SECURITY_GROUP, &input.security_group_ids),
        filters: &input.filters,
        known: FILTERS,
    };
    let mut found = choice.of(group::held_in(cloud, call.region))?;
    sort(&mut found, text(input.order_field), text(input.order_direction))?;
    Ok(output::DescribeSecurityGroups {
        total_count: found.len() as u64,
        security_group_set: page.cut(&found).map(|group| shape::group(group)).collect(),
    })
}

/// By a time, rising unless the call says otherwise; without one by id.
fn sort(found: &mut [&SecurityGroup], field: Option<String>, direction: Option<String>) -> Result<(), Refusal> {
    let falling = match direction.as_deref() {
        None | Some("ASC") => false,
        Some("DESC") => true,
        Some(other) => {
            return Err(bad_value(
                "OrderDirection",
                format!("`{other}` is neither ASC nor DESC"),
            ));
        }
    };
    match field.as_deref() {
        None => return Ok(()),
        Some("CreatedTime") => found.sort_by_key(|group| group.created_at),
        Some("UpdateTime") => found.sort_by_key(|group| group.updated_at),
        Some(other) => {
            let why = format!("`{other}` is neither CreatedTime nor UpdateTime");
            return Err(bad_value("OrderField", why));
        }
    }
    if falling {
        found.reverse();
    }
    Ok(())
}

/// Changes what is given of a group.
pub(crate) fn modify_security_group_attribute(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifySecurityGroupAttribute,
) -> Result<output::ModifySecurityGroupAttribute, Refusal> {
    let change = (input.group_name, input.group_description);
    group::modify(cloud, call, &input.security_group_id, change)?;
    Ok(output::ModifySecurityGroupAttribute {})
}

/// Deletes a group that nothing uses.
pub(crate) fn delete_security_group(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteSecurityGroup,
) -> Result<output::DeleteSecurityGroup, Refusal> {
    end_unseen(cloud, call, |cloud| {
        Box::new(group::users(cloud, &input.security_group_id))
    });
    group::delete(cloud, call, &input.security_group_id)?;
    Ok(output::DeleteSecurityGroup {})
}

/// What uses each of these groups. Instances of redis stand in the total alone: clients wait for the five numbers to
/// fall to nothing before they delete a group.
pub(crate) fn describe_security_group_association_statistics(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeSecurityGroupAssociationStatistics,
) -> Result<output::DescribeSecurityGroupAssociationStatistics, Refusal> {
    let ids = &input.security_group_ids;
    let row = |id: &String| {
        group::find(cloud, call.region, id)?;
        let instance_count = group::users(cloud, id).count() as u64;
        let of_redis = output::InstanceStatistic {
            instance_type: INSTANCE_TYPE.into(),
            instance_count,
        };
        Ok(output::SecurityGroupAssociationStatistics {
            security_group_id: id.clone().into(),
            cvm: 0,
            cdb: 0,
            eni: 0,
            sg: group::named_by(cloud, call.region, id).count() as u64,
            clb: 0,
            instance_statistics: Some(of_redis).into_iter().filter(|_| instance_count > 0).collect(),
            total_count: instance_count,
        })
    };
    let rows: Result<_, Refusal> = ids.iter().map(row).collect();
    Ok(output::DescribeSecurityGroupAssociationStatistics {
        security_group_association_statistics_set: rows?,
    })
}
