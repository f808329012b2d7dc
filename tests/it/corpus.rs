//! Wrong requests to every action that has behaviour, and to those of the services beside: none is accepted, each is
//! answered with a code that its action documents or a common one, and with exactly the code that its rule names. What
//! lies just inside the rules is accepted. All go over a socket.
//!
//! Two kinds: what the contract alone makes wrong ([`shapes`]), and what the rules of `tests/data/corpus` make wrong;
//! README.md there says how to read and add one.

mod rules;
mod sender;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crs_local::contract::{self, Action};
use serde_json::{Map, Value};

use sender::Sender;
pub(crate) use sender::{FIXTURE, json as unsigned};

/// How many different wrong requests to the actions of redis there are at least, of both kinds together.
const WRONG_MIN: usize = 22_190;
/// How many wrong requests of each kind there are at least, to all actions; the numbers only grow.
const BY_SHAPE_MIN: usize = 17_850;
const BY_RULE_MIN: usize = 10_250;
/// How many requests next to the boundary are accepted at least.
const TWINS_MIN: usize = 4_330;

/// The families that the corpus covers.
const FAMILIES: &[&str] = &[
    "Instances, orders, billing",
    "Scaling, architecture & versions",
    "Tasks",
    "Network, bandwidth, TLS",
    "Accounts & passwords",
    "Maintenance & events",
    "Parameters & templates",
    "Global replication groups",
    "Backup & restore",
    "Security groups",
    "Topology, availability, failover",
    "Audit log & log delivery",
    "cls 2020-10-16",
    "Monitoring & slow logs",
    "vpc 2017-03-12",
];

/// The members of a call.
pub(crate) type Input = Map<String, Value>;

/// A request and what must become of it.
pub(crate) struct Case {
    pub(crate) action: &'static Action,
    pub(crate) region: String,
    /// How the members are sent.
    pub(crate) way: Way,
    pub(crate) wants: Wants,
    /// Calls that are made before, each of which must be accepted.
    pub(crate) before: Vec<(&'static Action, Input)>,
    /// Where the case comes from, for whom it fails.
    pub(crate) from: String,
}

pub(crate) enum Way {
    Json(Input),
    /// A JSON body as it stands.
    Body(&'static str),
    /// Names and values of a form, not yet encoded.
    Form(Vec<(String, String)>),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Wants {
    Accepted,
    /// Refused with a code that the action documents, or a common one.
    Documented,
    /// Refused with this code, which must be one of those too.
    Code(String),
    /// As [`Wants::Code`], and the message names this path.
    CodeAt(&'static str, String),
}

/// All requests that the rules make, for tests that draw from them.
pub(crate) fn by_rule() -> Vec<Case> {
    rules::cases()
}

/// All that the contract alone makes.
pub(crate) fn by_shape() -> Vec<Case> {
    shapes::cases(&rules::bases())
}

/// The actions of the corpus, by name.
pub(crate) fn actions() -> impl Iterator<Item = &'static Action> {
    let covered = |action: &&Action| FAMILIES.contains(&action.family);
    contract::ACTIONS.iter().filter(covered)
}

/// The one of that name.
fn action(name: &str) -> &'static Action {
    let mut all = actions();
    all.find(|action| action.name == name)
        .unwrap_or_else(|| panic!("the corpus has no action {name}"))
}

/// Sends all of them and counts the wrong and the right ones of each action.
async fn send(cases: &[Case]) -> BTreeMap<&'static str, [usize; 2]> {
    const SHOWN: usize = 20;
    let begun = Instant::now();
    let mut sender = Sender::new().await;
    let mut counts: BTreeMap<_, [usize; 2]> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in cases {
        counts.entry(case.action.name).or_default()[usize::from(case.wants == Wants::Accepted)] += 1;
        faults.extend(sender.fault(case).await);
    }
    sender.unchanged().await;
    let shown = faults[..faults.len().min(SHOWN)].join("\n\n");
    let (wrong, all) = (faults.len(), cases.len());
    assert!(
        faults.is_empty(),
        "{wrong} of {all} are not answered as they must be:\n\n{shown}"
    );
    println!("{all} requests in {:.1} s", begun.elapsed().as_secs_f64());
    counts
}

/// Prints how many there are of each, and gives the sums; every action must have a wrong request.
fn sums(kind: &str, counts: &BTreeMap<&str, [usize; 2]>) -> [usize; 2] {
    let mut sums = [0, 0];
    println!("{kind}: wrong and right requests");
    for action in actions() {
        let [wrong, right] = counts.get(action.name).copied().unwrap_or_default();
        println!("{wrong:6} {right:6}  {}", action.name);
        assert!(wrong > 0, "{}: no request to it is wrong by {kind}", action.name);
        sums = [sums[0] + wrong, sums[1] + right];
    }
    println!("{:6} {:6}  in all", sums[0], sums[1]);
    sums
}

#[test]
fn the_corpus_covers_whole_families() {
    assert_eq!(actions().count(), 149);
}

#[test]
fn the_actions_of_redis_get_thousands_of_wrong_requests() {
    let all = by_shape().into_iter().chain(by_rule());
    let wrong = all.filter(|case| case.action.service == "redis" && case.wants != Wants::Accepted);
    let sent = |case: &Case| match &case.way {
        Way::Json(input) => Value::Object(input.clone()).to_string(),
        Way::Body(body) => (*body).to_owned(),
        Way::Form(pairs) => format!("{pairs:?}"),
    };
    // The same after other calls is another one.
    let wrong = wrong.map(|case| (case.action.name, sent(&case), case.region, case.before.len()));
    let wrong = wrong.collect::<BTreeSet<_>>().len();
    println!("{wrong} different wrong requests to the actions of redis");
    assert!(wrong >= WRONG_MIN, "{wrong} wrong requests; there must be {WRONG_MIN}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_contract_does_not_allow_is_refused() {
    let cases = shapes::cases(&rules::bases());
    let counts = send(&cases).await;
    let [wrong, _] = sums("shape", &counts);
    assert!(
        wrong >= BY_SHAPE_MIN,
        "{wrong} wrong requests; there were {BY_SHAPE_MIN}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_rule_forbids_is_refused_and_what_lies_beside_it_is_not() {
    let cases = rules::cases();
    let counts = send(&cases).await;
    let [wrong, right] = sums("rule", &counts);
    assert!(wrong >= BY_RULE_MIN, "{wrong} wrong requests; there were {BY_RULE_MIN}");
    assert!(right >= TWINS_MIN, "{right} twins; there were {TWINS_MIN}");
}
