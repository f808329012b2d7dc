//! Accounts that come and go while the server runs, and the keys that they lend: where the state is kept, each is
//! recorded first, in the stream of its account.

use super::World;
use crate::accounts::{Account, Credential, NewAccount, Number, Unfit};
use crate::cloud::Millis;
use crate::command::Command;
use crate::fixture;
use crate::store::Unrecorded;

impl World {
    /// Adds an account that is made; `false` where another has been made meanwhile and the number is not the next any
    /// more.
    pub(crate) fn add_made(&self, new: NewAccount, number: Number) -> Result<bool, Unfit> {
        let Some(keeping) = self.keeping.get() else {
            return self.accounts.add_made(new, number, |_| Ok(None));
        };
        let ended = keeping.members();
        self.accounts.add_made(new, number, |new| {
            let (at, command) = beginning(new, number.count)?;
            let recorder = self.recorder(keeping, new.cloud.account.app_id, *ended);
            recorder.record(at, 0, &command)?;
            Ok(Some(recorder))
        })
    }

    /// Puts an account in the place of the one with its AppId. Calls under way end on the old one.
    pub(crate) fn replace_account(&self, new: NewAccount) -> Result<(), Unfit> {
        let Some(keeping) = self.keeping.get() else {
            return self.accounts.replace(new, |_| Ok(None));
        };
        let ended = keeping.members();
        self.accounts.replace(new, |new| {
            let app_id = new.cloud.account.app_id;
            let (at, command) = beginning(new, 0)?;
            let old = self.accounts.get(app_id);
            if let Some(recorder) = old.as_ref().and_then(|old| old.recorder()) {
                return recorder.hand_over(at, &command).map(Some);
            }
            let recorder = self.recorder(keeping, app_id, *ended);
            recorder.record(at, 0, &command)?;
            Ok(Some(recorder))
        })
    }

    /// Ends an account; whether there was one.
    pub(crate) fn end_account(&self, app_id: u64) -> Result<bool, Unrecorded> {
        let Some(keeping) = self.keeping.get() else {
            return Ok(self.accounts.remove(app_id));
        };
        let mut ended = keeping.members();
        if let Some(account) = self.accounts.get(app_id) {
            end(&account, &mut ended)?;
        }
        Ok(self.accounts.remove(app_id))
    }

    /// Ends the accounts and temporary keys whose time is up; the second of real time in which the next will be.
    pub(crate) fn sweep(&self) -> Option<i64> {
        let now_s = self.clock.real_now().div_euclid(1_000);
        let Some(keeping) = self.keeping.get() else {
            return self.accounts.sweep(now_s, |_| Ok(()));
        };
        let mut ended = keeping.members();
        self.accounts.sweep(now_s, |account| end(account, &mut ended))
    }

    /// Adds a temporary key to an account.
    pub(super) fn lend(&self, account: &Account, key: Credential) -> Result<(), Unrecorded> {
        if let Some(keeping) = self.keeping.get() {
            let _members = keeping.members();
            // The key goes to what stands there now.
            let Some(account) = self.accounts.get(account.app_id) else {
                return Ok(());
            };
            let stated = stated(&fixture::key_alone(&account.as_left(), &key))?;
            if let Some(recorder) = account.recorder() {
                recorder.record(account.clock.now(), 0, &Command::Lend(stated))?;
            }
            self.accounts.lend(&account, key);
            return Ok(());
        }
        self.accounts.lend(account, key);
        Ok(())
    }
}

/// Records that an account ends, and how far its stream came.
fn end(account: &Account, ended: &mut u64) -> Result<(), Unrecorded> {
    if let Some(recorder) = account.recorder() {
        let last = recorder.finish(account.clock.now(), &Command::End)?;
        *ended = last.max(*ended);
    }
    Ok(())
}

/// What records that an account begins as that, and when that is. `made` is how many had been made with it, if it was.
fn beginning(new: &NewAccount, made: u64) -> Result<(Millis, Command), Unrecorded> {
    let stated = stated(&fixture::account_alone(new, made))?;
    Ok((new.cloud.advanced_to, Command::Begin(stated)))
}

fn stated(fixture: &fixture::Snapshot) -> Result<serde_json::Value, Unrecorded> {
    serde_json::to_value(fixture).map_err(|error| Unrecorded::new(error.to_string()))
}
