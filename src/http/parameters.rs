//! Where a request's parameters are: in headers and a body for one signed the newer way (TC3-HMAC-SHA256), all in the
//! query or the form body for one signed the older way.

use std::borrow::Cow;

use http::Method;
use http::header::AUTHORIZATION;

use super::exchange::{Received, X_TC_ACTION};
use super::form;
use super::messages;
use crate::answer::Refused;
use crate::contract::Tree;

/// Documented: the most that a GET may carry behind its `?`.
const QUERY_BYTES_MAX: usize = 32 << 10;

/// The parameters of a request.
pub(crate) enum Parameters {
    /// The common ones are headers; the action's own are in the query, or (`None`) in a JSON body.
    Headers { query: Option<Tree> },
    /// All are in the query or the form body.
    Form(Box<FormParameters>),
}

/// The parameters of a request that carries all of them in one form.
pub(crate) struct FormParameters {
    pub(crate) common: form::Common<'static>,
    /// Every parameter, decoded, in the order sent: what is signed.
    pub(crate) pairs: Vec<(String, String)>,
    /// The action's own.
    pub(crate) tree: Tree,
}

impl Default for Parameters {
    fn default() -> Self {
        Self::Headers { query: None }
    }
}

impl Parameters {
    /// Reads them. A request is of the newer kind if it has an `Authorization` header; a lenient emulator also takes
    /// one with common headers and no signature for one.
    pub(crate) fn read(received: &Received, lenient: bool) -> Result<Self, Refused> {
        let method = &received.method;
        if method != Method::GET && method != Method::POST {
            let what = format!("Only GET and POST are supported, not {method}.");
            return Err(messages::unsupported(&what));
        }
        let query = received.uri.query().unwrap_or_default();
        if query.len() > QUERY_BYTES_MAX {
            return Err(messages::too_large("query", "32 KB"));
        }
        let headers = &received.headers;
        let newer = headers.contains_key(AUTHORIZATION) || lenient && headers.contains_key(&X_TC_ACTION);
        match (newer, method == Method::GET) {
            (true, true) => {
                let pairs = decode(query.as_bytes())?;
                Ok(Self::Headers {
                    query: Some(fold(pairs)?),
                })
            }
            (true, false) => Ok(Self::Headers { query: None }),
            (false, true) => Self::form(query.as_bytes()),
            (false, false) => Self::form(&received.body),
        }
    }

    fn form(raw: &[u8]) -> Result<Self, Refused> {
        let decoded = decode(raw)?;
        if decoded.is_empty() {
            return Err(messages::unreadable_form(&form::Fault::NoEquals));
        }
        let pairs = decoded.iter().map(|(key, value)| (key.to_string(), value.to_string()));
        let pairs: Vec<_> = pairs.collect();
        let owned = pairs
            .iter()
            .map(|(key, value)| (Cow::Owned(key.clone()), Cow::Owned(value.clone())))
            .collect();
        let (common, own) = form::Common::split(owned).map_err(|f| messages::unreadable_form(&f))?;
        Ok(Self::Form(Box::new(FormParameters {
            common,
            pairs,
            tree: fold(own)?,
        })))
    }

    /// The action's own parameters ahead of the layer that checks them; `None` where they cannot be read.
    pub(crate) fn peek<'s>(&'s self, body: &[u8]) -> Option<Cow<'s, Tree>> {
        match self {
            Self::Headers { query: Some(tree) } => Some(Cow::Borrowed(tree)),
            Self::Form(form) => Some(Cow::Borrowed(&form.tree)),
            Self::Headers { query: None } => Tree::from_json(body).ok().map(Cow::Owned),
        }
    }
}

fn decode(raw: &[u8]) -> Result<Vec<form::Pair<'_>>, Refused> {
    form::decode(raw).map_err(|fault| messages::unreadable_form(&fault))
}

fn fold(pairs: Vec<form::Pair<'_>>) -> Result<Tree, Refused> {
    form::tree(pairs).map_err(|fault| messages::unreadable_form(&fault))
}

/// Whether these parameters name this instance, as `InstanceId` or in `InstanceIds`.
pub(crate) fn names_instance(tree: &Tree, instance_id: &str) -> bool {
    let Tree::Object(members) = tree else {
        return false;
    };
    let is = |value: &Tree| matches!(value, Tree::String(text) if text == instance_id);
    members.iter().any(|(name, value)| match value {
        Tree::List(ids) => name == "InstanceIds" && ids.iter().any(is),
        value => name == "InstanceId" && is(value),
    })
}
