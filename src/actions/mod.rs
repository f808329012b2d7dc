//! The actions: contract request in, cloud call, contract response out.
//!
//! One plain function per action, in the rooms of the cloud; the services beside redis are in [`companions`]. The room
//! of each action is a column of `contract/facts.json`. No action names an error code: it hands on the cloud's
//! [`Refusal`]. Wire types stop here.

pub(crate) mod access;
pub(crate) mod backup;
pub(crate) mod catalogue;
pub(crate) mod change;
pub(crate) mod companions;
pub(crate) mod dedicated;
pub(crate) mod instance;
pub(crate) mod life;
pub(crate) mod log;
pub(crate) mod maintenance;
pub(crate) mod money;
pub(crate) mod monitor;
pub(crate) mod network;
pub(crate) mod order;
pub(crate) mod parameter;
pub(crate) mod replication;
pub(crate) mod security_group;
pub(crate) mod topology;

use std::ops::RangeInclusive;

use crate::cloud::refusal::bad_value;
use crate::cloud::{Millis, NodeRequest, Refusal, time};
use crate::contract::{Text, input};

/// The answer of an InquiryPrice action. No discounts are known, so both prices are the same.
macro_rules! price {
    ($action:ident, $quoted:expr) => {{
        let quoted: crate::cloud::Price = $quoted;
        crate::contract::output::$action {
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

/// A number from the wire that must lie within; `usual` where none is given.
fn within(
    parameter: &'static str,
    given: Option<i64>,
    usual: i64,
    allowed: RangeInclusive<i64>,
) -> Result<usize, Refusal> {
    let number = given.unwrap_or(usual);
    let number = Some(number).filter(|number| allowed.contains(number));
    number.and_then(|number| usize::try_from(number).ok()).ok_or_else(|| {
        let (least, most) = allowed.into_inner();
        let most = if most == i64::MAX {
            String::from("more")
        } else {
            most.to_string()
        };
        bad_value(parameter, format!("it must be {least} to {most}"))
    })
}

/// Where a page begins and how many rows it has, `usual` where none are asked for. A longer one than `most` is as long
/// as that.
fn page(offset: Option<i64>, limit: Option<i64>, usual: i64, most: i64) -> Result<(usize, usize), Refusal> {
    let limit = count("Limit", limit.unwrap_or(usual).min(most))?;
    Ok((count("Offset", offset.unwrap_or(0))?, limit))
}

/// The same where one that is too long, or has no row, is refused.
fn strict_page(offset: Option<i64>, limit: Option<i64>, usual: i64, most: i64) -> Result<(usize, usize), Refusal> {
    let limit = within("Limit", limit, usual, 1..=most)?;
    Ok((count("Offset", offset.unwrap_or(0))?, limit))
}

/// The rows of a list that are on a page.
fn cut<T: IntoIterator>(all: T, (offset, limit): (usize, usize)) -> impl Iterator<Item = T::Item> {
    all.into_iter().skip(offset).take(limit)
}

/// A place in a list; what lies beyond all places stays beyond.
fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Refuses a call that names fewer or more instances than it may.
fn check_count(parameter: &'static str, given: usize, allowed: RangeInclusive<usize>) -> Result<(), Refusal> {
    if allowed.contains(&given) {
        return Ok(());
    }
    let (least, most) = allowed.into_inner();
    let why = format!("it names {given} instances, {least} to {most} can be named");
    Err(bad_value(parameter, why))
}

/// A moment as a call gives it.
fn moment(parameter: &'static str, text: Option<String>) -> Result<Option<Millis>, Refusal> {
    let read = |text: String| time::read_given(&text).map_err(|why| bad_value(parameter, why));
    text.map(read).transpose()
}

/// An empty text is an absent one.
fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn texts(texts: Vec<impl Into<Text>>) -> Vec<Text> {
    texts.into_iter().map(Into::into).collect()
}

fn node_request(node: input::RedisNodeInfo) -> NodeRequest {
    NodeRequest {
        role: node.node_type,
        id: node.node_id,
        zone_id: node.zone_id,
        zone_name: node.zone_name,
    }
}

#[cfg(test)]
mod tests;
