//! Fault rules: errors that only the inside of the real cloud could cause (sold out, a payment that
//! fails, …), made to happen for a test.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::answer::{self, Refused};
use crate::cloud::ids::free_after;
use crate::contract::{self, Action, ErrorCode};
use crate::quote::quoted;

/// One rule, as a fixture and `POST /_crs/faults` write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Fault {
    /// Its number, by which it is removed and named in messages. Left out: the next that is free. Not
    /// with `POST /_crs/faults`, which gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Which calls it strikes.
    #[serde(rename = "Match")]
    pub matches: Match,
    /// What they get.
    pub then: Then,
    /// How many calls it strikes before it is spent; without it, every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

/// The calls that a rule strikes: those that agree in all that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Match {
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Then {
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
    #[serde(flatten)]
    pub(crate) fault: Fault,
    /// How many calls it has struck.
    pub(crate) fired: u64,
}

/// What becomes of a call that a rule strikes.
#[derive(Debug)]
pub(crate) struct Struck {
    /// The rule's id.
    pub(crate) rule: u64,
    pub(crate) refused: Refused,
}

/// What a call must offer to be matched.
pub(crate) trait FaultTarget {
    fn action(&self) -> Option<&str>;
    fn region(&self) -> Option<&str>;
    fn secret_id(&self) -> Option<&str>;
    /// Whether the InstanceId parameter (or one of InstanceIds) is this one.
    fn names_instance(&self, instance_id: &str) -> bool;
}

/// The key of a rule that is wrong, as `Then.Code`, or "" for the rule as a whole; and what is wrong,
/// with what would be right.
pub(crate) type WrongKey = (&'static str, String);

/// So many rules that still strike there may be.
pub(crate) const RULES_MOST: usize = 100_000;
/// So many of those that are spent are still listed, the latest.
const SPENT_SHOWN: usize = 100;
/// The longest message of a rule, in characters.
const MESSAGE_MOST_CHARS: usize = 1_024;
/// The longest of the other texts of a rule.
const TEXT_MOST_CHARS: usize = 256;

/// All rules.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// How many rules there are, so that a call without any to mind takes no lock.
    live: AtomicUsize,
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    last_id: u64,
    /// Those that still strike, by the action's name and in the order they were made: a call looks at those of its own
    /// action alone.
    by_action: HashMap<&'static str, BTreeMap<u64, Rule>>,
    spent: VecDeque<Rule>,
}

/// The rules as a fixture holds them, each with its id, and the last id that was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dumped {
    pub(crate) rules: Vec<Fault>,
    pub(crate) last_id: u64,
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
    /// Adds a rule; its id, which is the next unless the rule has one. `Err` says what is wrong with it.
    pub(crate) fn add(&self, fault: Fault) -> Result<u64, WrongKey> {
        let (action, code) = fault.check().map_err(|mut wrong| wrong.swap_remove(0))?;
        let mut rules = self.lock();
        if rules.len() >= RULES_MOST {
            let message = format!("there are {RULES_MOST} rules already, and no more are held; DELETE some first");
            return Err(("", message));
        }
        let id = match fault.id {
            Some(id) => id,
            None => {
                rules.last_id = free_after(rules.last_id, |id| rules.holds(id));
                rules.last_id
            }
        };
        let rule = Rule {
            id,
            fault: Fault { id: Some(id), ..fault },
            action,
            code,
            fired: 0,
        };
        rules.by_action.entry(action.name).or_default().insert(id, rule);
        self.live.store(rules.len(), Ordering::Release);
        Ok(id)
    }

    /// The refusal that the first matching rule holds for this call, if one does.
    pub(crate) fn strike(&self, call: &impl FaultTarget) -> Option<Struck> {
        if self.live.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut rules = self.lock();
        let of_action = rules.by_action.get_mut(call.action()?)?;
        let rule = of_action.values_mut().find(|rule| rule.matches(call))?;
        rule.fired += 1;
        let message = rule
            .fault
            .then
            .message
            .clone()
            .unwrap_or_else(|| format!("Fault rule {} answers {} with this code.", rule.id, rule.action.name));
        let (id, refused) = (rule.id, answer::injected(rule.action, rule.code, Some(message)));
        if rule.is_spent() {
            rules.spend(id);
            self.live.store(rules.len(), Ordering::Release);
        }
        refused.map(|refused| Struck { rule: id, refused })
    }

    /// The rules that still strike, and the latest of those that are spent, in the order they were made.
    pub(crate) fn list(&self) -> Vec<Shown> {
        let rules = self.lock();
        let shown = |rule: &Rule| Shown {
            fault: rule.fault.clone(),
            fired: rule.fired,
        };
        let mut list: Vec<_> = rules.live().chain(&rules.spent).map(shown).collect();
        list.sort_unstable_by_key(|shown| shown.fault.id);
        list
    }

    /// The rules that still strike, with what is left of their times, as a fixture holds them.
    pub(crate) fn dump(&self) -> Dumped {
        let rules = self.lock();
        let mut live: Vec<_> = rules.live().collect();
        live.sort_unstable_by_key(|rule| rule.id);
        let left = |rule: &Rule| Fault {
            times: rule.fault.times.map(|times| times - rule.fired),
            ..rule.fault.clone()
        };
        Dumped {
            rules: live.into_iter().map(left).collect(),
            last_id: rules.last_id,
        }
    }

    /// Lets the ids to come go on from there.
    pub(crate) fn go_on_from(&self, last_id: u64) {
        let mut rules = self.lock();
        rules.last_id = last_id;
    }

    /// Removes one rule; whether it was there.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut rules = self.lock();
        let found = rules.take(id).is_some();
        let spent = rules.spent.len();
        rules.spent.retain(|rule| rule.id != id);
        self.live.store(rules.len(), Ordering::Release);
        found || rules.spent.len() < spent
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

impl Rules {
    /// How many still strike.
    fn len(&self) -> usize {
        self.by_action.values().map(BTreeMap::len).sum()
    }

    fn holds(&self, id: u64) -> bool {
        self.by_action.values().any(|rules| rules.contains_key(&id))
    }

    fn live(&self) -> impl Iterator<Item = &Rule> {
        self.by_action.values().flat_map(BTreeMap::values)
    }

    fn take(&mut self, id: u64) -> Option<Rule> {
        self.by_action.values_mut().find_map(|rules| rules.remove(&id))
    }

    /// Puts a rule to those that are spent, of which the oldest goes.
    fn spend(&mut self, id: u64) {
        let spent = self.take(id);
        self.spent.extend(spent);
        if self.spent.len() > SPENT_SHOWN {
            self.spent.pop_front();
        }
    }
}

impl Rule {
    fn is_spent(&self) -> bool {
        self.fault.times.is_some_and(|times| self.fired >= times)
    }

    /// Whether it is for that call, which is one of its action.
    fn matches(&self, call: &impl FaultTarget) -> bool {
        let same =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|wanted| found == Some(wanted));
        let wanted = &self.fault.matches;
        same(&wanted.region, call.region())
            && same(&wanted.secret_id, call.secret_id())
            && wanted.instance_id.as_deref().is_none_or(|id| call.names_instance(id))
    }
}

impl Fault {
    /// The action and the code that the rule names: a rule says only what the real action can say. `Err` holds all that
    /// is wrong with it.
    pub(crate) fn check(&self) -> Result<(&'static Action, ErrorCode), Vec<WrongKey>> {
        let mut wrong = self.long_texts();
        let holds = |wrong: &[WrongKey], key| wrong.iter().all(|(of, _)| *of != key);
        let action = contract::ACTIONS
            .iter()
            .find(|action| action.name == self.matches.action);
        if action.is_none() && holds(&wrong, "Match.Action") {
            let name = quoted(&self.matches.action);
            let message = format!("`{name}` is no action; `crs-local actions` lists them");
            wrong.push(("Match.Action", message));
        }
        let documents = |code: &ErrorCode| action.is_some_and(|action| answer::injected(action, *code, None).is_some());
        let code = ErrorCode::parse(&self.then.code).filter(documents);
        if let (Some(action), None, true) = (action, code, holds(&wrong, "Then.Code")) {
            wrong.push(("Then.Code", self.not_documented(action)));
        }
        if self.times == Some(0) {
            let message = "0 would never strike; give 1 or more, or leave it out";
            wrong.push(("Times", message.to_owned()));
        }
        match (action, code) {
            (Some(action), Some(code)) if wrong.is_empty() => Ok((action, code)),
            _ => Err(wrong),
        }
    }

    fn not_documented(&self, action: &Action) -> String {
        let documented: Vec<_> = action
            .codes
            .unwrap_or_default()
            .iter()
            .map(|code| code.as_str())
            .collect();
        let documented = match documented.as_slice() {
            [] => "none".to_owned(),
            codes => codes.join(", "),
        };
        format!(
            "`{}` is not documented for {}; it documents {documented}, and every action may answer a common code",
            quoted(&self.then.code),
            action.name
        )
    }

    fn long_texts(&self) -> Vec<WrongKey> {
        let Self { matches, then, .. } = self;
        let texts = [
            ("Match.Action", Some(&matches.action), TEXT_MOST_CHARS),
            ("Match.InstanceId", matches.instance_id.as_ref(), TEXT_MOST_CHARS),
            ("Match.Region", matches.region.as_ref(), TEXT_MOST_CHARS),
            ("Match.SecretId", matches.secret_id.as_ref(), TEXT_MOST_CHARS),
            ("Then.Code", Some(&then.code), TEXT_MOST_CHARS),
            ("Then.Message", then.message.as_ref(), MESSAGE_MOST_CHARS),
        ];
        let long = |(key, text, most): (&'static str, Option<&String>, usize)| {
            let chars = text.map_or(0, |text| text.chars().count());
            (chars > most).then(|| (key, format!("has {chars} characters; give {most} or fewer")))
        };
        texts.into_iter().filter_map(long).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::ids::COUNT_MAX;

    struct Call(&'static str, &'static str);

    impl FaultTarget for Call {
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
            id: None,
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
            let refused = faults.strike(&Call("UpgradeInstance", "crs-a")).unwrap().refused;
            assert_eq!(refused.code.as_str(), "FailedOperation.PayFailed");
        }
        assert!(faults.strike(&Call("UpgradeInstance", "crs-a")).is_none());
        assert_eq!(faults.list()[0].fired, 2);
        assert!(faults.dump().rules.is_empty());
    }

    #[test]
    fn rules_of_other_actions_cost_a_call_nothing() {
        let faults = Faults::default();
        for _ in 0..RULES_MOST - 1 {
            faults.add(fault(None, "LimitExceeded", None)).unwrap();
        }
        let mut other = fault(Some("crs-a"), "InternalError", None);
        other.matches.action = "DescribeInstances".to_owned();
        faults.add(other).unwrap();
        // A call looks at no rule of another action, so its own is the only one that is looked at.
        let rules = faults.lock();
        assert_eq!(rules.by_action["DescribeInstances"].len(), 1);
        drop(rules);
        assert!(faults.strike(&Call("DescribeInstances", "crs-a")).is_some());
        assert!(faults.strike(&Call("DescribeTaskInfo", "crs-a")).is_none());
        let full = faults.add(fault(None, "LimitExceeded", None)).unwrap_err();
        assert!(full.1.contains("100000 rules already"), "{full:?}");
        assert!(faults.remove(1) && faults.add(fault(None, "LimitExceeded", None)).is_ok());
    }

    #[test]
    fn of_the_spent_rules_the_latest_are_listed() {
        let faults = Faults::default();
        let lasting = faults.add(fault(Some("crs-b"), "LimitExceeded", None)).unwrap();
        let times = SPENT_SHOWN as u64 + 7;
        for _ in 0..times {
            faults.add(fault(None, "LimitExceeded", Some(1))).unwrap();
            faults.strike(&Call("UpgradeInstance", "crs-a")).unwrap();
        }
        assert_eq!(faults.lock().len(), 1);
        let listed: Vec<_> = faults
            .list()
            .iter()
            .map(|shown| (shown.fault.id.unwrap_or(0), shown.fired))
            .collect();
        let spent = lasting + 8..=lasting + times;
        let expected: Vec<_> = std::iter::once((lasting, 0)).chain(spent.map(|id| (id, 1))).collect();
        assert_eq!(listed, expected);
        assert!(faults.remove(lasting + times) && !faults.remove(lasting + times));
    }

    #[test]
    fn long_texts_are_refused() {
        let mut long = fault(None, "LimitExceeded", None);
        long.then.message = Some("é".repeat(MESSAGE_MOST_CHARS));
        assert!(long.check().is_ok());
        long.then.message = Some("é".repeat(MESSAGE_MOST_CHARS + 1));
        let message = "has 1025 characters; give 1024 or fewer".to_owned();
        assert_eq!(long.check().unwrap_err(), [("Then.Message", message)]);
        let long = fault(Some(&"a".repeat(257)), "LimitExceeded", None);
        let message = "has 257 characters; give 256 or fewer".to_owned();
        assert_eq!(long.check().unwrap_err(), [("Match.InstanceId", message)]);
    }

    #[test]
    fn a_dump_keeps_what_is_left_of_a_rule() {
        let faults = Faults::default();
        faults.add(fault(None, "LimitExceeded", Some(3))).unwrap();
        faults.strike(&Call("UpgradeInstance", "crs-a")).unwrap();
        let left = Fault {
            id: Some(1),
            ..fault(None, "LimitExceeded", Some(2))
        };
        assert_eq!(faults.dump().rules, [left]);
    }

    #[test]
    fn ids_go_on_where_they_were() {
        let faults = Faults::default();
        for times in [Some(1), None, Some(1)] {
            faults.add(fault(None, "LimitExceeded", times)).unwrap();
        }
        assert!(faults.remove(3));
        let Dumped { rules, last_id } = faults.dump();
        assert_eq!(last_id, 3);
        let restored = Faults::default();
        restored.go_on_from(last_id);
        for rule in rules {
            restored.add(rule).unwrap();
        }
        assert_eq!(restored.dump(), faults.dump());
        assert_eq!(restored.add(fault(None, "LimitExceeded", None)), Ok(4));
    }

    #[test]
    fn ids_begin_anew_at_their_end_and_none_is_given_twice() {
        let faults = Faults::default();
        for id in [1, COUNT_MAX] {
            let id = Some(id);
            let rule = fault(None, "LimitExceeded", None);
            faults.add(Fault { id, ..rule }).unwrap();
        }
        faults.go_on_from(COUNT_MAX);
        assert_eq!(faults.add(fault(None, "LimitExceeded", None)), Ok(2));
        assert_eq!(faults.dump().last_id, 2);
    }

    #[test]
    fn a_code_that_the_action_does_not_document_is_refused_with_the_list() {
        let refused = fault(None, "InvalidParameterValue.PasswordError", None)
            .check()
            .unwrap_err()
            .remove(0)
            .1;
        assert!(refused.contains("not documented for UpgradeInstance"), "{refused}");
        assert!(refused.contains("InvalidParameterValue.MemSizeNotInRange"), "{refused}");
        let (key, refused) = fault(None, "No.SuchCode", None).check().unwrap_err().remove(0);
        assert_eq!(key, "Then.Code");
        assert!(refused.contains("`No.SuchCode`"), "{refused}");
        assert!(fault(None, "InternalError", None).check().is_ok(), "a common code");
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
