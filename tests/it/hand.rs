//! What a Rust test does by hand: guards that undo what they did, the journal, and what is expected of it.

use std::time::Duration;

use crs_local::harness::{Account, Fault, Sandbox};
use crs_local::{Emulator, json};

use super::builder::{INSTANCE, code, upgrade};

#[test]
fn what_came_is_told_and_what_was_expected_is_verified() {
    let sandbox = Emulator::builder().now("2027-01-01T00:00:00Z").build().unwrap();
    let once = sandbox
        .expect("UpgradeInstance")
        .with(json!({ "MemSize": 2048 }))
        .exactly(1);
    upgrade(&sandbox, 2048);
    once.verify();
    assert_eq!(code(&sandbox), None);
    let both = || sandbox.expect("UpgradeInstance").then("DescribeInstances").no_others();
    both().verify();
    let requests = sandbox.requests().list();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].params, json!({ "InstanceId": INSTANCE, "MemSize": 2048 }));
    assert_eq!(requests[0].time, "2027-01-01T00:00:00.000Z");
    assert_eq!(
        sandbox
            .requests()
            .action("UpgradeInstance")
            .code("")
            .instance(INSTANCE)
            .count(),
        1
    );
    assert_eq!(sandbox.requests().limit(1).list(), requests[1..]);
    assert_eq!(
        sandbox
            .requests()
            .since("2027-01-01T00:00:01Z")
            .app_id(1_250_000_000)
            .count(),
        0
    );
    sandbox.requests().clear();
    assert_eq!(sandbox.requests().count(), 0);
    assert!(
        both()
            .failure()
            .is_some_and(|failure| failure.ends_with("of the cloud's time: none"))
    );
}

#[test]
fn a_journal_has_a_size_or_is_off() {
    let of = |size| Emulator::builder().journal(size).build();
    let small = of("1").unwrap();
    assert_eq!((code(&small), code(&small)), (None, None));
    assert_eq!(small.requests().list()[0].id, 2);
    let off = of("off").unwrap();
    let failure = off.expect("DescribeInstances").failure().unwrap();
    assert!(failure.contains("--journal"), "{failure}");
    assert!(of("many").unwrap_err().to_string().starts_with("journal: "));
}

#[test]
fn a_failed_expectation_says_what_came_nearest() {
    let sandbox = Emulator::builder().now("2027-01-01T00:00:00Z").build().unwrap();
    upgrade(&sandbox, 2048);
    let refused = sandbox
        .call("RenewInstance", json!({ "InstanceId": INSTANCE, "Period": 1 }))
        .unwrap_err();
    let wanted = || {
        sandbox
            .expect("UpgradeInstance")
            .with(json!({ "MemSize": 4096 }))
            .exactly(1)
    };
    let failure = wanted().failure();
    let dropped = std::panic::catch_unwind(|| drop(wanted()));
    let message = dropped.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(failure.as_deref(), Some(message.as_str()));
    let [first, second] = &sandbox.requests().list()[..] else {
        panic!("two calls")
    };
    let (upgraded, renewed) = (&first.request_id, &second.request_id);
    let expected = format!(
        r##"UpgradeInstance with these Params was called 0 times; expected was exactly once
expected:
  {{"Action":"UpgradeInstance","Exactly":1,"Params":{{"MemSize":4096}}}}
nearest:
  #1 UpgradeInstance ap-guangzhou at 2027-01-01T00:00:00.000Z, RequestId {upgraded}: no error
      {{"InstanceId":"crs-5qlrlhux","MemSize":2048}}
      Params.MemSize: 2048 was sent; 4096 was expected
  #2 RenewInstance ap-guangzhou at 2027-01-01T00:00:00.000Z, RequestId {renewed}: {code}
      {{"InstanceId":"crs-5qlrlhux","Period":1}}
      Action: RenewInstance was called; UpgradeInstance was expected
last calls, at 2027-01-01T00:00:00.000Z of the cloud's time:
  #1 UpgradeInstance ap-guangzhou at 2027-01-01T00:00:00.000Z, RequestId {upgraded}: no error
      {{"InstanceId":"crs-5qlrlhux","MemSize":2048}}
  #2 RenewInstance ap-guangzhou at 2027-01-01T00:00:00.000Z, RequestId {renewed}: {code}
      {{"InstanceId":"crs-5qlrlhux","Period":1}}"##,
        code = refused.code,
    );
    assert_eq!(*message, expected);
    let none = sandbox.expect("NoSuch").failure();
    assert!(none.is_some_and(|failure| failure.starts_with("this cannot be expected: ")));
}

#[tokio::test(flavor = "current_thread")]
async fn a_call_that_a_task_makes_is_waited_for() {
    let server = Emulator::builder().start().await.unwrap();
    let sandbox = Sandbox::clone(&server);
    let task = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        code(&sandbox)
    });
    let came = server
        .requests()
        .action("DescribeInstances")
        .wait_for(Duration::from_secs(30))
        .await;
    assert_eq!(came.len(), 1);
    assert_eq!(task.await.unwrap(), None);
    let none = server
        .requests()
        .action("RenewInstance")
        .wait_for(Duration::from_millis(20))
        .await;
    assert_eq!(none, []);
}

#[test]
fn a_fault_rule_is_in_force_until_its_guard_is_dropped() {
    let sandbox = Emulator::builder().build().unwrap();
    let fails = |rule: Fault| {
        let guard = sandbox.fault(rule);
        let failed = sandbox.call("DescribeInstances", json!({ "Limit": 1 })).unwrap_err();
        assert_eq!((guard.fired(), sandbox.requests().fault(guard.id()).count()), (1, 1));
        failed
    };
    let on = || Fault::on("DescribeInstances");
    let coded = fails(
        on().code("InternalError")
            .message("no luck")
            .params(json!({ "Limit": 1 })),
    );
    assert_eq!(
        (coded.code.as_str(), coded.message.as_str()),
        ("InternalError", "no luck")
    );
    assert_eq!(code(&sandbox), None);
    let lost = fails(Fault::on_any().drop_answer().delay(Duration::from_millis(1)));
    assert_eq!(
        (lost.code.as_str(), lost.to_string().as_str()),
        ("", "the answer did not come whole")
    );
    assert_eq!(fails(on().truncate(5)).message, "the answer did not come whole");
    let proxy = fails(on().http_status(502).body("<html>")).message;
    assert_eq!(proxy, "this is no answer of the API (status 502): <html>");
    let codes = |rule: Fault| {
        let _guard = sandbox.fault(rule.code("InternalError"));
        (0..4).map(|_| code(&sandbox).is_some()).collect::<Vec<_>>()
    };
    assert_eq!(codes(on().times(1)), [true, false, false, false]);
    assert_eq!(codes(on().nth(2)), [false, true, false, false]);
    assert_eq!(codes(on().every(2)), [false, true, false, true]);
    assert_eq!(codes(on().sequence(2, 1)), [true, true, false, true]);
    assert_eq!(codes(on().app_id(1_250_000_000)), [true; 4]);
    assert_eq!(codes(on().instance("crs-other")), [false; 4]);
    assert_eq!(
        codes(Fault::on_any().matching("Region", json!("ap-guangzhou"))),
        [true; 4]
    );
    let waits = sandbox.fault(on().instance("crs-other").code("InternalError"));
    assert!(waits.warnings()[0].contains("crs-other"), "{waits:?}");
    sandbox.reset();
    drop(waits);
    let wrong = std::panic::catch_unwind(|| sandbox.fault(on().code("NoSuchCode")));
    assert!(
        wrong
            .unwrap_err()
            .downcast::<String>()
            .unwrap()
            .starts_with("POST /_crs/faults: the body: Then.Code")
    );
}

#[test]
fn a_flow_fails_or_hangs_by_a_rule_after_the_call() {
    let sandbox = Emulator::builder().build().unwrap();
    let failing = sandbox.fault(Fault::on("UpgradeInstance").fail_flow().times(1));
    upgrade(&sandbox, 2048);
    sandbox.clock().advance(Duration::from_secs(120));
    assert_eq!(sandbox.instance(INSTANCE).get()["MemSize"], 1024);
    drop(failing);
    let lost = sandbox.fault(Fault::on("UpgradeInstance").drop_answer().after());
    let input = json!({ "InstanceId": INSTANCE, "MemSize": 2048 });
    assert_eq!(sandbox.call("UpgradeInstance", input).unwrap_err().code, "");
    assert_eq!(sandbox.flows().list().len(), 1, "the change is under way all the same");
    drop(lost);
    sandbox.flows().drain();
    let _hangs = sandbox.fault(Fault::on("UpgradeInstance").hang_flow());
    upgrade(&sandbox, 4096);
    sandbox.clock().advance(Duration::from_secs(86_400));
    assert_eq!(sandbox.flows().list().len(), 1);
}

#[tokio::test(flavor = "current_thread")]
async fn what_waits_in_real_time_may_be_called_from_a_task() {
    let sandbox = Emulator::builder().build().unwrap();
    let _slow = sandbox.fault(Fault::on_any().delay(Duration::from_millis(5)).code("InternalError"));
    // The thread that waits drives the runtime, whose own timer stands still meanwhile.
    assert_eq!(code(&sandbox).as_deref(), Some("InternalError"));
}

#[test]
fn an_account_of_ones_own_is_alone_and_ends_with_its_guard() {
    let sandbox = Emulator::builder().now("2027-01-01T00:00:00Z").build().unwrap();
    let mine = sandbox.account();
    let own = json!({ "Balance": 5, "Instances": [ { "InstanceId": "crs-mine", "TypeId": 8, "MemSize": 1024 } ] });
    let other = sandbox.account_with(own);
    assert_ne!(mine.app_id(), other.app_id());
    assert_ne!(mine.uin(), other.uin());
    let input = json!({ "InstanceId": INSTANCE, "MemSize": 2048 });
    mine.call("UpgradeInstance", input.clone()).unwrap();
    assert_eq!((mine.flows().list().len(), other.flows().list().len()), (1, 0));
    assert_eq!(
        other.call("UpgradeInstance", input).unwrap_err().code,
        "ResourceNotFound.InstanceNotExists"
    );
    mine.clock().advance(Duration::from_secs(60));
    assert_eq!(mine.instance(INSTANCE).get()["MemSize"], 2048);
    assert_eq!(sandbox.instance(INSTANCE).of(1_250_000_000).get()["MemSize"], 1024);
    assert_eq!(
        sandbox.clock().now(),
        "2027-01-01T00:00:00.000Z",
        "an account's clock is its own"
    );
    other.patch(json!({ "Balance": 9 }));
    let balance = |of: &Account| of.state()["Accounts"][0]["Balance"].clone();
    assert_eq!(balance(&other), 9);
    other.reset();
    assert_eq!(balance(&other), 5);
    assert_eq!(sandbox.requests().app_id(mine.app_id()).count(), 1);
    sandbox
        .expect("UpgradeInstance")
        .app_id(mine.app_id())
        .exactly(1)
        .no_others()
        .verify();
    let (secret_id, secret_key) = mine.key_pair();
    let caller = sandbox.caller().key_pair(secret_id, secret_key);
    assert!(caller.call("DescribeInstances", json!({})).is_ok());
    drop(mine);
    let refused = caller.call("DescribeInstances", json!({})).unwrap_err();
    assert!(refused.code.starts_with("AuthFailure."), "{refused}");
}

#[test]
fn a_checkpoint_is_brought_back_when_it_is_dropped() {
    let sandbox = Emulator::builder().now("2027-01-01T00:00:00Z").build().unwrap();
    let used = || sandbox.instance(INSTANCE).get()["MemUsed"].clone();
    let outer = sandbox.checkpoint();
    sandbox.instance(INSTANCE).patch(json!({ "MemUsed": 1 }));
    {
        let _inner = sandbox.checkpoint();
        sandbox.instance(INSTANCE).patch(json!({ "MemUsed": 2 }));
        sandbox.clock().advance(Duration::from_secs(60));
    }
    assert_eq!(
        (used(), sandbox.clock().now().as_str()),
        (json!(1), "2027-01-01T00:00:00.000Z")
    );
    outer.restore();
    assert_eq!(used(), 300);
    sandbox.instance(INSTANCE).patch(json!({ "MemUsed": 3 }));
    drop(outer);
    assert_eq!(used(), 300);
    let kept = sandbox.control(http::Method::GET, "/_crs/checkpoints", None).unwrap();
    assert_eq!(kept["Checkpoints"], json!([]), "nothing of them is left");
}

#[test]
fn time_goes_on_to_what_is_due_and_an_instance_is_waited_for() {
    let timed = Emulator::builder()
        .now("2027-01-01T00:00:00Z")
        .flow_time(Duration::from_secs(7));
    let timed = timed.build().unwrap();
    upgrade(&timed, 2048);
    assert_eq!(timed.clock().next(), "2027-01-01T00:00:07.000Z");
    assert_eq!(timed.instance(INSTANCE).get()["MemSize"], 2048);
    let quick = Emulator::builder()
        .flow_time(Duration::from_millis(20))
        .build()
        .unwrap();
    upgrade(&quick, 2048);
    let shown = quick.instance(INSTANCE).wait_for("Status=2", Duration::from_secs(30));
    assert_eq!(shown["MemSize"], 2048);
    let late = std::panic::catch_unwind(|| quick.instance(INSTANCE).wait_for("MemSize=9", Duration::from_millis(5)));
    assert!(late.unwrap_err().downcast::<String>().unwrap().contains("(status 408)"));
}

#[test]
fn a_workload_is_put_and_shown() {
    let sandbox = Emulator::builder().build().unwrap();
    let instance = sandbox.instance(INSTANCE);
    instance.put_workload(json!({ "MemGrowthMbPerHour": 60 }));
    assert_eq!(instance.workload()["MemGrowthMbPerHour"], 60);
}
