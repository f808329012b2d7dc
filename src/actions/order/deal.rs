//! Orders.

use crate::actions::{int, texts};
use crate::cloud::life::look;
use crate::cloud::money::order::status_at;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Deal, Refusal, time};
use crate::contract::{input, output};

/// The documented most of `DealIds`.
const MOST_IDS: usize = 10;

/// Orders by number, in whichever of the two members it stands; unknown ones are left out. A number named twice is
/// answered once. That an instance was returned is no order in this list.
pub(crate) fn describe_instance_deal_detail(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceDealDetail,
) -> Result<output::DescribeInstanceDealDetail, Refusal> {
    if input.deal_ids.len() > MOST_IDS {
        return Err(bad_value(
            "DealIds",
            format!("it names {} orders, {MOST_IDS} at most", input.deal_ids.len()),
        ));
    }
    let mut ids = input.deal_ids;
    ids.extend(input.deal_name);
    let mut deals: Vec<&Deal> = Vec::new();
    for deal in ids.iter().filter_map(|id| look::deal(cloud, call, id)) {
        if !deals.iter().any(|other| other.id == deal.id) {
            deals.push(deal);
        }
    }
    Ok(output::DescribeInstanceDealDetail {
        deal_details: deals.into_iter().map(|deal| show(cloud, call, deal)).collect(),
    })
}

fn show(cloud: &Cloud, call: &Call, deal: &Deal) -> output::TradeDealDetail {
    let status = status_at(cloud, deal, call.now);
    output::TradeDealDetail {
        deal_id: deal.id.clone().into(),
        deal_name: deal.id.clone().into(),
        zone_id: deal.zone_id.into(),
        goods_num: int(deal.goods_num),
        creater: deal.creator_uin.clone().into(),
        creat_time: time::show(deal.created_at).into(),
        overdue_time: time::show(deal.overdue_at()).into(),
        end_time: deal.ended_at.map(time::show).unwrap_or_default().into(),
        status: status.number(),
        description: status.description().into(),
        price: deal.price_fen,
        instance_ids: texts(deal.instance_ids.clone()),
    }
}
