//! The query of a control call.

use std::fmt::Display;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A path, and what of its query is given.
pub(super) fn with_query<T: Display>(path: &str, query: impl IntoIterator<Item = (&'static str, Option<T>)>) -> String {
    let mut whole = path.to_owned();
    let given = query.into_iter().filter_map(|(key, value)| Some((key, value?)));
    for (at, (key, value)) in given.enumerate() {
        let sign = if at == 0 { '?' } else { '&' };
        let value = value.to_string();
        whole.push_str(&format!(
            "{sign}{key}={}",
            utf8_percent_encode(&value, NON_ALPHANUMERIC)
        ));
    }
    whole
}

/// A path, held to one account if it is given.
pub(super) fn of_account(path: &str, app_id: Option<u64>) -> String {
    with_query(path, [("AppId", app_id)])
}
