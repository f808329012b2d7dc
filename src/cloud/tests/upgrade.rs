use super::*;
use crate::cloud::monitor::record::MB;

pub(super) const ID: &str = "crs-5qlrlhux";

pub(super) fn to(mem_mb: u64) -> Upgrade {
    Upgrade {
        instance_id: ID.into(),
        mem_mb,
        ..Upgrade::default()
    }
}

/// The refusal, after looking that nothing changed.
pub(super) fn refusal(cloud: &mut Cloud, asked: &Upgrade) -> Refusal {
    let before = cloud.clone();
    let refusal = cloud.upgrade(&guangzhou(), asked).expect_err("must be refused");
    assert_eq!(*cloud, before, "a refused call changed something");
    refusal
}

fn refused(type_id: u64, asked: &Upgrade) -> Refusal {
    refusal(&mut with(Pace::Held, instance(ID, type_id)), asked)
}

#[test]
fn the_founding_sample_is_accepted() {
    let mut cloud = with(Pace::Held, instance(ID, 2));
    let deal_id = cloud.upgrade(&guangzhou(), &to(4_096)).unwrap();

    let during = &cloud.instances[ID];
    assert_eq!((during.status, during.spec.mem_mb), (Status::InProcess, 1_024));
    assert_eq!(cloud.deals[&deal_id].status, DealStatus::Delivering);
    assert_eq!(cloud.deals[&deal_id].instance_ids, [ID]);

    let ended = cloud.drain(NOW + SECOND);
    assert_eq!(ended.len(), 1);
    let after = &cloud.instances[ID];
    assert_eq!((after.status, after.spec.mem_mb), (Status::Running, 4_096));
    assert_eq!(after.net_limit(), 24);
    let deal = &cloud.deals[&deal_id];
    assert_eq!(
        (deal.status, deal.ended_at),
        (DealStatus::Delivered, Some(NOW + SECOND))
    );
    let task = &cloud.tasks[&ended[0].id];
    assert_eq!(
        (task.kind, task.result, task.ended_at),
        (TaskKind::Resize, TaskResult::Done, Some(NOW + SECOND))
    );
}

#[test]
fn an_unknown_instance_and_one_of_another_region_are_the_same() {
    let mut cloud = with(Pace::Held, instance(ID, 2));
    let elsewhere = Call::new(NOW, region::find("ap-beijing").unwrap());
    let refusal = cloud.upgrade(&elsewhere, &to(4_096)).unwrap_err();
    assert_eq!(refusal, Refusal::NoSuchInstance { id: ID.into() });
}

/// Whether the size is refused, with the list of those that are sold in its place.
fn is_not_sold(refusal: &Refusal, of_mb: u64) -> bool {
    matches!(refusal, Refusal::MemoryNotSold { mb, sold_mb }
        if *mb == of_mb && sold_mb.contains(&4_096) && !sold_mb.contains(mb))
}

#[test]
fn a_size_that_is_no_multiple_is_not_sold() {
    for mb in [0, 1, 1_000, 3_096, 256, 512, u64::MAX] {
        assert!(is_not_sold(&refused(2, &to(mb)), mb), "{mb}");
    }
    // 256 MB of type 2 is for prepaid instances.
    let mut prepaid = instance(ID, 2);
    prepaid.payment = Payment::prepaid_until(None);
    with(Pace::Held, prepaid).upgrade(&guangzhou(), &to(256)).unwrap();
}

#[test]
fn a_size_outside_the_range_is_out_of_range() {
    let range = |mb| Refusal::MemoryOutOfRange {
        mb,
        lowest_mb: 1_024,
        highest_mb: 61_440,
    };
    assert_eq!(refused(2, &to(62_464)), range(62_464));
    let ckv = Refusal::MemoryOutOfRange {
        mb: 1_024,
        lowest_mb: 4_096,
        highest_mb: 393_216,
    };
    assert_eq!(refused(3, &to(1_024)), ckv);
}

#[test]
fn a_size_between_two_sold_ones_is_not_sold() {
    assert!(is_not_sold(&refused(2, &to(3_072)), 3_072));
    assert!(is_not_sold(&refused(6, &to(61_440)), 61_440));
}

#[test]
fn editions_without_known_sizes_do_not_scale() {
    for type_id in [1, 10, 13] {
        let refusal = refused(type_id, &to(4_096));
        assert!(
            matches!(refusal, Refusal::EditionCannot { .. }),
            "{type_id}: {refusal:?}"
        );
    }
}

#[test]
fn numbers_that_an_edition_does_not_have_may_be_repeated_but_not_changed() {
    let mut repeated = Upgrade {
        shards: Some(1),
        replicas: Some(1),
        ..to(4_096)
    };
    with(Pace::Held, instance(ID, 2))
        .upgrade(&guangzhou(), &repeated)
        .unwrap();
    repeated.replicas = Some(2);
    assert!(matches!(refused(2, &repeated), Refusal::EditionCannot { .. }));
    let shards = Upgrade {
        shards: Some(3),
        ..to(1_024)
    };
    assert!(matches!(refused(8, &shards), Refusal::EditionCannot { .. }));
}

#[test]
fn shards_and_replicas_come_from_their_lists() {
    let shards = refused(
        9,
        &Upgrade {
            shards: Some(2),
            ..to(1_024)
        },
    );
    assert!(matches!(
        shards,
        Refusal::SpecNotSold {
            parameter: "RedisShardNum",
            value: 2,
            ..
        }
    ));
    let replicas = refused(
        9,
        &Upgrade {
            replicas: Some(6),
            ..to(1_024)
        },
    );
    assert!(matches!(
        replicas,
        Refusal::SpecNotSold {
            parameter: "RedisReplicasNum",
            value: 6,
            ..
        }
    ));
    let none = refused(
        8,
        &Upgrade {
            replicas: Some(0),
            ..to(1_024)
        },
    );
    assert!(matches!(
        none,
        Refusal::SpecNotSold {
            parameter: "RedisReplicasNum",
            value: 0,
            ..
        }
    ));
}

#[test]
fn one_call_makes_exactly_one_change() {
    assert_eq!(refused(9, &to(1_024)), Refusal::NoChange { id: ID.into() });
    let two = Upgrade {
        shards: Some(3),
        replicas: Some(2),
        ..to(1_024)
    };
    assert_eq!(
        refused(9, &two),
        Refusal::SeveralChanges {
            changes: vec!["RedisShardNum", "RedisReplicasNum"]
        }
    );
}

#[test]
fn each_change_has_its_own_task() {
    let changes = [
        (to(2_048), TaskKind::Resize),
        (
            Upgrade {
                shards: Some(3),
                ..to(1_024)
            },
            TaskKind::Shards,
        ),
        (
            Upgrade {
                replicas: Some(2),
                ..to(1_024)
            },
            TaskKind::Replicas,
        ),
    ];
    for (asked, kind) in changes {
        let mut cloud = with(Pace::Held, instance(ID, 9));
        cloud.upgrade(&guangzhou(), &asked).unwrap();
        assert_eq!(cloud.tasks.values().next().unwrap().kind, kind);
    }
}

#[test]
fn only_a_running_instance_changes() {
    for status in [Status::Pending, Status::InProcess, Status::Isolated, Status::Deleting] {
        let mut instance = instance(ID, 2);
        instance.status = status;
        let refusal = refusal(&mut with(Pace::Held, instance), &to(4_096));
        assert_eq!(
            refusal,
            Refusal::WrongStatus {
                id: ID.into(),
                status,
                needs: &[Status::Running]
            }
        );
    }
}

#[test]
fn what_is_used_must_fit_one_point_three_times() {
    let mut instance = instance(ID, 2);
    instance.spec.mem_mb = 8_192;
    instance.memory.used = 3_151 * MB;
    let refused = refusal(&mut with(Pace::Held, instance.clone()), &to(4_096));
    assert_eq!(
        refused,
        Refusal::ShrinksTooFar {
            room_mb: 4_096,
            least_mb: 4_097,
            used_mb: 3_151,
            place: ""
        }
    );
    instance.memory.used = 3_150 * MB;
    with(Pace::Held, instance.clone())
        .upgrade(&guangzhou(), &to(4_096))
        .unwrap();
    // Growing is never refused for it.
    instance.memory.used = 8_192 * MB;
    with(Pace::Held, instance).upgrade(&guangzhou(), &to(12_288)).unwrap();
}

#[test]
fn fewer_shards_must_hold_the_data_too() {
    let mut instance = instance(ID, 9);
    instance.spec.shards = 3;
    instance.memory.used = 1_000 * MB;
    let one = Upgrade {
        shards: Some(1),
        ..to(1_024)
    };
    let refusal = refusal(&mut with(Pace::Held, instance), &one);
    assert_eq!(
        refusal,
        Refusal::ShrinksTooFar {
            room_mb: 1_024,
            least_mb: 1_300,
            used_mb: 1_000,
            place: ""
        }
    );
}

#[test]
fn the_price_asks_for_no_money_and_no_nodes() {
    let mut cloud = with(Pace::Held, multi_zone());
    cloud.account.balance_fen = -1;
    let asked = Upgrade {
        replicas: Some(3),
        ..to(2_048)
    };
    assert!(cloud.quote_upgrade(&guangzhou(), &asked).is_ok());
    assert!(matches!(
        cloud.quote_upgrade(&guangzhou(), &to(3_072)),
        Err(Refusal::MemoryNotSold { .. })
    ));
}

/// Type 6 over three zones: nodes 1 (master), 2 and 3.
fn multi_zone() -> Instance {
    let mut instance = instance(ID, 6);
    instance.spec = Spec {
        mem_mb: 2_048,
        shards: 1,
        replicas: 2,
    };
    instance.placement = Placement::Nodes(vec![
        Node {
            id: 1,
            role: Role::Master,
            zone_id: 100_001,
        },
        Node {
            id: 2,
            role: Role::Replica,
            zone_id: 100_002,
        },
        Node {
            id: 3,
            role: Role::Replica,
            zone_id: 100_003,
        },
    ]);
    instance
}

fn replica(id: Option<i64>, zone_id: Option<u64>) -> NodeRequest {
    NodeRequest {
        role: 1,
        id,
        zone_id,
        zone_name: None,
    }
}

#[test]
fn replicas_over_several_zones_are_added_where_the_caller_says() {
    let mut cloud = with(Pace::Instant, multi_zone());
    let nodes = vec![replica(None, Some(100_004))];
    cloud
        .upgrade(
            &guangzhou(),
            &Upgrade {
                replicas: Some(3),
                nodes,
                ..to(2_048)
            },
        )
        .unwrap();
    let after = &cloud.instances[ID];
    assert_eq!((after.spec.replicas, after.nodes().len()), (3, 4));
    let added = after.nodes()[3];
    assert_eq!((added.role, added.zone_id), (Role::Replica, 100_004));
    assert!(added.id > 3);
}

#[test]
fn replicas_over_several_zones_are_dropped_by_their_number() {
    let mut cloud = with(Pace::Instant, multi_zone());
    let nodes = vec![replica(Some(2), Some(100_002))];
    cloud
        .upgrade(
            &guangzhou(),
            &Upgrade {
                replicas: Some(1),
                nodes,
                ..to(2_048)
            },
        )
        .unwrap();
    let left: Vec<i64> = cloud.instances[ID].nodes().iter().map(|node| node.id).collect();
    assert_eq!(left, [1, 3]);
}

#[test]
fn replicas_that_are_dropped_may_leave_a_single_zone() {
    let mut spread = multi_zone();
    let mut nodes = spread.nodes().to_vec();
    nodes[2].zone_id = 100_001;
    spread.placement = Placement::Nodes(nodes);
    let mut cloud = with(Pace::Instant, spread);
    let asked = Upgrade {
        replicas: Some(1),
        nodes: vec![replica(Some(2), None)],
        ..to(2_048)
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    assert_eq!(cloud.instances[ID].nodes(), []);
}

#[test]
fn the_node_set_must_fit_the_change() {
    let master = NodeRequest {
        role: 0,
        ..replica(Some(1), None)
    };
    let cases: [(u64, Vec<NodeRequest>, &str); 10] = [
        (3, vec![], "none"),
        (
            3,
            vec![replica(None, Some(100_004)), replica(None, Some(100_004))],
            "too many",
        ),
        (3, vec![replica(None, Some(800_001))], "a zone of another region"),
        (3, vec![replica(None, None)], "no zone"),
        (
            3,
            vec![NodeRequest {
                role: 0,
                ..replica(None, Some(100_004))
            }],
            "a second master",
        ),
        (1, vec![replica(None, Some(100_002))], "a drop without number"),
        (1, vec![replica(Some(9), None)], "an unknown node"),
        (1, vec![master], "the master"),
        (1, vec![replica(Some(1), None)], "the master, called a replica"),
        (1, vec![replica(Some(2), Some(100_003))], "the wrong zone"),
    ];
    for (replicas, nodes, what) in cases {
        let asked = Upgrade {
            replicas: Some(replicas),
            nodes,
            ..to(2_048)
        };
        let refusal = refusal(&mut with(Pace::Held, multi_zone()), &asked);
        assert!(
            matches!(
                refusal,
                Refusal::BadValue {
                    parameter: "NodeSet",
                    ..
                }
            ),
            "{what}: {refusal:?}"
        );
    }
}

#[test]
fn an_instance_in_one_zone_takes_no_nodes() {
    let asked = Upgrade {
        nodes: vec![replica(None, Some(100_004))],
        replicas: Some(2),
        ..to(1_024)
    };
    assert!(matches!(
        refused(6, &asked),
        Refusal::BadValue {
            parameter: "NodeSet",
            ..
        }
    ));
}

#[test]
fn a_change_in_the_window_leaves_the_instance_running_until_then() {
    let mut cloud = with(Pace::Timed, instance(ID, 2));
    let asked = Upgrade {
        switch_option: Some(1),
        ..to(4_096)
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    assert_eq!(cloud.instances[ID].status, Status::Running);
    assert_eq!(
        refusal(&mut cloud, &to(8_192)),
        Refusal::ChangeWaiting { id: ID.into() }
    );

    let window = only_flow(&cloud).due_at.unwrap();
    assert_eq!(&time::show(window)[11..], "03:00:00");
    cloud.advance(window);
    assert_eq!(cloud.instances[ID].spec.mem_mb, 4_096);
}

#[test]
fn another_switch_option_is_refused() {
    let asked = Upgrade {
        switch_option: Some(3),
        ..to(4_096)
    };
    assert!(matches!(
        refused(2, &asked),
        Refusal::BadValue {
            parameter: "SwitchOption",
            ..
        }
    ));
}
