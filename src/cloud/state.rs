//! The cloud of one account: the stores of all rooms, and what comes with every call.

use std::cell::{Cell, RefCell};
use std::fmt;

use crate::cloud::access::record::TemporaryKey;
use crate::cloud::assumed::Assumed;
use crate::cloud::backup::record::DownloadRestriction;
use crate::cloud::backup::store::Backups;
use crate::cloud::catalogue::record::SoldOut;
use crate::cloud::catalogue::region::Region;
use crate::cloud::dedicated::record::RedisCluster;
use crate::cloud::ids::{DealId, Ids, RedisClusterId, RouteTableId, SecurityGroupId, SubnetId, TaskId, VpcId};
use crate::cloud::instance::record::Instance;
use crate::cloud::instance::store::Instances;
use crate::cloud::life::record::{Fate, Task};
use crate::cloud::life::retention;
use crate::cloud::life::store::Flows;
use crate::cloud::log::record::LogSet;
use crate::cloud::money::ledger::Ledger;
use crate::cloud::money::record::Account;
use crate::cloud::network::record::{DtsJob, KeptAddress};
use crate::cloud::order::record::Deal;
use crate::cloud::parameter::record::ParamTemplate;
use crate::cloud::records::Records;
use crate::cloud::refusal::{NetworkRefusal, Refusal};
use crate::cloud::replication::store::ReplicationGroups;
use crate::cloud::security_group::record::SecurityGroup;
use crate::cloud::time::Millis;
use crate::cloud::vpc::record::{RouteTable, Subnet, Vpc};

/// Everything of one account, all regions. A snapshot is these fields: restored, it goes on as the original would.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// Whose it is, and the balance.
    pub account: Account,
    /// How fast things go.
    pub settings: Settings,
    /// The generator, with its position.
    pub ids: Ids,
    /// By id.
    pub instances: Instances,
    /// By id.
    pub deals: Records<DealId, Deal>,
    /// By id.
    pub tasks: Records<TaskId, Task>,
    /// What is on its way, by id (the task's).
    pub flows: Flows,
    /// By id.
    pub backups: Backups,
    /// From where backups can be downloaded, by region, where that was ever said.
    pub restrictions: Vec<DownloadRestriction>,
    /// Dedicated clusters, by id.
    pub clusters: Records<RedisClusterId, RedisCluster>,
    /// Private networks that are held, by id.
    pub vpcs: Records<VpcId, Vpc>,
    /// By id.
    pub subnets: Records<SubnetId, Subnet>,
    /// By id.
    pub route_tables: Records<RouteTableId, RouteTable>,
    /// Groups that are held, by id.
    pub security_groups: Records<SecurityGroupId, SecurityGroup>,
    /// Groups of instances that replicate one another, of all regions.
    pub replication_groups: ReplicationGroups,
    /// What cannot be ordered for now.
    pub sold_out: Vec<SoldOut>,
    /// Private addresses that instances have left and nobody else gets yet.
    pub kept_addresses: Vec<KeptAddress>,
    /// Migrations from one instance to another, oldest first.
    pub dts_jobs: Vec<DtsJob>,
    /// Templates of parameters, oldest first.
    pub param_templates: Vec<ParamTemplate>,
    /// Logsets of the log service, oldest first.
    pub log_sets: Vec<LogSet>,
    /// Every movement of money, oldest first.
    pub ledger: Ledger,
    /// When what is over goes.
    pub(crate) retention: retention::Retention,
    /// The moment up to which everything that was due has happened.
    pub advanced_to: Millis,
}

/// How fast things go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How flows finish.
    pub pace: Pace,
    /// How long a flow takes when timed.
    pub flow_time_ms: i64,
    /// What is assumed where the evidence is weak.
    pub assumed: Assumed,
}

impl Settings {
    /// Whether so many are no more than that, or quotas do not count.
    pub(crate) fn is_within(&self, wanted: usize, most: usize) -> bool {
        wanted <= most || !self.assumed.network_quotas_hold
    }

    /// Refuses more than an account may have of something.
    pub(crate) fn within_quota(&self, what: &'static str, wanted: usize, most: usize) -> Result<(), Refusal> {
        match self.is_within(wanted, most) {
            true => Ok(()),
            false => Err(NetworkRefusal::Quota { what, most }.into()),
        }
    }
}

/// How flows finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Before the answer is sent.
    Instant,
    /// After the flow time, once an answer has shown it under way; see `life/look.rs`.
    Timed,
    /// By hand.
    Held,
}

/// How many records a brief read looks at, at most.
const LOOKED_AT_MAX: usize = 1_000;

/// The key that links to this server's own files are signed with.
#[derive(Clone, Copy, Default)]
pub struct LinkKey(pub [u8; 32]);

impl fmt::Debug for LinkKey {
    /// A secret never reaches a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey")
    }
}

/// What links to this server's own files are made of.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// What they begin with: scheme and host by which the caller came.
    pub origin: Box<str>,
    /// What they are signed with.
    pub key: LinkKey,
}

/// What comes with every call.
#[derive(Debug)]
pub struct Call {
    /// The cloud's time.
    pub now: Millis,
    /// Real time, by which keys end.
    pub real_now: Millis,
    /// Whether the caller's key is one for a while.
    pub by_temporary_key: bool,
    /// The key that the action hands out; the shell lets it in from then on.
    pub lent: RefCell<Option<TemporaryKey>>,
    /// The region that is called: the only one whose instances exist for this call.
    pub region: &'static Region,
    /// Numbers of flows that this answer shows under way; the shell hands them to `note_shown`.
    pub shown: RefCell<Vec<TaskId>>,
    /// What becomes of the flows that it begins.
    pub fate: Fate,
    /// What the answer's links are made of, if it has any: a read's alone.
    pub links: Box<Links>,
    /// Whether the read must not look at more than [`LOOKED_AT_MAX`] records.
    brief: bool,
    gave_up: Cell<bool>,
}

impl Call {
    /// A call at that time to that region, with nothing shown yet.
    pub fn new(now: Millis, region: &'static Region) -> Call {
        Call {
            now,
            real_now: now,
            by_temporary_key: false,
            lent: RefCell::new(None),
            region,
            shown: RefCell::new(Vec::new()),
            fate: Fate::Succeeds,
            links: Box::default(),
            brief: false,
            gave_up: Cell::new(false),
        }
    }

    /// The same, at that real time, of a caller whose key may be one for a while.
    pub fn by_key(self, real_now: Millis, by_temporary_key: bool) -> Call {
        Call {
            real_now,
            by_temporary_key,
            ..self
        }
    }

    /// The same, with what the links of its answer are made of.
    pub fn with_links(self, links: Box<Links>) -> Call {
        Call { links, ..self }
    }

    /// As [`Call::new`], for a read that others wait for: it gives up rather than look at many records.
    pub fn brief(now: Millis, region: &'static Region) -> Call {
        let brief = true;
        Call {
            brief,
            ..Call::new(now, region)
        }
    }

    /// Whether the read may look at so many records. If not it has given up: what it answers is thrown away, and it is
    /// asked again where nobody waits for it.
    pub fn may_look_at(&self, records: usize) -> bool {
        if self.brief && records > LOOKED_AT_MAX {
            self.gave_up.set(true);
        }
        !self.gave_up()
    }

    /// Whether the read gave up.
    pub fn gave_up(&self) -> bool {
        self.gave_up.get()
    }
}

impl Cloud {
    /// An empty cloud.
    pub fn new(account: Account, settings: Settings, ids: Ids) -> Cloud {
        Cloud {
            account,
            settings,
            ids,
            instances: Instances::new(settings.assumed.never_renewed_have_no_grace),
            deals: Records::default(),
            tasks: Records::default(),
            flows: Flows::default(),
            backups: Backups::default(),
            restrictions: Vec::new(),
            clusters: Records::default(),
            vpcs: Records::default(),
            subnets: Records::default(),
            route_tables: Records::default(),
            security_groups: Records::default(),
            replication_groups: ReplicationGroups::default(),
            sold_out: Vec::new(),
            kept_addresses: Vec::new(),
            dts_jobs: Vec::new(),
            param_templates: Vec::new(),
            log_sets: Vec::new(),
            ledger: Ledger::default(),
            retention: retention::Retention::default(),
            advanced_to: Millis::MIN,
        }
    }

    /// Whether it holds so many records of a kind that a brief read may give up.
    pub fn is_wide(&self) -> bool {
        let kinds = [
            self.instances.len(),
            self.deals.len(),
            self.tasks.len(),
            self.backups.len(),
            self.replication_groups.len(),
        ];
        kinds.into_iter().any(|records| records > LOOKED_AT_MAX)
    }

    /// The instance of that id in that region. One of another region does not exist here.
    pub fn instance(&self, region: &Region, id: &str) -> Result<&Instance, Refusal> {
        if id.is_empty() {
            return Err(Refusal::Empty {
                parameter: "InstanceId",
            });
        }
        match self.instances.get(id) {
            Some(instance) if instance.region.name == region.name => Ok(instance),
            _ => Err(Refusal::NoSuchInstance { id: id.to_owned() }),
        }
    }
}
