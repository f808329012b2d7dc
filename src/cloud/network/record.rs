//! What is known of addresses, of encryption and of migrations.

use crate::cloud::ids::InstanceId;
use crate::cloud::time::{DAY, Millis};
use crate::cloud::values::numbered;
use crate::cloud::vpc::record::{Subnet, Vpc};

/// Where an instance is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The private address: what the API calls `WanIp`.
    pub vip: String,
    /// `Port`
    pub port: u16,
    /// `WanAddress`: the public address with its port; `None` while closed.
    pub wan: Option<String>,
    /// `IPv6`: the private address of that kind, where there is one.
    pub ipv6: Option<String>,
}

impl Default for Address {
    fn default() -> Self {
        Address {
            vip: String::new(),
            port: 6379,
            wan: None,
            ipv6: None,
        }
    }
}

/// The private network an instance stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// `vpc-…`
    pub vpc: String,
    /// `subnet-…`
    pub subnet: String,
    /// The numeric `VpcId`, where it is stated; else it follows from the network's id.
    pub stated_vpc_number: Option<i64>,
    /// The numeric `SubnetId`, as `stated_vpc_number`.
    pub stated_subnet_number: Option<i64>,
}

impl Network {
    /// A network with the numbers that follow from its ids.
    pub fn new(vpc: &str, subnet: &str) -> Network {
        Network {
            vpc: vpc.into(),
            subnet: subnet.into(),
            stated_vpc_number: None,
            stated_subnet_number: None,
        }
    }

    /// The numeric `VpcId`, where the VPC is not held.
    pub fn vpc_number(&self) -> i64 {
        self.stated_vpc_number.unwrap_or_else(|| Vpc::usual_number(&self.vpc))
    }

    /// The numeric `SubnetId`, where the subnet is not held.
    pub fn subnet_number(&self) -> i64 {
        self.stated_subnet_number
            .unwrap_or_else(|| Subnet::usual_number(&self.subnet))
    }
}

/// Encryption of an instance where it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ssl {
    /// `AddressType`
    pub address: SslAddress,
    /// `SSLBindPrivateIPv4`: whether the certificate names the private address.
    pub binds_private_ipv4: bool,
}

numbered! {
    /// `AddressType`: which address is encrypted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SslAddress {
        Any = 0,
        PrivateIpv4 = 1,
        PrivateIpv6 = 2,
        Public = 3,
    }
}

/// Where an instance is to be reached. What is `None` stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The private address to come.
    pub vip: String,
    /// The port to come.
    pub port: u16,
    /// The private network to come.
    pub network: Option<Network>,
    /// `Recycle`: for how many days after the move began the old address stays taken.
    pub kept_days: u8,
}

impl Move {
    /// Until when the old address of a move that began then stays taken.
    pub(crate) fn kept_until(&self, began_at: Millis) -> Millis {
        began_at + i64::from(self.kept_days) * DAY
    }
}

/// A private address that an instance has left and nobody else gets yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAddress {
    /// `Vip`
    pub vip: String,
    /// `UniqVpcId`; "" for the base network.
    pub vpc: String,
    /// `Until`: when it is free.
    pub until: Millis,
}

/// More connections or bandwidth than an edition has by itself. What is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// `Bandwidth`: MB/s of a shard beside its base.
    pub add_bandwidth_mb_s: Option<u64>,
    /// `ClientLimit`: connections of a shard.
    pub client_limit: Option<u64>,
}

/// A migration from one instance to another by DTS, which is another product: a fixture states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DtsJob {
    /// `JobId`
    pub id: String,
    /// `JobName`
    pub name: String,
    /// `Status`
    pub status: DtsStatus,
    /// `Offset`: how many bytes the target lies behind.
    pub offset_bytes: u64,
    /// `CutDownTime`; `None`: it has not been cut.
    pub cut_at: Option<Millis>,
    /// The instance that is copied.
    pub source: InstanceId,
    /// The instance that it is copied to.
    pub target: InstanceId,
}

numbered! {
    /// `Status` of a migration.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum DtsStatus {
        Creating = 1,
        Checking = 3,
        Checked = 4,
        CheckFailed = 5,
        Running = 7,
        Ready = 8,
        Done = 9,
        Failed = 10,
        Revoking = 11,
        Finishing = 12,
    }
}

impl DtsStatus {
    /// `StatusDesc`. The one of a failed migration is the official example's, the others are ours, made alike.
    pub fn words(self) -> &'static str {
        match self {
            DtsStatus::Creating => "创建中",
            DtsStatus::Checking => "校验中",
            DtsStatus::Checked => "校验通过",
            DtsStatus::CheckFailed => "校验不通过",
            DtsStatus::Running => "任务运行中",
            DtsStatus::Ready => "准备完成",
            DtsStatus::Done => "已完成",
            DtsStatus::Failed => "已失败",
            DtsStatus::Revoking => "撤销中",
            DtsStatus::Finishing => "完成中",
        }
    }

    /// Whether the target follows the source.
    pub(crate) fn follows(self) -> bool {
        matches!(self, DtsStatus::Running | DtsStatus::Ready)
    }
}
