//! Nodes: what moves them, what leaves them, and that nothing contradicts anything.

use std::collections::BTreeSet;

use super::*;
use crate::cloud::access::account::{self, AccountRequest};
use crate::cloud::change::version::{SmallUpgrade, VersionUpgrade};
use crate::cloud::change::zones::Relocation;
use crate::cloud::monitor::memory;
use crate::cloud::monitor::record::{MB, Workload};
use crate::cloud::parameter::modify;
use crate::cloud::topology::failover::{self, Kill, Promotion};
use crate::cloud::topology::nodes::{Picture, RedisNode, SLOTS};
use crate::cloud::topology::record::Proxy;
use crate::cloud::topology::{nodes, proxies, readonly, shards};

const ID: &str = "crs-aaaaaaaa";

fn over_zones(type_id: u64, shards: u64, zones: &[u32]) -> Instance {
    let mut one = instance(ID, type_id);
    (one.spec.shards, one.spec.replicas) = (shards, zones.len() as u64 - 1);
    let node = |(at, zone_id): (usize, &u32)| Node {
        id: at as i64 + 1,
        role: if at == 0 { Role::Master } else { Role::Replica },
        zone_id: *zone_id,
    };
    one.placement = Placement::Nodes(zones.iter().enumerate().map(node).collect());
    one.access = Access::NoPassword;
    one
}

fn picture(cloud: &Cloud) -> Picture {
    shards::picture(cloud, &cloud.instances[ID])
}

/// The ids of nodes by shard, each list by group.
fn ids(cloud: &Cloud) -> Vec<Vec<String>> {
    let picture = picture(cloud);
    let of = |shard| picture.of_shard(shard).map(|node| node.id).collect();
    (0..picture.shards()).map(of).collect()
}

fn roles(cloud: &Cloud) -> Vec<Role> {
    let set = shards::node_set(cloud, &cloud.instances[ID]);
    set.iter().map(|node| node.role).collect()
}

fn proxies_of(cloud: &Cloud) -> Vec<Proxy> {
    proxies::proxies(cloud.ids.seed, &cloud.instances[ID])
}

/// What all pictures of an instance agree on.
fn agrees(cloud: &Cloud) {
    let of = &cloud.instances[ID];
    let all = shards::shards(cloud, of, NOW);
    assert_eq!(all.len() as u64, of.spec.shards);
    assert!(all.iter().flat_map(|shard| shard.slots.clone()).eq(0..SLOTS));
    assert_eq!(
        all.iter().map(|shard| shard.bytes).sum::<u64>(),
        memory::used_at(of, NOW)
    );
    let mut seen = BTreeSet::new();
    for shard in &all {
        assert_eq!(shard.nodes.len() as u64, of.spec.replicas + 1);
        let masters = shard.nodes.iter().filter(|node| node.role == Role::Master);
        assert_eq!(masters.count(), 1, "{shard:?}");
        assert!(shard.nodes.iter().all(|node| seen.insert(node.id.clone())), "{shard:?}");
        let copy = |node: &RedisNode| picture(cloud).copy(node);
        let is_zero = |node: &RedisNode| (copy(node) == 0) == (node.role == Role::Master);
        assert!(shard.nodes.iter().all(is_zero), "{shard:?}");
        let copies: BTreeSet<_> = shard.nodes.iter().map(copy).collect();
        assert!(copies.into_iter().eq(0..=of.spec.replicas), "{shard:?}");
    }
    let groups = shards::groups(cloud, of);
    let in_groups: BTreeSet<_> = groups
        .iter()
        .flat_map(|group| &group.nodes)
        .map(|node| &node.id)
        .collect();
    assert!(in_groups.into_iter().eq(&seen));
    let set = shards::node_set(cloud, of);
    assert_eq!(groups.len(), set.len().max(1));
    let told = groups.iter().map(|group| (group.role, group.zone_id));
    if !set.is_empty() {
        assert!(told.eq(set.iter().map(|node| (node.role, node.zone_id))));
    }
    let own = proxies_of(cloud);
    assert_eq!(own.len() as u64, proxies::count(of));
    assert_eq!(
        own.iter().map(|proxy| &proxy.id).collect::<BTreeSet<_>>().len(),
        own.len()
    );
}

fn resize(cloud: &mut Cloud, shards: Option<u64>, replicas: Option<u64>, nodes: Vec<NodeRequest>) {
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: cloud.instances[ID].spec.mem_mb,
        shards,
        replicas,
        nodes,
        switch_option: None,
    };
    cloud.upgrade(&guangzhou(), &asked).expect("a resize");
    agrees(cloud);
}

fn promote(cloud: &mut Cloud, group_id: Option<i64>) {
    let asked = Promotion {
        instance_id: ID.into(),
        group_id,
        emergency: false,
    };
    failover::change_master(cloud, &guangzhou(), &asked).expect("a promotion");
    advance::finish_if_instant(cloud, NOW);
    agrees(cloud);
}

fn kill(cloud: &mut Cloud, shard_ids: &[i64]) {
    let asked = Kill {
        instance_id: ID.into(),
        password: None,
        shard_ids: shard_ids.into(),
    };
    failover::kill_masters(cloud, &guangzhou(), &asked).expect("a failure");
    advance::finish_if_instant(cloud, NOW);
    agrees(cloud);
}

fn stay_after_failover(cloud: &mut Cloud) {
    let param = Param {
        name: "auto-failback".into(),
        value: "no".into(),
    };
    modify::modify(cloud, &guangzhou(), ID, &[param]).expect("a parameter");
    advance::finish_if_instant(cloud, NOW);
}

#[test]
fn shards_come_and_go_and_those_that_stay_keep_their_nodes() {
    let mut cloud = with(Pace::Instant, over_zones(9, 3, &[100_003, 100_004]));
    let before = ids(&cloud);
    resize(&mut cloud, Some(5), None, vec![]);
    assert_eq!(ids(&cloud)[..3], before);
    resize(&mut cloud, Some(1), None, vec![]);
    assert_eq!(ids(&cloud), before[..1]);
    assert_eq!(cloud.instances[ID].topology, None, "nothing differs from the seed");
}

#[test]
fn a_group_that_goes_takes_its_number_along() {
    let mut cloud = with(Pace::Instant, over_zones(8, 1, &[100_003, 100_004, 100_006]));
    let before = shards::groups(&cloud, &cloud.instances[ID]);
    let drop = NodeRequest {
        role: 1,
        id: Some(2),
        ..NodeRequest::default()
    };
    resize(&mut cloud, None, Some(1), vec![drop]);
    let left = shards::groups(&cloud, &cloud.instances[ID]);
    assert_eq!(
        [&left[0], &left[1].clone()].map(|group| (group.id, &*group.name)),
        [(before[0].id, "ng-00"), (before[2].id, "ng-02")]
    );
    assert_eq!(left[1].nodes[0].id, before[2].nodes[0].id);
    let add = NodeRequest {
        role: 1,
        zone_id: Some(100_004),
        ..NodeRequest::default()
    };
    resize(&mut cloud, None, Some(2), vec![add]);
    let grown = shards::groups(&cloud, &cloud.instances[ID]);
    assert_eq!((grown[2].id, &*grown[2].name), (before[2].id + 1, "ng-03"));
    assert!(before.iter().all(|group| group.nodes[0].id != grown[2].nodes[0].id));
}

#[test]
fn a_promotion_moves_roles_and_nothing_else_and_a_second_one_moves_them_back() {
    let mut cloud = with(Pace::Instant, over_zones(9, 3, &[100_003, 100_004]));
    let (start, before) = (cloud.instances[ID].clone(), ids(&cloud));
    let groups = shards::groups(&cloud, &cloud.instances[ID]);
    promote(&mut cloud, Some(groups[1].id));
    assert_eq!(roles(&cloud), [Role::Replica, Role::Master]);
    let after = &cloud.instances[ID];
    assert_eq!((after.zone_id(), ids(&cloud)), (100_003, before));
    assert!(picture(&cloud).own.masters.iter().all(|master| *master == 1));
    assert_eq!(after.topology, None, "NodeSet says it");
    promote(&mut cloud, Some(groups[1].id));
    promote(&mut cloud, Some(groups[0].id));
    assert_eq!(cloud.instances[ID], start);
}

#[test]
fn in_one_zone_the_first_replica_of_each_shard_is_promoted() {
    let mut one = instance(ID, 9);
    (one.spec.shards, one.spec.replicas) = (3, 2);
    let mut cloud = with(Pace::Instant, one);
    let (start, before) = (cloud.instances[ID].clone(), ids(&cloud));
    promote(&mut cloud, Some(7));
    assert_eq!(
        (picture(&cloud).own.masters, ids(&cloud)),
        (vec![1, 1, 1], before.clone())
    );
    resize(&mut cloud, Some(5), None, vec![]);
    assert_eq!(picture(&cloud).own.masters, [1; 5]);
    resize(&mut cloud, None, Some(1), vec![]);
    let pairs: Vec<_> = before.iter().map(|nodes| nodes[..2].to_vec()).collect();
    assert_eq!(ids(&cloud)[..3], pairs, "the last that is no master goes");
    resize(&mut cloud, Some(3), None, vec![]);
    promote(&mut cloud, None);
    assert_eq!(cloud.instances[ID].topology, start.topology, "back at the first");
}

#[test]
fn a_failed_master_is_replaced_and_takes_over_again() {
    let mut cloud = with(Pace::Held, over_zones(9, 3, &[100_003, 100_004, 100_003]));
    let before = ids(&cloud);
    kill(&mut cloud, &[1, 1]);
    let meanwhile = picture(&cloud);
    assert_eq!(meanwhile.own.masters, [0, 2, 0], "a replica of the main zone first");
    let stopped: Vec<_> = meanwhile.all().filter(|node| !node.runs).collect();
    assert_eq!(stopped.len(), 1);
    assert_eq!((&stopped[0].id, stopped[0].role), (&before[1][0], Role::Replica));
    cloud.drain(NOW + SECOND);
    agrees(&cloud);
    let after = ids(&cloud);
    assert_eq!(picture(&cloud).own.masters, [0, 0, 0]);
    assert_ne!(after[1][0], before[1][0]);
    assert_eq!(
        (&after[0], &after[1][1..], &after[2]),
        (&before[0], &before[1][1..], &before[2])
    );
}

#[test]
fn where_masters_do_not_go_back_groups_are_mixed_until_one_is_promoted() {
    let mut cloud = with(Pace::Instant, over_zones(9, 3, &[100_003, 100_004]));
    stay_after_failover(&mut cloud);
    kill(&mut cloud, &[2]);
    assert_eq!(
        (picture(&cloud).own.masters, roles(&cloud)),
        (vec![0, 0, 1], vec![Role::Master, Role::Replica])
    );
    kill(&mut cloud, &[0, 1]);
    assert_eq!(
        (picture(&cloud).own.masters, roles(&cloud)),
        (vec![1, 1, 1], vec![Role::Replica, Role::Master])
    );
    kill(&mut cloud, &[1]);
    let first = shards::groups(&cloud, &cloud.instances[ID])[0].id;
    promote(&mut cloud, Some(first));
    assert_eq!(picture(&cloud).own.masters, [0, 0, 0]);
    assert!(cloud.instances[ID].topology.is_some(), "the replaced nodes stay new");
}

#[test]
fn while_all_masters_are_stopped_the_other_group_is_the_master() {
    let mut cloud = with(Pace::Held, over_zones(8, 1, &[100_003, 100_004]));
    kill(&mut cloud, &[]);
    assert_eq!(roles(&cloud), [Role::Replica, Role::Master]);
    let flow = only_flow(&cloud);
    assert!(cloud.fail(flow.id, NOW + SECOND, "no").is_some());
    assert_eq!(roles(&cloud), [Role::Master, Role::Replica]);
    assert_eq!(cloud.instances[ID].topology, None);
}

#[test]
fn one_that_is_reached_directly_has_no_proxies() {
    let direct = Instance {
        is_direct: true,
        ..over_zones(9, 3, &[100_003, 100_004])
    };
    let mut cloud = with(Pace::Instant, direct);
    assert_eq!(proxies_of(&cloud), []);
    let refused = failover::switch_proxies(&mut cloud, &guangzhou(), ID, &[]).unwrap_err();
    assert!(matches!(refused, Refusal::NoProxies { .. }), "{refused:?}");
    readonly::enable_replicas(&mut cloud, &guangzhou(), ID, &[]).unwrap();
    advance::finish_if_instant(&mut cloud, NOW);
    agrees(&cloud);
    assert_eq!(proxies_of(&cloud), []);
}

#[test]
fn switched_proxies_are_new_ones_in_the_same_zones() {
    let mut cloud = with(Pace::Instant, over_zones(9, 3, &[100_003, 100_004]));
    let before = proxies_of(&cloud);
    let named = [before[1].id.clone(), before[7].id.clone()];
    failover::switch_proxies(&mut cloud, &guangzhou(), ID, &named).unwrap();
    advance::finish_if_instant(&mut cloud, NOW);
    agrees(&cloud);
    let after = proxies_of(&cloud);
    let (groups, kept) = (
        shards::group_ids(&cloud, &cloud.instances[ID]),
        cloud.instances[ID].topology.clone(),
    );
    promote(&mut cloud, Some(groups[1]));
    failover::switch_proxies(&mut cloud, &guangzhou(), ID, &[]).unwrap();
    advance::finish_if_instant(&mut cloud, NOW);
    let zones = |cloud: &Cloud| -> Vec<u32> {
        let own = proxies::stated(&cloud.instances[ID]).expect("replaced ones");
        own.iter().map(|proxy| proxy.zone_id).collect()
    };
    assert!(zones(&cloud).is_sorted(), "they are kept as they were");
    promote(&mut cloud, Some(groups[0]));
    cloud.instances.update(ID, |one| one.topology.clone_from(&kept));
    for (at, (was, is)) in before.iter().zip(&after).enumerate() {
        assert_eq!((was.id == is.id, was.zone_id), (at != 1 && at != 7, is.zone_id));
    }
    readonly::enable_replicas(&mut cloud, &guangzhou(), ID, &[]).unwrap();
    advance::finish_if_instant(&mut cloud, NOW);
    resize(&mut cloud, Some(8), None, vec![]);
    assert!(
        after.iter().all(|proxy| proxies_of(&cloud).contains(proxy)),
        "the tail grows"
    );
    cloud
        .instances
        .update(ID, |one| one.software.newer_proxy_version = Some("5.9.0".into()));
    let newer = SmallUpgrade {
        instance_id: ID.into(),
        current: "5.8.25".into(),
        target: "5.9.0".into(),
        now: 1,
    };
    cloud.upgrade_proxy(&guangzhou(), &newer).unwrap();
    assert!(
        after.iter().all(|proxy| !proxies_of(&cloud).contains(proxy)),
        "a newer proxy is another"
    );
    assert_eq!(cloud.instances[ID].topology, None);
}

#[test]
fn another_version_has_other_nodes_and_another_architecture_has_not() {
    let mut cloud = with(Pace::Instant, over_zones(8, 1, &[100_003, 100_004]));
    let (before, groups) = (ids(&cloud), shards::group_ids(&cloud, &cloud.instances[ID]));
    let second = groups[1];
    promote(&mut cloud, Some(second));
    let to = |target: &str| VersionUpgrade {
        instance_id: ID.into(),
        target_type: target.into(),
        switch_option: 2,
    };
    cloud.upgrade_version(&guangzhou(), &to("15")).unwrap();
    agrees(&cloud);
    assert!(ids(&cloud)[0].iter().all(|id| !before[0].contains(id)));
    let of = &cloud.instances[ID];
    assert!(shards::group_ids(&cloud, of).iter().all(|id| !groups.contains(id)));
    assert!(of.nodes().iter().all(|node| node.id > 2), "NodeSet is numbered anew");
    assert_eq!(roles(&cloud), [Role::Replica, Role::Master], "roles are as before");

    let mut cloud = with(Pace::Instant, instance(ID, 8));
    let before = ids(&cloud);
    cloud.upgrade_version(&guangzhou(), &to("9")).unwrap();
    agrees(&cloud);
    assert_eq!(ids(&cloud), before);
}

#[test]
fn who_moves_to_another_zone_is_new_there_and_who_stays_is_not() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    let before = ids(&cloud);
    let relocate = |cloud: &mut Cloud, zones: [u32; 2]| {
        let own = cloud.instances[ID].nodes().to_vec();
        let nodes = (0..).zip(zones).map(|(role, zone_id)| NodeRequest {
            role,
            id: own.get(role as usize).map(|node| node.id),
            zone_id: Some(zone_id.into()),
            zone_name: None,
        });
        let asked = Relocation {
            instance_id: ID.into(),
            nodes: nodes.collect(),
            switch_option: 2,
        };
        cloud.relocate(&guangzhou(), &asked).unwrap();
        agrees(cloud);
    };
    let home = cloud.instances[ID].zone_id();
    relocate(&mut cloud, [home, 100_004]);
    let spread = ids(&cloud);
    assert_eq!(spread[0][0], before[0][0]);
    assert_ne!(spread[0][1], before[0][1]);
    relocate(&mut cloud, [home, 100_006]);
    assert_eq!(ids(&cloud)[0][0], before[0][0]);
    assert_ne!(ids(&cloud)[0][1], spread[0][1]);
    relocate(&mut cloud, [home, home]);
    assert_eq!(ids(&cloud), before, "all in one zone again");
    assert_eq!(cloud.instances[ID].topology, None);
}

#[test]
fn used_memory_is_spread_as_the_workload_is_skewed() {
    let mut one = over_zones(9, 3, &[100_003, 100_004]);
    one.memory.used = 900 * MB;
    let mut cloud = with(Pace::Held, one);
    agrees(&cloud);
    let even = shards::shards(&cloud, &cloud.instances[ID], NOW);
    assert!(
        even.iter()
            .all(|shard| shard.bytes == 300 * MB && shard.keys == 300 * 1024)
    );
    let skewed = Workload {
        shard_skew: 0.5,
        ..Workload::default()
    };
    cloud.instances.update(ID, |one| one.workload = Some(skewed.into()));
    agrees(&cloud);
    let bytes: Vec<u64> = shards::shards(&cloud, &cloud.instances[ID], NOW)
        .iter()
        .map(|shard| shard.bytes / MB)
        .collect();
    assert_eq!(bytes, [600, 150, 150]);
    // 1.3 times what the fullest shard uses must remain.
    let to = |mem_mb| Upgrade {
        instance_id: ID.into(),
        mem_mb,
        ..Upgrade::default()
    };
    cloud.instances.update(ID, |one| one.spec.mem_mb = 4_096);
    assert!(cloud.quote_upgrade(&guangzhou(), &to(1_024)).is_ok());
    cloud.instances.update(ID, |one| one.memory.used = 1_200 * MB);
    let refused = cloud.quote_upgrade(&guangzhou(), &to(1_024));
    assert!(matches!(refused, Err(Refusal::ShrinksTooFar { .. })), "{refused:?}");
}

#[test]
fn an_account_that_is_to_read_from_replicas_holds_them_readable() {
    let mut one = instance(ID, 8);
    one.replicas_readonly = true;
    one.accounts.push(RedisAccount {
        name: "app".into(),
        ..RedisAccount::root()
    });
    let mut cloud = with(Pace::Held, one);
    let asked = AccountRequest {
        name: "app",
        route: &["replication".to_owned()],
        ..Default::default()
    };
    account::modify(&mut cloud, &guangzhou(), ID, &asked).unwrap();
    let refused = readonly::disable_replicas(&mut cloud, &guangzhou(), ID);
    assert!(matches!(refused, Err(Refusal::AsItStands { .. })), "{refused:?}");
    cloud.drain(NOW + SECOND);
    let refused = readonly::disable_replicas(&mut cloud, &guangzhou(), ID);
    assert!(matches!(refused, Err(Refusal::AsItStands { .. })), "{refused:?}");
    let words = ["master".to_owned(), "replication".to_owned()];
    readonly::enable_replicas(&mut cloud, &guangzhou(), ID, &words).unwrap();
    cloud.drain(NOW + SECOND);
    let own = &cloud.instances[ID];
    assert_eq!(
        (own.replicas_readonly, own.all_accounts()[0].route),
        (true, Route::Both)
    );
}

#[test]
fn an_emergency_takes_half_the_time() {
    for (emergency, takes) in [(false, SECOND), (true, SECOND / 2)] {
        let mut cloud = with(Pace::Timed, over_zones(8, 1, &[100_003, 100_004]));
        let asked = Promotion {
            instance_id: ID.into(),
            group_id: Some(shards::group_ids(&cloud, &cloud.instances[ID])[1]),
            emergency,
        };
        failover::change_master(&mut cloud, &guangzhou(), &asked).unwrap();
        assert_eq!(only_flow(&cloud).due_at, Some(NOW + takes));
    }
}

#[test]
fn nodes_of_what_is_not_told_are_there_all_the_same() {
    for type_id in [1, 2, 3, 4, 5, 10, 200] {
        let cloud = with(Pace::Held, instance(ID, type_id));
        assert!(!nodes::are_told(&cloud.instances[ID]));
        agrees(&cloud);
    }
}
