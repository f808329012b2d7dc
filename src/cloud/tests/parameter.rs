//! Parameters of instances, and templates.

use super::*;
use crate::cloud::access::password::NewPassword;
use crate::cloud::change::version::VersionUpgrade;
use crate::cloud::edition::EDITIONS;
use crate::cloud::parameter::catalogue::{self, Known, NO_EVICTION, NOTHING, find, of_edition};
use crate::cloud::parameter::history::History;
use crate::cloud::parameter::modify::{self, modify, records, settings};
use crate::cloud::parameter::record::{ParamRecord, RECORDS_MOST};
use crate::cloud::parameter::template::{self, NewTemplate, TemplateChange, TemplateFilter};

const ID: &str = "crs-aaaaaaaa";
const OTHER: &str = "crs-bbbbbbbb";

fn param(name: &str, value: &str) -> Param {
    let (name, value) = (name.to_owned(), value.to_owned());
    Param { name, value }
}

fn own(cloud: &Cloud) -> &Instance {
    &cloud.instances[ID]
}

fn change(cloud: &mut Cloud, name: &str, value: &str) -> Result<TaskId, Refusal> {
    modify(cloud, &guangzhou(), ID, &[param(name, value)])
}

fn made(cloud: &mut Cloud, type_id: u64, params: &[Param]) -> TemplateId {
    let new = NewTemplate {
        name: format!("made-{}", cloud.param_templates.len()),
        type_id: Some(type_id),
        params: params.to_vec(),
        ..NewTemplate::default()
    };
    template::create(cloud, &new).unwrap()
}

#[test]
fn of_very_many_changes_the_last_are_told() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    let values = |turn: usize| if turn.is_multiple_of(2) { "20" } else { "30" };
    for turn in 0..RECORDS_MOST + 3 {
        let params = [param("hz", values(turn))];
        cloud
            .instances
            .update(ID, |own| modify::apply(own, &params, NOW + turn as Millis));
    }
    let rows = records(&cloud, own(&cloud));
    assert_eq!(rows.len(), RECORDS_MOST);
    let ends = [&rows[0], &rows[RECORDS_MOST - 1]].map(|row| row.record.at);
    assert_eq!(ends, [NOW + RECORDS_MOST as Millis + 2, NOW + 3], "newest first");
}

#[test]
fn each_edition_has_as_many_as_the_facts_count() {
    let counts = [
        (1, 0),
        (2, 14),
        (3, 0),
        (4, 0),
        (5, 14),
        (6, 22),
        (7, 22),
        (8, 22),
        (9, 22),
        (15, 24),
        (16, 24),
        (17, 24),
        (18, 24),
        (19, 24),
        (20, 24),
        (21, 24),
        (22, 24),
        (200, 1),
    ];
    for (type_id, count) in counts {
        let edition = edition::find(type_id).unwrap();
        assert_eq!(of_edition(edition).count(), count, "{type_id}");
    }
}

#[test]
fn each_row_is_known_once_is_in_its_place_and_takes_its_default() {
    for edition in EDITIONS {
        let names: Vec<_> = of_edition(edition).map(|row| row.name).collect();
        assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
        for row in of_edition(edition) {
            assert_eq!(row.kind.fault(row.default), None, "{}", row.name);
            assert!(!row.tip.is_empty() && !row.evidence.source.is_empty(), "{}", row.name);
        }
    }
}

#[test]
fn what_is_guessed_of_a_parameter_is_told() {
    let told = include_str!("../../../docs/differences.md");
    let guessed = [Known::Inferred, Known::Unknown];
    let all = EDITIONS.iter().flat_map(of_edition);
    for row in all.filter(|row| guessed.contains(&row.evidence.domain) || guessed.contains(&row.evidence.default)) {
        assert!(told.contains(&format!("`{}`", row.name)), "{} is not told", row.name);
    }
}

#[test]
fn a_value_is_what_its_kind_allows() {
    let modern = edition::find(15).unwrap();
    let takes = |name: &str, value: &str| find(modern, name).unwrap().kind.fault(value).is_none();
    for (name, value) in [
        ("maxmemory-policy", "allkeys-lfu"),
        ("timeout", "60"),
        ("timeout", "2147483647"),
        ("disable-command-list", "eval,keys"),
        ("disable-command-list", ""),
        ("disable-command-list", NOTHING),
        ("notify-keyspace-events", "Ex"),
        ("notify-keyspace-events", "\"KEA\""),
        ("notify-keyspace-events", NOTHING),
        ("notify-keyspace-events", ""),
        ("UserPasswordSeparate", ":"),
    ] {
        assert!(takes(name, value), "{name} {value}");
    }
    for (name, value) in [
        ("maxmemory-policy", "ALLKEYS-LRU"),
        ("maxmemory-policy", ""),
        ("timeout", "59"),
        ("timeout", "2147483648"),
        ("timeout", "+60"),
        ("timeout", "60.0"),
        ("timeout", ""),
        ("timeout", "99999999999999999999999"),
        ("disable-command-list", "eval, keys"),
        ("disable-command-list", "eval,"),
        ("disable-command-list", "GET"),
        ("notify-keyspace-events", "x"),
        ("notify-keyspace-events", "Kq"),
        ("notify-keyspace-events", "\"K"),
        ("UserPasswordSeparate", "#"),
    ] {
        assert!(!takes(name, value), "{name} {value}");
    }
    let old = find(edition::find(2).unwrap(), "maxmemory-policy").unwrap();
    assert!(old.kind.fault("volatile-lfu").is_some());
}

#[test]
fn a_change_shows_itself_and_is_on_record() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let task = modify(
        &mut cloud,
        &guangzhou(),
        ID,
        &[param("timeout", "120"), param("hz", "10")],
    )
    .unwrap();
    let of = |cloud: &Cloud, name: &str| {
        let all = settings(cloud, own(cloud));
        let found = all.into_iter().find(|setting| setting.listed.name == name).unwrap();
        (found.value, found.changing)
    };
    assert_eq!(of(&cloud, "timeout"), ("31536000".into(), true));
    assert_eq!(of(&cloud, "hz"), ("10".into(), true));
    assert_eq!(of(&cloud, "sentineauth"), ("no".into(), false));
    let rows = records(&cloud, own(&cloud));
    assert_eq!(rows.len(), 1, "what stays as it is has no row");
    assert!(rows[0].runs && rows[0].record.at == NOW);
    cloud.step(task, NOW + SECOND);
    assert_eq!(of(&cloud, "timeout"), ("120".into(), false));
    let rows = records(&cloud, own(&cloud));
    let record = &rows[0].record;
    assert_eq!(
        (&*record.before, &*record.after, record.failed, record.at),
        ("31536000", "120", false, NOW)
    );
    let task = change(&mut cloud, "hz", "20").unwrap();
    cloud.fail(task, NOW + SECOND, "no room");
    assert_eq!(own(&cloud).parameter("hz"), "10");
    let rows = records(&cloud, own(&cloud));
    let failed: Vec<_> = rows.iter().map(|row| (&*row.record.name, row.record.failed)).collect();
    assert_eq!(failed, [("hz", true), ("timeout", false)], "newest first");
}

#[test]
fn changes_of_parameters_exclude_each_other_and_no_others() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let to = NewPassword {
        text: Some("another3"),
        ..NewPassword::default()
    };
    cloud.reset_password(&guangzhou(), ID, &to).unwrap();
    change(&mut cloud, "hz", "20").unwrap();
    let waiting = Refusal::ChangeWaiting { id: ID.into() };
    assert_eq!(change(&mut cloud, "timeout", "60").unwrap_err(), waiting);
    let ids = [ID.to_owned()];
    let applied = template::apply(&mut cloud, &guangzhou(), &ids, "default-param-template-8");
    assert_eq!(applied.unwrap_err(), waiting);
}

#[test]
fn the_default_leaves_nothing_behind_but_its_record() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    assert_eq!(own(&cloud).parameters, None);
    for value in ["20", "10"] {
        change(&mut cloud, "hz", value).unwrap();
        advance::finish_if_instant(&mut cloud, NOW);
    }
    let left = own(&cloud).own_parameters();
    assert_eq!((left.values.iter().count(), left.records.len()), (0, 2));
}

#[test]
fn a_higher_version_keeps_what_it_knows() {
    let mut cloud = with(Pace::Instant, instance(ID, 6));
    for (name, value) in [
        ("slave-lazy-flush", "no"),
        ("hz", "20"),
        ("maxmemory-policy", "allkeys-lfu"),
    ] {
        change(&mut cloud, name, value).unwrap();
        advance::finish_if_instant(&mut cloud, NOW);
    }
    let asked = VersionUpgrade {
        instance_id: ID.into(),
        target_type: "8".into(),
        switch_option: 2,
    };
    cloud.upgrade_version(&guangzhou(), &asked).unwrap();
    advance::finish_if_instant(&mut cloud, NOW);
    assert_eq!(own(&cloud).edition.type_id, 8);
    let value = |name| own(&cloud).parameter(name);
    assert_eq!(
        [
            value("replica-lazy-flush"),
            value("hz"),
            value("maxmemory-policy"),
            value("slave-lazy-flush")
        ],
        ["no", "20", "allkeys-lfu", ""]
    );
}

#[test]
fn a_change_that_the_new_version_does_not_know_fails_alone() {
    let mut cloud = with(Pace::Held, instance(ID, 2));
    let params = [param("list-max-ziplist-value", "65"), param("hz", "20")];
    let task = modify(&mut cloud, &guangzhou(), ID, &params).unwrap();
    cloud
        .instances
        .update(ID, |own| own.become_edition(edition::find(8).unwrap(), own.spec));
    cloud.step(task, NOW);
    assert_eq!(own(&cloud).parameter("hz"), "20");
    let rows = records(&cloud, own(&cloud));
    let failed: Vec<_> = rows.iter().map(|row| (&*row.record.name, row.record.failed)).collect();
    assert_eq!(failed, [("hz", false), ("list-max-ziplist-value", true)]);
}

#[test]
fn what_only_several_zones_need_is_listed_there_alone() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let listed = |cloud: &Cloud| settings(cloud, own(cloud)).len();
    assert_eq!(listed(&cloud), 20);
    assert!(change(&mut cloud, "auto-failback", "no").is_err());
    let node = |id, role, zone_id| Node { id, role, zone_id };
    cloud.instances.update(ID, |own| {
        own.placement = Placement::Nodes(vec![node(1, Role::Master, 100_003), node(2, Role::Replica, 100_004)]);
    });
    assert_eq!(listed(&cloud), 22);
    change(&mut cloud, "auto-failback", "no").unwrap();
}

#[test]
fn a_template_is_applied_to_all_or_to_none() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    cloud.instances.insert(instance(OTHER, 9));
    let id = made(&mut cloud, 8, &[param("hz", "20"), param("auto-failback", "no")]);
    let ids = [ID.to_owned(), OTHER.to_owned()];
    let refused = template::apply(&mut cloud, &guangzhou(), &ids, &id).unwrap_err();
    assert!(
        matches!(refused, Refusal::EditionCannot { type_id: 9, .. }),
        "{refused:?}"
    );
    assert_eq!(cloud.flows.values().count(), 0);
    cloud.instances.insert(instance(OTHER, 8));
    let tasks = template::apply(&mut cloud, &guangzhou(), &ids, &id).unwrap();
    let on: Vec<_> = tasks
        .iter()
        .map(|task| cloud.tasks[task].instance_id.to_string())
        .collect();
    assert_eq!(on, ids);
    cloud.fail(tasks[0], NOW, "no room");
    cloud.step(tasks[1], NOW);
    let values = [ID, OTHER].map(|id| cloud.instances[id].parameter("hz").to_owned());
    assert_eq!(values, ["10", "20"]);
    assert_eq!(records(&cloud, &cloud.instances[OTHER]).len(), 1, "of what it lists");
    template::delete(&mut cloud, &id).unwrap();
    assert_eq!(cloud.instances[OTHER].parameter("hz"), "20");
}

#[test]
fn a_change_of_a_template_keeps_what_it_does_not_name() {
    let mut cloud = empty(Pace::Held);
    let id = made(&mut cloud, 9, &[param("hz", "20")]);
    let to = TemplateChange {
        params: vec![param("timeout", "3600")],
        ..TemplateChange::default()
    };
    template::modify(&mut cloud, &id, &to).unwrap();
    let template = template::find(&cloud, &id).unwrap();
    assert_eq!((template.value("hz"), template.value("timeout")), ("20", "3600"));
    let copy = NewTemplate {
        name: "copy".into(),
        source: Some(id.to_string()),
        params: vec![param("hz", "30")],
        ..NewTemplate::default()
    };
    let copy = template::create(&mut cloud, &copy).unwrap();
    let copy = template::find(&cloud, &copy).unwrap();
    assert_eq!((copy.value("hz"), copy.value("timeout")), ("30", "3600"));
    let all = template::list(&cloud, &TemplateFilter::default()).unwrap();
    let names: Vec<_> = all.iter().map(|template| &*template.name).collect();
    assert_eq!(names, ["copy", "made-0"], "newest first, and none of the system's");
    let (names, ids) = (
        vec!["Default-8".to_owned()],
        vec!["default-param-template-8".to_owned()],
    );
    let by_name = TemplateFilter {
        names,
        ..TemplateFilter::default()
    };
    let by_id = TemplateFilter {
        ids,
        ..TemplateFilter::default()
    };
    for filter in [by_name, by_id] {
        let found = template::list(&cloud, &filter).unwrap();
        assert_eq!(found.len(), 1, "the system's are found by name and by id");
    }
}

#[test]
fn an_order_takes_the_values_of_its_template() {
    let mut cloud = empty(Pace::Instant);
    let id = made(&mut cloud, 8, &[param("maxmemory-policy", "allkeys-lru")]);
    let order = |template: &str| Order {
        type_id: 8,
        mem_mb: 1_024,
        replicas: Some(1),
        goods: 1,
        months: 1,
        vpc: Some("vpc-abcdefgh".into()),
        subnet: Some("subnet-abcdefgh".into()),
        password: Some("abcdefg1".into()),
        template_id: Some(template.to_owned()),
        ..Order::default()
    };
    let ordered = cloud.create(&guangzhou(), &order(&id)).unwrap().expect("an order");
    let made = &cloud.instances[&ordered.instance_ids[0]];
    assert_eq!(made.parameter(catalogue::MAXMEMORY_POLICY), "allkeys-lru");
    assert!(records(&cloud, made).is_empty());
    let ordered = cloud.create(&guangzhou(), &order("default-param-template-8")).unwrap();
    let made = &cloud.instances[&ordered.expect("an order").instance_ids[0]];
    assert_eq!(
        (made.parameter(catalogue::MAXMEMORY_POLICY), &made.parameters),
        (NO_EVICTION, &None)
    );
    let unknown = cloud.create(&guangzhou(), &order("crs-cfg-unknown0")).unwrap_err();
    assert!(matches!(unknown, Refusal::NoSuchTemplate { .. }));
}

#[test]
fn a_parameter_is_told_as_it_was() {
    let record = |before: &str, after: &str, at: Millis, failed: bool| ParamRecord {
        name: "timeout".into(),
        before: before.into(),
        after: after.into(),
        failed,
        at,
    };
    let mut instance = Instance::new("crs-5qlrlhux".into(), guangzhou().region, edition::find(8).unwrap(), 0);
    let seconds = |value: &str| value.parse::<u64>().unwrap_or(0);
    let history = |instance: &Instance| History::of(instance, "timeout", seconds);
    let spans = |history: &History<u64>, span| history.over(&span).collect::<Vec<_>>();
    assert_eq!(spans(&history(&instance), 0..9), [(0..9, 31_536_000)]);
    let mut own = instance.own_parameters();
    own.records = vec![
        record("31536000", "100", 10, false),
        record("100", "7", 15, true),
        record("100", "200", 20, false),
    ];
    let now = Param {
        name: "timeout".into(),
        value: "300".into(),
    };
    own.values.set(&now, "31536000");
    instance.set_parameters(own);
    let told = history(&instance);
    assert_eq!(
        [9, 10, 19, 20].map(|at| told.at(at)),
        [31_536_000, 100, 100, 300],
        "the last is the present one"
    );
    assert_eq!(spans(&told, 5..25), [(5..10, 31_536_000), (10..20, 100), (20..25, 300)]);
    assert_eq!(spans(&told, 10..20), [(10..20, 100)]);
    assert_eq!(told.turns().collect::<Vec<_>>(), [10, 20]);
}
