//! The console: who gets the page, with what guards, and that its files hold nothing of the state; and the two calls
//! that tell the contract.

use std::io::Read as _;

use crs_local::Config;
use flate2::read::GzDecoder;

use super::control::refused;
use super::harness::{Answer, App, Raw};

const BROWSER: &str = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate, br";

async fn get(app: &App, path: &str, headers: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n");
    app.call(&Raw(request.into_bytes())).await
}

/// What a browser makes of it.
fn unpacked(answer: &Answer) -> String {
    assert_eq!(answer.header("content-encoding"), Some("gzip"), "{answer}");
    let mut text = String::new();
    GzDecoder::new(answer.body.as_slice())
        .read_to_string(&mut text)
        .expect("gzip of a text");
    text
}

/// The files that a text of the console names.
fn named(text: &str) -> Vec<String> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c));
    let below = text.split("/_crs/console/").skip(1);
    let beside = text.split("from \"./").skip(1);
    let cut = |rest: &str| rest.split(ends).next().unwrap_or_default().to_owned();
    below.chain(beside).map(cut).collect()
}

#[tokio::test]
async fn a_browser_gets_the_page_and_everybody_else_the_list() {
    let app = App::start();
    for path in ["/_crs", "/_crs/"] {
        let page = get(&app, path, BROWSER).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{path}"
        );
        assert!(unpacked(&page).starts_with("<!doctype html>"), "{path}");
        for others in ["Accept: */*", "Accept: application/json", "X-Nothing: 1"] {
            let list = get(&app, path, others).await.json();
            assert!(
                list["Calls"].as_array().is_some_and(|calls| calls.len() > 20),
                "{path} {others}: {list}"
            );
        }
    }
}

#[tokio::test]
async fn every_file_that_is_named_is_there_and_holds_nothing_of_the_state() {
    let app = App::start();
    let page = get(&app, "/_crs/", BROWSER).await;
    let mut wanted = named(&unpacked(&page));
    let mut seen: Vec<String> = Vec::new();
    let mut bytes = page.body.len();
    while let Some(name) = wanted.pop() {
        if seen.contains(&name) {
            continue;
        }
        let file = get(&app, &format!("/_crs/console/{name}"), BROWSER).await;
        let kind = match name.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!((file.status, file.header("content-type")), (200, Some(kind)), "{name}");
        bytes += file.body.len();
        let text = unpacked(&file);
        assert!(!text.contains("/**\n"), "{name} is sent without its types");
        wanted.extend(named(&text));
        seen.push(name);
    }
    assert!(seen.len() > 40, "{seen:?}");
    assert!(bytes < 100_000, "the page and its files have {bytes} bytes");
}

#[tokio::test]
async fn the_page_may_load_its_own_files_and_nothing_else() {
    let app = App::start();
    for path in ["/_crs/", "/_crs/console/live-worker.js"] {
        let answer = get(&app, path, BROWSER).await;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe") && !policy.contains("http"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some("same-origin"),
            "{path}"
        );
    }
    let page = unpacked(&get(&app, "/_crs/", BROWSER).await);
    for inline in ["<style", " style=", " onclick", "<script>"] {
        assert!(!page.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn a_file_that_there_is_not_is_refused_with_those_that_there_are() {
    let app = App::start();
    for path in [
        "/_crs/console/none.js",
        "/_crs/console/..%2fconsole.rs",
        "/_crs/console/index.html.gz",
    ] {
        refused(&app, ("GET", path, ""), 404, &["no file", "main.js", "console.css"]).await;
    }
    refused(&app, ("POST", "/_crs/console/main.js", ""), 405, &["it takes GET"]).await;
    // A client that takes nothing compressed is told how it would get it.
    refused(
        &app,
        ("GET", "/_crs/console/main.js", ""),
        406,
        &["Accept-Encoding: gzip", "--compressed"],
    )
    .await;
    let never = get(&app, "/_crs/", "Accept: text/html\r\nAccept-Encoding: gzip;q=0").await;
    assert_eq!(never.status, 406, "{never}");
}

#[tokio::test]
async fn the_page_is_open_where_the_token_is_asked_for() {
    let app = App::with(Config {
        control_token: Some("s3cret".parse().expect("a token")),
        ..Config::default()
    });
    for path in ["/_crs/", "/_crs/console/main.js", "/_crs/console/icon.svg"] {
        assert_eq!(get(&app, path, BROWSER).await.status, 200, "{path}");
    }
    for path in [
        "/_crs/state",
        "/_crs/contract",
        "/_crs/actions/UpgradeInstance",
        "/_crs/consoles",
        "/_crs/events",
    ] {
        assert_eq!(get(&app, path, BROWSER).await.status, 401, "{path}");
    }
    let elsewhere = "GET /_crs/ HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\n\r\n";
    assert_eq!(app.call(&Raw(elsewhere.as_bytes().to_vec())).await.status, 403);
}

#[tokio::test]
async fn an_action_is_told_with_its_members_values_and_causes() {
    let app = App::start();
    let action = app.controlled("GET", "/_crs/actions/UpgradeInstance", "").await;
    assert_eq!(
        (&action["Service"], &action["Region"]),
        (&"redis".into(), &"required".into())
    );
    let input = action["Input"].as_array().expect("a list");
    let member = |name: &str| input.iter().find(|member| member["Name"] == name).expect("a member");
    assert_eq!(
        (&member("MemSize")["Type"], &member("MemSize")["Required"]),
        (&"unsigned integer".into(), &true.into())
    );
    assert_eq!(member("NodeSet")["Item"]["Object"], "RedisNodeInfo");
    assert_eq!(member("NodeSet")["Item"]["Members"][0]["Values"][1]["Says"], "replica");
    let codes = action["Codes"].as_array().expect("a list");
    let code = |name: &str| codes.iter().find(|code| code["Code"] == name).expect("a code");
    let causes = code("InvalidParameterValue.MemSizeNotInRange")["Causes"].to_string();
    assert!(causes.contains("lies outside what is sold"), "{causes}");
    // And how each is brought about: by a request, in the state of a fixture, or by a fault rule.
    let provoked = app.controlled("GET", "/_crs/actions", "").await;
    let listed = provoked["Actions"].as_array().expect("a list");
    let own = listed.iter().find(|own| own["Name"] == "UpgradeInstance").expect("it");
    for (told, way) in codes.iter().zip(own["Provoked"].as_array().expect("a list")) {
        for key in ["Code", "How", "Region", "Request", "Fixture", "Fault"] {
            assert_eq!(told[key], way[key], "{key} of {way}");
        }
    }
    assert_eq!(code("InvalidParameterValue.MemSizeNotInRange")["How"], "rule");
    // The price twin documents another code for the same reason, and reasons of other services are none of its own.
    let twin = app
        .controlled("GET", "/_crs/actions/InquiryPriceUpgradeInstance?Service=redis", "")
        .await;
    assert!(twin.to_string().contains("LimitExceeded.MemSizeNotInRange"));
    assert!(!twin.to_string().contains("TagKey"), "{twin}");
    refused(
        &app,
        ("GET", "/_crs/actions/UpgradeInstanc", ""),
        404,
        &["UpgradeInstance", "GET /_crs/actions"],
    )
    .await;
    refused(
        &app,
        ("GET", "/_crs/actions/UpgradeInstance?Service=vpc", ""),
        404,
        &["no action"],
    )
    .await;
    refused(
        &app,
        ("GET", "/_crs/actions/UpgradeInstance?AppId=1", ""),
        400,
        &["Service alone"],
    )
    .await;
}

#[tokio::test]
async fn the_contract_lists_what_is_searched() {
    let app = App::start();
    let told = app.controlled("GET", "/_crs/contract", "").await;
    let all = app.controlled("GET", "/_crs/actions", "").await;
    let listed = all["Actions"].as_array().expect("a list");
    let families = told["Families"].as_array().expect("a list");
    let mut count = 0;
    for family in families {
        for action in family["Actions"].as_array().expect("a list") {
            count += 1;
            let is_it = |own: &&serde_json::Value| own["Name"] == action["Name"] && own["Service"] == family["Service"];
            let own = listed.iter().find(is_it).expect("the action");
            assert_eq!(
                (&own["Family"], &own["Version"]),
                (&family["Name"], &family["Version"]),
                "{action}"
            );
            let named = action["Codes"].as_array().map(|codes| {
                let name = |code: &serde_json::Value| told["Codes"][code.as_u64().expect("a number") as usize].clone();
                codes.iter().map(name).collect::<Vec<_>>()
            });
            assert_eq!(own["Codes"].as_array().cloned(), named, "{action}");
        }
    }
    assert_eq!(count, listed.len());
    let told = told.to_string();
    assert!(told.contains("ap-guangzhou-3") && told.contains("Redis 6.2"), "{told}");
    assert!(told.len() < 50_000, "it has {} bytes", told.len());
}
