//! What a Rust test gets of the library: each setting of the builder, and the ways that an emulator starts and ends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crs_local::config::{Auth, Config, Pace};
use crs_local::harness::{Sandbox, Server};
use crs_local::{Emulator, Value, json};

use super::harness::NOW_MS;
use super::kept::Home;

pub(super) const INSTANCE: &str = "crs-5qlrlhux";

pub(super) fn upgrade(sandbox: &Sandbox, mem_mb: u64) -> Value {
    let input = json!({ "InstanceId": INSTANCE, "MemSize": mem_mb });
    sandbox.call("UpgradeInstance", input).expect("it is sold")
}

pub(super) fn code(sandbox: &Sandbox) -> Option<String> {
    let called = sandbox.call("DescribeInstances", json!({}));
    called.err().map(|refused| refused.code)
}

/// What a blocking client gets for a request, read to its end.
fn ask(address: SocketAddr, head: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("a socket");
    stream.write_all(head.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn get(server: &Server, target: &str, headers: &str) -> String {
    let host = if headers.contains("Host: ") {
        ""
    } else {
        "Host: localhost\r\n"
    };
    let head = format!("GET {target} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n");
    ask(server.address(), &head)
}

#[tokio::test(flavor = "current_thread")]
async fn a_server_is_ready_when_it_has_started_and_gone_when_it_is_dropped() {
    let server = Emulator::builder().start().await.unwrap();
    assert_ne!(server.address().port(), 0);
    assert_eq!(server.url(), format!("http://{}", server.endpoint()));
    // The client holds the test's only thread, and is answered all the same.
    assert!(get(&server, "/_crs/health", "").starts_with("HTTP/1.1 200"));
    let address = server.address();
    drop(server);
    assert!(TcpListener::bind(address).is_ok(), "its port is free");
}

#[tokio::test(flavor = "current_thread")]
async fn a_call_under_way_ends_before_a_server_has_stopped() {
    let server = Emulator::builder().start().await.unwrap();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = "POST /_crs/clock/advance HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{\"Second";
    stream.write_all(head.as_bytes()).unwrap();
    // A second connection is served, so the first has been taken.
    assert!(get(&server, "/_crs/health", "").starts_with("HTTP/1.1 200"));
    let stopping = tokio::spawn(server.stop());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!stopping.is_finished(), "it waits for the call");
    stream.write_all(b"s\":1}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stopping.await.unwrap();
}

#[test]
fn two_servers_know_nothing_of_one_another() {
    let start = || Emulator::builder().start_blocking().unwrap();
    let (one, other) = (start(), start());
    assert_ne!(one.address(), other.address());
    one.instance(INSTANCE).patch(json!({ "MemUsed": 777 }));
    assert_eq!(one.instance(INSTANCE).get()["MemUsed"], 777);
    assert_eq!(other.instance(INSTANCE).get()["MemUsed"], 300);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let refused = Emulator::builder().listen(address).start_blocking().unwrap_err();
    assert!(refused.to_string().contains(&address.to_string()), "{refused}");
    assert_eq!(format!("{refused:?}"), refused.to_string());
    drop(taken);
    let server = Emulator::builder().listen(address).start_blocking().unwrap();
    assert_eq!(server.address(), address);
}

#[test]
fn a_seed_gives_the_same_ids() {
    let deal = |sandbox: Sandbox| upgrade(&sandbox, 2048)["DealId"].clone();
    let seeded = |seed| deal(Emulator::builder().seed(seed).build().unwrap());
    let plain = || deal(Emulator::builder().build().unwrap());
    assert_eq!(seeded(5), seeded(5));
    assert_ne!(seeded(5), seeded(6));
    assert_eq!(plain(), plain());
    let config = Config {
        seed: Some(5),
        ..Config::default()
    };
    assert_eq!(deal(Emulator::builder().config(config).build().unwrap()), seeded(5));
}

#[test]
fn fixtures_are_laid_over_each_other() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/default.json");
    let own = json!({ "Accounts": [ { "Balance": 7 } ] });
    let builder = || Emulator::builder().fixture(file);
    let sandbox = builder().fixture_json(own.clone()).build().unwrap();
    assert_eq!(sandbox.state()["Accounts"][0]["Balance"], 7);
    assert_eq!(sandbox.instance(INSTANCE).get()["MemSize"], 1024);
    // Alone it is laid over nothing.
    let alone = Emulator::builder().fixture_json(own).build().unwrap();
    assert_eq!(alone.state()["Accounts"][0]["Instances"], Value::Null);
    let none = Emulator::builder().fixture("/nowhere.json").build().unwrap_err();
    assert!(none.to_string().contains("/nowhere.json"), "{none}");
    let wrong = json!({ "Accounts": [ { "Balanse": 7 } ] });
    let wrong = builder().fixture_json(wrong).build().unwrap_err().to_string();
    assert!(
        wrong.contains("fixture_json: Accounts[0]") && wrong.contains("Balanse"),
        "{wrong}"
    );
}

#[test]
fn a_strict_emulator_takes_known_callers_only() {
    let of = |auth| Emulator::builder().auth(auth).start_blocking().unwrap();
    let target = "/?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou";
    let strict = of(Auth::Strict);
    assert!(get(&strict, target, "").contains("MissingParameter"));
    assert_eq!(code(&strict), None, "a direct call is signed");
    assert!(get(&of(Auth::Lenient), target, "").contains("InstanceSet"));
}

#[test]
fn limits_hold_in_each_second_of_real_time() {
    let now_ms = Arc::new(AtomicI64::new(NOW_MS));
    let reads = Arc::clone(&now_ms);
    let builder = || {
        let reads = Arc::clone(&reads);
        Emulator::builder().real_time(move || reads.load(Ordering::SeqCst))
    };
    let exceeded = Some("RequestLimitExceeded".to_owned());
    let one = builder().rate_limit("documented,DescribeInstances=1").build().unwrap();
    assert_eq!((code(&one), code(&one)), (None, exceeded));
    now_ms.fetch_add(1_000, Ordering::SeqCst);
    assert_eq!(code(&one), None);
    let off = builder().rate_limit("off").build().unwrap();
    assert!((0..200).all(|_| code(&off).is_none()));
    let account = builder().account_limit(1).build().unwrap();
    let uin = Some("RequestLimitExceeded.UinLimitExceeded".to_owned());
    assert_eq!((code(&account), code(&account)), (None, uin));
    let address = builder().address_limit(1).start_blocking().unwrap();
    let target = "/?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou";
    assert!(get(&address, target, "").contains("InstanceSet"));
    assert!(get(&address, target, "").contains("RequestLimitExceeded.IPLimitExceeded"));
    let wrong = Emulator::builder().rate_limit("many").build().unwrap_err().to_string();
    assert!(
        wrong.starts_with("rate_limit: ") && wrong.contains("documented, off or a number"),
        "{wrong}"
    );
}

#[test]
fn flows_go_at_the_pace_that_is_set() {
    let at = |pace| Emulator::builder().pace(pace).build().unwrap();
    let instant = at(Pace::Instant);
    upgrade(&instant, 2048);
    assert_eq!(instant.instance(INSTANCE).get()["MemSize"], 2048);
    let held = at(Pace::Held);
    upgrade(&held, 2048);
    let [flow] = &held.flows().list()[..] else {
        panic!("one flow")
    };
    assert_eq!((flow.instance_id.as_str(), flow.due.as_deref()), (INSTANCE, None));
    let ended = held.flows().step(flow.id);
    assert_eq!(ended, std::slice::from_ref(flow));
    assert_eq!(held.instance(INSTANCE).get()["MemSize"], 2048);
    upgrade(&held, 4096);
    held.flows().fail(held.flows().list()[0].id);
    upgrade(&held, 4096);
    assert_eq!(held.flows().drain().len(), 1);
    assert_eq!(held.instance(INSTANCE).get()["MemSize"], 4096);
    let timed = Emulator::builder()
        .flow_time(Duration::from_secs(90))
        .now("2027-01-01T00:00:00Z");
    let timed = timed.build().unwrap();
    upgrade(&timed, 2048);
    assert_eq!(timed.flows().list()[0].due.as_deref(), Some("2027-01-01T00:01:30.000Z"));
    timed.clock().advance(Duration::from_secs(90));
    assert_eq!(timed.flows().list(), []);
}

#[test]
fn a_reset_brings_the_clock_back_to_where_it_was_set() {
    let sandbox = Emulator::builder().now("2027-01-01T00:00:00Z").build().unwrap();
    sandbox.clock().set("2028-01-01T00:00:00Z");
    sandbox.instance(INSTANCE).patch(json!({ "MemUsed": 1 }));
    let other = sandbox.state();
    sandbox.reset();
    assert_eq!(sandbox.clock().now(), "2027-01-01T00:00:00.000Z");
    assert_eq!(sandbox.instance(INSTANCE).get()["MemUsed"], 300);
    sandbox.put_state(&other);
    assert_eq!(sandbox.clock().now(), "2028-01-01T00:00:00.000Z");
    assert_eq!(sandbox.instance(INSTANCE).get()["MemUsed"], 1);
    let wrong = Emulator::builder().now("tomorrow").build().unwrap_err().to_string();
    assert!(wrong.contains("now: Clock.Now"), "{wrong}");
}

#[test]
fn what_is_assumed_can_be_chosen() {
    let closed = json!({ "Accounts": [ { "BaseNetwork": false } ] });
    let of = |choice: Option<&str>| {
        let builder = Emulator::builder().fixture_json(closed.clone());
        let builder = choice.into_iter().fold(builder, crs_local::harness::Builder::assume);
        let sandbox = builder.build().unwrap();
        let order = json!({ "TypeId": 8, "MemSize": 1024, "GoodsNum": 1, "Period": 1, "BillingMode": 0, "RedisShardNum": 1,
            "RedisReplicasNum": 1, "ZoneId": 100003, "Password": "correct-horse-1" });
        sandbox.call("CreateInstances", order).err().map(|refused| refused.code)
    };
    assert_eq!(of(Some("base-network=open")), None);
    assert_ne!(of(None), None);
}

#[test]
fn waits_for_a_request_are_bounded() {
    let quick = Duration::from_millis(100);
    let server = Emulator::builder().head_timeout(quick).start_blocking().unwrap();
    assert_eq!(ask(server.address(), "GET / HT"), "", "it is closed without a word");
    let server = Emulator::builder().body_timeout(quick).start_blocking().unwrap();
    let head = "POST /_crs/clock/advance HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nConnection: close\r\n\r\n";
    assert!(ask(server.address(), head).contains("did not arrive within 100ms"));
}

#[test]
fn doors_are_as_they_are_set() {
    let foreign = "Host: crs.example.com\r\n";
    let status = |server: &Server, headers: &str| get(server, "/_crs/state", headers)[9..12].to_owned();
    let plain = Emulator::builder().start_blocking().unwrap();
    assert_eq!(
        (status(&plain, foreign), status(&plain, "")),
        ("403".to_owned(), "200".to_owned())
    );
    let open = Emulator::builder()
        .allow_host("crs.example.com")
        .start_blocking()
        .unwrap();
    assert_eq!(status(&open, foreign), "200");
    let closed = Emulator::builder().control_token("s3cret").start_blocking().unwrap();
    assert_eq!(status(&closed, ""), "401");
    assert_eq!(status(&closed, "Authorization: Bearer s3cret\r\n"), "200");
    assert_eq!(
        closed.state()["Version"],
        plain.state()["Version"],
        "the test's own hand needs none"
    );
    for (name, wrong) in [
        ("allow_host", Emulator::builder().allow_host("http://x")),
        ("control_token", Emulator::builder().control_token("two words")),
        // The first one is told.
        ("assume", Emulator::builder().assume("x").allow_host("http://x")),
    ] {
        let wrong = wrong.build().unwrap_err().to_string();
        assert!(wrong.starts_with(&format!("{name}: ")), "{wrong}");
    }
}

#[test]
fn a_direct_call_is_that_of_a_client() {
    let fixture = json!({ "Accounts": [ { "Credentials": [
        { "SecretId": "AKIDfull", "SecretKey": "full" },
        { "SecretId": "AKIDtemporary", "SecretKey": "temporary", "Token": "token" },
        { "SecretId": "AKIDnothing", "SecretKey": "nothing", "Policy": { "version": "2.0", "statement": [
            { "effect": "deny", "action": "*", "resource": "*" } ] } },
    ] } ] });
    let sandbox = Emulator::builder()
        .fixture_json(fixture)
        .auth(Auth::Strict)
        .build()
        .unwrap();
    assert_eq!(sandbox.key_pair(), ("AKIDfull".to_owned(), "full".to_owned()));
    let codes = |caller: crs_local::harness::Caller<'_>, action| {
        let called = caller.call(action, json!({}));
        called.err().map_or(String::new(), |refused| refused.code)
    };
    let caller = || sandbox.caller();
    assert_eq!(codes(caller(), "DescribeInstances"), "");
    assert_eq!(
        codes(caller(), "DescribeRegions"),
        "MissingParameter",
        "it is another service's, whose input is checked"
    );
    assert_eq!(codes(caller(), "NoSuch"), "InvalidAction");
    assert_eq!(
        codes(caller().region("ap-nowhere"), "DescribeInstances"),
        "InvalidParameterValue"
    );
    let temporary = || caller().key_pair("AKIDtemporary", "temporary");
    assert_eq!(codes(temporary(), "DescribeInstances"), "AuthFailure.TokenFailure");
    assert_eq!(codes(temporary().token("token"), "DescribeInstances"), "");
    assert_eq!(
        codes(caller().key_pair("AKIDother", "x"), "DescribeInstances"),
        "AuthFailure.SecretIdNotFound"
    );
    let refused = caller()
        .key_pair("AKIDnothing", "nothing")
        .call("DescribeInstances", json!({}));
    let refused = refused.unwrap_err();
    assert!(
        refused.to_string().starts_with("UnauthorizedOperation.NoCAMAuthed: "),
        "{refused}"
    );
    assert_eq!(refused.request_id.len(), 36, "{refused}");
}

#[test]
fn a_control_call_that_is_refused_says_why_at_the_line_of_the_test() {
    let sandbox = Emulator::builder().build().unwrap();
    let refused = sandbox
        .control(http::Method::GET, "/_crs/instances/crs-none", None)
        .unwrap_err();
    assert_eq!(refused.status, 404);
    assert!(refused.message.contains("crs-none"), "{refused}");
    let refused = sandbox.control(http::Method::GET, "no path", None).unwrap_err();
    assert_eq!(refused.status, 400, "{refused}");
    // Nobody sends the rest of what is too large.
    let large = json!({ "Seconds": "x".repeat(2 << 20) });
    let refused = sandbox
        .control(http::Method::POST, "/_crs/clock/advance", Some(&large))
        .unwrap_err();
    assert_eq!(refused.status, 413, "{refused}");
    let panicked = std::panic::catch_unwind(|| {
        let sandbox = Emulator::builder().build().unwrap();
        sandbox.instance("crs-none").of(1_250_000_000).get()
    });
    let message = panicked.unwrap_err().downcast::<String>().unwrap();
    assert!(
        message.starts_with("GET /_crs/instances/crs-none?AppId=1250000000: no account has"),
        "{message}"
    );
}

/// Much that is due at once is done on the thread that asks, since there may be no other.
#[test]
fn a_direct_call_needs_no_runtime_however_much_is_due() {
    let now_ms = Arc::new(AtomicI64::new(NOW_MS));
    let reads = Arc::clone(&now_ms);
    let instance = |number: u32| {
        json!({ "InstanceId": format!("crs-due{number:05}"), "TypeId": 8, "MemSize": 1024, "BillingMode": 1,
        "DeadlineTime": "2026-12-24 00:00:00" })
    };
    let fixture = json!({ "Accounts": [ { "Instances": (0..1_500).map(instance).collect::<Vec<_>>() } ] });
    let sandbox = Emulator::builder()
        .fixture_json(fixture)
        .real_time(move || reads.load(Ordering::SeqCst));
    let sandbox = sandbox.build().unwrap();
    let count = || sandbox.call("DescribeInstances", json!({ "Limit": 1 })).unwrap()["TotalCount"].clone();
    assert_eq!(count(), 1_500);
    now_ms.fetch_add(365 * 86_400_000, Ordering::SeqCst);
    assert_eq!(count(), 0);
}

#[test]
fn a_state_goes_on_in_the_next_emulator_of_its_folder() {
    let home = Home::new();
    let on = || {
        let builder = Emulator::builder().state(home.state());
        builder.state_sync(Duration::from_millis(5)).pace(Pace::Instant).build()
    };
    let sandbox = on().unwrap();
    upgrade(&sandbox, 2048);
    let other = on().unwrap_err().to_string();
    assert!(other.contains(&home.state().display().to_string()), "{other}");
    drop(sandbox);
    assert_eq!(on().unwrap().instance(INSTANCE).get()["MemSize"], 2048);
}

#[tokio::test]
async fn https_is_answered_beside_http() {
    let server = Emulator::builder().tls().start().await.unwrap();
    let secure = server.secure_url().expect("it was asked for");
    let address = secure
        .strip_prefix("https://")
        .expect("HTTPS")
        .parse()
        .expect("an address");
    let answer = ask(
        server.address(),
        "GET /_crs/ca.pem HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    let (_, pem) = answer.split_once("\r\n\r\n").expect("a body");
    let called = super::tls::call(address, super::tls::trusting(pem.as_bytes()), "localhost").await;
    assert!(called.unwrap().contains("RegionSet"));
    server.stop().await;
    assert!(TcpListener::bind(address).is_ok(), "its port is free");
    assert_eq!(Emulator::builder().start().await.unwrap().secure_url(), None);
}
