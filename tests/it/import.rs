//! `crs-local import`: what TCCLI printed of a real account, as a fixture.

mod command;
mod more;
mod odd;
mod refused;

use crs_local::import::{Imported, Options, Source, import};
use crs_local::{Config, Fixture};
use serde_json::{Value, json};

use super::harness::{App, Raw};
use super::record;

/// An account with many kinds of instance.
const ACCOUNT: &str = include_str!("../data/import/account.json");

/// The regions in which it has some.
const REGIONS: [&str; 3] = ["ap-guangzhou", "ap-shanghai", "ap-shanghai-fsi"];

const PLAIN: Options = Options {
    mask: false,
    skip: false,
};
const MASKED: Options = Options {
    mask: true,
    skip: false,
};
const SKIPPING: Options = Options {
    mask: false,
    skip: true,
};

fn source(name: &str, text: &str) -> Source {
    record::imported(text.as_bytes());
    Source {
        name: name.to_owned(),
        text: text.as_bytes().to_vec(),
    }
}

/// Imports one file that must be taken.
fn imported(answer: &Value, options: Options) -> Imported {
    import(&[source("i.json", &answer.to_string())], &[], options).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The faults of one file that must not be taken, a line each.
fn faults(text: &str, options: Options) -> String {
    match import(&[source("i.json", text)], &[], options) {
        Ok(imported) => panic!("taken:\n{}", imported.fixture),
        Err(faults) => {
            let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
            lines.join("\n")
        }
    }
}

/// The only instance that a fixture states.
fn only_instance(imported: &Imported) -> Value {
    let fixture: Value = serde_json::from_str(&imported.fixture).expect("a fixture is JSON");
    let instances = fixture["Accounts"][0]["Instances"].as_array();
    let [instance] = instances.expect("instances are a list").as_slice() else {
        panic!("{fixture:#}")
    };
    instance.clone()
}

/// What the emulator shows of a region, as TCCLI prints it.
async fn described(app: &App, region: &str, limit: usize, offset: usize) -> Value {
    let target = format!("/?Action=DescribeInstances&Version=2018-04-12&Region={region}&Limit={limit}&Offset={offset}");
    let raw = Raw(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes());
    let answer = app.call(&raw).await;
    let answer: Value = serde_json::from_slice(&answer.body).expect("an answer is JSON");
    assert!(answer["Response"]["Error"].is_null(), "{answer:#}");
    answer["Response"].clone()
}

async fn all_described(app: &App) -> Vec<Value> {
    let mut all = Vec::new();
    for region in REGIONS {
        all.push(described(app, region, 100, 0).await);
    }
    all
}

/// A round trip: described, imported, described again.
async fn round_trip(options: Options) -> (Vec<Value>, Imported, Vec<Value>) {
    let app = App::with_fixture(Config::default(), ACCOUNT);
    let before = all_described(&app).await;
    let sources: Vec<_> = before
        .iter()
        .map(|answer| source("page.json", &answer.to_string()))
        .collect();
    let imported = import(&sources, &[], options).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let after = App::with_fixture(Config::default(), &imported.fixture);
    let after = all_described(&after).await;
    (before, imported, after)
}

#[tokio::test]
async fn what_is_imported_is_described_again_member_by_member() {
    let (before, imported, after) = round_trip(PLAIN).await;
    let mut instances = 0;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before["TotalCount"], after["TotalCount"]);
        let [before, after] = [before, after].map(|answer| answer["InstanceSet"].as_array());
        let (before, after) = (before.expect("a list"), after.expect("a list"));
        for (before, after) in before.iter().zip(after) {
            assert_eq!(before, after);
            instances += 1;
        }
    }
    assert_eq!(instances, 13);
    // What is under way or ends by itself is said; nothing else is lost.
    let warned: Vec<_> = imported
        .warnings
        .iter()
        .filter_map(|line| line.split_once(": "))
        .collect();
    let [(first, busy), (second, isolated)] = warned.as_slice() else {
        panic!("{:#?}", imported.warnings)
    };
    assert_eq!(*first, "crs-busy0001");
    assert!(busy.contains("PATCH /_crs/instances/crs-busy0001"), "{busy}");
    assert_eq!(*second, "crs-isolat01");
    assert!(isolated.contains("gone for good by 2026-12-30 00:00:00"), "{isolated}");
}

#[tokio::test]
async fn the_fixture_passes_the_check_and_keeps_the_account() {
    let (_, imported, _) = round_trip(PLAIN).await;
    let fixture = Fixture::parse("imported", imported.fixture.as_bytes()).expect("it is one");
    let summary = fixture.check().unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!((summary.accounts, summary.instances), (1, 13));
    let shown = serde_json::to_value(&fixture).expect("a fixture is JSON");
    let account = &shown["Accounts"][0];
    assert_eq!(account["AppId"], 251_223_628);
    assert_eq!(account["Credentials"][0]["SecretId"], "AKIDlocal");
    assert!(imported.fixture.ends_with("}\n"));
}

#[tokio::test]
async fn masked_nothing_of_the_account_is_left_and_all_else_is() {
    const SECRETS: [&str; 15] = [
        "251223628",
        "1817983094",
        "cache",
        "\"orders\"",
        "172.16.0.9",
        "sh-crs",
        "tencentcdb",
        "mjwornzj",
        "1ed4w7to",
        "vpc-fin1",
        "subnet-fin1",
        "4a2b1c9d",
        "9z8y7x6w",
        "2edf",
        "会話",
    ];
    let (before, imported, after) = round_trip(MASKED).await;
    let text = format!("{}{}", imported.fixture, imported.warnings.join("\n"));
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is left");
    }
    let kept = |answers: &[Value]| -> Vec<Value> {
        let instances = answers.iter().filter_map(|answer| answer["InstanceSet"].as_array());
        let mut instances: Vec<Value> = instances.flatten().cloned().collect();
        for instance in &mut instances {
            let members = instance.as_object_mut().expect("an object");
            for masked in [
                "Appid",
                "InstanceName",
                "WanIp",
                "WanAddress",
                "UniqVpcId",
                "UniqSubnetId",
                "VpcId",
                "SubnetId",
                "RedisClusterId",
                "DedicatedClusterId",
                "InstanceTags",
            ] {
                members.remove(masked).expect("it is shown");
            }
        }
        instances
    };
    assert_eq!(kept(&before), kept(&after));
    assert_eq!(
        round_trip(MASKED).await.1.fixture,
        imported.fixture,
        "the same input, the same output"
    );

    let shanghai = &after[1]["InstanceSet"];
    let of = |id: &str| {
        let all = shanghai.as_array().expect("a list");
        all.iter()
            .find(|instance| instance["InstanceId"] == id)
            .expect("it is there")
    };
    let (cluster, zones) = (of("crs-cluster1"), of("crs-zones001"));
    assert_eq!(cluster["UniqVpcId"], zones["UniqVpcId"], "one VPC stays one");
    assert_eq!(
        cluster["InstanceTags"][0], zones["InstanceTags"][0],
        "one value stays one"
    );
    assert_eq!(cluster["InstanceTags"][1], json!({ "TagKey": "空", "TagValue": "" }));
    assert_eq!(
        zones["InstanceName"], "crs-zones001",
        "the InstanceId as a name tells nothing"
    );
    let address = cluster["WanAddress"].as_str().expect("text");
    assert!(address.ends_with(".invalid:26104"), "{address}");
    assert_eq!(cluster["Appid"], 1_250_000_000);
}

#[tokio::test]
async fn pages_may_stand_in_one_file_or_in_many_and_be_wrapped() {
    let app = App::with_fixture(Config::default(), ACCOUNT);
    let mut pages = Vec::new();
    for offset in [0, 4, 8] {
        pages.push(described(&app, "ap-guangzhou", 4, offset).await);
    }
    let [first, second, third] = pages.as_slice() else {
        panic!("three pages")
    };
    let one_file = format!("{first}\n{}\n{third}\n", json!({ "Response": second }));
    let whole = import(&[source("all", &one_file)], &[], PLAIN).expect("one file");
    let files = [first, second, third].map(|page| source("page", &page.to_string()));
    let split = import(&files, &[], PLAIN).expect("many files");
    assert_eq!(whole.fixture, split.fixture);
    assert!(!whole.warnings.iter().any(|line| line.contains("TotalCount")));

    let less = import(&files[..2], &[], PLAIN).expect("what is there");
    let told = "page: TotalCount is 10, but 8 of ap-guangzhou are given; print the other pages too \
                (--Offset 8)";
    assert!(less.warnings.contains(&told.to_owned()), "{:#?}", less.warnings);
}

#[tokio::test]
async fn several_accounts_get_a_key_pair_each() {
    let app = App::with_fixture(Config::default(), ACCOUNT);
    let mut answer = described(&app, "ap-shanghai", 10, 0).await;
    answer["InstanceSet"][1]["Appid"] = json!(77);
    let imported = imported(&answer, PLAIN);
    let fixture: Value = serde_json::from_str(&imported.fixture).expect("JSON");
    let pair = |index: usize| {
        let account = &fixture["Accounts"][index];
        (account["AppId"].clone(), account["Credentials"][0]["SecretId"].clone())
    };
    assert_eq!(pair(0), (json!(251_223_628), json!("AKIDlocal")));
    assert_eq!(pair(1), (json!(77), json!("AKIDlocal77")));
    assert_eq!(imported.warnings, [""; 0]);
}
