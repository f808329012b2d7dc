//! Accounts: made, ended, changed; and whose a control call is: every account's, or that of its `?AppId=`.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Answer, ControlResult, Named, Shared, Whole, Wrong, ok, read};
use crate::accounts::Account;
use crate::aside::aside;
use crate::cloud::Cloud;
use crate::emulator::Unmade;
use crate::quote::quoted;
use crate::world::World;

/// The account that `?AppId=` holds a call to.
pub(super) struct OfAccount(Option<u64>);

impl OfAccount {
    /// A call that this account alone is asked by, or all.
    pub(super) fn new(app_id: Option<u64>) -> Self {
        Self(app_id)
    }

    pub(super) fn read(uri: &http::Uri) -> Result<Self, Wrong> {
        let mut app_id = None;
        let pairs = uri.query().unwrap_or_default().split('&');
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if key != "AppId" {
                return Err(Wrong::bad_request("the query takes AppId alone; leave the rest out"));
            }
            app_id = Some(read_app_id(value)?);
        }
        Ok(Self(app_id))
    }

    /// Whether it lets in what is of this account, or of none.
    pub(super) fn takes(&self, app_id: Option<u64>) -> bool {
        self.0.is_none() || self.0 == app_id
    }

    /// The one account that it is held to.
    pub(super) fn one(&self, world: &World) -> Result<Option<Arc<Account>>, Wrong> {
        self.0.map(|app_id| account_of(world, app_id)).transpose()
    }

    /// The accounts that it lets in.
    pub(super) fn accounts(&self, world: &World) -> Result<Vec<Arc<Account>>, Wrong> {
        match self.0 {
            None => {
                world.sweep();
                Ok(world.accounts.all())
            }
            Some(app_id) => Ok(vec![account_of(world, app_id)?]),
        }
    }

    /// Its AppId, if the call is held to one.
    pub(super) fn app_id(&self, world: &World) -> Result<Option<u64>, Wrong> {
        self.0
            .map(|app_id| account_of(world, app_id).map(|account| account.app_id))
            .transpose()
    }

    /// The only one of them that has it now, if one does; where several do, the call has to say which. Takes its time.
    pub(super) fn only(
        &self,
        world: &World,
        what: &str,
        has: impl Fn(&Cloud) -> bool,
    ) -> Result<Option<Arc<Account>>, Wrong> {
        let mut accounts = self.accounts(world)?;
        accounts.retain(|account| {
            account.catch_up();
            has(&account.as_left())
        });
        if accounts.len() > 1 {
            let ids: Vec<_> = accounts.iter().map(|of| of.app_id.to_string()).collect();
            let more = match ids.len().saturating_sub(NEAR_MOST) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            return Err(Wrong::bad_request(format!(
                "AppId: the accounts {}{more} have {what} each; say which by ?AppId=",
                ids[..ids.len().min(NEAR_MOST)].join(", ")
            )));
        }
        Ok(accounts.pop())
    }
}

/// The AppId that stands in the path or the query.
pub(super) fn read_app_id(text: &str) -> Result<u64, Wrong> {
    text.parse()
        .map_err(|_| Wrong::bad_request("AppId: is no AppId; give a number, as GET /_crs/state lists them"))
}

/// So many of the accounts that there are are named where another was meant.
const NEAR_MOST: usize = 10;

/// The account of that AppId.
pub(super) fn account_of(world: &World, app_id: u64) -> Result<Arc<Account>, Wrong> {
    world.sweep();
    world.accounts.get(app_id).ok_or_else(|| no_account(world, app_id))
}

/// There is none of that AppId; the nearest are named.
fn no_account(world: &World, app_id: u64) -> Wrong {
    let mut all: Vec<_> = world.accounts.all().iter().map(|of| of.app_id).collect();
    let count = all.len();
    all.sort_by_key(|of| of.abs_diff(app_id));
    all.truncate(NEAR_MOST);
    all.sort_unstable();
    let near: Vec<_> = all.iter().map(u64::to_string).collect();
    let which = if count > NEAR_MOST {
        format!(", {count} in all; the nearest are")
    } else {
        ":".to_owned()
    };
    Wrong::not_found(format!(
        "there is no account {app_id}; GET /_crs/state lists them{which} {}",
        near.join(", ")
    ))
}

/// The account that has the instance. Takes its time.
pub(super) fn owner_of(of: &OfAccount, world: &World, instance_id: &str) -> Result<Arc<Account>, Wrong> {
    let what = format!("an instance {instance_id}");
    let has = |cloud: &Cloud| cloud.instances.contains_key(instance_id);
    of.only(world, &what, has)?.ok_or_else(|| {
        Wrong::not_found(format!(
            "no account has an instance {}; GET /_crs/state lists them",
            quoted(instance_id)
        ))
    })
}

/// Makes an account of its own for whoever asks.
pub(super) async fn make_account(State(emulator): Shared, body: ControlResult<Whole>) -> Answer {
    let body = body?;
    aside(move || {
        emulator.world().sweep();
        let made = emulator.make_account(&body).map_err(Wrong::from)?;
        ok(&json!({
            "AppId": made.app_id,
            "Uin": made.uin,
            "SecretId": made.secret_id,
            "SecretKey": made.secret_key,
        }))
    })
    .await
}

pub(super) async fn end_account(State(emulator): Shared, app_id: Named) -> Answer {
    let app_id = read_app_id(&app_id?.0)?;
    let world = emulator.world();
    aside(move || {
        world.sweep();
        let first = world.accounts.anonymous();
        if first.is_some_and(|first| first.app_id == app_id) && world.accounts.get(app_id).is_some() {
            return Err(Wrong(
                StatusCode::CONFLICT,
                format!(
                    "account {app_id} is the first, which a caller without a known SecretId is taken for, and stays; \
                     POST /_crs/reset?AppId={app_id} puts it back"
                ),
            ));
        }
        if world.end_account(app_id)? {
            ok(&json!({}))
        } else {
            Err(no_account(&world, app_id))
        }
    })
    .await
}

impl From<Unmade> for Wrong {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Faults(faults) => Self::fixture(&faults),
            Unmade::TooMany => Self::bad_request(Unmade::too_many()),
            Unmade::NoSeed => Self(
                StatusCode::CONFLICT,
                "the account is not of the seed: PUT /_crs/state brought it, or it was made before this start; PUT /_crs/state \
                 can put it back"
                    .to_owned(),
            ),
            Unmade::Unrecorded(unrecorded) => unrecorded.into(),
        }
    }
}

pub(super) async fn patch_account(State(emulator): Shared, app_id: Named, body: ControlResult<Whole>) -> Answer {
    let app_id = read_app_id(&app_id?.0)?;
    let change: Value = read(body)?;
    let world = emulator.world();
    aside(move || {
        let account = account_of(&world, app_id)?;
        ok(&world.patch_account(&account, change)??)
    })
    .await
}
