//! The network service: VPCs, subnets and security groups of one's own, as far as clients of redis need them.

mod group;
mod network;
mod policy;
mod select;
mod shape;
mod subnet;

pub(crate) use group::{
    create_security_group, delete_security_group, describe_security_group_association_statistics,
    describe_security_groups, modify_security_group_attribute,
};
pub(crate) use network::{
    create_assistant_cidr, create_vpc, delete_vpc, describe_vpcs, modify_assistant_cidr, modify_vpc_attribute,
};
pub(crate) use policy::{
    create_security_group_policies, delete_security_group_policies, describe_security_group_policies,
    modify_security_group_policies,
};
pub(crate) use subnet::{
    create_subnet, delete_subnet, describe_route_tables, describe_subnets, modify_subnet_attribute,
    replace_route_table_association,
};

use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Instance, InstanceId, Refusal, Tag, advance};
use crate::contract::input;

/// A switch that comes as text, in any case; an empty text is an absent one.
fn switch(parameter: &'static str, text: Option<String>) -> Result<Option<bool>, Refusal> {
    let Some(text) = crate::actions::text(text) else {
        return Ok(None);
    };
    let known = [("true", true), ("false", false)].into_iter();
    let found = known
        .filter(|(word, _)| word.eq_ignore_ascii_case(&text))
        .map(|(_, on)| on)
        .next();
    let bad = || bad_value(parameter, format!("`{text}` is neither true nor false"));
    found.map(Some).ok_or_else(bad)
}

fn tags(tags: Vec<input::VpcTag>) -> Vec<Tag> {
    let tag = |tag: input::VpcTag| Tag {
        key: tag.key,
        value: tag.value.unwrap_or_default(),
    };
    tags.into_iter().map(tag).collect()
}

/// A deletion names the instances that use what it deletes: what is due of them and was not seen ends first.
fn end_unseen(
    cloud: &mut Cloud,
    call: &Call,
    users: impl for<'c> Fn(&'c Cloud) -> Box<dyn Iterator<Item = &'c Instance> + 'c>,
) {
    let users: Vec<InstanceId> = users(cloud).map(|instance| instance.id.clone()).collect();
    advance::end_unseen(cloud, &users, call.now);
}
