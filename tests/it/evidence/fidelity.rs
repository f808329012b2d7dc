//! `docs/fidelity.md`: what is emulated how faithfully, family by family: what is judged stands here, the figures come
//! from the tests' data.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crs_local::contract::{ACTIONS, Action};
use crs_local::provoked::{Ways, counts};

use super::coverage::Evidence;
use super::fresh;

/// How far what a family does is trusted to be what the real service does, and why.
#[rustfmt::skip]
const JUDGED: &[(&str, &str, &str)] = &[
    ("Instances, orders, billing", "high; money medium", "what is sold, the rules of orders and the lists are documented, with examples, and were seen by public clients; prices follow published lists of 2019 to 2022, and when hours are billed is our choice"),
    ("Scaling, architecture & versions", "high; versions medium", "sizes, their limits and codes are documented, and the states that a change goes through were seen by clients that wait for them; which version leads to which is documented in part"),
    ("Tasks", "high", "their members, kinds and results are documented; two kinds have no documented number"),
    ("Security groups", "high", "few rules, documented, and the same that the VPC service has"),
    ("Network, bandwidth, TLS", "medium", "what each action does is documented; bounds of bandwidth and connections, ports and the states between are read from few examples"),
    ("Accounts & passwords", "medium", "rules of passwords and accounts are documented, in places with two lengths; which code refuses what is our choice, since the lists have no word for most"),
    ("Parameters & templates", "medium", "the catalogue is what documents, examples and client code show; newer types are taken over from 6.2, and some defaults are guessed"),
    ("Maintenance & events", "medium", "members and states are documented; what an event does at its time is our reading"),
    ("Backup & restore", "medium", "members, states and limits are documented; sizes and times follow a model of our own"),
    ("Topology, availability, failover", "medium", "what nodes and shards show is documented with examples; how long they take, and what they show meanwhile, is our reading"),
    ("Global replication groups", "low", "few examples and no reports: rules and states are mostly our reading of the pages"),
    ("Monitoring & slow logs", "medium", "shape, limits and paging are documented; every figure follows from the workload that you state, and none is measured"),
    ("Audit log & log delivery", "medium", "members and states are documented; rows follow from the workload, and what the pages do not say of filters and exports is our reading"),
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
    let _ = writeln!(text, "| family | trusted | because |\n|---|---|---|");
    for (family, trusted, because) in JUDGED {
        let _ = writeln!(text, "| {family} | {trusted} | {because} |");
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
            let own = counts(&ways, one);
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
