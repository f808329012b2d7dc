//! One instance: shown, waited for, changed; its workload.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use http::{StatusCode, Uri};
use serde_json::Value;

use super::account::{OfAccount, owner_of, read_app_id};
use super::answer::{Answer, ControlResult, Named, Shared, Whole, Wrong, ok, read};
use crate::accounts::Account;
use crate::aside::aside;
use crate::clock::ClockMode;
use crate::cloud::advance;
use crate::cloud::life::look;
use crate::command::Command;
use crate::fixture::{self, Wanted};
use crate::http::form;
use crate::quote::quoted;
use crate::world::World;

pub(super) async fn patch_instance(
    State(emulator): Shared,
    uri: Uri,
    instance_id: Named,
    body: ControlResult<Whole>,
) -> Answer {
    let Path(instance_id) = instance_id?;
    let of = OfAccount::read(&uri)?;
    let change: Value = read(body)?;
    let world = emulator.world();
    aside(move || {
        let account = owner_of(&of, &world, &instance_id)?;
        let instance = instance_id;
        let done = world.carry_out(&account, Command::PatchInstance { instance, change })?;
        ok(&done.patched().transpose()?)
    })
    .await
}

/// What a call about one instance asks for in its query.
struct Asked {
    of: OfAccount,
    wait: Option<(Wanted, Duration)>,
}

impl Asked {
    fn read(uri: &Uri) -> ControlResult<Self> {
        let query = uri.query().unwrap_or_default().as_bytes();
        let pairs = form::decode(query).map_err(|fault| Wrong::bad_request(format!("the query: {fault}")))?;
        let (mut app_id, mut wanted, mut timeout) = (None, None, None);
        for (key, value) in &pairs {
            let twice = match key.as_ref() {
                "AppId" => app_id.replace(read_app_id(value)?).is_some(),
                "wait" => wanted.replace(Wanted::read(value)?).is_some(),
                "timeout" => timeout.replace(read_timeout(value)?).is_some(),
                _ => {
                    let message = "the query takes AppId, wait and timeout alone; leave the rest out";
                    return Err(Wrong::bad_request(message));
                }
            };
            if twice {
                let message = format!("{key}: stands in the query twice; keep one of them");
                return Err(Wrong::bad_request(message));
            }
        }
        if timeout.is_some() && wanted.is_none() {
            let message = "timeout: says nothing without wait; give that too, as wait=Status=2";
            return Err(Wrong::bad_request(message));
        }
        Ok(Self {
            of: OfAccount::new(app_id),
            wait: wanted.map(|wanted| (wanted, timeout.unwrap_or(TIMEOUT))),
        })
    }
}

/// For how long is waited where the call does not say.
const TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT_MAX: Duration = Duration::from_secs(60);

fn read_timeout(text: &str) -> ControlResult<Duration> {
    match humantime::parse_duration(text) {
        Ok(timeout) if timeout <= TIMEOUT_MAX => Ok(timeout),
        _ => Err(Wrong::bad_request(format!(
            "timeout: `{}` is no time that is waited for; give 0s to 60s, as 5s or 500ms",
            quoted(text)
        ))),
    }
}

/// One instance as a fixture shows it. Its status is there to be seen, so this is a look.
pub(super) async fn instance(State(emulator): Shared, uri: Uri, instance_id: Named) -> Answer {
    let Path(instance_id) = instance_id?;
    let Asked { of, wait } = Asked::read(&uri)?;
    let world = emulator.world();
    let found = Arc::clone(&world);
    let id = instance_id.clone();
    let account = aside(move || owner_of(&of, &found, &id)).await?;
    let Some((wanted, timeout)) = wait else {
        return aside(move || look(&world, &account, &instance_id, None).answer).await;
    };
    wait_for(&world, &account, instance_id, Arc::new(wanted), timeout).await
}

/// Looks whenever something may have changed, and holds no thread and no lock meanwhile.
async fn wait_for(
    world: &Arc<World>,
    account: &Arc<Account>,
    instance_id: String,
    wanted: Arc<Wanted>,
    timeout: Duration,
) -> Answer {
    let mut over = pin!(tokio::time::sleep(timeout));
    loop {
        let mut changed = pin!(account.changed());
        // From here on no change is missed.
        changed.as_mut().enable();
        let (world, account) = (Arc::clone(world), Arc::clone(account));
        let (id, key) = (instance_id.clone(), Arc::clone(&wanted));
        let looked = aside(move || look(&world, &account, &id, Some(&key))).await;
        let Some(found) = looked.found else {
            return looked.answer;
        };
        let due = async {
            match looked.next_in {
                Some(next_in) => tokio::time::sleep(next_in).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = &mut over => {
                let (key, value) = (wanted.key(), wanted.value());
                let message = format!(
                    "{key}: {instance_id} has {found} after {timeout:?}, and not {value}; wait longer, or do what \
                     brings that about (a manual clock stands until it is moved)"
                );
                return Err(Wrong(StatusCode::REQUEST_TIMEOUT, message));
            }
            () = changed => {}
            () = due => {}
        }
    }
}

/// What a look at an instance has come to.
struct Looked {
    answer: Answer,
    /// What the key is, where it is not as wanted.
    found: Option<Value>,
    /// How long it is until something becomes due by itself.
    next_in: Option<Duration>,
}

/// Looks at an instance, and tells the cloud, if it did not know, that it was seen. Takes its time.
fn look(world: &World, account: &Account, instance_id: &str, wanted: Option<&Wanted>) -> Looked {
    let (cloud, now) = account.read_in_time();
    let Some(of) = cloud.instances.get(instance_id) else {
        let gone = format!(
            "the instance {} is gone; GET /_crs/state lists them",
            quoted(instance_id)
        );
        return Looked {
            answer: Err(Wrong::not_found(gone)),
            found: None,
            next_in: None,
        };
    };
    let found = wanted.and_then(|wanted| wanted.holds(&cloud, of, now).err());
    let mut answer = ok(&fixture::show_instance(&cloud, of, now));
    let (mut next, unseen) = (advance::next_due(&cloud), look::is_unseen(&cloud, instance_id));
    drop(cloud);
    if unseen {
        let instance = instance_id.to_owned();
        let shown = world.carry_out(account, Command::Show { instance });
        answer = shown.map_err(Wrong::from).and(answer);
        next = advance::next_due(&account.as_left());
    }
    let next = next.filter(|_| account.clock.time().mode() == ClockMode::Real);
    Looked {
        answer,
        found,
        next_in: next.map(|at| Duration::from_millis(u64::try_from(at - now).unwrap_or(0).max(1))),
    }
}

/// Who does what on an instance; an empty object of one on which nobody does anything.
pub(super) async fn workload(State(emulator): Shared, uri: Uri, instance_id: Named) -> Answer {
    let Path(instance_id) = instance_id?;
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let account = owner_of(&of, &world, &instance_id)?;
        let shown = account
            .as_left()
            .instances
            .get(&instance_id)
            .map(fixture::show_workload);
        ok(&shown)
    })
    .await
}

pub(super) async fn put_workload(
    State(emulator): Shared,
    uri: Uri,
    instance_id: Named,
    body: ControlResult<Whole>,
) -> Answer {
    let Path(instance_id) = instance_id?;
    let of = OfAccount::read(&uri)?;
    let workload: Value = read(body)?;
    let world = emulator.world();
    aside(move || {
        let account = owner_of(&of, &world, &instance_id)?;
        let instance = instance_id;
        let done = world.carry_out(&account, Command::PutWorkload { instance, workload })?;
        ok(&done.patched().transpose()?)
    })
    .await
}
