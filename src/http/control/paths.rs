//! The paths of control calls that others ask for.

/// Who waits for the server asks here; it is answered whatever else is refused.
pub(crate) const HEALTH_PATH: &str = "/_crs/health";

/// The CA of `--tls`.
pub(crate) const CA_PATH: &str = "/_crs/ca.pem";

/// Accounts are made here.
pub(crate) const ACCOUNTS_PATH: &str = "/_crs/accounts";

/// The whole state.
pub(crate) const STATE_PATH: &str = "/_crs/state";

/// Files of backups are fetched below here, by links that are signed.
const BACKUPS_BELOW: &str = "/_crs/backups/";

/// Whether what is below that path is fetched by signed links.
pub(crate) fn is_download(path: &str) -> bool {
    path.starts_with(BACKUPS_BELOW)
}

/// Whether this path is the control API's.
pub(crate) fn owns(path: &str) -> bool {
    let below = path.strip_prefix("/_crs");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || path == "/metrics"
}
