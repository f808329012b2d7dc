//! What was written once is read for ever: folders, fixtures and snapshots of former forms, as they were then.

use std::fs;
use std::path::{Path, PathBuf};

use crs_local::Fixture;
use serde_json::Value;

use super::{Home, contents, start, state};

fn former() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kept")
}

#[test]
fn fixtures_and_snapshots_of_former_forms_are_read() {
    let mut read = 0;
    for form in fs::read_dir(former().join("fixtures")).expect("forms") {
        for (path, _) in contents(&form.expect("a form").path()) {
            let fixture = Fixture::load(std::slice::from_ref(&path)).and_then(|fixture| fixture.check());
            assert!(fixture.is_ok(), "{}: {fixture:?}", path.display());
            read += 1;
        }
    }
    assert!(read >= 10, "{read} were read");
}

/// Whether a state says all that another does, and perhaps more.
fn states(more: &Value, less: &Value) -> bool {
    match (more, less) {
        (Value::Object(more), Value::Object(less)) => {
            let has = |(key, less)| more.get(key).is_some_and(|more| states(more, less));
            less.iter().all(has)
        }
        (Value::Array(more), Value::Array(less)) => {
            more.len() == less.len() && more.iter().zip(less).all(|(more, less)| states(more, less))
        }
        (more, less) => more == less,
    }
}

#[tokio::test]
async fn folders_of_former_forms_are_read() {
    for form in fs::read_dir(former().join("folders")).expect("forms") {
        let form = form.expect("a form").path();
        let home = Home::new();
        fs::create_dir_all(home.state()).expect("a folder");
        for (path, bytes) in contents(&form.join("state")) {
            fs::write(home.state().join(path.file_name().expect("a name")), bytes).expect("a copy");
        }
        let came_to = fs::read(form.join("comes-to.json")).expect("what it comes to");
        let came_to: Value = serde_json::from_slice(&came_to).expect("JSON");
        let app = start(&home);
        let read = state(&app).await;
        assert!(
            states(&read, &came_to),
            "{}:\n{read:#}\nis not\n{came_to:#}",
            form.display()
        );
        app.emulator.reset().expect("its seed is read too");
    }
}
