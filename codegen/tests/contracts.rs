//! Contracts that are wrong are refused with a sentence; contracts of several services live side by side.

use std::fs;
use std::path::{Path, PathBuf};

use crs_local_codegen::generate;

const REDIS: &str = r#"{"service":"redis","version":"2018-04-12",
  "actions":{"OpenThing":{"input":[{"name":"Part","type":"Part"}],"output":[],"errors":["FailedOperation.A"]}},
  "objects":{"Part":[{"name":"Type","type":"[String]","required":true}]}}"#;
const TAG: &str = r#"{"service":"tag","version":"2018-08-13",
  "actions":{"OpenThing":{"input":[],"output":[{"name":"Part","type":"[Part]"}],"errors":["FailedOperation.A"]}},
  "objects":{"Part":[{"name":"IPv6","type":"Float","nullable":true}]}}"#;
const FACTS: &str = r#"{"families":{"of":{"Things":["OpenThing"]}},"rate_limit":{"default":20,"except":{}},
  "region":{"default":"required","except":{}},
  "rooms":{"of":{"life":["OpenThing"]}},"flows":{"of":{"passes":["OpenThing"]}},
  "resource":{"instance":{},"any":{"none":{"actions":["OpenThing"]}}}}"#;

/// A folder of its own for each test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Self(std::env::temp_dir().join(format!("crs-local-codegen-{}-{name}", std::process::id())));
        fs::create_dir_all(&folder.0).unwrap_or_else(|e| panic!("{}: {e}", folder.0.display()));
        folder.put("redis-2018-04-12.json", REDIS);
        folder.put("overrides.json", "{}");
        folder.put("common-codes.json", r#"{"codes":["InternalError"]}"#);
        folder.put("facts.json", &folder.facts());
        folder
    }

    fn facts(&self) -> String {
        format!(r#"{{"redis/2018-04-12":{FACTS},"tag/2018-08-13":{FACTS}}}"#)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap_or_else(|e| panic!("{name}: {e}"));
    }

    fn file(&self, name: &str) -> String {
        let files = generate(&self.0).unwrap_or_else(|fault| panic!("{fault}"));
        files
            .into_iter()
            .find(|file| file.path.rsplit('/').next() == Some(name))
            .map(|file| file.text)
            .unwrap_or_default()
    }

    fn fault(&self) -> String {
        generate(&self.0).err().unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(Path::new(&self.0));
    }
}

#[test]
fn what_only_looks_cannot_change_the_cloud() {
    let folder = Folder::new("reads");
    assert!(
        folder
            .file("dispatch.rs")
            .contains("ActionId::OpenThing => Behaviour::Writes(")
    );
    for (file, text) in [("redis-2018-04-12.json", REDIS), ("facts.json", &folder.facts())] {
        folder.put(file, &text.replace("OpenThing", "DescribeThing"));
    }
    assert!(
        folder
            .file("dispatch.rs")
            .contains("ActionId::DescribeThing => Behaviour::Reads(")
    );
}

#[test]
fn names_that_services_share_get_the_service_in_front() {
    let folder = Folder::new("services");
    assert!(folder.file("input.rs").contains("pub part: Option<Part>"));
    folder.put("tag-2018-08-13.json", TAG);
    let text = folder.file("input.rs");
    assert!(
        text.contains("pub struct RedisOpenThing") && text.contains("pub struct TagOpenThing {}"),
        "{text}"
    );
    assert!(
        text.contains("pub part: Option<RedisPart>") && text.contains("pub r#type: Vec<String>"),
        "{text}"
    );
    let text = folder.file("output.rs");
    assert!(
        text.contains("pub part: Vec<TagPart>") && text.contains("pub ipv6: Option<f64>"),
        "{text}"
    );
    assert!(folder.file("dispatch.rs").contains("actions::life::tag_open_thing"));
    folder.put("tag-2018-08-13.json", &TAG.replace("2018-08-13", "2018-04-12"));
    folder.put(
        "facts.json",
        &format!(r#"{{"redis/2018-04-12":{FACTS},"tag/2018-04-12":{FACTS}}}"#),
    );
    assert!(
        folder.fault().contains("OpenThing: two contracts of one version"),
        "{}",
        folder.fault()
    );
}

#[test]
fn an_override_takes_effect_or_is_refused() {
    let folder = Folder::new("overrides");
    let lay = |row: &str| folder.put("overrides.json", &format!(r#"{{"redis/2018-04-12":[{row}]}}"#));
    lay(r#"{"action":"OpenThing","codes":null,"source":"s","reason":"r"}"#);
    assert!(folder.file("actions.rs").contains("codes: None"));
    lay(r#"{"object":"Part","member":"Type","set":{"type":"Integer"},"source":"s","reason":"r"}"#);
    assert!(folder.file("input.rs").contains("pub r#type: i64"));
    lay(r#"{"action":"OpenThing","in":"input","member":"Part","set":{"required":true},"source":"s","reason":"r"}"#);
    assert!(folder.file("input.rs").contains("pub part: Part"));
    for (row, fault) in [
        (r#"{"action":"OpenThing","codes":null,"source":"s"}"#, "reason"),
        (
            r#"{"action":"OpenThing","codes":["FailedOperation.A"],"source":"s","reason":"r"}"#,
            "changes nothing",
        ),
        (
            r#"{"action":"CloseThing","codes":null,"source":"s","reason":"r"}"#,
            "no such action",
        ),
        (
            r#"{"object":"Part","member":"X","set":{"type":"Integer"},"source":"s","reason":"r"}"#,
            "no such member",
        ),
    ] {
        lay(row);
        assert!(folder.fault().contains(fault), "{row}: {}", folder.fault());
    }
}

#[test]
fn slips_of_the_pen_are_refused_with_their_place() {
    for (file, text, fault) in [
        (
            "redis-2018-04-12.json",
            REDIS.replace(r#"["FailedOperation.A"]"#, "[]"),
            "unknown, or none?",
        ),
        (
            "redis-2018-04-12.json",
            REDIS.replace(r#""type":"Part""#, r#""type":"Prat""#),
            "no object is named Prat",
        ),
        (
            "redis-2018-04-12.json",
            REDIS.replace(
                r#"{"name":"Part","type":"Part"}"#,
                r#"{"name":"VpcID","type":"String"},{"name":"VpcId","type":"String"}"#,
            ),
            "both vpc_id",
        ),
        (
            "facts.json",
            format!(r#"{{"tag/2018-08-13":{FACTS}}}"#),
            "nothing about redis/2018-04-12",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replace(r#""except":{}"#, r#""except":{"Ghost":{"value":1}}"#)
            ),
            "no action is named Ghost",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replace(r#""required""#, r#""sometimes""#)
            ),
            "region: none of required, optional, ignored",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replacen('{', r#"{"only":{"actions":["CloseThing"]},"#, 1)
            ),
            "only: it leaves out OpenThing",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replacen('{', r#"{"only":{"actions":["OpenThing","CloseThing"]},"#, 1)
            ),
            "no action is named CloseThing",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replace(r#""passes":["OpenThing"]"#, "")
            ),
            "flows: OpenThing has behaviour and is in no list",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replace(r#""passes""#, r#""ignores""#)
            ),
            "flows: none of shows, ends, passes",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replace(r#""life":["OpenThing"]"#, "")
            ),
            "OpenThing: facts.json: rooms: it is in no room",
        ),
        (
            "facts.json",
            format!(r#"{{"redis/2018-04-12":{}}}"#, FACTS.replace(r#""life""#, r#""attic""#)),
            "OpenThing: facts.json: rooms: there is no room \"attic\"",
        ),
        (
            "facts.json",
            format!(
                r#"{{"redis/2018-04-12":{}}}"#,
                FACTS.replace(r#""life":["OpenThing"]"#, r#""life":["OpenThing","CloseThing"]"#)
            ),
            "no action is named CloseThing",
        ),
        ("facts.json", "{".to_owned(), "facts.json"),
        (
            "common-codes.json",
            r#"{"codes":["FailedOperationA"]}"#.to_owned(),
            "one name in Rust",
        ),
    ] {
        let folder = Folder::new("slips");
        folder.put(file, &text);
        assert!(
            folder.fault().contains(fault),
            "{file}: expected {fault:?}, got {:?}",
            folder.fault()
        );
    }
}
