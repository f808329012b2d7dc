//! Newer software, zones, and the switch in a maintenance window.

use super::*;
use crate::cloud::change::version::{SmallUpgrade, VersionUpgrade};
use crate::cloud::change::zones::Relocation;

const ID: &str = "crs-aaaaaaaa";

fn to(target: &str) -> VersionUpgrade {
    VersionUpgrade {
        instance_id: ID.into(),
        target_type: target.into(),
        switch_option: 2,
    }
}

fn upgraded(type_id: u64, target: &str) -> Result<DealId, Refusal> {
    with(Pace::Held, instance(ID, type_id)).upgrade_version(&guangzhou(), &to(target))
}

#[test]
fn a_version_rises_within_its_architecture_or_becomes_a_cluster_of_itself() {
    for (type_id, target) in [(6, "8"), (6, "15"), (8, "17"), (7, "9"), (6, "7"), (15, "16")] {
        assert!(upgraded(type_id, target).is_ok(), "{type_id} to {target}");
    }
    let faults = [
        (8, "6"),
        (8, "8"),
        (9, "8"),
        (6, "9"),
        (17, "19"),
        (8, "3"),
        (8, "99"),
        (8, ""),
        (8, "x"),
    ];
    for (type_id, target) in faults {
        let refusal = upgraded(type_id, target).unwrap_err();
        let is_refused = matches!(
            refusal,
            Refusal::BadValue {
                parameter: "TargetInstanceType",
                ..
            }
        );
        assert!(is_refused, "{type_id} to {target}: {refusal:?}");
    }
}

#[test]
fn a_size_that_the_other_edition_does_not_sell_stays() {
    let mut small = instance(ID, 6);
    small.spec.mem_mb = 256;
    let refusal = with(Pace::Held, small)
        .upgrade_version(&guangzhou(), &to("7"))
        .unwrap_err();
    assert!(
        matches!(&refusal, Refusal::MemoryNotSold { mb: 256, sold_mb } if !sold_mb.contains(&256)),
        "{refusal:?}"
    );
}

#[test]
fn a_cluster_costs_more_and_the_difference_is_held() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    let before_fen = cloud.instances[ID].held_fen();
    let deal_id = cloud.upgrade_version(&guangzhou(), &to("9")).unwrap();
    let now = &cloud.instances[ID];
    assert_eq!((now.edition.type_id, now.software.redis_version.as_str()), (9, "5.0.0"));
    let more_fen = now.held_fen() - before_fen;
    assert!(more_fen > 0);
    assert_eq!(taken(&cloud, &deal_id), (0, more_fen));
}

#[test]
fn a_target_that_is_sold_out_is_not_had() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    cloud.sold_out.push(SoldOut {
        zone: None,
        type_id: Some(9),
    });
    let refusal = cloud.upgrade_version(&guangzhou(), &to("9")).unwrap_err();
    assert!(matches!(refusal, Refusal::SoldOut { type_id: 9, .. }));
}

fn newer() -> Cloud {
    let mut one = instance(ID, 8);
    one.software.newer_proxy_version = Some("5.9.0".into());
    one.software.newer_redis_version = Some("5.1.0".into());
    with(Pace::Instant, one)
}

fn small(current: &str, target: &str, now: i64) -> SmallUpgrade {
    SmallUpgrade {
        instance_id: ID.into(),
        current: current.into(),
        target: target.into(),
        now,
    }
}

#[test]
fn newer_software_is_had_once() {
    let mut cloud = newer();
    let kernel = small("5.0.0", "5.1.0", 1);
    let proxy = small("5.8.25", "5.9.0", 1);
    cloud.upgrade_kernel(&guangzhou(), &kernel).unwrap();
    cloud.upgrade_proxy(&guangzhou(), &proxy).unwrap();
    let now = &cloud.instances[ID];
    assert_eq!(
        (now.software.redis_version.as_str(), now.software.proxy_version.as_str()),
        ("5.1.0", "5.9.0")
    );
    for again in [
        cloud.upgrade_kernel(&guangzhou(), &small("5.1.0", "5.1.0", 1)),
        cloud.upgrade_proxy(&guangzhou(), &small("5.9.0", "5.9.0", 1)),
    ] {
        assert!(matches!(again, Err(Refusal::VersionMismatch { .. })));
    }
}

#[test]
fn the_versions_named_must_be_the_instances() {
    for asked in [small("4.0.0", "5.1.0", 1), small("5.0.0", "6.0.0", 1)] {
        let refusal = newer().upgrade_kernel(&guangzhou(), &asked).unwrap_err();
        assert!(matches!(refusal, Refusal::VersionMismatch { what: "kernel", .. }));
    }
    let refusal = newer()
        .upgrade_kernel(&guangzhou(), &small("5.0.0", "5.1.0", 2))
        .unwrap_err();
    assert!(matches!(
        refusal,
        Refusal::BadValue {
            parameter: "InstanceTypeUpgradeNow",
            ..
        }
    ));
}

#[test]
fn only_a_modern_local_instance_becomes_localv2() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    let mut upgrade = |target, option| cloud.upgrade_product_version(&guangzhou(), ID, target, option);
    assert!(matches!(
        upgrade("cloud", 2),
        Err(Refusal::BadValue {
            parameter: "TargetProductVersion",
            ..
        })
    ));
    assert!(matches!(
        upgrade("localv2", 3),
        Err(Refusal::BadValue {
            parameter: "SwitchOption",
            ..
        })
    ));
    assert!(upgrade("localv2", 2).is_ok());
    assert!(matches!(upgrade("localv2", 2), Err(Refusal::EditionCannot { .. })));
    let old = with(Pace::Held, instance(ID, 2)).upgrade_product_version(&guangzhou(), ID, "localv2", 2);
    assert!(matches!(old, Err(Refusal::EditionCannot { .. })));
}

#[test]
fn several_zones_are_for_modern_instances_in_one() {
    let mut cloud = newer();
    cloud.enable_zones(&guangzhou(), ID, false).unwrap();
    let now = &cloud.instances[ID];
    assert_eq!(now.software.redis_version, "5.0.0", "the newest was not asked for");
    let old = with(Pace::Held, instance(ID, 2)).enable_zones(&guangzhou(), ID, true);
    assert_eq!(old, Err(Refusal::TooOld { id: ID.into() }));
    let mut spread = with(Pace::Instant, instance(ID, 8));
    relocate(&mut spread, vec![node(0, 100_001), node(1, 100_002)]).unwrap();
    assert_eq!(
        spread.enable_zones(&guangzhou(), ID, true),
        Err(Refusal::NoChange { id: ID.into() })
    );
}

fn node(role: i64, zone_id: u64) -> NodeRequest {
    NodeRequest {
        role,
        zone_id: Some(zone_id),
        ..NodeRequest::default()
    }
}

fn relocate(cloud: &mut Cloud, nodes: Vec<NodeRequest>) -> Result<TaskId, Refusal> {
    let asked = Relocation {
        instance_id: ID.into(),
        nodes,
        switch_option: 2,
    };
    cloud.relocate(&guangzhou(), &asked)
}

#[test]
fn nodes_go_to_several_zones_and_back_to_one() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    relocate(&mut cloud, vec![node(1, 100_004), node(0, 100_003)]).unwrap();
    let spread = cloud.instances[ID].clone();
    let zones: Vec<u32> = spread.nodes().iter().map(|node| node.zone_id).collect();
    assert_eq!((spread.zone_id(), zones), (100_003, vec![100_003, 100_004]));

    let named = |node: NodeRequest, of: &Node| NodeRequest {
        id: Some(of.id),
        ..node
    };
    let [master, replica] = [&spread.nodes()[0], &spread.nodes()[1]];
    let moves = vec![named(node(0, 100_003), master), named(node(1, 100_006), replica)];
    for unnamed in [
        vec![node(0, 100_003), moves[1].clone()],
        vec![moves[0].clone(), node(1, 100_006)],
    ] {
        let refused = relocate(&mut cloud, unnamed);
        assert!(
            matches!(
                refused,
                Err(Refusal::BadValue {
                    parameter: "NodeSet",
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    relocate(&mut cloud, moves).unwrap();
    let moved = cloud.instances[ID].clone();
    assert_eq!((moved.nodes()[0].id, moved.nodes()[1].id), (master.id, replica.id));

    let home = vec![named(node(0, 100_006), master), named(node(1, 100_006), replica)];
    relocate(&mut cloud, home).unwrap();
    let single = &cloud.instances[ID];
    assert_eq!((single.zone_id(), single.nodes().len()), (100_006, 0));
}

#[test]
fn a_node_that_goes_elsewhere_is_a_new_one_where_ids_are_optional() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    cloud.settings.assumed.zone_changes_need_node_ids = false;
    relocate(&mut cloud, vec![node(1, 100_004), node(0, 100_003)]).unwrap();
    let spread = cloud.instances[ID].clone();
    relocate(&mut cloud, vec![node(0, 100_003), node(1, 100_006)]).unwrap();
    let moved = cloud.instances[ID].clone();
    assert_eq!(moved.nodes()[0].id, spread.nodes()[0].id, "the master stays");
    assert_ne!(moved.nodes()[1].id, spread.nodes()[1].id, "the replica is new");
}

#[test]
fn what_stands_in_several_zones_rises_in_version_and_stays_standard() {
    let mut spread = instance(ID, 8);
    let nodes = [(1, Role::Master, 100_003), (2, Role::Replica, 100_004)];
    let nodes = nodes.map(|(id, role, zone_id)| Node { id, role, zone_id });
    spread.placement = Placement::Nodes(nodes.into());
    let mut cloud = with(Pace::Held, spread);
    let refused = cloud.upgrade_version(&guangzhou(), &to("9"));
    assert_eq!(refused, Err(Refusal::StaysStandard { id: ID.into() }));
    assert!(cloud.upgrade_version(&guangzhou(), &to("15")).is_ok());
}

#[test]
fn zones_need_all_nodes_and_a_change() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let faults = [
        vec![node(0, 100_003)],
        vec![node(0, 100_003), node(0, 100_004)],
        vec![node(1, 100_003), node(1, 100_004)],
        vec![node(0, 100_003), node(1, 800_001)],
        vec![node(0, 100_003), node(7, 100_004)],
    ];
    for nodes in faults {
        let refusal = relocate(&mut cloud, nodes.clone()).unwrap_err();
        let is_refused = matches!(
            refusal,
            Refusal::BadValue {
                parameter: "NodeSet",
                ..
            }
        );
        assert!(is_refused, "{nodes:?}: {refusal:?}");
    }
    assert_eq!(
        relocate(&mut cloud, vec![node(0, 100_001), node(1, 100_001)]),
        Err(Refusal::NoChange { id: ID.into() })
    );
    let old = relocate(&mut with(Pace::Held, instance(ID, 2)), Vec::new());
    assert!(matches!(old, Err(Refusal::EditionCannot { .. })));
}

fn waiting(pace: Pace) -> Cloud {
    let mut cloud = with(pace, instance(ID, 8));
    let asked = VersionUpgrade {
        switch_option: 1,
        ..to("15")
    };
    cloud.upgrade_version(&guangzhou(), &asked).unwrap();
    cloud
}

#[test]
fn a_switch_in_the_window_leaves_the_instance_running_until_then() {
    let mut cloud = waiting(Pace::Timed);
    let before = cloud.instances[ID].clone();
    assert_eq!((before.status, before.edition.type_id), (Status::Running, 8));
    let window = only_flow(&cloud).due_at.unwrap();
    assert_eq!(&time::show(window)[11..], "03:00:00");
    cloud.advance(window - 1);
    assert_eq!(cloud.instances[ID].edition.type_id, 8);
    cloud.advance(window);
    assert_eq!(cloud.instances[ID].edition.type_id, 15);
}

#[test]
fn a_switch_that_waits_can_be_made_now() {
    let mut cloud = waiting(Pace::Timed);
    cloud.switch_now(&guangzhou(), ID).unwrap();
    assert_eq!(cloud.instances[ID].status, Status::InProcess);
    assert_eq!(
        cloud.switch_now(&guangzhou(), ID),
        Err(Refusal::NothingWaiting { id: ID.into() })
    );
    cloud.show(ID);
    cloud.advance(NOW + SECOND);
    let now = &cloud.instances[ID];
    assert_eq!((now.status, now.edition.type_id), (Status::Running, 15));
}

#[test]
fn nothing_is_switched_where_nothing_waits() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let nothing = Err(Refusal::NothingWaiting { id: ID.into() });
    assert_eq!(cloud.switch_now(&guangzhou(), ID), nothing);
    cloud.upgrade_version(&guangzhou(), &to("15")).unwrap();
    assert_eq!(cloud.switch_now(&guangzhou(), ID), nothing);
}
