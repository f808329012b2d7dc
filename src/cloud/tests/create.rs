use super::*;

pub(super) fn order() -> Order {
    Order {
        type_id: 8,
        mem_mb: 1_024,
        replicas: Some(1),
        goods: 1,
        months: 1,
        zone_id: Some(100_003),
        vpc: Some("vpc-abcdefgh".into()),
        subnet: Some("subnet-abcdefgh".into()),
        password: Some("crs-Local1".into()),
        ..Order::default()
    }
}

fn refusal_in(region: &str, order: &Order) -> Refusal {
    let mut cloud = empty(Pace::Held);
    let before = cloud.clone();
    let call = Call::new(NOW, region::find(region).unwrap());
    let refusal = cloud.create(&call, order).expect_err("must be refused");
    assert_eq!(cloud, before, "a refused call changed something");
    refusal
}

pub(super) fn refusal(order: &Order) -> Refusal {
    refusal_in("ap-guangzhou", order)
}

/// The parameter that a refusal finds fault with.
pub(super) fn wrong_key(order: &Order) -> &'static str {
    match refusal(order) {
        Refusal::BadValue { parameter, .. } | Refusal::BadAutoRenew { parameter, .. } => parameter,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_ordered_is_there_at_once_and_runs_later() {
    let mut cloud = empty(Pace::Held);
    let asked = Order {
        goods: 2,
        name: Some("cache".into()),
        ..order()
    };
    let done = cloud.create(&guangzhou(), &asked).unwrap().unwrap();
    assert_eq!(done.instance_ids.len(), 2);
    for id in &done.instance_ids {
        let made = &cloud.instances[id];
        assert_eq!(
            (made.status, made.name.as_str(), made.zone_id()),
            (Status::InProcess, "cache", 100_003)
        );
    }
    assert_eq!(cloud.deals[&done.deal_id].status, DealStatus::Delivering);

    let first = cloud.flows.values().next().unwrap().id;
    cloud.step(first, NOW + SECOND);
    assert_eq!(
        cloud.deals[&done.deal_id].status,
        DealStatus::Delivering,
        "one is still on its way"
    );
    cloud.drain(NOW + 2 * SECOND);
    let deal = &cloud.deals[&done.deal_id];
    assert_eq!(
        (deal.status, deal.ended_at, deal.goods_num),
        (DealStatus::Delivered, Some(NOW + 2 * SECOND), 2)
    );
    assert!(
        cloud
            .instances
            .values()
            .all(|instance| instance.status == Status::Running)
    );
}

#[test]
fn every_type_on_sale_can_be_had_and_no_other() {
    for edition in edition::EDITIONS {
        let mut asked = Order {
            type_id: edition.type_id,
            mem_mb: 4_096,
            shards: None,
            ..order()
        };
        asked.shards = edition
            .shards
            .get()
            .and_then(|sold| sold.first())
            .map(|&shards| shards as i64);
        asked.password = Some("abcdefg1".into());
        let done = empty(Pace::Instant).create(&guangzhou(), &asked);
        let on_sale = edition.sale != edition::Sale::Ended;
        assert_eq!(done.is_ok(), on_sale, "{}: {done:?}", edition.type_id);
    }
    assert_eq!(
        refusal(&Order { type_id: 99, ..order() }),
        Refusal::TypeNotSold { type_id: 99 }
    );
}

#[test]
fn a_name_is_the_id_unless_given() {
    let mut cloud = empty(Pace::Instant);
    let done = cloud.create(&guangzhou(), &order()).unwrap().unwrap();
    assert_eq!(cloud.instances[&done.instance_ids[0]].name, *done.instance_ids[0]);
}

#[test]
fn a_dry_run_creates_nothing() {
    let mut cloud = empty(Pace::Instant);
    let before = cloud.clone();
    assert_eq!(
        cloud.create(
            &guangzhou(),
            &Order {
                dry_run: true,
                ..order()
            }
        ),
        Ok(None)
    );
    assert_eq!(cloud, before);
}

#[test]
fn sizes_and_numbers_are_those_that_are_sold() {
    for mem_mb in [0, 3_072] {
        let refused = refusal(&Order { mem_mb, ..order() });
        let Refusal::MemoryNotSold { mb, sold_mb } = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(mb, mem_mb);
        assert!(sold_mb.contains(&4_096) && !sold_mb.contains(&mb), "{sold_mb:?}");
    }
    assert!(matches!(
        refusal(&Order {
            mem_mb: 131_072,
            ..order()
        }),
        Refusal::MemoryOutOfRange { .. }
    ));
    assert_eq!(
        refusal(&Order {
            replicas: None,
            ..order()
        }),
        Refusal::SpecMissing { type_id: 8 }
    );
    assert_eq!(
        refusal(&Order { type_id: 9, ..order() }),
        Refusal::SpecMissing { type_id: 9 }
    );
    for (shards, replicas) in [
        (Some(3), Some(1)),
        (Some(-1), Some(1)),
        (Some(1), Some(0)),
        (Some(1), Some(i64::MIN)),
    ] {
        let refusal = refusal(&Order {
            shards,
            replicas,
            ..order()
        });
        assert!(matches!(refusal, Refusal::SpecNotSold { .. }), "{refusal:?}");
    }
}

#[test]
fn goods_and_periods_have_bounds() {
    for goods in [0, 31] {
        assert_eq!(
            refusal(&Order { goods, ..order() }),
            Refusal::GoodsOutOfRange { goods, highest: 30 }
        );
    }
    let prepaid = Order { billing: 1, ..order() };
    assert_eq!(
        refusal(&Order {
            goods: 101,
            ..prepaid.clone()
        }),
        Refusal::GoodsOutOfRange {
            goods: 101,
            highest: 100
        }
    );
    assert_eq!(
        refusal(&Order { months: 0, ..order() }),
        Refusal::PeriodTooShort { months: 0 }
    );
    assert_eq!(
        refusal(&Order { months: 2, ..order() }),
        Refusal::PeriodTooLong { months: 2 }
    );
    assert_eq!(
        refusal(&Order {
            months: 37,
            ..prepaid.clone()
        }),
        Refusal::PeriodTooLong { months: 37 }
    );
    assert_eq!(
        refusal(&Order { months: 13, ..prepaid }),
        Refusal::PeriodNotSold { months: 13 }
    );
    assert_eq!(wrong_key(&Order { billing: 2, ..order() }), "BillingMode");
}

#[test]
fn passwords_follow_the_rule() {
    let with = |password: &str| Order {
        password: Some(password.into()),
        ..order()
    };
    assert_eq!(
        refusal(&Order {
            password: None,
            ..order()
        }),
        Refusal::PasswordMissing
    );
    assert_eq!(refusal(&with("")), Refusal::PasswordMissing);
    for password in [
        "short1A",
        "onlylower",
        "12345678",
        "/starts1with",
        "wörter12",
        "with blank 1",
        &"a1".repeat(33),
    ] {
        assert!(
            matches!(refusal(&with(password)), Refusal::PasswordBreaksRules { .. }),
            "{password}"
        );
    }
    for password in ["lower123", "UPPERlower", "low_____", &"a1".repeat(32)] {
        assert!(
            empty(Pace::Held).create(&guangzhou(), &with(password)).is_ok(),
            "{password}"
        );
    }
    let ckv = Order {
        type_id: 3,
        mem_mb: 4_096,
        ..with("with_symbol1")
    };
    assert!(matches!(refusal(&ckv), Refusal::PasswordBreaksRules { .. }));
    assert!(
        empty(Pace::Held)
            .create(
                &guangzhou(),
                &Order {
                    no_auth: true,
                    password: None,
                    ..order()
                }
            )
            .is_ok()
    );
}

#[test]
fn places_must_sell_redis() {
    assert!(matches!(
        refusal_in("ap-guangzhou-open", &order()),
        Refusal::NoRedisHere { .. }
    ));
    assert!(matches!(
        refusal(&Order {
            zone_id: Some(800_001),
            ..order()
        }),
        Refusal::NoSuchZone { .. }
    ));
    let disagree = Order {
        zone_name: Some("ap-guangzhou-4".into()),
        ..order()
    };
    assert!(matches!(refusal(&disagree), Refusal::NoSuchZone { .. }));
    let named = Order {
        zone_id: None,
        zone_name: Some("ap-guangzhou-4".into()),
        ..order()
    };
    let mut cloud = empty(Pace::Held);
    cloud.create(&guangzhou(), &named).unwrap();
    assert_eq!(cloud.instances.values().next().unwrap().zone_id(), 100_004);
}

#[test]
fn networks_are_whole_or_absent() {
    let network = |vpc: &str, subnet: &str| Order {
        vpc: Some(vpc.into()),
        subnet: Some(subnet.into()),
        ..order()
    };
    assert!(matches!(
        refusal(&network("", "subnet-abcdefgh")),
        Refusal::NoSuchVpc { .. }
    ));
    assert!(matches!(
        refusal(&network("net-1", "subnet-abcdefgh")),
        Refusal::NoSuchVpc { .. }
    ));
    assert!(matches!(
        refusal(&network("vpc-abcdefgh", "")),
        Refusal::NoSuchSubnet { .. }
    ));
    let base = Order {
        vpc: None,
        subnet: None,
        ..order()
    };
    let open = Order {
        no_auth: true,
        ..base.clone()
    };
    for order in [&base, &open] {
        assert!(matches!(refusal(order), Refusal::NotOnWhiteList { .. }));
    }
    let listed = || {
        let mut cloud = empty(Pace::Held);
        cloud.account.base_network = true;
        cloud
    };
    let mut cloud = listed();
    assert!(cloud.create(&guangzhou(), &base).is_ok());
    let refused = listed().create(&guangzhou(), &open);
    assert!(matches!(refused, Err(Refusal::PasswordNeeded { .. })));
    let financial = Order {
        zone_id: Some(700_001),
        ..base
    };
    assert!(matches!(
        refusal_in("ap-shanghai-fsi", &financial),
        Refusal::VpcOnly { .. }
    ));
}

#[test]
fn the_other_values_make_sense() {
    assert_eq!(
        wrong_key(&Order {
            port: Some(80),
            ..order()
        }),
        "VPort"
    );
    assert_eq!(
        wrong_key(&Order {
            name: Some("n".repeat(60)),
            ..order()
        }),
        "InstanceName"
    );
    assert_eq!(
        wrong_key(&Order {
            auto_renew: Some(3),
            ..order()
        }),
        "AutoRenew"
    );
    assert_eq!(
        wrong_key(&Order {
            product_version: Some("moon".into()),
            ..order()
        }),
        "ProductVersion"
    );
    assert_eq!(
        wrong_key(&Order {
            product_version: Some("cdc".into()),
            ..order()
        }),
        "RedisClusterId"
    );
    let tag = Tag {
        key: "team".into(),
        value: "a".into(),
    };
    assert_eq!(
        wrong_key(&Order {
            tags: vec![tag.clone(), tag],
            ..order()
        }),
        "ResourceTags"
    );
    let groups = vec!["sg-abcdefgh".into(), "group".into()];
    let refused = refusal(&Order {
        security_groups: groups,
        ..order()
    });
    assert_eq!(refused, Refusal::NoSuchSecurityGroup { group: "group".into() });
    let readonly = Order {
        type_id: 2,
        replicas_readonly: true,
        ..order()
    };
    assert!(matches!(refusal(&readonly), Refusal::EditionCannot { .. }));
}

#[test]
fn nodes_over_several_zones_are_a_master_and_its_replicas() {
    let node = |role, zone_id| NodeRequest {
        role,
        zone_id: Some(zone_id),
        ..NodeRequest::default()
    };
    let good = vec![node(1, 100_004), node(0, 100_003)];
    let mut cloud = empty(Pace::Held);
    cloud
        .create(
            &guangzhou(),
            &Order {
                nodes: good,
                zone_id: None,
                ..order()
            },
        )
        .unwrap();
    let made = cloud.instances.values().next().unwrap();
    assert_eq!(
        (made.zone_id(), made.nodes()[0].role, made.nodes().len()),
        (100_003, Role::Master, 2)
    );
    assert_ne!(made.nodes()[0].id, made.nodes()[1].id);

    let mut together = empty(Pace::Held);
    let nodes = vec![node(0, 100_003), node(1, 100_003)];
    let asked = Order { nodes, ..order() };
    together.create(&guangzhou(), &asked).unwrap();
    let made = together.instances.values().next().unwrap();
    assert_eq!((made.zone_id(), made.nodes().len()), (100_003, 0), "one zone");

    let faults = [
        vec![node(0, 100_003)],
        vec![node(0, 100_003), node(0, 100_004)],
        vec![node(1, 100_003), node(1, 100_004)],
        vec![node(0, 100_003), node(2, 100_004)],
        vec![node(0, 100_003), node(1, 800_001)],
        vec![node(0, 100_004), node(1, 100_003)],
    ];
    for nodes in faults {
        assert_eq!(wrong_key(&Order { nodes, ..order() }), "NodeSet");
    }
}

#[test]
fn prepaid_pays_now_and_postpaid_must_have_an_hour() {
    let mut cloud = empty(Pace::Held);
    // 1 GB of a master and a replica: 76.00 a month.
    cloud.account.balance_fen = 15_200;
    let prepaid = Order {
        billing: 1,
        months: 2,
        ..order()
    };
    let done = cloud.create(&guangzhou(), &prepaid).unwrap().unwrap();
    assert_eq!(
        (cloud.account.balance_fen, cloud.deals[&done.deal_id].price_fen),
        (0, 15_200)
    );
    let made = &cloud.instances[&done.instance_ids[0]];
    assert_eq!(made.deadline_at(), Some(time::add_months(NOW, 2)));

    let poor = cloud.create(&guangzhou(), &order()).unwrap_err();
    assert_eq!(
        poor,
        Refusal::BalanceTooLow {
            needed_fen: 21,
            balance_fen: 0
        }
    );
}

#[test]
fn the_same_seed_and_calls_give_the_same_cloud() {
    let run = || {
        let mut cloud = empty(Pace::Timed);
        let done = cloud
            .create(&guangzhou(), &Order { goods: 5, ..order() })
            .unwrap()
            .unwrap();
        for id in &done.instance_ids {
            cloud.show(id);
        }
        cloud.advance(NOW + 2 * SECOND);
        cloud
    };
    assert_eq!(run(), run());
}
