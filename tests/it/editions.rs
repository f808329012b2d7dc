//! What must hold whatever is asked: the rules on editions, on refusals and on time.

use crate::model::calls::Calls;
use crs_local::cloud::catalogue::edition::EDITIONS;
use crs_local::cloud::money::record::BALANCE_MOST_FEN;
use crs_local::cloud::monitor::record::MB;
use crs_local::cloud::{
    Account, Assumed, Billing, Call, Cloud, Ids, Instance, Millis, Node, NodeRequest, Order, Pace, Payment, Placement,
    Role, Settings, Spec, Status, Upgrade, region,
};
use crs_local::cloud::{Edition, edition};
use proptest::prelude::*;

const NOW: Millis = 1_800_000_000_000;
const ID: &str = "crs-aaaaaaaa";

fn call(now: Millis) -> Call {
    Call::new(now, region::find("ap-guangzhou").expect("a known region"))
}

fn cloud(pace: Pace, balance_fen: i64) -> Cloud {
    let account = Account::new(1, "1".into(), balance_fen);
    Cloud::new(
        account,
        Settings {
            pace,
            flow_time_ms: 1_000,
            assumed: Assumed::default(),
        },
        Ids::new(7),
    )
}

fn any_edition() -> impl Strategy<Value = &'static Edition> {
    proptest::sample::select(EDITIONS.iter().collect::<Vec<_>>())
}

fn billing() -> impl Strategy<Value = Billing> {
    prop_oneof![Just(Billing::Postpaid), Just(Billing::Prepaid)]
}

/// Sold sizes of any edition, their neighbours, and anything.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => (0_u64..=70).prop_map(|gb| gb * 1_024),
        2 => proptest::sample::select(vec![256, 512, 1_024, 4_096, 65_536, 393_216]),
        1 => 0_u64..100_000,
        1 => any::<u64>(),
    ]
}

fn number() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![3 => Just(None), 3 => (0_u64..10).prop_map(Some), 1 => any::<u64>().prop_map(Some)]
}

fn node() -> impl Strategy<Value = NodeRequest> {
    let zone = prop_oneof![Just(None), (100_000_u64..100_009).prop_map(Some)];
    (0_i64..3, proptest::option::of(0_i64..5), zone).prop_map(|(role, id, zone_id)| NodeRequest {
        role,
        id,
        zone_id,
        zone_name: None,
    })
}

prop_compose! {
    /// An instance of any edition with a spec that it sells, in any state.
    fn instance()(
        edition in any_edition(), billing in billing(), pick in any::<[u8; 3]>(), used in 0_u64..20_000,
        running in proptest::bool::weighted(0.9), zones in any::<bool>(), days in -10_i64..400,
    ) -> Instance {
        let from = |sold: &[u64], pick: u8| sold.get(usize::from(pick) % sold.len().max(1)).copied().unwrap_or(1);
        let region = region::find("ap-guangzhou").expect("a known region");
        let mut instance = Instance::new(ID.into(), region, edition, NOW);
        if billing == Billing::Prepaid {
            instance.payment = Payment::prepaid_until(Some(NOW + days * 86_400_000));
        }
        instance.spec = Spec {
            mem_mb: from(&edition.sizes_mb(billing), pick[0]),
            shards: from(edition.shards.get().unwrap_or_default(), pick[1]),
            replicas: from(edition.replicas.get().unwrap_or_default(), pick[2]),
        };
        instance.memory.used = used * MB;
        instance.status = if running { Status::Running } else { Status::Isolated };
        if zones {
            let node = |id| Node { id, role: if id == 0 { Role::Master } else { Role::Replica }, zone_id: 100_001 };
            instance.placement = Placement::Nodes((0..=instance.spec.replicas as i64).map(node).collect());
        }
        instance
    }
}

prop_compose! {
    fn upgrade()(
        mem_mb in size(), shards in number(), replicas in number(), nodes in proptest::collection::vec(node(), 0..3),
        switch_option in prop_oneof![4 => Just(None), 1 => (0_u64..4).prop_map(Some)],
    ) -> Upgrade {
        Upgrade { instance_id: ID.into(), mem_mb, shards, replicas, nodes, switch_option }
    }
}

/// An upgrade that keeps two of the three numbers, so that many are accepted.
fn single_change(instance: &Instance, asked: Upgrade, which: u8) -> Upgrade {
    let spec = instance.spec;
    match which % 4 {
        0 => Upgrade {
            shards: None,
            replicas: Some(spec.replicas),
            ..asked
        },
        1 => Upgrade {
            mem_mb: spec.mem_mb,
            replicas: None,
            ..asked
        },
        2 => Upgrade {
            mem_mb: spec.mem_mb,
            shards: None,
            ..asked
        },
        _ => asked,
    }
}

fn plain(asked: Upgrade, keep_nodes: bool) -> Upgrade {
    if keep_nodes {
        asked
    } else {
        Upgrade {
            nodes: Vec::new(),
            switch_option: None,
            ..asked
        }
    }
}

proptest! {
    #![proptest_config(super::model::draws(2_000))]

    #[test]
    fn an_accepted_upgrade_stays_in_the_sold_range_and_a_refused_one_changes_nothing(
        instance in instance(), asked in upgrade(), which in any::<u8>(), keep_nodes in any::<bool>(),
        balance_fen in prop_oneof![Just(BALANCE_MOST_FEN), -100_i64..100_000],
    ) {
        let mut cloud = cloud(Pace::Instant, balance_fen);
        let asked = plain(single_change(&instance, asked, which), keep_nodes);
        cloud.instances.insert(instance.clone());
        // As before every call: what was due is over, so that nothing runs long after its deadline.
        cloud.advance(NOW);
        let before = cloud.clone();
        match cloud.upgrade(&call(NOW), &asked) {
            Err(_) => prop_assert_eq!(cloud, before),
            Ok(deal_id) => {
                // What waits for its window is switched now.
                cloud.drain(NOW);
                let after = &cloud.instances[ID];
                prop_assert!(after.edition.sells(&after.spec, after.billing()), "{:?}", after.spec);
                prop_assert_eq!(after.spec.mem_mb, asked.mem_mb);
                let shrank = after.spec.total_mb() < instance.spec.total_mb();
                prop_assert!(!shrank || after.spec.total_mb() * 10 >= (after.memory.used / MB) * 13);
                prop_assert!(after.nodes().is_empty() || after.nodes().len() as u64 == after.spec.replicas + 1);
                prop_assert!(after.nodes().iter().filter(|node| node.role == Role::Master).count() <= 1);
                let paid = cloud.deals[&deal_id].price_fen;
                let moved: i64 = cloud.ledger.iter().map(|entry| entry.amount_fen).sum();
                prop_assert_eq!(before.account.balance_fen + moved, cloud.account.balance_fen);
                let held = after.held_fen() - instance.held_fen();
                prop_assert_eq!(moved, -paid - held);
                prop_assert!(paid <= 0 || cloud.account.balance_fen >= 0);
            }
        }
    }

    #[test]
    fn an_accepted_order_is_of_a_sold_kind_and_a_refused_one_changes_nothing(
        type_id in proptest::sample::select(EDITIONS.iter().map(|edition| edition.type_id).collect::<Vec<_>>()),
        mem_mb in size(), shards in proptest::option::of(-1_i64..10), replicas in proptest::option::of(-1_i64..7),
        goods in 0_u64..40, months in 0_u64..40, billing in 0_i64..3,
        balance_fen in prop_oneof![4 => Just(1_i64 << 40), 1 => -100_i64..100_000],
    ) {
        let mut cloud = cloud(Pace::Instant, balance_fen);
        let before = cloud.clone();
        let password = Some("abcdefg1".to_owned());
        let order = Order { type_id, mem_mb, shards, replicas, goods, months, billing, password, ..Order::default() };
        match cloud.create(&call(NOW), &order) {
            Err(_) => prop_assert_eq!(cloud, before),
            Ok(None) => prop_assert!(false, "nobody asked for a dry run"),
            Ok(Some(done)) => {
                prop_assert_eq!(done.instance_ids.len() as u64, goods);
                prop_assert!(cloud.account.balance_fen >= 0);
                for id in &done.instance_ids {
                    let made = &cloud.instances[id];
                    prop_assert!(made.edition.sells(&made.spec, made.billing()));
                    prop_assert!(made.edition.sale != edition::Sale::Ended);
                }
            }
        }
    }

    #[test]
    fn time_may_be_cut_anywhere(
        starts in proptest::collection::vec(0_i64..5_000, 1..8), shown in proptest::collection::vec(any::<bool>(), 8),
        mut cuts in proptest::collection::vec(0_i64..200_000, 0..10),
    ) {
        let mut whole = cloud(Pace::Timed, 1 << 40);
        let edition = edition::find(8).expect("a known type");
        for (at, start) in starts.iter().enumerate() {
            let id = format!("crs-{at:08}");
            whole.instances.insert(Instance::new(id.as_str().into(), call(NOW).region, edition, NOW));
            let asked = Upgrade { instance_id: id.clone(), mem_mb: 2_048, ..Upgrade::default() };
            prop_assert!(whole.upgrade(&call(NOW + start), &asked).is_ok());
            if shown[at] {
                whole.show(&id);
            }
        }
        let mut cut = whole.clone();
        let end = NOW + 200_000;
        whole.advance(end);
        cuts.sort_unstable();
        for at in cuts {
            cut.advance(NOW + at);
            cut.advance(NOW + at);
        }
        cut.advance(end);
        cut.advance(end);
        prop_assert_eq!(cut, whole);
    }

    #[test]
    fn a_snapshot_goes_on_as_the_original(seed in any::<u64>(), first in 1_u64..5, second in 1_u64..5) {
        let mut original = cloud(Pace::Timed, 1 << 40);
        original.ids = Ids::new(seed);
        let order = |goods| Order {
            type_id: 8, mem_mb: 1_024, replicas: Some(1), goods, months: 1, password: Some("abcdefg1".into()),
            vpc: Some("vpc-abcdefgh".into()), subnet: Some("subnet-abcdefgh".into()),
            ..Order::default()
        };
        prop_assert!(original.create(&call(NOW), &order(first)).is_ok());
        let mut restored = original.clone();
        restored.ids = Ids { seed: original.ids.seed, drawn: original.ids.drawn };
        let one = original.create(&call(NOW + 1), &order(second));
        let two = restored.create(&call(NOW + 1), &order(second));
        prop_assert_eq!(one, two);
        prop_assert_eq!(original, restored);
    }
}

#[test]
fn some_upgrades_of_every_scaling_edition_are_accepted() {
    for edition in EDITIONS
        .iter()
        .filter(|edition| edition.scales != edition::Scales::Nothing)
    {
        for mem_mb in edition.sizes_mb(Billing::Postpaid) {
            let mut cloud = cloud(Pace::Instant, i64::MAX);
            let instance = Instance::new(ID.into(), call(NOW).region, edition, NOW);
            let same = instance.spec.mem_mb == mem_mb;
            cloud.instances.insert(instance);
            let asked = Upgrade {
                instance_id: ID.into(),
                mem_mb,
                ..Upgrade::default()
            };
            assert_eq!(
                cloud.upgrade(&call(NOW), &asked).is_ok(),
                !same,
                "type {} to {mem_mb} MB",
                edition.type_id
            );
        }
    }
}
