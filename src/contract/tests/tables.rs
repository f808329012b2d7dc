//! The tables against the published numbers.

use std::collections::BTreeSet;

use super::super::shape::Type;
use super::super::*;
use super::{action, code};

fn objects(ty: Type, into: &mut BTreeSet<&'static str>) {
    match ty {
        Type::List(item) => objects(*item, into),
        Type::Object(shape) if into.insert(shape.name) => {
            shape.members.iter().for_each(|member| objects(member.ty, into));
        }
        _ => {}
    }
}

#[test]
fn the_whole_published_api_is_in_the_tables() {
    let redis: Vec<&Action> = ACTIONS.iter().filter(|action| action.service == "redis").collect();
    assert_eq!(redis.len(), 124);
    let mut named = BTreeSet::new();
    for member in redis
        .iter()
        .flat_map(|action| action.input.members.iter().chain(action.output.members))
    {
        objects(member.ty, &mut named);
    }
    assert_eq!(named.len(), 64);
    // 927 published pairs, less the 90 of the seven lists that are copies of another action's.
    assert_eq!(
        redis
            .iter()
            .filter_map(|action| action.codes)
            .map(<[ErrorCode]>::len)
            .sum::<usize>(),
        837
    );
    let lists_unknown: Vec<&str> = redis.iter().filter(|a| a.codes.is_none()).map(|a| a.name).collect();
    assert_eq!(lists_unknown.len(), 12, "{lists_unknown:?}");
    assert_eq!(redis.iter().filter(|action| action.reads).count(), 56);
    assert_eq!(
        redis
            .iter()
            .flat_map(|a| a.input.members)
            .filter(|m| m.required)
            .count(),
        222
    );
    assert_eq!(VERSIONS.iter().filter(|(service, _)| *service == "redis").count(), 1);
}

#[test]
fn an_action_is_found_by_its_exact_name_and_version() {
    for (at, row) in ACTIONS.iter().enumerate() {
        assert_eq!(row.id as usize, at);
        assert_eq!(find(row.name, row.version).map(|found| found.id), Some(row.id));
        assert_eq!(Action::of(row.id).name, row.name);
    }
    for (name, version) in [
        ("upgradeinstance", "2018-04-12"),
        ("UpgradeInstance", "2017-03-12"),
        ("UpgradeInstance", ""),
        ("", "2018-04-12"),
        ("UpgradeInstanc", "2018-04-12"),
        ("Zzz", "2018-04-12"),
    ] {
        assert!(find(name, version).is_none(), "{name} {version}");
    }
}

#[test]
fn a_row_carries_what_is_documented() {
    let upgrade = action("UpgradeInstance");
    assert!(!upgrade.reads && upgrade.region == RegionUse::Required);
    assert_eq!(
        (upgrade.rate_limit, upgrade.resource),
        (20, Resource::Instance("InstanceId"))
    );
    assert_eq!(upgrade.family, "Scaling, architecture & versions");
    assert!(upgrade.documents(code("InvalidParameterValue.MemSizeNotInRange")));
    assert!(!upgrade.documents(code("LimitExceeded.MemSizeNotInRange")));
    assert!(action("InquiryPriceUpgradeInstance").documents(code("LimitExceeded.MemSizeNotInRange")));
    assert_eq!(action("DescribeInstances").rate_limit, 35);
    assert_eq!(action("DescribeDBSecurityGroups").rate_limit, 100);
    assert_eq!(action("DescribeProductInfo").region, RegionUse::Ignored);
    assert!(
        ACTIONS
            .iter()
            .filter(|a| a.service == "redis" && a.region != RegionUse::Required)
            .count()
            == 1
    );
    assert_eq!(action("CreateInstances").resource, Resource::Any);
    assert_eq!(action("DescribeTaskInfo").resource, Resource::Any);
    assert_eq!(
        action("ApplyParamsTemplate").resource,
        Resource::Instance("InstanceIds")
    );
    assert_eq!(action("CloseLog").codes, None);
    assert!(!action("CloseLog").documents(code("LimitExceeded")));
    let deprecated: Vec<&str> = upgrade
        .output
        .members
        .iter()
        .filter(|m| m.deprecated)
        .map(|m| m.name)
        .collect();
    assert_eq!(deprecated, ["DealId"]);
    assert_eq!(format!("{:?}", upgrade.input.members[4].ty), "[RedisNodeInfo]");
}

#[test]
fn codes_and_their_texts_are_one_to_one() {
    assert_eq!(ErrorCode::all().iter().filter(|code| code.is_common()).count(), 38);
    for code in ErrorCode::all() {
        assert_eq!(ErrorCode::parse(code.as_str()), Some(*code));
        assert_eq!(code.to_string(), code.as_str());
    }
    assert_eq!(
        ErrorCode::LimitExceededInvalidMemSize.as_str(),
        "LimitExceeded.InvalidMemSize"
    );
    assert!(ErrorCode::RequestLimitExceededIPLimitExceeded.is_common());
    assert!(!ErrorCode::LimitExceededInvalidMemSize.is_common());
    for text in ["", "limitexceeded", "LimitExceeded.", "LimitExceeded.Nothing"] {
        assert_eq!(ErrorCode::parse(text), None, "{text:?}");
    }
}
