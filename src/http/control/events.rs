//! A stream of what changes, as server-sent events.
//!
//! Calls are told as they are answered. What they and time change of instances and flows is found by looking at the
//! accounts now and then, also at what is due; that is no look that a flow would be shown by.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use futures_util::stream;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};
use tokio::time::Interval;

use super::account::OfAccount;
use super::answer::{Answer, Shared};
use crate::accounts::Account;
use crate::aside::aside;
use crate::clock::{CloudTime, Stopwatch};
use crate::cloud::{Cloud, Millis, TaskId, TaskResult, ids};
use crate::emulator::Emulator;
use crate::events::{Event, Heard, Listener, WAITING_MAX};
use crate::fixture::rfc3339;
use crate::world::World;

/// How often a stream says that it is still there.
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// How often it looks for what has changed by itself.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How soon it looks once a call may have changed something.
const LOOK_SOON: Duration = Duration::from_millis(10);
/// So many times as long as a look took is the pause before the next at least: no stream takes more than a tenth of a
/// core.
const PAUSE_OF_A_LOOK: u32 = 10;
/// So many changes of one look are told one by one.
const CHANGES_MAX: usize = 1_024;

pub(super) async fn events(State(emulator): Shared, uri: http::Uri) -> Answer {
    let (of, world) = (OfAccount::read(&uri)?, emulator.world());
    let of = aside(move || of.accounts(&world).map(|_| of)).await?;
    let mut watch = Watch::begin(emulator, of);
    // What the stream then tells is what has changed since it was opened.
    watch.look().await;
    let chunks = stream::unfold(watch, async |mut watch| {
        let chunk = watch.next().await?;
        Some((Ok::<_, Infallible>(chunk), watch))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    let stream = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(CONTENT_TYPE, stream);
    Ok(response)
}

/// An event of this name, as a stream has it.
fn event(name: &str, data: &Value) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

/// A stream under way.
struct Watch {
    emulator: Arc<Emulator>,
    of: Arc<OfAccount>,
    listener: Listener,
    /// What is to be sent.
    ready: VecDeque<Bytes>,
    /// What the last look saw.
    seen: Option<Seen>,
    looks: Interval,
    /// Whether the next look is to come before its time.
    is_stirred: bool,
    comments: Interval,
    /// How long to wait before a look, by how long the last one took.
    pause: Duration,
}

impl Watch {
    fn begin(emulator: Arc<Emulator>, of: OfAccount) -> Self {
        Self {
            listener: emulator.events.listen(),
            emulator,
            of: Arc::new(of),
            ready: VecDeque::new(),
            seen: None,
            looks: tokio::time::interval(LOOK_EVERY),
            is_stirred: false,
            comments: tokio::time::interval(COMMENT_EVERY),
            pause: Duration::ZERO,
        }
    }

    /// The next piece of the stream; `None` once it ends.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(chunk) = self.ready.pop_front() {
                return Some(chunk);
            }
            tokio::select! {
                // What has its time comes first, however many calls there are.
                biased;
                _ = self.comments.tick() => return Some(Bytes::from_static(b": this stream is open\n\n")),
                _ = self.looks.tick() => self.look().await,
                heard = self.listener.next() => if !self.take(heard) {
                    return None;
                },
            }
        }
    }

    /// Takes in what was heard; whether the stream goes on.
    fn take(&mut self, heard: Heard) -> bool {
        match heard {
            Heard::Event(event) => self.hear(&event),
            Heard::Missed(missed) => {
                self.ready.push_back(missed_events(missed));
                self.stir();
            }
            Heard::Stopped => return false,
        }
        true
    }

    fn hear(&mut self, heard: &Event) {
        match heard {
            Event::Called(called) => {
                if self.of.takes(called.app_id) {
                    let call = json!({
                        "AppId": called.app_id,
                        "Action": called.action,
                        "Region": called.region,
                        "Code": called.code.map(|code| code.as_str()),
                        "RequestId": called.request_id,
                    });
                    self.ready.push_back(event("call", &call));
                }
                self.stir();
            }
            Event::Replaced(by) => {
                // All is another state: what differs is not told one by one.
                self.seen = None;
                self.ready.push_back(event("state", &json!({ "By": by })));
                self.stir();
            }
            Event::Stirred => self.stir(),
        }
    }

    fn stir(&mut self) {
        if !self.is_stirred {
            self.is_stirred = true;
            self.looks.reset_after(self.pause.max(LOOK_SOON));
        }
    }

    async fn look(&mut self) {
        // A call is told before what it has changed.
        for _ in 0..WAITING_MAX {
            let Some(heard) = self.listener.heard_by_now() else {
                break;
            };
            self.take(heard);
        }
        let stopwatch = Stopwatch::start();
        let (world, of, before) = (self.emulator.world(), Arc::clone(&self.of), self.seen.take());
        let (seen, changes) = aside(move || {
            let seen = Seen::of(world, &of);
            let before = before.filter(|before| Arc::ptr_eq(&before.world, &seen.world));
            let changes = before.map(|before| seen.since(&before)).unwrap_or_default();
            (seen, changes)
        })
        .await;
        let untold = changes.len().saturating_sub(CHANGES_MAX);
        self.ready.extend(changes.into_iter().take(CHANGES_MAX));
        if untold > 0 {
            self.ready.push_back(missed_events(untold as u64));
        }
        self.seen = Some(seen);
        self.is_stirred = false;
        self.pause = stopwatch.elapsed() * PAUSE_OF_A_LOOK;
        self.looks.reset_after(self.pause.max(LOOK_EVERY));
    }
}

/// So many events were not told.
fn missed_events(missed: u64) -> Bytes {
    event("missed", &json!({ "Missed": missed }))
}

/// What a look saw: pictures, which share with the clouds what has not changed since.
struct Seen {
    world: Arc<World>,
    /// How the server's clock runs, or that of the one account that is listened for, and what it shows.
    time: CloudTime,
    now: Millis,
    clouds: BTreeMap<u64, Cloud>,
}

impl Seen {
    fn of(world: Arc<World>, of: &OfAccount) -> Self {
        let own = of.one(&world).ok().flatten();
        let clock = own.as_ref().map_or(&*world.clock, |account| &account.clock);
        let accounts = of.accounts(&world).unwrap_or_default();
        let picture = |account: Arc<Account>| (account.app_id, account.picture().0);
        Self {
            time: clock.time(),
            now: clock.now(),
            clouds: accounts.into_iter().map(picture).collect(),
            world,
        }
    }

    /// What has changed, as events.
    fn since(&self, before: &Self) -> Vec<Bytes> {
        let mut changes = Vec::new();
        if self.time != before.time {
            let (mode, now) = (self.time.mode(), self.now);
            changes.push(event("clock", &json!({ "Mode": mode, "Now": rfc3339(now) })));
        }
        let comes_or_goes = |app_id: &u64, is: &str| event("account", &json!({ "AppId": app_id, "Is": is }));
        let gone = before.clouds.keys().filter(|app_id| !self.clouds.contains_key(app_id));
        changes.extend(gone.map(|app_id| comes_or_goes(app_id, "ended")));
        let new = self.clouds.keys().filter(|app_id| !before.clouds.contains_key(app_id));
        changes.extend(new.map(|app_id| comes_or_goes(app_id, "made")));
        for (app_id, cloud) in &self.clouds {
            if let Some(before) = before.clouds.get(app_id) {
                flows_since(*app_id, before, cloud, &mut changes);
                statuses_since(*app_id, before, cloud, &mut changes);
            }
        }
        changes
    }
}

/// Tasks from the newest on, those of daily backups excepted: no flow makes these, and their numbers are above all
/// others.
fn drawn(cloud: &Cloud) -> impl Iterator<Item = TaskId> {
    let all = cloud.tasks.iter().rev().map(|(id, _)| *id);
    all.skip_while(|id| ids::is_daily_task(*id))
}

/// Flows that have begun or ended: those of new tasks, and those that were under way and are no more.
fn flows_since(app_id: u64, before: &Cloud, cloud: &Cloud, changes: &mut Vec<Bytes>) {
    let mut tell = |id: TaskId, is: &str| {
        let Some(task) = cloud.tasks.get(&id) else { return };
        let flow = json!({
            "AppId": app_id,
            "Id": id.0,
            "InstanceId": task.instance_id.as_str(),
            "TaskType": task.kind.code(),
            "Is": is,
        });
        changes.push(event("flow", &flow));
    };
    let ended = |id: TaskId| match cloud.tasks.get(&id).map(|task| task.result) {
        Some(TaskResult::Failed) => "failed",
        _ => "ended",
    };
    let over = before.flows.values().filter(|flow| cloud.flows.get(flow.id).is_none());
    over.for_each(|flow| tell(flow.id, ended(flow.id)));
    let known = drawn(before).next();
    let newer = drawn(cloud).take_while(|id| known.is_none_or(|known| *id > known));
    let newer: Vec<_> = newer.collect();
    for id in newer.into_iter().rev() {
        tell(id, "begun");
        if cloud.flows.get(id).is_none() {
            tell(id, ended(id));
        }
    }
}

/// Instances that show another status, are new or gone.
fn statuses_since(app_id: u64, before: &Cloud, cloud: &Cloud, changes: &mut Vec<Bytes>) {
    let mut tell = |id: &str, was: Option<i64>, status: Option<i64>| {
        let instance = json!({ "AppId": app_id, "InstanceId": id, "Was": was, "Status": status });
        changes.push(event("instance", &instance));
    };
    // Both go by id.
    let mut old = before.instances.values().peekable();
    for instance in cloud.instances.values() {
        while let Some(gone) = old.next_if(|old| old.id < instance.id) {
            tell(gone.id.as_str(), Some(gone.status.number()), None);
        }
        let status = instance.status.number();
        let was = old.next_if(|old| old.id == instance.id).map(|old| old.status.number());
        if was != Some(status) {
            tell(instance.id.as_str(), was, Some(status));
        }
    }
    for gone in old {
        tell(gone.id.as_str(), Some(gone.status.number()), None);
    }
}
