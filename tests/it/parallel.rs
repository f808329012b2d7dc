//! Sixteen threads share one emulator, each test with an account of its own, and none sees another.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use crs_local::harness::{Fault, Sandbox};
use crs_local::{Emulator, json};

use super::builder::INSTANCE;

const THREADS: u64 = 16;
/// Tests of each thread. `benches/parallel` runs many more, by the official client.
const TESTS: u64 = 10;

/// What a user's test does, with sizes and names that tell its calls from those of the others. Answers its AppId and
/// the id of what it ordered.
fn one(sandbox: &Sandbox, number: u64) -> (u64, String) {
    let account = sandbox.account();
    let mem_mb = [2048, 4096, 8192][number as usize % 3];
    let upgrade = json!({ "InstanceId": INSTANCE, "MemSize": mem_mb });
    let once = account.expect("UpgradeInstance").with(upgrade.clone()).exactly(2);
    let throttled = account.fault(Fault::on("UpgradeInstance").code("RequestLimitExceeded").times(1));
    let refused = account.call("UpgradeInstance", upgrade.clone()).unwrap_err();
    assert_eq!(refused.code, "RequestLimitExceeded");
    account.call("UpgradeInstance", upgrade).unwrap();
    assert_eq!(throttled.fired(), 1);
    once.verify();

    let name = format!("test-{number}");
    let order = json!({ "TypeId": 8, "MemSize": 1024, "RedisReplicasNum": 1, "GoodsNum": 1, "Period": 1,
        "BillingMode": 0, "NoAuth": true, "InstanceName": name, "VpcId": "vpc-5qlrlhux",
        "SubnetId": "subnet-5qlrlhux" });
    let made = account.call("CreateInstances", order).unwrap();
    let id = made["InstanceIds"][0].as_str().expect("an id").to_owned();
    account.clock().advance(Duration::from_secs(number));
    account.flows().drain();
    assert_eq!(account.instance(INSTANCE).get()["MemSize"], mem_mb);
    let found = account
        .call("DescribeInstances", json!({ "SearchKey": "test-" }))
        .unwrap();
    assert_eq!(found["TotalCount"], 1, "it sees its own alone");
    assert_eq!(found["InstanceSet"][0]["InstanceId"], id.as_str());
    assert_eq!(found["InstanceSet"][0]["InstanceName"], name.as_str());

    let came: Vec<_> = account.requests().list();
    let actions: Vec<_> = came.iter().filter_map(|call| call.action.as_deref()).collect();
    let expected = [
        "UpgradeInstance",
        "UpgradeInstance",
        "CreateInstances",
        "DescribeInstances",
    ];
    assert_eq!(actions, expected, "its journal has its own calls alone");
    (account.app_id(), id)
}

#[test]
fn sixteen_threads_share_an_emulator_and_never_meet() {
    let sandbox = Emulator::builder().build().unwrap();
    let begun = Instant::now();
    let seen: Vec<_> = thread::scope(|scope| {
        let sandbox = &sandbox;
        let tests = |of: u64| move || (0..TESTS).map(|n| one(sandbox, of * TESTS + n)).collect::<Vec<_>>();
        let threads: Vec<_> = (0..THREADS).map(|of| scope.spawn(tests(of))).collect();
        threads
            .into_iter()
            .flat_map(|of| of.join().expect("its tests hold"))
            .collect()
    });
    let took = begun.elapsed();
    let count = usize::try_from(THREADS * TESTS).expect("few");
    println!(
        "{count} accounts in {THREADS} threads: {took:.1?}, {:.1?} each",
        took / (THREADS * TESTS) as u32
    );
    assert_eq!(
        seen.iter().map(|(app_id, _)| app_id).collect::<BTreeSet<_>>().len(),
        count
    );
    assert_eq!(
        seen.iter().map(|(_, id)| id).collect::<BTreeSet<_>>().len(),
        count,
        "ids differ too"
    );
    let left = sandbox.state();
    assert_eq!(
        left["Accounts"].as_array().map(Vec::len),
        Some(1),
        "the accounts ended with their tests"
    );
    assert!(
        left["Faults"].as_array().is_none_or(Vec::is_empty),
        "and so did their rules"
    );
    assert_eq!(sandbox.instance(INSTANCE).get()["MemSize"], 1024);
}
