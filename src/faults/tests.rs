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
        let refused = faults.strike(&Call("UpgradeInstance", "crs-a")).unwrap();
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
