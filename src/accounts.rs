//! Who may call, and the cloud that each account sees.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;

pub(crate) use account::{Account, Behind, Picture, Reading, THINGS_MAX};
pub use credential::DEFAULT_KEY_PAIR;
pub(crate) use credential::{Credential, DEFAULT_APP_ID, DEFAULT_UIN};

use crate::cloud::Cloud;

mod account;
mod credential;

/// All accounts by AppId, their credentials by SecretId.
#[derive(Default)]
pub(crate) struct Accounts {
    by_app_id: DashMap<u64, Arc<Account>>,
    credentials: DashMap<String, Arc<Credential>>,
    anonymous: OnceLock<Arc<Credential>>,
    last_serial: AtomicU64,
}

impl Accounts {
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

    /// The same accounts with the same key pairs, each with a cloud of its own.
    pub(crate) fn copy(&self, cloud_of: impl Fn(&Account) -> Cloud) -> Self {
        let copied = self.all().into_iter().map(|account| {
            let credentials = account.credentials.clone();
            (account.app_id, Arc::new(Account::new(cloud_of(&account), credentials)))
        });
        Self {
            by_app_id: copied.collect(),
            credentials: self.credentials.clone(),
            anonymous: self.anonymous.clone(),
            last_serial: AtomicU64::new(self.last_serial.load(Ordering::Relaxed)),
        }
    }

    /// Adds an account. The first one added is what an anonymous caller is taken for.
    pub(crate) fn add(&self, cloud: Cloud, credentials: Vec<Credential>) {
        let (app_id, uin) = (cloud.account.app_id, cloud.account.uin.clone());
        let policy = credentials.first().and_then(|first| first.policy.clone());
        let numbered = credentials.into_iter().map(|credential| {
            let serial = self.last_serial.fetch_add(1, Ordering::Relaxed) + 1;
            Arc::new(Credential { serial, ..credential })
        });
        let credentials: Vec<_> = numbered.collect();
        for credential in &credentials {
            self.credentials
                .insert(credential.secret_id.clone(), Arc::clone(credential));
        }
        self.by_app_id
            .insert(app_id, Arc::new(Account::new(cloud, credentials)));
        self.anonymous.get_or_init(|| {
            Arc::new(Credential {
                policy,
                app_id,
                uin,
                ..Credential::default()
            })
        });
    }
}
