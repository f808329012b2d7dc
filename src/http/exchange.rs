//! One call on its way through the layers: what arrived, what each layer found out, and in the end
//! the answer.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use uuid::Uuid;

use super::form::Form;
use super::language::Language;
use super::region::Door;
use super::signature::Signed;
use crate::accounts::Credential;
use crate::answer::Refused;
use crate::clock::Stopwatch;
use crate::cloud::{Millis, Region};
use crate::contract::{Action, Fields};
use crate::emulator::Emulator;

/// A request as it came off the wire, whole.
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) peer: Option<IpAddr>,
}

/// A call as it travels. The layers fill it in the order of its fields; a layer may rely on what
/// those before it have set.
pub(crate) struct Exchange {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) request_id: Uuid,
    /// Real time of arrival: what signatures and the rate limit are judged by.
    pub(crate) arrived_at: Millis,
    pub(crate) stopwatch: Stopwatch,

    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) peer: Option<IpAddr>,

    /// The parameters of a query or form body, and how the request is signed.
    pub(crate) form: Form,
    /// Why the form could not be read; the layer that parses raises it in its turn.
    pub(crate) form_fault: Option<Refused>,
    pub(crate) language: Language,
    pub(crate) action: Option<&'static Action>,
    pub(crate) signed: Signed,
    pub(crate) caller: Option<Arc<Credential>>,
    /// Whether the caller's signature has been verified.
    pub(crate) verified: bool,
    pub(crate) door: Door,
    pub(crate) region: Option<&'static Region>,
    pub(crate) fields: Option<Fields>,

    pub(crate) answer: Answer,
}
