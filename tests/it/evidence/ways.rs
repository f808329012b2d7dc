//! Makes `src/provoked/ways.json` of all that the data of the tests sends: for each action and documented code the
//! shortest request found that is answered so.

use std::collections::BTreeMap;

use crs_local::contract::{Action, ErrorCode};
use crs_local::provoked::{self, REGION, difference};
use serde_json::{Map, Value, json};

use super::super::answers::{action, examples};
use super::super::corpus::{self, Wants, Way};
use super::super::harness::NOW_MS;
use super::prover::{BUILT_IN, Prover};

/// So many requests are tried for a pair.
const TRIED: usize = 8;

/// What is longer is not shown: it is of repetitions, and stands in `tests/data`.
const REQUEST_BYTES_MOST: usize = 600;
const FIXTURE_BYTES_MOST: usize = 1_200;

/// Service, action and code.
pub(super) type Pair = (&'static str, &'static str, String);

/// A request that may be refused, in its state.
#[derive(Clone)]
pub(super) struct Candidate {
    action: &'static Action,
    region: String,
    /// Its place among the states.
    state: usize,
    request: Value,
    /// The code that its file names.
    named: Option<String>,
}

impl Candidate {
    fn pair(&self, code: &str) -> Option<Pair> {
        let known = ErrorCode::parse(code)?;
        let (service, name) = (self.action.service, self.action.name);
        self.action.documents(known).then(|| (service, name, code.to_owned()))
    }

    /// The pair that its file says it is of.
    pub(super) fn named_pair(&self) -> Option<Pair> {
        self.pair(self.named.as_deref()?)
    }
}

/// All requests of the data that are to be refused, and the states that they are sent in.
pub(super) fn candidates() -> (Vec<Value>, Vec<Candidate>) {
    let mut states = vec![stated(
        serde_json::from_str(corpus::FIXTURE).expect("a fixture"),
        &Value::Null,
    )];
    let mut found = Vec::new();
    for (name, example) in examples::examples() {
        for refusal in example["Refusals"].as_array().into_iter().flatten() {
            let holds = refusal.get("Holds").unwrap_or(&example["Holds"]);
            let policy = refusal["By"].as_str().map_or(Value::Null, |_| examples::nothing());
            let mut account = holds.clone();
            account["Credentials"] = json!([{ "SecretId": "AKIDlocal", "SecretKey": "local", "Policy": policy }]);
            states.push(stated(json!({ "Accounts": [account] }), &example["Now"]));
            found.push(Candidate {
                action: action(&name),
                region: refusal["Region"].as_str().unwrap_or(REGION).to_owned(),
                state: states.len() - 1,
                request: examples::sent(&example["Request"], refusal),
                named: refusal["Code"].as_str().map(str::to_owned),
            });
        }
    }
    let rules = corpus::by_rule().into_iter();
    for case in rules.chain(corpus::by_shape()) {
        let named = match case.wants {
            Wants::Accepted => continue,
            Wants::Documented => None,
            Wants::Code(code) => Some(code),
            Wants::CodeAt(code, _) => Some(code.to_owned()),
        };
        if let (true, Way::Json(input)) = (case.before.is_empty(), case.way) {
            found.push(Candidate {
                action: case.action,
                region: case.region,
                state: 0,
                request: Value::Object(input),
                named,
            });
        }
    }
    (states, found)
}

/// A state at the moment at which tests happen, or at its own.
fn stated(mut fixture: Value, now: &Value) -> Value {
    let usual = humantime::format_rfc3339_seconds(
        std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(NOW_MS).expect("after 1970")),
    );
    let now = now.as_str().map_or_else(|| usual.to_string(), str::to_owned);
    fixture["Clock"] = json!({ "Mode": "manual", "Now": now });
    fixture
}

/// What each request is answered, by pair; the shortest first, and not too many.
async fn observed(prover: &Prover, states: &[Value], all: Vec<Candidate>) -> BTreeMap<Pair, Vec<Candidate>> {
    let mut pairs: BTreeMap<Pair, Vec<Candidate>> = BTreeMap::new();
    let mut stands = None;
    for candidate in all {
        let Candidate {
            action,
            region,
            state,
            request,
            ..
        } = &candidate;
        if stands.replace(*state) != Some(*state) {
            assert!(prover.put(&states[*state]).await, "no state: {}", states[*state]);
        }
        let code = prover.code(action, region, request).await;
        if code.is_empty() {
            stands = None;
        }
        if let Some(pair) = candidate.pair(&code) {
            pairs.entry(pair).or_default().push(candidate);
        }
    }
    for found in pairs.values_mut() {
        found.sort_by_key(|one| one.request.to_string().len() + if one.state == 0 { 0 } else { 1 });
        found.truncate(TRIED);
    }
    pairs
}

/// The ids of the built-in instances in the usual region.
fn built_in_ids() -> Vec<Value> {
    let built_in: Value = serde_json::from_str(BUILT_IN).expect("a fixture");
    let all = built_in["Accounts"][0]["Instances"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let here = |one: &&Value| one["Region"].as_str().is_none_or(|region| region == REGION);
    all.iter().filter(here).map(|one| one["InstanceId"].clone()).collect()
}

/// A request that is refused so in the built-in state: one of these, or one of these about an instance of that state.
async fn in_built_in(prover: &Prover, code: &str, found: &[Candidate]) -> Option<(String, Value)> {
    prover.reset();
    let ids = built_in_ids();
    for Candidate {
        action,
        region,
        request,
        ..
    } in found
    {
        let mut tries = vec![request.clone()];
        for member in ["InstanceId", "InstanceIds"] {
            if request.get(member).is_some_and(|own| !own.is_null()) {
                tries.extend(ids.iter().map(|id| {
                    let mut other = request.clone();
                    other[member] = if member == "InstanceIds" {
                        json!([id])
                    } else {
                        id.clone()
                    };
                    other
                }));
            }
        }
        for tried in tries {
            let told = prover.code(action, region, &tried).await;
            if told.is_empty() {
                prover.reset();
            }
            if told == code {
                let brief = prover.brief(None, action, region, &tried).await;
                return Some((region.clone(), brief));
            }
        }
    }
    None
}

/// The whole table, as it stands in its file.
pub(super) async fn made() -> String {
    let prover = Prover::new();
    let (states, all) = candidates();
    let pairs = observed(&prover, &states, all).await;
    let mut fixtures: Vec<Value> = Vec::new();
    let mut rows = BTreeMap::new();
    for (pair, found) in pairs {
        let (region, at, request) = match in_built_in(&prover, &pair.2, &found).await {
            Some((region, request)) => (region, None, request),
            None => {
                let first = &found[0];
                let state = &states[first.state];
                let (action, region) = (first.action, &first.region);
                let least = prover.shrunk(state, action, region, &first.request).await;
                let brief = prover.brief(Some(&least), action, region, &first.request).await;
                if least.to_string().len() > FIXTURE_BYTES_MOST {
                    (region.clone(), Some(0), Value::Null)
                } else {
                    let at = fixtures.iter().position(|own| *own == least).unwrap_or_else(|| {
                        fixtures.push(least);
                        fixtures.len() - 1
                    });
                    (region.clone(), Some(at), brief)
                }
            }
        };
        let fits = request.to_string().len() <= REQUEST_BYTES_MOST;
        let request = request.as_object().filter(|_| fits).cloned();
        rows.insert(pair, Found { request, region, at });
    }
    written(&fixtures, &rows)
}

/// A way: the request, if it is short enough to be shown, its region, and the place of its fixture.
struct Found {
    request: Option<Map<String, Value>>,
    region: String,
    at: Option<usize>,
}

/// The table as a text: for each action the request from which the others differ least is its base.
fn written(fixtures: &[Value], rows: &BTreeMap<Pair, Found>) -> String {
    let usual = provoked::clock();
    let fixtures = fixtures.iter().map(|fixture| {
        let mut shown = fixture.clone();
        let members = shown.as_object_mut().expect("a fixture");
        members.retain(|name, value| name != "Clock" || *value != usual);
        shown.to_string()
    });
    let fixtures: Vec<String> = fixtures.collect();
    let mut services: BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, &Found>>> = BTreeMap::new();
    for ((service, name, code), found) in rows {
        let actions = services.entry(service).or_default();
        actions.entry(name).or_default().insert(code, found);
    }
    let services = services.iter().map(|(service, actions)| {
        let actions: Vec<String> = actions.iter().map(|(name, codes)| of_action(name, codes)).collect();
        format!("{}:{{\n{}\n}}", json!(service), actions.join(",\n"))
    });
    let services: Vec<String> = services.collect();
    format!(
        "{{\"Fixtures\":[\n{}\n],\"Ways\":{{\n{}\n}}}}\n",
        fixtures.join(",\n"),
        services.join(",\n")
    )
}

fn of_action(name: &str, codes: &BTreeMap<&str, &Found>) -> String {
    let requests: Vec<&Map<String, Value>> = codes.values().filter_map(|found| found.request.as_ref()).collect();
    let length = |of: &Map<String, Value>| json!(of).to_string().len();
    let differ = |base: &Map<String, Value>| -> usize {
        let all = requests.iter().map(|request| length(&difference(base, request)));
        length(base) + all.sum::<usize>()
    };
    let none = Map::new();
    let bases = requests
        .iter()
        .copied()
        .filter(|request| request.values().all(|value| !value.is_null()));
    let base = std::iter::once(&none).chain(bases).min_by_key(|base| differ(base));
    let base = base.unwrap_or(&none);
    let row = |found: &Found| {
        let other = found.request.as_ref().map(|request| difference(base, request));
        match (found.at, found.region.as_str()) {
            (None, REGION) => json!([other]),
            (at, REGION) => json!([other, at]),
            (at, region) => json!([other, at, region]),
        }
    };
    let codes: BTreeMap<&str, Value> = codes.iter().map(|(code, found)| (*code, row(found))).collect();
    let mut whole = json!({ "Codes": codes });
    if !base.is_empty() {
        whole["Base"] = json!(base);
    }
    format!("{}:{whole}", json!(name))
}
