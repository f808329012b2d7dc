//! What every implemented action answers, held against the published contract: in every state that an instance of every
//! edition goes through.

mod apart;
mod codes;
mod companions;
mod data;
pub(crate) mod examples;
mod lives;
mod networks;
mod reasons;
mod rows;
pub(crate) mod shape;
pub(crate) mod written;

use std::collections::{BTreeMap, BTreeSet};

use crs_local::Config;
use crs_local::cloud::region;
use crs_local::config::{Limit, Pace, RateLimits};
use crs_local::contract::{self, Action};
use serde_json::{Value, json};

use super::gateway::request;
use super::harness::{Answer, App, Raw};

/// Whose instances are asked about: every edition, the financial regions, what neither has, and of every edition one
/// for each action that changes it.
fn fixtures() -> [(&'static str, String); 5] {
    let text = str::to_owned;
    [
        ("default", text(include_str!("../../fixtures/default.json"))),
        ("finance", text(include_str!("../../fixtures/finance.json"))),
        ("states", text(include_str!("../data/answers/states.json"))),
        ("lives", lives::fixture()),
        (NETWORKS, networks::fixture()),
    ]
}

/// The fixture that holds networks. In it, the rows of their service are walked alone: to make a VPC changes what may
/// be ordered.
const NETWORKS: &str = "networks";

/// What there is to ask about in one region at one moment.
struct Scene {
    region: &'static str,
    /// As DescribeInstances shows them.
    instances: Vec<Value>,
    deals: Vec<String>,
    tasks: Vec<u64>,
    /// As a fixture states them.
    backups: Vec<Value>,
    /// As a fixture states them.
    flows: Vec<Value>,
    /// As a fixture states them.
    templates: Vec<Value>,
    /// As a fixture states them.
    groups: Vec<Value>,
    /// Whether the account holds networks.
    holds_networks: bool,
}

/// Calls of one action that must succeed.
struct Row {
    action: &'static str,
    inputs: fn(&Scene) -> Vec<Value>,
}

/// The rows of all services, by name.
fn rows() -> Vec<&'static Row> {
    let redis = rows::ROWS.iter().chain(data::ROWS).chain(lives::ROWS);
    let mut rows: Vec<_> = redis.chain(companions::ROWS).chain(networks::ROWS).collect();
    rows.sort_by_key(|row| action(row.action).id);
    rows
}

/// A call by `id`, whose key is that with its `AKID` taken away, signed.
pub(crate) fn call(action: &str, region: &str, id: &str, input: &Value) -> Raw {
    let key = id.strip_prefix("AKID").expect("a SecretId of the tests");
    let Action { name, version, .. } = self::action(action);
    request(&format!(
        "@sign id={id} key={key}\nPOST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {name}\n\
         X-TC-Version: {version}\nX-TC-Region: {region}\n\n{input}"
    ))
}

/// No limit of calls, and flows end by hand.
pub(crate) fn held() -> Config {
    Config {
        pace: Pace::Held,
        rate_limit: RateLimits::from(Limit::Off),
        ..Config::default()
    }
}

pub(crate) fn implemented() -> impl Iterator<Item = &'static Action> {
    contract::ACTIONS.iter()
}

/// What an action is called here: its name, with its service in front where several have it.
pub(crate) fn title(action: &Action) -> String {
    let named = contract::ACTIONS.iter().filter(|other| other.name == action.name);
    match named.count() {
        1 => action.name.to_owned(),
        _ => format!("{}.{}", action.service, action.name),
    }
}

/// The one action that is called so.
pub(crate) fn action(title: &str) -> &'static Action {
    let (service, name) = title
        .split_once('.')
        .map_or((None, title), |(service, name)| (Some(service), name));
    let of_service = |action: &&Action| service.is_none_or(|service| action.service == service);
    let mut found = contract::ACTIONS
        .iter()
        .filter(|action| action.name == name)
        .filter(of_service);
    match (found.next(), found.next()) {
        (Some(action), None) => action,
        _ => panic!("not one action {title}"),
    }
}

#[test]
fn every_implemented_action_has_a_row() {
    let rows: Vec<_> = rows().iter().map(|row| row.action).collect();
    let actions: Vec<_> = implemented().map(title).collect();
    assert_eq!(rows, actions, "the rows, by name and version, and what is implemented");
}

/// The three moments at which an action is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    Fresh,
    MidFlow,
    After,
}

/// What was found, over all fixtures.
#[derive(Default)]
struct Findings {
    faults: Vec<String>,
    /// How often each action answered at each moment.
    answered: BTreeMap<(&'static str, Moment), usize>,
    statuses: BTreeSet<i64>,
}

impl Findings {
    fn check(&mut self, row: &Row, moment: Moment, raw: &Raw, answer: &Answer) {
        *self.answered.entry((row.action, moment)).or_default() += 1;
        let mut faults = match answer.envelope() {
            Err(fault) => vec![fault],
            Ok(envelope) => match envelope.error {
                Some((code, message)) => vec![format!("refused: {code}: {message}")],
                None => shape::faults(&envelope.whole["Response"], action(row.action).output),
            },
        };
        if row.action == "DescribeInstances" && faults.is_empty() {
            for instance in answer.json()["Response"]["InstanceSet"]
                .as_array()
                .into_iter()
                .flatten()
            {
                self.statuses.extend(instance["Status"].as_i64());
                faults.extend(instance_faults(instance));
            }
        }
        if !faults.is_empty() {
            let what = faults.join("\n  ");
            self.faults
                .push(format!("{moment:?}\n  {what}\n-- sent\n{raw}\n-- answered\n{answer}"));
        }
    }
}

/// What an instance must be besides its shape, because clients rely on it: the Terraform provider reads these members
/// without looking, fails on any other status, and takes an instance with nodes for one of several zones.
fn instance_faults(instance: &Value) -> Vec<String> {
    const TEXTS: [&str; 6] = [
        "InstanceId",
        "InstanceName",
        "WanIp",
        "Createtime",
        "UniqVpcId",
        "UniqSubnetId",
    ];
    const NUMBERS: [&str; 8] = [
        "ProjectId",
        "ZoneId",
        "Status",
        "Port",
        "Type",
        "BillingMode",
        "RedisShardSize",
        "SlaveReadWeight",
    ];
    let mut faults = Vec::new();
    let mut ensure = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{}: {what}", instance["InstanceId"]));
        }
    };
    for name in TEXTS {
        ensure(instance[name].is_string(), &format!("{name} is no text"));
    }
    for name in NUMBERS {
        ensure(instance[name].is_i64(), &format!("{name} is no integer"));
    }
    ensure(instance["NoAuth"].is_boolean(), "NoAuth is no boolean");
    for name in ["InstanceId", "InstanceName", "WanIp", "Createtime"] {
        ensure(instance[name] != "", &format!("{name} is empty"));
    }
    let status = instance["Status"].as_i64().unwrap_or(i64::MIN);
    ensure([0, 1, 2, -2, -3].contains(&status), "Status is none of the documented");
    let nodes = instance["NodeSet"].as_array().map_or(0, Vec::len);
    let replicas = instance["RedisReplicasNum"].as_u64().unwrap_or(0);
    let in_zones = instance["InstanceName"]
        .as_str()
        .is_some_and(|name| name.contains("zones"));
    let wanted = if in_zones { replicas + 1 } else { 0 };
    ensure(nodes as u64 == wanted, &format!("{nodes} nodes, not {wanted}"));
    let total = instance["RedisShardSize"].as_f64().unwrap_or(0.0) * instance["RedisShardNum"].as_f64().unwrap_or(0.0);
    ensure(
        instance["Size"].as_f64() == Some(total),
        "Size is not the shards' together",
    );
    faults
}

#[tokio::test]
async fn every_answer_has_its_published_shape() {
    let mut findings = Findings::default();
    for (name, fixture) in fixtures() {
        let app = App::with_fixture(held(), &fixture);
        let regions = regions(&fixture);
        for region in &regions {
            visit(&app, (name, *region), Moment::Fresh, true, &mut findings).await;
        }
        for region in &regions {
            visit(&app, (name, *region), Moment::Fresh, false, &mut findings).await;
        }
        for region in &regions {
            visit(&app, (name, *region), Moment::MidFlow, true, &mut findings).await;
        }
        app.controlled("POST", "/_crs/flows/drain", "").await;
        for region in &regions {
            visit(&app, (name, *region), Moment::After, true, &mut findings).await;
        }
        let faults = &findings.faults;
        let first = faults.iter().take(5).map(String::as_str);
        let first = first.collect::<Vec<_>>().join("\n\n");
        assert!(faults.is_empty(), "{name}: {} faults: {first}", faults.len());
    }
    for row in rows() {
        let moments = match action(row.action).reads {
            true => &[Moment::Fresh, Moment::MidFlow, Moment::After][..],
            false => &[Moment::Fresh],
        };
        for moment in moments {
            let answered = findings.answered.contains_key(&(row.action, *moment));
            assert!(answered, "{} was never called, {moment:?}", row.action);
        }
    }
    assert_eq!(findings.statuses, BTreeSet::from([0, 1, 2, -2, -3]));
}

/// Makes every call of the actions that read, or of those that write.
async fn visit(
    app: &App,
    (fixture, region): (&str, &'static str),
    moment: Moment,
    reads: bool,
    findings: &mut Findings,
) {
    let scene = scene(app, region).await;
    let of_fixture = |row: &&Row| (fixture == NETWORKS) == (action(row.action).service == "vpc");
    let wanted = |row: &&Row| of_fixture(row) && action(row.action).reads == reads;
    for row in rows().into_iter().filter(wanted) {
        for input in (row.inputs)(&scene) {
            let raw = call(row.action, region, "AKIDlocal", &input);
            let answer = app.call(&raw).await;
            findings.check(row, moment, &raw, &answer);
        }
    }
}

/// The regions that a fixture's instances stand in.
fn regions(fixture: &str) -> BTreeSet<&'static str> {
    let fixture: Value = serde_json::from_str(fixture).expect("a fixture");
    let instances = fixture["Accounts"][0]["Instances"].as_array().expect("instances");
    let name = |instance: &Value| instance["Region"].as_str().unwrap_or("ap-guangzhou").to_owned();
    let known = |name: String| region::find(&name).expect("a region").name;
    instances.iter().map(name).map(known).collect()
}

/// Some calls of each implemented action, right as things stand in a region: what is sent, with the action's name.
pub(crate) async fn some_of_each(app: &App, region: &'static str) -> Vec<(&'static str, Raw)> {
    let scene = scene(app, region).await;
    let of_row = |row: &'static Row| {
        let inputs = (row.inputs)(&scene).into_iter().take(3);
        inputs.map(|input| (row.action, call(row.action, region, "AKIDlocal", &input)))
    };
    rows().into_iter().flat_map(of_row).collect()
}

/// The calls that the rows make as things stand in a region, by action.
pub(crate) async fn inputs_of_each(app: &App, region: &'static str) -> Vec<(&'static Action, Vec<Value>)> {
    let scene = scene(app, region).await;
    let all = rows().into_iter();
    all.map(|row| (action(row.action), (row.inputs)(&scene))).collect()
}

/// The states to ask in, without those whose instances are of the same kinds again.
pub(crate) fn reading_fixtures() -> Vec<(&'static str, String)> {
    let again = ["finance", "lives"];
    let all = fixtures().into_iter();
    all.filter(|(name, _)| !again.contains(name)).collect()
}

/// The states to change.
pub(crate) fn writing_fixtures() -> Vec<(&'static str, String)> {
    let all = fixtures().into_iter();
    all.filter(|(name, _)| *name != "finance").collect()
}

async fn scene(app: &App, region: &'static str) -> Scene {
    let list = async |action: &str, member: &str| {
        let raw = call(action, region, "AKIDlocal", &json!({ "Limit": 1_000 }));
        let answer = app.call(&raw).await.json();
        answer["Response"][member]
            .as_array()
            .cloned()
            .unwrap_or_else(|| panic!("{answer:#}"))
    };
    let state = app.controlled("GET", "/_crs/state", "").await;
    let of = |member: &str| {
        let all = state["Accounts"][0][member].as_array();
        all.cloned().unwrap_or_default()
    };
    Scene {
        region,
        instances: list("DescribeInstances", "InstanceSet").await,
        deals: of("Deals")
            .iter()
            .filter_map(|deal| Some(deal["DealId"].as_str()?.to_owned()))
            .collect(),
        tasks: list("DescribeTaskList", "Tasks")
            .await
            .iter()
            .filter_map(|task| task["TaskId"].as_u64())
            .collect(),
        backups: of("Backups"),
        flows: of("Flows"),
        templates: of("ParamTemplates"),
        groups: of("ReplicationGroups"),
        holds_networks: !of("Vpcs").is_empty(),
    }
}
