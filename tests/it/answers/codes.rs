//! Every code that can be met: the nineteen that UpgradeInstance documents, each answered over a socket, and the common
//! ones, each expected by a row of the request tables.

use std::collections::BTreeSet;
use std::path::Path;

use crs_local::Config;
use crs_local::config::Auth;
use crs_local::contract::ErrorCode;
use serde_json::{Value, json};

use super::{action, call, held};
use crate::harness::App;
use crate::table::all_rows;

/// How a code of UpgradeInstance comes about.
enum How {
    /// By the file of that name under `fixtures/errors`, with this size asked for.
    File(u64),
    /// By a rule, on an instance of that state, with these members.
    Rule(Value, Value),
    /// Only the inside of the real cloud knows when: a fault rule.
    Fault,
}

fn ways() -> Vec<(&'static str, How)> {
    use How::{Fault, File, Rule};
    let id = "crs-5qlrlhux";
    let old = json!({ "InstanceId": id, "TypeId": 2, "MemSize": 1024 });
    let new = json!({ "InstanceId": id, "TypeId": 6, "MemSize": 1024 });
    vec![
        ("FailedOperation.PayFailed", Fault),
        ("FailedOperation.SystemError", Fault),
        ("FailedOperation.Unknown", Fault),
        // Nothing would change.
        (
            "InvalidParameter.InvalidParameter",
            Rule(new.clone(), json!({ "MemSize": 1024 })),
        ),
        ("InvalidParameter.PermissionDenied", Fault),
        ("InvalidParameterValue.MemSizeNotInRange", File(131_072)),
        ("InvalidParameterValue.ReduceCapacityNotAllowed", File(4096)),
        // Five replicas are the most.
        (
            "InvalidParameterValue.SpecNotExist",
            Rule(new, json!({ "MemSize": 1024, "RedisReplicasNum": 6 })),
        ),
        // Redis 2.8 has one shard.
        (
            "InvalidParameterValue.UnSupportedType",
            Rule(old, json!({ "MemSize": 1024, "RedisShardNum": 3 })),
        ),
        ("LimitExceeded", Fault),
        ("LimitExceeded.InvalidMemSize", File(1500)),
        ("ResourceInsufficient", Fault),
        ("ResourceNotFound.InstanceNotExists", File(4096)),
        ("ResourceUnavailable.AccountBalanceNotEnough", File(4096)),
        ("ResourceUnavailable.InstanceStatusAbnormal", File(4096)),
        ("ResourceUnavailable.InstanceStatusError", Fault),
        ("ResourceUnavailable.SaleOut", Fault),
        ("UnauthorizedOperation.NoCAMAuthed", File(4096)),
        ("UnsupportedOperation.LowVersion", Fault),
    ]
}

/// An account with that instance and the key pair of the README.
fn fixture(instance: &Value, faults: &Value) -> String {
    let pair = json!({ "SecretId": "AKIDlocal", "SecretKey": "local" });
    let account = json!({ "Credentials": [pair], "Instances": [instance] });
    json!({ "Accounts": [account], "Faults": faults }).to_string()
}

#[test]
fn every_documented_code_of_upgrade_instance_has_a_way() {
    let documented = action("UpgradeInstance").codes.expect("a published list");
    let documented: Vec<_> = documented.iter().map(|code| code.as_str()).collect();
    let ways: Vec<_> = ways().iter().map(|(code, _)| *code).collect();
    assert_eq!(ways, documented);
    assert_eq!(ways.len(), 19);
}

/// The README beside the fixtures has a line for each file, with this call.
#[test]
fn the_founding_errors_stand_in_the_readme_of_the_fixtures() {
    let readme = include_str!("../../../fixtures/README.md");
    let files = ways().into_iter().filter_map(|(code, how)| match how {
        How::File(mem_size) => Some((code, mem_size)),
        How::Rule(..) | How::Fault => None,
    });
    let mut founding = 0;
    for (code, mem_size) in files {
        let line = format!("| `{code}.json` | `InstanceId=crs-5qlrlhux MemSize={mem_size}` |");
        assert!(readme.contains(&line), "{line}");
        founding += 1;
    }
    assert_eq!(founding, 7);
}

#[tokio::test]
async fn every_documented_code_of_upgrade_instance_is_answered() {
    let id = "crs-5qlrlhux";
    let strict = Config {
        auth: Auth::Strict,
        ..held()
    };
    for (code, how) in ways() {
        let (text, input) = match &how {
            How::File(mem_size) => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/errors");
                let text = std::fs::read_to_string(folder.join(format!("{code}.json")));
                let input = json!({ "InstanceId": id, "MemSize": mem_size });
                (text.expect("a fixture"), input)
            }
            How::Rule(instance, asked) => {
                let mut input = asked.clone();
                input["InstanceId"] = json!(id);
                (fixture(instance, &json!([])), input)
            }
            How::Fault => {
                let rule = json!({ "Match": { "Action": "UpgradeInstance", "InstanceId": id },
                    "Then": { "Code": code }, "Times": 1 });
                let instance = json!({ "InstanceId": id, "TypeId": 2, "MemSize": 1024 });
                let input = json!({ "InstanceId": id, "MemSize": 4096 });
                (fixture(&instance, &json!([rule])), input)
            }
        };
        let app = App::with_fixture(strict.clone(), &text);
        let raw = call("UpgradeInstance", "ap-guangzhou", "AKIDlocal", &input);
        let answer = app.send(&raw).await;
        assert_eq!(answer.code(), code, "{raw}\n{answer}");
        let flows = app.controlled("GET", "/_crs/flows", "").await;
        assert_eq!(flows["Flows"], json!([]), "{code}: what is refused begins nothing");
        // The call itself was right: once the rule is spent it is accepted.
        if matches!(how, How::Fault) {
            let answer = app.send(&raw).await;
            assert_eq!(answer.code(), "", "{code}\n{answer}");
        }
    }
}

/// The common codes that no request causes by itself, so that only a fault rule answers them in the tables. Three of
/// them are caused elsewhere: `ActionOffline` by a choice in `assume.rs`, and in `gateway.rs` `InternalError` by a
/// panic and `RequestLimitExceeded.IPLimitExceeded` by an address that calls too often.
const BY_RULE_ONLY: [&str; 21] = [
    "ActionOffline",
    "AuthFailure.InvalidSecretId",
    "AuthFailure.MFAFailure",
    "DryRunOperation",
    "FailedOperation",
    "InternalError",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "LimitExceeded",
    "NoSuchProduct",
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "RequestLimitExceeded.IPLimitExceeded",
    "ResourceInUse",
    "ResourceInsufficient",
    "ResourceNotFound",
    "ResourceUnavailable",
    "ResponseSizeLimitExceeded",
    "ServiceUnavailable",
    "UnauthorizedOperation",
    "UnsupportedOperation",
];

#[test]
fn every_common_code_is_expected_by_a_row() {
    let mut caused = BTreeSet::new();
    let mut ruled = BTreeSet::new();
    for row in all_rows() {
        let by_rule = row.controls().any(|(_, path, _)| path == "/_crs/faults");
        let codes = row.expected.iter().filter_map(|line| line.strip_prefix("code "));
        if by_rule { &mut ruled } else { &mut caused }.extend(codes.map(str::to_owned));
    }
    let common = ErrorCode::all().iter().filter(|code| code.is_common());
    let common: Vec<_> = common.map(|code| code.as_str()).collect();
    assert_eq!(common.len(), 38);
    let by_rule: Vec<_> = common.into_iter().filter(|code| !caused.contains(*code)).collect();
    assert_eq!(by_rule, BY_RULE_ONLY, "the common codes that no row causes");
    let neither: Vec<_> = by_rule.iter().filter(|code| !ruled.contains(**code)).collect();
    assert!(neither.is_empty(), "no row expects {neither:?}");
}
