//! A server that is told to end while a call has long work under way.

use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::Home;
use super::server::Server;

/// A century of 60,000 instances takes most of a minute; calls under way are waited for five seconds.
#[test]
fn sigterm_waits_for_no_long_work() {
    const WAITED: Duration = Duration::from_secs(20);
    let instance = |number: u64| {
        json!({ "InstanceId": format!("crs-{number:08}"), "TypeId": 8, "MemSize": 1_024, "BillingMode": 1,
            "Period": 1 + number % 12, "AutoRenew": number % 2 })
    };
    let instances: Vec<_> = (0..60_000).map(instance).collect();
    let clock = json!({ "Mode": "manual", "Now": "2026-01-01T00:00:00Z" });
    let home = Home::new();
    let path = home.0.join("many.json");
    let fixture = json!({ "Clock": clock, "Accounts": [{ "Instances": instances }] });
    fs::write(&path, fixture.to_string()).expect("it is written");
    let kept = format!("--state '{}'", home.state().display());
    for more in ["", &kept] {
        let mut server = Server::with("", &format!("--fixture '{}' {more}", path.display()));
        let mut client = server.connect();
        let century = r#"{"Seconds":3155760000}"#;
        let cut_off = thread::spawn(move || client.control("POST", "/_crs/clock/advance", century));
        thread::sleep(Duration::from_millis(500));
        assert_eq!(server.stop_within(WAITED), Some(true), "{more}");
        assert_eq!(cut_off.join().expect("no panic"), None, "it was not answered");
    }
}
