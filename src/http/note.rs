//! What the journal is to know of a call, and those who listen: gathered on its way, told when its answer leaves.

use std::borrow::Cow;

use uuid::Uuid;

use super::call::ApiCall;
use super::envelope::Answer;
use super::form::{self, Common};
use super::headers::parameter;
use super::parameters::OwnParameters;
use crate::accounts::Credential;
use crate::clock::Stopwatch;
use crate::cloud::Millis;
use crate::contract::{Action, Source, Tree};
use crate::emulator::Emulator;
use crate::events::{Called, Event};
use crate::journal::{Note, Reader};
use crate::quote::quoted;
use crate::world::World;

/// A call under way, as the journal is to have it; nothing where nobody wants to know. In a box, so that the future of
/// a call does not hold the room for it.
#[derive(Default)]
pub(super) struct Noted<'r>(Option<Box<Said<'r>>>);

/// What the call says, borrowed from its request, and what has become of it.
struct Said<'r> {
    arrived_at: Millis,
    action: Option<&'static Action>,
    name: Option<Cow<'r, str>>,
    version: Option<Cow<'r, str>>,
    region: Option<Cow<'r, str>>,
    secret_id: Option<Cow<'r, str>>,
    client: Option<Cow<'r, str>>,
    params: &'r [u8],
    source: Source,
    read: Option<Reader>,
    app_id: Option<u64>,
    fault_id: Option<u64>,
}

impl<'r> Noted<'r> {
    /// Notes what a call says that has come whole.
    pub(super) fn call(&mut self, call: &ApiCall<'r>) {
        if call.world.journal.is_on() || call.emulator.events.are_heard() {
            self.0 = Some(Box::new(Said::of(call)));
        }
    }

    /// Notes what a call says of which the body was not read.
    pub(super) fn unread(&mut self, call: &ApiCall<'r>) {
        self.call(call);
        if let Some(said) = &mut self.0 {
            said.read = None;
        }
    }

    /// Notes whose call it is.
    pub(super) fn caller(&mut self, caller: &Credential) {
        if let Some(said) = &mut self.0 {
            said.app_id = Some(caller.app_id);
        }
    }

    /// Tells the journal, and those who listen, that the answer leaves.
    pub(super) fn answered(
        self,
        emulator: &Emulator,
        world: &World,
        request_id: Uuid,
        answer: &Answer,
        since_arrival: Stopwatch,
    ) {
        let Some(said) = self.0 else { return };
        let code = answer.as_ref().err().map(|refused| refused.code.code());
        let app_id = said.app_id.or_else(|| said.claimed(emulator, world));
        world.journal.note(&Note {
            request_id,
            time: world.time_of(app_id, said.arrived_at),
            real_time: said.arrived_at,
            app_id,
            action: said.action.map(|action| action.id),
            name: said.name.as_deref(),
            version: said.version.as_deref(),
            region: said.region.as_deref(),
            secret_id: said.secret_id.as_deref(),
            client: said.client.as_deref(),
            params: said.params,
            source: said.source,
            read: said.read,
            code,
            fault_id: said.fault_id,
            micros: u64::try_from(since_arrival.elapsed().as_micros()).unwrap_or(u64::MAX),
        });
        // After it is kept: who waits for a call looks into the journal when told of one.
        if emulator.events.are_heard() {
            emulator.events.tell(Event::Called(Called {
                app_id,
                action: said.name.as_deref().map(|name| quoted(name).into_owned()),
                region: said.region.as_deref().map(|region| quoted(region).into_owned()),
                code,
                request_id: request_id.to_string(),
            }));
        }
    }
}

impl<'r> Said<'r> {
    fn of(call: &ApiCall<'r>) -> Self {
        let (common, headers) = (call.common(), &call.headers);
        let query = || call.received.head.uri.query().unwrap_or_default().as_bytes();
        let is_get = call.received.head.method == http::Method::GET;
        let in_json = call.unreadable.is_none() && matches!(call.parameters.own, OwnParameters::Json(_));
        let (params, source, read): (_, _, Reader) = match (in_json, is_get) {
            (true, _) => (&call.received.body[..], Source::Json, json),
            (false, true) => (query(), Source::Form, own_of_form),
            (false, false) => (&call.received.body[..], Source::Form, own_of_form),
        };
        Self {
            arrived_at: call.arrived_at,
            action: call.action,
            name: common.action.clone(),
            version: common.version.clone(),
            region: common.region.clone(),
            secret_id: call.secret_id(),
            client: common
                .request_client
                .clone()
                .or_else(|| parameter(headers.client))
                .or_else(|| parameter(headers.user_agent)),
            params,
            source,
            read: Some(read),
            app_id: None,
            fault_id: call.verdict.as_ref().map(|verdict| verdict.fault_id),
        }
    }

    /// The account that a call says it is of which was refused before that was sure; a lenient server takes one that
    /// says nothing for the first account's.
    fn claimed(&self, emulator: &Emulator, world: &World) -> Option<u64> {
        let credential = match self.secret_id.as_deref() {
            Some(secret_id) => world.accounts.credential(secret_id),
            None => world.accounts.anonymous().filter(|_| emulator.is_lenient()),
        };
        credential.map(|credential| credential.app_id)
    }
}

/// The parameters in a JSON body, where nothing and `null` are none.
fn json(body: &[u8]) -> Option<Tree> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Some(Tree::Object(Vec::new()));
    }
    match Tree::from_json(body).ok()? {
        Tree::Null => Some(Tree::Object(Vec::new())),
        tree @ Tree::Object(_) => Some(tree),
        _ => None,
    }
}

/// The action's own parameters in a query or a form body.
fn own_of_form(raw: &[u8]) -> Option<Tree> {
    let (_, own) = Common::split(form::decode(raw).ok()?).ok()?;
    form::tree(own).ok()
}
