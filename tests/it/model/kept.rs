//! The same walks with a state that is kept, and servers that end in their midst: what is read back goes on as one that
//! never ended.

use std::cell::Cell;

use crs_local::Config;
use crs_local::config::{self, Limit, RateLimits};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::{Value, json};

use super::super::harness::App;
use super::super::kept::Home;
use super::drawn::{Bytes, fixture};
use super::draws;
use super::step::{Steps, steps};
use super::walks::act;
use super::wire::FIXTURE;
use super::world::ensure;

const CASES: u32 = 25;

#[test]
fn what_is_kept_goes_on_as_if_nothing_had_ended() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let ends = Cell::new(0);
    let bytes = proptest::collection::vec(any::<u8>(), 40..260);
    let told = TestRunner::new(draws(CASES)).run(&(bytes, steps()), |(bytes, steps)| {
        let told = runtime.block_on(walk(&bytes, &steps, &ends));
        told.map_err(TestCaseError::fail)
    });
    if let Err(fault) = told {
        panic!("{fault}");
    }
    assert!(ends.get() >= CASES, "servers ended {} times", ends.get());
}

async fn walk(bytes: &[u8], steps: &Steps, ends: &Cell<u32>) -> Result<(), String> {
    let mut bytes = Bytes::new(bytes);
    let pace = bytes.of(&[config::Pace::Timed, config::Pace::Held, config::Pace::Instant]);
    let home = Home::new();
    let config = |state| Config {
        pace,
        state,
        rate_limit: RateLimits::from(Limit::Off),
        // What is kept at the end of a server is the same, and the disk is spared.
        state_sync: std::time::Duration::from_secs(3_600),
        ..Config::default()
    };
    let start = |state| App::with_fixture(config(state), FIXTURE);
    let (plain, mut kept) = (start(None), start(Some(home.state())));
    let stated = fixture(&mut bytes);
    for app in [&plain, &kept] {
        app.control("PUT", "/_crs/state", &stated.to_string()).await;
    }
    for step in &steps.0 {
        let act = act(&state(&plain).await, step, &mut bytes);
        let (one, two) = (told(act.on(&plain).await), told(act.on(&kept).await));
        ensure!(one == two, "{act:?} answers\n{one:#}\nand\n{two:#}");
        alike(&plain, &kept)
            .await
            .map_err(|fault| format!("{fault}\nafter {act:?}"))?;
        let how = bytes.next() % 8;
        if how == 1 || how == 3 {
            // A snapshot, as a log that is long leaves one.
            kept.emulator.close().map_err(|error| error.to_string())?;
        }
        if how >= 6 || how == 1 {
            drop(kept);
            kept = start(Some(home.state()));
            ends.set(ends.get() + 1);
            alike(&plain, &kept)
                .await
                .map_err(|fault| format!("{fault}\nread back after {act:?}"))?;
        }
    }
    Ok(())
}

/// The state, but for the RequestIds: those of answers that changed nothing may be given once more.
async fn state(app: &App) -> Value {
    let mut state = app.controlled("GET", "/_crs/state", "").await;
    state["Calls"] = json!(0);
    state
}

async fn alike(plain: &App, kept: &App) -> Result<(), String> {
    let (one, two) = (state(plain).await, state(kept).await);
    ensure!(one == two, "{one:#}\nis not\n{two:#}");
    Ok(())
}

fn told(mut answer: Value) -> Value {
    answer["Response"]["RequestId"] = Value::Null;
    answer
}
