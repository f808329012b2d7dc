//! `cargo run -p crs-local-codegen` writes `src/contract/generated/` and `src/dispatch.rs`;
//! `… -- drift FOLDER` says what has changed in the packages that `codegen/drift` has put there;
//! `… -- refresh --api-json FILE [--client-go FILE] [--tccli VERSION] [--sdk-go VERSION]` rebuilds one contract file.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use crs_local_codegen::{drift, generate, refresh};
use serde_json::Value;

#[expect(clippy::disallowed_methods, reason = "a tool with two commands, not the server")]
fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let args: Vec<String> = env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        None => write_generated(&root),
        Some("refresh") => write_contract(&root, &args[1..]),
        Some("drift") => tell_drift(&root, &args[1..]),
        Some(other) => Err(format!("unknown command {other:?}: nothing, drift or refresh")),
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

/// Says what has changed of each service. `Err` says how much.
fn tell_drift(root: &Path, args: &[String]) -> Result<(), String> {
    let [folder] = args else {
        return Err("drift: give the folder with what is published".into());
    };
    let folder = Path::new(folder);
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let parsed =
        |path: &Path| serde_json::from_str::<Value>(&read(path)?).map_err(|e| format!("{}: {e}", path.display()));
    let facts = parsed(&root.join("contract/facts.json"))?;
    let mut changes = 0;
    for name in services(root)? {
        let old = parsed(&root.join(format!("contract/{name}.json")))?;
        let [service, version] = ["service", "version"].map(|key| old[key].as_str().unwrap_or_default().to_owned());
        let place = format!("tccli/services/{service}/v{}/api.json", version.replace('-', ""));
        let client = fs::read_to_string(folder.join(format!("{service}-client.go"))).ok();
        // The newest modules list no codes.
        let client = client.filter(|client| refresh::codes(client).is_ok());
        let python = fs::read_to_string(folder.join(format!("{service}-errorcodes.py"))).ok();
        let api = parsed(&folder.join(place))?;
        let new = refresh::contract(&refresh::Published {
            api: &api,
            tccli: "",
            client: client.as_deref(),
            sdk_go: None,
            only: refresh::only(&facts, &service, &version)?,
        })?;
        let new: Value = serde_json::from_str(&new).map_err(|e| format!("{name}: {e}"))?;
        let all_codes = python.as_deref().map(drift::python_codes);
        let found = drift::differences(
            &old,
            &drift::Now {
                contract: &new,
                has_codes: client.is_some(),
                all_codes: all_codes.as_ref(),
            },
        )?;
        let lists = if client.is_some() {
            ""
        } else {
            " (no lists of codes by action to compare)"
        };
        println!("{name}: {} differences{lists}", found.len());
        for line in &found {
            println!("  {line}");
        }
        changes += found.len();
    }
    if changes == 0 {
        return Ok(());
    }
    Err(format!("{changes} differences"))
}

/// The contract files, by what stands before `.json`.
fn services(root: &Path) -> Result<Vec<String>, String> {
    let folder = root.join("contract");
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let named = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_service = |name: &String| name.rsplit_once("-20").is_some() && name.ends_with(".json");
    let mut names: Vec<String> = named
        .filter(is_service)
        .map(|name| name.trim_end_matches(".json").to_owned())
        .collect();
    names.sort();
    Ok(names)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    println!("{}", path.display());
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
