//! The check against every way to be wrong, and what is read of an input that is right.

use super::super::shape::{Member, Shape, Type};
use super::super::write::Write;
use super::super::*;
use super::{action, form, good, json, missing, unknown, wrong};

#[test]
fn a_good_input_fills_the_request() {
    let body = r#"{"MemSize":4096,"InstanceId":"crs-5qlrlhux","NodeSet":[{"NodeType":0,"ZoneId":100003}]}"#;
    let fields = good("UpgradeInstance", body);
    assert_eq!(fields.texts("InstanceId"), ["crs-5qlrlhux"]);
    assert_eq!(fields.get("MemSize"), Some(&Value::UInteger(4096)));
    assert!(fields.get("SwitchOption").is_none() && fields.texts("NodeSet").is_empty());
    let request: input::UpgradeInstance = fields.read();
    assert_eq!((request.instance_id.as_str(), request.mem_size), ("crs-5qlrlhux", 4096));
    assert_eq!((request.redis_shard_num, request.switch_option), (None, None));
    assert_eq!(request.node_set.len(), 1);
    assert_eq!(
        (request.node_set[0].node_type, request.node_set[0].zone_id),
        (0, Some(100_003))
    );
}

#[test]
fn null_is_absent_and_empty_is_present() {
    let body = r#"{"InstanceId":"","MemSize":0,"RedisShardNum":null,"NodeSet":[],"Nonsense":null}"#;
    let request: input::UpgradeInstance = good("UpgradeInstance", body).read();
    assert_eq!(
        (request.instance_id.as_str(), request.mem_size, request.redis_shard_num),
        ("", 0, None)
    );
    assert!(request.node_set.is_empty());
    assert_eq!(
        json("UpgradeInstance", r#"{"InstanceId":null,"MemSize":1}"#).err(),
        Some(missing("InstanceId"))
    );
    assert!(
        good(
            "AssociateSecurityGroups",
            r#"{"Product":"redis","SecurityGroupId":"sg-1","InstanceIds":[]}"#
        )
        .texts("InstanceIds")
        .is_empty()
    );
    assert_eq!(
        good("ModifyInstance", r#"{"Operation":"rename","InstanceIds":["a","b"]}"#).texts("InstanceIds"),
        ["a", "b"]
    );
    // The last of equal names counts, and so does a last null.
    let body = r#"{"InstanceId":"a","MemSize":1,"InstanceId":null}"#;
    assert_eq!(json("UpgradeInstance", body).err(), Some(missing("InstanceId")));
}

#[test]
fn every_wrong_type_is_named_with_its_place() {
    for (name, body, path, wants) in [
        ("UpgradeInstance", r#"{"InstanceId":1}"#, "InstanceId", "string"),
        ("UpgradeInstance", r#"{"InstanceId":["a"]}"#, "InstanceId", "string"),
        (
            "UpgradeInstance",
            r#"{"MemSize":"4096"}"#,
            "MemSize",
            "unsigned integer",
        ),
        ("UpgradeInstance", r#"{"MemSize":-1}"#, "MemSize", "unsigned integer"),
        (
            "UpgradeInstance",
            r#"{"MemSize":4096.0}"#,
            "MemSize",
            "unsigned integer",
        ),
        (
            "UpgradeInstance",
            r#"{"MemSize":18446744073709551616}"#,
            "MemSize",
            "unsigned integer",
        ),
        ("UpgradeInstance", r#"{"MemSize":true}"#, "MemSize", "unsigned integer"),
        ("UpgradeInstance", r#"{"NodeSet":{}}"#, "NodeSet", "array"),
        ("UpgradeInstance", r#"{"NodeSet":"x"}"#, "NodeSet", "array"),
        ("UpgradeInstance", r#"{"NodeSet":[1]}"#, "NodeSet.0", "object"),
        ("UpgradeInstance", r#"{"NodeSet":[null]}"#, "NodeSet.0", "object"),
        (
            "UpgradeInstance",
            r#"{"NodeSet":[{"NodeType":0},{"NodeType":0,"ZoneId":"a"}]}"#,
            "NodeSet.1.ZoneId",
            "unsigned integer",
        ),
        ("DescribeInstances", r#"{"Status":[2,"2"]}"#, "Status.1", "integer"),
        (
            "DescribeInstances",
            r#"{"Status":[9223372036854775808]}"#,
            "Status.0",
            "integer",
        ),
        (
            "ChangeReplicaToMaster",
            r#"{"InstanceId":"a","Emergency":"true"}"#,
            "Emergency",
            "boolean",
        ),
        (
            "ChangeReplicaToMaster",
            r#"{"InstanceId":"a","Emergency":1}"#,
            "Emergency",
            "boolean",
        ),
        (
            "ModifyInstancePasswordPolicy",
            r#"{"InstanceId":"a","PasswordPolicy":[]}"#,
            "PasswordPolicy",
            "object",
        ),
    ] {
        assert_eq!(json(name, body).err(), Some(wrong(path, wants)), "{name} {body}");
    }
    assert_eq!(
        check(action("DescribeInstances").input, Tree::List(vec![]), Source::Json).err(),
        Some(wrong("", "object"))
    );
}

#[test]
fn missing_and_unknown_members_are_named_with_their_place() {
    for (body, fault) in [
        ("{}", missing("InstanceId")),
        (r#"{"InstanceId":"a"}"#, missing("MemSize")),
        (
            r#"{"InstanceId":"a","MemSize":1,"NodeSet":[{"NodeType":0},{"ZoneId":1}]}"#,
            missing("NodeSet.1.NodeType"),
        ),
        (r#"{"InstanceId":"a","MemSize":1,"Colour":"red"}"#, unknown("Colour")),
        (r#"{"InstanceId":"a","MemSize":1,"memsize":1}"#, unknown("memsize")),
        (
            r#"{"InstanceId":"a","MemSize":1,"NodeSet":[{"NodeType":0,"Colour":1}]}"#,
            unknown("NodeSet.0.Colour"),
        ),
    ] {
        assert_eq!(json("UpgradeInstance", body).err(), Some(fault), "{body}");
    }
    assert_eq!(json("DescribeProductInfo", r#"{"X":1}"#).err(), Some(unknown("X")));
}

#[test]
fn of_several_faults_types_come_first_then_required_then_unknown() {
    for (body, fault) in [
        (
            r#"{"Colour":1,"SwitchOption":"x"}"#,
            wrong("SwitchOption", "unsigned integer"),
        ),
        (
            r#"{"SwitchOption":"x","MemSize":"y"}"#,
            wrong("SwitchOption", "unsigned integer"),
        ),
        (r#"{"Colour":1,"MemSize":1}"#, missing("InstanceId")),
        (r#"{"NodeSet":[{}]}"#, missing("InstanceId")),
        (r#"{"InstanceId":"a","MemSize":1,"B":1,"A":1}"#, unknown("B")),
    ] {
        assert_eq!(json("UpgradeInstance", body).err(), Some(fault), "{body}");
    }
}

#[test]
fn a_form_spells_its_values() {
    let fields = form(
        "UpgradeInstance",
        &[("InstanceId", "crs-5qlrlhux"), ("MemSize", "4096")],
    );
    let request: input::UpgradeInstance = fields.unwrap_or_else(|r| panic!("{r:?}")).read();
    assert_eq!((request.instance_id.as_str(), request.mem_size), ("crs-5qlrlhux", 4096));
    for (text, expected) in [
        ("True", true),
        ("true", true),
        ("1", true),
        ("False", false),
        ("false", false),
        ("0", false),
    ] {
        let fields = form(
            "ChangeReplicaToMaster",
            &[("InstanceId", "a"), ("Emergency", text), ("GroupId", "-7")],
        );
        let request: input::ChangeReplicaToMaster = fields.unwrap_or_else(|r| panic!("{text}: {r:?}")).read();
        assert_eq!((request.emergency, request.group_id), (Some(expected), Some(-7)));
    }
    let node = |zone: &str| {
        Tree::Object(vec![
            ("NodeType".into(), Tree::String("1".into())),
            ("ZoneId".into(), Tree::String(zone.into())),
        ])
    };
    let nested = |zone: &str| {
        let members = vec![
            ("InstanceId".into(), Tree::String("a".into())),
            ("MemSize".into(), Tree::String("1".into())),
            ("NodeSet".into(), Tree::List(vec![node("100003"), node(zone)])),
        ];
        check(action("UpgradeInstance").input, Tree::Object(members), Source::Form)
    };
    let request: input::UpgradeInstance = nested("100004").unwrap_or_else(|r| panic!("{r:?}")).read();
    assert_eq!(request.node_set[1].zone_id, Some(100_004));
    assert_eq!(
        nested("here").err(),
        Some(wrong("NodeSet.1.ZoneId", "unsigned integer"))
    );
}

#[test]
fn a_form_that_spells_no_value_is_refused() {
    for text in ["", "+1", "-1", "0x10", "1.0", " 1", "1 ", "one", "18446744073709551616"] {
        assert_eq!(
            form("UpgradeInstance", &[("MemSize", text)]).err(),
            Some(wrong("MemSize", "unsigned integer")),
            "{text:?}"
        );
    }
    for text in ["", "TRUE", "yes", "2"] {
        let fields = form("ChangeReplicaToMaster", &[("InstanceId", "a"), ("Emergency", text)]);
        assert_eq!(fields.err(), Some(wrong("Emergency", "boolean")), "{text:?}");
    }
    assert_eq!(
        form("UpgradeInstance", &[("NodeSet", "x")]).err(),
        Some(wrong("NodeSet", "array"))
    );
    assert_eq!(
        form("UpgradeInstance", &[("InstanceId", "a"), ("MemSize", "1"), ("X", "")]).err(),
        Some(unknown("X"))
    );
    assert_eq!(
        form("UpgradeInstance", &[("MemSize", "1")]).err(),
        Some(missing("InstanceId"))
    );
}

/// The published inputs declare no float today; a refresh may bring one.
#[test]
fn floats_take_whole_numbers_and_only_finite_ones() {
    static SHAPE: Shape = Shape {
        name: "Ratio",
        members: &[Member::required("Ratio", Type::Float).nullable()],
    };
    let ratio = |tree, source| {
        check(&SHAPE, Tree::Object(vec![("Ratio".into(), tree)]), source).map(|f| f.get("Ratio").cloned())
    };
    for tree in [Tree::Float(3.0), Tree::Int(3), Tree::UInt(3)] {
        assert_eq!(ratio(tree, Source::Json), Ok(Some(Value::Float(3.0))));
    }
    assert_eq!(
        ratio(Tree::String("3.0".into()), Source::Json),
        Err(wrong("Ratio", "float"))
    );
    assert_eq!(
        ratio(Tree::String("-2.5e1".into()), Source::Form),
        Ok(Some(Value::Float(-25.0)))
    );
    for text in ["", "inf", "nan", "NaN", "1e999", "-inf", "1,5"] {
        assert_eq!(
            ratio(Tree::String(text.into()), Source::Form),
            Err(wrong("Ratio", "float")),
            "{text:?}"
        );
    }
    // Required, but it may be null: absent is fine.
    assert_eq!(ratio(Tree::Null, Source::Json), Ok(None));
}

/// Published as required, yet null in the official example of CreateInstances (`contract/overrides.json`).
#[test]
fn a_tag_may_be_null_as_in_the_official_example() {
    let body =
        r#"{"TypeId":2,"MemSize":1024,"GoodsNum":1,"Period":1,"BillingMode":0,"ResourceTags":[{"TagKey":null}]}"#;
    let request: input::CreateInstances = good("CreateInstances", body).read();
    assert_eq!(
        (request.resource_tags.len(), request.resource_tags[0].tag_key.as_deref()),
        (1, None)
    );
    assert!(request.no_auth.is_none() && request.password_policy.is_none());
}

/// The generated readers rely on their fields standing in the order of the shape.
#[test]
fn every_type_is_read_in_its_own_place() {
    let request: input::ModifyAutoBackupConfig = good(
        "ModifyAutoBackupConfig",
        r#"{"BackupStorageDays":7,"AutoBackupType":1,"TimePeriod":"p","WeekDays":["Monday"],"InstanceId":"i"}"#,
    )
    .read();
    assert_eq!(
        (request.instance_id.as_str(), request.week_days.as_slice()),
        ("i", &["Monday".to_owned()][..])
    );
    assert_eq!(
        (request.time_period.as_deref(), request.auto_backup_type),
        (Some("p"), Some(1))
    );
    assert_eq!(request.backup_storage_days, Some(7));
    let request: input::DescribeInstances = good("DescribeInstances", r#"{"Type":3,"Limit":2}"#).read();
    assert_eq!(
        (request.r#type, request.limit, request.offset),
        (Some(3), Some(2), None)
    );
}

#[test]
fn an_answer_writes_its_members_in_the_order_of_the_contract() {
    let mut out = Writer::new();
    output::UpgradeInstance {
        deal_id: "1".into(),
        deal_name: "2".into(),
    }
    .write(&mut out);
    assert_eq!(out.as_bytes(), br#"{"DealId":"1","DealName":"2"}"#);
    let mut out = Writer::new();
    let deal = output::DescribeBackupUrl {
        download_url: vec![],
        inner_download_url: vec!["u".into()],
        filenames: None,
        backup_infos: vec![],
    };
    deal.members(&mut out);
    assert_eq!(
        out.as_bytes(),
        br#""DownloadUrl":[],"InnerDownloadUrl":["u"],"Filenames":null,"BackupInfos":[]"#
    );
}

#[test]
fn lists_and_texts_carry_so_much_and_no_more() {
    let texts = |count: usize, bytes: usize| format!("{:?}", vec!["a".repeat(bytes); count]);
    let sent = |member: &str, value: &str| json("DescribeInstances", &format!("{{\"{member}\":{value}}}")).map(drop);
    let long = |path: &str, len, most, unit| {
        let path = path.to_owned();
        Err(Rejection::TooLong { path, len, most, unit })
    };
    assert_eq!(sent("SearchKeys", &texts(1_000, 4_096)), Ok(()));
    assert_eq!(
        sent("SearchKeys", &texts(1_001, 1)),
        long("SearchKeys", 1_001, 1_000, "items")
    );
    assert_eq!(
        sent("SearchKeys", &texts(2, 4_097)),
        long("SearchKeys.0", 4_097, 4_096, "bytes")
    );
    assert_eq!(sent("SearchKey", &texts(1, 4_096)[1..4_099]), Ok(()));
    assert_eq!(
        sent("SearchKey", &texts(1, 4_097)[1..4_100]),
        long("SearchKey", 4_097, 4_096, "bytes")
    );
    assert_eq!(sent("InstanceIds", &texts(1_000, 128)), Ok(()));
    assert_eq!(
        sent("InstanceIds", &texts(1, 129)),
        long("InstanceIds.0", 129, 128, "bytes")
    );
    // Bytes count, and what else is wrong comes first.
    let wide = format!("{:?}", "é".repeat(65));
    assert_eq!(sent("InstanceId", &wide), long("InstanceId", 130, 128, "bytes"));
    let both = format!("{{\"InstanceId\":{wide},\"Nonsense\":1}}");
    assert_eq!(json("DescribeInstances", &both).err(), Some(unknown("Nonsense")));
}

#[test]
fn what_every_instance_of_an_order_copies_is_shorter() {
    let sent = |count: usize| {
        let groups = vec!["sg-abcdefgh"; count];
        let body = format!("{{\"Product\":\"redis\",\"InstanceId\":\"crs-a\",\"SecurityGroupIds\":{groups:?}}}");
        json("ModifyDBInstanceSecurityGroups", &body).map(drop)
    };
    assert_eq!(sent(100), Ok(()));
    assert!(matches!(sent(101), Err(Rejection::TooLong { most: 100, .. })));
}
