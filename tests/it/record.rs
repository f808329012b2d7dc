//! Writes down what the tests state and send, so that `tests/differential/run` can give it to two servers. It happens
//! only where the variable `CRS_LOCAL_RECORD` names a folder:
//!
//! - `sessions/` has a file for each emulator, a line for each event of its life, the first its [`Start`];
//! - `checked/` has every fixture whose faults a test looks at, `imported/` every text that is imported.

use std::cell::Cell;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Mutex;

use clap::ValueEnum;
use crs_local::Config;
use crs_local::assume::{ASSUMPTIONS, Choice};
use serde::{Deserialize, Serialize};

/// A longer request is left out: that it is too long is all that a test has to say with it.
const REQUEST_BYTES_MAX: usize = 1 << 20;

/// How an emulator is started.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) flags: Vec<String>,
    pub(crate) fixture: String,
}

/// What happens to an emulator.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Event {
    /// A request comes; each character stands for a byte.
    Request(String),
    /// Real time becomes this, in milliseconds since 1970.
    Now(i64),
    Reset,
}

/// Whether the answer tells how long calls took, or waits for one: it is never the same twice.
fn asks_for_real_time(request: &str) -> bool {
    request.contains(" /_crs/requests") || request.contains(" /_crs/events")
}

impl Event {
    pub(crate) fn request(bytes: &[u8]) -> Self {
        Self::Request(bytes.iter().copied().map(char::from).collect())
    }
}

/// The bytes of [`Event::Request`].
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let byte = |c| u8::try_from(u32::from(c)).unwrap_or_else(|_| panic!("{c} stands for no byte"));
    text.chars().map(byte).collect()
}

/// The life of one emulator, on its way to a file.
#[derive(Debug)]
pub(crate) struct Recorder(Mutex<BufWriter<File>>);

impl Recorder {
    /// `None` where nothing is recorded.
    pub(crate) fn start(config: &Config, fixture: &str) -> Option<Self> {
        let file = create("sessions", "jsonl")?;
        let start = Start {
            flags: flags(config),
            fixture: fixture.to_owned(),
        };
        let recorder = Self(Mutex::new(BufWriter::new(file)));
        recorder.line(&start);
        Some(recorder)
    }

    pub(crate) fn note(&self, event: &Event) {
        if !matches!(event, Event::Request(text) if text.len() > REQUEST_BYTES_MAX || asks_for_real_time(text)) {
            self.line(event);
        }
    }

    fn line(&self, line: &impl Serialize) {
        let mut file = self.0.lock().expect("no test has panicked meanwhile");
        serde_json::to_writer(&mut *file, line).expect("the disk takes it");
        file.write_all(b"\n").expect("the disk takes it");
    }
}

/// Writes down a fixture whose faults a test looks at.
pub(crate) fn checked(text: &[u8]) {
    write("checked", text);
}

/// Writes down a text that a test imports.
pub(crate) fn imported(text: &[u8]) {
    write("imported", text);
}

fn write(kind: &str, text: &[u8]) {
    if let Some(mut file) = create(kind, "json") {
        file.write_all(text).expect("the disk takes it");
    }
}

/// A new file, named after the test that runs on this thread.
fn create(kind: &str, extension: &str) -> Option<File> {
    thread_local!(static FILES: Cell<usize> = const { Cell::new(0) });
    let folder = PathBuf::from(std::env::var_os("CRS_LOCAL_RECORD")?).join(kind);
    fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("unnamed").replace("::", ".");
    loop {
        let number = FILES.replace(FILES.get() + 1);
        let path = folder.join(format!("{test}-{number:04}.{extension}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Some(file),
            // Threads that run several tests share a name.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }
}

/// The flags that make these settings, but for the limits of calls and of time, which go by real time, the seed, and
/// what is about HTTPS and the names of hosts.
fn flags(config: &Config) -> Vec<String> {
    let word = |value: Option<clap::builder::PossibleValue>| value.expect("a value").get_name().to_owned();
    let mut flags = vec![
        format!("--auth={}", word(config.auth.to_possible_value())),
        format!("--pace={}", word(config.pace.to_possible_value())),
        format!("--flow-time={}", humantime::format_duration(config.flow_time)),
    ];
    if let Some(token) = &config.control_token {
        flags.push(format!("--control-token={}", String::from_utf8_lossy(token.as_bytes())));
    }
    let choices = ASSUMPTIONS.iter().flat_map(|row| {
        let named = |choice| format!("{}={choice}", row.name);
        row.choices.iter().map(named)
    });
    let is_made = |choice: &String| {
        choice
            .parse::<Choice>()
            .is_ok_and(|choice| config.assume.contains(&choice))
    };
    flags.extend(choices.filter(is_made).map(|choice| format!("--assume={choice}")));
    flags
}
