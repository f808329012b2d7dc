//! Clones and their backups, quotas, and what is sold out.

use super::*;
use crate::cloud::catalogue::stock;

const ID: &str = "crs-aaaaaaaa";

fn order() -> Order {
    Order {
        type_id: 8,
        mem_mb: 1_024,
        replicas: Some(1),
        goods: 1,
        months: 1,
        zone_id: Some(100_003),
        vpc: Some("vpc-abcdefgh".into()),
        subnet: Some("subnet-abcdefgh".into()),
        password: Some("abcdefg1".into()),
        ..Order::default()
    }
}

/// Type 8 of 4 GB, resized from 1 GB a moment ago.
fn resized(type_id: u64) -> Cloud {
    let mut cloud = with(Pace::Instant, instance(ID, type_id));
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 4_096,
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud
}

fn clone_of(cloud: &Cloud) -> CloneOrder {
    CloneOrder {
        instance_id: ID.into(),
        backup_id: cloud.backups.values().next().unwrap().id.to_string(),
        clone_time: None,
        order: Order {
            // What is not the backup's is not heeded.
            type_id: 2,
            mem_mb: 1,
            ..order()
        },
    }
}

#[test]
fn a_resize_leaves_a_backup_of_what_was_before_it() {
    let cloud = resized(8);
    let backup = cloud.backups.values().next().unwrap();
    assert_eq!(
        (
            backup.instance_id.as_str(),
            backup.kind,
            backup.spec.mem_mb,
            backup.started_at
        ),
        (ID, BackupKind::Resize, 1_024, NOW)
    );
    assert!(resized(5).backups.is_empty(), "a single node has none");
}

#[test]
fn a_clone_is_of_the_size_and_edition_of_its_backup() {
    let mut cloud = resized(8);
    let made = cloud.clone_instances(&guangzhou(), &clone_of(&cloud)).unwrap();
    let clone = &cloud.instances[made.instance_ids[0].as_str()];
    assert_eq!(
        (clone.edition.type_id, clone.spec.mem_mb, clone.status),
        (8, 1_024, Status::Running)
    );
    assert_eq!(cloud.deals[&made.deal_id].instance_ids, made.instance_ids);
    let kinds: Vec<TaskKind> = cloud.tasks.values().map(|task| task.kind).collect();
    assert_eq!(kinds, [TaskKind::Resize, TaskKind::Clone]);
}

#[test]
fn a_clone_needs_a_backup_of_its_own_instance() {
    let mut cloud = resized(8);
    cloud.instances.insert(instance("crs-bbbbbbbb", 8));
    let good = clone_of(&cloud);
    let unknown = CloneOrder {
        backup_id: "1-2-3".into(),
        ..good.clone()
    };
    let others = CloneOrder {
        instance_id: "crs-bbbbbbbb".into(),
        ..good
    };
    for asked in [unknown, others] {
        let before = cloud.clone();
        let refusal = cloud.clone_instances(&guangzhou(), &asked).unwrap_err();
        assert_eq!(refusal, Refusal::NoSuchBackup { id: asked.backup_id });
        assert_eq!(cloud, before);
    }
}

#[test]
fn an_old_edition_is_not_cloned() {
    let mut cloud = resized(2);
    let asked = clone_of(&cloud);
    let refusal = cloud.clone_instances(&guangzhou(), &asked).unwrap_err();
    assert!(matches!(refusal, Refusal::EditionCannot { type_id: 2, .. }));
}

#[test]
fn a_clone_goes_back_to_a_time_of_its_instance() {
    let mut cloud = resized(8);
    let good = clone_of(&cloud);
    let at_once = CloneOrder {
        clone_time: Some(time::show(NOW)),
        ..good.clone()
    };
    assert_eq!(
        cloud.clone_instances(&guangzhou(), &at_once),
        Err(Refusal::NoSecondLevelBackup { id: ID.into() })
    );
    cloud
        .instances
        .update(ID, |one| one.backup_mode = BackupMode::SecondLevel);
    let mut clone_at = |text: String| {
        let asked = CloneOrder {
            clone_time: Some(text),
            ..good.clone()
        };
        cloud.clone_instances(&guangzhou(), &asked)
    };
    assert!(clone_at(time::show(NOW)).is_ok());
    for text in [time::show(NOW - SECOND), time::show(NOW + SECOND), "yesterday".into()] {
        assert!(matches!(
            clone_at(text),
            Err(Refusal::BadValue {
                parameter: "CloneTime",
                ..
            })
        ));
    }
}

#[test]
fn a_clone_may_be_had_for_five_years() {
    let mut cloud = resized(8);
    cloud.account.balance_fen = 100_000_000;
    let mut asked = clone_of(&cloud);
    (asked.order.billing, asked.order.months) = (1, 60);
    assert!(cloud.clone_instances(&guangzhou(), &asked).is_ok());
    let order = Order {
        billing: 1,
        months: 60,
        ..order()
    };
    assert_eq!(
        cloud.create(&guangzhou(), &order),
        Err(Refusal::PeriodTooLong { months: 60 })
    );
}

#[test]
fn a_region_holds_so_many_postpaid_instances() {
    let mut cloud = empty(Pace::Instant);
    cloud.account.postpaid_quota = 3;
    let goods = |goods| Order { goods, ..order() };
    cloud.create(&guangzhou(), &goods(2)).unwrap();
    assert_eq!(
        cloud.create(&guangzhou(), &goods(2)),
        Err(Refusal::QuotaExceeded { quota: 3 })
    );
    let prepaid = Order { billing: 1, ..goods(2) };
    assert!(cloud.create(&guangzhou(), &prepaid).is_ok());
    let elsewhere = Call::new(NOW, region::find("ap-beijing").unwrap());
    let there = Order {
        zone_id: None,
        ..goods(3)
    };
    assert!(cloud.create(&elsewhere, &there).is_ok());
    assert!(cloud.create(&guangzhou(), &goods(1)).is_ok());
    // What lies in the recycle bin counts no more.
    let id = cloud
        .instances
        .values()
        .find(|one| one.region.name == "ap-guangzhou" && one.billing() == Billing::Postpaid);
    let id = id.unwrap().id.clone();
    cloud.destroy_postpaid(&guangzhou(), &id).unwrap();
    assert!(cloud.create(&guangzhou(), &goods(1)).is_ok());
}

#[test]
fn what_is_sold_out_is_not_ordered_and_does_not_grow() {
    let zone = guangzhou().region.zone(100_003);
    let mut cloud = empty(Pace::Instant);
    cloud.create(&guangzhou(), &order()).unwrap();
    let id = cloud.instances.values().next().unwrap().id.clone();
    cloud.sold_out.push(SoldOut { zone, type_id: Some(8) });
    let nothing_left =
        |cloud: &Cloud, zone_id: u64| stock::is_zone_sold_out(cloud, guangzhou().region.zone(zone_id).expect("a zone"));
    assert!(!nothing_left(&cloud, 100_003), "other types are left");
    let mut bare = cloud.clone();
    bare.sold_out.push(SoldOut { zone, type_id: None });
    assert!(nothing_left(&bare, 100_003) && !nothing_left(&bare, 100_004));
    let sold_out = Refusal::SoldOut {
        place: "100003".into(),
        type_id: 8,
    };
    assert_eq!(cloud.create(&guangzhou(), &order()), Err(sold_out.clone()));
    let other_type = Order { type_id: 15, ..order() };
    assert!(cloud.create(&guangzhou(), &other_type).is_ok());
    let other_zone = Order {
        zone_id: Some(100_004),
        ..order()
    };
    assert!(cloud.create(&guangzhou(), &other_zone).is_ok());
    let to = |mem_mb| Upgrade {
        instance_id: id.to_string(),
        mem_mb,
        ..Upgrade::default()
    };
    assert_eq!(cloud.upgrade(&guangzhou(), &to(2_048)), Err(sold_out));
    assert!(cloud.upgrade(&guangzhou(), &to(512)).is_ok(), "it shrinks");
}
