//! A disk that is full: what cannot be kept is not done, and said so; once there is room, calls go on.

use serde_json::json;

use super::Home;
use super::server::Server;

/// No file may have more than 400 blocks of 512 bytes; a log takes its room by the MB.
const LIMIT: &str = "trap '' XFSZ; ulimit -f 400;";

#[test]
fn what_cannot_be_kept_is_not_done() {
    let home = Home::new();
    let mut server = Server::start(&home.state(), LIMIT, "--pace instant");
    let mut client = server.connect();
    let id = super::id_of(&client.state());
    let name = "n".repeat(50);
    let rename =
        |number: usize| json!({ "InstanceId": id, "Operation": "rename", "InstanceName": format!("{number}-{name}") });
    let path = format!("/_crs/instances/{id}");
    let patch = json!({ "InstanceName": "patched" }).to_string();
    let mut answered = 0;
    let refused = loop {
        let answer = client.call("ModifyInstance", &rename(answered)).expect("an answer");
        if let Some(code) = answer["Error"]["Code"].as_str() {
            break code.to_owned();
        }
        answered += 1;
        assert!(answered < 20_000, "the disk is never full");
    };
    assert_eq!(refused, "InternalError");
    assert!(answered > 100, "{answered}");
    let is =
        |client: &mut super::server::Connection| client.state()["Accounts"][0]["Instances"][0]["InstanceName"].clone();
    let last = json!(format!("{}-{name}", answered - 1));
    assert_eq!(is(&mut client), last, "reads go on, and show what was answered");
    let told = loop {
        // One that is smaller may fit yet.
        let (status, told) = client.control("PATCH", &path, &patch).expect("an answer");
        if status != 200 {
            assert_eq!(status, 507, "{told}");
            break told;
        }
    };
    let last = is(&mut client);
    let message = told["Error"]["Message"].as_str().unwrap_or_default().to_owned();
    assert!(
        message.contains("log-1: cannot grow") && message.contains("; make room there"),
        "{message}"
    );
    assert_eq!(is(&mut client), last);
    let (status, _) = client.control("GET", "/_crs/health", "").expect("an answer");
    assert_eq!(status, 200);
    // Another state needs another log, for which there is room.
    let (status, told) = client.control("POST", "/_crs/reset", "").expect("an answer");
    assert_eq!(status, 200, "{told}");
    let answer = client.call("ModifyInstance", &rename(0)).expect("an answer");
    assert!(answer["Error"].is_null(), "{answer}");
    let before = client.state();
    server.kill();
    let read = Server::start(&home.state(), "", "--pace instant").connect().state();
    assert_eq!(read["Accounts"], before["Accounts"]);
}

#[test]
fn a_state_that_cannot_be_kept_does_not_replace_another() {
    let home = Home::new();
    let mut server = Server::start(&home.state(), "trap '' XFSZ; ulimit -f 400;", "");
    let mut client = server.connect();
    let before = client.state();
    let instance = |number: usize| json!({ "InstanceId": format!("crs-{number:08}"), "TypeId": 2, "MemSize": 1024 });
    let many = json!({ "Accounts": [{ "Instances": (0..1_000).map(instance).collect::<Vec<_>>() }] });
    let (status, told) = client
        .control("PUT", "/_crs/state", &many.to_string())
        .expect("an answer");
    assert_eq!(status, 507, "{told}");
    let message = told["Error"]["Message"].as_str().unwrap_or_default();
    assert!(
        message.contains("cannot be written") && message.contains("; look after the disk"),
        "{message}"
    );
    assert_eq!(client.state()["Accounts"], before["Accounts"]);
    server.kill();
    let read = Server::start(&home.state(), "", "").connect().state();
    assert_eq!(read["Accounts"], before["Accounts"]);
}
