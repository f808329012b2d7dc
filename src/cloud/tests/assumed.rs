//! What is assumed where the evidence is weak: each with its whole kind. What a caller meets under each choice stands
//! in `tests/it/assume.rs`.

use super::create::{order, refusal, wrong_key};
use super::*;
use crate::cloud::access::password::NewPassword;

const ID: &str = "crs-aaaaaaaa";

#[test]
fn the_price_asks_for_no_network() {
    let asked = Order {
        vpc: None,
        subnet: None,
        password: None,
        product_version: Some("cloud".into()),
        ..order()
    };
    assert!(empty(Pace::Held).quote_create(&guangzhou(), &asked).is_ok());
}

#[test]
fn a_name_holds_chinese_characters_latin_letters_digits_and_two_marks() {
    let named = |name: &str| Order {
        name: Some(name.into()),
        ..order()
    };
    for name in ["cache-01_b", "缓存集群", "〇", "𠀀", "-", "_"] {
        let done = empty(Pace::Held).create(&guangzhou(), &named(name));
        assert!(done.is_ok(), "{name}: {done:?}");
    }
    for name in [
        "a b", "a.b", "a!", "<x> y", "a\nb", "\t", "😀", "é", "ａ", "カ", "。", "a/b", "а",
    ] {
        assert_eq!(wrong_key(&named(name)), "InstanceName", "{name}");
    }
}

#[test]
fn an_encrypted_password_is_not_held_against_the_rules_and_not_known() {
    let encrypted = Order {
        password: Some("Zm9v".repeat(100)),
        encrypted: true,
        ..order()
    };
    let mut cloud = empty(Pace::Instant);
    let done = cloud.create(&guangzhou(), &encrypted).unwrap().unwrap();
    let made = &cloud.instances[done.instance_ids[0].as_str()];
    assert_eq!(made.access, Access::Password(None));
    let missing = Order {
        password: None,
        ..encrypted
    };
    assert_eq!(refusal(&missing), Refusal::PasswordMissing);
}

#[test]
fn every_standard_edition_has_one_replica_where_that_is_assumed() {
    let mut cloud = empty(Pace::Held);
    cloud.settings.assumed.missing_replicas_are_one = true;
    for edition in edition::EDITIONS
        .iter()
        .filter(|edition| edition.sale == edition::Sale::Open)
    {
        let asked = Order {
            type_id: edition.type_id,
            replicas: None,
            dry_run: true,
            ..order()
        };
        let done = cloud.create(&guangzhou(), &asked);
        let standard = edition.arch == edition::Arch::Standard;
        assert_eq!(done.is_ok(), standard, "{}: {done:?}", edition.type_id);
    }
}

#[test]
fn an_encrypted_password_lets_nobody_in_without_one_and_is_not_known() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    let asked = NewPassword {
        text: Some("Zm9v"),
        encrypted: true,
        ..NewPassword::default()
    };
    cloud.instances.update(ID, |one| one.access = Access::NoPassword);
    cloud.reset_password(&guangzhou(), ID, &asked).unwrap();
    let one = &cloud.instances[ID];
    assert_eq!(one.access, Access::Password(None));

    cloud.settings.assumed.encrypted_passwords_are_not_checked = false;
    let refused = cloud.reset_password(&guangzhou(), ID, &asked);
    assert!(matches!(refused, Err(Refusal::PasswordBreaksRules { .. })));
}

#[test]
fn what_is_never_renewed_is_isolated_at_its_deadline_and_the_others_a_week_later() {
    let deadline = NOW + time::HOUR;
    for (auto_renew, grace) in [(AutoRenew::Never, 0), (AutoRenew::Manual, 7 * time::DAY)] {
        let mut one = prepaid(instance(ID, 8), deadline);
        one.auto_renew = auto_renew;
        let mut cloud = with(Pace::Timed, one);
        assert_eq!(cloud.next_due(), Some(deadline + grace));
        cloud.advance(deadline + grace - 1);
        assert_eq!(cloud.instances[ID].status, Status::Running);
        cloud.advance(deadline + grace);
        let one = &cloud.instances[ID];
        assert_eq!(
            (one.status, one.recycle_bin.isolated_at),
            (Status::Isolated, Some(deadline + grace))
        );
        assert_eq!(one.deadline_at(), Some(deadline));
    }
}

#[test]
fn what_is_set_to_be_never_renewed_after_its_deadline_is_isolated_at_once() {
    let mut cloud = with(Pace::Timed, prepaid(instance(ID, 8), NOW + SECOND));
    cloud.advance(NOW + time::DAY);
    let never = [(ID.to_owned(), Modification::AutoRenew(2))];
    cloud.modify(&at(NOW + time::DAY), &never).unwrap();
    cloud.advance(NOW + time::DAY);
    let one = &cloud.instances[ID];
    assert_eq!(
        (one.status, one.recycle_bin.isolated_at),
        (Status::Isolated, Some(NOW + time::DAY))
    );
}

#[test]
fn an_order_into_a_cluster_shows_what_the_cluster_is_part_of() {
    let mut cloud = empty(Pace::Held);
    let region = guangzhou().region;
    let cluster = RedisCluster {
        id: "crs-cdc-aaaaaaaa".into(),
        name: "cluster".into(),
        dedicated_cluster_id: Some("cluster-bbbbbbbb".into()),
        region,
        zone_id: 100_003,
        project_id: 0,
        auto_renew: AutoRenew::Manual,
        started_at: NOW,
        ends_at: None,
        status: 2,
        base_bundles: Vec::new(),
        bundles: Vec::new(),
    };
    cloud.clusters.insert(cluster.id.clone(), cluster);
    let asked = Order {
        product_version: Some("cdc".into()),
        redis_cluster_id: Some("crs-cdc-aaaaaaaa".into()),
        ..order()
    };
    let done = cloud.create(&guangzhou(), &asked).unwrap().unwrap();
    let shown = cloud.instances[done.instance_ids[0].as_str()]
        .hardware
        .dedicated_cluster_id
        .clone();
    let filter = dedicated::listing::ClusterFilter {
        dedicated_cluster_id: shown,
        ..dedicated::listing::ClusterFilter::default()
    };
    let found = dedicated::listing::find_clusters(&cloud, region, &filter);
    assert_eq!(
        found.iter().map(|cluster| cluster.id.as_str()).collect::<Vec<_>>(),
        ["crs-cdc-aaaaaaaa"]
    );
}

#[test]
fn half_a_gigabyte_is_ordered_and_never_resized_to() {
    let half = Order {
        type_id: 2,
        mem_mb: 512,
        replicas: None,
        ..order()
    };
    let mut cloud = empty(Pace::Instant);
    let done = cloud.create(&guangzhou(), &half).unwrap().unwrap();
    assert!(cloud.quote_create(&guangzhou(), &half).is_ok());
    let asked = |mem_mb| Upgrade {
        instance_id: done.instance_ids[0].to_string(),
        mem_mb,
        ..Upgrade::default()
    };
    assert!(cloud.upgrade(&guangzhou(), &asked(1_024)).is_ok());
    assert!(matches!(
        cloud.upgrade(&guangzhou(), &asked(512)),
        Err(Refusal::MemoryNotSold { mb: 512, sold_mb }) if !sold_mb.contains(&512)
    ));
    let other = cloud.create(&guangzhou(), &half).unwrap().unwrap();
    let turned = cloud::money::charge::Renewal {
        instance_id: other.instance_ids[0].to_string(),
        months: 1,
        pay_mode: Some("prepaid".into()),
    };
    let refused = cloud.renew(&guangzhou(), &turned);
    assert!(matches!(refused, Err(Refusal::WrongBilling { .. })), "{refused:?}");
    let prepaid = Order { billing: 1, ..half };
    assert!(matches!(refusal(&prepaid), Refusal::MemoryNotSold { mb: 512, .. }));
}
