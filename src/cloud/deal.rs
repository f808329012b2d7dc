//! Orders.

use super::ids::{DealId, InstanceId};
use super::time::{DAY, Millis};

/// An order. `DealId` and `DealName` are the same number: clients read either.
#[derive(Clone, Debug, PartialEq)]
pub struct Deal {
    /// 23 digits.
    pub id: DealId,
    /// `ZoneId`: where the instances stand.
    pub zone_id: u32,
    /// How many instances it is about.
    pub goods_num: u64,
    /// `Creater`
    pub creator_uin: String,
    /// `CreatTime`
    pub created_at: Millis,
    /// `EndTime`; `None` while it is under way.
    pub ended_at: Option<Millis>,
    /// How far it is.
    pub status: DealStatus,
    /// What was paid, in fen; negative where money came back, 0 for postpaid.
    pub price_fen: i64,
    /// The instances it is about.
    pub instance_ids: Vec<InstanceId>,
    /// How many of them could not be delivered.
    pub undelivered: u64,
    /// Whether it returned an instance: DescribeInstanceDealDetail tells of purchases, renewals and resizes only.
    pub is_return: bool,
}

/// `Status` of an order, with the numbers the API shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DealStatus {
    Unpaid = 1,
    Paid = 2,
    Delivering = 3,
    Delivered = 4,
    DeliveryFailed = 5,
    Refunded = 6,
    Closed = 7,
    Expired = 8,
    OrderInvalid = 9,
    ProductInvalid = 10,
    ProxyPaymentRefused = 11,
    Paying = 12,
}

impl DealStatus {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The status of that number, if there is one.
    pub fn from_number(number: i64) -> Option<DealStatus> {
        ALL.iter().copied().find(|status| status.number() == number)
    }

    /// `Description`. The texts of delivering and delivered are the official examples'; the others are ours.
    pub fn description(self) -> &'static str {
        match self {
            DealStatus::Unpaid => "未支付",
            DealStatus::Paid => "已支付",
            DealStatus::Delivering => "发货中",
            DealStatus::Delivered => "发货成功",
            DealStatus::DeliveryFailed => "发货失败",
            DealStatus::Refunded => "已退款",
            DealStatus::Closed => "已关闭",
            DealStatus::Expired => "已过期",
            DealStatus::OrderInvalid => "订单失效",
            DealStatus::ProductInvalid => "产品失效",
            DealStatus::ProxyPaymentRefused => "代付拒绝",
            DealStatus::Paying => "支付中",
        }
    }
}

const ALL: &[DealStatus] = &[
    DealStatus::Unpaid,
    DealStatus::Paid,
    DealStatus::Delivering,
    DealStatus::Delivered,
    DealStatus::DeliveryFailed,
    DealStatus::Refunded,
    DealStatus::Closed,
    DealStatus::Expired,
    DealStatus::OrderInvalid,
    DealStatus::ProductInvalid,
    DealStatus::ProxyPaymentRefused,
    DealStatus::Paying,
];

impl Deal {
    /// `OverdueTime`: fifteen days after the order was placed, as in the official examples.
    pub fn overdue_at(&self) -> Millis {
        self.created_at.saturating_add(15 * DAY)
    }
}
