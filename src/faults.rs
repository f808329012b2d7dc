//! Fault rules: errors that only the inside of the real cloud could cause (sold out, a payment that
//! fails, …), made to happen for a test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::{self, Refused};
use crate::contract::{self, Action, ErrorCode};
use crate::quote::quoted;

/// One rule, as a fixture and `POST /_crs/faults` write it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Fault {
    /// Which calls it strikes.
    #[serde(rename = "Match")]
    pub matches: Match,
    /// What they get.
    pub then: Then,
    /// How many calls it strikes before it is spent; without it, every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub times: Option<u64>,
}

/// The calls that a rule strikes: those that agree in all that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Match {
    /// The action's name.
    pub action: String,
    /// The InstanceId parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// The Region common parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The caller's SecretId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
}

/// What a struck call gets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Then {
    /// An error code that the action documents, or a common one.
    pub code: String,
    /// The error's message; without it, one that names the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A rule as `GET /_crs/faults` shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Shown {
    pub(crate) id: u64,
    #[serde(flatten)]
    pub(crate) fault: Fault,
    /// How many calls it has struck.
    pub(crate) fired: u64,
}

/// What a call must offer to be matched.
pub(crate) trait Struck {
    fn action(&self) -> Option<&str>;
    fn region(&self) -> Option<&str>;
    fn secret_id(&self) -> Option<&str>;
    /// Whether the InstanceId parameter (or one of InstanceIds) is this one.
    fn names_instance(&self, instance_id: &str) -> bool;
}

/// The key of a rule that is wrong, as `Then.Code`; and what is wrong, with what would be right.
pub(crate) type WrongKey = (&'static str, String);

/// All rules, in the order they were made.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// How many rules there are, so that a call without any to mind takes no lock.
    live: AtomicUsize,
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    last_id: u64,
    list: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    id: u64,
    fault: Fault,
    action: &'static Action,
    code: ErrorCode,
    fired: u64,
}

impl Faults {
    /// Adds a rule; its id.
    pub(crate) fn add(&self, fault: Fault) -> Result<u64, WrongKey> {
        let (action, code) = fault.check()?;
        let mut rules = self.lock();
        rules.last_id += 1;
        let id = rules.last_id;
        rules.list.push(Rule {
            id,
            fault,
            action,
            code,
            fired: 0,
        });
        self.live.store(rules.list.len(), Ordering::Release);
        Ok(id)
    }

    /// The refusal that the first matching rule holds for this call, if one does.
    pub(crate) fn strike(&self, call: &impl Struck) -> Option<Refused> {
        if self.live.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut rules = self.lock();
        let rule = rules
            .list
            .iter_mut()
            .find(|rule| !rule.spent() && rule.matches(call))?;
        rule.fired += 1;
        let message = rule.fault.then.message.clone().unwrap_or_else(|| {
            format!(
                "Fault rule {} answers {} with this code.",
                rule.id, rule.action.name
            )
        });
        answer::injected(rule.action, rule.code, Some(message))
    }

    /// Every rule, spent ones included.
    pub(crate) fn list(&self) -> Vec<Shown> {
        let shown = |rule: &Rule| Shown {
            id: rule.id,
            fault: rule.fault.clone(),
            fired: rule.fired,
        };
        self.lock().list.iter().map(shown).collect()
    }

    /// The rules that still strike, with what is left of their times, as a fixture holds them.
    pub(crate) fn dump(&self) -> Vec<Fault> {
        let rules = self.lock();
        let live = rules.list.iter().filter(|rule| !rule.spent());
        live.map(|rule| {
            let times = rule.fault.times.map(|times| times - rule.fired);
            Fault {
                times,
                ..rule.fault.clone()
            }
        })
        .collect()
    }

    /// Removes one rule; whether it was there.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut rules = self.lock();
        let before = rules.list.len();
        rules.list.retain(|rule| rule.id != id);
        self.live.store(rules.list.len(), Ordering::Release);
        rules.list.len() < before
    }

    /// Removes every rule; ids start anew.
    pub(crate) fn clear(&self) {
        *self.lock() = Rules::default();
        self.live.store(0, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn spent(&self) -> bool {
        self.fault.times.is_some_and(|times| self.fired >= times)
    }

    fn matches(&self, call: &impl Struck) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        let wanted = &self.fault.matches;
        call.action() == Some(self.action.name)
            && same(&wanted.region, call.region())
            && same(&wanted.secret_id, call.secret_id())
            && wanted
                .instance_id
                .as_deref()
                .is_none_or(|id| call.names_instance(id))
    }
}

impl Fault {
    /// The action and the code that the rule names: a rule may only say what the real action may say.
    pub(crate) fn check(&self) -> Result<(&'static Action, ErrorCode), WrongKey> {
        let name = &self.matches.action;
        let action = contract::ACTIONS
            .iter()
            .find(|action| action.name == name)
            .ok_or_else(|| {
                let name = quoted(name);
                let told = format!("`{name}` is no action; `crs-local actions` lists them");
                ("Match.Action", told)
            })?;
        let code = ErrorCode::parse(&self.then.code)
            .filter(|code| answer::injected(action, *code, None).is_some())
            .ok_or_else(|| {
                let documented: Vec<_> = action
                    .codes
                    .unwrap_or_default()
                    .iter()
                    .map(|code| code.as_str())
                    .collect();
                let told = format!(
                    "`{}` is not documented for {name}; it documents {}, and every action may answer \
                     a common code",
                    quoted(&self.then.code),
                    if documented.is_empty() {
                        "none".to_owned()
                    } else {
                        documented.join(", ")
                    },
                );
                ("Then.Code", told)
            })?;
        if self.times == Some(0) {
            let told = "0 would never strike; give 1 or more, or leave it out";
            return Err(("Times", told.to_owned()));
        }
        Ok((action, code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Call(&'static str, &'static str);

    impl Struck for Call {
        fn action(&self) -> Option<&str> {
            Some(self.0)
        }
        fn region(&self) -> Option<&str> {
            Some("ap-guangzhou")
        }
        fn secret_id(&self) -> Option<&str> {
            None
        }
        fn names_instance(&self, instance_id: &str) -> bool {
            self.1 == instance_id
        }
    }

    fn fault(instance_id: Option<&str>, code: &str, times: Option<u64>) -> Fault {
        Fault {
            matches: Match {
                action: "UpgradeInstance".to_owned(),
                instance_id: instance_id.map(str::to_owned),
                ..Match::default()
            },
            then: Then {
                code: code.to_owned(),
                message: None,
            },
            times,
        }
    }

    #[test]
    fn a_rule_strikes_the_calls_it_matches_until_it_is_spent() {
        let faults = Faults::default();
        faults
            .add(fault(Some("crs-a"), "FailedOperation.PayFailed", Some(2)))
            .unwrap();
        assert!(faults.strike(&Call("UpgradeInstance", "crs-b")).is_none());
        assert!(faults.strike(&Call("DescribeInstances", "crs-a")).is_none());
        for _ in 0..2 {
            let refused = faults.strike(&Call("UpgradeInstance", "crs-a")).unwrap();
            assert_eq!(refused.code.as_str(), "FailedOperation.PayFailed");
        }
        assert!(faults.strike(&Call("UpgradeInstance", "crs-a")).is_none());
        assert_eq!(faults.list()[0].fired, 2);
        assert!(faults.dump().is_empty());
    }

    #[test]
    fn a_dump_keeps_what_is_left_of_a_rule() {
        let faults = Faults::default();
        faults.add(fault(None, "LimitExceeded", Some(3))).unwrap();
        faults.strike(&Call("UpgradeInstance", "crs-a")).unwrap();
        assert_eq!(faults.dump(), [fault(None, "LimitExceeded", Some(2))]);
    }

    #[test]
    fn a_code_that_the_action_does_not_document_is_refused_with_the_list() {
        let refused = fault(None, "InvalidParameterValue.PasswordError", None)
            .check()
            .unwrap_err()
            .1;
        assert!(
            refused.contains("not documented for UpgradeInstance"),
            "{refused}"
        );
        assert!(
            refused.contains("InvalidParameterValue.MemSizeNotInRange"),
            "{refused}"
        );
        let (key, refused) = fault(None, "No.SuchCode", None).check().unwrap_err();
        assert_eq!(key, "Then.Code");
        assert!(refused.contains("`No.SuchCode`"), "{refused}");
        assert!(
            fault(None, "InternalError", None).check().is_ok(),
            "a common code"
        );
    }

    #[test]
    fn rules_can_be_removed_one_by_one_and_all_at_once() {
        let faults = Faults::default();
        let id = faults.add(fault(None, "LimitExceeded", None)).unwrap();
        assert!(faults.remove(id));
        assert!(!faults.remove(id));
        faults.add(fault(None, "LimitExceeded", None)).unwrap();
        faults.clear();
        assert!(faults.strike(&Call("UpgradeInstance", "crs-a")).is_none());
    }
}
