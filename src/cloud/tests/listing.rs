use super::*;
use crate::cloud::life::task;
use crate::cloud::vpc::address;

fn page() -> Page {
    Page {
        order_by: OrderBy::CreateTime,
        ascending: false,
        offset: 0,
        limit: 20,
    }
}

/// Three instances: an old 2.8 one, a cluster, and a prepaid one over two zones.
fn three() -> Cloud {
    let mut cloud = empty(Pace::Held);
    let mut old = instance("crs-old00000", 2);
    old.created_at = NOW - time::DAY;
    old.name = "sessions".into();
    old.tags = vec![Tag {
        key: "team".into(),
        value: "red".into(),
    }];
    old.status = Status::Isolated;
    let mut cluster = instance("crs-cluster0", 9);
    cluster.name = "cache-hot".into();
    cluster.address.vip = "10.0.0.7".into();
    cluster.project_id = 7;
    cluster.network = Some(Network::new("vpc-aaaaaaaa", "subnet-bbbbbbbb"));
    let mut prepaid = instance("crs-prepaid0", 15);
    prepaid.created_at = NOW + SECOND;
    prepaid.name = "cache-cold".into();
    prepaid.payment = Payment::prepaid_until(Some(NOW + time::DAY));
    prepaid.auto_renew = AutoRenew::Automatic;
    prepaid.placement = Placement::Nodes(vec![Node {
        id: 1,
        role: Role::Master,
        zone_id: 100_001,
    }]);
    prepaid.hardware.product_version = "localv2".into();
    for instance in [old, cluster, prepaid] {
        cloud.instances.insert(instance);
    }
    cloud
}

fn found(filter: Filter) -> Vec<String> {
    ids(&three(), filter, page())
}

fn ids(cloud: &Cloud, filter: Filter, page: Page) -> Vec<String> {
    let (_, found) = cloud.find_instances(&guangzhou(), &filter, &page);
    found.into_iter().map(|instance| instance.id.to_string()).collect()
}

const OLD: &str = "crs-old00000";
const CLUSTER: &str = "crs-cluster0";
const PREPAID: &str = "crs-prepaid0";

#[test]
fn without_a_filter_all_are_listed_newest_first() {
    assert_eq!(found(Filter::default()), [PREPAID, CLUSTER, OLD]);
}

#[test]
#[rustfmt::skip]
fn every_filter_filters() {
    let f = Filter::default;
    let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let team = |value: &str| vec![Tag { key: "team".into(), value: value.into() }];
    let cases: Vec<(&str, Filter, &[&str])> = vec![
        ("id", Filter { id: Some(OLD.into()), ..f() }, &[OLD]),
        ("unknown id", Filter { id: Some("crs-zzzzzzzz".into()), ..f() }, &[]),
        ("ids", Filter { ids: words(&[OLD, CLUSTER]), ..f() }, &[CLUSTER, OLD]),
        ("name", Filter { name: Some("cache".into()), ..f() }, &[PREPAID, CLUSTER]),
        ("key: name", Filter { search_key: Some("hot".into()), ..f() }, &[CLUSTER]),
        ("key: id", Filter { search_key: Some(OLD.into()), ..f() }, &[OLD]),
        ("key: part of an id", Filter { search_key: Some("crs-old".into()), ..f() }, &[]),
        ("key: address", Filter { search_key: Some("10.0.0.7".into()), ..f() }, &[CLUSTER]),
        ("keys", Filter { search_keys: words(&["hot", OLD]), ..f() }, &[CLUSTER, OLD]),
        ("project", Filter { project_ids: vec![7], ..f() }, &[CLUSTER]),
        ("status", Filter { statuses: vec![-2], ..f() }, &[OLD]),
        ("types", Filter { type_ids: vec![2, 9], ..f() }, &[CLUSTER, OLD]),
        ("type", Filter { type_id: Some(15), ..f() }, &[PREPAID]),
        ("renewal", Filter { auto_renew: vec![1], ..f() }, &[PREPAID]),
        ("billing", Filter { billing: Some(Billing::Prepaid), ..f() }, &[PREPAID]),
        ("cluster", Filter { type_version: Some(3), ..f() }, &[CLUSTER]),
        ("engine", Filter { engine_word: Some("redis-6.0".into()), ..f() }, &[PREPAID]),
        ("vpc", Filter { vpcs: words(&["vpc-aaaaaaaa"]), ..f() }, &[CLUSTER]),
        ("subnet", Filter { subnets: words(&["subnet-x"]), ..f() }, &[]),
        ("tag", Filter { tags: team("red"), ..f() }, &[OLD]),
        ("other tag", Filter { tags: team("blue"), ..f() }, &[]),
        ("tag key", Filter { tag_keys: words(&["team", "none"]), ..f() }, &[OLD]),
        ("product", Filter { product_versions: words(&["localv2"]), ..f() }, &[PREPAID]),
        ("many zones", Filter { multi_zone: Some(true), ..f() }, &[PREPAID]),
        ("one zone", Filter { multi_zone: Some(false), ..f() }, &[CLUSTER, OLD]),
        ("two at once", Filter { name: Some("cache".into()), type_id: Some(9), ..f() }, &[CLUSTER]),
    ];
    for (what, filter, expected) in cases {
        assert_eq!(found(filter), expected, "{what}");
    }
}

#[test]
fn a_network_is_also_found_by_its_number() {
    let number = address::numbers(&three(), &three().instances[CLUSTER]).0.to_string();
    assert_eq!(
        found(Filter {
            vpcs: vec![number],
            ..Filter::default()
        }),
        [CLUSTER]
    );
}

#[test]
fn every_order_orders() {
    let cases = [
        ("createtime ", true, [OLD, CLUSTER, PREPAID]),
        ("projectId", true, [OLD, PREPAID, CLUSTER]),
        ("instancename", true, [PREPAID, CLUSTER, OLD]),
        ("type", false, [PREPAID, CLUSTER, OLD]),
        ("curDeadline", false, [PREPAID, CLUSTER, OLD]),
    ];
    for (word, ascending, expected) in cases {
        let page = Page {
            order_by: OrderBy::from_word(word).unwrap(),
            ascending,
            ..page()
        };
        assert_eq!(ids(&three(), Filter::default(), page), expected, "{word}");
    }
    assert_eq!(OrderBy::from_word("size"), None);
}

#[test]
fn pages_end_where_the_list_ends() {
    let cloud = three();
    let cases: [(u64, u64, &[&str]); 5] = [
        (0, 2, &[PREPAID, CLUSTER]),
        (2, 2, &[OLD]),
        (3, 2, &[]),
        (u64::MAX, u64::MAX, &[]),
        (0, 0, &[]),
    ];
    for (offset, limit, expected) in cases {
        let page = Page {
            offset,
            limit,
            ..page()
        };
        assert_eq!(ids(&cloud, Filter::default(), page), expected);
        let (total, _) = cloud.find_instances(&guangzhou(), &Filter::default(), &page);
        assert_eq!(total, 3);
    }
}

#[test]
fn another_region_has_none_of_them() {
    let cloud = three();
    let beijing = Call::new(NOW, region::find("ap-beijing").unwrap());
    let by_id = Filter {
        id: Some(OLD.into()),
        ..Filter::default()
    };
    assert_eq!(cloud.find_instances(&beijing, &by_id, &page()).0, 0);
    assert_eq!(cloud.find_instances(&beijing, &Filter::default(), &page()).0, 0);
}

#[test]
fn tasks_are_listed_newest_first_for_thirty_days() {
    let mut cloud = three();
    for (second, mem_mb) in [(0, 2_048), (5, 4_096)] {
        let asked = Upgrade {
            instance_id: CLUSTER.into(),
            mem_mb,
            ..Upgrade::default()
        };
        cloud.upgrade(&at(NOW + second * SECOND), &asked).unwrap();
        cloud.drain(NOW + (second + 1) * SECOND);
    }
    let page = |filter: TaskFilter, now| task::find_tasks(&cloud, &at(now), &filter, (0, 20));
    let listed = |filter: TaskFilter, now| page(filter, now).0;
    let resizes = || TaskFilter {
        kinds: vec!["002".into()],
        ..TaskFilter::default()
    };
    let (_, all) = page(resizes(), NOW + time::DAY);
    assert!(all.len() == 2 && all[0].started_at > all[1].started_at);
    assert_eq!(listed(resizes(), NOW + 31 * time::DAY), 0);
    // Those of the daily backups begin anew each day.
    let all = TaskFilter::default;
    assert_eq!(
        (listed(all(), NOW + time::DAY), listed(all(), NOW + 99 * time::DAY)),
        (2 + 2, 2 * 30)
    );
    assert_eq!(
        listed(
            TaskFilter {
                from: Some(NOW + SECOND),
                ..Default::default()
            },
            NOW
        ),
        1
    );
    assert_eq!(
        listed(
            TaskFilter {
                until: Some(NOW),
                ..Default::default()
            },
            NOW
        ),
        1
    );
    assert_eq!(
        listed(
            TaskFilter {
                kinds: vec!["002".into()],
                ..Default::default()
            },
            NOW
        ),
        2
    );
    assert_eq!(
        listed(
            TaskFilter {
                results: vec![1],
                ..Default::default()
            },
            NOW
        ),
        0
    );
    assert_eq!(
        listed(
            TaskFilter {
                instance_id: Some(OLD.into()),
                ..Default::default()
            },
            NOW
        ),
        0
    );
    assert_eq!(
        listed(
            TaskFilter {
                instance_name: Some("hot".into()),
                ..Default::default()
            },
            NOW
        ),
        2
    );
    assert_eq!(
        listed(
            TaskFilter {
                operators: vec!["1".into()],
                ..Default::default()
            },
            NOW
        ),
        0
    );
    assert_eq!(
        listed(
            TaskFilter {
                project_ids: vec![7],
                ..Default::default()
            },
            NOW
        ),
        2
    );
}

#[test]
fn many_keys_find_what_each_of_them_finds() {
    let names = ["", "a", "web-1", "web-10", "数据库", "aaaa", "WEB-1", "库"];
    let mut cloud = empty(Pace::Held);
    for (at, name) in names.iter().enumerate() {
        let mut made = instance(&format!("crs-{at:08}"), 2);
        made.name = (*name).to_owned();
        made.address.vip = format!("10.0.0.{at}");
        cloud.instances.insert(made);
    }
    let ids = |filter: &Filter| -> Vec<String> {
        let page = Page {
            order_by: OrderBy::CreateTime,
            ascending: true,
            offset: 0,
            limit: 100,
        };
        let call = guangzhou();
        let (_, found) = cloud.find_instances(&call, filter, &page);
        found.iter().map(|found| found.id.to_string()).collect()
    };
    let keys = [
        "",
        "a",
        "aa",
        "aaaaa",
        "web",
        "web-1",
        "web-10",
        "据",
        "库",
        "crs-00000003",
        "crs-0000000",
        "10.0.0.1",
        "10.0.0",
        "nothing",
    ];
    for one in keys {
        let finds = |of: &Instance| of.id == one || of.address.vip == one || of.name.contains(one);
        let plain: Vec<_> = cloud
            .instances
            .values()
            .filter(|of| finds(of))
            .map(|of| of.id.to_string())
            .collect();
        let key = Filter {
            search_key: Some(one.to_owned()),
            ..Filter::default()
        };
        assert_eq!(ids(&key), plain, "{one}");
        for other in keys {
            let either =
                |of: &&Instance| finds(of) || *of.id == *other || of.address.vip == other || of.name.contains(other);
            let plain: Vec<_> = cloud
                .instances
                .values()
                .filter(either)
                .map(|of| of.id.to_string())
                .collect();
            let both = Filter {
                search_keys: vec![one.to_owned(), other.to_owned()],
                ..Filter::default()
            };
            assert_eq!(ids(&both), plain, "{one}, {other}");
        }
    }
}
