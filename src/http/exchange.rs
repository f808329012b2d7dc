//! One call on its way through the layers: what arrived, what each layer found out, and in the end the answer.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Uri};
use uuid::Uuid;

use super::door::Reach;
use super::host;
use super::messages::Language;
use super::parameters::Parameters;
use super::region::{self, Door};
use super::signature::tc3;
use crate::accounts::Credential;
use crate::answer::Refused;
use crate::clock::Stopwatch;
use crate::cloud::{self, Millis, Region};
use crate::contract::{Action, Fields, Writer};
use crate::emulator::Emulator;
use crate::faults::Struck;
use crate::world::World;

/// A request as it came off the wire, whole.
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) reach: Reach,
}

/// A call as it travels. The layers fill it in the order of its fields; a layer may rely on what those before it have
/// set.
pub(crate) struct Exchange {
    pub(crate) emulator: Arc<Emulator>,
    /// The world that the call found; it ends in this one, whatever takes its place meanwhile.
    pub(crate) world: Arc<World>,
    pub(crate) request_id: Uuid,
    /// Real time of arrival: what signatures and the rate limit are judged by.
    pub(crate) arrived_at: Millis,
    pub(crate) stopwatch: Stopwatch,
    pub(crate) received: Received,
    pub(crate) parameters: Parameters,
    /// Why the parameters could not be read; the layer that parses raises it in its turn.
    pub(crate) unreadable: Option<Refused>,
    pub(crate) language: Language,
    pub(crate) action: Option<&'static Action>,
    pub(crate) caller: Option<Arc<Credential>>,
    /// Whether the caller is a known one, whose signature is verified. Otherwise the call was let in, and
    /// [`Exchange::bypassed`] says past what.
    pub(crate) known: bool,
    pub(crate) region: Option<&'static Region>,
    pub(crate) fields: Option<Fields>,
    pub(crate) answer: Option<Answer>,
}

/// What a call gets.
pub(crate) enum Answer {
    /// The action's members, in an open envelope.
    Given(Writer),
    Refused(Refused),
}

impl Exchange {
    /// A call that has just arrived. Its parameters are read at once, because faults are matched by them; that they
    /// cannot be read is said later, in its turn.
    pub(crate) fn new(emulator: Arc<Emulator>, world: Arc<World>, request_id: Uuid, received: Received) -> Box<Self> {
        let lenient = emulator.is_lenient();
        let (parameters, unreadable) = match Parameters::read(&received, lenient) {
            Ok(parameters) => (parameters, None),
            Err(refused) => (Parameters::default(), Some(refused)),
        };
        let mut exchange = Box::new(Self {
            arrived_at: emulator.clock.now(),
            stopwatch: Stopwatch::start(),
            emulator,
            world,
            request_id,
            received,
            parameters,
            unreadable,
            language: Language::default(),
            action: None,
            caller: None,
            known: false,
            region: None,
            fields: None,
            answer: None,
        });
        exchange.language = Language::parse(exchange.common(Common::Language));
        exchange
    }

    /// A common parameter: a header of a request signed the newer way, else a parameter.
    pub(crate) fn common(&self, name: Common) -> Option<&str> {
        match &self.parameters {
            Parameters::Headers { .. } => self.header(name.header()?),
            Parameters::Form(form) => name.of(&form.common),
        }
    }

    /// A header's text; `None` where it is absent or not text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.received
            .headers
            .get(name)
            .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// The Host as it was signed: the header, or an HTTP/2 request's authority.
    pub(crate) fn host(&self) -> &str {
        let authority = || self.received.uri.authority().map(http::uri::Authority::as_str);
        self.header(&HOST).or_else(authority).unwrap_or_default()
    }

    /// What the Host says about the regions to be reached.
    pub(crate) fn door(&self) -> Door<'_> {
        let received = &self.received;
        region::door(host::sent(&received.uri, &received.headers), |name| {
            cloud::region::find(name).map(|region| region.financial)
        })
    }

    /// The region whose entry the call came through, for the rate limit; "" where the Host names none.
    pub(crate) fn access_region(&self) -> &'static str {
        cloud::region::find(self.door().access_region()).map_or("", |region| region.name)
    }

    /// The content type as sent, and its media type alone.
    pub(crate) fn content_type(&self) -> Option<(&str, &str)> {
        let whole = self.header(&CONTENT_TYPE)?;
        Some((whole, whole.split(';').next().unwrap_or_default().trim()))
    }

    /// Whether the caller says who it is, and so must prove it: with an `Authorization` header that is more than
    /// `SKIP`, or with any of the parameters that identify or sign the older way.
    pub(crate) fn claims_identity(&self) -> bool {
        match &self.parameters {
            Parameters::Headers { .. } => self.authorization().is_some_and(|value| value.trim_ascii() != b"SKIP"),
            Parameters::Form(form) => form.common.secret_id.is_some() || form.common.signature.is_some(),
        }
    }

    /// The SecretId that the request names.
    pub(crate) fn claimed_secret_id(&self) -> Option<&str> {
        match &self.parameters {
            Parameters::Headers { .. } => match tc3::parse(self.authorization()?) {
                Ok(tc3::Authorization::Tc3(parts)) => Some(parts.secret_id),
                _ => None,
            },
            Parameters::Form(form) => form.common.secret_id.as_deref(),
        }
    }

    /// The `Authorization` header, raw.
    pub(crate) fn authorization(&self) -> Option<&[u8]> {
        self.received.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes)
    }

    /// What of the request a signature of the newer kind covers.
    pub(crate) fn signed_request(&self) -> tc3::Request<'_> {
        tc3::Request {
            method: self.received.method.as_str(),
            host: self.host(),
            path: self.received.uri.path(),
            query: self.received.uri.query().unwrap_or_default(),
            headers: &self.received.headers,
            body: &self.received.body,
            timestamp: self.common(Common::Timestamp).unwrap_or_default(),
        }
    }

    /// The action, for the layers behind the one that looks it up.
    pub(crate) fn action(&self) -> &'static Action {
        self.action.expect("set by the layer version_and_action")
    }

    /// The caller, for the layers behind the one that looks up the SecretId.
    pub(crate) fn caller(&self) -> &Credential {
        self.caller.as_ref().expect("set by the layer secret_id")
    }

    /// The region, for the layers behind the one that looks it up.
    pub(crate) fn region(&self) -> &'static Region {
        self.region.expect("set by the layer region")
    }

    /// Answers the call with a refusal.
    pub(crate) fn refuse(&mut self, refused: Refused) {
        self.answer = Some(Answer::Refused(refused));
    }
}

// Made once: making a name hashes it.
pub(super) static X_TC_ACTION: HeaderName = HeaderName::from_static("x-tc-action");
static X_TC_VERSION: HeaderName = HeaderName::from_static("x-tc-version");
static X_TC_REGION: HeaderName = HeaderName::from_static("x-tc-region");
static X_TC_TIMESTAMP: HeaderName = HeaderName::from_static("x-tc-timestamp");
static X_TC_TOKEN: HeaderName = HeaderName::from_static("x-tc-token");
static X_TC_LANGUAGE: HeaderName = HeaderName::from_static("x-tc-language");

/// The common parameters that the gateway reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Common {
    Action,
    Version,
    Region,
    Timestamp,
    Nonce,
    SecretId,
    Signature,
    SignatureMethod,
    Token,
    Language,
}

impl Common {
    fn header(self) -> Option<&'static HeaderName> {
        Some(match self {
            Self::Action => &X_TC_ACTION,
            Self::Version => &X_TC_VERSION,
            Self::Region => &X_TC_REGION,
            Self::Timestamp => &X_TC_TIMESTAMP,
            Self::Token => &X_TC_TOKEN,
            Self::Language => &X_TC_LANGUAGE,
            Self::Nonce | Self::SecretId | Self::Signature | Self::SignatureMethod => return None,
        })
    }

    fn of<'f>(self, common: &'f super::form::Common<'_>) -> Option<&'f str> {
        match self {
            Self::Action => common.action.as_deref(),
            Self::Version => common.version.as_deref(),
            Self::Region => common.region.as_deref(),
            Self::Timestamp => common.timestamp.as_deref(),
            Self::Nonce => common.nonce.as_deref(),
            Self::SecretId => common.secret_id.as_deref(),
            Self::Signature => common.signature.as_deref(),
            Self::SignatureMethod => common.signature_method.as_deref(),
            Self::Token => common.token.as_deref(),
            Self::Language => common.language.as_deref(),
        }
    }
}

impl Struck for Exchange {
    fn action(&self) -> Option<&str> {
        self.common(Common::Action)
    }

    fn region(&self) -> Option<&str> {
        self.common(Common::Region)
    }

    fn secret_id(&self) -> Option<&str> {
        self.claimed_secret_id()
    }

    fn names_instance(&self, instance_id: &str) -> bool {
        self.parameters
            .peek(&self.received.body)
            .is_some_and(|tree| super::parameters::names_instance(&tree, instance_id))
    }
}
