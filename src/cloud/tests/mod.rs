//! How the cloud behaves, told in calls.

mod access;
mod assumed;
mod backup;
mod calls;
mod charge;
mod clone;
mod create;
mod flow;
mod hours;
mod life;
mod listing;
mod maintenance;
mod money;
mod monitor;
mod network;
mod parameter;
mod replication;
mod retention;
mod supply;
mod table;
mod topology;
mod upgrade;
mod versions;

use calls::{Calls, Reads};

use super::*;
use crate::cloud;

const NOW: Millis = 1_800_000_000_000;
const SECOND: Millis = time::SECOND;

fn settings(pace: Pace) -> Settings {
    Settings {
        pace,
        flow_time_ms: 1_000,
        assumed: Assumed::default(),
    }
}

fn empty(pace: Pace) -> Cloud {
    let account = Account::new(1_250_000_000, "100000000001".into(), 1_000_000);
    Cloud::new(account, settings(pace), Ids::new(1))
}

fn guangzhou() -> Call {
    at(NOW)
}

fn at(now: Millis) -> Call {
    Call::new(now, region::find("ap-guangzhou").unwrap())
}

fn instance(id: &str, type_id: u64) -> Instance {
    let region = region::find("ap-guangzhou").unwrap();
    Instance::new(id.into(), region, edition::find(type_id).unwrap(), NOW)
}

/// A cloud that holds this one instance.
fn with(pace: Pace, instance: Instance) -> Cloud {
    let mut cloud = empty(pace);
    cloud.instances.insert(instance);
    cloud
}

/// A group of these instances, which joined now.
fn replication_group(id: &str, members: &[(&str, MemberRole)]) -> ReplicationGroup {
    let joined = |(id, role): &(&str, MemberRole)| Member::new((*id).into(), *role, NOW);
    ReplicationGroup {
        id: id.into(),
        name: id.into(),
        region: guangzhou().region,
        remark: String::new(),
        members: members.iter().map(joined).collect(),
    }
}

/// The instance, prepaid until then.
fn prepaid(mut instance: Instance, until: Millis) -> Instance {
    instance.payment = Payment::prepaid_until(Some(until));
    instance.charged_since = None;
    instance
}

/// The instance, returned now.
fn returned(mut instance: Instance) -> Instance {
    instance.isolate(NOW);
    instance
}

fn in_network(mut instance: Instance) -> Instance {
    instance.network = Some(Network::new("vpc-abcdefgh", "subnet-abcdefgh"));
    instance
}

/// What an order's money comes to: paid, and held.
fn taken(cloud: &Cloud, deal_id: &str) -> (i64, i64) {
    let own = |entry: &&Entry| entry.deal_id.as_deref() == Some(deal_id);
    let (mut paid_fen, mut held_fen) = (0, 0);
    for entry in cloud.ledger.iter().filter(own) {
        match entry.kind {
            EntryKind::Payment | EntryKind::Refund => paid_fen -= entry.amount_fen,
            EntryKind::Freeze | EntryKind::Unfreeze => held_fen -= entry.amount_fen,
            EntryKind::Charge | EntryKind::Adjustment | EntryKind::Opening => {}
        }
    }
    (paid_fen, held_fen)
}

fn only_flow(cloud: &Cloud) -> Flow {
    let mut flows = cloud.flows.values();
    let flow = flows.next().expect("a flow").clone();
    assert!(flows.next().is_none(), "more than one flow");
    flow
}
