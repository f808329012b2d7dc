//! What a history starts from.

use std::collections::BTreeMap;
use std::sync::Arc;

use crs_local::cloud::BackupKind;
use crs_local::cloud::backup::plan::of_now;
use crs_local::cloud::edition;
use crs_local::cloud::life::past;
use crs_local::cloud::money::book;
use crs_local::cloud::monitor::made;
use crs_local::cloud::time::{DAY, HOUR, Millis};
use crs_local::cloud::{
    Account, Assumed, AutoRenew, Cloud, Ids, Instance, Member, MemberRole, Network, Node, Pace, Payment, Placement,
    ReplicationGroup, Role, Settings, Spec, Status, region,
};
use proptest::prelude::*;

/// 2027-01-31, a day that many months have not.
pub(super) const NOW: Millis = 1_801_360_800_000;

/// An instance that is there before the first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seed {
    /// Type 2, postpaid.
    Old,
    /// Type 8 with newer software to be had, postpaid.
    Standard,
    /// Type 7 of three shards, prepaid for 20 days.
    Cluster,
    /// Type 8, prepaid for an hour, renewed by itself.
    Renewing,
    /// Type 8, prepaid until three days ago.
    Lapsed,
    /// Type 6 over three zones, prepaid for 40 days.
    Spread,
    /// Type 8, prepaid and returned an hour ago.
    Isolated,
    /// Type 9, postpaid and returned an hour ago.
    Deleting,
}

const SEEDS: [Seed; 8] = [
    Seed::Old,
    Seed::Standard,
    Seed::Cluster,
    Seed::Renewing,
    Seed::Lapsed,
    Seed::Spread,
    Seed::Isolated,
    Seed::Deleting,
];

#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) pace: Pace,
    pub(super) balance_fen: i64,
    pub(super) seeds: Vec<Seed>,
}

pub(super) fn starts() -> impl Strategy<Value = Start> {
    let pace = prop_oneof![Just(Pace::Held), Just(Pace::Timed), Just(Pace::Instant)];
    let balance_fen = prop_oneof![
        6 => Just(100_000_000_i64),
        3 => 0_i64..40_000,
        1 => -500_i64..0,
    ];
    let seeds = proptest::collection::vec(proptest::sample::select(SEEDS.to_vec()), 0..=4);
    (pace, balance_fen, seeds).prop_map(|(pace, balance_fen, seeds)| Start {
        pace,
        balance_fen,
        seeds,
    })
}

/// What the account had before the first step.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub(super) balance_fen: i64,
    /// Held for what is postpaid.
    pub(super) held_fen: i64,
    /// What was paid at least for the prepaid instances.
    pub(super) worth_fen: BTreeMap<String, i64>,
}

pub(super) fn cloud(start: &Start) -> (Cloud, Opening) {
    let mut account = Account::new(1, "100000000001".into(), start.balance_fen);
    account.postpaid_quota = 8;
    let settings = Settings {
        pace: start.pace,
        flow_time_ms: 1_000,
        assumed: Assumed::default(),
    };
    let mut cloud = Cloud::new(account, settings, Ids::new(7));
    for (at, seed) in start.seeds.iter().enumerate() {
        let instance = instance(*seed, &format!("crs-seed000{at}"));
        let id = format!("100000000-100000{at}-1801360800").into();
        cloud.backups.insert(of_now(id, &instance, BackupKind::Manual, NOW));
        cloud.instances.insert(instance);
    }
    if start.seeds.len().is_multiple_of(2) {
        cloud.replication_groups.insert(group(&cloud));
    }
    cloud.advanced_to = NOW;
    past::note_past(&mut cloud);
    cloud.account.arrears_since = (book::balance_fen(&cloud, NOW) < 0).then_some(NOW);
    let opening = Opening {
        balance_fen: start.balance_fen,
        held_fen: cloud.instances.values().map(Instance::held_fen).sum(),
        worth_fen: cloud
            .instances
            .values()
            .map(|one| {
                (
                    one.id.to_string(),
                    super::holds::worth(one, NOW).exact_fen().ceil() as i64,
                )
            })
            .collect(),
    };
    (cloud, opening)
}

/// A replication group of those of type 8 that run; the first writes.
fn group(cloud: &Cloud) -> ReplicationGroup {
    let runs = |one: &&Instance| one.edition.type_id == 8 && one.status == Status::Running;
    let member = |(at, one): (usize, &Instance)| Member {
        instance_id: one.id.clone(),
        role: if at == 0 { MemberRole::Rw } else { MemberRole::R },
        joined_at: NOW,
        updated_at: NOW,
    };
    let members = cloud.instances.values().filter(runs).enumerate().map(member);
    ReplicationGroup {
        id: "crs-rpl-seed0000".into(),
        name: "seed".into(),
        region: region::find("ap-guangzhou").expect("a known region"),
        remark: String::new(),
        members: members.collect(),
    }
}

fn instance(seed: Seed, id: &str) -> Instance {
    let region = region::find("ap-guangzhou").expect("a known region");
    let type_id = match seed {
        Seed::Old => 2,
        Seed::Spread => 6,
        Seed::Cluster => 7,
        Seed::Deleting => 9,
        Seed::Standard | Seed::Renewing | Seed::Lapsed | Seed::Isolated => 8,
    };
    let edition = edition::find(type_id).expect("a known type");
    let mut made = Instance::new(id.into(), region, edition, NOW - 30 * DAY);
    made.address.vip = format!("10.9.0.{}", id.as_bytes()[id.len() - 1]);
    made.network = Some(Network::new("vpc-abcdefgh", "subnet-abcdefgh"));
    let prepaid = |made: &mut Instance, until: Millis| {
        made.payment = Payment::prepaid_until(Some(until));
        made.charged_since = None;
    };
    made.charged_since = Some(NOW);
    if !matches!(seed, Seed::Old) {
        made.workload = Some(Arc::new(made::made(7, &made, 6_000, 0)));
    }
    match seed {
        // The dearest hours are nearly over.
        Seed::Old => made.charged_since = Some(NOW - 95 * HOUR - HOUR / 3),
        Seed::Standard => {
            made.software.newer_proxy_version = Some("5.9.0".into());
            made.software.newer_redis_version = Some("5.1.0".into());
        }
        Seed::Cluster => {
            made.spec.shards = 3;
            prepaid(&mut made, NOW + 20 * DAY);
        }
        Seed::Renewing => {
            prepaid(&mut made, NOW + HOUR);
            made.auto_renew = AutoRenew::Automatic;
        }
        Seed::Lapsed => prepaid(&mut made, NOW - 3 * DAY),
        Seed::Spread => {
            prepaid(&mut made, NOW + 40 * DAY);
            made.spec = Spec {
                mem_mb: 2_048,
                shards: 1,
                replicas: 2,
            };
            made.placement = Placement::Nodes(nodes());
        }
        Seed::Isolated => {
            prepaid(&mut made, NOW - HOUR);
            isolate(&mut made, Status::Isolated, 7 * DAY);
        }
        Seed::Deleting => isolate(&mut made, Status::Deleting, 2 * HOUR),
    }
    made
}

fn isolate(made: &mut Instance, status: Status, kept_for: Millis) {
    made.status = status;
    made.charged_since = None;
    made.recycle_bin.isolated_at = Some(NOW - HOUR);
    made.recycle_bin.offline_at = Some(NOW - HOUR + kept_for);
}

fn nodes() -> Vec<Node> {
    [(1, Role::Master), (2, Role::Replica), (3, Role::Replica)]
        .into_iter()
        .map(|(id, role)| Node {
            id,
            role,
            zone_id: 100_000 + id as u32,
        })
        .collect()
}
