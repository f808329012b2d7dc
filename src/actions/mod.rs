//! The actions: contract request in, cloud call, contract response out.
//!
//! One plain function per action, one file per family, or per service beside redis. No action names an error code: it
//! hands on the cloud's [`Refusal`](crate::cloud::Refusal). Wire types stop here.

mod clusters;
mod common_list;
mod instances;
mod lifecycle;
mod orders;
mod passwords;
mod products;
mod purchase;
mod region;
mod scaling;
mod security_groups;
mod sts;
mod tag;
mod tasks;

pub(crate) use clusters::{describe_redis_cluster_overview, describe_redis_clusters};
pub(crate) use common_list::describe_common_db_instances;
pub(crate) use instances::describe_instances;
pub(crate) use lifecycle::{
    clean_up_instance, destroy_postpaid_instance, destroy_prepaid_instance, inquiry_price_renew_instance,
    modify_instance, modify_instance_charge_type, renew_instance, startup_instance,
};
pub(crate) use orders::describe_instance_deal_detail;
pub(crate) use passwords::reset_password;
pub(crate) use products::describe_product_info;
pub(crate) use purchase::{clone_instances, create_instances, inquiry_price_create_instance};
pub(crate) use region::{describe_regions, describe_zones};
pub(crate) use scaling::{
    inquiry_price_upgrade_instance, modify_instance_availability_zones, switch_access_new_instance, upgrade_instance,
    upgrade_instance_product_version, upgrade_instance_version, upgrade_proxy_version, upgrade_small_version,
    upgrade_version_to_multi_availability_zones,
};
pub(crate) use security_groups::{describe_instance_security_group, modify_db_instance_security_groups};
pub(crate) use sts::get_caller_identity;
pub(crate) use tag::{describe_resource_tags, describe_resource_tags_by_resource_ids, modify_resource_tags};
pub(crate) use tasks::{describe_task_info, describe_task_list};

use crate::cloud::refusal::bad_value;
use crate::cloud::{NodeRequest, Refusal};
use crate::contract::{Text, input};

/// The answer of an InquiryPrice action. No discounts are known, so both prices are the same.
macro_rules! price {
    ($action:ident, $quoted:expr) => {{
        let quoted: crate::cloud::Price = $quoted;
        output::$action {
            price: quoted.fen() as f64,
            high_precision_price: quoted.exact_fen(),
            original_price: quoted.fen() as f64,
            high_precision_original_price: quoted.exact_fen(),
            currency: "CNY".into(),
            amount_unit: "pent".into(),
        }
    }};
}
use price;

/// A number for the wire; what no real figure reaches is held at the top.
fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number from the wire that counts something.
fn count<T: TryFrom<i64>>(parameter: &'static str, number: i64) -> Result<T, Refusal> {
    T::try_from(number).map_err(|_| bad_value(parameter, format!("{number} is negative")))
}

/// An empty text is an absent one.
fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn texts(texts: Vec<impl Into<Text>>) -> Vec<Text> {
    texts.into_iter().map(Into::into).collect()
}

fn node_asked(node: input::RedisNodeInfo) -> NodeRequest {
    NodeRequest {
        role: node.node_type,
        id: node.node_id,
        zone_id: node.zone_id,
        zone_name: node.zone_name,
    }
}

#[cfg(test)]
mod tests;
