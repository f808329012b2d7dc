//! Files that links in the API's answers lead to. Such a link is signed, and needs nothing else.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode, Uri};

use super::account::{account_of, read_app_id};
use super::answer::{Answer, ControlResult, Shared, Wrong};
use crate::accounts::Account;
use crate::aside::aside;
use crate::auth::links::{Unsigned, check};
use crate::cloud::log::export;
use crate::cloud::time;
use crate::quote::quoted;
use crate::world::World;

/// The account, the instance and the file, unless the path is no text.
type NamedFile = Result<Path<(String, String, String)>, PathRejection>;

/// The account whose file a link leads to, if the link is signed and still good by that account's clock.
pub(super) fn account_of_link(world: &World, app_id: &str, uri: &Uri) -> ControlResult<Arc<Account>> {
    let forbidden = |message: String| Wrong(StatusCode::FORBIDDEN, message);
    let account = read_app_id(app_id).and_then(|app_id| account_of(world, app_id));
    // Whether there is such an account is nobody's business who has no link.
    let now = account.as_ref().map_or(0, |account| account.clock.now());
    match check(world.link_key, uri.path(), uri.query().unwrap_or_default(), now) {
        Ok(()) => account,
        Err(Unsigned::Wrong) => Err(forbidden(
            "the link is not signed so; take it whole from the answer that has it".to_owned(),
        )),
        Err(Unsigned::Expired(until)) => Err(forbidden(format!(
            "the link was good until {} by the cloud's clock; ask for a new one",
            time::show(until)
        ))),
    }
}

/// An export of an audit log.
pub(super) async fn export(State(emulator): Shared, path: NamedFile, uri: Uri) -> Answer {
    let Path((app_id, instance_id, name)) = path.map_err(|_| Wrong::not_found("the link is no path of a file"))?;
    let world = emulator.world();
    aside(move || {
        let account = account_of_link(&world, &app_id, &uri)?;
        let (cloud, now) = account.picture();
        let bytes = export::bytes(&cloud, &instance_id, &name, now);
        let gone = || Wrong::not_found(format!("the export {} is no longer there", quoted(&name)));
        Ok(file("application/gzip", &name, bytes.ok_or_else(gone)?))
    })
    .await
}

/// A file, under its name, which is plain ASCII.
pub(super) fn file(content_type: &'static str, name: &str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}
