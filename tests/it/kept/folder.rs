//! Folders that are not right: each is told by its file and a remedy, and stays as it is.

use super::{Home, call, contents, id_of, kept, refused, start, state};
use crate::harness::App;

use std::fs;
use std::path::PathBuf;

use serde_json::json;

/// A folder that holds a few calls.
async fn used() -> (Home, serde_json::Value) {
    let home = Home::new();
    let app = start(&home);
    let id = id_of(&state(&app).await);
    for name in ["one", "two", "three"] {
        let input = json!({ "InstanceId": id, "Operation": "rename", "InstanceName": name });
        let answer = call(&app, "ModifyInstance", &input).await;
        assert!(answer["Error"].is_null(), "{answer}");
    }
    let state = state(&app).await;
    drop(app);
    (home, state)
}

/// It does not start, says so, and has touched nothing.
fn stays(home: &Home, says: &[&str]) {
    let before = contents(&home.state());
    let message = refused(home);
    for part in says {
        assert!(message.contains(part), "{part} in: {message}");
    }
    assert_eq!(contents(&home.state()), before, "{message}");
}

fn path(home: &Home, name: &str) -> PathBuf {
    home.state().join(name)
}

#[tokio::test]
async fn one_server_has_a_folder_at_a_time() {
    let (home, kept) = used().await;
    let app = start(&home);
    let message = refused(&home);
    assert!(
        message.contains("lock: is locked: another server uses the folder; "),
        "{message}"
    );
    drop(app);
    assert_eq!(state(&start(&home)).await, kept);
}

#[test]
fn a_foreign_folder_is_left_alone() {
    let home = Home::new();
    fs::create_dir_all(home.state()).unwrap();
    fs::write(path(&home, "notes.txt"), "mine").unwrap();
    stays(
        &home,
        &["state: is not a state of crs-local (it holds `notes.txt`); give an empty folder"],
    );
    fs::remove_file(path(&home, "notes.txt")).unwrap();
    fs::remove_dir(home.state()).unwrap();
    fs::write(home.state(), "a file").unwrap();
    let message = refused(&home);
    assert!(
        message.contains("state: cannot be read") && message.contains("give a folder"),
        "{message}"
    );
}

#[tokio::test]
async fn a_newer_folder_is_left_to_the_version_that_wrote_it() {
    let (home, _) = used().await;
    let head = r#"{"Format":2,"Program":"7.0.0","Something":"else"}"#;
    let sum = crc32fast::hash(head.as_bytes());
    fs::write(path(&home, "head"), format!("{head}\n{sum:08x}\n")).unwrap();
    stays(
        &home,
        &[
            "head: is of form 2, written by crs-local 7.0.0, ",
            "start that version or a later one",
        ],
    );
}

#[tokio::test]
async fn damage_is_told_with_the_file() {
    for (name, at) in [
        ("head", 20),
        ("seeds.jsonl", 5),
        ("snapshot-1.json", 100),
        ("log-1", 3),
        ("log-1", 60),
    ] {
        let (home, _) = used().await;
        let path = path(&home, name);
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 4;
        fs::write(&path, bytes).unwrap();
        stays(
            &home,
            &[&format!("{name}: is damaged"), "; put a copy of the folder back"],
        );
    }
    // A log behind the snapshot, which has all its title: too long for one whose making did not end.
    let (home, _) = used().await;
    fs::write(path(&home, "log-2"), [7; 24]).unwrap();
    stays(&home, &["log-2: is damaged"]);
    for name in ["seeds.jsonl", "snapshot-1.json", "log-1", "head"] {
        let (home, _) = used().await;
        fs::remove_file(path(&home, name)).unwrap();
        stays(&home, &[&format!("{name}: "), "; put "]);
    }
}

#[tokio::test]
async fn a_torn_end_is_cut_off() {
    let (home, _) = used().await;
    let log = path(&home, "log-1");
    let bytes = fs::read(&log).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    // Into the last frame, and with room behind it or none.
    for (cut, room) in [(1, 0), (40, 0), (40, 500)] {
        let mut torn = bytes[..end - cut].to_vec();
        torn.resize(torn.len() + room, 0);
        fs::write(&log, torn).unwrap();
        let app = start(&home);
        let read = state(&app).await;
        assert_eq!(read["Accounts"][0]["Instances"][0]["InstanceName"], "two");
        drop(app);
        assert_eq!(state(&start(&home)).await["Accounts"], read["Accounts"]);
    }
}

#[tokio::test]
async fn a_folder_whose_making_did_not_end_is_made_anew() {
    let home = Home::new();
    let app = start(&home);
    let seeded = state(&app).await;
    drop(app);
    for left in [
        &["lock"][..],
        &["lock", "seeds.jsonl"],
        &["lock", "seeds.jsonl", "snapshot-1.json", "log-1"],
    ] {
        for (file, _) in contents(&home.state()) {
            if !left.contains(&file.file_name().unwrap().to_str().unwrap()) {
                fs::remove_file(file).unwrap();
            }
        }
        fs::write(path(&home, "head.new"), "half").unwrap();
        let app = start(&home);
        assert_eq!(state(&app).await["Accounts"], seeded["Accounts"], "{left:?}");
        drop(app);
        assert!(!path(&home, "head.new").exists());
    }
}

#[tokio::test]
async fn a_snapshot_that_did_not_end_leaves_what_was_before() {
    let (home, before) = used().await;
    // The next log has been begun, and the snapshot has not.
    let mut title = fs::read(path(&home, "log-1")).unwrap()[..24].to_vec();
    title[16] = 2;
    for begun in [&title[..], &title[..10], b""] {
        fs::write(path(&home, "log-2"), begun).unwrap();
        fs::write(path(&home, "snapshot-2.json.new"), "{\"Acc").unwrap();
        let app = start(&home);
        assert_eq!(state(&app).await, before, "{begun:?}");
        let id = id_of(&before);
        let input = json!({ "InstanceId": id, "Operation": "rename", "InstanceName": "three" });
        call(&app, "ModifyInstance", &input).await;
        let after = state(&app).await;
        drop(app);
        assert_eq!(state(&start(&home)).await, after, "{begun:?}");
        let app = start(&home);
        app.emulator.close().expect("a snapshot");
        drop(app);
        let (again, home_state) = (App::with(kept(&home)), home.state());
        assert_eq!(
            state(&again).await["Accounts"],
            after["Accounts"],
            "{}",
            home_state.display()
        );
        drop(again);
        // Back to how it was used.
        fs::remove_dir_all(home.state()).unwrap();
        let (other, _) = used().await;
        fs::rename(other.state(), home.state()).unwrap();
    }
}
