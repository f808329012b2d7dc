//! Orders of new instances, and their price.

use super::{node_asked, price, text, texts};
use crate::cloud::PasswordPolicy;
use crate::cloud::order::clone;
use crate::cloud::order::create;
use crate::cloud::product_version::CDC;
use crate::cloud::{Call, CloneOrder, Cloud, Order, Refusal, Tag};
use crate::contract::{Text, input, output};

/// Orders instances. A dry run that passes answers no order and no id. Rules: `cloud/create.rs`.
pub(crate) fn create_instances(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateInstances,
) -> Result<output::CreateInstances, Refusal> {
    let ordered = create::create(cloud, call, &order(input))?;
    let deal_id = ordered
        .as_ref()
        .map_or("".into(), |ordered| Text::from(ordered.deal_id.clone()));
    Ok(output::CreateInstances {
        deal_id: deal_id.clone(),
        instance_ids: texts(ordered.map(|ordered| ordered.instance_ids).unwrap_or_default()),
        deal_name: deal_id,
    })
}

/// What both actions say in the same words.
macro_rules! order {
    ($input:ident) => {
        Order {
            goods: $input.goods_num,
            months: $input.period,
            billing: $input.billing_mode,
            auto_renew: $input.auto_renew,
            nodes: $input.node_set.into_iter().map(node_asked).collect(),
            vpc: $input.vpc_id,
            subnet: $input.subnet_id,
            port: $input.v_port,
            security_groups: $input.security_group_id_list,
            password: $input.password,
            encrypted: $input.encrypt_password.unwrap_or(false),
            no_auth: $input.no_auth.unwrap_or(false),
            name: $input.instance_name,
            project_id: $input.project_id.unwrap_or(0),
            tags: $input.resource_tags.into_iter().filter_map(tag).collect(),
            template_id: $input.template_id,
            product_version: $input.product_version,
            alarm_policies: $input.alarm_policy_list,
            password_policy: $input.password_policy.and_then(policy),
            enable_ssl: $input.enable_ssl.unwrap_or(false),
            ..Order::default()
        }
    };
}

fn order(input: input::CreateInstances) -> Order {
    Order {
        type_id: input.type_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        zone_id: input.zone_id,
        zone_name: input.zone_name,
        replicas_readonly: input.replicas_readonly.unwrap_or(false),
        redis_cluster_id: input.redis_cluster_id,
        connection_mode: input.connection_mode,
        dry_run: input.dry_run.unwrap_or(false),
        ..order!(input)
    }
}

/// The official example sends a tag whose key and value are null: no tag.
fn tag(tag: input::ResourceTag) -> Option<Tag> {
    match (tag.tag_key, tag.tag_value) {
        (None, None) => None,
        (key, value) => Some(Tag {
            key: key.unwrap_or_default(),
            value: value.unwrap_or_default(),
        }),
    }
}

/// A policy that is not enabled is none. What it leaves out is the least that can be asked for.
fn policy(policy: input::PasswordPolicy) -> Option<PasswordPolicy> {
    policy.enabled.then(|| PasswordPolicy {
        letters: policy.min_letter_count.unwrap_or(1),
        digits: policy.min_digit_count.unwrap_or(1),
        symbols: policy.min_special_count.unwrap_or(1),
        length: policy.min_length.unwrap_or(8),
    })
}

/// Orders instances of the size that a backup holds. Rules: `cloud/clone.rs`, and those of every order.
pub(crate) fn clone_instances(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CloneInstances,
) -> Result<output::CloneInstances, Refusal> {
    let asked = CloneOrder {
        instance_id: input.instance_id,
        backup_id: input.backup_id,
        clone_time: text(input.clone_time),
        order: Order {
            zone_id: Some(input.zone_id),
            ..order!(input)
        },
    };
    let ordered = clone::clone_instances(cloud, call, &asked)?;
    Ok(output::CloneInstances {
        deal_id: ordered.deal_id.clone().into(),
        instance_ids: texts(ordered.instance_ids),
        deal_name: ordered.deal_id.into(),
    })
}

/// What an order would cost: all of it if prepaid, an hour of it if postpaid.
pub(crate) fn inquiry_price_create_instance(
    cloud: &Cloud,
    call: &Call,
    input: input::InquiryPriceCreateInstance,
) -> Result<output::InquiryPriceCreateInstance, Refusal> {
    let order = Order {
        type_id: input.type_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        goods: input.goods_num,
        months: input.period,
        billing: input.billing_mode,
        zone_id: input.zone_id,
        zone_name: input.zone_name,
        replicas_readonly: input.replicas_readonly.unwrap_or(false),
        product_version: input.product_version.filter(|version| version != CDC),
        ..Order::default()
    };
    let quoted = create::quote_create(cloud, call, &order)?;
    Ok(price!(InquiryPriceCreateInstance, quoted))
}
