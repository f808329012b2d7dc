//! The journal: shown, waited for, held against what was expected, forgotten.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use super::answer::{Answer, ControlResult, Shared, Whole, Wrong, answer, ok, read};
use crate::aside::aside;
use crate::emulator::Emulator;
use crate::events::Heard;
use crate::fixture::body_fault;
use crate::http::form;
use crate::journal::{self, Expectation, Filter, Picture, Record};
use crate::quote::quoted;
use crate::world::World;

/// The longest wait for a call.
const TIMEOUT_MAX: Duration = Duration::from_secs(60);
/// A call that waits looks no more often than that, however many calls come.
const LOOK_PAUSE: Duration = Duration::from_millis(2);

/// What `GET /_crs/requests` is asked for.
#[derive(Default)]
struct Asked {
    filter: Filter,
    /// The latest so many alone.
    limit: Option<usize>,
    /// Their number alone.
    counts: bool,
    /// How long to wait until there is one.
    timeout: Option<Duration>,
}

/// What it is answered.
#[derive(Serialize)]
#[serde(untagged)]
enum Found {
    Counted {
        #[serde(rename = "Count")]
        count: usize,
    },
    Listed {
        #[serde(rename = "Requests")]
        requests: Vec<Record>,
    },
}

impl Found {
    fn is_none(&self) -> bool {
        match self {
            Self::Counted { count } => *count == 0,
            Self::Listed { requests } => requests.is_empty(),
        }
    }
}

/// The keys and values of a query, each key once.
fn pairs(uri: &http::Uri) -> ControlResult<Vec<(String, String)>> {
    let pairs = form::decode(uri.query().unwrap_or_default().as_bytes());
    let pairs = pairs.map_err(|_| Wrong::bad_request("the query is none; write KEY=VALUE&KEY=VALUE, in UTF-8"))?;
    let mut read: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        if read.iter().any(|(known, _)| *known == key) {
            return Err(wrong(&key, "is given more than once; give it once"));
        }
        read.push((key.into_owned(), value.into_owned()));
    }
    Ok(read)
}

/// What is wrong with a key of the query.
fn wrong(key: &str, message: &str) -> Wrong {
    Wrong::bad_request(format!("{}: {message}", quoted(key)))
}

fn filter(uri: &http::Uri) -> ControlResult<Filter> {
    let mut filter = Filter::default();
    for (key, value) in pairs(uri)? {
        filter.set(&key, &value).map_err(|message| wrong(&key, &message))?;
    }
    Ok(filter)
}

impl Asked {
    fn read(uri: &http::Uri) -> ControlResult<Self> {
        let mut asked = Self::default();
        for (key, value) in pairs(uri)? {
            let set = match key.as_str() {
                "Limit" => limit(&value).map(|limit| asked.limit = Some(limit)),
                "count" => counts(&value).map(|()| asked.counts = true),
                "timeout" => timeout(&value).map(|timeout| asked.timeout = Some(timeout)),
                _ => asked.filter.set(&key, &value).map_err(|message| {
                    message.replace(
                        "is no filter; give ",
                        "is no key of this query; give Limit, count, timeout, ",
                    )
                }),
            };
            set.map_err(|message| wrong(&key, &message))?;
        }
        if asked.counts && asked.limit.is_some() {
            return Err(wrong("Limit", "count=1 counts all that match; leave one of them out"));
        }
        Ok(asked)
    }

    /// What the picture holds of it.
    fn find(&self, picture: &Picture) -> Found {
        let meant = picture.calls().filter(|kept| self.filter.takes(*kept));
        if self.counts {
            return Found::Counted { count: meant.count() };
        }
        let meant: Vec<_> = meant.collect();
        let first = self.limit.map_or(0, |limit| meant.len().saturating_sub(limit));
        let requests = meant[first..].iter().map(|kept| kept.record()).collect();
        Found::Listed { requests }
    }
}

fn limit(value: &str) -> Result<usize, String> {
    let number = value.parse().ok().filter(|limit| *limit > 0);
    number.ok_or_else(|| format!("`{}` is no number of calls; give 1 or more", quoted(value)))
}

fn counts(value: &str) -> Result<(), String> {
    if value == "1" {
        return Ok(());
    }
    Err("only 1 is taken; give count=1 for the number alone, or leave it out".to_owned())
}

fn timeout(value: &str) -> Result<Duration, String> {
    let timeout = humantime::parse_duration(value)
        .ok()
        .filter(|timeout| *timeout <= TIMEOUT_MAX);
    timeout.ok_or_else(|| {
        format!(
            "`{}` is no duration of at most 60 s; give one, as 5s or 500ms",
            quoted(value)
        )
    })
}

/// The world, if it keeps a journal.
fn world(emulator: &Emulator) -> ControlResult<Arc<World>> {
    let world = emulator.world();
    if world.journal.is_on() {
        return Ok(world);
    }
    let message = "the journal is off; start with --journal and a number of calls, or without it";
    Err(Wrong(StatusCode::CONFLICT, message.to_owned()))
}

pub(super) async fn requests(State(emulator): Shared, uri: http::Uri) -> Answer {
    let asked = Arc::new(Asked::read(&uri)?);
    let mut world = world(&emulator)?;
    let mut listener = asked.timeout.map(|_| emulator.events.listen());
    let mut timeout = Box::pin(tokio::time::sleep(asked.timeout.unwrap_or_default()));
    let mut seen_id = 0;
    loop {
        let (looks_in, looks_for) = (Arc::clone(&world), Arc::clone(&asked));
        let (found, is_none, last_id) = aside(move || {
            // Those before were no match.
            let picture = looks_in.journal.picture_after(seen_id);
            let found = looks_for.find(&picture);
            (ok(&found), found.is_none(), picture.last_id())
        })
        .await;
        let Some(listener) = listener.as_mut().filter(|_| is_none) else {
            return found;
        };
        seen_id = last_id;
        tokio::select! {
            heard = listener.next() => if matches!(heard, Heard::Stopped) {
                let message = "the server stops; ask the next one";
                return Err(Wrong(StatusCode::SERVICE_UNAVAILABLE, message.to_owned()));
            },
            () = &mut timeout => return found,
        }
        tokio::time::sleep(LOOK_PAUSE).await;
        let now = emulator.world();
        if !Arc::ptr_eq(&now, &world) {
            (world, seen_id) = (now, 0);
        }
    }
}

pub(super) async fn forget_requests(State(emulator): Shared, uri: http::Uri) -> Answer {
    let (filter, world) = (filter(&uri)?, world(&emulator)?);
    let are_all_meant = uri.query().is_none_or(str::is_empty);
    aside(move || {
        if are_all_meant {
            world.journal.clear();
        } else {
            world.journal.forget(|kept| filter.takes(kept));
        }
        ok(&json!({}))
    })
    .await
}

pub(super) async fn verify_requests(State(emulator): Shared, uri: http::Uri, body: ControlResult<Whole>) -> Answer {
    let (filter, expectation) = (filter(&uri)?, read::<Expectation>(body)?);
    let world = world(&emulator)?;
    aside(move || {
        let verified = journal::verify(expectation, &filter, &world.journal.picture());
        match verified.map_err(|(key, message)| body_fault(&key, message))? {
            None => ok(&json!({ "Verified": true })),
            Some(failure) => Ok(answer(StatusCode::CONFLICT, &failure)),
        }
    })
    .await
}
