//! The paths of control calls that others ask for.

/// Who waits for the server asks here; it is answered whatever else is refused.
pub(crate) const HEALTH_PATH: &str = "/_crs/health";

/// The CA of `--tls`.
pub(crate) const CA_PATH: &str = "/_crs/ca.pem";

/// Accounts are made here.
pub(crate) const ACCOUNTS_PATH: &str = "/_crs/accounts";

/// The whole state.
pub(crate) const STATE_PATH: &str = "/_crs/state";

/// Below these are the files that links in the API's answers lead to.
pub(crate) const BACKUPS_PATH: &str = "/_crs/backups/";
pub(crate) const EXPORTS_PATH: &str = "/_crs/exports/";

/// Whether this path is one of such a link: who asks for it has to be let in by the link's signature.
pub(crate) fn is_link(path: &str) -> bool {
    path.starts_with(BACKUPS_PATH) || path.starts_with(EXPORTS_PATH)
}

/// The files of the console stand below it.
const CONSOLE_PATH: &str = "/_crs/console/";

/// Whether what stands there holds nothing of the state, so that whoever has no token may read it: the list of calls is
/// the README's too, and the page asks for the token itself.
pub(crate) fn tells_nothing(path: &str) -> bool {
    matches!(path, "/_crs" | "/_crs/") || path.starts_with(CONSOLE_PATH)
}

/// Whether this path is the control API's.
pub(crate) fn owns(path: &str) -> bool {
    let below = path.strip_prefix("/_crs");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || path == "/metrics"
}
