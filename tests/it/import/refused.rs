//! What is not taken: file, place, reason and remedy.

use crs_local::import::import;
use serde_json::json;

use super::{PLAIN, SKIPPING, faults, source};

/// One instance with this member, as text, so that it may be wrong in any way.
fn one(member: &str) -> String {
    let known = r#""InstanceId": "crs-one00001", "Region": "ap-guangzhou", "Type": 6, "RedisShardSize": 1024"#;
    format!(r#"{{ "TotalCount": 1, "InstanceSet": [ {{ {known}, {member} }} ] }}"#)
}

#[test]
fn what_is_no_answer_is_named() {
    for (text, told) in [
        ("", "i.json: is empty; give an object"),
        ("{", "i.json: is no JSON: line 1, column 1"),
        ("[]", "i.json: a list does not fit; give an object"),
        ("{} {", "i.json (text 2): is no JSON"),
        (
            "{}",
            "i.json: InstanceSet: is missing; give what `tccli redis DescribeInstances` prints",
        ),
        (r#"{"Response":{}}"#, "i.json: Response.InstanceSet: is missing"),
        (
            r#"{"TotalCount":0,"InstanceSet":[]}"#,
            "i.json: no instance inside; give what",
        ),
        (
            r#"{"InstanceSet":null,"TotalCount":0}"#,
            "i.json: InstanceSet: is missing",
        ),
        (
            r#"{"InstanceSets":[]}"#,
            "i.json: InstanceSets: there is no such key; write InstanceSet",
        ),
        (
            r#"{"Response":{"Error":{"Code":"AuthFailure","Message":"m"},"RequestId":"r"}}"#,
            "i.json: Response.Error: is a refusal (AuthFailure), no answer; print it again",
        ),
        (
            r#"{"RedisCount":0,"Redis":[],"ProxyCount":0,"Proxy":[]}"#,
            "i.json: is an answer of DescribeInstanceNodeInfo, which does not say of which instance; give it as --of",
        ),
        (
            r#"{"InstanceSet":[],"InstanceSet":[]}"#,
            "i.json: InstanceSet: stands here twice; keep one of them",
        ),
    ] {
        let lines = faults(text, PLAIN);
        assert!(lines.starts_with(told), "{text}\n{lines}");
    }
}

#[test]
fn what_is_wrong_with_an_instance_is_told_in_the_words_of_the_answer() {
    for (member, told) in [
        (
            r#""Colour": 1"#,
            "i.json: InstanceSet[0].Colour: there is no such key; the keys are",
        ),
        (
            r#""Ports": 1"#,
            "i.json: InstanceSet[0].Ports: there is no such key; write Port",
        ),
        (
            r#""Port": "6379""#,
            "i.json: InstanceSet[0].Port: string \"6379\" does not fit; give a whole number",
        ),
        (
            r#""Port": 6379, "Port": 6379"#,
            "i.json: InstanceSet[0].Port: stands here twice",
        ),
        (
            r#""Port": 80"#,
            "i.json: InstanceSet[0].Port: crs-one00001: is no port to be had; give 1024 to 65535",
        ),
        (
            r#""Port": -1"#,
            "i.json: InstanceSet[0].Port: crs-one00001: integer `-1` does not fit",
        ),
        (
            r#""Status": -4"#,
            "i.json: InstanceSet[0].Status: crs-one00001: -4 is no status; give 0, 1, 2, -2 or -3",
        ),
        (
            r#""UniqVpcId": "vpc-1""#,
            "i.json: InstanceSet[0].UniqSubnetId: crs-one00001: is missing; give it with",
        ),
        (
            r#""WanIp": "nowhere""#,
            "i.json: InstanceSet[0].WanIp: crs-one00001: `nowhere` is no IPv4 address",
        ),
        (
            r#""AutoRenewFlag": 9"#,
            "i.json: InstanceSet[0].AutoRenewFlag: crs-one00001: is unknown; give 0",
        ),
        (
            r#""InstanceTags": [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "a", "TagValue": "2"}]"#,
            "i.json: InstanceSet[0].InstanceTags[1].TagKey: crs-one00001: `a` stands here twice; keep one of them",
        ),
        (
            r#""RedisReplicasNum": 7"#,
            "i.json: InstanceSet[0].RedisReplicasNum: crs-one00001: 7 replicas are not sold by edition 6",
        ),
        (
            r#""RedisShardNum": 2"#,
            "i.json: InstanceSet[0].RedisShardNum: crs-one00001: 2 shards are not sold by edition 6",
        ),
        (
            r#""Createtime": "yesterday""#,
            "i.json: InstanceSet[0].Createtime: crs-one00001: `yesterday` is no moment",
        ),
        (
            r#""ZoneId": 200001"#,
            "i.json: InstanceSet[0].ZoneId: crs-one00001: 200001 is no zone of ap-guangzhou",
        ),
        (
            r#""ProductVersion": "moon""#,
            "i.json: InstanceSet[0].ProductVersion: crs-one00001: `moon` is unknown",
        ),
        (r#""Appid": 0"#, "i.json: InstanceSet[0].Appid: "),
    ] {
        let lines = faults(&one(member), PLAIN);
        assert!(lines.starts_with(told), "{member}\n{lines}");
        assert_eq!(lines.lines().count(), 1, "{lines}");
    }
}

#[test]
fn what_cannot_do_without_is_asked_for() {
    let all = r#"{"InstanceSet":[ {}, {"InstanceId":"crs-two00001"} ]}"#;
    assert_eq!(
        faults(all, PLAIN),
        "i.json: InstanceSet[0].InstanceId: is missing; every instance is printed with its id"
    );
    let one = r#"{"InstanceSet":[ {"InstanceId":"crs-two00001"} ]}"#;
    let lines = faults(one, PLAIN);
    for told in [
        "i.json: InstanceSet[0].Type: crs-two00001: is missing; it says which edition",
        "i.json: InstanceSet[0].Region: crs-two00001: neither it nor RegionId nor ZoneId names a known region; give one of them",
        "i.json: InstanceSet[0].RedisShardSize: crs-two00001: is missing, and Size does not tell it; give one of them",
    ] {
        assert!(lines.contains(told), "{lines}");
    }
}

#[test]
fn an_instance_twice_is_named_with_both_places() {
    let page = one(r#""Port": 6379"#);
    let twice = import(&[source("a", &page), source("b", &page)], &[], SKIPPING);
    let told: Vec<_> = twice.expect_err("twice").iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["b: InstanceSet[0].InstanceId: crs-one00001 stands in a: InstanceSet[0] already; take one of them out"]
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let lines = faults(&one(r#""Status": 7, "Port": 1, "BillingMode": 3"#), PLAIN);
    assert_eq!(lines.lines().count(), 3, "{lines}");
}

#[test]
fn when_nothing_is_left_that_is_an_error_too() {
    let lines = faults(&one(r#""Status": 7"#), SKIPPING);
    assert!(
        lines.starts_with("the import: no instance of it can be carried over"),
        "{lines}"
    );
    assert!(
        lines.contains("left out: i.json: InstanceSet[0].Status: crs-one00001: 7 is no status"),
        "{lines}"
    );
}

#[test]
fn nodes_must_be_those_of_an_instance() {
    let page = one(r#""Port": 6379"#);
    let told = |id: &str, nodes: &serde_json::Value| {
        let nodes = [(id.to_owned(), source("n", &nodes.to_string()))];
        let faults = import(&[source("i", &page)], &nodes, PLAIN).expect_err("wrong nodes");
        faults[0].to_string()
    };
    let redis =
        |role: &str| json!({ "Redis": [{ "NodeId": "1", "NodeRole": role, "ClusterId": 1, "ZoneId": 100_001 }] });
    assert_eq!(
        told("crs-nobody01", &redis("master")),
        "n: no instance crs-nobody01 was printed; give its DescribeInstances too"
    );
    assert_eq!(
        told("crs-one00001", &redis("boss")),
        "n: Redis[0].NodeRole: crs-one00001: `boss` is no role of a node; it is printed as master or slave"
    );
    assert_eq!(
        told("crs-one00001", &json!({ "InstanceSet": [] })),
        "n: tells nothing of one instance; give what `tccli redis` prints of DescribeInstanceNodeInfo, \
         DescribeInstanceAccount, DescribeInstanceParams or DescribeMaintenanceWindow"
    );
}
