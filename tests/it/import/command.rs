//! The command itself: files and standard input, standard output and error, exit codes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PAGE: &str = r#"{ "TotalCount": 1, "InstanceSet": [ { "InstanceId": "crs-cmd00001",
    "Region": "ap-guangzhou", "Type": 2, "RedisShardSize": 1024, "Appid": 42, "PriceId": 3 } ] }"#;

/// Runs the command with this standard input.
fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_crs-local"))
        .args(arguments)
        .env_remove("CRS_LOCAL_LISTEN")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let written = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    // A command that refuses its arguments does not read.
    drop(written);
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn standard_input_becomes_a_fixture_that_passes_the_check() {
    let output = run(&["import", "-"], PAGE);
    assert!(output.status.success(), "{output:?}");
    let fixture: Value = serde_json::from_slice(&output.stdout).expect("a fixture is JSON");
    assert_eq!(fixture["Accounts"][0]["AppId"], 42);
    let told = text(&output.stderr);
    assert!(
        told.starts_with("crs-local: warning: PriceId is not carried over"),
        "{told}"
    );

    let folder = std::env::temp_dir().join(format!("crs-local-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("fixture.json");
    std::fs::write(&file, &output.stdout).expect("a file");
    let checked = run(&["check", file.to_str().expect("text")], "");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert!(checked.status.success(), "{checked:?}");
    assert_eq!(
        text(&checked.stdout),
        "nothing is wrong; accounts: 1, instances: 1, fault rules: 0\n"
    );
}

#[test]
fn a_fault_ends_it_with_1_and_prints_no_fixture() {
    for (arguments, input, told) in [
        (
            ["import", "-"].as_slice(),
            "nothing",
            "crs-local: standard input: is no JSON",
        ),
        (
            &["import", "-", "-"],
            PAGE,
            "crs-local: standard input can be read once; give - once",
        ),
        (
            &["import", "/no/such/file"],
            "",
            "crs-local: /no/such/file: cannot be read",
        ),
        (
            &["import", "-", "--of", "x"],
            PAGE,
            "crs-local: --of x: write INSTANCE=FILE",
        ),
    ] {
        let output = run(arguments, input);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let lines = text(&output.stderr);
        assert!(lines.starts_with(told), "{arguments:?}\n{lines}");
    }
}

#[test]
fn the_help_says_what_is_masked() {
    let output = run(&["import", "--help"], "");
    let help = text(&output.stdout);
    for member in ["AppId", "WanIp", "UniqSubnetId", "values of tags", "Kept: InstanceId"] {
        let plain = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(member), "{member} in\n{help}");
    }
}

#[test]
fn env_prints_the_snippet_with_the_address() {
    let output = run(&["env", "tccli", "http://127.0.0.1:9"], "");
    assert!(output.status.success(), "{output:?}");
    let told = text(&output.stdout);
    assert!(told.contains("--endpoint http://127.0.0.1:9 "), "{told}");
    assert!(!told.contains("8239"), "{told}");
    let listed = text(&run(&["env"], "").stdout);
    for line in ["endpoint  127.0.0.1:8239", "key pair  SecretId AKIDlocal", "  dotnet "] {
        assert!(listed.contains(line), "{listed}");
    }
    let elsewhere = text(&run(&["env", "--listen", "0.0.0.0:9", "hosts"], "").stdout);
    assert!(
        elsewhere.starts_with("127.0.0.1 redis.tencentcloudapi.com "),
        "{elsewhere}"
    );
    let by_environment = Command::new(env!("CARGO_BIN_EXE_crs-local"))
        .args(["env", "curl"])
        .env("CRS_LOCAL_LISTEN", "127.0.0.1:7")
        .output()
        .expect("the binary runs");
    assert!(text(&by_environment.stdout).contains("http://127.0.0.1:7/"));
    let unknown = run(&["env", "cobol"], "");
    assert_eq!(unknown.status.code(), Some(2));
    let by_name = run(&["env", "hosts", "http://crs:8239"], "");
    assert_eq!(by_name.status.code(), Some(1));
    assert!(text(&by_name.stderr).contains("give the address by number"));
}
