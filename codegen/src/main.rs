//! `cargo run -p crs-local-codegen` writes `src/contract/generated/`;
//! `… -- refresh --api-json FILE --client-go FILE [--tccli VERSION]` rebuilds the contract file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use crs_local_codegen::{generate, refresh};

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
        write(
            &root.join("src/contract/generated").join(file.name),
            &file.text,
        )?;
    }
    Ok(())
}

fn write_contract(root: &Path, args: &[String]) -> Result<(), String> {
    let (mut api, mut client, mut tccli) = (None, None, "unknown".to_owned());
    for pair in args.chunks(2) {
        match pair {
            [flag, value] if flag == "--api-json" => api = Some(PathBuf::from(value)),
            [flag, value] if flag == "--client-go" => client = Some(PathBuf::from(value)),
            [flag, value] if flag == "--tccli" => tccli.clone_from(value),
            _ => {
                return Err(format!(
                    "refresh: {pair:?}: give --api-json FILE --client-go FILE [--tccli VERSION]"
                ));
            }
        }
    }
    let (Some(api), Some(client)) = (api, client) else {
        return Err("refresh: give both --api-json FILE and --client-go FILE".into());
    };
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let published =
        serde_json::from_str(&read(&api)?).map_err(|e| format!("{}: {e}", api.display()))?;
    let text = refresh::contract(&published, &read(&client)?, &tccli)?;
    let [service, version] = [
        &published["metadata"]["serviceShortName"],
        &published["metadata"]["apiVersion"],
    ]
    .map(|v| v.as_str().unwrap_or_default().to_owned());
    write(
        &root
            .join("contract")
            .join(format!("{service}-{version}.json")),
        &text,
    )
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    println!("{}", path.display());
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
