//! Policies as CAM documents them, held against calls.

use serde_json::{Value, json};

use super::*;

const CALL: Query<'_> = Query {
    service: "redis",
    action: "UpgradeInstance",
    region: "ap-beijing",
    uin: "100000000001",
    app_id: 1_250_000_000,
    resources: &[Resource {
        id: "crs-5qlrlhux",
        tags: &[("env", "prod"), ("team", "a&b")],
    }],
    request_tags: &[],
};
const NO_RESOURCE: Query<'_> = Query {
    action: "CreateInstances",
    resources: &[],
    ..CALL
};

fn allows(policy: &Value, query: &Query<'_>) -> bool {
    evaluate(&Policy::parse(policy).unwrap(), query) == Decision::Allowed
}

fn statement(statement: Value) -> Value {
    json!({ "version": "2.0", "statement": [statement] })
}

fn action(action: Value) -> Value {
    statement(json!({ "effect": "allow", "action": action, "resource": "*" }))
}

fn resource(resource: Value) -> Value {
    statement(json!({ "effect": "allow", "action": "redis:*", "resource": resource }))
}

fn condition(condition: Value) -> Value {
    statement(json!({
        "effect": "allow", "action": "redis:*", "resource": "*", "condition": condition
    }))
}

#[test]
fn actions_match_with_prefix_list_and_wildcards() {
    for yes in [
        json!("*"),
        json!("redis:*"),
        json!("redis:UpgradeInstance"),
        json!("name/redis:UpgradeInstance"),
        json!("name/redis:*"),
        json!("name/*"),
        json!("redis:Upgrade*"),
        json!("redis:*Instance"),
        json!("redis:UpgradeInstanc?"),
        json!("*:UpgradeInstance"),
        json!(["redis:DescribeInstances", "redis:UpgradeInstance"]),
    ] {
        assert!(allows(&action(yes.clone()), &CALL), "{yes}");
    }
    for no in [
        json!("redis:DescribeInstances"),
        json!("redis:Describe*"),
        json!("cvm:*"),
        json!("redis:upgradeinstance"),
        json!("redis:UpgradeInstance?"),
        json!(["cvm:*", "redis:Create*"]),
    ] {
        assert!(!allows(&action(no.clone()), &CALL), "{no}");
    }
}

#[test]
fn resources_match_in_six_parts() {
    for yes in [
        "*",
        "qcs::redis:ap-beijing:uin/100000000001:instance/crs-5qlrlhux",
        "qcs::redis:bj:uin/100000000001:instance/crs-5qlrlhux",
        "qcs::redis:ap-beijing::instance/crs-5qlrlhux",
        "qcs::redis::uin/100000000001:instance/*",
        "qcs::redis::uid/1250000000:instance/*",
        "qcs:id/0:redis:::instance/crs-*",
        "qcs:*:*:*:*:*",
        "qcs::redis:ap-*:*:instanceId/crs-5qlrlhux",
        "qcs::redis:ap-beijing:uin/100000000001:*",
    ] {
        assert!(allows(&resource(json!(yes)), &CALL), "{yes}");
        let two = json!(["qcs::redis:::instance/crs-other", yes]);
        assert!(allows(&resource(two), &CALL), "{yes}");
    }
    for no in [
        "qcs::redis:ap-guangzhou:uin/100000000001:instance/crs-5qlrlhux",
        "qcs::redis:gz:uin/100000000001:instance/crs-5qlrlhux",
        "qcs::redis:ap-beijing:uin/100000000002:instance/crs-5qlrlhux",
        "qcs::redis:ap-beijing:uid/1250000001:instance/crs-5qlrlhux",
        "qcs::redis:ap-beijing:uin/100000000001:instance/crs-5qlrlhuy",
        "qcs::cvm:ap-beijing:uin/100000000001:instance/*",
        "qcs::redis:ap-beijing:uin/100000000001:backup/*",
    ] {
        assert!(!allows(&resource(json!(no)), &CALL), "{no}");
    }
}

#[test]
fn every_region_has_its_short_name() {
    for region in crate::cloud::region::all() {
        let text = format!("qcs::redis:{}:uin/100000000001:instance/*", region.short_name);
        let query = Query {
            region: region.name,
            ..CALL
        };
        assert!(allows(&resource(json!(text)), &query), "{text}");
        let elsewhere = Query {
            region: "ap-nowhere",
            ..CALL
        };
        assert!(!allows(&resource(json!(text)), &elsewhere), "{text}");
    }
}

#[test]
fn a_call_without_resources_needs_the_resource_star() {
    assert!(allows(&resource(json!("*")), &NO_RESOURCE));
    assert!(allows(
        &resource(json!("qcs::redis:bj:uin/100000000001:*")),
        &NO_RESOURCE
    ));
    assert!(!allows(
        &resource(json!("qcs::redis:gz:uin/100000000001:*")),
        &NO_RESOURCE
    ));
    assert!(!allows(&resource(json!("qcs::redis:::instance/*")), &NO_RESOURCE));
}

#[test]
fn nothing_is_allowed_by_default_and_deny_wins() {
    let allow = json!({ "effect": "allow", "action": "redis:*", "resource": "*" });
    let deny = json!({
        "effect": "Deny",
        "action": "name/redis:Upgrade*",
        "resource": "qcs::redis:::instance/crs-5qlrlhux",
        "principal": { "qcs": ["qcs::cam::uin/1:uin/2"] }
    });
    for statements in [json!([allow, deny]), json!([deny, allow])] {
        let policy = json!({ "Version": "2.0", "Statement": statements });
        let policy = Policy::parse(&policy).unwrap();
        let by = Denial::Statement(usize::from(statements[0] == allow));
        let resource = "qcs::redis:ap-beijing:uin/100000000001:instance/crs-5qlrlhux".to_owned();
        assert_eq!(evaluate(&policy, &CALL), Decision::Denied { by, resource });
        let other = Query {
            resources: &[Resource { id: "crs-1", tags: &[] }],
            ..CALL
        };
        assert_eq!(evaluate(&policy, &other), Decision::Allowed);
    }
    let policy = Policy::parse(&json!({ "version": "2.0", "statement": deny })).unwrap();
    let by = Denial::Default;
    let denied = Decision::Denied {
        by,
        resource: "*".into(),
    };
    assert_eq!(evaluate(&policy, &NO_RESOURCE), denied);
}

#[test]
fn every_resource_of_a_call_must_be_allowed() {
    let policy = Policy::parse(&resource(json!("qcs::redis:::instance/crs-a*"))).unwrap();
    let two = [
        Resource {
            id: "crs-a1",
            tags: &[],
        },
        Resource {
            id: "crs-b1",
            tags: &[],
        },
    ];
    let query = Query {
        resources: &two,
        ..CALL
    };
    let Decision::Denied {
        by: Denial::Default,
        resource,
    } = evaluate(&policy, &query)
    else {
        panic!("allowed");
    };
    assert_eq!(resource, "qcs::redis:ap-beijing:uin/100000000001:instance/crs-b1");
    assert_eq!(
        evaluate(
            &policy,
            &Query {
                resources: &two[..1],
                ..CALL
            }
        ),
        Decision::Allowed
    );
}

#[test]
fn tags_of_the_resource_are_compared() {
    // Tags of the call: env=prod and team=a&b.
    for (operator, values, expected) in [
        ("for_any_value:string_equal", json!(["env&prod"]), true),
        ("for_any_value:string_equal", json!(["env&dev", "team&a&b"]), true),
        ("for_any_value:string_equal", json!(["env&dev"]), false),
        ("for_any_value:string_equal", json!(["env&PROD"]), false),
        ("for_any_value:string_equal_ignore_case", json!("ENV&Prod"), true),
        ("for_any_value:string_not_equal", json!(["env&prod"]), true),
        ("for_all_value:string_equal", json!(["env&prod"]), false),
        (
            "for_all_value:string_equal",
            json!(["env&prod", "team&a&b", "x&y"]),
            true,
        ),
        ("for_all_value:string_not_equal", json!(["env&prod"]), false),
        ("for_all_value:string_not_equal", json!(["env&dev"]), true),
        ("string_equal", json!("env&prod"), true),
        ("string_equal", json!("env&dev"), false),
        ("string_not_equal", json!("env&prod"), false),
        ("string_not_equal", json!("env&dev"), true),
        ("string_not_equal_ignore_case", json!("ENV&PROD"), false),
        ("string_like", json!("env&*"), true),
        ("string_like", json!("stage&*"), false),
        ("string_not_like", json!("env&*"), false),
        ("string_equal_if_exist", json!("env&dev"), false),
    ] {
        for key in ["qcs:resource_tag", "qcs:tag"] {
            let policy = condition(json!({ operator: { key: values } }));
            assert_eq!(allows(&policy, &CALL), expected, "{operator} {values}");
        }
    }
}

#[test]
fn conditions_without_tags_to_compare() {
    let bare = Query {
        resources: &[Resource { id: "crs-1", tags: &[] }],
        ..CALL
    };
    for (operator, expected) in [
        ("string_equal", false),
        ("string_not_equal", true),
        ("for_any_value:string_equal", false),
        ("for_any_value:string_not_equal", false),
        ("for_all_value:string_equal", false),
        ("for_all_value:string_not_equal", false),
        ("string_equal_if_exist", true),
        ("for_any_value:string_equal_if_exist", true),
        ("for_all_value:string_equal_if_exist", true),
    ] {
        let policy = condition(json!({ operator: { "qcs:resource_tag": "env&prod" } }));
        assert_eq!(allows(&policy, &bare), expected, "{operator}");
    }
}

#[test]
fn conditions_are_joined_by_and_and_read_the_request_too() {
    let policy = condition(json!({
        "for_any_value:string_equal": {
            "qcs:resource_tag": ["env&prod"],
            "qcs:request_tag": ["cost&1", "cost&2"]
        }
    }));
    assert!(!allows(&policy, &CALL));
    assert!(allows(
        &policy,
        &Query {
            request_tags: &[("cost", "2")],
            ..CALL
        }
    ));
    assert!(!allows(
        &policy,
        &Query {
            request_tags: &[("cost", "3")],
            ..CALL
        }
    ));
    let bare = Query {
        resources: &[],
        request_tags: &[("cost", "2")],
        ..CALL
    };
    assert!(!allows(&policy, &bare));
}

/// A policy of one statement that is right but for one key.
fn with(key: &str, value: Value) -> Value {
    let mut one = json!({ "effect": "allow", "action": "redis:*", "resource": "*" });
    one[key] = value;
    statement(one)
}

fn assert_refused_at(policy: &Value, path: &str) {
    let fault = Policy::parse(policy).expect_err(&policy.to_string());
    assert_eq!(fault.path, path, "{policy}");
    assert!(!fault.problem.is_empty() && !fault.remedy.is_empty(), "{policy}");
}

#[test]
fn faults_of_the_policy_name_the_place() {
    for (policy, path) in [
        (json!(null), ""),
        (json!([]), ""),
        (json!({}), ""),
        (json!({ "version": "2.0" }), ""),
        (json!({ "version": 2, "statement": [] }), "version"),
        (json!({ "Version": "1.0", "statement": [] }), "Version"),
        (json!({ "version": "2.0", "statement": [] }), "statement"),
        (json!({ "version": "2.0", "statement": [], "Id": 1 }), "Id"),
        (
            json!({ "version": "2.0", "Version": "2.0", "statement": [] }),
            "version",
        ),
        (json!({ "version": "2.0", "statement": "*" }), "statement"),
        (json!({ "version": "2.0", "statement": [1] }), "statement[0]"),
        (statement(json!({ "action": "*", "resource": "*" })), "statement[0]"),
        (statement(json!({ "effect": "allow", "resource": "*" })), "statement[0]"),
        (statement(json!({ "effect": "allow", "action": "*" })), "statement[0]"),
    ] {
        assert_refused_at(&policy, path);
    }
}

#[test]
fn faults_of_a_statement_name_the_place() {
    for (key, value, path) in [
        ("effect", json!("permit"), "effect"),
        ("effect", json!(true), "effect"),
        ("action", json!([]), "action"),
        ("action", json!(1), "action"),
        ("action", json!(["redis:*", ""]), "action[1]"),
        ("action", json!("UpgradeInstance"), "action"),
        ("action", json!("redis:"), "action"),
        ("action", json!("permid/280655"), "action"),
        ("resource", json!("instance/crs-1"), "resource"),
        ("resource", json!("arn:aws:redis:a:b:c"), "resource"),
        ("resource", json!("qcs::redis:bj:uin/1"), "resource"),
        ("resource", json!("qcs::redis:$region::instance/*"), "resource"),
        ("resource", json!("qcs::redis::1:instance/*"), "resource"),
        ("resource", json!("qcs:id/5:redis:::instance/*"), "resource"),
        ("resource", json!(["*", "qcs::redis:::"]), "resource[1]"),
        ("resource", json!("qcs::redis:::instance/"), "resource"),
        ("not_action", json!("*"), "not_action"),
        ("condition", json!([]), "condition"),
        ("condition", json!({ "ip_equal": {} }), "condition.ip_equal"),
        ("condition", json!({ "string_like": 1 }), "condition.string_like"),
        (
            "condition",
            json!({ "string_equal": { "qcs:ip": "10.0.0.1" } }),
            "condition.string_equal.qcs:ip",
        ),
        (
            "condition",
            json!({ "string_equal": { "qcs:resource_tag": ["a&b", "env:prod"] } }),
            "condition.string_equal.qcs:resource_tag[1]",
        ),
    ] {
        assert_refused_at(&with(key, value), &format!("statement[0].{path}"));
    }
}

#[test]
fn a_policy_has_so_many_bytes_at_most() {
    let of = |names: usize| {
        let names: Vec<_> = (0..names).map(|at| format!("redis:Describe{at:05}")).collect();
        with("action", json!(names))
    };
    // With the quotes and the comma each name is 22 bytes.
    let most = (65_536 - of(0).to_string().len() + 1) / 22;
    assert!(Policy::parse(&of(most)).is_ok());
    let fault = Policy::parse(&of(most + 1)).unwrap_err();
    assert!(fault.to_string().ends_with("bytes; give 65536 or fewer"), "{fault}");
}

#[test]
fn a_fault_reads_as_a_sentence_with_its_remedy() {
    let fault = Policy::parse(&with("action", json!("Upgrade"))).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "statement[0].action: `Upgrade` is not an action; write `<service>:<action>`, for \
         instance \"redis:UpgradeInstance\", or \"*\""
    );
}

#[test]
fn the_texts_are_those_of_the_real_service() {
    let denial = denial_text(
        "1-2",
        "cvm",
        "DescribeInstances",
        "qcs::cvm:ap-guangzhou:uin/1:instance/*",
    );
    assert_eq!(
        denial,
        "[request id:1-2]you are not authorized to perform operation (cvm:DescribeInstances)\n\
         resource (qcs::cvm:ap-guangzhou:uin/1:instance/*) has no permission\n"
    );
    assert_eq!(
        refusal_text("x", false),
        "You are not authorized to perform this operation. Check your CAM policies, and ensure \
         that you are using the correct access keys. [x]"
    );
    assert_eq!(refusal_text("x", true), "操作未授权，请检查CAM策略。[x]");
}
