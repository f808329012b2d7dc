//! Answers as old or unusual accounts have them.

use crs_local::import::import;
use serde_json::{Value, json};

use super::{PLAIN, SKIPPING, imported, only_instance, source};

/// The least that can be told of an instance.
fn bare() -> Value {
    json!({
        "InstanceId": "crs-bare0001", "Region": "ap-guangzhou", "Type": 2, "RedisShardSize": 1024
    })
}

/// An answer with `bare` changed by `members`; null takes one away.
fn with(members: Value) -> Value {
    let mut instance = bare();
    for (member, value) in members.as_object().expect("an object") {
        instance[member] = value.clone();
    }
    json!({ "TotalCount": 1, "InstanceSet": [instance], "RequestId": "x" })
}

/// The fixture's keys of the instance beside those that `bare` gives, and the warnings.
fn keys(members: Value) -> (Value, Vec<String>) {
    let imported = imported(&with(members), PLAIN);
    let mut instance = only_instance(&imported);
    let keys = instance.as_object_mut().expect("an object");
    assert_eq!(keys.remove("InstanceId"), Some(json!("crs-bare0001")));
    for key in ["Region", "TypeId", "MemSize"] {
        assert!(keys.remove(key).is_some(), "{key} is stated");
    }
    (instance, imported.warnings)
}

#[test]
fn null_and_missing_members_get_the_defaults() {
    let nothing: [&str; 0] = [];
    let (stated, warned) = keys(json!({
        "InstanceName": null, "Tags": null, "InstanceNode": null, "NodeSet": null, "InstanceTags": null,
        "OfflineTime": null, "WanAddress": null, "NoAuth": null, "Size": null, "Appid": null
    }));
    assert_eq!(stated, json!({}));
    assert_eq!(warned, nothing);
}

#[test]
fn deprecated_and_old_members_are_understood() {
    // Memory in use stands in a deprecated member, in fractions of a megabyte.
    let (stated, warned) = keys(json!({ "SizeUsed": 300.25 }));
    assert_eq!(stated, json!({ "MemUsed": 301 }));
    assert!(warned[0].contains("SizeUsed is not carried over"), "{warned:?}");
    assert!(warned[0].contains("crs-bare0001 (300.25)"), "{warned:?}");
    // More than there is, as replicas' buffers make it.
    assert_eq!(keys(json!({ "SizeUsed": 5000 })).0, json!({ "MemUsed": 1024 }));
    // The size of the whole and the number of shards give that of one.
    let whole =
        json!({ "Type": 7, "RedisShardSize": null, "Size": 12288.0, "RedisShardNum": 3, "RedisReplicasNum": 1 });
    let instance = only_instance(&imported(&with(whole), PLAIN));
    assert_eq!(
        (&instance["MemSize"], &instance["RedisShardNum"]),
        (&json!(4096), &json!(3))
    );
    // And the other way round.
    let whole = json!({ "Type": 7, "Size": 8192, "RedisShardNum": 0, "RedisReplicasNum": 1 });
    let instance = only_instance(&imported(&with(whole), PLAIN));
    assert_eq!(instance["RedisShardNum"], 8);
    // Password-free access had a member of its own.
    let free = json!({ "PasswordFree": 1, "UniqVpcId": "vpc-a", "UniqSubnetId": "subnet-a" });
    assert_eq!(keys(free).0["NoAuth"], true);
}

#[test]
fn the_region_follows_from_its_number_or_the_zone() {
    let region = |members| only_instance(&imported(&with(members), PLAIN))["Region"].clone();
    assert_eq!(region(json!({ "Region": null, "RegionId": 8 })), "ap-beijing");
    assert_eq!(
        region(json!({ "Region": "", "RegionId": 0, "ZoneId": 200002 })),
        "ap-shanghai"
    );
}

#[test]
fn numbers_that_are_not_given_are_guessed_aloud() {
    let (stated, warned) = keys(json!({ "Type": 7, "RedisShardNum": null }));
    assert_eq!(stated, json!({}));
    assert_eq!(
        warned,
        [
            "crs-bare0001: RedisShardNum is not given; 1, the fewest that its edition sells, is taken",
            "crs-bare0001: RedisReplicasNum is not given; 1, the fewest that its edition sells, is taken",
        ]
    );
}

#[test]
fn moments_that_have_not_come_are_no_moments() {
    let nothing: [&str; 0] = [];
    let (stated, warned) = keys(json!({
        "Status": 2, "BillingMode": 0, "DeadlineTime": "0000-00-00 00:00:00", "CloseTime": "", "OfflineTime": "0000-00-00 00:00:00"
    }));
    assert_eq!(stated, json!({ "Status": 2, "BillingMode": 0 }));
    assert_eq!(warned, nothing);
    // One that a running postpaid instance cannot have is left out, aloud.
    let (stated, warned) = keys(json!({ "CloseTime": "2026-01-01 00:00:00" }));
    assert_eq!(stated, json!({}));
    let told = "crs-bare0001: CloseTime: printed as \"2026-01-01 00:00:00\", shown as \"0000-00-00 00:00:00\"";
    assert_eq!(warned, [told]);
}

#[test]
fn numbers_of_networks_and_names_of_projects_are_kept() {
    let nothing: [&str; 0] = [];
    let (stated, warned) = keys(json!({
        "UniqVpcId": "vpc-a", "UniqSubnetId": "subnet-a", "VpcId": 11_133_673, "SubnetId": 77,
        "ProjectId": 1_001, "ProjectName": "shop"
    }));
    let wanted = json!({
        "VpcId": "vpc-a", "SubnetId": "subnet-a", "VpcNumber": 11_133_673, "SubnetNumber": 77,
        "ProjectId": 1_001, "ProjectName": "shop"
    });
    assert_eq!((stated, warned), (wanted, nothing.map(str::to_owned).to_vec()));
    // The name that project 0 has for everybody need not be stated.
    let (stated, warned) = keys(json!({ "ProjectId": 0, "ProjectName": "默认项目" }));
    assert_eq!((stated, warned), (json!({ "ProjectId": 0 }), Vec::new()));
    // Without a VPC there is nothing that the number could belong to.
    let (stated, warned) = keys(json!({ "VpcId": 5 }));
    assert_eq!(stated, json!({}));
    assert_eq!(warned, ["crs-bare0001: VpcId: printed as 5, shown as 0"]);
}

#[test]
fn a_zero_time_of_creation_is_none() {
    for zero in ["0000-00-00 00:00:00", "0000-00-00T00:00:00+08:00", ""] {
        let (stated, warned) = keys(json!({ "Createtime": zero }));
        assert_eq!((stated, warned), (json!({}), Vec::new()), "{zero}");
    }
}

#[test]
fn a_deadline_that_has_passed_is_warned_of() {
    let prepaid = |deadline: &str| json!({ "Status": 2, "BillingMode": 1, "DeadlineTime": deadline });
    let (stated, warned) = keys(prepaid("2020-01-31 10:00:00"));
    assert_eq!(stated["DeadlineTime"], "2020-01-31 10:00:00");
    let told = "crs-bare0001: its DeadlineTime 2020-01-31 10:00:00 has passed";
    assert!(warned.len() == 1 && warned[0].starts_with(told), "{warned:?}");
    assert!(warned[0].contains("a manual clock (PUT /_crs/clock)"), "{warned:?}");
    assert_eq!(keys(prepaid("9999-01-31 10:00:00")).1, Vec::<String>::new());
    assert_eq!(keys(prepaid("")).1, Vec::<String>::new());
}

#[test]
fn what_a_fixture_does_not_state_is_named_with_the_reason() {
    for (member, value) in [
        ("PriceId", json!(5)),
        ("Vip6", json!("fd00::1")),
        ("Tags", json!(["host"])),
        ("InstanceNode", json!([{ "Id": 1 }])),
        ("DiskSize", json!(10)),
    ] {
        let (stated, warned) = keys(json!({ member: value }));
        assert_eq!(stated, json!({}), "{member}");
        let [line] = warned.as_slice() else {
            panic!("{member}: {warned:#?}")
        };
        let told = format!("{member} is not carried over, it ");
        assert!(line.starts_with(&told), "{line}");
        assert!(line.ends_with(&format!(": crs-bare0001 ({value})")), "{line}");
    }
    // A weight between the two that are documented.
    let weight = json!({ "Type": 6, "RedisShardNum": 1, "RedisReplicasNum": 1, "SlaveReadWeight": 50 });
    assert_eq!(
        keys(weight).1,
        ["crs-bare0001: SlaveReadWeight: printed as 50, shown as 100"]
    );
}

#[test]
fn nodes_by_zone_come_from_another_answer() {
    let printed = with(json!({
        "Type": 15, "ZoneId": 100002, "RedisShardNum": 1, "RedisReplicasNum": 2
    }));
    let node =
        |id: &str, role: &str, zone: u32| json!({ "NodeId": id, "NodeRole": role, "ClusterId": 1, "ZoneId": zone });
    let nodes = |zones: [u32; 3]| {
        json!({ "Response": {
            "ProxyCount": 1, "Proxy": [{ "NodeId": "0a", "ZoneId": 100002 }], "RedisCount": 3,
            "Redis": [node("1a", "slave", zones[1]), node("1b", "master", zones[0]), node("1c", "slave", zones[2])],
            "TendisCount": 0, "Tendis": [], "RequestId": "y"
        }})
    };
    let take = |nodes: &Value| {
        let instances = [source("i", &printed.to_string())];
        let nodes = [("crs-bare0001".to_owned(), source("n", &nodes.to_string()))];
        import(&instances, &nodes, PLAIN).unwrap_or_else(|faults| panic!("{faults:#?}"))
    };
    let over_zones = take(&nodes([100_002, 100_003, 100_004]));
    let set = only_instance(&over_zones)["NodeSet"].clone();
    assert_eq!(
        set,
        json!([
            { "NodeType": 0, "ZoneId": 100_002 }, { "NodeType": 1, "ZoneId": 100_003 }, { "NodeType": 1, "ZoneId": 100_004 }
        ])
    );
    // Masters stand first here, and their group is the first of NodeSet.
    let group = |id: &str, role: &str| json!({ "RedisNodes": [{ "NodeId": id, "Role": role }] });
    let groups = json!([group("1b", "master"), group("1a", "replica"), group("1c", "replica")]);
    assert_eq!(only_instance(&over_zones)["ReplicaGroups"], groups);
    let told = "crs-bare0001: its proxies are not carried over: Proxy are not as many as the instance has: \
                1 in 100002, 1 in 100003, 1 in 100004";
    assert_eq!(over_zones.warnings, [told]);
    // All in one zone: no NodeSet, as DescribeInstances has none then.
    let one_zone = take(&nodes([100_002, 100_002, 100_002]));
    assert!(only_instance(&one_zone)["NodeSet"].is_null());
    assert_eq!(only_instance(&one_zone)["ReplicaGroups"], groups);
    // As many proxies as there are, and none.
    let mut whole = nodes([100_002, 100_002, 100_002]);
    let proxy = |id: &str| json!({ "NodeId": id, "ZoneId": 100_002 });
    let proxies = json!([proxy("0a"), proxy("0b"), proxy("0c")]);
    whole["Response"]["Proxy"] = proxies.clone();
    let imported = take(&whole);
    let (stated, none) = (only_instance(&imported), Vec::<String>::new());
    assert_eq!((&stated["Proxy"], &stated["ConnectionMode"]), (&proxies, &Value::Null));
    assert_eq!(imported.warnings, none);
    whole["Response"]["Proxy"] = json!([]);
    let imported = take(&whole);
    assert_eq!(only_instance(&imported)["ConnectionMode"], 1);
    assert_eq!(imported.warnings, none);
    // Two masters of one shard: their ids are all that is lost.
    let mut two = nodes([100_002, 100_002, 100_002]);
    two["Response"]["Redis"][0]["NodeRole"] = json!("master");
    two["Response"]["Tendis"] = json!([{}]);
    let imported = take(&two);
    assert!(only_instance(&imported)["ReplicaGroups"].is_null());
    let warned = imported.warnings.join("\n");
    assert!(warned.contains("1 Tendis nodes are no part of a fixture"), "{warned}");
    assert!(
        warned.contains("the ids of its Redis nodes are not carried over: ReplicaGroups[1]"),
        "{warned}"
    );
    // Fewer nodes than the instance has.
    let mut few = nodes([100_002, 100_003, 100_004]);
    few["Response"]["Redis"]
        .as_array_mut()
        .expect("a list")
        .push(node("1d", "slave", 100_004));
    let instances = [source("i", &printed.to_string())];
    let given = [("crs-bare0001".to_owned(), source("n", &few.to_string()))];
    let refused = import(&instances, &given, PLAIN).expect_err("3 replicas are not 2");
    assert!(
        refused[0].to_string().contains("NodeSet: crs-bare0001: has 3 replicas"),
        "{refused:?}"
    );
}

#[test]
fn what_is_unfit_is_left_out_aloud_when_asked() {
    let mut answer = with(json!({}));
    let all = answer["InstanceSet"].as_array_mut().expect("a list");
    for (id, member, value) in [
        ("crs-odd00001", "Status", json!(-4)),
        ("crs-odd00002", "Type", json!(99)),
        ("crs-odd00003", "RedisShardSize", json!(3000)),
        ("crs-odd00004", "Port", json!(-1)),
        ("crs-odd00005", "Region", json!("ap-atlantis")),
    ] {
        let mut odd = bare();
        (odd["InstanceId"], odd[member]) = (json!(id), value);
        all.push(odd);
    }
    // The one in a region that there is not was counted elsewhere.
    answer["TotalCount"] = json!(5);
    let imported = imported(&answer, SKIPPING);
    assert_eq!(only_instance(&imported)["InstanceId"], "crs-bare0001");
    for number in 1..=5 {
        let id = format!("crs-odd0000{number}: ");
        let named = |line: &&String| line.starts_with("left out: i.json: InstanceSet[") && line.contains(&id);
        assert_eq!(
            imported.warnings.iter().filter(named).count(),
            1,
            "{id} {:#?}",
            imported.warnings
        );
    }
    assert_eq!(imported.warnings.len(), 5, "{:#?}", imported.warnings);
}

#[test]
fn a_backup_mode_is_carried_over() {
    let (stated, warned) = keys(json!({ "BackupMode": "SecondLevelBackup" }));
    assert_eq!(stated, json!({ "BackupMode": "SecondLevelBackup" }));
    assert!(warned.is_empty(), "{warned:?}");
}
