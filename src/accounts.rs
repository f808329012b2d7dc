//! Who may call, and the cloud that each account sees.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use dashmap::DashMap;

use crate::cloud::Cloud;
use crate::http::permission::Policy;

/// A key pair of an account, with what CAM lets it do.
pub(crate) struct Credential {
    /// Tells credentials apart where their calls are counted; never used again after a reset.
    pub(crate) serial: u64,
    pub(crate) secret_id: String,
    pub(crate) secret_key: String,
    /// The token that must accompany a temporary key.
    pub(crate) token: Option<String>,
    /// `None`: full rights.
    pub(crate) policy: Option<Policy>,
    pub(crate) app_id: u64,
    pub(crate) uin: String,
}

/// All accounts: their clouds by AppId, their credentials by SecretId.
#[derive(Default)]
pub(crate) struct Accounts {
    clouds: DashMap<u64, Arc<Mutex<Cloud>>>,
    credentials: DashMap<String, Arc<Credential>>,
    anonymous: RwLock<Option<Arc<Credential>>>,
}

impl Accounts {
    /// The credential of this SecretId.
    pub(crate) fn credential(&self, secret_id: &str) -> Option<Arc<Credential>> {
        self.credentials
            .get(secret_id)
            .map(|found| Arc::clone(&found))
    }

    /// Whom a caller without a known SecretId is taken for: somebody of the first account, with the
    /// policy of its first key pair (being let in must not widen what may be done) and a count of
    /// calls of its own.
    pub(crate) fn anonymous(&self) -> Option<Arc<Credential>> {
        self.anonymous
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The cloud of this account.
    pub(crate) fn cloud(&self, app_id: u64) -> Option<Arc<Mutex<Cloud>>> {
        self.clouds.get(&app_id).map(|found| Arc::clone(&found))
    }

    /// Every account's cloud, by AppId.
    pub(crate) fn clouds(&self) -> Vec<(u64, Arc<Mutex<Cloud>>)> {
        let mut clouds: Vec<_> = self
            .clouds
            .iter()
            .map(|entry| (*entry.key(), Arc::clone(entry.value())))
            .collect();
        clouds.sort_by_key(|(app_id, _)| *app_id);
        clouds
    }

    /// The credentials of this account, in the order they were added.
    pub(crate) fn credentials_of(&self, app_id: u64) -> Vec<Arc<Credential>> {
        let mut found: Vec<_> = self
            .credentials
            .iter()
            .filter(|entry| entry.app_id == app_id)
            .map(|entry| Arc::clone(entry.value()))
            .collect();
        found.sort_by_key(|credential| credential.serial);
        found
    }

    /// Adds an account. The first one added is what an anonymous caller is taken for.
    pub(crate) fn add(&self, cloud: Cloud, credentials: Vec<Credential>) {
        let (app_id, uin) = (cloud.account.app_id, cloud.account.uin.clone());
        self.clouds.insert(app_id, Arc::new(Mutex::new(cloud)));
        let policy = credentials.first().and_then(|first| first.policy.clone());
        for credential in credentials {
            self.credentials
                .insert(credential.secret_id.clone(), Arc::new(credential));
        }
        self.anonymous
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| {
                Arc::new(Credential {
                    serial: 0,
                    secret_id: String::new(),
                    secret_key: String::new(),
                    token: None,
                    policy,
                    app_id,
                    uin,
                })
            });
    }

    /// Takes the place of everything here with everything there.
    pub(crate) fn replace(&self, other: Self) {
        self.credentials.clear();
        self.clouds.clear();
        for (app_id, cloud) in other.clouds {
            self.clouds.insert(app_id, cloud);
        }
        for (secret_id, credential) in other.credentials {
            self.credentials.insert(secret_id, credential);
        }
        let anonymous = other
            .anonymous
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        *self
            .anonymous
            .write()
            .unwrap_or_else(PoisonError::into_inner) = anonymous;
    }
}

/// Locks a cloud. A call that panicked while it held the lock has been answered and logged as an
/// internal error; the others go on.
pub(crate) fn lock(cloud: &Mutex<Cloud>) -> MutexGuard<'_, Cloud> {
    cloud.lock().unwrap_or_else(PoisonError::into_inner)
}
