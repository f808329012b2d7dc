//! What is proved of every action, and by what: each documented code is brought about by a request or a fault rule, and
//! `docs/coverage.md` names for each action the tests and data that run it.

mod coverage;
mod fidelity;
mod prover;
mod provider;
mod ways;

use std::collections::BTreeSet;

use crs_local::contract::ACTIONS;
use crs_local::provoked::{self, Way, Ways, codes_of};
use serde_json::{Value, json};

use super::golden::{fresh, is_updated};
use prover::Prover;

/// How many pairs of an action of redis and a code that it documents there are at least. The seven actions whose
/// published list is a copy of another's have none.
const PAIRS_MIN: usize = 837;
/// How many of them a request brings about at least, with or without a fixture; the number only grows.
const BY_REQUEST_MIN: usize = 447;
/// How large the table may become.
const TABLE_BYTES_MAX: usize = 100_000;

/// The whole is made again only where it is to be written, since that takes a minute; else nothing that the data names
/// may be absent.
#[tokio::test]
async fn the_table_of_ways_has_whatever_the_data_brings_about() {
    if is_updated() {
        fresh("src/provoked/ways.json", &ways::made().await);
        return;
    }
    let ways = Ways::known();
    let mut known = BTreeSet::new();
    for action in &ACTIONS {
        let of_it = codes_of(ways, action).filter(|(_, way)| !matches!(way, Way::Fault));
        known.extend(of_it.map(|(code, _)| (action.service, action.name, code.as_str().to_owned())));
    }
    let named = ways::candidates().1;
    let named = named.iter().filter_map(ways::Candidate::named_pair);
    let absent: BTreeSet<ways::Pair> = named.filter(|pair| !known.contains(pair)).collect();
    assert!(
        absent.is_empty(),
        "run with UPDATE_GOLDEN=1; these are new: {absent:#?}"
    );
    assert!(
        provoked::WAYS.len() <= TABLE_BYTES_MAX,
        "{} bytes",
        provoked::WAYS.len()
    );
}

/// Every request of the table is sent, and the share of the codes is told that a request brings about.
#[tokio::test]
async fn each_request_is_refused_with_the_code_that_it_is_told_for() {
    let (prover, ways) = (Prover::new(), Ways::known());
    let mut wrong = Vec::new();
    // Of redis and of the services beside it: by rule, with a fixture, by a fault rule.
    let mut counts = [[0; 3]; 2];
    for action in &ACTIONS {
        let counts = &mut counts[usize::from(action.service != "redis")];
        for (code, way) in codes_of(ways, action) {
            let (told, at) = match way {
                // One that is too long to be shown is sent by the tests of the examples and the corpus.
                Way::Rule(_, Value::Null) => (code.as_str().to_owned(), 0),
                Way::Fixture(_, _, Value::Null) => (code.as_str().to_owned(), 1),
                Way::Rule(region, request) => {
                    prover.reset();
                    (prover.code(action, region, request).await, 0)
                }
                Way::Fixture(region, fixture, request) => (prover.code_in(fixture, action, region, request).await, 1),
                Way::Fault => {
                    counts[2] += 1;
                    continue;
                }
            };
            counts[at] += 1;
            if told != code.as_str() {
                wrong.push(format!("{}: {code}, but `{told}`", action.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are answered otherwise: {wrong:#?}", wrong.len());
    for (of, [rule, fixture, fault]) in ["redis", "the services beside it"].iter().zip(counts) {
        println!("{of}: {rule} codes by a request, {fixture} by one with a fixture, {fault} by a fault rule alone");
    }
    let [rule, fixture, fault] = counts[0];
    assert!(rule + fixture + fault >= PAIRS_MIN, "the pairs of redis");
    assert!(
        rule + fixture >= BY_REQUEST_MIN,
        "{} by request; there were {BY_REQUEST_MIN}",
        rule + fixture
    );
}

#[tokio::test]
async fn a_fault_rule_brings_about_every_documented_code() {
    let prover = Prover::new();
    let mut pairs = 0;
    for action in &ACTIONS {
        for code in action.codes.unwrap_or_default() {
            prover.add_fault(&provoked::fault(action, *code)).await;
            let told = prover.code(action, "ap-guangzhou", &json!({})).await;
            assert_eq!(told, code.as_str(), "{}", action.name);
            pairs += usize::from(action.service == "redis");
        }
    }
    assert!(pairs >= PAIRS_MIN, "{pairs} pairs of redis");
}
