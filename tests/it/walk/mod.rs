//! Random walks over the whole API: calls drawn from the contract, from the boundaries of the rules and from what
//! earlier answers told, right and broken, by several accounts, while the clock moves, fault rules strike, flows end by
//! hand and states are kept, put back and reset. Nothing breaks, no answer has another code or shape than is published,
//! nothing contradicts itself, every state can be put into another emulator, and the same seed gives the same bytes
//! again.
//!
//! `tests/walk` goes further, in a build that is optimised.

mod luck;
mod sources;
mod step;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Instant;

use crs_local::Config;
use crs_local::cloud::{Cloud, Millis, advance};
use crs_local::config::{Limit, Pace, RateLimits};
use crs_local::contract::{Action, ErrorCode, FlowUse};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answers::{implemented, shape, title};
use super::corpus;
use super::golden;
use super::harness::{Answer, App};
use super::model::holds;
use luck::Luck;
pub(crate) use sources::Sources;
use step::{Caller, Step};

/// Calls of the walk that `cargo test` does, and its seed.
const CALLS: usize = 5_000;
const SEED: u64 = 20_180_412;
/// So many steps go by between two snapshots that are put into another emulator.
const STEPS_TO_SNAPSHOT: usize = 200;
/// The last steps, told where something is wrong.
const TOLD: usize = 12;
/// A walk ends with so many faults.
const FAULTS: usize = 10;

/// The state that walks begin from: the corpus's, without what is in process for ever or is not sold any more, and
/// another account that has instances of the same ids.
fn fixture() -> String {
    let mut whole: Value = serde_json::from_str(corpus::FIXTURE).expect("a fixture");
    whole["Clock"] = json!({ "Mode": "manual", "Now": "2026-11-24T08:00:00Z" });
    let first = &mut whole["Accounts"][0];
    first["Credentials"] = json!([{ "SecretId": "AKIDlocal", "SecretKey": "local" }]);
    let instances = first["Instances"].as_array_mut().expect("instances");
    instances.retain(|one| ![1, 10, 13].contains(&one["TypeId"].as_i64().unwrap_or(0)));
    for one in instances.iter_mut() {
        match one["Status"].as_i64() {
            Some(0 | 1) => one["Status"] = json!(2),
            Some(-2 | -3) => {
                one["Status"] = json!(if one["BillingMode"] == 1 { -2 } else { -3 });
                one["CloseTime"] = json!("2026-11-24 15:00:00");
                if one["BillingMode"] == 1 {
                    one["DeadlineTime"] = json!("2026-11-17 15:00:00");
                }
            }
            _ => {}
        }
    }
    for task in first["Tasks"].as_array_mut().expect("tasks") {
        task["StartTime"] = json!("2026-11-24 15:00:00");
    }
    let instances = first["Instances"].as_array_mut().expect("instances");
    let few: Vec<Value> = instances.iter().skip(20).take(8).cloned().collect();
    let other = json!({
        "AppId": 1_250_000_001, "Uin": "100000000077", "Balance": 100_000_000, "Instances": few,
        "Credentials": [{ "SecretId": "AKIDother", "SecretKey": "other" }],
    });
    whole["Accounts"].as_array_mut().expect("accounts").push(other);
    whole.to_string()
}

fn callers() -> Vec<Caller> {
    let caller = |app_id, id: &str, key: &str| Caller {
        app_id,
        secret_id: id.to_owned(),
        secret_key: key.to_owned(),
    };
    vec![
        caller(1_250_000_000, "AKIDlocal", "local"),
        caller(1_250_000_001, "AKIDother", "other"),
    ]
}

/// What came of a walk.
#[derive(Default)]
struct Found {
    calls: usize,
    steps: usize,
    snapshots: usize,
    /// What each step that was answered was answered, in short.
    trail: Vec<[u8; 32]>,
    /// The steps.
    log: Vec<String>,
    unanswered: usize,
    /// Calls that refused and left everything as it was, byte for byte.
    unchanged: usize,
    /// Of each action how many calls were taken, and how many were refused.
    by_action: BTreeMap<String, [usize; 2]>,
    /// The codes that each action answered by itself.
    pairs: BTreeSet<(String, String)>,
}

struct Walk {
    app: App,
    other: App,
    luck: Luck,
    sources: Sources,
    callers: Vec<Caller>,
    /// Callers as they were at each checkpoint.
    kept: BTreeMap<String, Vec<Caller>>,
    /// The state as the last snapshot told it, from which control calls take ids.
    state: Value,
    /// Whether a rule may strike.
    struck: bool,
    log: Vec<String>,
    /// What is wrong, with what came before; the walk goes on from the seed state.
    faults: Vec<String>,
    /// Of all that was answered.
    hash: Sha256,
    found: Found,
}

impl Walk {
    async fn new(seed: u64) -> Self {
        let config = || Config {
            pace: [Pace::Timed, Pace::Held, Pace::Instant][usize::try_from(seed % 3).expect("small")],
            rate_limit: RateLimits::from(Limit::Off),
            seed: Some(seed),
            ..Config::default()
        };
        let app = App::with_fixture(config(), &fixture());
        let other = App::with_fixture(config(), r#"{"Accounts":[{}]}"#);
        let state = app.controlled("GET", "/_crs/state", "").await;
        Self {
            app,
            other,
            luck: Luck::new(seed),
            sources: Sources::of_data(),
            callers: callers(),
            kept: BTreeMap::new(),
            state,
            struck: false,
            log: Vec::new(),
            faults: Vec::new(),
            hash: Sha256::new(),
            found: Found::default(),
        }
    }

    /// Walks on until so many calls were made. What is checked changes nothing of what is drawn or answered.
    async fn go(&mut self, calls: usize, checked: bool) {
        while self.found.calls < calls {
            self.found.steps += 1;
            let step = match self.luck.percent(12) {
                true => step::control(&self.state, &self.sources, &self.callers, &mut self.luck),
                false => step::call(&self.sources, &self.callers, &mut self.luck),
            };
            self.log.push(step.to_string());
            let mut done = self.take(&step, checked).await;
            if done.is_ok() && self.found.steps.is_multiple_of(STEPS_TO_SNAPSHOT) {
                done = self.snapshot(checked).await;
            }
            if let Err(fault) = done {
                let told = self.tell(&fault);
                if !self.faults.iter().any(|other| brief(other) == brief(&told)) {
                    self.faults.push(told);
                }
                self.app.reset();
                (self.callers, self.struck) = (callers(), false);
            }
            if self.faults.len() >= FAULTS {
                return;
            }
        }
    }

    fn tell(&self, fault: &str) -> String {
        let last = &self.log[self.log.len().saturating_sub(TOLD)..];
        let fault: String = fault.chars().take(3_000).collect();
        format!("step {}: {fault}\nafter\n  {}", self.found.steps, last.join("\n  "))
    }

    async fn take(&mut self, step: &Step, checked: bool) -> Result<(), String> {
        let before = match step {
            Step::Call { .. } if checked => Some(self.clouds()),
            _ => None,
        };
        let answer = self.app.try_call(&step.raw()).await;
        let Some(answer) = answer else {
            self.found.calls += 1;
            self.found.unanswered += 1;
            return if self.struck { Ok(()) } else { Err("no answer".into()) };
        };
        // The journal tells how long calls took.
        let is_journal = matches!(step, Step::Control(_, path, _) if path.starts_with("/_crs/requests"));
        let told = if is_journal { &[][..] } else { &answer.body };
        self.hash.update(told);
        self.found.trail.push(Sha256::digest(told).into());
        match step {
            Step::Call { action, .. } => self.called(action, &answer, before)?,
            Step::Control(method, path, _) => self.controlled(method, path, &answer)?,
        }
        let changes = match step {
            Step::Call { action, .. } => !action.reads && answer.code().is_empty(),
            Step::Control(method, ..) => *method != "GET",
        };
        if checked && changes {
            self.holds()?;
        }
        Ok(())
    }

    /// What an answer of the API must be.
    fn called(
        &mut self,
        action: &'static Action,
        answer: &Answer,
        before: Option<Vec<(u64, Cloud, Millis)>>,
    ) -> Result<(), String> {
        self.found.calls += 1;
        let envelope = answer.envelope().map_err(|fault| format!("{fault}\n{answer}"))?;
        let response = &envelope.whole["Response"];
        let counted = self.found.by_action.entry(title(action)).or_default();
        counted[usize::from(envelope.error.is_some())] += 1;
        let Some((code, message)) = envelope.error else {
            self.sources.hear(response);
            let faults = shape::faults(response, action.output);
            return match faults.is_empty() {
                true => Ok(()),
                false => Err(format!("{}\n{answer}", faults.join("\n"))),
            };
        };
        let known = ErrorCode::parse(&code);
        let documented =
            known.is_some_and(|known| known.is_common() || action.documents(known) || action.codes.is_none());
        if !documented {
            return Err(format!("{code} is neither documented nor common: {message}"));
        }
        if code.starts_with("InternalError") && !self.struck {
            return Err(format!("it broke: {answer}"));
        }
        if self.struck {
            return Ok(());
        }
        self.found.pairs.insert((title(action), code.clone()));
        // What is due and unseen ends before a change of its instance is judged: that is time's doing.
        let Some(before) = before else { return Ok(()) };
        let ends = action.flows == FlowUse::Ends && before.iter().any(|(_, cloud, now)| is_due(cloud, *now));
        if !ends && self.clouds() != before {
            return Err(format!("refused with {code}, and something changed: {message}"));
        }
        self.found.unchanged += usize::from(!ends);
        Ok(())
    }

    /// What a control call answered, and what it means for the walk.
    fn controlled(&mut self, method: &str, path: &str, answer: &Answer) -> Result<(), String> {
        if answer.status >= 500 {
            return Err(format!("{answer}"));
        }
        if answer.status >= 400 {
            let told = answer.json();
            let message = told["Error"]["Message"].as_str().unwrap_or_default();
            return match message.is_empty() {
                true => Err(format!("no message: {answer}")),
                false => Ok(()),
            };
        }
        let (place, _) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = place.split('/').skip(2).collect();
        match (method, &parts[..]) {
            ("POST", ["faults"]) => self.struck = true,
            ("DELETE", ["faults"]) => self.struck = false,
            ("POST", ["reset"]) if place == path => {
                self.struck = false;
                self.callers = callers();
            }
            ("POST", ["checkpoints", name]) => drop(self.kept.insert((*name).to_owned(), self.callers.clone())),
            ("POST", ["checkpoints", name, "restore"]) => {
                self.callers = self.kept[*name].clone();
                self.struck = true;
            }
            ("POST", ["accounts"]) => {
                let told = answer.json();
                let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
                self.callers.push(Caller {
                    app_id: told["AppId"].as_u64().unwrap_or_default(),
                    secret_id: text("SecretId"),
                    secret_key: text("SecretKey"),
                });
            }
            ("DELETE", ["accounts", app_id]) => {
                self.callers.retain(|caller| caller.app_id.to_string() != **app_id);
            }
            _ => {}
        }
        Ok(())
    }

    /// The cloud of each account at the present. Where nothing is due, a read leaves it at the last change.
    fn clouds(&self) -> Vec<(u64, Cloud, Millis)> {
        let mut clouds = self.app.emulator.clouds();
        for (_, cloud, now) in &mut clouds {
            advance::advance(cloud, *now);
        }
        clouds
    }

    /// Nothing contradicts itself, in any account.
    fn holds(&self) -> Result<(), String> {
        for (app_id, cloud, now) in self.clouds() {
            holds::of_cloud(&cloud, now).map_err(|fault| format!("account {app_id}: {fault}"))?;
        }
        Ok(())
    }

    /// The state is taken by another emulator, in which it is the same, and which answers the same to what only reads.
    async fn snapshot(&mut self, checked: bool) -> Result<(), String> {
        self.state = self.app.controlled("GET", "/_crs/state", "").await;
        self.hash.update(self.state.to_string());
        if !checked {
            return Ok(());
        }
        self.found.snapshots += 1;
        let (status, told) = self.other.control("PUT", "/_crs/state", &self.state.to_string()).await;
        if status != 200 {
            return Err(format!("its state is refused: {told:#}"));
        }
        let put = self.other.controlled("GET", "/_crs/state", "").await;
        same(&self.state, &put, "")
    }

    fn digest(mut self) -> (String, Found) {
        self.found.log = std::mem::take(&mut self.log);
        let digest = self.hash.finalize();
        let text = digest.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        (text, self.found)
    }
}

/// Whether a flow is due that nobody has seen.
fn is_due(cloud: &Cloud, now: Millis) -> bool {
    cloud
        .flows
        .values()
        .any(|flow| flow.due_at.is_some_and(|due| due <= now) || flow.task_due_at.is_some_and(|due| due <= now))
}

/// What tells a fault from others: its words, without the step and the numbers in it.
fn brief(fault: &str) -> String {
    let words = fault.split_once(": ").map_or(fault, |(_, words)| words);
    words.chars().filter(|one| !one.is_ascii_digit()).take(60).collect()
}

/// Where the first difference of two states lies.
fn same(one: &Value, other: &Value, path: &str) -> Result<(), String> {
    match (one, other) {
        (Value::Object(own), Value::Object(theirs)) => {
            for (key, value) in own {
                same(value, theirs.get(key).unwrap_or(&Value::Null), &format!("{path}/{key}"))?;
            }
            match theirs.keys().find(|key| !own.contains_key(*key)) {
                Some(key) => Err(format!("{path}/{key} is new in the other: {}", theirs[key])),
                None => Ok(()),
            }
        }
        (Value::Array(own), Value::Array(theirs)) if own.len() == theirs.len() => {
            let mut pairs = own.iter().zip(theirs).enumerate();
            pairs.try_for_each(|(at, (one, other))| same(one, other, &format!("{path}/{at}")))
        }
        _ if one == other => Ok(()),
        _ => Err(format!("{path} is {one}, in the other {other}")),
    }
}

async fn walked(seed: u64, calls: usize, checked: bool) -> (String, Found) {
    let mut walk = Walk::new(seed).await;
    walk.go(calls, checked).await;
    let faults = &walk.faults;
    assert!(
        faults.is_empty(),
        "seed {seed}: {} faults\n\n{}",
        faults.len(),
        faults.join("\n\n")
    );
    walk.digest()
}

/// The figures of a walk, in a line.
fn line(seed: u64, found: &Found, seconds: f64) -> String {
    let taken: usize = found.by_action.values().map(|counts| counts[0]).sum();
    let refused: usize = found.by_action.values().map(|counts| counts[1]).sum();
    let never = found.by_action.values().filter(|counts| counts[0] == 0).count();
    format!(
        "seed {seed}: {} calls, {taken} taken, {refused} refused ({} held against the state before), {} unanswered by \
         a rule; {} of {} actions taken; {} codes by rule; {} snapshots; {seconds:.0} s",
        found.calls,
        found.unchanged,
        found.unanswered,
        found.by_action.len() - never,
        found.by_action.len(),
        found.pairs.len(),
        found.snapshots,
    )
}

#[tokio::test]
async fn a_walk_over_the_whole_api_breaks_nothing_and_comes_again() {
    let number = |name: &str, usual: usize| {
        let set = std::env::var(name).ok();
        set.map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
    };
    let seed = number("CRS_LOCAL_WALK_SEED", usize::try_from(SEED).expect("small")) as u64;
    let calls = number("CRS_LOCAL_WALK_CALLS", CALLS);
    let begun = Instant::now();
    let (one, found) = walked(seed, calls, true).await;
    println!("{}", line(seed, &found, begun.elapsed().as_secs_f64()));
    let (two, again) = walked(seed, calls, false).await;
    let differs = found.trail.iter().zip(&again.trail).position(|(one, two)| one != two);
    let step = found.log.iter().zip(&again.log).position(|(one, two)| one != two);
    assert!(
        one == two,
        "the same seed gave other bytes: answer {differs:?} differs, step {step:?} is another, which follows {:?}",
        &found.log[step.unwrap_or(found.log.len()).saturating_sub(TOLD)..step.unwrap_or(found.log.len())],
    );
    let taken = found.by_action.iter().filter(|(_, counts)| counts[0] > 0);
    let taken: BTreeSet<String> = taken.map(|(action, _)| action.clone()).collect();
    let never: Vec<String> = implemented()
        .map(title)
        .filter(|action| !taken.contains(action))
        .collect();
    println!("never taken: {never:?}");
    if (seed, calls) == (SEED, CALLS) {
        golden::took("walk", &taken);
    }
}
