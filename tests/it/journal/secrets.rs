//! No secret that a call carries is shown by the journal.

use std::collections::BTreeSet;

use crs_local::Config;
use crs_local::config::RateLimits;
use crs_local::contract::ACTIONS;
use crs_local::contract::shape::{Shape, Type};
use serde_json::{Map, Value, json};

use super::{App, Raw, journal};
use crate::harness::NOW_MS;

/// What is sent wherever a text is taken.
const SECRET: &str = "Corr3ct-horse";

/// A password, or what proves who calls as one does: the code of a second factor.
fn is_password(name: &str) -> bool {
    name.to_lowercase().contains("password") || name == "TokenCode"
}

/// An input with every member of a shape: passwords are the secret, texts their own name. The paths of passwords go
/// into `passwords`.
fn filled(shape: &'static Shape, place: &str, passwords: &mut BTreeSet<String>) -> Value {
    let mut members = Map::new();
    for member in shape.members {
        let path = format!("{place}/{}", member.name);
        members.insert(member.name.to_owned(), value(member.name, member.ty, &path, passwords));
    }
    Value::Object(members)
}

fn value(name: &str, ty: Type, path: &str, passwords: &mut BTreeSet<String>) -> Value {
    match ty {
        Type::String if is_password(name) => {
            passwords.insert(path.to_owned());
            SECRET.into()
        }
        Type::String => name.into(),
        Type::Integer | Type::UInteger => 1.into(),
        Type::Float => 1.5.into(),
        Type::Boolean => true.into(),
        Type::Object(shape) => filled(shape, path, passwords),
        Type::List(item) => json!([value(name, *item, &format!("{path}/0"), passwords)]),
    }
}

#[tokio::test]
async fn every_password_of_every_action_is_masked_and_nothing_else_is() {
    let app = App::with(Config {
        rate_limit: "off".parse::<RateLimits>().unwrap(),
        ..Config::default()
    });
    let mut found = BTreeSet::new();
    for action in &ACTIONS {
        let mut passwords = BTreeSet::new();
        let sent = filled(action.input, "", &mut passwords);
        // A right input, and one that is refused before its types are known.
        for more in [false, true] {
            let mut sent = sent.clone();
            if more {
                sent["NoSuchMember"] = json!({ "AdminPassword": SECRET });
            }
            let (name, version, body) = (action.name, action.version, sent.to_string());
            let head = format!(
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-TC-Action: {name}\r\n\
                 X-TC-Version: {version}\r\nX-TC-Region: ap-guangzhou\r\nX-TC-Token: {SECRET}\r\nX-TC-Timestamp: {}\r\n",
                NOW_MS / 1_000,
            );
            let raw = Raw(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes());
            app.call(&raw)
                .await
                .envelope()
                .unwrap_or_else(|fault| panic!("{name}: {fault}"));
            let kept = journal(&app, "?Limit=1").await.remove(0);
            assert_eq!(kept["Action"], name);
            assert!(!kept.to_string().contains(SECRET), "{name}: {kept}");
            let mut masked = sent;
            for path in &passwords {
                *masked.pointer_mut(path).expect("it was sent") = "***".into();
            }
            if more {
                masked["NoSuchMember"]["AdminPassword"] = "***".into();
            }
            assert_eq!(kept["Params"], masked, "{name}");
        }
        found.extend(passwords.into_iter().map(|path| format!("{}{path}", action.name)));
    }
    for known in [
        "ModifyInstancePassword/OldPassword",
        "CreateInstances/Password",
        "CreateInstanceAccount/AccountPassword",
    ] {
        assert!(found.contains(known), "{known} is not among {found:?}");
    }
    assert!(ACTIONS.len() >= 124 && found.len() >= 8, "{found:?}");
}
