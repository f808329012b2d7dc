//! One call of the API, as its request says it: read once, and from then on only looked at.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::HeaderValue;
use serde_json::Value;
use uuid::Uuid;

use super::door::Reach;
use super::form::Common;
use super::headers::{ApiHeaders, text};
use super::messages::Language;
use super::parameters::{OwnParameters, Parameters};
use super::received::Received;
use super::signature::{Garbled, tc3};
use crate::accounts::Credential;
use crate::answer::Refused;
use crate::cloud::{Millis, Region};
use crate::contract::{self, Action};
use crate::emulator::Emulator;
use crate::faults::{FaultTarget, Verdict};
use crate::world::World;

/// A call of the API.
pub(crate) struct ApiCall<'r> {
    pub(crate) emulator: &'r Emulator,
    /// The world that the call found; it ends in this one, whatever takes its place meanwhile.
    pub(crate) world: &'r Arc<World>,
    pub(crate) request_id: Uuid,
    /// Real time of arrival: what signatures and the rate limit are judged by.
    pub(crate) arrived_at: Millis,
    pub(crate) received: &'r Received<'r>,
    pub(crate) headers: ApiHeaders<'r>,
    pub(crate) parameters: Parameters<'r>,
    /// Why the parameters could not be read.
    pub(crate) unreadable: Option<Refused>,
    /// What the `Authorization` header says.
    pub(crate) authorization: Option<Result<tc3::Authorization<'r>, Garbled>>,
    /// Whether the caller says who it is, and so must prove it: with an `Authorization` header that is more than
    /// `SKIP`, or with any of the parameters that identify or sign the older way.
    pub(crate) claims_identity: bool,
    pub(crate) language: Language,
    /// The action that the call names, if there is such a one.
    pub(crate) action: Option<&'static Action>,
    /// What a fault rule decides of it.
    pub(crate) verdict: Option<Arc<Verdict>>,
    /// Whether a fault rule has counted it, and that could not be kept.
    pub(crate) is_uncounted: bool,
}

/// A call whose caller, action and region are found, with what is still needed of it: it has passed the checks before
/// the frequency limit.
pub(crate) struct Admitted<'r> {
    pub(crate) emulator: &'r Emulator,
    pub(crate) world: &'r Arc<World>,
    pub(crate) request_id: Uuid,
    pub(crate) arrived_at: Millis,
    pub(crate) received: &'r Received<'r>,
    pub(crate) language: Language,
    pub(crate) action: &'static Action,
    pub(crate) caller: Arc<Credential>,
    pub(crate) region: &'static Region,
    /// The action's own parameters.
    pub(crate) own: OwnParameters<'r>,
    /// What a fault rule decides of it.
    pub(crate) verdict: Option<Arc<Verdict>>,
}

impl<'r> ApiCall<'r> {
    /// Reads the whole request, because fault rules match any part of it. That its parameters cannot be read is said
    /// later, by the check for that.
    pub(crate) fn read(
        emulator: &'r Emulator,
        world: &'r Arc<World>,
        request_id: Uuid,
        received: &'r Received<'r>,
    ) -> Self {
        let headers = ApiHeaders::of(&received.head.headers);
        let (parameters, unreadable) = match Parameters::read(received, &headers, emulator.is_lenient()) {
            Ok(parameters) => (parameters, None),
            Err(refused) => (Parameters::in_headers(received, &headers), Some(refused)),
        };
        let common = &parameters.common;
        let authorization = headers.authorization.map(HeaderValue::as_bytes);
        let claims_identity = match parameters.form {
            None => authorization.is_some_and(|value| value.trim_ascii() != b"SKIP"),
            Some(_) => common.secret_id.is_some() || common.signature.is_some(),
        };
        let named = common.action.as_deref().zip(common.version.as_deref());
        Self {
            emulator,
            world,
            request_id,
            arrived_at: emulator.clock.now(),
            received,
            headers,
            unreadable,
            authorization: authorization.map(tc3::parse),
            claims_identity,
            language: Language::parse(common.language.as_deref()),
            action: named.and_then(|(action, version)| contract::find(action, version)),
            parameters,
            verdict: None,
            is_uncounted: false,
        }
    }

    /// The common parameters.
    pub(crate) fn common(&self) -> &Common<'r> {
        &self.parameters.common
    }

    /// Whether all parameters are in the query or the form body, as in a request signed the older way.
    pub(crate) fn is_form(&self) -> bool {
        self.parameters.form.is_some()
    }

    /// The Host as it was signed: the header, or an HTTP/2 request's authority.
    pub(crate) fn host(&self) -> &'r str {
        let authority = || self.received.head.uri.authority().map(http::uri::Authority::as_str);
        text(self.headers.host).or_else(authority).unwrap_or_default()
    }

    /// The content type as sent, and its media type alone.
    pub(crate) fn content_type(&self) -> Option<(&'r str, &'r str)> {
        let whole = text(self.headers.content_type)?;
        Some((whole, whole.split(';').next().unwrap_or_default().trim()))
    }

    /// The SecretId that the request names.
    pub(crate) fn claimed_secret_id(&self) -> Option<&str> {
        if self.is_form() {
            return self.common().secret_id.as_deref();
        }
        match &self.authorization {
            Some(Ok(tc3::Authorization::Tc3(parts))) => Some(parts.secret_id),
            _ => None,
        }
    }

    /// Whether a caller who is not known would be taken for the default account.
    fn may_be_anonymous(&self) -> bool {
        self.emulator.is_lenient() && self.received.entry.reach != Reach::Foreign
    }

    /// As [`ApiCall::claimed_secret_id`], for longer than this call is.
    pub(crate) fn secret_id(&self) -> Option<Cow<'r, str>> {
        match &self.authorization {
            _ if self.is_form() => self.common().secret_id.clone(),
            Some(Ok(tc3::Authorization::Tc3(parts))) => Some(Cow::Borrowed(parts.secret_id)),
            _ => None,
        }
    }

    /// What of the request a signature of the newer kind covers.
    pub(crate) fn signed_request(&self) -> tc3::Request<'_> {
        let head = self.received.head;
        tc3::Request {
            method: head.method.as_str(),
            host: self.host(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            headers: &head.headers,
            body: &self.received.body,
            timestamp: self.common().timestamp.as_deref().unwrap_or_default(),
        }
    }
}

impl FaultTarget for ApiCall<'_> {
    fn action(&self) -> Option<&'static Action> {
        let named = || contract::named(self.common().action.as_deref()?);
        self.action.or_else(named)
    }

    fn region(&self) -> Option<&str> {
        self.common().region.as_deref()
    }

    fn secret_id(&self) -> Option<&str> {
        self.claimed_secret_id()
    }

    fn app_id(&self) -> Option<u64> {
        let accounts = &self.world.accounts;
        let claimed = self.claimed_secret_id().and_then(|id| accounts.credential(id));
        let anonymous = || accounts.anonymous().filter(|_| self.may_be_anonymous());
        claimed.or_else(anonymous).map(|credential| credential.app_id)
    }

    fn read_ahead(&self) {
        self.parameters.own.peek();
    }

    fn names_instance(&self, instance_id: &str) -> bool {
        let own = self.parameters.own.peek();
        own.is_some_and(|tree| super::parameters::names_instance(tree, instance_id))
    }

    fn sends(&self, params: &Value) -> bool {
        let own = self.parameters.own.peek();
        own.is_some_and(|tree| tree.includes(params))
    }

    fn now(&self) -> Millis {
        let account = self.app_id().and_then(|app_id| self.world.accounts.get(app_id));
        account.map_or_else(|| self.world.clock.now(), |account| account.clock.now())
    }
}
