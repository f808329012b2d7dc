//! `cargo run -p crs-local-codegen` writes `src/contract/generated/` and `src/dispatch.rs`;
//! `… -- refresh --api-json FILE [--client-go FILE] [--tccli VERSION] [--sdk-go VERSION]` rebuilds one contract file.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use crs_local_codegen::{generate, refresh};
use serde_json::Value;

#[expect(clippy::disallowed_methods, reason = "a tool with two commands, not the server")]
fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let args: Vec<String> = env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        None => write_generated(&root),
        Some("refresh") => write_contract(&root, &args[1..]),
        Some(other) => Err(format!("unknown command {other:?}: nothing, or refresh")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn write_generated(root: &Path) -> Result<(), String> {
    for file in generate(&root.join("contract"))? {
        write(&root.join(file.path), &file.text)?;
    }
    Ok(())
}

fn write_contract(root: &Path, args: &[String]) -> Result<(), String> {
    let (mut api, mut client) = (None, None);
    let (mut tccli, mut sdk_go) = ("unknown", None);
    for pair in args.chunks(2) {
        match pair {
            [flag, value] if flag == "--api-json" => api = Some(Path::new(value)),
            [flag, value] if flag == "--client-go" => client = Some(Path::new(value)),
            [flag, value] if flag == "--tccli" => tccli = value,
            [flag, value] if flag == "--sdk-go" => sdk_go = Some(value.as_str()),
            _ => {
                return Err(format!(
                    "refresh: {pair:?}: give --api-json FILE [--client-go FILE] [--tccli VERSION] [--sdk-go VERSION]"
                ));
            }
        }
    }
    let Some(api) = api else {
        return Err("refresh: give --api-json FILE".into());
    };
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let parsed =
        |path: &Path| serde_json::from_str::<Value>(&read(path)?).map_err(|e| format!("{}: {e}", path.display()));
    let published = parsed(api)?;
    let client = client.map(read).transpose()?;
    let [service, version] = [
        &published["metadata"]["serviceShortName"],
        &published["metadata"]["apiVersion"],
    ]
    .map(|v| v.as_str().unwrap_or_default());
    let facts = parsed(&root.join("contract/facts.json"))?;
    let text = refresh::contract(&refresh::Published {
        api: &published,
        tccli,
        client: client.as_deref(),
        sdk_go,
        only: refresh::only(&facts, service, version)?,
    })?;
    write(&root.join("contract").join(format!("{service}-{version}.json")), &text)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    println!("{}", path.display());
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
