//! Who may call: key pairs, and the account that everybody knows.

use crate::auth::policy::Policy;

/// The AppId of the account that is meant where none is named.
pub(crate) const DEFAULT_APP_ID: u64 = 1_250_000_000;
/// Its Uin, unless it states another.
pub(crate) const DEFAULT_UIN: u64 = 100_000_000_001;
/// Its SecretId and SecretKey, unless it states others; the documents print them.
pub const DEFAULT_KEY_PAIR: (&str, &str) = ("AKIDlocal", "local");

/// A key pair of an account, with what CAM lets it do.
#[derive(Default)]
pub(crate) struct Credential {
    /// Tells credentials apart where their calls are counted; given when it is added.
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

impl Credential {
    /// Whether it is the pair that everybody knows.
    pub(crate) fn is_default(&self) -> bool {
        (self.secret_id.as_str(), self.secret_key.as_str()) == DEFAULT_KEY_PAIR
    }
}
