//! What is to have been called, as `POST /_crs/requests/verify` says it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::filter::action_named;
use super::pattern::{self, LIKE};
use crate::contract::shape::{Shape, Type};

/// The most steps of an order.
const STEPS_MAX: usize = 100;

/// What is to have been called.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Expectation {
    action: Option<String>,
    params: Option<Map<String, Value>>,
    #[serde(default)]
    exact: bool,
    exactly: Option<u64>,
    at_least: Option<u64>,
    at_most: Option<u64>,
    in_order: Option<Vec<Step>>,
    #[serde(default)]
    no_others: bool,
}

/// A call, or several alike, among others.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Step {
    action: String,
    params: Option<Map<String, Value>>,
    #[serde(default)]
    exact: bool,
    exactly: Option<u64>,
    at_least: Option<u64>,
    at_most: Option<u64>,
}

/// A key that is wrong, and what would be right.
pub(crate) type WrongKey = (String, String);

/// What is to have been called, checked.
pub(super) struct Plan {
    /// One, or those of an order, or none where nothing is to have been called.
    pub(super) steps: Vec<Wanted>,
    pub(super) is_order: bool,
    pub(super) no_others: bool,
}

/// Calls alike, and how many.
pub(super) struct Wanted {
    pub(super) action: &'static str,
    pub(super) params: Option<Map<String, Value>>,
    /// Whether no further parameters may be there.
    pub(super) is_exact: bool,
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

impl Expectation {
    /// Checks it. `Err` has the first key that is wrong.
    pub(super) fn plan(self) -> Result<Plan, WrongKey> {
        let no_others = self.no_others;
        let (steps, is_order) = match (self.action, self.in_order) {
            (Some(_), Some(_)) => {
                return Err(wrong("InOrder", "its steps name actions; leave Action or InOrder out"));
            }
            (Some(action), None) => {
                let step = Step {
                    action,
                    params: self.params,
                    exact: self.exact,
                    exactly: self.exactly,
                    at_least: self.at_least,
                    at_most: self.at_most,
                };
                (vec![step.wanted("")?], false)
            }
            (None, steps) => {
                let given = [
                    ("Params", self.params.is_some()),
                    ("Exact", self.exact),
                    ("Exactly", self.exactly.is_some()),
                    ("AtLeast", self.at_least.is_some()),
                    ("AtMost", self.at_most.is_some()),
                ];
                if let Some((key, _)) = given.into_iter().find(|(_, given)| *given) {
                    return Err(wrong(
                        key,
                        "it goes with an Action; give it beside one, here or in a step of InOrder",
                    ));
                }
                if steps.is_none() && !no_others {
                    let message = "is missing; name what is to have been called, or give InOrder, or NoOthers alone \
                                   where nothing is to have been called";
                    return Err(wrong("Action", message));
                }
                let is_order = steps.is_some();
                (in_order(steps)?, is_order)
            }
        };
        Ok(Plan {
            steps,
            is_order,
            no_others,
        })
    }
}

fn in_order(steps: Option<Vec<Step>>) -> Result<Vec<Wanted>, WrongKey> {
    let Some(steps) = steps else { return Ok(Vec::new()) };
    if steps.is_empty() || steps.len() > STEPS_MAX {
        let message = format!("{} steps; give 1 to {STEPS_MAX}", steps.len());
        return Err(wrong("InOrder", message));
    }
    let numbered = steps.into_iter().enumerate();
    let wanted = |(at, step): (usize, Step)| {
        let place = format!("InOrder[{at}].");
        let never = [("Exactly", step.exactly), ("AtMost", step.at_most)];
        if let Some((key, _)) = never.iter().find(|(_, times)| *times == Some(0)) {
            let message = "a step is called at least once; give 1 or more, and verify apart what is not to be called";
            return Err((format!("{place}{key}"), message.to_owned()));
        }
        let mut wanted = step.wanted(&place)?;
        wanted.least = wanted.least.max(1);
        Ok(wanted)
    };
    numbered.map(wanted).collect()
}

impl Step {
    /// Checks it; `place` stands before its keys in messages.
    fn wanted(self, place: &str) -> Result<Wanted, WrongKey> {
        let at = |key: &str| format!("{place}{key}");
        let action = action_named(&self.action).map_err(|message| (at("Action"), message))?;
        match &self.params {
            Some(params) => known(action.input, action.name, params, &at("Params"))?,
            None if self.exact => return Err(wrong(at("Exact"), "it is about Params; give them too, {} for none")),
            None => {}
        }
        let (least, most) = match (self.exactly, self.at_least, self.at_most) {
            (Some(times), None, None) => (times, Some(times)),
            (Some(_), ..) => return Err(wrong(at("Exactly"), "it says all; leave AtLeast and AtMost out")),
            (None, Some(0), _) => return Err(wrong(at("AtLeast"), "0 always holds; give 1 or more, or AtMost alone")),
            (None, Some(least), Some(most)) if least > most => {
                let message = format!("{least} is more than AtMost, {most}; give fewer, or raise AtMost");
                return Err(wrong(at("AtLeast"), message));
            }
            (None, None, Some(most)) => (0, Some(most)),
            (None, least, most) => (least.unwrap_or(1), most),
        };
        Ok(Wanted {
            action: action.name,
            params: self.params,
            is_exact: self.exact,
            least,
            most,
        })
    }
}

fn wrong(key: impl Into<String>, message: impl Into<String>) -> WrongKey {
    (key.into(), message.into())
}

/// Refuses a parameter that the action has not, and so would never come, and a pattern that is none.
fn known(shape: &Shape, action: &str, params: &Map<String, Value>, place: &str) -> Result<(), WrongKey> {
    for (name, value) in params {
        let place = format!("{place}.{name}");
        let Some(member) = shape.members.iter().find(|member| member.name == name) else {
            let all: Vec<_> = shape.members.iter().map(|member| member.name).collect();
            let all = if all.is_empty() {
                "nothing".to_owned()
            } else {
                all.join(", ")
            };
            return Err((place, format!("{action} has no such parameter; there it takes {all}")));
        };
        known_value(member.ty, action, value, &place)?;
    }
    Ok(())
}

fn known_value(ty: Type, action: &str, value: &Value, place: &str) -> Result<(), WrongKey> {
    match (pattern::pattern(value), ty, value) {
        (Some(Value::String(_)), ..) => Ok(()),
        (Some(_), ..) => Err((
            format!("{place}.{LIKE}"),
            "a pattern is a text; give one, as \"crs-*\"".to_owned(),
        )),
        (None, Type::Object(shape), Value::Object(members)) => known(shape, action, members, place),
        (None, Type::List(item), Value::Array(values)) => {
            let mut values = values.iter().enumerate();
            values.try_for_each(|(at, value)| known_value(*item, action, value, &format!("{place}[{at}]")))
        }
        _ => Ok(()),
    }
}
