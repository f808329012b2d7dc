use std::path::Path;

use super::*;
use crate::cloud::log::record::AuditState;
use crate::cloud::{
    Billing, InstanceId, KeyRefusal, MonitorRefusal, NetworkRefusal, ReplicationGroupId, ReplicationRefusal, Status,
    TagRefusal, TaskId,
};
use crate::contract::{self, ACTIONS};

/// One refusal of each kind.
#[rustfmt::skip]
fn samples() -> Vec<Refusal> {
    let id = || InstanceId::from("crs-5qlrlhux");
    vec![
        Refusal::Withdrawn,
        Refusal::Denied { text: "no".into() },
        Refusal::NoSuchInstance { id: id().into() },
        Refusal::Empty { parameter: "InstanceId" },
        Refusal::NoSuchTask { id: TaskId(1) },
        Refusal::NoSuchProduct { product: "cvm".into() },
        Refusal::Tags(TagRefusal::NothingAsked),
        Refusal::Monitor(MonitorRefusal::NotThere),
        Refusal::Keys(KeyRefusal::TemporaryCaller),
        Refusal::EditionCannot { type_id: 2, what: "fly" },
        Refusal::NoProxies { id: id() },
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
        Refusal::OneZone { id: id() },
        Refusal::NoSuchFeature { name: "failback".into() },
        Refusal::ProxyTooOld { id: id(), version: "5.5.9".into(), needs: "5.6.0".into() },
        Refusal::AuditOff { id: id() },
        Refusal::AuditState { id: id(), state: AuditState::Opening },
        Refusal::BadMoment { parameter: "StartTime", why: "it is none".into() },
        Refusal::BadFilter { why: "it is odd".into() },
        Refusal::NoSuchFile { name: "a.tar.gz".into() },
        Refusal::NoSuchTopic { id: "a".into() },
        Refusal::NoSuchLogset { id: "a".into() },
        Refusal::LogsetInUse { id: "a".into() },
        Refusal::AddressTaken { vip: "10.0.0.2".into() },
        Refusal::BadCombination { why: "one of them must be given" },
        Refusal::DtsAbnormal { why: "the migration was cut" },
        Refusal::NoSuchTemplate { id: "crs-cfg-aaaaaaaa".into() },
        Refusal::SystemTemplate { id: "default-param-template-8".into() },
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
        Refusal::BackupUnfit { id: "1-2-3".into(), state: -1 },
        Refusal::BackupLocked { id: "1-2-3".into() },
        Refusal::BackupSpec { id: "1-2-3".into(), why: "it was made of another type" },
        Refusal::NotOffered { parameter: "BackupMode", why: "`Hourly` is no mode".into() },
        Refusal::NoWeekDay { day: "Someday".into() },
        Refusal::BadPeriod { period: "01:00-03:00".into() },
        Refusal::BadEncryption { parameter: "KmsKeyId", why: "`mine` is no id of a key".into() },
        Refusal::KeyMissing,
        Refusal::NotWhileSo { id: "crs-aaaaaaaa".into(), status: Status::InProcess },
        Refusal::SoldOut { place: "ap-guangzhou-3".into(), type_id: 8 },
        Refusal::QuotaExceeded { quota: 100 },
        Refusal::ShrinksTooFar { room_mb: 1_024, least_mb: 1_300, used_mb: 1_000, place: "" },
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
        Refusal::PasswordWrong,
        Refusal::PolicyBreaksRules { why: "it is so" },
        Refusal::NoSuchAccount { name: "app".into() },
        Refusal::RootStays { why: "stays" },
        Refusal::ReplicasServeNoReads { id: id() },
        Refusal::TaskRuns { id: id() },
        Refusal::NoSuchVpc { vpc: "vpc".into() },
        Refusal::NoSuchSubnet { subnet: "net".into() },
        Refusal::VpcOnly { place: "ap-shanghai-fsi-1".into() },
        Refusal::NoAddressFree { subnet: "subnet".into(), free: 0 },
        Refusal::NetworkGone { id: id() },
        Refusal::NoSuchSecurityGroup { group: "group".into() },
        Refusal::UnknownSecurityGroup { group: "group".into() },
        Refusal::TooManyGroups { most: 5 },
        Refusal::NotRedis { product: "cdb".into() },
        Refusal::TooManyIds { given: 101, most: 100 },
        Refusal::Network(NetworkRefusal::NoSuchRule),
        Refusal::Replication(ReplicationRefusal::NoSuchGroup { id: "group".into() }),
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
    let odd = Refusal::MemoryNotSold {
        mb: 3_072,
        sold_mb: vec![1_024, 2_048],
    };
    assert!(reason(&odd).message.contains("sold are 1024, 2048 MB"));
}

#[test]
fn what_can_cause_a_code_is_told_of_its_service_alone() {
    let told = |action: &Action, of: &str| causes(action).any(|(code, _)| code.as_str() == of);
    assert!(told(action("UpgradeInstance"), "LimitExceeded.InvalidMemSize"));
    let vpc = ACTIONS
        .iter()
        .find(|action| action.name == "CreateVpc")
        .expect("an action");
    let own = causes(vpc).count();
    assert!(own > 0 && own < ROWS.len());
    for (_, text) in causes(action("UpgradeInstance")) {
        assert!(
            ROWS.iter()
                .all(|row| row.text != text || !row.refusal.starts_with("R::Network(")),
            "{text}"
        );
    }
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
        (TagRefusal::PrefixUnknown { service: text(), prefix: text() }, "InvalidParameterValue.ResourceDescriptionError"),
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
        by_ids(TagRefusal::PrefixUnknown {
            service: text(),
            prefix: text()
        }),
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
fn every_reason_of_a_service_beside_has_a_sample() {
    let source = include_str!("../cloud/refusal.rs");
    let declared = |name: &str| {
        let body = &source[source.find(name).expect("the enum")..];
        let body = &body[..body.find("\n}").expect("its end")];
        body.lines()
            .filter_map(|line| line.strip_prefix("    "))
            .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
            .count()
    };
    assert_eq!(declared("pub enum TagRefusal"), tag_samples().len());
    assert_eq!(declared("pub enum NetworkRefusal"), network_samples().len());
    assert_eq!(declared("pub enum ReplicationRefusal"), replication_samples().len());
}

/// One refusal of each kind that the network service has, with its code in an action that gives it.
#[rustfmt::skip]
fn network_samples() -> Vec<(&'static str, NetworkRefusal, &'static str)> {
    use NetworkRefusal as N;
    let text = || "k".to_owned();
    vec![
        ("CreateVpc", N::Malformed { parameter: "CidrBlock", value: text() }, "InvalidParameterValue.Malformed"),
        ("DeleteVpc", N::Unknown { what: "VpcId", id: text() }, "ResourceNotFound"),
        ("CreateSubnet", N::Empty { parameter: "SubnetName" }, "InvalidParameterValue.Empty"),
        ("CreateVpc", N::TooLong { parameter: "VpcName", most: 60 }, "InvalidParameterValue.TooLong"),
        ("CreateVpc", N::TooManyValues { parameter: "DnsServers", most: 4 }, "InvalidParameterValue.LimitExceeded"),
        ("DescribeVpcs", N::PageOutOfRange { parameter: "Limit", value: text() }, "InvalidParameterValue.Range"),
        ("DescribeVpcs", N::Coexist { one: "VpcIds", other: "Filters" }, "InvalidParameter.Coexist"),
        ("DescribeVpcs", N::FilterUnknown { name: text() }, "InvalidParameter.FilterInvalidKey"),
        ("DescribeRouteTables", N::FilterLacks { name: text(), lacks: "values" }, "InvalidParameter.FilterMissParameter"),
        ("CreateVpc", N::Quota { what: "VPCs", most: 20 }, "LimitExceeded"),
        ("DeleteVpc", N::InUse { what: "VPC", id: text(), by: text() }, "ResourceInUse"),
        ("CreateVpc", N::NotPrivate { cidr: text() }, "InvalidParameterValue"),
        ("CreateAssistantCidr", N::OverlapsVpc { cidr: text() }, "InvalidParameterValue.VpcCidrConflict"),
        ("CreateAssistantCidr", N::CidrTwice { cidr: text() }, "InvalidParameterValue.Duplicate"),
        ("CreateSubnet", N::SubnetOutside { cidr: text(), vpc: text() }, "InvalidParameterValue.SubnetRange"),
        ("CreateSubnet", N::SubnetOverlaps { cidr: text(), other: text() }, "InvalidParameterValue.SubnetConflict"),
        ("ReplaceRouteTableAssociation", N::OtherVpc { table: text(), subnet: text() }, "UnsupportedOperation.VpcMismatch"),
        ("ModifyVpcAttribute", N::NoDedicatedCluster { vpc: text() }, "UnsupportedOperation.CdcPublishNeedCdcId"),
        ("DeleteSecurityGroup", N::DefaultGroup { id: text() }, "UnsupportedOperation"),
        ("ModifySecurityGroupPolicies", N::BadRule { why: text() }, "InvalidParameterValue.Malformed"),
        ("ModifySecurityGroupPolicies", N::BadPort { port: text() }, "InvalidParameterValue.Range"),
        ("CreateSecurityGroupPolicies", N::RuleTwice { at: 1 }, "UnsupportedOperation.DuplicatePolicy"),
        ("DeleteSecurityGroupPolicies", N::NoSuchRule, "ResourceNotFound"),
        ("ModifySecurityGroupPolicies", N::TooManyRules { most: 100 }, "LimitExceeded"),
        ("CreateSecurityGroupPolicies", N::TooManyGroupsNamed { most: 10 }, "UnsupportedOperation.SgNumExceedLimit"),
        ("CreateSecurityGroupPolicies", N::OtherVersion { given: 1, now: 2 }, "UnsupportedOperation.VersionMismatch"),
    ]
}

#[test]
fn every_network_reason_has_the_word_of_the_action() {
    for (action, refusal, code) in network_samples() {
        let action = contract::find(action, "2017-03-12").expect("a known action");
        let given = refused(action, &Refusal::Network(refusal.clone()));
        assert_eq!(given.code.as_str(), code, "{refusal:?}");
        assert!(given.message.ends_with('.'), "{refusal:?}");
    }
}

/// One refusal of each kind that replication groups have, with its codes in actions that give it.
#[rustfmt::skip]
fn replication_samples() -> Vec<(ReplicationRefusal, &'static [(&'static str, &'static str)])> {
    use ReplicationRefusal as G;
    let (text, id) = (|| "k".to_owned(), || InstanceId::from("crs-5qlrlhux"));
    let group = || ReplicationGroupId::from("crs-rpl-oxsincth");
    vec![
        (G::NoSuchGroup { id: text() }, &[
            ("AddReplicationInstance", "InvalidParameterValue.ReplicationGroupNotExists"),
            ("ModifyReplicationGroup", "InvalidParameter.InvalidParameter")]),
        (G::BadName { name: text() }, &[
            ("CreateReplicationGroup", "InvalidParameterValue.InstanceNameRuleError"),
            ("ModifyReplicationGroup", "InvalidParameter.InvalidParameter")]),
        (G::Locked { id: group() }, &[("ChangeInstanceRole", "LimitExceeded.ReplicationGroupLocked")]),
        (G::Full { id: group() }, &[("AddReplicationInstance", "LimitExceeded.ExceedUpperLimit")]),
        (G::Bound { id: id(), group: group() }, &[("CreateReplicationGroup", "InvalidParameterValue.NotRepeatBind")]),
        (G::HoldsData { id: id(), used_mb: 1 }, &[("AddReplicationInstance", "LimitExceeded.InstanceNotEmpty")]),
        (G::OtherSize { id: id(), why: text() }, &[("AddReplicationInstance", "InvalidParameterValue.SpecNotExist")]),
        (G::Unfit { id: id(), why: text() }, &[("RemoveReplicationInstance", "InvalidParameterValue.CheckNotPass")]),
        (G::OneMaster { id: id(), why: "it is so" }, &[
            ("ChangeMasterInstance", "UnsupportedOperation.InstanceNotOperation")]),
        (G::HasMembers { id: group(), members: 1 }, &[("RemoveReplicationGroup", "InvalidParameter")]),
        (G::Member { id: id(), group: group(), what: "be so" }, &[
            ("ModifyInstanceAvailabilityZones", "LimitExceeded.ReplicationGroupLocked"),
            ("ModifyInstanceParams", "FailedOperation.UnSupportError"),
            ("ApplyParamsTemplate", "FailedOperation.UnSupportError"),
            ("UpgradeInstanceVersion", "UnsupportedOperation"),
            ("RestoreInstance", "UnsupportedOperation"),
            ("ClearInstance", "UnsupportedOperation"),
            ("DestroyPostpaidInstance", "UnsupportedOperation"),
            ("DestroyPrepaidInstance", "UnsupportedOperation")]),
    ]
}

#[test]
fn every_reason_of_replication_groups_has_the_word_of_the_action() {
    for (refusal, codes) in replication_samples() {
        for (name, code) in codes {
            let given = refused(action(name), &Refusal::Replication(refusal.clone()));
            assert_eq!(given.code.as_str(), *code, "{name}: {refusal:?}");
            assert!(given.message.ends_with('.'), "{refusal:?}");
        }
    }
}

/// Every action of redis with every reason that redis has, as a file that a person can read and a change
/// shows up in. What the services beside it refuse stands above and in the examples. `UPDATE_GOLDEN=1`, read
/// when the test is compiled, writes it anew.
#[test]
fn the_matrix_of_refusals_is_the_one_on_file() {
    let mut matrix = String::new();
    let of_redis = |action: &&Action| action.service == "redis";
    let beside = |refusal: &Refusal| {
        matches!(
            refusal,
            Refusal::NoSuchProduct { .. }
                | Refusal::Tags(_)
                | Refusal::Monitor(_)
                | Refusal::Keys(_)
                | Refusal::Network(_)
                | Refusal::Replication(_)
        )
    };
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

/// One refusal of each kind that the token service has, with its code in AssumeRole.
#[rustfmt::skip]
fn key_samples() -> Vec<(KeyRefusal, &'static str)> {
    let text = || "k".to_owned();
    vec![
        (KeyRefusal::NoSuchRole { arn: text() }, "ResourceNotFound.RoleNotFound"),
        (KeyRefusal::LivesTooLong { seconds: 43_201, most: 43_200 }, "InvalidParameter.OverTimeError"),
        (KeyRefusal::PolicyTooLong { bytes: 2, most: 1 }, "InvalidParameter.PolicyTooLong"),
        (KeyRefusal::PolicyGarbled { why: text() }, "InvalidParameter.StrategyFormatError"),
        (KeyRefusal::PolicyResource { why: text() }, "InvalidParameter.ResouceError"),
        (KeyRefusal::PolicyPrincipal, "InvalidParameter.StrategyInvalid"),
        (KeyRefusal::TemporaryCaller, "UnsupportedOperation"),
        (KeyRefusal::MfaUnknown { device: text() }, "FailedOperation.MFATypeNotSupported"),
        (KeyRefusal::MfaCode, "FailedOperation.CheckMFAError"),
    ]
}

#[test]
fn every_key_reason_has_the_word_of_the_action() {
    let action = contract::find("AssumeRole", "2018-08-13").expect("a known action");
    for (refusal, code) in key_samples() {
        let given = refused(action, &Refusal::Keys(refusal.clone()));
        assert_eq!(given.code.as_str(), code, "{refusal:?}");
        assert!(!given.message.is_empty() && given.message.ends_with('.'), "{refusal:?}");
    }
}
