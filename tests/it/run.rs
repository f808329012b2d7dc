//! `crs-local run -- COMMAND…` and `crs-local health --wait`.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_crs-local");

/// `crs-local run` in an environment that says nothing of it.
fn run(flags: &[&str], command: &[&str]) -> Command {
    let mut run = Command::new(BINARY);
    run.arg("run").args(flags).arg("--").args(command);
    for (name, _) in std::env::vars() {
        let leads = ["CRS_LOCAL_", "TENCENTCLOUD_"]
            .iter()
            .any(|start| name.starts_with(start));
        if leads || name.eq_ignore_ascii_case("http_proxy") {
            run.env_remove(name);
        }
    }
    run.stdin(Stdio::null());
    run
}

fn shell(flags: &[&str], script: &str) -> Output {
    run(flags, &["sh", "-c", script]).output().expect("it runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn a_command_finds_the_server_by_its_environment() {
    let script = "echo $CRS_LOCAL_URL $CRS_LOCAL_ENDPOINT $TENCENTCLOUD_SECRET_ID $TENCENTCLOUD_SECRET_KEY \
                  $TENCENTCLOUD_REGION proxies:$HTTP_PROXY$http_proxy";
    let ran = shell(&[], script);
    assert!(ran.status.success(), "{ran:?}");
    let words: Vec<_> = text(&ran.stdout).split_whitespace().collect();
    let [url, endpoint, "AKIDlocal", "local", "ap-guangzhou", "proxies:"] = words[..] else {
        panic!("{words:?}")
    };
    assert_eq!(url, format!("http://{endpoint}"));
    assert!(
        endpoint.starts_with("127.0.0.1:") && !endpoint.ends_with(":0"),
        "{endpoint}"
    );
    // What the server says is not the command's output.
    assert!(
        text(&ran.stderr).contains(&format!("crs-local listening on {url}\n")),
        "{ran:?}"
    );
    let proxied = shell(&["--as-proxy"], "echo $CRS_LOCAL_URL $HTTP_PROXY $http_proxy");
    let urls: Vec<_> = text(&proxied.stdout).split_whitespace().collect();
    assert!(
        urls.len() == 3 && urls.iter().all(|other| other == &urls[0]),
        "{urls:?}"
    );
}

#[test]
fn a_fixture_of_ones_own_names_the_key_pair_and_no_token_goes_along() {
    let fixture = std::env::temp_dir().join(format!("crs-local-run-{}.json", std::process::id()));
    let account = r#"{"Accounts":[{"Credentials":[{"SecretId":"AKIDmine","SecretKey":"mine"}]}]}"#;
    std::fs::write(&fixture, account).expect("a folder for it");
    let script = "echo $TENCENTCLOUD_SECRET_ID $TENCENTCLOUD_SECRET_KEY token:$TENCENTCLOUD_SECURITY_TOKEN";
    let ran = run(&["--fixture", fixture.to_str().expect("text")], &["sh", "-c", script])
        .env("TENCENTCLOUD_SECRET_ID", "AKIDreal")
        .env("TENCENTCLOUD_SECURITY_TOKEN", "real")
        .output()
        .expect("it runs");
    std::fs::remove_file(&fixture).expect("it is there");
    assert_eq!(text(&ran.stdout), "AKIDmine mine token:\n", "{ran:?}");
}

#[test]
fn the_server_is_there_for_as_long_as_the_command_is() {
    // `health` finds it by CRS_LOCAL_URL.
    let ran = run(&[], &["sh", "-c", "\"$0\" health && echo $CRS_LOCAL_ENDPOINT", BINARY]).output();
    let ran = ran.expect("it runs");
    let out = text(&ran.stdout);
    assert!(out.contains(r#""Status":"ready""#), "{ran:?}");
    let endpoint = out.lines().last().expect("two lines");
    assert!(TcpListener::bind(endpoint).is_ok(), "{endpoint} is free again");
}

#[test]
fn the_exit_code_is_the_commands() {
    let code = |flags: &[&str], command: &[&str]| {
        let ran = run(flags, command).output().expect("it runs");
        (ran.status.code().expect("a code"), text(&ran.stderr).to_owned())
    };
    assert_eq!(code(&[], &["true"]).0, 0);
    assert_eq!(code(&[], &["sh", "-c", "exit 7"]).0, 7);
    assert_eq!(code(&[], &["sh", "-c", "kill -TERM $$"]).0, 128 + 15);
    assert_eq!(code(&[], &["sh", "-c", "kill -KILL $$"]).0, 128 + 9);
    let (absent, said) = code(&[], &["no-such-command-here"]);
    assert!(
        absent == 127 && said.contains("cannot run no-such-command-here: "),
        "{absent}: {said}"
    );
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let (not_runnable, said) = code(&[], &[file]);
    assert!(not_runnable == 126 && said.contains(file), "{not_runnable}: {said}");
    let (failed, said) = code(&["--fixture", "/nowhere.json"], &["true"]);
    assert!(
        failed == 125 && said.contains("crs-local: /nowhere.json: "),
        "{failed}: {said}"
    );
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let (failed, said) = code(&["--listen", &address], &["true"]);
    assert!(
        failed == 125 && said.contains(&format!("cannot listen on {address}")),
        "{failed}: {said}"
    );
    let (usage, said) = code(&[], &[]);
    assert!(usage == 2 && said.contains("COMMAND"), "{usage}: {said}");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status();
    assert!(sent.expect("there is kill").success());
}

#[test]
fn signals_are_passed_on_and_the_command_decides() {
    for (name, code) in [("TERM", 41), ("HUP", 42), ("USR1", 43)] {
        let script = format!("trap 'echo caught; exit {code}' {name}; echo ready; while :; do sleep 0.05; done");
        let mut ran = run(&[], &["sh", "-c", &script])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let ran = ran.as_mut().expect("it runs");
        let mut lines = BufReader::new(ran.stdout.take().expect("a pipe"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("text");
        assert_eq!(line, "ready\n");
        signal(ran, name);
        let mut rest = String::new();
        lines.read_to_string(&mut rest).expect("text");
        assert_eq!(rest, "caught\n", "{name}");
        assert_eq!(ran.wait().expect("it ends").code(), Some(code));
    }
}

#[test]
fn https_has_a_port_of_its_own_too() {
    let ran = shell(&["--tls"], "true");
    assert!(ran.status.success(), "{ran:?}");
    let said = text(&ran.stderr);
    let port = |scheme: &str| {
        let (_, after) = said
            .split_once(&format!("listening on {scheme}://127.0.0.1:"))
            .expect(said);
        after.lines().next().and_then(|port| port.parse::<u16>().ok())
    };
    assert_ne!(port("http"), port("https"));
    assert!(port("https").is_some_and(|port| port > 0), "{said}");
}

#[test]
fn health_waits_for_a_server_that_is_still_to_come() {
    let place = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = place.local_addr().expect("it is bound").to_string();
    drop(place);
    let url = format!("http://{address}");
    let health = |wait: &[&str]| {
        let mut health = Command::new(BINARY);
        health
            .arg("health")
            .arg(&url)
            .args(wait)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        health
    };
    let now = health(&[]).output().expect("it runs");
    assert!(
        !now.status.success() && text(&now.stderr).contains("does not answer"),
        "{now:?}"
    );
    let briefly = health(&["--wait", "100ms"]).output().expect("it runs");
    assert!(!briefly.status.success(), "{briefly:?}");
    let waiting = health(&["--wait", "60s"]).spawn().expect("it runs");
    let mut server = Command::new(BINARY)
        .args(["--listen", &address])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let waited = waiting.wait_with_output().expect("it ends");
    assert!(
        waited.status.success() && text(&waited.stdout).contains("ready"),
        "{waited:?}"
    );
    signal(&server, "TERM");
    assert_eq!(server.wait().expect("it ends").code(), Some(0));
    let wrong = health(&["--wait", "soon"]).output().expect("it runs");
    assert!(
        !wrong.status.success() && text(&wrong.stderr).contains("--wait"),
        "{wrong:?}"
    );
}
