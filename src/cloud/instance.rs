//! One instance, with all that the API shows of it.

use super::edition::Edition;
use super::price::{self, Price};
use super::product_version;
use super::region::{Region, Zone};
use super::time::{self, DAY, HOUR, Millis};

/// An instance. Everything is public so that a fixture can state it and a snapshot can write it.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// `crs-` and eight characters.
    pub id: String,
    /// `InstanceName`
    pub name: String,
    /// Where it lives; it does not exist in any other.
    pub region: &'static Region,
    /// The master's zone.
    pub zone_id: u32,
    /// `ProjectId`; 0 is the one that everybody has.
    pub project_id: i64,
    /// `ProjectName`, where it is stated: projects belong to another product.
    pub stated_project_name: Option<String>,
    /// Its `Type`, with all that the type sells.
    pub edition: &'static Edition,
    /// How large it is.
    pub spec: Spec,
    /// Used memory of the whole instance, in MB. The API does not show it; the rule on shrinking reads it.
    pub mem_used_mb: u64,
    /// `Status`
    pub status: Status,
    /// `SubStatus`; 0 unless a fixture says otherwise.
    pub sub_status: i64,
    /// `BillingMode`
    pub billing: Billing,
    /// `AutoRenewFlag`
    pub auto_renew: AutoRenew,
    /// `Createtime`
    pub created_at: Millis,
    /// `DeadlineTime`: when a prepaid instance runs out; `None` if postpaid.
    pub deadline_at: Option<Millis>,
    /// Whether an automatic renewal of this deadline found the balance too low.
    pub renewal_failed: bool,
    /// What is held for it, in fen, where that is not the price of an hour of its size; see [`Instance::held_fen`].
    pub frozen_fen: Option<i64>,
    /// `CloseTime`: when it was isolated.
    pub isolated_at: Option<Millis>,
    /// `OfflineTime`: when an isolated instance is gone for good.
    pub offline_at: Option<Millis>,
    /// Until when the resize that ended last locks it.
    pub locked_until: Option<Millis>,
    /// `None`: the base network.
    pub network: Option<Network>,
    /// The numeric `VpcId`, where it is stated; else it follows from the network's id.
    pub vpc_number: Option<i64>,
    /// The numeric `SubnetId`, as `vpc_number`.
    pub subnet_number: Option<i64>,
    /// The private address: what the API calls `WanIp`.
    pub vip: String,
    /// `Port`
    pub port: u16,
    /// The public address with its port; "" while closed.
    pub wan_address: String,
    /// Ids of security groups, `sg-…`.
    pub security_groups: Vec<String>,
    /// `InstanceTags`
    pub tags: Vec<Tag>,
    /// The nodes of an instance over several zones, master first; empty for one zone.
    pub nodes: Vec<Node>,
    /// Kept for the actions that compare it; never shown.
    pub password: Option<String>,
    /// `NoAuth`: access without a password.
    pub no_auth: bool,
    /// Whether replicas serve reads; shown as a `SlaveReadWeight` of 100.
    pub replicas_readonly: bool,
    /// `ReadOnly`: whether input is refused.
    pub read_only: bool,
    /// `NetLimit` where it differs from the edition's, MB/s a shard.
    pub net_limit_mb_s: Option<u64>,
    /// `ClientLimit` where it differs from the edition's, connections a shard.
    pub client_limit: Option<u64>,
    /// `local`, `localv2`, `cdc` or `cloud`.
    pub product_version: String,
    /// "" unless it stands in a dedicated cluster.
    pub redis_cluster_id: String,
    /// "" unless it stands in a dedicated cluster.
    pub dedicated_cluster_id: String,
    /// `BackupMode`
    pub backup_mode: BackupMode,
    /// `CurrentProxyVersion`
    pub proxy_version: String,
    /// `CurrentRedisVersion`
    pub redis_version: String,
    /// `UpgradeProxyVersion`: a newer proxy to be had; "" if there is none.
    pub newer_proxy_version: String,
    /// `UpgradeRedisVersion`: a newer kernel to be had; "" if there is none.
    pub newer_redis_version: String,
    /// `DeleteProtectionSwitch`
    pub delete_protection: bool,
    /// Minutes of the local day at which maintenance begins and ends.
    pub maintenance: (u16, u16),
    /// The parameter template it was made with.
    pub template_id: String,
    /// Ids of alarm policies, `policy-…`.
    pub alarm_policies: Vec<String>,
}

impl Instance {
    /// A running postpaid instance of that edition with the edition's defaults, in the region's first zone, named after
    /// its id. What a fixture or an order says goes on top.
    pub fn new(id: String, region: &'static Region, edition: &'static Edition, now: Millis) -> Instance {
        Instance {
            name: id.clone(),
            id,
            region,
            zone_id: region.zones.first().map_or(0, |zone| zone.id),
            project_id: 0,
            stated_project_name: None,
            edition,
            spec: Spec::default_of(edition),
            mem_used_mb: 0,
            status: Status::Running,
            sub_status: 0,
            billing: Billing::Postpaid,
            auto_renew: AutoRenew::Manual,
            created_at: now,
            deadline_at: None,
            renewal_failed: false,
            frozen_fen: None,
            isolated_at: None,
            offline_at: None,
            locked_until: None,
            network: None,
            vpc_number: None,
            subnet_number: None,
            vip: String::new(),
            port: 6379,
            wan_address: String::new(),
            security_groups: Vec::new(),
            tags: Vec::new(),
            nodes: Vec::new(),
            password: None,
            no_auth: false,
            replicas_readonly: false,
            read_only: false,
            net_limit_mb_s: None,
            client_limit: None,
            product_version: product_version::LOCAL.into(),
            redis_cluster_id: String::new(),
            dedicated_cluster_id: String::new(),
            backup_mode: BackupMode::Normal,
            proxy_version: "5.8.0".into(),
            redis_version: edition.kernel.into(),
            newer_proxy_version: String::new(),
            newer_redis_version: String::new(),
            delete_protection: false,
            maintenance: (180, 240),
            template_id: edition.template_id(),
            alarm_policies: Vec::new(),
        }
    }

    /// `NetLimit`: MB/s of a shard.
    pub fn net_limit(&self) -> u64 {
        self.net_limit_mb_s
            .unwrap_or_else(|| self.edition.limit(self.spec.mem_mb).net_mb_s)
    }

    /// `ClientLimit`: connections of a shard.
    pub fn clients(&self) -> u64 {
        self.client_limit
            .unwrap_or_else(|| self.edition.limit(self.spec.mem_mb).clients)
    }

    /// What is held for it, in fen: a postpaid instance holds the price of an hour, until it is isolated.
    pub fn held_fen(&self) -> i64 {
        let live = !matches!(self.status, Status::Isolated | Status::Deleting);
        if self.billing == Billing::Prepaid || !live {
            return 0;
        }
        self.frozen_fen.unwrap_or_else(|| self.hour_fen(&self.spec))
    }

    /// What an hour of it would cost with that size, in fen.
    pub(crate) fn hour_fen(&self, spec: &Spec) -> i64 {
        price::hour(self.region, self.edition, spec).fen()
    }

    /// Whether its size is one that is paid for that way; where no sizes are known, every one is.
    pub(crate) fn can_be_paid_for(&self, billing: Billing) -> bool {
        self.edition.memory.get().is_none() || self.edition.has_mb(self.spec.mem_mb, billing)
    }

    /// The price of a month of it, prepaid.
    pub(crate) fn month(&self) -> Price {
        price::month(self.region, self.edition, &self.spec)
    }

    /// What a prepaid one is still worth at that moment; nothing otherwise.
    pub(crate) fn value(&self, now: Millis) -> Price {
        self.deadline_at
            .map_or(Price::default(), |end| self.month().for_time(now, end))
    }

    /// Whether it renews itself at its deadline.
    pub(crate) fn renews(&self) -> bool {
        self.auto_renew == AutoRenew::Automatic && !self.renewal_failed
    }

    /// When time itself next changes it: a prepaid one is renewed or, a week after its deadline, isolated (at once
    /// where it is never renewed and that leaves no grace); an isolated one is gone when its retention ends. While it
    /// is in process, nothing of that happens.
    pub(crate) fn next_due(&self, never_renewed_have_no_grace: bool) -> Option<Millis> {
        match self.status {
            Status::Running => {
                let deadline_at = self.deadline_at?;
                let ends_there = never_renewed_have_no_grace && self.auto_renew == AutoRenew::Never;
                let grace = if self.renews() || ends_there { 0 } else { PREPAID_GRACE };
                Some(deadline_at.saturating_add(grace))
            }
            Status::Isolated | Status::Deleting => self.offline_at,
            Status::Pending | Status::InProcess => None,
        }
    }

    /// Into the recycle bin.
    pub(crate) fn isolate(&mut self, at: Millis) {
        self.status = self.isolated_status();
        self.isolated_at = Some(at);
        self.offline_at = Some(time::after(at, self.billing.kept_for()));
        // What was returned has no time left.
        self.deadline_at = self.deadline_at.map(|deadline| deadline.min(at));
        self.frozen_fen = None;
    }

    /// The status in the recycle bin.
    pub(crate) fn isolated_status(&self) -> Status {
        match self.billing {
            Billing::Prepaid => Status::Isolated,
            Billing::Postpaid => Status::Deleting,
        }
    }

    /// An instance of another edition, with what follows from the edition.
    pub(crate) fn become_edition(&mut self, edition: &'static Edition, spec: Spec) {
        if self.template_id == self.edition.template_id() {
            self.template_id = edition.template_id();
        }
        self.edition = edition;
        self.spec = spec;
        self.redis_version = edition.kernel.into();
        self.newer_redis_version = String::new();
        self.frozen_fen = None;
    }

    /// Newer software, after which nothing newer is known.
    pub(crate) fn upgrade_versions(&mut self, proxy: &Option<String>, redis: &Option<String>) {
        if let Some(version) = proxy {
            self.proxy_version.clone_from(version);
            self.newer_proxy_version.clear();
        }
        if let Some(version) = redis {
            self.redis_version.clone_from(version);
            self.newer_redis_version.clear();
        }
    }

    /// `InstanceTitle` where no flow gives another one.
    pub fn title(&self) -> &'static str {
        match self.status {
            Status::Pending | Status::InProcess => "处理中",
            Status::Running => "运行中",
            Status::Isolated | Status::Deleting => "已隔离",
        }
    }
}

/// A prepaid instance works on for so long after its deadline.
const PREPAID_GRACE: Millis = 7 * DAY;

/// The size of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Memory of one shard, in MB; of the whole instance where there is one shard.
    pub mem_mb: u64,
    /// `RedisShardNum`; 1 unless it is a cluster.
    pub shards: u64,
    /// Copies beside the master, per shard.
    pub replicas: u64,
}

impl Spec {
    /// The smallest whole gigabyte, the fewest shards and the fewest replicas that the edition sells; one of each where
    /// that is unknown.
    pub fn default_of(edition: &Edition) -> Spec {
        let sizes = edition.sizes_mb(Billing::Postpaid);
        let first = |sold: Option<&'static [u64]>| sold.and_then(|sold| sold.first().copied()).unwrap_or(1);
        Spec {
            mem_mb: sizes.into_iter().find(|&mb| mb >= 1024).unwrap_or(1024),
            shards: first(edition.shards.get()),
            replicas: first(edition.replicas.get()),
        }
    }

    /// `Size`: all shards, replicas not counted, in MB.
    pub fn total_mb(&self) -> u64 {
        self.mem_mb.saturating_mul(self.shards)
    }
}

/// The only statuses that DescribeInstances ever shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// About to be initialised.
    Pending = 0,
    /// In a flow.
    InProcess = 1,
    Running = 2,
    Isolated = -2,
    /// To be deleted.
    Deleting = -3,
}

impl Status {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The status of that number, if there is one.
    pub fn from_number(number: i64) -> Option<Status> {
        [
            Status::Pending,
            Status::InProcess,
            Status::Running,
            Status::Isolated,
            Status::Deleting,
        ]
        .into_iter()
        .find(|status| status.number() == number)
    }
}

/// How an instance is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// By the hour, afterwards.
    Postpaid = 0,
    /// By the month, before.
    Prepaid = 1,
}

impl Billing {
    /// Both modes.
    pub const ALL: [Billing; 2] = [Billing::Postpaid, Billing::Prepaid];

    /// How many instances one order can hold.
    pub fn most_goods(self) -> u64 {
        match self {
            Billing::Postpaid => 30,
            Billing::Prepaid => 100,
        }
    }

    /// How long an isolated instance is kept, as documented for OfflineTime.
    pub fn kept_for(self) -> Millis {
        match self {
            Billing::Postpaid => 2 * HOUR,
            Billing::Prepaid => 7 * DAY,
        }
    }

    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Billing::Postpaid => "postpaid",
            Billing::Prepaid => "prepaid",
        }
    }

    /// The mode of that word, if there is one.
    pub fn from_word(word: &str) -> Option<Billing> {
        Billing::ALL.into_iter().find(|mode| mode.word() == word)
    }

    /// The mode of that number, if there is one.
    pub fn from_number(number: i64) -> Option<Billing> {
        match number {
            0 => Some(Billing::Postpaid),
            1 => Some(Billing::Prepaid),
            _ => None,
        }
    }
}

/// `AutoRenewFlag`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoRenew {
    Manual = 0,
    Automatic = 1,
    Never = 2,
}

impl AutoRenew {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The flag of that number, if there is one.
    pub fn from_number(number: i64) -> Option<AutoRenew> {
        match number {
            0 => Some(AutoRenew::Manual),
            1 => Some(AutoRenew::Automatic),
            2 => Some(AutoRenew::Never),
            _ => None,
        }
    }
}

/// `BackupMode`: how far back an instance can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupMode {
    /// To each of its backups.
    Normal,
    /// To any second.
    SecondLevel,
}

impl BackupMode {
    /// Every mode.
    pub const ALL: [BackupMode; 2] = [BackupMode::Normal, BackupMode::SecondLevel];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            BackupMode::Normal => "NormalLevelBackup",
            BackupMode::SecondLevel => "SecondLevelBackup",
        }
    }

    /// The mode of that word, if there is one.
    pub fn from_word(word: &str) -> Option<BackupMode> {
        BackupMode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// The name of project 0, which everybody has. Those of others are not known here.
pub const DEFAULT_PROJECT: &str = "默认项目";

/// The private network an instance stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// `vpc-…`
    pub vpc: String,
    /// `subnet-…`
    pub subnet: String,
}

/// A tag of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub key: String,
    pub value: String,
}

/// A node of an instance over several zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// `NodeId`
    pub id: i64,
    /// `NodeType`
    pub role: Role,
    /// `ZoneId`
    pub zone_id: u32,
}

/// `NodeType`
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Master = 0,
    Replica = 1,
}

impl Role {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The role of that number, if there is one.
    pub fn from_number(number: i64) -> Option<Role> {
        match number {
            0 => Some(Role::Master),
            1 => Some(Role::Replica),
            _ => None,
        }
    }
}

/// A node as a caller asks for it: one to add, one to drop, or one of a new instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeAsked {
    /// `NodeType`
    pub role: i64,
    /// `NodeId`: needed only to drop a node.
    pub id: Option<i64>,
    /// Zone by number, by name, or by both that agree.
    pub zone_id: Option<u64>,
    /// `ZoneName`
    pub zone_name: Option<String>,
}

impl NodeAsked {
    /// The zone asked for, by number or by name, if the region has it and both agree.
    pub fn zone(&self, region: &'static Region) -> Option<&'static Zone> {
        zone_asked(region, self.zone_id, self.zone_name.as_deref())
    }
}

/// The zone of that number or name, if the region has it and both, where given, agree. An empty name is none.
pub fn zone_asked(region: &'static Region, id: Option<u64>, name: Option<&str>) -> Option<&'static Zone> {
    let name = name.filter(|name| !name.is_empty());
    match (id, name) {
        (Some(id), None) => region.zone(id),
        (None, Some(name)) => region.zone_named(name),
        (Some(id), Some(name)) => region.zone(id).filter(|zone| zone.name == name),
        (None, None) => None,
    }
}
