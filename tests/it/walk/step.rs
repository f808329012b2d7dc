//! One step of a walk: a call of the API, or something from outside.

use std::fmt;

use crs_local::contract::Action;
use serde_json::{Value, json};

use super::super::harness::{NOW_MS, Raw};
use super::super::sign::{self, Tc3};
use super::luck::Luck;
use super::sources::{REGION, Sample, Sources};

const HOST: &str = "127.0.0.1:8239";

/// A key pair, and whose it is.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) app_id: u64,
    pub(super) secret_id: String,
    pub(super) secret_key: String,
}

/// What is done next.
pub(super) enum Step {
    Call {
        action: &'static Action,
        by: Caller,
        region: String,
        input: Value,
    },
    Control(&'static str, String, Value),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call {
                action,
                by,
                region,
                input,
            } => write!(f, "{} in {region} by {}: {input}", action.name, by.app_id),
            Self::Control(method, path, body) => write!(f, "{method} {path} {body}"),
        }
    }
}

impl Step {
    pub(super) fn raw(&self) -> Raw {
        match self {
            Self::Call {
                action,
                by,
                region,
                input,
            } => signed(action, region, by, &input.to_string()),
            Self::Control(method, path, Value::Null) => Raw::control(method, path, ""),
            Self::Control(method, path, body) => Raw::control(method, path, &body.to_string()),
        }
    }
}

/// The call of this caller.
fn signed(action: &Action, region: &str, by: &Caller, body: &str) -> Raw {
    let seconds = NOW_MS / 1_000;
    let text = str::to_owned;
    let signer = Tc3 {
        secret_key: by.secret_key.clone(),
        method: text("POST"),
        path: text("/"),
        query: String::new(),
        headers: vec![
            (text("content-type"), text("application/json")),
            (text("host"), text(HOST)),
        ],
        payload: body.as_bytes().to_vec(),
        timestamp: seconds.to_string(),
        date: sign::date(seconds),
        service: text("redis"),
    };
    let (id, date, signature) = (&by.secret_id, &signer.date, signer.signature());
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nX-TC-Action: {}\r\nX-TC-Version: {}\r\n\
         X-TC-Timestamp: {seconds}\r\nX-TC-Region: {region}\r\nAuthorization: TC3-HMAC-SHA256 \
         Credential={id}/{date}/redis/tc3_request, SignedHeaders=content-type;host, Signature={signature}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        action.name,
        action.version,
        body.len()
    );
    Raw(head.into_bytes())
}

/// A call of the API.
pub(super) fn call(sources: &Sources, callers: &[Caller], luck: &mut Luck) -> Step {
    let action = *luck.of(&sources.actions);
    let drawn = |luck: &mut Luck| Sample {
        region: REGION.to_owned(),
        input: sources.drawn(action.input, luck),
    };
    let from_data = match luck.below(10) {
        0..3 => sources.sample(action, luck),
        3..7 => sources.moved(action, luck),
        _ => None,
    };
    let mut sample = from_data.unwrap_or_else(|| drawn(luck));
    if luck.percent(6) {
        break_it(&mut sample, luck);
    }
    if luck.percent(4) {
        let regions = ["ap-shanghai", "ap-nanjing", "ap-shanghai-fsi", "ap-nowhere", ""];
        sample.region = (*luck.of(&regions)).to_owned();
    }
    // The first of the callers is the default account, which has the most.
    let by = if luck.percent(75) { 0 } else { luck.below(callers.len()) };
    Step::Call {
        action,
        by: callers[by].clone(),
        region: sample.region,
        input: Value::Object(sample.input),
    }
}

/// One thing is made wrong.
fn break_it(sample: &mut Sample, luck: &mut Luck) {
    let names: Vec<String> = sample.input.keys().cloned().collect();
    match (luck.below(4), names.is_empty()) {
        (0, _) | (_, true) => drop(sample.input.insert("Unknown".into(), json!(1))),
        (1, false) => drop(sample.input.remove(luck.of(&names))),
        (_, false) => {
            let wrong = [
                json!({}),
                json!([]),
                json!(1.5),
                json!(""),
                json!([null]),
                json!(-1),
                json!(true),
            ];
            let name = luck.of(&names).clone();
            sample.input.insert(name, luck.of(&wrong).clone());
        }
    }
}

/// Something from outside.
pub(super) fn control(state: &Value, sources: &Sources, accounts: &[Caller], luck: &mut Luck) -> Step {
    let seconds = [1, 1, 2, 60, 90, 3_600, 86_400, 8 * 86_400];
    match luck.below(40) {
        0..9 => advance(f64::from(*luck.of(&seconds))),
        9 => advance(40.0 * 86_400.0),
        10..13 => Step::Control("POST", "/_crs/clock/next".into(), json!({})),
        13 => {
            let moments = [
                "2026-11-24T08:00:00Z",
                "2026-11-23T08:00:00Z",
                "2026-12-31T15:59:59.999Z",
            ];
            let body = json!({ "Mode": "manual", "Now": luck.of(&moments) });
            Step::Control("PUT", "/_crs/clock".into(), body)
        }
        14..19 => flow(state, luck),
        19..21 => Step::Control("POST", "/_crs/flows/drain".into(), Value::Null),
        21..25 => Step::Control("POST", "/_crs/faults".into(), rule(sources, luck)),
        25..27 => Step::Control("DELETE", "/_crs/faults".into(), Value::Null),
        27..31 => patch_instance(state, luck),
        31..33 => {
            let changes = [
                json!({ "Balance": 100_000_000_000_i64 }),
                json!({ "Balance": 0 }),
                json!({ "Balance": 70_000 }),
                json!({ "PostpaidQuota": 1_000 }),
                json!({ "SoldOut": [{ "TypeId": 15 }] }),
                json!({ "SoldOut": [] }),
                json!({ "LockSeconds": 60 }),
            ];
            let change = luck.of(&changes).clone();
            let app_id = luck.of(accounts).app_id;
            Step::Control("PATCH", format!("/_crs/accounts/{app_id}"), change)
        }
        33 => Step::Control("POST", format!("/_crs/checkpoints/c{}", luck.below(3)), Value::Null),
        34 => Step::Control(
            "POST",
            format!("/_crs/checkpoints/c{}/restore", luck.below(3)),
            Value::Null,
        ),
        35 => Step::Control("POST", "/_crs/reset".into(), Value::Null),
        36 => match accounts.last() {
            Some(last) if accounts.len() > 4 => {
                Step::Control("DELETE", format!("/_crs/accounts/{}", last.app_id), Value::Null)
            }
            _ => Step::Control("POST", "/_crs/accounts".into(), json!({})),
        },
        37 => Step::Control(
            "POST",
            format!("/_crs/reset?AppId={}", luck.of(accounts).app_id),
            Value::Null,
        ),
        _ => {
            let reads = [
                "/_crs/flows",
                "/_crs/requests?Limit=5",
                "/_crs/clock",
                "/_crs/checkpoints",
                "/_crs/faults",
            ];
            Step::Control("GET", (*luck.of(&reads)).to_owned(), Value::Null)
        }
    }
}

fn advance(seconds: f64) -> Step {
    Step::Control("POST", "/_crs/clock/advance".into(), json!({ "Seconds": seconds }))
}

fn flow(state: &Value, luck: &mut Luck) -> Step {
    let account = &state["Accounts"][0];
    let flows = account["Flows"].as_array().map_or(&[][..], Vec::as_slice);
    let id = match flows {
        [] => json!(1),
        some => luck.of(some)["Id"].clone(),
    };
    let how = if luck.percent(30) { "fail" } else { "step" };
    let path = format!("/_crs/flows/{id}/{how}?AppId={}", account["AppId"]);
    Step::Control("POST", path, Value::Null)
}

fn patch_instance(state: &Value, luck: &mut Luck) -> Step {
    let account = &state["Accounts"][0];
    let all = account["Instances"].as_array().map_or(&[][..], Vec::as_slice);
    let one = match all {
        [] => json!({}),
        some => luck.of(some).clone(),
    };
    let id = one["InstanceId"].as_str().unwrap_or("crs-nothing0");
    // What is prepaid goes there at its deadline only.
    let bin = if one["BillingMode"] == 1 { 2 } else { -3 };
    let changes = [
        json!({ "MemUsed": 100 }),
        json!({ "MemUsed": 100_000 }),
        json!({ "Workload": { "MemGrowthMbPerHour": 3_600 } }),
        json!({ "Workload": null }),
        json!({ "DeleteProtectionSwitch": 0 }),
        json!({ "Status": 2 }),
        json!({ "Status": bin, "CloseTime": "2026-11-24 16:00:00" }),
        json!({ "InstanceName": "patched" }),
    ];
    let path = format!("/_crs/instances/{id}?AppId={}", account["AppId"]);
    Step::Control("PATCH", path, luck.of(&changes).clone())
}

/// A fault rule: a documented code, another end of a flow, or no answer.
fn rule(sources: &Sources, luck: &mut Luck) -> Value {
    let action = *luck.of(&sources.actions);
    let named = json!({ "Action": action.name });
    let code = action.codes.filter(|codes| !codes.is_empty());
    match (luck.below(6), code) {
        (0, _) => json!({ "Match": { "Probability": 0.2 }, "Then": { "Flow": "fail" }, "Times": 5 }),
        (1, _) => json!({ "Match": { "Every": 3 }, "Then": { "Flow": "hang" }, "Times": 2 }),
        (2, _) => json!({ "Match": named, "Then": { "Drop": true }, "When": "after", "Times": 2 }),
        (3, _) => json!({ "Match": { "Every": 5 }, "Then": { "Drop": true }, "When": "after", "Times": 2 }),
        (_, Some(codes)) => {
            let when = if luck.percent(50) { "before" } else { "after" };
            json!({ "Match": named, "Then": { "Code": luck.of(codes).as_str() }, "When": when, "Times": 2 })
        }
        (_, None) => json!({ "Match": named, "Then": { "Code": "InternalError" }, "Times": 1 }),
    }
}
