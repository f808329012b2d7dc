//! Who may call, and the cloud that each account sees.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use dashmap::DashMap;

pub(crate) use account::{Account, Beginning, Behind, NewAccount, Picture, Reading, THINGS_MAX};
pub use credential::DEFAULT_KEY_PAIR;
pub(crate) use credential::{Credential, DEFAULT_APP_ID, DEFAULT_UIN};

use crate::clock::CloudClock;
use crate::cloud::Cloud;
use crate::cloud::ids::count_on;
use crate::command::Recorder;
use crate::store::Unrecorded;

mod account;
mod credential;

/// So many accounts there may be.
pub(crate) const ACCOUNTS_MOST: usize = 100_000;
/// So many temporary keys an account may have; beyond them the one goes that would end first.
const TEMPORARY_KEYS_MOST: usize = 10_000;

/// All accounts by AppId, their credentials by SecretId.
pub(crate) struct Accounts {
    by_app_id: DashMap<u64, Arc<Account>>,
    credentials: DashMap<String, Arc<Credential>>,
    anonymous: OnceLock<Arc<Credential>>,
    /// The server's clock.
    clock: Arc<CloudClock>,
    last_serial: AtomicU64,
    register: Mutex<Register>,
}

/// What changes whenever an account or a temporary key comes or goes.
#[derive(Default)]
struct Register {
    /// Whose number each Uin is.
    uins: BTreeMap<String, u64>,
    /// How many accounts were made: where their numbers and key pairs go on.
    made: u64,
    /// What ends by itself, by the second of real time in which it does.
    ends: BTreeSet<(i64, Ending)>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Account(u64),
    Key { app_id: u64, secret_id: String },
}

impl Ending {
    /// When this key ends by itself, and that it is this one.
    fn of(key: &Credential) -> Option<(i64, Self)> {
        let (app_id, secret_id) = (key.app_id, key.secret_id.clone());
        key.expires_at_s.map(|at_s| (at_s, Self::Key { app_id, secret_id }))
    }
}

/// The number of an account that is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// How many had been made.
    after: u64,
    /// What its key pair is drawn by.
    pub(crate) count: u64,
    pub(crate) app_id: u64,
}

/// Why an account cannot be added.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// There are as many as there may be.
    TooMany,
    /// Another has that AppId.
    AppId(u64),
    /// Another has that Uin.
    Uin(String),
    /// Another has that SecretId; it is that one of the list.
    SecretId(usize, String),
    /// It could not be recorded.
    Unrecorded(Unrecorded),
}

/// Records a change of the accounts once nothing stands against it, before it is made. Gives where the account that
/// comes of it is recorded, if it is.
pub(crate) type Recording = Result<Option<Recorder>, Unrecorded>;

impl Accounts {
    /// No account yet, of a server with this clock.
    pub(crate) fn new(clock: Arc<CloudClock>) -> Self {
        Self {
            by_app_id: DashMap::new(),
            credentials: DashMap::new(),
            anonymous: OnceLock::new(),
            clock,
            last_serial: AtomicU64::new(0),
            register: Mutex::default(),
        }
    }

    /// The credential of this SecretId.
    pub(crate) fn credential(&self, secret_id: &str) -> Option<Arc<Credential>> {
        self.credentials.get(secret_id).map(|found| Arc::clone(&found))
    }

    /// Whom a caller without a known SecretId is taken for: somebody of the first account, with the policy of its first
    /// key pair (being let in must not widen what may be done) and a count of calls of its own.
    pub(crate) fn anonymous(&self) -> Option<Arc<Credential>> {
        self.anonymous.get().map(Arc::clone)
    }

    /// This account.
    pub(crate) fn get(&self, app_id: u64) -> Option<Arc<Account>> {
        self.by_app_id.get(&app_id).map(|found| Arc::clone(&found))
    }

    /// Every account, by AppId.
    pub(crate) fn all(&self) -> Vec<Arc<Account>> {
        let mut all: Vec<_> = self.by_app_id.iter().map(|entry| Arc::clone(entry.value())).collect();
        all.sort_by_key(|account| account.app_id);
        all
    }

    /// The same accounts with the same key pairs, each with a cloud of its own, by this clock.
    pub(crate) fn copy(&self, clock: &Arc<CloudClock>, cloud_of: impl Fn(&Account) -> Cloud) -> Self {
        let copied = Self::new(Arc::clone(clock));
        let first = self.anonymous().map(|credential| credential.app_id);
        let mut all = self.all();
        all.sort_by_key(|account| Some(account.app_id) != first);
        for account in all {
            let cloud = cloud_of(&account);
            // They fitted together before.
            let _ = copied.add(NewAccount {
                cloud,
                ..account.anew()
            });
        }
        copied.go_on_from(self.made());
        copied
    }

    /// How many accounts have been made.
    pub(crate) fn made(&self) -> u64 {
        self.register().made
    }

    /// Lets the numbers of accounts that are made go on from there.
    pub(crate) fn go_on_from(&self, made: u64) {
        self.register().made = made;
    }

    /// The number of the next account that is made, beyond these; no account has it.
    pub(crate) fn next_number(&self, beyond: u64, app_id: fn(u64) -> u64) -> Number {
        let after = self.made();
        let mut count = count_on(after.max(beyond));
        while self.by_app_id.contains_key(&app_id(count)) {
            count = count_on(count);
        }
        let app_id = app_id(count);
        Number { after, count, app_id }
    }

    /// Adds an account that is made, which has this number unless it states another; whether it was added: where
    /// another has been made meanwhile, the number is not the next any more.
    pub(crate) fn add_made(
        &self,
        new: NewAccount,
        number: Number,
        record: impl FnOnce(&NewAccount) -> Recording,
    ) -> Result<bool, Unfit> {
        let mut register = self.register();
        if register.made != number.after {
            return Ok(false);
        }
        self.add_to(&mut register, new, record)?;
        register.made = number.count;
        Ok(true)
    }

    /// Adds an account. The first one added is what an anonymous caller is taken for.
    pub(crate) fn add(&self, new: NewAccount) -> Result<(), Unfit> {
        self.add_to(&mut self.register(), new, |_| Ok(None))
    }

    fn add_to(
        &self,
        register: &mut Register,
        new: NewAccount,
        record: impl FnOnce(&NewAccount) -> Recording,
    ) -> Result<(), Unfit> {
        if self.by_app_id.len() >= ACCOUNTS_MOST {
            return Err(Unfit::TooMany);
        }
        let owner = &new.cloud.account;
        if self.by_app_id.contains_key(&owner.app_id) {
            return Err(Unfit::AppId(owner.app_id));
        }
        if register.uins.contains_key(&owner.uin) {
            return Err(Unfit::Uin(owner.uin.clone()));
        }
        self.unless_known(&new.credentials, None)?;
        let recorder = record(&new).map_err(Unfit::Unrecorded)?;
        self.put(register, new, recorder);
        Ok(())
    }

    /// Puts an account in the place of the one with its AppId. Calls under way end on the old one.
    pub(crate) fn replace(&self, new: NewAccount, record: impl FnOnce(&NewAccount) -> Recording) -> Result<(), Unfit> {
        let mut register = self.register();
        let owner = &new.cloud.account;
        if register.uins.get(&owner.uin).is_some_and(|of| *of != owner.app_id) {
            return Err(Unfit::Uin(owner.uin.clone()));
        }
        self.unless_known(&new.credentials, Some(owner.app_id))?;
        let recorder = record(&new).map_err(Unfit::Unrecorded)?;
        self.take_out(&mut register, new.cloud.account.app_id);
        self.put(&mut register, new, recorder);
        Ok(())
    }

    /// Ends an account; whether there was one.
    pub(crate) fn remove(&self, app_id: u64) -> bool {
        let mut register = self.register();
        let removed = self.take_out(&mut register, app_id);
        // Whoever waits for the register need not wait until it is thrown away.
        drop(register);
        removed.is_some()
    }

    /// Adds a temporary key to an account.
    pub(crate) fn lend(&self, account: &Account, key: Credential) {
        let mut register = self.register();
        let of_account = || self.by_app_id.get(&account.app_id).map(|found| Arc::clone(&found));
        // One that has ended meanwhile lends nothing.
        let Some(account) = of_account() else { return };
        let temporary: Vec<_> = account
            .credentials()
            .into_iter()
            .filter(|of| of.expires_at_s.is_some())
            .collect();
        if temporary.len() >= TEMPORARY_KEYS_MOST
            && let Some(first) = temporary.iter().min_by_key(|of| (of.expires_at_s, of.serial))
        {
            self.forget(&mut register, &account, first);
        }
        self.put_key(&mut register, &account, key);
    }

    /// Ends the accounts and temporary keys whose time is up, by seconds of real time since 1970; when the next will
    /// be. An account of which `record` fails ends by a later sweep.
    pub(crate) fn sweep(&self, now_s: i64, mut record: impl FnMut(&Account) -> Result<(), Unrecorded>) -> Option<i64> {
        let mut register = self.register();
        let (mut gone, mut left) = (Vec::new(), Vec::new());
        while register.ends.first().is_some_and(|(at_s, _)| *at_s <= now_s) {
            let Some((at_s, ending)) = register.ends.pop_first() else {
                break;
            };
            match ending {
                Ending::Account(app_id) => match self.get(app_id) {
                    Some(account) if record(&account).is_err() => left.push((at_s, ending)),
                    _ => gone.extend(self.take_out(&mut register, app_id)),
                },
                Ending::Key { app_id, secret_id } => {
                    if let (Some(account), Some(key)) = (self.get(app_id), self.credential(&secret_id)) {
                        self.forget(&mut register, &account, &key);
                    }
                }
            }
        }
        register.ends.extend(left);
        register.ends.first().map(|(at_s, _)| *at_s)
    }

    /// Refuses a SecretId that is known as another account's.
    fn unless_known(&self, credentials: &[Credential], own: Option<u64>) -> Result<(), Unfit> {
        for (at, credential) in credentials.iter().enumerate() {
            let known = self.credentials.get(&credential.secret_id);
            if known.is_some_and(|known| Some(known.app_id) != own) {
                return Err(Unfit::SecretId(at, credential.secret_id.clone()));
            }
        }
        Ok(())
    }

    fn put(&self, register: &mut Register, mut new: NewAccount, recorder: Option<Recorder>) {
        let credentials = std::mem::take(&mut new.credentials);
        let policy = credentials.first().and_then(|first| first.policy.clone());
        let clock = CloudClock::of_account(&self.clock, new.clock);
        let account = Arc::new(Account::new(clock, new));
        if let Some(recorder) = recorder {
            account.attach(recorder);
        }
        for credential in credentials {
            self.put_key(register, &account, credential);
        }
        let (app_id, uin) = (account.app_id, account.uin.clone());
        if let Some(at_s) = account.ends_at_s {
            register.ends.insert((at_s, Ending::Account(app_id)));
        }
        register.uins.insert(uin.clone(), app_id);
        self.by_app_id.insert(app_id, Arc::clone(&account));
        self.anonymous.get_or_init(|| {
            Arc::new(Credential {
                policy,
                app_id,
                uin,
                account_ends_at_s: account.ends_at_s,
                ..Credential::default()
            })
        });
    }

    fn put_key(&self, register: &mut Register, account: &Account, key: Credential) {
        let serial = self.last_serial.fetch_add(1, Ordering::Relaxed) + 1;
        let account_ends_at_s = account.ends_at_s;
        let key = Arc::new(Credential {
            serial,
            account_ends_at_s,
            ..key
        });
        register.ends.extend(Ending::of(&key));
        self.credentials.insert(key.secret_id.clone(), Arc::clone(&key));
        account.credentials_mut().push(key);
    }

    fn take_out(&self, register: &mut Register, app_id: u64) -> Option<Arc<Account>> {
        let (_, account) = self.by_app_id.remove(&app_id)?;
        register.uins.remove(&account.uin);
        if let Some(at_s) = account.ends_at_s {
            register.ends.remove(&(at_s, Ending::Account(app_id)));
        }
        for credential in account.credentials() {
            self.forget(register, &account, &credential);
        }
        Some(account)
    }

    fn forget(&self, register: &mut Register, account: &Account, key: &Credential) {
        self.credentials.remove(&key.secret_id);
        account.credentials_mut().retain(|of| of.secret_id != key.secret_id);
        if let Some(ending) = Ending::of(key) {
            register.ends.remove(&ending);
        }
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, CloudTime};
    use crate::cloud::{self, Assumed, Cloud, Ids, Pace, Settings};

    const NOW_S: i64 = 1_000;

    fn accounts() -> Accounts {
        let stands = CloudTime::Manual { now: 0 };
        Accounts::new(Arc::new(CloudClock::new(Clock::default(), stands)))
    }

    fn account(app_id: u64, secret_id: &str, ends_at_s: Option<i64>) -> NewAccount {
        let settings = Settings {
            pace: Pace::Timed,
            flow_time_ms: 1_000,
            assumed: Assumed::DEFAULT,
        };
        let owner = cloud::Account::new(app_id, app_id.to_string(), 0);
        NewAccount {
            cloud: Cloud::new(owner, settings, Ids::new(app_id)),
            credentials: vec![Credential {
                secret_id: secret_id.to_owned(),
                app_id,
                ..Credential::default()
            }],
            clock: None,
            ends_at_s,
            beginning: Beginning::Stated,
        }
    }

    fn key(app_id: u64, secret_id: String, expires_at_s: i64) -> Credential {
        Credential {
            secret_id,
            app_id,
            token: Some("token".to_owned()),
            expires_at_s: Some(expires_at_s),
            ..Credential::default()
        }
    }

    fn holds_nothing_of_it(accounts: &Accounts) -> bool {
        let register = accounts.register();
        let (uins, ends) = (register.uins.len(), register.ends.len());
        (accounts.by_app_id.len(), accounts.credentials.len(), uins, ends) == (0, 0, 0, 0)
    }

    #[test]
    fn what_ends_leaves_nothing_behind() {
        let accounts = accounts();
        accounts.add(account(1, "one", Some(NOW_S))).unwrap();
        accounts.add(account(2, "two", None)).unwrap();
        for app_id in [1, 2] {
            let of = accounts.get(app_id).unwrap();
            accounts.lend(&of, key(app_id, format!("of {app_id}"), NOW_S + 5));
        }
        assert_eq!(accounts.sweep(NOW_S - 1, |_| Ok(())), Some(NOW_S));
        assert!(accounts.get(1).is_some() && accounts.credential("of 1").is_some());
        assert_eq!(accounts.sweep(NOW_S, |_| Ok(())), Some(NOW_S + 5));
        assert!(accounts.get(1).is_none() && accounts.credential("one").is_none());
        assert!(accounts.credential("of 1").is_none() && accounts.credential("of 2").is_some());
        assert!(accounts.remove(2) && !accounts.remove(2));
        assert!(holds_nothing_of_it(&accounts));
        assert_eq!(accounts.sweep(i64::MAX, |_| Ok(())), None);
    }

    #[test]
    fn the_key_that_would_end_first_makes_room() {
        let accounts = accounts();
        accounts.add(account(1, "one", None)).unwrap();
        let of = accounts.get(1).unwrap();
        for number in 0..=TEMPORARY_KEYS_MOST as i64 {
            // The one in the middle would end first.
            let at_s = NOW_S + (number - 5_000).abs();
            accounts.lend(&of, key(1, number.to_string(), at_s));
        }
        assert_eq!(of.credentials().len(), TEMPORARY_KEYS_MOST + 1);
        assert!(accounts.credential("5000").is_none() && accounts.credential("10000").is_some());
        assert!(accounts.credential("one").is_some(), "a lasting key stays");
        accounts.remove(1);
        accounts.lend(&of, key(1, "late".to_owned(), NOW_S));
        assert!(holds_nothing_of_it(&accounts));
    }

    #[test]
    fn no_two_accounts_share_a_number_or_a_key() {
        let accounts = accounts();
        accounts.add(account(1, "one", None)).unwrap();
        let other = |app_id, uin: &str, id| {
            let mut other = account(app_id, id, None);
            other.cloud.account.uin = uin.to_owned();
            other
        };
        assert_eq!(accounts.add(other(1, "9", "two")), Err(Unfit::AppId(1)));
        assert_eq!(accounts.add(other(2, "1", "two")), Err(Unfit::Uin("1".to_owned())));
        assert_eq!(
            accounts.add(other(2, "9", "one")),
            Err(Unfit::SecretId(0, "one".to_owned()))
        );
        accounts.add(other(2, "9", "two")).unwrap();
        assert_eq!(
            accounts.replace(other(2, "1", "two"), |_| Ok(None)),
            Err(Unfit::Uin("1".to_owned()))
        );
        assert_eq!(
            accounts.replace(other(2, "9", "one"), |_| Ok(None)),
            Err(Unfit::SecretId(0, "one".to_owned()))
        );
        accounts.replace(other(2, "8", "three"), |_| Ok(None)).unwrap();
        assert!(accounts.credential("two").is_none() && accounts.credential("three").is_some());
        let (first, second) = (
            accounts.next_number(0, |count| count),
            accounts.next_number(5, |count| count),
        );
        assert_eq!((first.app_id, second.app_id), (3, 6));
        assert_eq!(
            accounts.add_made(account(3, "made", None), first, |_| Ok(None)),
            Ok(true)
        );
        assert_eq!(
            accounts.add_made(account(6, "late", None), second, |_| Ok(None)),
            Ok(false)
        );
        assert_eq!((accounts.made(), accounts.get(6).is_none()), (3, true));
    }
}
