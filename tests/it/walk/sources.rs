//! What calls are drawn from: the requests of the tests' data, and whatever answers have told.

use std::collections::{BTreeMap, VecDeque};

use crs_local::contract::Action;
use crs_local::contract::shape::{Member, Shape, Type};
use serde_json::{Value, json};

use super::super::answers::{action, examples, implemented};
use super::super::corpus::{self, Input, Way};
use super::luck::Luck;

/// Where most calls go.
pub(super) const REGION: &str = "ap-guangzhou";
/// So many values of a member are remembered of answers, the latest.
const REMEMBERED: usize = 24;

/// A request as data has it.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) region: String,
    pub(super) input: Input,
}

/// Requests by action, and values by the name of the member.
#[derive(Clone)]
pub(crate) struct Sources {
    pub(super) actions: Vec<&'static Action>,
    samples: BTreeMap<usize, Vec<Sample>>,
    values: BTreeMap<String, Vec<Value>>,
    told: BTreeMap<String, VecDeque<Value>>,
}

impl Sources {
    pub(crate) fn of_data() -> Self {
        let mut of = Self {
            actions: implemented().collect(),
            samples: BTreeMap::new(),
            values: BTreeMap::new(),
            told: BTreeMap::new(),
        };
        for case in corpus::by_rule() {
            if let Way::Json(input) = case.way {
                of.add(case.action, case.region, input);
            }
        }
        for (name, example) in examples::examples() {
            let refusals = example["Refusals"].as_array().into_iter().flatten();
            let requests = refusals.map(|refusal| examples::sent(&example["Request"], refusal));
            for request in requests.chain([example["Request"].clone()]) {
                if let Value::Object(input) = request {
                    of.add(action(&name), REGION.to_owned(), input);
                }
            }
        }
        of
    }

    fn add(&mut self, action: &'static Action, region: String, input: Input) {
        for (name, value) in &input {
            let known = self.values.entry(name.clone()).or_default();
            if known.len() < 400 && !known.contains(value) {
                known.push(value.clone());
            }
        }
        self.samples
            .entry(action.id as usize)
            .or_default()
            .push(Sample { region, input });
    }

    /// Keeps what an answer told.
    pub(crate) fn hear(&mut self, answer: &Value) {
        match answer {
            Value::Array(items) => items.iter().take(4).for_each(|item| self.hear(item)),
            Value::Object(members) => {
                for (name, value) in members {
                    self.hear(value);
                    let single = match value {
                        Value::String(text) => !text.is_empty() && text.len() < 200,
                        Value::Number(_) => true,
                        Value::Array(items) => items.first().is_some_and(|item| !item.is_object()),
                        _ => false,
                    };
                    if single {
                        self.keep(name, value.clone());
                    }
                }
            }
            _ => {}
        }
    }

    fn keep(&mut self, name: &str, value: Value) {
        let told = self.told.entry(kin(name)).or_default();
        let value = match value {
            Value::Array(mut items) => items.swap_remove(0),
            single => single,
        };
        if !told.contains(&value) {
            if told.len() == REMEMBERED {
                told.pop_front();
            }
            told.push_back(value);
        }
    }

    /// A value that an answer told of a member called so or nearly so, of its type.
    fn heard(&self, member: &Member, luck: &mut Luck) -> Option<Value> {
        let told = self.told.get(&kin(member.name))?;
        Some(fitting(member, told[luck.below(told.len())].clone()))
    }

    /// Values that this member may have: those that answers told, and some of the data's.
    pub(crate) fn values_of(&self, member: &Member) -> Vec<Value> {
        let told = self.told.get(&kin(member.name)).into_iter().flatten().take(2).cloned();
        let told = told.map(|value| fitting(member, value));
        let known = self.values.get(member.name).into_iter().flatten().take(5).cloned();
        told.chain(known).collect()
    }

    /// One of the requests of the data.
    pub(super) fn sample(&self, action: &Action, luck: &mut Luck) -> Option<Sample> {
        let samples = self.samples.get(&(action.id as usize))?;
        Some(luck.of(samples).clone())
    }

    /// The same with some ids in it that answers have told.
    pub(super) fn moved(&self, action: &Action, luck: &mut Luck) -> Option<Sample> {
        let mut sample = self.sample(action, luck)?;
        for member in action.input.members {
            if sample.input.contains_key(member.name)
                && kin(member.name).ends_with("Id")
                && let Some(value) = self.heard(member, luck)
            {
                sample.input.insert(member.name.to_owned(), value);
            }
        }
        Some(sample)
    }

    /// A request as the contract has it: what must be there, some of what may be.
    pub(super) fn drawn(&self, shape: &Shape, luck: &mut Luck) -> Input {
        let mut input = Input::new();
        for member in shape.members {
            let often = if member.required { 98 } else { 25 };
            if luck.percent(often) {
                input.insert(member.name.to_owned(), self.value(member, luck));
            }
        }
        input
    }

    fn value(&self, member: &Member, luck: &mut Luck) -> Value {
        let heard = luck.percent(60).then(|| self.heard(member, luck)).flatten();
        if let Some(value) = heard {
            return value;
        }
        match self.values.get(member.name) {
            Some(known) if luck.percent(80) => luck.of(known).clone(),
            _ => self.plain(member.ty, luck),
        }
    }

    /// Any value of that type.
    fn plain(&self, ty: Type, luck: &mut Luck) -> Value {
        match ty {
            Type::String => json!(luck.of(&["", "a", "redis", "1", "2026-11-24 16:00:00", "10.0.0.0/16", "数据"])),
            Type::Integer => json!(luck.of(&[0, 1, 2, -1, 20, 1_024, i64::MAX, i64::MIN])),
            Type::UInteger => json!(luck.of(&[0, 1, 2, 3, 20, 100, 1_024, u64::MAX])),
            Type::Boolean => json!(luck.percent(50)),
            Type::Float => json!(luck.of(&[0.0, 0.5, -1.5, 1e18])),
            Type::Object(shape) => Value::Object(self.drawn(shape, luck)),
            Type::List(item) => (0..luck.below(4)).map(|_| self.plain(*item, luck)).collect(),
        }
    }
}

/// The value in the form that the member takes.
fn fitting(member: &Member, value: Value) -> Value {
    match member.ty {
        Type::List(_) => json!([value]),
        Type::String if value.is_number() => json!(value.to_string()),
        _ => value,
    }
}

/// What members that name the same are called alike by: `SrcInstanceId`, `InstanceIds` and `InstanceIdList` are about
/// an `InstanceId`.
fn kin(name: &str) -> String {
    let name = ["Src", "Dst", "Uniq", "Old", "New"]
        .iter()
        .fold(name, |name, before| name.strip_prefix(before).unwrap_or(name));
    let name = ["List", "Set", "s"]
        .iter()
        .fold(name, |name, after| name.strip_suffix(after).unwrap_or(name));
    match name {
        "FlowId" => "TaskId",
        "DealName" => "DealId",
        "SgId" | "DealSecurityGroupId" => "SecurityGroupId",
        other => other,
    }
    .to_owned()
}

#[test]
fn names_of_the_same_are_kin() {
    for name in ["SrcInstanceId", "InstanceIds", "InstanceIdList", "InstanceId"] {
        assert_eq!(kin(name), "InstanceId");
    }
    assert_eq!(kin("UniqVpcId"), kin("VpcIds"));
}
