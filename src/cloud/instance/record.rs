//! One instance, with all that the API shows of it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::cloud::access::record::{PasswordPolicy, RedisAccount};
use crate::cloud::backup::record::{AutoBackup, BackupEncrypt, MissingSpan};
use crate::cloud::catalogue::edition::{Edition, client_range};
use crate::cloud::catalogue::price::Price;
use crate::cloud::catalogue::region::Region;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::catalogue::{price, product_version};
use crate::cloud::ids::{InstanceId, RedisClusterId};
use crate::cloud::instance::node::{Node, Placement};
use crate::cloud::instance::payment::Payment;
use crate::cloud::log::record::Logs;
use crate::cloud::maintenance::record::{Event, EventState};
use crate::cloud::money::meters::Metered;
use crate::cloud::monitor::record::{Memory, Stretch, Workload};
use crate::cloud::network::record::{Address, Network, Ssl};
use crate::cloud::parameter::catalogue;
use crate::cloud::parameter::record::Parameters;
use crate::cloud::refusal::Refusal;
use crate::cloud::time;
use crate::cloud::time::{DAY, Millis};
use crate::cloud::topology::record::{OwnNodes, Proxy, Topology};
use crate::cloud::values::{AutoRenew, BackupMode, Billing, Status, Tag};

/// The ports that an instance may have.
pub const PORTS: RangeInclusive<u16> = 1024..=u16::MAX;

/// An instance. Everything is public so that a fixture can state it and a snapshot can write it.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// `InstanceId`
    pub id: InstanceId,
    /// `InstanceName`
    pub name: String,
    /// Where it lives; it does not exist in any other.
    pub region: &'static Region,
    /// Where in the region it stands.
    pub placement: Placement,
    /// Nodes and proxies that are not as they follow from the seed; `None`: all are.
    pub topology: Option<Arc<Topology>>,
    /// `ProjectId`; 0 is the one that everybody has.
    pub project_id: i64,
    /// `ProjectName`, where it is stated: projects belong to another product.
    pub stated_project_name: Option<String>,
    /// Its `Type`, with all that the type sells.
    pub edition: &'static Edition,
    /// How large it is.
    pub spec: Spec,
    /// Memory in use. Cloud Monitor tells it, and the rule on shrinking reads it.
    pub memory: Memory,
    /// Who does what on it; `None`: nobody anything.
    pub workload: Option<Arc<Workload>>,
    /// `Status`
    pub status: Status,
    /// `SubStatus` where no flow gives another one; 0 unless a fixture says otherwise.
    pub sub_status: i64,
    /// How it is paid for.
    pub payment: Payment,
    /// Since when its hours count, where it is charged by the hour; see [`Instance::stretch`].
    pub charged_since: Option<Millis>,
    /// `AutoRenewFlag`; a postpaid one keeps it for the day it becomes prepaid.
    pub auto_renew: AutoRenew,
    /// `Createtime`
    pub created_at: Millis,
    /// Since when it is in the recycle bin, and until when.
    pub recycle_bin: RecycleBin,
    /// Until when the resize that ended last locks it.
    pub locked_until: Option<Millis>,
    /// `None`: the base network.
    pub network: Option<Network>,
    /// Where it is reached.
    pub address: Address,
    /// Ids of security groups, `sg-…`.
    pub security_groups: Vec<String>,
    /// `InstanceTags`
    pub tags: Vec<Tag>,
    /// How one gets in.
    pub access: Access,
    /// Its Redis accounts, oldest first; `root` before them where it is not as it was at first.
    pub accounts: Vec<RedisAccount>,
    /// `PasswordPolicy`, where it is not the usual one.
    pub own_password_policy: Option<Box<PasswordPolicy>>,
    /// `ConnectionMode` 1: clients go past proxies, and it has none.
    pub is_direct: bool,
    /// Whether replicas serve reads; shown as a `SlaveReadWeight` of 100.
    pub replicas_readonly: bool,
    /// `ReadOnly`: whether input is refused.
    pub read_only: bool,
    /// Bandwidth beside the base, MB/s a shard.
    pub add_bandwidth_mb_s: u64,
    /// Encryption of connections, where it is on.
    pub ssl: Option<Ssl>,
    /// The base of `NetLimit` where it differs from the edition's, MB/s a shard.
    pub net_limit_mb_s: Option<u64>,
    /// `ClientLimit` where it differs from the edition's, connections a shard.
    pub client_limit: Option<u64>,
    /// What it runs on.
    pub hardware: Hardware,
    /// `BackupMode`
    pub backup_mode: BackupMode,
    /// Since when it goes back to any second; `None`: not, or ever since it was made.
    pub backup_mode_since: Option<Millis>,
    /// `MissingTimestamps`: the spans to whose seconds it does not.
    pub missing_spans: Vec<MissingSpan>,
    /// How it is backed up by itself.
    pub auto_backup: AutoBackup,
    /// `BackupEncrypt`, where it is on.
    pub backup_encrypt: Option<Box<BackupEncrypt>>,
    /// The versions of what it runs.
    pub software: Software,
    /// `DeleteProtectionSwitch`
    pub delete_protection: bool,
    /// Minutes of the local day at which maintenance begins and ends.
    pub maintenance: (u16, u16),
    /// The parameter template it was made with.
    pub template_id: String,
    /// What it has of parameters that is not as its edition has it; `None`: nothing.
    pub parameters: Option<Arc<Parameters>>,
    /// Ids of alarm policies, `policy-…`.
    pub alarm_policies: Vec<String>,
    /// `RedisInstanceEvents`: what the cloud's operation plans for it.
    pub events: Vec<Event>,
    /// What it has of logs; `None`: nothing.
    pub logs: Option<Arc<Logs>>,
}

impl Instance {
    /// `MonitorVersion`: every instance is watched every five seconds.
    pub const MONITOR_VERSION: &'static str = "5s";

    /// `ProjectName`; "" where it is not known.
    pub fn project_name(&self) -> &str {
        let default = if self.project_id == 0 { DEFAULT_PROJECT } else { "" };
        self.stated_project_name.as_deref().unwrap_or(default)
    }

    /// A running postpaid instance of that edition with the edition's defaults, in the region's first zone, named after
    /// its id. What a fixture or an order says goes on top.
    pub fn new(id: InstanceId, region: &'static Region, edition: &'static Edition, now: Millis) -> Instance {
        Instance {
            name: id.to_string(),
            id,
            region,
            placement: Placement::OneZone(region.zones.first().map_or(0, |zone| zone.id)),
            topology: None,
            project_id: 0,
            stated_project_name: None,
            edition,
            spec: edition.default_spec(),
            memory: Memory::default(),
            workload: None,
            status: Status::Running,
            sub_status: 0,
            payment: Payment::Postpaid { frozen_fen: None },
            charged_since: Some(now),
            auto_renew: AutoRenew::Manual,
            created_at: now,
            recycle_bin: RecycleBin::default(),
            locked_until: None,
            network: None,
            address: Address::default(),
            security_groups: Vec::new(),
            tags: Vec::new(),
            access: Access::Password(None),
            accounts: Vec::new(),
            own_password_policy: None,
            is_direct: false,
            replicas_readonly: false,
            read_only: false,
            add_bandwidth_mb_s: 0,
            ssl: None,
            net_limit_mb_s: None,
            client_limit: None,
            hardware: Hardware::default(),
            backup_mode: BackupMode::Normal,
            backup_mode_since: None,
            missing_spans: Vec::new(),
            auto_backup: AutoBackup::new(now),
            backup_encrypt: None,
            software: Software::of(edition),
            delete_protection: false,
            maintenance: (180, 240),
            template_id: edition.template_id(),
            parameters: None,
            alarm_policies: Vec::new(),
            events: Vec::new(),
            logs: None,
        }
    }

    /// The value of a parameter; empty for one that it has not.
    pub fn parameter(&self, name: &str) -> &str {
        let own = self.parameters.as_deref();
        let changed = own.and_then(|own| own.values.get(name));
        let extra = || own.and_then(|own| own.extra.iter().find(|extra| extra.name == name));
        let default = || extra().map_or(catalogue::default_of(self.edition, name), |extra| &extra.value);
        changed.unwrap_or_else(default)
    }

    /// Takes what is to be said of its parameters.
    pub fn set_parameters(&mut self, own: Parameters) {
        self.parameters = (own != Parameters::default()).then(|| Arc::new(own));
    }

    /// A copy of what is said of its parameters.
    pub fn own_parameters(&self) -> Parameters {
        self.parameters.as_deref().cloned().unwrap_or_default()
    }

    /// What is to be said of its nodes; `None`: they follow from the seed.
    pub fn set_own_nodes(&mut self, nodes: Option<OwnNodes>) {
        let proxies = self.topology.take().and_then(|own| own.proxies.clone());
        self.set_topology(Topology { nodes, proxies });
    }

    /// What is to be said of its proxies; `None`: they follow from the seed.
    pub fn set_own_proxies(&mut self, proxies: Option<Vec<Proxy>>) {
        let nodes = self.topology.take().and_then(|own| own.nodes.clone());
        self.set_topology(Topology { nodes, proxies });
    }

    fn set_topology(&mut self, own: Topology) {
        self.topology = (own != Topology::default()).then(|| Arc::new(own));
    }

    /// `BillingMode`
    pub fn billing(&self) -> Billing {
        self.payment.mode()
    }

    /// `DeadlineTime`: when a prepaid instance runs out; `None` if postpaid.
    pub fn deadline_at(&self) -> Option<Millis> {
        self.payment.deadline_at()
    }

    /// `ZoneId`: where it was bought. A failover leaves it.
    pub fn zone_id(&self) -> u32 {
        self.placement.zone_id()
    }

    /// The nodes of an instance over several zones, master first; empty for one zone.
    pub fn nodes(&self) -> &[Node] {
        self.placement.nodes()
    }

    /// `NetLimit`: MB/s of a shard, what was added included.
    pub fn net_limit(&self) -> u64 {
        self.base_bandwidth().saturating_add(self.add_bandwidth_mb_s)
    }

    /// `BaseBandwidth`: MB/s that a shard has by its size.
    pub fn base_bandwidth(&self) -> u64 {
        self.net_limit_mb_s
            .unwrap_or_else(|| self.edition.limit(self.spec.mem_mb).net_mb_s)
    }

    /// `ClientLimitMin` and `ClientLimitMax`: the connections that a shard may be given.
    pub fn client_range(&self) -> (u64, u64) {
        client_range(self.replicas_readonly, self.spec.replicas)
    }

    /// Connections that are more than can be had any longer become as many as can.
    pub(crate) fn lower_clients(&mut self) {
        let (_, most) = self.client_range();
        self.client_limit = self.client_limit.map(|clients| clients.min(most));
    }

    /// `ClientLimit`: connections of a shard.
    pub fn clients(&self) -> u64 {
        self.client_limit
            .unwrap_or_else(|| self.edition.limit(self.spec.mem_mb).clients)
    }

    /// The present stretch of what Cloud Monitor tells of it.
    pub fn stretch(&self) -> Stretch {
        let workload = self.workload.as_deref();
        Stretch {
            from: self.memory.past.as_ref().map_or(self.created_at, |past| past.since),
            used: self.memory.used,
            spec: self.spec,
            clients: self.clients(),
            net_mb_s: self.net_limit(),
            growth_mb_per_hour: workload.map_or(0.0, |of| of.mem_growth_mb_per_hour),
            shard_skew: workload.map_or(0.0, |of| of.shard_skew),
        }
    }

    /// What is held for it, in fen: a postpaid instance holds the price of an hour, until it is isolated.
    pub fn held_fen(&self) -> i64 {
        match self.payment {
            Payment::Postpaid { frozen_fen } if !self.status.is_binned() => {
                frozen_fen.unwrap_or_else(|| self.hour_fen(&self.spec))
            }
            _ => 0,
        }
    }

    /// Refuses for one in the recycle bin, which keeps its settings as they are.
    pub(crate) fn takes_settings(&self) -> Result<(), Refusal> {
        if self.status.is_binned() {
            return Err(Refusal::InRecycleBin { id: self.id.clone() });
        }
        Ok(())
    }

    /// Refuses where the proxy is older than what encryption and replication groups need.
    pub(crate) fn has_new_proxy(&self) -> Result<(), Refusal> {
        self.has_proxy([5, 6, 0])
    }

    /// Refuses where the proxy is older than that.
    pub(crate) fn has_proxy(&self, least: [u64; 3]) -> Result<(), Refusal> {
        let version = &self.software.proxy_version;
        let mut parts = [0; 3];
        for (place, part) in parts.iter_mut().zip(version.split('.')) {
            *place = part.parse().unwrap_or(0);
        }
        if parts >= least {
            return Ok(());
        }
        Err(Refusal::ProxyTooOld {
            id: self.id.clone(),
            version: version.clone(),
            needs: least.map(|part| part.to_string()).join("."),
        })
    }

    /// Refuses to tell of one in the recycle bin.
    pub(crate) fn is_told(&self) -> Result<(), Refusal> {
        if self.status.is_binned() {
            return Err(Refusal::WrongStatus {
                id: self.id.clone(),
                status: self.status,
                needs: &[Status::Pending, Status::InProcess, Status::Running],
            });
        }
        Ok(())
    }

    /// Whether it costs by the hour once it runs: it is postpaid and not in the recycle bin.
    pub(crate) fn is_metered(&self) -> bool {
        self.billing() == Billing::Postpaid && !self.status.is_binned()
    }

    /// The hours that it is charged for now and that are not booked yet; `None` where it is not charged.
    pub fn metered(&self) -> Option<Metered> {
        let since = self.charged_since.filter(|_| self.is_metered())?;
        let tariff = price::tariff(self.region, self.edition, &self.spec);
        Some(Metered { since, tariff })
    }

    /// What is held for it is the price of an hour again.
    pub(crate) fn hold_the_usual(&mut self) {
        if let Payment::Postpaid { frozen_fen } = &mut self.payment {
            *frozen_fen = None;
        }
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
        self.deadline_at()
            .map_or(Price::default(), |end| self.month().for_time(now, end))
    }

    /// Whether it renews itself at its deadline.
    pub(crate) fn renews(&self) -> bool {
        self.auto_renew == AutoRenew::Automatic && !self.payment.renewal_failed()
    }

    /// When time itself next changes it, or an event of it.
    pub(crate) fn next_due(&self, never_renewed_have_no_grace: bool) -> Option<Millis> {
        let own = self.own_due(never_renewed_have_no_grace);
        own.into_iter().chain(self.next_event_due()).min()
    }

    /// When an event of it next begins or ends.
    pub(crate) fn next_event_due(&self) -> Option<Millis> {
        let due = self.events.iter().filter_map(|event| event.next_due(self.maintenance));
        due.min()
    }

    /// The place of the event that next begins or ends, and what it is until then.
    pub(crate) fn next_event(&self) -> Option<(usize, EventState)> {
        let due_at = self.next_event_due()?;
        let is_due = |event: &Event| event.next_due(self.maintenance) == Some(due_at);
        let at = self.events.iter().position(is_due)?;
        Some((at, self.events[at].state))
    }

    /// When time itself next changes it: a prepaid one is renewed or, a week after its deadline, isolated (at once
    /// where it is never renewed and that leaves no grace); an isolated one is gone when its retention ends. While it
    /// is in process, nothing of that happens.
    pub(crate) fn own_due(&self, never_renewed_have_no_grace: bool) -> Option<Millis> {
        match self.status {
            Status::Running => {
                let deadline_at = self.deadline_at()?;
                let ends_there = never_renewed_have_no_grace && self.auto_renew == AutoRenew::Never;
                let grace = if self.renews() || ends_there { 0 } else { PREPAID_GRACE };
                Some(time::after(deadline_at, grace))
            }
            Status::Isolated | Status::Deleting => self.recycle_bin.offline_at,
            Status::Pending | Status::InProcess => None,
        }
    }

    /// What is in the recycle bin has been there by then. What had no time left there has none left now.
    pub(crate) fn isolated_by(&mut self, now: Millis) {
        let isolated_at = self.recycle_bin.isolated_at;
        if let Payment::Prepaid { deadline_at, .. } = &mut self.payment
            && *deadline_at <= isolated_at
        {
            *deadline_at = deadline_at.map(|deadline| deadline.min(now));
        }
        self.recycle_bin.isolated_at = isolated_at.map(|at| at.min(now));
    }

    /// Into the recycle bin.
    pub(crate) fn isolate(&mut self, at: Millis) {
        // Our reading: the documents say it of other products.
        self.change_logs(|logs| logs.audit = None);
        self.status = self.isolated_status();
        self.address.wan = None;
        self.recycle_bin = RecycleBin {
            isolated_at: Some(at),
            offline_at: Some(time::after(at, self.billing().kept_for())),
        };
        // What was returned has no time left.
        if let Payment::Prepaid { deadline_at, .. } = &mut self.payment {
            *deadline_at = deadline_at.map(|deadline| deadline.min(at));
        }
        self.hold_the_usual();
        for event in &mut self.events {
            if event.state == EventState::Waiting {
                event.state = EventState::Canceled;
            }
        }
        self.charged_since = None;
    }

    /// The status in the recycle bin.
    pub(crate) fn isolated_status(&self) -> Status {
        match self.billing() {
            Billing::Prepaid => Status::Isolated,
            Billing::Postpaid => Status::Deleting,
        }
    }

    /// An instance of another edition, with what follows from the edition.
    pub(crate) fn become_edition(&mut self, edition: &'static Edition, spec: Spec) {
        if self.template_id == self.edition.template_id() {
            self.template_id = edition.template_id();
        }
        if let Some(own) = &self.parameters {
            self.set_parameters(own.carried(edition));
        }
        self.edition = edition;
        self.spec = spec;
        self.software.redis_version = edition.kernel.into();
        self.software.newer_redis_version = None;
        self.hold_the_usual();
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

/// How one gets into an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// By a password, kept for the actions that compare it and never shown; `None`: by one that is not known.
    Password(Option<String>),
    /// `NoAuth`: without a password.
    NoPassword,
}

impl Access {
    /// The password, where there is one and it is known.
    pub fn password(&self) -> Option<&str> {
        match self {
            Access::Password(password) => password.as_deref(),
            Access::NoPassword => None,
        }
    }
}

/// Since when an instance is in the recycle bin, and until when. Both are empty outside of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecycleBin {
    /// `CloseTime`: when it was isolated; `None`: that is not known.
    pub isolated_at: Option<Millis>,
    /// `OfflineTime`: when it is gone for good; `None`: never.
    pub offline_at: Option<Millis>,
}

/// What an instance runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hardware {
    /// `ProductVersion`: `local`, `localv2`, `cdc` or `cloud`.
    pub product_version: String,
    /// `RedisClusterId`: the cluster of one's own that it stands in.
    pub redis_cluster_id: Option<RedisClusterId>,
    /// `DedicatedClusterId`: what that cluster is part of.
    pub dedicated_cluster_id: Option<String>,
}

impl Default for Hardware {
    fn default() -> Self {
        Hardware {
            product_version: product_version::LOCAL.into(),
            redis_cluster_id: None,
            dedicated_cluster_id: None,
        }
    }
}

/// The versions of what an instance runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Software {
    /// `CurrentProxyVersion`
    pub proxy_version: String,
    /// `CurrentRedisVersion`
    pub redis_version: String,
    /// `UpgradeProxyVersion`: a newer proxy to be had.
    pub newer_proxy_version: Option<String>,
    /// `UpgradeRedisVersion`: a newer kernel to be had.
    pub newer_redis_version: Option<String>,
}

impl Software {
    /// What a new instance of that edition runs.
    pub fn of(edition: &Edition) -> Software {
        Software {
            proxy_version: "5.8.25".into(),
            redis_version: edition.kernel.into(),
            newer_proxy_version: None,
            newer_redis_version: None,
        }
    }

    /// Newer versions, after which nothing newer is known.
    pub(crate) fn upgrade(&mut self, proxy: &Option<String>, redis: &Option<String>) {
        if let Some(version) = proxy {
            self.proxy_version.clone_from(version);
            self.newer_proxy_version = None;
        }
        if let Some(version) = redis {
            self.redis_version.clone_from(version);
            self.newer_redis_version = None;
        }
    }
}

/// The name of project 0, which everybody has. Those of others are not known here.
pub const DEFAULT_PROJECT: &str = "默认项目";
