use std::path::Path;

use super::*;
use crate::cloud::{Billing, InstanceId, Status, TagRefusal, TaskId};
use crate::contract::{self, ACTIONS};

/// One refusal of each kind.
#[rustfmt::skip]
fn samples() -> Vec<Refusal> {
    let id = || InstanceId::from("crs-5qlrlhux");
    vec![
        Refusal::Denied { text: "no".into() },
        Refusal::NoSuchInstance { id: id().into() },
        Refusal::Empty { parameter: "InstanceId" },
        Refusal::NoSuchTask { id: TaskId(1) },
        Refusal::NoSuchProduct { product: "cvm".into() },
        Refusal::Tags(TagRefusal::NothingAsked),
        Refusal::EditionCannot { type_id: 2, what: "fly" },
        Refusal::MemoryNotSold { mb: 3_072, sold_mb: vec![1_024, 2_048, 4_096] },
        Refusal::MemoryOutOfRange { mb: 65_536, lowest_mb: 1_024, highest_mb: 61_440 },
        Refusal::SpecNotSold { parameter: "RedisShardNum", value: 2, sold: vec![1, 3] },
        Refusal::SpecMissing { type_id: 9 },
        Refusal::NoChange { id: id() },
        Refusal::SeveralChanges { changes: vec!["MemSize", "RedisShardNum"] },
        Refusal::BadValue { parameter: "NodeSet", why: "it is odd".into() },
        Refusal::WrongStatus { id: id(), status: Status::Isolated, needs: &[Status::Running] },
        Refusal::ChangeWaiting { id: id() },
        Refusal::NothingWaiting { id: id() },
        Refusal::NotInVpc { id: id() },
        Refusal::WrongNetwork { id: id(), why: "stands in the base network" },
        Refusal::PasswordFree { id: id() },
        Refusal::AsItStands { id: id(), why: "has no public address" },
        Refusal::ProxyTooOld { id: id(), version: "5.5.9".into() },
        Refusal::AddressTaken { vip: "10.0.0.2".into() },
        Refusal::BadCombination { why: "one of them must be given" },
        Refusal::DtsAbnormal { why: "the migration was cut" },
        Refusal::UnknownType { type_id: 99 },
        Refusal::InRecycleBin { id: id() },
        Refusal::EventFixed { id: 10, why: "only one that waits can be moved or cancelled" },
        Refusal::WrongBilling { id: id(), billing: Billing::Prepaid },
        Refusal::Protected { id: id() },
        Refusal::TimeIsUp { id: id() },
        Refusal::VersionMismatch { what: "kernel", why: "it is old".into() },
        Refusal::TooOld { id: id() },
        Refusal::BadAutoRenew { parameter: "AutoRenews", value: "3".into() },
        Refusal::NoAutoRenew { id: id() },
        Refusal::NoSuchBackup { id: "1-2-3".into() },
        Refusal::SoldOut { place: "ap-guangzhou-3".into(), type_id: 8 },
        Refusal::QuotaExceeded { quota: 100 },
        Refusal::ShrinksTooFar { total_mb: 1_024, least_mb: 1_300, used_mb: 1_000 },
        Refusal::BalanceTooLow { needed_fen: 64, balance_fen: 63 },
        Refusal::BalanceTooHigh { balance_fen: 7, back_fen: 8 },
        Refusal::TypeNotSold { type_id: 5 },
        Refusal::TypeNotPriced { type_id: 5 },
        Refusal::SaleSuspended { what: "ProductVersion cloud" },
        Refusal::NotOnWhiteList { what: "instances without a VPC" },
        Refusal::BaseNetworkClosed,
        Refusal::StaysStandard { id: id() },
        Refusal::NoSecondLevelBackup { id: id() },
        Refusal::NoRedisHere { place: "ap-guangzhou-open".into() },
        Refusal::NoSuchZone { place: "zone 10002 in ap-guangzhou".into() },
        Refusal::GoodsOutOfRange { goods: 31, highest: 30 },
        Refusal::PeriodTooLong { months: 37 },
        Refusal::DeadlineTooFar { months: 36 },
        Refusal::PeriodTooShort { months: 0 },
        Refusal::PeriodNotSold { months: 13 },
        Refusal::PasswordMissing,
        Refusal::PasswordBreaksRules { why: "it is long" },
        Refusal::Locked { id: "id".into() },
        Refusal::PasswordNeeded { why: "it is so" },
        Refusal::NoSuchVpc { vpc: "vpc".into() },
        Refusal::NoSuchSubnet { subnet: "net".into() },
        Refusal::VpcOnly { place: "ap-shanghai-fsi-1".into() },
        Refusal::NoSuchSecurityGroup { group: "group".into() },
    ]
}

/// A reason's name: how its debug text begins.
fn name(refusal: &Refusal) -> String {
    let text = format!("{refusal:?}");
    text.split([' ', '(']).next().unwrap_or_default().to_owned()
}

/// The sources name each reason once; a new one without a sample would go untested.
#[test]
fn every_reason_has_a_sample() {
    let source = include_str!("../cloud/refusal.rs");
    let body = &source[source.find("pub enum Refusal").expect("the enum is there")..];
    let body = &body[..body.find("\n}").expect("its end")];
    let variants = body
        .lines()
        .filter(|line| line.starts_with("    ") && line[4..].starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.trim().split([' ', ',', '(']).next().unwrap_or_default().to_owned());
    let mut declared: Vec<String> = variants.collect();
    let mut sampled: Vec<String> = samples().iter().map(name).collect();
    declared.sort();
    sampled.sort();
    assert_eq!(declared, sampled);
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
        for refusal in samples() {
            let what = name(&refusal);
            let code = refused(action, &refusal).code.code();
            let allowed = action.documents(code) || code.is_common() || action.codes.is_none();
            assert!(allowed, "{} answers {what} with {}", action.name, code.as_str());
        }
    }
}

#[test]
fn the_founding_codes_of_upgrade_instance() {
    let find = |what| samples().into_iter().find(|refusal| name(refusal) == what).unwrap();
    let expected = [
        ("MemoryOutOfRange", "InvalidParameterValue.MemSizeNotInRange"),
        ("ShrinksTooFar", "InvalidParameterValue.ReduceCapacityNotAllowed"),
        ("MemoryNotSold", "LimitExceeded.InvalidMemSize"),
        ("NoSuchInstance", "ResourceNotFound.InstanceNotExists"),
        ("BalanceTooLow", "ResourceUnavailable.AccountBalanceNotEnough"),
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
    assert_eq!(code("CreateInstances", &far), "LimitExceeded.InvalidMemSize");
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
    for refusal in samples() {
        let what = name(&refusal);
        assert!(!reason(&refusal).message.is_empty(), "{what}");
    }
    let far = Refusal::MemoryOutOfRange {
        mb: 65_536,
        lowest_mb: 1_024,
        highest_mb: 61_440,
    };
    assert!(
        ["65536", "1024", "61440"]
            .iter()
            .all(|fact| reason(&far).message.contains(fact))
    );
}

#[test]
fn only_a_common_code_leaves_through_the_common_door() {
    assert_eq!(
        common(ErrorCode::MissingParameter, String::new()).code.code(),
        ErrorCode::MissingParameter
    );
    assert_eq!(
        common(ErrorCode::FailedOperationPayFailed, String::new()).code.code(),
        ErrorCode::InternalError
    );
}

#[test]
fn a_rule_injects_only_what_is_documented() {
    let upgrade = action("UpgradeInstance");
    assert!(injected(upgrade, ErrorCode::ResourceUnavailableSaleOut, None).is_some());
    assert!(injected(upgrade, ErrorCode::RequestLimitExceeded, None).is_some());
    assert!(injected(upgrade, ErrorCode::LimitExceededMemSizeNotInRange, None).is_none());
    let said = injected(upgrade, ErrorCode::ResourceUnavailableSaleOut, Some("gone".into())).unwrap();
    assert_eq!(said.message, "gone");
}

/// One refusal of each kind that the tag service has, with its code in ModifyResourceTags.
#[rustfmt::skip]
fn tag_samples() -> Vec<(TagRefusal, &'static str)> {
    let text = || "k".to_owned();
    vec![
        (TagRefusal::ResourceGarbled { resource: text(), why: "w" }, "InvalidParameterValue.ResourceDescriptionError"),
        (TagRefusal::ServiceUnknown { service: text() }, "InvalidParameterValue.ResourceDescriptionError"),
        (TagRefusal::PrefixUnknown { prefix: text() }, "InvalidParameterValue.ResourceDescriptionError"),
        (TagRefusal::RegionUnknown { region: text() }, "InvalidParameterValue.ResourceDescriptionError"),
        (TagRefusal::ResourceUnknown { resource: text() }, "InvalidParameterValue.ResourceDescriptionError"),
        (TagRefusal::IdsBad { why: text() }, "InvalidParameterValue.ResourceDescriptionError"),
        (TagRefusal::NothingAsked, "InvalidParameter.Tag"),
        (TagRefusal::TooManyChanges { changes: 11 }, "LimitExceeded.Quota"),
        (TagRefusal::TooManyTags { tags: 51 }, "LimitExceeded.ResourceAttachedTags"),
        (TagRefusal::KeyEmpty, "InvalidParameterValue.TagKeyEmpty"),
        (TagRefusal::KeyTooLong { key: text() }, "InvalidParameterValue.TagKeyLengthExceeded"),
        (TagRefusal::KeyIllegal { key: text() }, "InvalidParameterValue.TagKeyCharacterIllegal"),
        (TagRefusal::KeyReserved { key: text() }, "InvalidParameter.ReservedTagKey"),
        (TagRefusal::KeyTwice { key: text() }, "InvalidParameter.Tag"),
        (TagRefusal::KeyInBoth { key: text() }, "InvalidParameterValue.DeleteTagsParamError"),
        (TagRefusal::ValueTooLong { key: text() }, "InvalidParameterValue.TagValueLengthExceeded"),
        (TagRefusal::ValueIllegal { key: text() }, "InvalidParameterValue.TagValueCharacterIllegal"),
    ]
}

/// Whatever action gives it, the code is one that the action documents.
#[test]
fn every_tag_reason_has_the_word_of_the_action() {
    let action = |name| contract::find(name, "2018-08-13").expect("a known action");
    for (refusal, code) in tag_samples() {
        let given = refused(action("ModifyResourceTags"), &Refusal::Tags(refusal.clone()));
        assert_eq!(given.code.as_str(), code, "{refusal:?}");
        assert!(!given.message.is_empty() && given.message.ends_with('.'), "{refusal:?}");
    }
    let by_ids = |refusal| {
        refused(action("DescribeResourceTagsByResourceIds"), &Refusal::Tags(refusal))
            .code
            .as_str()
    };
    let text = || "k".to_owned();
    assert_eq!(
        by_ids(TagRefusal::ServiceUnknown { service: text() }),
        "InvalidParameterValue.ServiceTypeInvalid"
    );
    assert_eq!(
        by_ids(TagRefusal::PrefixUnknown { prefix: text() }),
        "InvalidParameterValue.ResourcePrefixInvalid"
    );
    assert_eq!(
        by_ids(TagRefusal::RegionUnknown { region: text() }),
        "InvalidParameterValue.RegionInvalid"
    );
    assert_eq!(
        by_ids(TagRefusal::IdsBad { why: text() }),
        "InvalidParameterValue.ResourceIdInvalid"
    );
}

/// An enum's variants stand in its source; a new one without a sample would go untested.
#[test]
fn every_tag_reason_has_a_sample() {
    let source = include_str!("../cloud/refusal.rs");
    let from = source.find("pub enum TagRefusal").expect("the enum");
    let body = &source[from..];
    let body = &body[..body.find("\n}").expect("its end")];
    let declared = body
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .count();
    assert_eq!(declared, tag_samples().len());
}

/// Every implemented action of redis with every reason that redis has, as a file that a person can read and a change
/// shows up in. What the services beside it refuse stands above and in the examples. `UPDATE_GOLDEN=1`, read
/// when the test is compiled, writes it anew.
#[test]
fn the_matrix_of_refusals_is_the_one_on_file() {
    let mut matrix = String::new();
    let of_redis = |action: &&Action| action.implemented && action.service == "redis";
    let beside = |refusal: &Refusal| matches!(refusal, Refusal::NoSuchProduct { .. } | Refusal::Tags(_));
    for action in ACTIONS.iter().filter(of_redis) {
        for refusal in samples().into_iter().filter(|refusal| !beside(refusal)) {
            let what = name(&refusal);
            let code = refused(action, &refusal).code;
            matrix.push_str(&format!("{:<38} {what:<20} {}\n", action.name, code.as_str()));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/refusals.txt");
    if option_env!("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &matrix).expect("the golden file can be written");
    }
    let on_file = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(on_file, matrix, "run with UPDATE_GOLDEN=1 and read the difference");
}
