//! What answers about one thing of an instance add: Redis accounts, parameters, the window, security groups.

use crs_local::Config;
use crs_local::import::{Imported, Options, Source, import};
use serde_json::{Value, json};

use super::{MASKED, PLAIN, SKIPPING, described, source};
use crate::harness::{App, Raw};

/// Two instances with everything that these answers tell.
const MORE: &str = include_str!("../../data/import/more.json");
const IDS: [&str; 2] = ["crs-more0001", "crs-more0002"];
const ACTIONS: [&str; 4] = [
    "DescribeInstanceAccount",
    "DescribeInstanceParams",
    "DescribeMaintenanceWindow",
    "DescribeInstanceNodeInfo",
];

/// What an action answers, as TCCLI prints it.
async fn printed(app: &App, action: &str, members: &str) -> Value {
    let target = format!("/?Action={action}&Version=2018-04-12&Region=ap-guangzhou&{members}");
    let raw = Raw(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes());
    let answer = app.call(&raw).await;
    let answer: Value = serde_json::from_slice(&answer.body).expect("an answer is JSON");
    assert!(answer["Response"]["Error"].is_null(), "{action}: {answer:#}");
    let mut answer = answer["Response"].clone();
    answer["RequestId"].take();
    answer
}

/// Everything that is printed of one account.
struct Prints {
    files: Vec<Value>,
    of: Vec<(&'static str, Value)>,
}

async fn prints(app: &App) -> Prints {
    let groups = format!("InstanceIds.0={}&InstanceIds.1={}", IDS[0], IDS[1]);
    let mut instances = described(app, "ap-guangzhou", 100, 0).await;
    instances["RequestId"].take();
    let files = vec![instances, printed(app, "DescribeInstanceSecurityGroup", &groups).await];
    let mut of = Vec::new();
    for id in IDS {
        for action in ACTIONS {
            let page = if action == ACTIONS[0] { "&Limit=20&Offset=0" } else { "" };
            of.push((id, printed(app, action, &format!("InstanceId={id}{page}")).await));
        }
    }
    Prints { files, of }
}

impl Prints {
    fn import(&self, options: Options) -> Imported {
        let files: Vec<Source> = self.files.iter().map(|file| source("i", &file.to_string())).collect();
        let of = self
            .of
            .iter()
            .map(|(id, file)| ((*id).to_owned(), source("o", &file.to_string())));
        let of: Vec<_> = of.collect();
        import(&files, &of, options).unwrap_or_else(|faults| panic!("{faults:#?}"))
    }
}

fn account(fixture: &str) -> Value {
    let fixture: Value = serde_json::from_str(fixture).expect("a fixture is JSON");
    fixture["Accounts"][0].clone()
}

#[tokio::test]
async fn what_was_seeded_is_printed_and_imported_again() {
    let app = App::with_fixture(Config::default(), MORE);
    let before = prints(&app).await;
    let imported = before.import(PLAIN);
    assert_eq!(imported.warnings, [""; 0]);
    let after = App::with_fixture(Config::default(), &imported.fixture);
    let after = prints(&after).await;
    assert_eq!(before.files, after.files);
    assert_eq!(before.of, after.of);
    // And it is stated as it was seeded.
    let (seeded, stated) = (account(MORE), account(&imported.fixture));
    for key in [
        "ExtraParams",
        "MissingParams",
        "InstanceParams",
        "MaintenanceWindow",
        "SecurityGroupIdList",
    ] {
        let mut pair = [&seeded, &stated].map(|account| account["Instances"][0][key].clone());
        for value in &mut pair {
            if let Some(list) = value.as_array_mut() {
                list.sort_by_key(Value::to_string);
            }
        }
        assert_eq!(pair[0], pair[1], "{key}");
    }
    for key in ["SecurityGroupName", "SecurityGroupDesc", "ProjectId", "CreatedTime"] {
        let [seeded, stated] = [&seeded, &stated].map(|account| &account["SecurityGroups"][0][key]);
        assert_eq!(seeded, stated, "{key}");
    }
    assert_eq!(stated["SecurityGroups"][1]["Region"], "ap-guangzhou");
    assert!(
        stated["Instances"][1]["InstanceParams"].is_null(),
        "the defaults are not stated"
    );
}

#[tokio::test]
async fn masked_nothing_of_it_names_anybody() {
    let app = App::with_fixture(Config::default(), MORE);
    let imported = prints(&app).await.import(MASKED);
    for original in [
        "reports",
        "orders",
        "nightly",
        "shop",
        "its clients",
        "10.1.0.0",
        "sg-open0001",
    ] {
        assert!(
            !imported.fixture.contains(original),
            "{original} in\n{}",
            imported.fixture
        );
    }
    let account = account(&imported.fixture);
    let (one, two) = (&account["Instances"][0], &account["Instances"][1]);
    let names: Vec<_> = one["InstanceAccounts"].as_array().expect("a list").iter().collect();
    let names: Vec<_> = names.iter().map(|account| account["AccountName"].clone()).collect();
    assert_eq!(names, ["root", "account-1", "account-2"]);
    assert_eq!(one["SecurityGroupIdList"], json!(["sg-00000001", "sg-00000002"]));
    assert_eq!(two["SecurityGroupIdList"], json!(["sg-00000002"]));
    assert_eq!(account["SecurityGroups"][0]["SecurityGroupName"], "group-1");
    assert_eq!(imported.warnings, [""; 0]);
}

/// One instance, and what is given of it beside.
fn with(of: &str, beside: &[&str], options: Options) -> Result<Imported, String> {
    let instance = r#"{"InstanceSet":[{"InstanceId":"crs-one00001","Region":"ap-guangzhou","Type":15,
        "RedisShardSize":1024,"RedisShardNum":1,"RedisReplicasNum":1}]}"#;
    let mut files = vec![source("i", instance)];
    files.extend(beside.iter().map(|text| source("b", text)));
    let of = [("crs-one00001".to_owned(), source("o", of))];
    let of = if of[0].1.text.is_empty() { &[][..] } else { &of[..] };
    import(&files, of, options).map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}

#[test]
fn what_is_wrong_with_it_is_told_in_the_words_of_the_answer() {
    for (of, told) in [
        ("{}", "o: tells nothing of one instance; give what `tccli redis` prints"),
        (r#"{"Account":[]}"#, "o: Account: there is no such key; write Accounts"),
        (
            r#"{"Response":{"Error":{"Code":"ResourceNotFound","Message":"m"}}}"#,
            "o: Response.Error: is a refusal (ResourceNotFound), no answer",
        ),
        (
            r#"{"Accounts":[{"InstanceId":"crs-two00001","AccountName":"a"}]}"#,
            "o: Accounts[0].InstanceId: crs-one00001: is crs-two00001",
        ),
        (
            r#"{"Accounts":[{"Privilege":"r"}]}"#,
            "o: Accounts[0].AccountName: crs-one00001: is missing",
        ),
        (
            r#"{"Accounts":[{"AccountName":"a"},{"AccountName":"b","Privilege":"x"}]}"#,
            "o: Accounts[1].Privilege: crs-one00001: ",
        ),
        (
            r#"{"Accounts":[{"AccountName":"a"},{"AccountName":"a"}]}"#,
            "o: Accounts[1].AccountName: crs-one00001: `a` stands here twice",
        ),
        (
            r#"{"Accounts":[{"AccountName":"a","ReadonlyPolicy":["replication"]}]}"#,
            "o: Accounts[0].ReadonlyPolicy: crs-one00001: has replication, but replicas serve no reads",
        ),
        (
            r#"{"Accounts":[{"AccountName":"root","Privilege":"r"}]}"#,
            "o: Accounts[0].Privilege: crs-one00001: is always rw of root",
        ),
        (
            r#"{"InstanceIntegerParam":[{"ParamName":"timeout","CurrentValue":"1"}]}"#,
            "o: InstanceIntegerParam[0].CurrentValue: crs-one00001: ",
        ),
        (
            r#"{"InstanceIntegerParam":[{"ParamName":"hz","CurrentValue":"10"}],
                "InstanceEnumParam":[{"ParamName":"sentineauth","CurrentValue":"maybe"}]}"#,
            "o: InstanceEnumParam[0].CurrentValue: crs-one00001: ",
        ),
        (
            r#"{"InstanceTextParam":[{"ParamName":"hz","CurrentValue":"20"},{"ParamName":"hz","CurrentValue":"30"}]}"#,
            "o: InstanceTextParam[1].ParamName: crs-one00001: `hz` stands here twice",
        ),
        (
            r#"{"InstanceMultiParam":[{"ParamName":"hz"}]}"#,
            "o: InstanceMultiParam[0].CurrentValue: crs-one00001: is missing",
        ),
        (
            r#"{"InstanceMultiParam":[{"CurrentValue":"1"}]}"#,
            "o: InstanceMultiParam[0].ParamName: crs-one00001: is missing",
        ),
        (
            r#"{"StartTime":"25:00","EndTime":"03:00"}"#,
            "o: StartTime: crs-one00001: ",
        ),
        (r#"{"StartTime":"01:00"}"#, "o: EndTime: crs-one00001: is missing"),
        (
            r#"{"StartTime":"01:00","EndTime":"02:00"} {"StartTime":"03:00","EndTime":"04:00"}"#,
            "o (text 2): StartTime: crs-one00001: its window stands in o already",
        ),
    ] {
        let lines = with(of, &[], PLAIN).expect_err(of);
        assert!(lines.starts_with(told), "{of}\n{lines}");
        assert_eq!(lines.lines().count(), 1, "{of}\n{lines}");
    }
}

#[test]
fn what_is_wrong_with_groups_is_told_and_left_out_when_asked() {
    let bound = |id: &str, group: &str| {
        format!(r#"{{"InstanceSecurityGroupsDetail":[{{"InstanceId":"{id}","SecurityGroupDetails":[{group}]}}]}}"#)
    };
    let place = "InstanceSecurityGroupsDetail[0]";
    for (id, group, told) in [
        ("crs-two00001", "", "InstanceId: no instance crs-two00001 was printed"),
        (
            "crs-one00001",
            "{}",
            "SecurityGroupDetails[0].SecurityGroupId: crs-one00001: is missing",
        ),
        (
            "crs-one00001",
            r#"{"SecurityGroupId":"sg-"}"#,
            "SecurityGroupDetails[0].SecurityGroupId: crs-one00001: ",
        ),
        (
            "crs-one00001",
            r#"{"SecurityGroupId":"sg-a","InboundRule":[{"Action":"MAYBE"}],"OutboundRule":[]}"#,
            "SecurityGroupDetails[0].InboundRule[0]: crs-one00001: ",
        ),
        (
            "crs-one00001",
            r#"{"SecurityGroupId":"sg-a","CreateTime":"soon"}"#,
            "SecurityGroupDetails[0].CreateTime: crs-one00001: ",
        ),
    ] {
        let lines = with("", &[&bound(id, group)], PLAIN).expect_err(group);
        let told = format!("b: {place}.{told}");
        assert!(lines.starts_with(&told), "{group}\n{lines}");
    }
    let wrong = bound(
        "crs-one00001",
        r#"{"SecurityGroupId":"sg-a","InboundRule":[{"Action":"MAYBE"}],"OutboundRule":[]}"#,
    );
    let lines = with("", &[&wrong], SKIPPING).expect_err("nothing is left");
    assert!(
        lines.contains("left out: b: InstanceSecurityGroupsDetail[0]"),
        "{lines}"
    );
}

#[test]
fn an_answer_that_does_not_say_of_which_instance_is_asked_for_it() {
    for (text, action) in [
        (r#"{"Accounts":[]}"#, "DescribeInstanceAccount"),
        (r#"{"InstanceEnumParam":[]}"#, "DescribeInstanceParams"),
        (r#"{"StartTime":"01:00"}"#, "DescribeMaintenanceWindow"),
    ] {
        let lines = with("", &[text], PLAIN).expect_err(text);
        let told = format!("b: is an answer of {action}, which does not say of which instance; give it as --of");
        assert!(lines.starts_with(&told), "{lines}");
    }
}

#[test]
fn what_comes_out_otherwise_is_named() {
    let warned = |of: &str| with(of, &[], PLAIN).expect(of).warnings;
    let lines = warned(r#"{"Accounts":[{"AccountName":"a","Status":1}],"TotalCount":3}"#);
    assert_eq!(
        lines,
        [
            "o: TotalCount is 3, but 1 accounts of crs-one00001 are given; print the other pages too (--Offset 1)",
            "crs-one00001: a: Status: printed as 1, shown as 2",
        ]
    );
    let lines = warned(r#"{"InstanceIntegerParam":[{"ParamName":"hz","DefaultValue":"12","CurrentValue":"12"}]}"#);
    assert_eq!(
        lines,
        [r#"crs-one00001: hz: DefaultValue: printed as "12", shown as "10""#]
    );
}
