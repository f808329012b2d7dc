//! Orders.

use crate::cloud::access::record::PasswordPolicy;
use crate::cloud::ids::{DealId, InstanceId};
use crate::cloud::instance::node::NodeRequest;
use crate::cloud::time::{DAY, Millis};
use crate::cloud::values::{Tag, numbered};

/// `ConnectionMode` of what clients reach past the proxies.
pub const DIRECT: i64 = 1;

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

numbered! {
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
}

impl DealStatus {
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

impl Deal {
    /// `OverdueTime`: fifteen days after the order was placed, as in the official examples.
    pub fn overdue_at(&self) -> Millis {
        self.created_at.saturating_add(15 * DAY)
    }
}

/// What a caller orders. Absent texts and empty ones are the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// `TypeId`
    pub type_id: u64,
    /// Memory of one shard, in MB.
    pub mem_mb: u64,
    /// `RedisShardNum`; needed where the edition sells more than one number.
    pub shards: Option<i64>,
    /// `RedisReplicasNum`; needed where the edition sells more than one number.
    pub replicas: Option<i64>,
    /// `GoodsNum`: how many instances.
    pub goods: u64,
    /// `Period`, in months; a postpaid order states 1.
    pub months: u64,
    /// `BillingMode`: 0 postpaid, 1 prepaid.
    pub billing: i64,
    /// `AutoRenew`
    pub auto_renew: Option<u64>,
    /// `ZoneId`; zone by number, by name, by the master in `nodes`, or the first of the region.
    pub zone_id: Option<u64>,
    /// `ZoneName`
    pub zone_name: Option<String>,
    /// `NodeSet`: the nodes of instances over several zones; empty for one zone.
    pub nodes: Vec<NodeRequest>,
    /// `VpcId`; with `subnet`, or neither: the base network.
    pub vpc: Option<String>,
    /// `SubnetId`
    pub subnet: Option<String>,
    /// `VPort`
    pub port: Option<u64>,
    /// `SecurityGroupIdList`
    pub security_groups: Vec<String>,
    /// Needed unless `no_auth`.
    pub password: Option<String>,
    /// `EncryptPassword`: the text of `password` is not the password itself.
    pub encrypted: bool,
    /// Access without a password; in private networks only.
    pub no_auth: bool,
    /// `InstanceName`; the instance's id if absent.
    pub name: Option<String>,
    /// `ProjectId`
    pub project_id: i64,
    /// `ResourceTags`
    pub tags: Vec<Tag>,
    /// Whether replicas serve reads.
    pub replicas_readonly: bool,
    /// The parameter template; that of the edition if absent.
    pub template_id: Option<String>,
    /// `local` (the default), `localv2`, `cdc` or `cloud`.
    pub product_version: Option<String>,
    /// The dedicated cluster; needed for `cdc`.
    pub redis_cluster_id: Option<String>,
    /// `AlarmPolicyList`
    pub alarm_policies: Vec<String>,
    /// The policy of the instances that are made, which their first password has to keep; the usual one if absent.
    pub password_policy: Option<PasswordPolicy>,
    /// `ConnectionMode`: 0 through the proxy, 1 ([`DIRECT`]) directly.
    pub connection_mode: Option<i64>,
    /// `EnableSSL`
    pub enable_ssl: bool,
    /// `SSLBindPrivateIPv4`
    pub ssl_bind_private_ipv4: bool,
    /// Check and create nothing.
    pub dry_run: bool,
    /// The most months that the action takes beside those of every order: CloneInstances sells longer ones.
    pub longest: u64,
}

/// What an accepted order gives: at once, though the instances are still in process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// The order's number.
    pub deal_id: DealId,
    /// One id for each of the goods.
    pub instance_ids: Vec<InstanceId>,
}
