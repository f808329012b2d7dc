//! Keys for a while: what they may do, and when they end.

use serde_json::{Value, json};

use super::{Key, account, make};
use crate::control::refused;
use crate::harness::{App, NOW_MS};
use crate::sign::encode;

pub(super) fn role(key: &Key) -> Value {
    json!({ "RoleArn": format!("qcs::cam::uin/{}:roleName/ci", 100_000_000_000 + key.app_id), "RoleSessionName": "ci" })
}

fn reads_only() -> String {
    let policy = json!({ "version": "2.0", "statement": [
        { "effect": "allow", "action": ["redis:Describe*", "sts:*"], "resource": "*" }] });
    encode(&policy.to_string())
}

#[tokio::test]
async fn a_temporary_key_works_until_its_end() {
    let app = App::start();
    let key = make(&app, "{}").await;
    let mut input = role(&key);
    input["DurationSeconds"] = json!(1_800);
    let answer = key.call(&app, "AssumeRole", &input).await.json();
    assert_eq!(answer["Response"]["ExpiredTime"], NOW_MS / 1_000 + 1_800);
    assert_eq!(answer["Response"]["Expiration"], "2026-11-24T08:30:00Z");
    let lent = Key::lent(&answer);
    assert_eq!(lent.upgrade(&app, 2_048).await.code(), "");
    let tokenless = Key {
        token: String::new(),
        ..lent.clone()
    };
    assert_eq!(tokenless.code(&app).await, "AuthFailure.TokenFailure");
    let wrong = Key {
        token: "wrong".to_owned(),
        ..lent.clone()
    };
    assert_eq!(wrong.code(&app).await, "AuthFailure.TokenFailure");
    // A snapshot has it.
    let state = app.controlled("GET", "/_crs/state", "").await;
    let account = account(&state, key.app_id);
    let kept = &account["Credentials"][1];
    assert_eq!(
        (&kept["SecretId"], &kept["ExpiredTime"]),
        (&json!(lent.id), &answer["Response"]["ExpiredTime"])
    );
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(lent.code(&app).await, "");
    // By real time, whatever the cloud's says; and the key goes from the state.
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":7200}"#)
        .await;
    let describe = json!({});
    for (at, code) in [(1_799_999, ""), (1_800_000, "AuthFailure.TokenFailure")] {
        app.set_now(NOW_MS + at);
        assert_eq!(
            lent.call_at(&app, NOW_MS + at, "DescribeInstances", &describe)
                .await
                .code(),
            code
        );
    }
    let state = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(
        self::account(&state, key.app_id)["Credentials"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let at = NOW_MS + 1_800_000;
    let code = lent.call_at(&app, at, "DescribeInstances", &describe).await.code();
    assert_eq!(code, "AuthFailure.TokenFailure", "nothing of it is remembered");
}

#[tokio::test]
async fn a_temporary_key_may_do_what_its_policy_says_and_its_lender_may() {
    let app = App::start();
    let key = make(&app, "{}").await;
    let input = json!({ "Name": "scaler", "Policy": reads_only() });
    let reader = Key::lent(&key.call(&app, "GetFederationToken", &input).await.json());
    assert_eq!(reader.code(&app).await, "");
    assert_eq!(
        reader.upgrade(&app, 2_048).await.code(),
        "UnauthorizedOperation.NoCAMAuthed"
    );
    // A role that it takes does not let it do more, and neither does a snapshot.
    let chained = Key::lent(&reader.call(&app, "AssumeRole", &role(&key)).await.json());
    assert_eq!(chained.code(&app).await, "");
    let state = app.controlled("GET", "/_crs/state", "").await;
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(
        chained.upgrade(&app, 2_048).await.code(),
        "UnauthorizedOperation.NoCAMAuthed"
    );
    assert_eq!(
        account(&app.controlled("GET", "/_crs/state", "").await, key.app_id),
        account(&state, key.app_id)
    );
    let again = reader.call(&app, "GetFederationToken", &input).await;
    assert_eq!(again.code(), "UnsupportedOperation");
    // A key ends with its account.
    app.controlled("DELETE", &format!("/_crs/accounts/{}", key.app_id), "")
        .await;
    assert_eq!(reader.code(&app).await, "AuthFailure.TokenFailure");
}

#[tokio::test]
async fn a_fixture_states_temporary_keys() {
    let credential = |more: Value| {
        let mut credential = json!({ "SecretId": "AKIDtmp", "SecretKey": "tmp" });
        let more = more.as_object().expect("an object").clone();
        credential.as_object_mut().expect("an object").extend(more);
        json!({ "Fixture": { "Credentials": [credential] } }).to_string()
    };
    let app = App::start();
    let policy = json!({ "version": "2.0", "statement": [{ "effect": "deny", "action": "*", "resource": "*" }] });
    let wrong: [(Value, &str); 5] = [
        (json!({ "ExpiredTime": 1_999_999_999 }), "Credentials[0].ExpiredTime"),
        (json!({ "SessionPolicies": [policy] }), "Credentials[0].SessionPolicies"),
        (json!({ "Token": "t", "ExpiredTime": 0 }), "Credentials[0].ExpiredTime"),
        (
            json!({ "Token": "t", "SessionPolicies": policy }),
            "Credentials[0].SessionPolicies",
        ),
        (
            json!({ "Token": "t", "SessionPolicies": [{}] }),
            "Credentials[0].SessionPolicies[0]",
        ),
    ];
    for (more, place) in wrong {
        refused(&app, ("POST", "/_crs/accounts", &credential(more)), 400, &[place]).await;
    }
    let more = json!({ "Token": "t", "ExpiredTime": NOW_MS / 1_000 + 5, "SessionPolicies": [policy] });
    app.controlled("POST", "/_crs/accounts", &credential(more)).await;
    let key = Key {
        id: "AKIDtmp".to_owned(),
        key: "tmp".to_owned(),
        token: "t".to_owned(),
        app_id: 0,
    };
    assert_eq!(key.code(&app).await, "UnauthorizedOperation.NoCAMAuthed");
    app.set_now(NOW_MS + 5_000);
    let answer = key.call_at(&app, NOW_MS + 5_000, "DescribeInstances", &json!({})).await;
    assert_eq!(answer.code(), "AuthFailure.TokenFailure");
}
