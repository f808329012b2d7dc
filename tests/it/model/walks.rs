//! Random walks over the whole door: whatever a fixture states and is taken is called, patched, moved in time, and at
//! any moment read and put into another emulator, which goes on as the first would. Nothing panics, nothing answers an
//! undocumented code, and the books balance.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crs_local::cloud::Pace;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::{Value, json};

use super::super::answers::some_of_each;
use super::super::golden;
use super::super::harness::{App, Raw};
use super::super::hours::{hours_fen, tariff};
use super::drawn::{Bytes, MOMENTS, fixture};
use super::draws;
use super::step::{Step, Steps, steps};
use super::wire::{app, raw, request};
use super::world::ensure;

const CASES: u32 = 220;

/// What came of all walks.
#[derive(Default)]
struct Seen {
    taken: u32,
    refused: u32,
    /// Statuses that an instance began with, with the action of its flow.
    begun: BTreeSet<(i64, String)>,
    /// Patches that were taken, by key.
    patched: BTreeSet<String>,
    /// Actions that took a call.
    accepted: BTreeSet<String>,
}

#[test]
fn what_a_fixture_states_goes_on_or_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let seen = RefCell::new(Seen::default());
    let bytes = proptest::collection::vec(any::<u8>(), 40..260);
    let told = TestRunner::new(draws(CASES)).run(&(bytes, steps()), |(bytes, steps)| {
        let told = runtime.block_on(walk(&bytes, &steps, &seen));
        told.map_err(TestCaseError::fail)
    });
    if let Err(fault) = told {
        panic!("{fault}");
    }
    let seen = seen.into_inner();
    let all = seen.taken + seen.refused;
    assert!(
        seen.taken >= all / 5 && seen.refused >= all / 20,
        "{} of {all} were taken",
        seen.taken
    );
    assert!(seen.begun.len() >= 15, "only these: {:?}", seen.begun);
    for key in ["Status", "MemSize", "CloseTime", "Balance", "DeadlineTime"] {
        assert!(seen.patched.contains(key), "{key}: {:?}", seen.patched);
    }
    golden::took("walks.rs", &seen.accepted);
}

async fn walk(bytes: &[u8], steps: &Steps, seen: &RefCell<Seen>) -> Result<(), String> {
    let mut bytes = Bytes::new(bytes);
    let pace = bytes.of(&[Pace::Timed, Pace::Held, Pace::Instant]);
    let stated = fixture(&mut bytes);
    let original = app(pace, 7);
    let (status, told) = original.control("PUT", "/_crs/state", &stated.to_string()).await;
    if status != 200 {
        seen.borrow_mut().refused += 1;
        return refused(status, &told, &stated);
    }
    note(&stated, &mut seen.borrow_mut());
    let mut books = Books::open(&state(&original).await)?;
    let codes = codes(&original).await;
    let (first, second) = steps.0.split_at(steps.0.len() / 2);
    for step in first {
        let act = act(&state(&original).await, step, &mut bytes);
        let answer = act.on(&original).await;
        act.holds(&answer, &codes, &mut seen.borrow_mut())?;
        books
            .balance(&state(&original).await)
            .map_err(|fault| format!("{fault}\nafter {act:?}\n{answer:#}\nof {stated:#}"))?;
    }
    let restored = app(pace, 7);
    same(&original, &restored, &stated).await?;
    for step in second {
        let act = act(&state(&original).await, step, &mut bytes);
        let (one, two) = (act.on(&original).await, act.on(&restored).await);
        ensure!(one == two, "{act:?} answers\n{one:#}\nand\n{two:#}\nof {stated:#}");
        act.holds(&one, &codes, &mut seen.borrow_mut())?;
        let (one, two) = (state(&original).await, state(&restored).await);
        ensure!(one == two, "after {act:?}\n{one:#}\nis not\n{two:#}\nof {stated:#}");
        books
            .balance(&one)
            .map_err(|fault| format!("{fault}\nafter {act:?}\nof {stated:#}"))?;
    }
    same(&original, &app(pace, 7), &stated).await?;
    every_action(&original, &codes, &stated, seen).await?;
    same(&original, &app(pace, 7), &stated).await
}

/// Calls every action with what the walk has left behind: none breaks, whatever state it finds.
async fn every_action(app: &App, codes: &Codes, stated: &Value, seen: &RefCell<Seen>) -> Result<(), String> {
    app.controlled("DELETE", "/_crs/faults", "").await;
    for (action, raw) in some_of_each(app, "ap-guangzhou").await {
        let answer = app.call(&raw).await.json();
        let code = answer["Response"]["Error"]["Code"].as_str().unwrap_or("");
        ensure!(
            is_documented(action, code, codes) && code != "InternalError",
            "{action} answers {answer:#}\nto {raw}\nof {stated:#}"
        );
        if code.is_empty() {
            seen.borrow_mut().accepted.insert(action.to_owned());
        }
    }
    Ok(())
}

async fn state(app: &App) -> Value {
    app.controlled("GET", "/_crs/state", "").await
}

/// Puts the state of one into another, where it is the same.
async fn same(original: &App, other: &App, stated: &Value) -> Result<(), String> {
    let state_put = state(original).await;
    let (status, told) = other.control("PUT", "/_crs/state", &state_put.to_string()).await;
    ensure!(
        status == 200,
        "a state is refused: {told:#}\n{state_put:#}\nof {stated:#}"
    );
    let got = state(other).await;
    ensure!(
        got == state_put,
        "what was put is\n{got:#}\nnot\n{state_put:#}\nof {stated:#}"
    );
    Ok(())
}

/// Every fault has its place and its remedy.
fn refused(status: u16, told: &Value, stated: &Value) -> Result<(), String> {
    ensure!(status == 400, "{status} {told:#}\nfor {stated:#}");
    let message = told["Error"]["Message"].as_str().unwrap_or_default();
    ensure!(!message.is_empty(), "{told:#}");
    for line in message.lines() {
        let whole = line.starts_with("the body: ") && line.contains("; ");
        ensure!(whole, "no place or no remedy: {line}\nfor {stated:#}");
    }
    Ok(())
}

fn note(stated: &Value, seen: &mut Seen) {
    seen.taken += 1;
    let account = &stated["Accounts"][0];
    let flows = account["Flows"].as_array().map_or(&[][..], Vec::as_slice);
    for one in account["Instances"].as_array().into_iter().flatten() {
        let own = |flow: &&Value| flow["InstanceId"] == one["InstanceId"];
        let action = flows
            .iter()
            .find(own)
            .map_or("", |flow| flow["Action"].as_str().unwrap_or(""));
        let status = one["Status"].as_i64().unwrap_or(99);
        seen.begun.insert((status, action.to_owned()));
    }
}

type Codes = BTreeMap<String, Option<BTreeSet<String>>>;

/// Whether an action may answer so: a success, a code of its own, or one of the platform's, which are common to all.
fn is_documented(action: &str, code: &str, codes: &Codes) -> bool {
    let known = codes.get(action).and_then(Option::as_ref);
    code.is_empty()
        || known.is_none_or(|known| known.contains(code))
        || [
            "InternalError",
            "InvalidParameter",
            "MissingParameter",
            "UnknownParameter",
            "InvalidParameterValue",
            "UnsupportedOperation",
            "FailedOperation",
            "ResourceNotFound",
            "ResourceUnavailable",
            "LimitExceeded",
        ]
        .contains(&code)
}

/// The codes that each action documents; `None` where that is not known.
async fn codes(app: &App) -> Codes {
    let listed = app.controlled("GET", "/_crs/actions", "").await;
    let row = |row: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let codes = row["Codes"].as_array();
        (text(&row["Name"]), codes.map(|codes| codes.iter().map(text).collect()))
    };
    listed["Actions"].as_array().into_iter().flatten().map(row).collect()
}

/// One call of a walk, ready to be sent to several.
#[derive(Debug)]
pub(crate) enum Act {
    Api(&'static str, Value),
    Control(&'static str, String, Value),
}

impl Act {
    pub(crate) fn raw(&self) -> Raw {
        match self {
            Act::Api(action, input) => raw(action, input),
            Act::Control(method, path, Value::Null) => Raw::control(method, path, ""),
            Act::Control(method, path, body) => Raw::control(method, path, &body.to_string()),
        }
    }

    pub(super) async fn on(&self, app: &App) -> Value {
        let answer = app.call(&self.raw()).await;
        match self {
            Act::Api(..) => answer.json(),
            Act::Control(..) => json!({ "Status": answer.status, "Told": answer.json() }),
        }
    }

    /// What is answered is documented, and nothing broke.
    fn holds(&self, answer: &Value, codes: &Codes, seen: &mut Seen) -> Result<(), String> {
        match self {
            Act::Api(action, _) => {
                let code = answer["Response"]["Error"]["Code"].as_str().unwrap_or("");
                ensure!(
                    code != "InternalError" || *action == "DescribeTaskList",
                    "{self:?} broke: {answer:#}"
                );
                let holds = is_documented(action, code, codes);
                ensure!(holds, "{self:?} answers {code}, which it does not document");
                if code.is_empty() {
                    seen.accepted.insert((*action).to_owned());
                }
            }
            Act::Control(method, _, body) => {
                let status = answer["Status"].as_u64().unwrap_or(0);
                ensure!(status < 500, "{self:?} broke: {answer:#}");
                if *method == "PATCH" && status == 200 {
                    let keys = body.as_object().into_iter().flatten();
                    seen.patched.extend(keys.map(|(key, _)| key.clone()));
                }
            }
        }
        Ok(())
    }
}

/// The calls that only read.
const READS: [&str; 8] = [
    "DescribeInstances",
    "DescribeTaskList",
    "DescribeCommonDBInstances",
    "DescribeInstanceDealDetail",
    "DescribeTaskInfo",
    "DescribeRedisClusterOverview",
    "InquiryPriceUpgradeInstance",
    "InquiryPriceRenewInstance",
];

/// What a step comes to with the state as it is: mostly what it says, and now and then something from outside.
pub(crate) fn act(state: &Value, step: &Step, bytes: &mut Bytes<'_>) -> Act {
    let account = &state["Accounts"][0];
    let id = one_of(&account["Instances"], bytes)["InstanceId"].clone();
    let id = id.as_str().unwrap_or("crs-nothing0").to_owned();
    let control = |method, path: &str, body| Act::Control(method, path.to_owned(), body);
    match (bytes.next() % 16, *step) {
        (0..=3, _) => patch(&id, bytes),
        (4, _) => {
            let change = bytes.of(&[
                json!({ "Balance": 100_000_000 }),
                json!({ "Balance": -1 }),
                json!({ "Balance": 0, "PostpaidQuota": 3 }),
                json!({ "Balance": -9, "ArrearsSince": "2026-11-20 00:00:00" }),
                json!({ "SoldOut": [{ "TypeId": 8 }] }),
                json!({ "ArrearsEnforced": true }),
            ]);
            control("PATCH", "/_crs/accounts/1250000000", change)
        }
        (5, _) => {
            let read = bytes.of(&READS);
            Act::Api(read, input(read, account, &id, bytes))
        }
        (6, _) => clock(bytes),
        (7, _) => {
            let rule = bytes.of(&[
                json!({ "Match": { "Action": "DescribeTaskList" }, "Then": { "Code": "InternalError" }, "Times": 1 }),
                json!({ "Match": { "Probability": 0.3 }, "Then": { "Flow": "fail" } }),
                json!({ "Match": { "Every": 3 }, "Then": { "Flow": "hang" }, "Times": 2 }),
                json!({ "Match": {}, "Then": { "HttpStatus": 503, "Code": "LimitExceeded" },
                    "Sequence": { "Fail": 1, "Pass": 3 } }),
                json!({ "Match": { "Nth": 2 }, "Then": { "Code": "LimitExceeded" }, "When": "after" }),
            ]);
            control("POST", "/_crs/faults", rule)
        }
        (_, Step::Wait(ms)) => {
            let body = json!({ "Seconds": ms as f64 / 1_000.0 });
            control("POST", "/_crs/clock/advance", body)
        }
        (_, Step::Drain) => control("POST", "/_crs/flows/drain", Value::Null),
        (_, Step::FinishFlow(_) | Step::FailFlow(_)) => {
            let flow = one_of(&account["Flows"], bytes)["Id"].as_u64().unwrap_or(0);
            let how = if matches!(step, Step::FailFlow(_)) {
                "fail"
            } else {
                "step"
            };
            let path = format!("/_crs/flows/{flow}/{how}?AppId=1250000000");
            Act::Control("POST", path, Value::Null)
        }
        _ => {
            let (action, input) = request(account, step);
            Act::Api(action, input)
        }
    }
}

fn one_of(list: &Value, bytes: &mut Bytes<'_>) -> Value {
    let all = list.as_array().map_or(&[][..], Vec::as_slice);
    let at = usize::from(bytes.next());
    all.get(at % all.len().max(1)).cloned().unwrap_or_default()
}

fn input(action: &str, account: &Value, id: &str, bytes: &mut Bytes<'_>) -> Value {
    let deal = || account["Deals"][0]["DealId"].as_str().unwrap_or("1").to_owned();
    let task = || account["Tasks"][0]["TaskId"].as_u64().unwrap_or(1);
    match action {
        "DescribeInstanceDealDetail" => json!({ "DealIds": [deal()] }),
        "DescribeTaskInfo" => json!({ "TaskId": task() }),
        "InquiryPriceUpgradeInstance" => json!({ "InstanceId": id, "MemSize": 8_192 }),
        "InquiryPriceRenewInstance" => {
            json!({ "InstanceId": id, "Period": bytes.of(&[1, 12, 36]) })
        }
        _ => json!({}),
    }
}

fn patch(id: &str, bytes: &mut Bytes<'_>) -> Act {
    let moment = json!(bytes.of(&MOMENTS));
    let change = bytes.of(&[
        json!({ "Status": 2 }),
        json!({ "Status": 1 }),
        json!({ "Status": 0 }),
        json!({ "Status": -2 }),
        json!({ "Status": -3, "CloseTime": moment }),
        json!({ "Status": 2, "DeadlineTime": moment }),
        json!({ "CloseTime": moment }),
        json!({ "OfflineTime": moment }),
        json!({ "MemSize": 2_048 }),
        json!({ "MemUsed": 100, "Frozen": 5 }),
        json!({ "Workload": { "MemGrowthMbPerHour": 3_600 } }),
        json!({ "Workload": null, "ClientLimit": 20_000 }),
        json!({ "BillingMode": 1, "DeadlineTime": moment }),
        json!({ "BillingMode": 0 }),
        json!({ "DeadlineTime": moment }),
        json!({ "AutoRenew": 1, "RenewalFailed": null }),
        json!({ "Stuck": true }),
        json!({ "Createtime": moment }),
    ]);
    let path = format!("/_crs/instances/{id}?AppId=1250000000");
    Act::Control("PATCH", path, change)
}

fn clock(bytes: &mut Bytes<'_>) -> Act {
    let manual = |now: &str| json!({ "Mode": "manual", "Now": now });
    let body = bytes.of(&[
        manual("2026-11-24T08:00:00Z"),
        json!({ "Mode": "real" }),
        manual("2026-11-20T08:00:00Z"),
        manual("2026-12-31T16:00:00.001Z"),
        manual("2027-03-01T00:00:00Z"),
        json!({ "Mode": "manual" }),
    ]);
    Act::Control("PUT", "/_crs/clock".to_owned(), body)
}

/// The money of the first account, as it was at first.
struct Books {
    held_fen: i128,
    entries: usize,
}

impl Books {
    fn open(state: &Value) -> Result<Self, String> {
        let account = &state["Accounts"][0];
        Ok(Self {
            held_fen: held_fen(account),
            entries: ledger(account).len(),
        })
    }

    /// The ledger adds up to the balance, and what was frozen since is what is held.
    fn balance(&mut self, state: &Value) -> Result<(), String> {
        let account = &state["Accounts"][0];
        let number = |entry: &Value, key: &str| entry[key].as_i64().unwrap_or(0);
        let ledger = ledger(account);
        for pair in ledger.windows(2) {
            let sum = number(&pair[0], "Balance") + number(&pair[1], "Amount");
            ensure!(number(&pair[1], "Balance") == sum, "{} does not add up", pair[1]);
        }
        if let Some(last) = ledger.last() {
            let left = i128::from(number(last, "Balance")) - hours_fen(account);
            ensure!(
                left == i128::from(number(account, "Balance")),
                "the ledger ends with {last}"
            );
        }
        let frozen: i64 = ledger
            .iter()
            .skip(self.entries)
            .filter(|entry| entry["Kind"] == "Freeze" || entry["Kind"] == "Unfreeze")
            .map(|entry| -number(entry, "Amount"))
            .sum();
        let held = held_fen(account) - self.held_fen;
        ensure!(held == i128::from(frozen), "{held} more is held, {frozen} was frozen");
        Ok(())
    }
}

fn ledger(account: &Value) -> Vec<Value> {
    account["Ledger"].as_array().cloned().unwrap_or_default()
}

/// What instances hold: those that are postpaid and not in the recycle bin.
fn held_fen(account: &Value) -> i128 {
    let held = |one: &Value| {
        if one["BillingMode"] == 1 || one["Status"] == -2 || one["Status"] == -3 {
            return 0;
        }
        if let Some(frozen) = one["Frozen"].as_i64() {
            return i128::from(frozen);
        }
        i128::from(tariff(one).for_hours(1).fen())
    };
    account["Instances"].as_array().into_iter().flatten().map(held).sum()
}
