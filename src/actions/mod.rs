//! The actions: contract request in, cloud call, contract response out.
//!
//! One plain function per action, one file per family, or per service beside redis. No action names an error code: it hands on the cloud's
//! [`Refusal`](crate::cloud::Refusal). Wire types stop here.

mod instances;
mod orders;
mod products;
mod region;
mod scaling;
mod sts;
mod tag;
mod tasks;

pub(crate) use instances::{create_instances, describe_instances};
pub(crate) use orders::describe_instance_deal_detail;
pub(crate) use products::describe_product_info;
pub(crate) use region::{describe_regions, describe_zones};
pub(crate) use scaling::{inquiry_price_upgrade_instance, upgrade_instance};
pub(crate) use sts::get_caller_identity;
pub(crate) use tag::{
    describe_resource_tags, describe_resource_tags_by_resource_ids, modify_resource_tags,
};
pub(crate) use tasks::{describe_task_info, describe_task_list};

use crate::cloud::{NodeAsked, Refusal};
use crate::contract::{Text, input};

/// A number for the wire; what no real figure reaches is held at the top.
fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An empty text is an absent one.
fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn texts(texts: Vec<String>) -> Vec<Text> {
    texts.into_iter().map(Text::from).collect()
}

fn bad(parameter: &'static str, why: String) -> Refusal {
    Refusal::BadValue { parameter, why }
}

fn node_asked(node: input::RedisNodeInfo) -> NodeAsked {
    NodeAsked {
        role: node.node_type,
        id: node.node_id,
        zone_id: node.zone_id,
        zone_name: node.zone_name,
    }
}

#[cfg(test)]
mod tests;
