//! Who may call: key pairs, and the account that everybody knows.

use crate::auth::policy::Policy;
use crate::cloud::TemporaryKey;

/// The AppId of the account that is meant where none is named.
pub(crate) const DEFAULT_APP_ID: u64 = 1_250_000_000;
/// Its Uin, unless it states another.
pub(crate) const DEFAULT_UIN: u64 = 100_000_000_001;
/// Its SecretId and SecretKey, unless it states others; the documents print them.
pub const DEFAULT_KEY_PAIR: (&str, &str) = ("AKIDlocal", "local");

/// A key pair of an account, with what CAM lets it do.
#[derive(Clone, Default)]
pub(crate) struct Credential {
    /// Tells credentials apart where their calls are counted; given when it is added.
    pub(crate) serial: u64,
    pub(crate) secret_id: String,
    pub(crate) secret_key: String,
    /// The token that must accompany a temporary key.
    pub(crate) token: Option<String>,
    /// When a temporary key ends, in seconds of real time since 1970.
    pub(crate) expires_at_s: Option<i64>,
    /// `None`: full rights.
    pub(crate) policy: Option<Policy>,
    /// What a temporary key was narrowed to beside that: each of them has to allow a call too.
    pub(crate) session_policies: Vec<Policy>,
    pub(crate) app_id: u64,
    pub(crate) uin: String,
    /// When its account ends, in seconds of real time since 1970.
    pub(crate) account_ends_at_s: Option<i64>,
}

impl Credential {
    /// The temporary key, which its caller gets: it may do no more than this one, and what its own policy lets it.
    pub(crate) fn narrowed(&self, key: TemporaryKey) -> Self {
        let TemporaryKey {
            pair,
            token,
            expires_at_s,
            policy,
        } = key;
        // The action has read it before.
        let policy = policy.and_then(|policy| Policy::parse(&serde_json::from_str(&policy).ok()?).ok());
        Self {
            secret_id: pair.secret_id,
            secret_key: pair.secret_key,
            token: Some(token),
            expires_at_s: Some(expires_at_s),
            session_policies: self.session_policies.iter().cloned().chain(policy).collect(),
            ..self.clone()
        }
    }

    /// Whether its account has ended by then, in seconds of real time.
    pub(crate) fn account_has_ended(&self, now_s: i64) -> bool {
        self.account_ends_at_s.is_some_and(|at_s| at_s <= now_s)
    }

    /// Whether it is a temporary key that has ended by then, in seconds of real time.
    pub(crate) fn has_expired(&self, now_s: i64) -> bool {
        self.expires_at_s.is_some_and(|at_s| at_s <= now_s)
    }

    /// Whether it is the pair that everybody knows.
    pub(crate) fn is_default(&self) -> bool {
        (self.secret_id.as_str(), self.secret_key.as_str()) == DEFAULT_KEY_PAIR
    }
}
