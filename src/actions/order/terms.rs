//! The terms of an order that its two actions share.

use crate::cloud::Tag;
use crate::contract::input;

/// What CreateInstances and CloneInstances say in the same words.
macro_rules! terms {
    ($input:ident) => {
        crate::cloud::Order {
            goods: $input.goods_num,
            months: $input.period,
            billing: $input.billing_mode,
            auto_renew: $input.auto_renew,
            nodes: $input.node_set.into_iter().map(crate::actions::node_request).collect(),
            vpc: $input.vpc_id,
            subnet: $input.subnet_id,
            port: $input.v_port,
            security_groups: $input.security_group_id_list,
            password: $input.password,
            encrypted: $input.encrypt_password.unwrap_or(false),
            no_auth: $input.no_auth.unwrap_or(false),
            name: $input.instance_name,
            project_id: $input.project_id.unwrap_or(0),
            tags: $input
                .resource_tags
                .into_iter()
                .filter_map(crate::actions::order::terms::tag)
                .collect(),
            template_id: $input.template_id,
            product_version: $input.product_version,
            alarm_policies: $input.alarm_policy_list,
            password_policy: $input.password_policy.map(crate::actions::access::policy::of_order),
            enable_ssl: $input.enable_ssl.unwrap_or(false),
            ssl_bind_private_ipv4: $input.ssl_bind_private_ipv4.unwrap_or(false),
            ..crate::cloud::Order::default()
        }
    };
}
pub(super) use terms;

/// The official example sends a tag whose key and value are null: no tag.
pub(super) fn tag(tag: input::ResourceTag) -> Option<Tag> {
    match (tag.tag_key, tag.tag_value) {
        (None, None) => None,
        (key, value) => Some(Tag {
            key: key.unwrap_or_default(),
            value: value.unwrap_or_default(),
        }),
    }
}
