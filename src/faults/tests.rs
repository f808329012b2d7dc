use serde_json::{Value, json};

use super::*;
use crate::cloud::{Fate, Millis};
use crate::contract::{self, Action};

/// A call of an action that names an instance, at a time.
struct Call(&'static str, &'static str, Millis);

fn call(action: &'static str, instance_id: &'static str) -> Call {
    Call(action, instance_id, 0)
}

const UPGRADE: &str = "UpgradeInstance";

impl FaultTarget for Call {
    fn action(&self) -> Option<&'static Action> {
        contract::named(self.0)
    }
    fn region(&self) -> Option<&str> {
        Some("ap-guangzhou")
    }
    fn secret_id(&self) -> Option<&str> {
        None
    }
    fn app_id(&self) -> Option<u64> {
        Some(7)
    }
    fn read_ahead(&self) {}
    fn names_instance(&self, instance_id: &str) -> bool {
        self.1 == instance_id
    }
    fn sends(&self, params: &Value) -> bool {
        *params == json!({ "InstanceId": self.1 })
    }
    fn now(&self) -> Millis {
        self.2
    }
}

fn fault(instance_id: Option<&str>, code: &str, times: Option<u64>) -> Fault {
    Fault {
        matches: Match {
            action: Some(UPGRADE.to_owned()),
            instance_id: instance_id.map(str::to_owned),
            ..Match::default()
        },
        then: Then {
            code: Some(code.to_owned()),
            ..Then::default()
        },
        times,
        ..Fault::default()
    }
}

/// A rule for every call, which keeps it waiting.
fn delay(matches: Match) -> Fault {
    let delay = Some(Delay {
        least_ms: 1,
        most_ms: 1_000,
    });
    Fault {
        matches,
        then: Then {
            delay,
            ..Then::default()
        },
        ..Fault::default()
    }
}

/// Which of so many calls in a row the rules strike, from 1 on.
fn struck(faults: &Faults, calls: u64) -> Vec<u64> {
    let strikes = |_: &u64| faults.strike(&call(UPGRADE, "crs-a")).is_some();
    (1..=calls).filter(strikes).collect()
}

/// Which of so many calls in a row one rule strikes.
fn struck_by(rule: Fault, calls: u64) -> Vec<u64> {
    let faults = Faults::new(5);
    faults.add(rule).unwrap();
    struck(&faults, calls)
}

/// All that is wrong with a rule, the keys alone.
fn wrong(rule: &Fault) -> Vec<&'static str> {
    let wrong = rule.check().err().unwrap_or_default();
    for (key, message) in &wrong {
        assert!(message.contains("; "), "{key} names no remedy: {message}");
    }
    wrong.into_iter().map(|(key, _)| key).collect()
}

#[test]
fn a_rule_strikes_the_calls_it_matches_until_it_is_spent() {
    let faults = Faults::default();
    faults
        .add(fault(Some("crs-a"), "FailedOperation.PayFailed", Some(2)))
        .unwrap();
    assert!(faults.strike(&call(UPGRADE, "crs-b")).is_none());
    assert!(faults.strike(&call("DescribeInstances", "crs-a")).is_none());
    for _ in 0..2 {
        let verdict = faults.strike(&call(UPGRADE, "crs-a")).unwrap();
        let refused = verdict.refused_before().unwrap();
        assert_eq!(refused.code.as_str(), "FailedOperation.PayFailed");
    }
    assert!(faults.strike(&call(UPGRADE, "crs-a")).is_none());
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
    other.matches.action = Some("DescribeInstances".to_owned());
    faults.add(other).unwrap();
    // A call looks at no rule of another action, so its own is the only one that is looked at.
    let rules = faults.lock();
    assert_eq!(rules.by_scope[&Scope::Action("DescribeInstances")].len(), 1);
    drop(rules);
    assert!(faults.strike(&call("DescribeInstances", "crs-a")).is_some());
    assert!(faults.strike(&call("DescribeTaskInfo", "crs-a")).is_none());
    let full = faults.add(fault(None, "LimitExceeded", None)).unwrap_err();
    assert!(full.1.contains("100000 rules already"), "{full:?}");
    assert!(faults.remove(1, None) && faults.add(fault(None, "LimitExceeded", None)).is_ok());
}

#[test]
fn of_the_spent_rules_the_latest_are_listed() {
    let faults = Faults::default();
    let lasting = faults.add(fault(Some("crs-b"), "LimitExceeded", None)).unwrap();
    let times = SPENT_SHOWN as u64 + 7;
    for _ in 0..times {
        faults.add(fault(None, "LimitExceeded", Some(1))).unwrap();
        faults.strike(&call(UPGRADE, "crs-a")).unwrap();
    }
    assert_eq!(faults.lock().len(), 1);
    let listed: Vec<_> = faults
        .list()
        .iter()
        .map(|shown| (shown.id.unwrap_or(0), shown.fired))
        .collect();
    let spent = lasting + 8..=lasting + times;
    let expected: Vec<_> = std::iter::once((lasting, 0)).chain(spent.map(|id| (id, 1))).collect();
    assert_eq!(listed, expected);
    assert!(faults.remove(lasting + times, None) && !faults.remove(lasting + times, None));
}

#[test]
fn long_texts_are_refused() {
    let mut long = fault(None, "LimitExceeded", None);
    long.then.message = Some("é".repeat(check::MESSAGE_MOST_CHARS));
    assert!(long.check().is_ok());
    long.then.message = Some("é".repeat(check::MESSAGE_MOST_CHARS + 1));
    let message = "has 1025 characters; give 1024 or fewer".to_owned();
    assert_eq!(long.check().unwrap_err(), [("Then.Message", message)]);
    let long = fault(Some(&"a".repeat(257)), "LimitExceeded", None);
    let message = "has 257 characters; give 256 or fewer".to_owned();
    assert_eq!(long.check().unwrap_err(), [("Match.InstanceId", message)]);
}

#[test]
fn a_dump_keeps_what_was_counted_of_a_rule() {
    let faults = Faults::default();
    faults.add(fault(None, "LimitExceeded", Some(3))).unwrap();
    faults.strike(&call(UPGRADE, "crs-a")).unwrap();
    let left = Fault {
        id: Some(1),
        matched: 1,
        fired: 1,
        ..fault(None, "LimitExceeded", Some(3))
    };
    assert_eq!(faults.dump().rules, [left]);
    let restored = Faults::default();
    for rule in faults.dump().rules {
        restored.add(rule).unwrap();
    }
    assert_eq!(struck(&restored, 5), [1, 2], "two of three are left");
}

#[test]
fn ids_go_on_where_they_were() {
    let faults = Faults::default();
    for times in [Some(1), None, Some(1)] {
        faults.add(fault(None, "LimitExceeded", times)).unwrap();
    }
    assert!(faults.remove(3, None));
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
    assert!(faults.remove(id, None));
    assert!(!faults.remove(id, None));
    faults.add(fault(None, "LimitExceeded", None)).unwrap();
    faults.clear(None);
    assert!(faults.strike(&call(UPGRADE, "crs-a")).is_none());
}

#[test]
fn nth_every_and_a_sequence_pick_calls_by_their_number() {
    let with = |matches| delay(matches);
    let nth = with(Match {
        nth: Some(3),
        ..Match::default()
    });
    assert_eq!(struck_by(nth, 9), [3]);
    let every = with(Match {
        every: Some(3),
        ..Match::default()
    });
    assert_eq!(struck_by(every.clone(), 10), [3, 6, 9]);
    let times = Some(2);
    assert_eq!(struck_by(Fault { times, ..every }, 20), [3, 6]);
    let sequence = Some(Sequence { fail: 3, pass: 2 });
    let sequence = Fault {
        sequence,
        ..with(Match::default())
    };
    assert_eq!(struck_by(sequence.clone(), 12), [1, 2, 3, 6, 7, 8, 11, 12]);
    let times = Some(3);
    assert_eq!(struck_by(Fault { times, ..sequence }, 12), [1, 2, 3], "then all pass");
}

#[test]
fn a_rule_with_nth_is_spent_once_it_has_struck() {
    let faults = Faults::default();
    let nth = Some(2);
    faults
        .add(delay(Match {
            nth,
            ..Match::default()
        }))
        .unwrap();
    assert_eq!(struck(&faults, 2), [2]);
    assert_eq!(faults.live.load(Ordering::Relaxed), 0);
    assert_eq!((faults.list()[0].matched, faults.list()[0].fired), (2, 1));
}

#[test]
fn probability_follows_from_the_seed_and_the_count() {
    let rule = |probability, seed| {
        delay(Match {
            probability: Some(probability),
            seed,
            ..Match::default()
        })
    };
    let half = struck_by(rule(0.5, Some(1)), 1_000);
    assert_eq!(half, struck_by(rule(0.5, Some(1)), 1_000), "the same again");
    assert_ne!(half, struck_by(rule(0.5, Some(2)), 1_000));
    assert!((450..550).contains(&half.len()), "{}", half.len());
    assert_eq!(struck_by(rule(0.0, None), 100), [0; 0]);
    assert_eq!(struck_by(rule(1.0, None), 100).len(), 100);
    // Without a seed of its own it follows from the world's and the rule's number.
    let worlds = |seed: u64, before: usize| {
        let faults = Faults::new(seed);
        for _ in 0..before {
            let id = faults.add(rule(0.5, None)).unwrap();
            faults.remove(id, None);
        }
        faults.add(rule(0.5, None)).unwrap();
        struck(&faults, 200)
    };
    assert_eq!(worlds(5, 0), worlds(5, 0));
    assert_ne!(worlds(5, 0), worlds(9, 0));
    assert_ne!(worlds(5, 0), worlds(5, 1));
}

#[test]
fn a_restored_rule_goes_on_where_it_was() {
    let rules = [
        delay(Match {
            every: Some(4),
            ..Match::default()
        }),
        delay(Match {
            nth: Some(17),
            ..Match::default()
        }),
        Fault {
            sequence: Some(Sequence { fail: 5, pass: 3 }),
            times: Some(12),
            ..delay(Match::default())
        },
        delay(Match {
            probability: Some(0.3),
            ..Match::default()
        }),
    ];
    for rule in rules {
        let faults = Faults::new(5);
        faults.add(rule.clone()).unwrap();
        let whole = struck(&faults, 40);
        for split in [1, 7, 12] {
            let first = Faults::new(5);
            first.add(rule.clone()).unwrap();
            let mut found = struck(&first, split);
            let second = Faults::new(5);
            for rule in first.dump().rules {
                second.add(rule).unwrap();
            }
            found.extend(struck(&second, 40 - split).into_iter().map(|number| number + split));
            assert_eq!(found, whole, "split at {split}: {rule:?}");
        }
    }
}

#[test]
fn a_delay_lies_within_its_bounds_and_is_the_same_again() {
    let delays = |seed| {
        let faults = Faults::new(seed);
        faults.add(delay(Match::default())).unwrap();
        let one = |_| {
            let verdict = faults.strike(&call(UPGRADE, "crs-a")).unwrap();
            assert_eq!(verdict.delay_after(), None);
            verdict.delay_before().unwrap().as_millis()
        };
        (0..200).map(one).collect::<Vec<_>>()
    };
    assert_eq!(delays(5), delays(5));
    assert_ne!(delays(5), delays(6));
    assert!(delays(5).iter().all(|ms| (1..=1_000).contains(ms)));
    let spread = delays(5).into_iter().collect::<std::collections::BTreeSet<_>>();
    assert!(spread.len() > 100, "{} different ones", spread.len());
}

#[test]
fn the_first_rule_that_strikes_decides_and_those_before_it_count() {
    let faults = Faults::default();
    let of_family = Match {
        family: Some("Scaling, architecture & versions".to_owned()),
        every: Some(2),
        ..Match::default()
    };
    faults.add(delay(of_family)).unwrap();
    faults.add(fault(None, "LimitExceeded", None)).unwrap();
    faults.add(delay(Match::default())).unwrap();
    let ids: Vec<_> = (0..4)
        .map(|_| faults.strike(&call(UPGRADE, "crs-a")).unwrap().fault_id)
        .collect();
    assert_eq!(ids, [2, 1, 2, 1]);
    let counted = |rules: &[Fault]| rules.iter().map(|rule| (rule.matched, rule.fired)).collect::<Vec<_>>();
    assert_eq!(counted(&faults.list()), [(4, 2), (2, 2), (0, 0)]);
    // A call of no action at all is one of every call.
    assert_eq!(faults.strike(&call("Nothing", "")).unwrap().fault_id, 3);
}

#[test]
fn a_rule_is_reached_by_what_agrees_in_all_that_it_says() {
    let reached = |matches| !struck_by(delay(matches), 1).is_empty();
    assert!(reached(Match::default()));
    let params = |value| Some(Box::new(value));
    for (app_id, wanted) in [(7, true), (8, false)] {
        let app_id = Some(app_id);
        assert_eq!(
            reached(Match {
                app_id,
                ..Match::default()
            }),
            wanted
        );
    }
    assert!(reached(Match {
        params: params(json!({ "InstanceId": "crs-a" })),
        ..Match::default()
    }));
    assert!(!reached(Match {
        params: params(json!({ "InstanceId": "crs-b" })),
        ..Match::default()
    }));
    let region = Some("ap-beijing".to_owned());
    assert!(!reached(Match {
        region,
        ..Match::default()
    }));
    let secret_id = Some("AKID".to_owned());
    assert!(!reached(Match {
        secret_id,
        ..Match::default()
    }));
}

#[test]
fn a_window_is_of_the_clouds_time_and_calls_outside_do_not_count() {
    let faults = Faults::default();
    faults
        .add(delay(Match {
            from: Some(10),
            until: Some(20),
            every: Some(2),
            ..Match::default()
        }))
        .unwrap();
    let at = |now| faults.strike(&Call(UPGRADE, "", now)).is_some();
    assert!(!at(9) && !at(9) && !at(10) && at(10) && !at(19) && at(19) && !at(20) && !at(20));
    assert_eq!(faults.list()[0].matched, 4);
}

#[test]
fn a_code_for_several_actions_strikes_those_that_document_it() {
    let mut rule = fault(None, "FailedOperation.PayFailed", None);
    rule.matches.action = None;
    let faults = Faults::default();
    faults.add(rule.clone()).unwrap();
    assert!(faults.strike(&call(UPGRADE, "")).is_some());
    assert!(faults.strike(&call("DescribeTaskList", "")).is_none());
    assert!(faults.strike(&call("Nothing", "")).is_none());
    assert_eq!(faults.list()[0].matched, 1, "others do not reach it");

    rule.matches.family = Some("Tasks".to_owned());
    let (key, message) = rule.check().unwrap_err().remove(0);
    assert_eq!(key, "Then.Code");
    assert!(
        message.contains("no action of the family `Tasks`; they document"),
        "{message}"
    );
    rule.matches.family = None;
    rule.then.code = Some("No.SuchCode".to_owned());
    assert_eq!(wrong(&rule), ["Then.Code"]);
}

#[test]
fn a_fate_is_for_calls_that_begin_flows() {
    let rule = |action: Option<&str>| Fault {
        matches: Match {
            action: action.map(str::to_owned),
            ..Match::default()
        },
        then: Then {
            flow: Some(Fate::Fails),
            ..Then::default()
        },
        ..Fault::default()
    };
    let faults = Faults::default();
    faults.add(rule(None)).unwrap();
    assert_eq!(faults.strike(&call(UPGRADE, "")).unwrap().fate, Fate::Fails);
    assert!(faults.strike(&call("DescribeInstances", "")).is_none());
    assert_eq!(wrong(&rule(Some("DescribeInstances"))), ["Then.Flow"]);
    let mut before = rule(Some(UPGRADE));
    before.then.code = Some("InternalError".to_owned());
    assert_eq!(wrong(&before), ["Then.Flow"], "no flow begins");
    before.when = When::After;
    assert_eq!(wrong(&before), [""; 0]);
}

#[test]
fn a_verdict_says_when_the_answer_suffers() {
    let verdict = |when, then| {
        let faults = Faults::default();
        let rule = Fault {
            when,
            then,
            ..Fault::default()
        };
        faults.add(rule).unwrap();
        faults.strike(&call(UPGRADE, "")).unwrap()
    };
    let drop = Then {
        drop: true,
        ..Then::default()
    };
    let before = verdict(When::Before, drop.clone());
    assert_eq!(before.refused_before().unwrap().code.as_str(), "InternalError");
    assert!(before.refused_after().is_none());
    let after = verdict(When::After, drop);
    assert!(after.refused_before().is_none() && after.refused_after().is_none() && !after.lets_see());
    assert_eq!(after.cut, Some(Cut::Dropped));
    let code = Then {
        code: Some("LimitExceeded".to_owned()),
        message: Some("said".to_owned()),
        ..Then::default()
    };
    let after = verdict(When::After, code);
    assert_eq!(after.refused_after().unwrap().message, "said");
    assert!(!after.lets_see());
    let later = Then {
        delay: delay(Match::default()).then.delay,
        ..Then::default()
    };
    let after = verdict(When::After, later);
    assert!(after.lets_see() && after.delay_after().is_some() && after.delay_before().is_none());
}

#[test]
fn rules_for_an_account_go_without_the_others() {
    let faults = Faults::default();
    for app_id in [Some(7), None, Some(8)] {
        faults
            .add(delay(Match {
                app_id,
                ..Match::default()
            }))
            .unwrap();
    }
    assert!(!faults.remove(1, Some(8)) && !faults.remove(2, Some(7)));
    faults.clear(Some(7));
    let left: Vec<_> = faults.list().iter().filter_map(|rule| rule.id).collect();
    assert_eq!(left, [2, 3]);
    assert_eq!(faults.add(delay(Match::default())), Ok(4), "ids go on");
}
