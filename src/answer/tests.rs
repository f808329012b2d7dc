use std::path::Path;

use super::*;
use crate::cloud::Status;
use crate::contract::{self, ACTIONS};

/// One refusal of each kind, under its name.
fn samples() -> Vec<(&'static str, Refusal)> {
    let id = || "crs-5qlrlhux".to_owned();
    vec![
        ("Denied", Refusal::Denied { text: "no".into() }),
        ("NoSuchInstance", Refusal::NoSuchInstance { id: id() }),
        ("NoSuchTask", Refusal::NoSuchTask { id: 1 }),
        (
            "EditionCannot",
            Refusal::EditionCannot {
                type_id: 2,
                what: "fly",
            },
        ),
        ("MemoryNotSold", Refusal::MemoryNotSold { mb: 3_072 }),
        (
            "MemoryOutOfRange",
            Refusal::MemoryOutOfRange {
                mb: 65_536,
                lowest_mb: 1_024,
                highest_mb: 61_440,
            },
        ),
        (
            "SpecNotSold",
            Refusal::SpecNotSold {
                parameter: "RedisShardNum",
                value: 2,
                sold: vec![1, 3],
            },
        ),
        ("SpecMissing", Refusal::SpecMissing { type_id: 9 }),
        ("NoChange", Refusal::NoChange { id: id() }),
        (
            "SeveralChanges",
            Refusal::SeveralChanges {
                changes: vec!["MemSize", "RedisShardNum"],
            },
        ),
        (
            "BadValue",
            Refusal::BadValue {
                parameter: "NodeSet",
                why: "it is odd".into(),
            },
        ),
        (
            "WrongStatus",
            Refusal::WrongStatus {
                id: id(),
                status: Status::Isolated,
            },
        ),
        ("ChangeWaiting", Refusal::ChangeWaiting { id: id() }),
        (
            "ShrinksTooFar",
            Refusal::ShrinksTooFar {
                total_mb: 1_024,
                least_mb: 1_300,
                used_mb: 1_000,
            },
        ),
        (
            "BalanceTooLow",
            Refusal::BalanceTooLow {
                needed_fen: 64,
                balance_fen: 63,
            },
        ),
        ("TypeNotSold", Refusal::TypeNotSold { type_id: 5 }),
        (
            "NoRedisHere",
            Refusal::NoRedisHere {
                place: "ap-guangzhou-open".into(),
            },
        ),
        (
            "GoodsOutOfRange",
            Refusal::GoodsOutOfRange {
                goods: 31,
                highest: 30,
            },
        ),
        ("PeriodTooLong", Refusal::PeriodTooLong { months: 37 }),
        ("PeriodTooShort", Refusal::PeriodTooShort { months: 0 }),
        ("PeriodNotSold", Refusal::PeriodNotSold { months: 13 }),
        ("PasswordMissing", Refusal::PasswordMissing),
        (
            "PasswordBreaksRules",
            Refusal::PasswordBreaksRules { why: "it is long" },
        ),
        (
            "PasswordNeeded",
            Refusal::PasswordNeeded { why: "it is so" },
        ),
        ("NoSuchVpc", Refusal::NoSuchVpc { vpc: "vpc".into() }),
        (
            "NoSuchSubnet",
            Refusal::NoSuchSubnet {
                subnet: "net".into(),
            },
        ),
        (
            "VpcOnly",
            Refusal::VpcOnly {
                place: "ap-shanghai-fsi-1".into(),
            },
        ),
        (
            "NoSuchSecurityGroup",
            Refusal::NoSuchSecurityGroup {
                group: "group".into(),
            },
        ),
    ]
}

fn action(name: &str) -> &'static Action {
    contract::find(name, "2018-04-12").expect("a known action")
}

fn code(name: &str, refusal: &Refusal) -> &'static str {
    refused(action(name), refusal).code.as_str()
}

#[test]
fn every_code_an_action_gives_is_one_it_documents_or_a_common_one() {
    for action in ACTIONS.iter() {
        for (what, refusal) in samples() {
            let code = refused(action, &refusal).code.code();
            let allowed = action.documents(code) || code.is_common() || action.codes.is_none();
            assert!(
                allowed,
                "{} answers {what} with {}",
                action.name,
                code.as_str()
            );
        }
    }
}

#[test]
fn the_founding_codes_of_upgrade_instance() {
    let find = |what| {
        samples()
            .into_iter()
            .find(|(name, _)| *name == what)
            .unwrap()
            .1
    };
    let expected = [
        (
            "MemoryOutOfRange",
            "InvalidParameterValue.MemSizeNotInRange",
        ),
        (
            "ShrinksTooFar",
            "InvalidParameterValue.ReduceCapacityNotAllowed",
        ),
        ("MemoryNotSold", "LimitExceeded.InvalidMemSize"),
        ("NoSuchInstance", "ResourceNotFound.InstanceNotExists"),
        (
            "BalanceTooLow",
            "ResourceUnavailable.AccountBalanceNotEnough",
        ),
        ("WrongStatus", "ResourceUnavailable.InstanceStatusAbnormal"),
        ("Denied", "UnauthorizedOperation.NoCAMAuthed"),
    ];
    for (what, documented) in expected {
        assert_eq!(code("UpgradeInstance", &find(what)), documented);
    }
}

#[test]
fn the_same_reason_has_the_word_of_each_action() {
    let far = Refusal::MemoryOutOfRange {
        mb: 65_536,
        lowest_mb: 1_024,
        highest_mb: 61_440,
    };
    assert_eq!(
        code("InquiryPriceUpgradeInstance", &far),
        "LimitExceeded.MemSizeNotInRange"
    );
    assert_eq!(
        code("CreateInstances", &far),
        "LimitExceeded.InvalidMemSize"
    );
    let poor = Refusal::BalanceTooLow {
        needed_fen: 1,
        balance_fen: 0,
    };
    assert_eq!(code("CreateInstances", &poor), "FailedOperation.PayFailed");
    let unknown = Refusal::NoSuchInstance {
        id: "crs-00000000".into(),
    };
    assert_eq!(
        code("InquiryPriceUpgradeInstance", &unknown),
        "InvalidParameter.InvalidParameter"
    );
}

#[test]
fn a_message_names_the_facts() {
    for (what, refusal) in samples() {
        assert!(!message(&refusal).is_empty(), "{what}");
    }
    let far = Refusal::MemoryOutOfRange {
        mb: 65_536,
        lowest_mb: 1_024,
        highest_mb: 61_440,
    };
    assert!(
        ["65536", "1024", "61440"]
            .iter()
            .all(|fact| message(&far).contains(fact))
    );
}

#[test]
fn only_a_common_code_leaves_through_the_common_door() {
    assert_eq!(
        common(ErrorCode::MissingParameter, String::new())
            .code
            .code(),
        ErrorCode::MissingParameter
    );
    assert_eq!(
        common(ErrorCode::FailedOperationPayFailed, String::new())
            .code
            .code(),
        ErrorCode::InternalError
    );
}

#[test]
fn a_rule_injects_only_what_is_documented() {
    let upgrade = action("UpgradeInstance");
    assert!(injected(upgrade, ErrorCode::ResourceUnavailableSaleOut, None).is_some());
    assert!(injected(upgrade, ErrorCode::RequestLimitExceeded, None).is_some());
    assert!(injected(upgrade, ErrorCode::LimitExceededMemSizeNotInRange, None).is_none());
    let said = injected(
        upgrade,
        ErrorCode::ResourceUnavailableSaleOut,
        Some("gone".into()),
    )
    .unwrap();
    assert_eq!(said.message, "gone");
}

/// Every implemented action with every reason, as a file that a person can read and a change shows up in.
/// `UPDATE_GOLDEN=1` writes it anew.
#[test]
fn the_matrix_of_refusals_is_the_one_on_file() {
    let mut matrix = String::new();
    for action in ACTIONS.iter().filter(|action| action.implemented) {
        for (what, refusal) in samples() {
            let code = refused(action, &refusal).code;
            matrix.push_str(&format!(
                "{:<29} {what:<20} {}\n",
                action.name,
                code.as_str()
            ));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/refusals.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &matrix).expect("the golden file can be written");
    }
    let on_file = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        on_file, matrix,
        "run with UPDATE_GOLDEN=1 and read the difference"
    );
}
