//! `docs/fidelity.md`: what is emulated how faithfully, family by family: what is judged stands here, the figures come
//! from the tests' data.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crs_local::contract::{ACTIONS, Action};
use crs_local::provoked::{Ways, counts};

use super::super::golden::fresh;
use super::coverage::Evidence;

/// How far what a family does is trusted to be what the real service does: what its answers say, what it refuses and
/// with which code, what is shown as time goes by; and why.
#[rustfmt::skip]
const JUDGED: &[(&str, [&str; 3], &str)] = &[
    ("Instances, orders, billing", ["high", "high", "high; money medium"], "what is sold, the rules of orders and the members are documented, with examples, and were seen by public clients and reports; prices follow published lists of 2019 to 2022, and when hours are billed is our choice"),
    ("Scaling, architecture & versions", ["high", "high; versions medium", "high"], "sizes, their limits and codes are documented, and clients wait for the states that a change goes through; which version leads to which is documented in part"),
    ("Tasks", ["high", "high", "medium"], "members, kinds and results are documented; which action lists a task of which kind is told of some, and two kinds have no number"),
    ("Security groups", ["high", "medium", "high"], "few rules, the same as in the VPC service, and the Terraform provider was run against them; which code answers what is mostly our reading"),
    ("Network, bandwidth, TLS", ["medium", "medium", "medium"], "what each action does is documented; bounds of bandwidth and connections, ports, and the states between are read from few examples, and of codes the lists say more than the texts"),
    ("Accounts & passwords", ["high", "low", "medium"], "members and rules are documented, and Terraform reads them back; the rules are there with two lengths, and the lists of codes have no word for most of what is refused"),
    ("Parameters & templates", ["medium", "medium", "high"], "the catalogue is what documents, examples and client code show; newer types are taken over from 6.2, and some defaults are guessed; Terraform waits for each change and reads it back"),
    ("Maintenance & events", ["high", "medium", "low"], "the window is documented and read back by Terraform; an event has one example, and what it does at its time is our reading"),
    ("Backup & restore", ["medium", "medium", "medium"], "members, kinds, limits and how long a daily backup takes are documented; sizes and the files follow a model of our own, and two actions have no list of codes"),
    ("Topology, availability, failover", ["medium", "medium", "low"], "what nodes, groups and shards show is documented with examples; nothing is published on ids of nodes, on how long a failover takes, and on what is shown meanwhile"),
    ("Global replication groups", ["medium", "low", "low"], "few examples and hardly any report; Terraform's tests show how members come and go, all else is our reading of the pages"),
    ("Monitoring & slow logs", ["high", "medium", "as you state it"], "shape, spans and paging are documented; every figure follows from the workload, which no page describes, and agrees with the others"),
    ("Audit log & log delivery", ["medium", "low", "medium"], "states and members are documented, and Terraform waits for them; rows follow from the workload; seven of ten actions are published with another's list of codes"),
];

const HEAD: &str = include_str!("fidelity.head.txt");
const LEGEND: &str = include_str!("fidelity.legend.txt");

#[test]
fn the_page_says_of_each_family_how_far_it_is_trusted() {
    let (evidence, ways) = (Evidence::gathered(), Ways::known());
    let families: BTreeSet<&str> = of_redis().map(|one| one.family).collect();
    let judged: BTreeSet<&str> = JUDGED.iter().map(|(family, ..)| *family).collect();
    assert_eq!(judged, families, "families judged, and those of the contract");
    let mut text = HEAD.to_owned();
    let _ = writeln!(
        text,
        "| family | answers | refusals | over time | because |\n|---|---|---|---|---|"
    );
    for (family, trusted, because) in JUDGED {
        let _ = writeln!(text, "| {family} | {} | {because} |", trusted.join(" | "));
    }
    let _ = writeln!(text, "\n## What the tests show\n");
    let _ = writeln!(
        text,
        "| family | actions | examples | wrong | codes | clients |\n|---|---|---|---|---|---|"
    );
    for (family, ..) in JUDGED {
        let all: Vec<&'static Action> = of_redis().filter(|one| one.family == *family).collect();
        let examples = all
            .iter()
            .filter(|one| evidence.examples.contains_key(one.name))
            .count();
        let by_shape: usize = all.iter().filter_map(|one| evidence.shapes.get(one.name)).sum();
        let by_rule: usize = all.iter().filter_map(|one| Some(evidence.rules.get(one.name)?.1)).sum();
        let codes = all.iter().fold([0; 3], |sum, one| {
            let own = counts(ways, one);
            [sum[0] + own[0], sum[1] + own[1], sum[2] + own[2]]
        });
        let [rule, fixture, fault] = codes;
        let clients = evidence
            .clients
            .iter()
            .filter(|(_, words)| all.iter().any(|one| words.contains(one.name)));
        let clients: Vec<&str> = clients.map(|(name, _)| name.as_str()).collect();
        let clients = if clients.is_empty() {
            "-".to_owned()
        } else {
            clients.join(", ")
        };
        let _ = writeln!(
            text,
            "| {family} | {} | {examples} | {by_shape} and {by_rule} | {rule}, {fixture}, {fault} | {clients} |",
            all.len()
        );
    }
    text.push_str(LEGEND);
    fresh("docs/fidelity.md", &text);
}

fn of_redis() -> impl Iterator<Item = &'static Action> {
    ACTIONS.iter().filter(|action| action.service == "redis")
}
