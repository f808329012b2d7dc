//! The cloud of one account: pure, lazy, complete.
//!
//! It uses the standard library only and knows neither wire types nor clocks. It moves in two places: in
//! [`Cloud::advance`], which ends what is due, and in a write. Reads take `&Cloud`.

use std::cell::RefCell;
use std::collections::BTreeMap;

pub mod account;
pub mod backup;
pub mod charge;
mod clone;
pub mod cluster;
pub mod create;
mod deadline;
pub mod deal;
mod destroy;
pub mod edition;
pub mod flow;
pub mod ids;
pub mod instance;
pub mod instances;
pub mod ledger;
pub mod lifecycle;
pub mod listing;
mod lock;
mod look;
pub mod modify;
pub mod order;
pub mod password;
pub mod price;
pub mod refusal;
pub mod region;
pub mod sale;
mod sorted;
pub mod tags;
pub mod task;
pub mod time;
pub mod upgrade;
pub mod version;
pub mod zones;

pub use account::Account;
pub use backup::Backup;
pub use clone::CloneOrder;
pub use cluster::{Bundle, RedisCluster};
pub use create::{Order, Ordered};
pub use deal::{Deal, DealStatus};
pub use edition::Edition;
pub use flow::{Change, Flow, Flows};
pub use ids::Ids;
pub use instance::{
    AutoRenew, Billing, Instance, Network, Node, NodeAsked, Role, Spec, Status, Tag,
};
pub use instances::Instances;
pub use ledger::{Entry, EntryKind};
pub use lifecycle::Move;
pub use listing::{Filter, OrderBy, Page, TaskFilter};
pub use modify::Modification;
pub use price::Price;
pub use refusal::Refusal;
pub use region::{Region, Zone};
pub use sale::SoldOut;
pub use tags::{TagFilter, TagRefusal, TagRow};
pub use task::{Task, TaskKind, TaskResult};
pub use time::Millis;
pub use upgrade::Upgrade;

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
    pub deals: BTreeMap<String, Deal>,
    /// By id.
    pub tasks: BTreeMap<u64, Task>,
    /// What is on its way, by id (the task's).
    pub flows: Flows,
    /// By id.
    pub backups: BTreeMap<String, Backup>,
    /// Dedicated clusters, by id.
    pub clusters: BTreeMap<String, RedisCluster>,
    /// What cannot be ordered for now.
    pub sold_out: Vec<SoldOut>,
    /// Every movement of money, oldest first.
    pub ledger: Vec<Entry>,
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
}

/// How flows finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Before the answer is sent.
    Instant,
    /// After the flow time, once an answer has shown it under way; see `look.rs`.
    Timed,
    /// By hand.
    Held,
}

/// What comes with every call.
#[derive(Debug)]
pub struct Call {
    /// The cloud's time.
    pub now: Millis,
    /// The region that is called: the only one whose instances exist for this call.
    pub region: &'static Region,
    /// Numbers of flows that this answer shows under way; the shell hands them to `note_shown`.
    pub shown: RefCell<Vec<u64>>,
}

impl Call {
    /// A call at that time to that region, with nothing shown yet.
    pub fn new(now: Millis, region: &'static Region) -> Call {
        Call {
            now,
            region,
            shown: RefCell::new(Vec::new()),
        }
    }
}

impl Cloud {
    /// An empty cloud.
    pub fn new(account: Account, settings: Settings, ids: Ids) -> Cloud {
        Cloud {
            account,
            settings,
            ids,
            instances: Instances::default(),
            deals: BTreeMap::new(),
            tasks: BTreeMap::new(),
            flows: Flows::default(),
            backups: BTreeMap::new(),
            clusters: BTreeMap::new(),
            sold_out: Vec::new(),
            ledger: Vec::new(),
            advanced_to: Millis::MIN,
        }
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

#[cfg(test)]
mod tests;
