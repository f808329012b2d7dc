//! Random histories of a small account: whatever is asked, by whatever order and at whatever time, the money adds up,
//! nothing is in two states, and what has begun ends.

mod access;
mod acts;
mod backup;
#[path = "../../../src/cloud/tests/calls.rs"]
pub(crate) mod calls;
pub(crate) mod drawn;
pub(crate) mod holds;
mod kept;
mod lists;
mod log;
mod monitor;
mod network;
mod parameter;
mod replication;
mod start;
pub(crate) mod step;
mod topology;
pub(crate) mod walks;
pub(crate) mod wire;
mod world;

use std::cell::RefCell;
use std::collections::BTreeSet;

use crs_local::cloud;
use crs_local::cloud::life::table::{LIFE, Row};
use crs_local::cloud::time::DAY;
use crs_local::cloud::{FlowKind, Status};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use start::starts;
use step::{Step, Steps, steps};
use world::{World, ensure};

const CASES: u32 = 10_000;

/// So many cases, the same in each run, so that a failure is the change's. `PROPTEST_RNG_SEED` draws others,
/// `PROPTEST_CASES` more; `tests/long` sets both.
pub(crate) fn draws(cases: u32) -> Config {
    let asked = Config::default();
    Config {
        cases: match std::env::var_os("PROPTEST_CASES") {
            Some(_) => asked.cases,
            None => cases,
        },
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(20_180_412),
            fixed => fixed,
        },
        failure_persistence: None,
        ..asked
    }
}

/// What histories must have begun: every change that an instance can go through, but the one that time begins.
fn is_begun(row: &Row) -> bool {
    row.of != FlowKind::Renew
}

/// Whether the histories of the test below must have carried out that action.
pub(crate) fn carries_out(action: &str) -> bool {
    LIFE.iter().any(|row| row.action == action && is_begun(row))
}

#[test]
fn any_history_keeps_the_books_and_ends() {
    let begun = RefCell::new(BTreeSet::new());
    let told = TestRunner::new(draws(CASES)).run(&(starts(), steps()), |(start, steps)| {
        let mut world = World::new(&start);
        let lived = live(&mut world, &steps);
        begun.borrow_mut().extend(world.begun.iter().copied());
        lived.map_err(|fault| {
            let log = world.log.join("\n  ");
            TestCaseError::fail(format!("{fault}\nafter\n  {log}\n"))
        })
    });
    if let Err(fault) = told {
        panic!("{fault}");
    }
    let missed: Vec<FlowKind> = LIFE
        .iter()
        .filter(|row| is_begun(row) && !begun.borrow().contains(&(row.of as usize)))
        .map(|row| row.of)
        .collect();
    assert_eq!(missed, [], "no history began these");
}

fn live(world: &mut World, steps: &Steps) -> Result<(), String> {
    holds::all(world)?;
    for step in &steps.0 {
        world.run(step)?;
    }
    end(world)
}

/// Once everything that is under way has ended by hand and a year has passed, nothing is.
fn end(world: &mut World) -> Result<(), String> {
    world.run(&Step::Drain)?;
    world.run(&Step::Wait(400 * DAY))?;
    let cloud = &world.cloud;
    ensure!(cloud.flows.len() == 0, "flows are left in the end");
    let busy = |status| matches!(status, Status::Pending | Status::InProcess);
    let left = cloud.instances.values().find(|one| busy(one.status));
    let left = left.map(|one| &one.id);
    ensure!(left.is_none(), "in process in the end: {left:?}");
    Ok(())
}
