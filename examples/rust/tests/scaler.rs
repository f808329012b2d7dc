//! The scaler against crs-local, without a socket and over one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crs_local::harness::{Fault, Sandbox};
use crs_local::{Emulator, json};
use scaler::{Api, Scaled, double};
use serde_json::Value;

const INSTANCE: &str = "crs-5qlrlhux";

/// The emulator in the place of a client.
struct Direct<'a>(&'a Sandbox);

impl Api for Direct<'_> {
    fn call(&self, action: &str, input: Value) -> Result<Value, String> {
        self.0.call(action, input).map_err(|refused| refused.code)
    }
}

#[test]
fn memory_is_doubled() {
    let sandbox = Emulator::builder().build().unwrap();
    assert!(matches!(double(&Direct(&sandbox), INSTANCE), Scaled::Ordered { mem_mb: 2048, .. }));
    sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(sandbox.instance(INSTANCE).get()["MemSize"], 2048);
}

#[test]
fn a_change_under_way_is_waited_for() {
    let sandbox = Emulator::builder().build().unwrap();
    sandbox.instance(INSTANCE).patch(json!({ "Status": 1 }));
    assert_eq!(double(&Direct(&sandbox), INSTANCE), Scaled::Busy);
}

#[test]
fn without_money_nothing_is_ordered() {
    let poor = json!({ "Accounts": [ { "Balance": 0, "Instances": [
        { "InstanceId": INSTANCE, "TypeId": 8, "MemSize": 1024, "RedisReplicasNum": 1, "BillingMode": 1, "Period": 1 } ] } ] });
    let sandbox = Emulator::builder().fixture_json(poor).build().unwrap();
    assert_eq!(double(&Direct(&sandbox), INSTANCE), Scaled::NoMoney);
}

#[test]
fn a_throttled_call_is_made_again() {
    let sandbox = Emulator::builder().build().unwrap();
    let throttled = sandbox.fault(Fault::on("UpgradeInstance").code("RequestLimitExceeded").times(2));
    let _thrice = sandbox.expect("UpgradeInstance").exactly(3);
    assert!(matches!(double(&Direct(&sandbox), INSTANCE), Scaled::Ordered { .. }));
    assert_eq!(throttled.fired(), 2);
}

/// A client of its own, over a socket; yours is a real one.
#[tokio::test]
async fn a_client_finds_the_server() {
    let server = Emulator::builder().start().await.unwrap();
    let mut stream = TcpStream::connect(server.endpoint()).unwrap();
    let call = "GET /?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou HTTP/1.1";
    write!(stream, "{call}\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(INSTANCE), "{answer}");
}
