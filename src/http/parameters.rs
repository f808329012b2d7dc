//! Where a request's parameters are: in headers and a body for one signed the newer way (TC3-HMAC-SHA256), all in the
//! query or the form body for one signed the older way.

use std::cell::OnceCell;

use http::Method;

use super::form::{self, Common, Pair};
use super::headers::{ApiHeaders, parameter};
use super::messages;
use super::received::Received;
use crate::answer::Refused;
use crate::contract::Tree;

/// Documented: the most that a GET may carry behind its `?`.
const QUERY_BYTES_MAX: usize = 32 << 10;

/// The parameters of a request.
pub(crate) struct Parameters<'r> {
    pub(crate) common: Common<'r>,
    /// The action's own.
    pub(crate) own: OwnParameters<'r>,
    /// Where all are in one query or form body: every parameter, decoded, in the order sent, which is what is signed.
    pub(crate) form: Option<Vec<Pair<'r>>>,
}

/// The action's own parameters.
pub(crate) enum OwnParameters<'r> {
    /// From a query or a form body.
    Form(Tree),
    /// From a JSON body, which is parsed when somebody first asks for it: few calls are matched by a fault rule, and
    /// one that is refused before its body is checked need not be parsed.
    Json(JsonBody<'r>),
}

/// A JSON body, parsed once at most.
pub(crate) struct JsonBody<'r> {
    bytes: &'r [u8],
    parsed: OnceCell<serde_json::Result<Tree>>,
}

impl<'r> JsonBody<'r> {
    fn of(bytes: &'r [u8]) -> Self {
        Self {
            bytes,
            parsed: OnceCell::new(),
        }
    }

    /// What it holds. A body of nothing has no members.
    pub(crate) fn tree(self) -> serde_json::Result<Tree> {
        if self.bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Tree::Object(Vec::new()));
        }
        let parsed = self.parsed.into_inner();
        parsed.unwrap_or_else(|| Tree::from_json(self.bytes))
    }
}

impl Default for OwnParameters<'_> {
    /// None at all.
    fn default() -> Self {
        Self::Form(Tree::Object(Vec::new()))
    }
}

impl OwnParameters<'_> {
    /// The parameters ahead of their check; `None` where they cannot be read.
    pub(crate) fn peek(&self) -> Option<&Tree> {
        match self {
            Self::Form(tree) => Some(tree),
            Self::Json(body) => body.parsed.get_or_init(|| Tree::from_json(body.bytes)).as_ref().ok(),
        }
    }
}

impl<'r> Parameters<'r> {
    /// Reads them. A request is of the newer kind if it has an `Authorization` header; a lenient emulator also takes
    /// one with common headers and no signature for one.
    pub(crate) fn read(received: &'r Received<'r>, headers: &ApiHeaders<'r>, lenient: bool) -> Result<Self, Refused> {
        let head = received.head;
        let is_get = head.method == Method::GET;
        if !is_get && head.method != Method::POST {
            let what = format!("Only GET and POST are supported, not {}.", head.method);
            return Err(messages::unsupported(&what));
        }
        let query = head.uri.query().unwrap_or_default();
        if query.len() > QUERY_BYTES_MAX {
            return Err(messages::too_large("query", "32 KB"));
        }
        let is_newer = headers.authorization.is_some() || lenient && headers.action.is_some();
        match (is_newer, is_get) {
            (true, true) => Ok(Self {
                own: OwnParameters::Form(fold(decode(query.as_bytes())?)?),
                ..Self::in_headers(received, headers)
            }),
            (true, false) => Ok(Self::in_headers(received, headers)),
            (false, true) => Self::in_form(query.as_bytes()),
            (false, false) => Self::in_form(&received.body),
        }
    }

    /// Those of a request whose common parameters are headers, and its own in a JSON body.
    pub(crate) fn in_headers(received: &'r Received<'r>, headers: &ApiHeaders<'r>) -> Self {
        Self {
            common: Common {
                action: parameter(headers.action),
                version: parameter(headers.version),
                region: parameter(headers.region),
                timestamp: parameter(headers.timestamp),
                token: parameter(headers.token),
                language: parameter(headers.language),
                ..Common::default()
            },
            own: OwnParameters::Json(JsonBody::of(&received.body)),
            form: None,
        }
    }

    fn in_form(raw: &'r [u8]) -> Result<Self, Refused> {
        let pairs = decode(raw)?;
        if pairs.is_empty() {
            return Err(messages::unreadable_form(&form::Fault::NoEquals));
        }
        let (common, own) = Common::split(pairs.clone()).map_err(|fault| messages::unreadable_form(&fault))?;
        Ok(Self {
            common,
            own: OwnParameters::Form(fold(own)?),
            form: Some(pairs),
        })
    }
}

fn decode(raw: &[u8]) -> Result<Vec<Pair<'_>>, Refused> {
    form::decode(raw).map_err(|fault| messages::unreadable_form(&fault))
}

fn fold(pairs: Vec<Pair<'_>>) -> Result<Tree, Refused> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_body_is_parsed_once() {
        fn text(tree: &Tree) -> &str {
            match tree {
                Tree::Object(members) => match &members[..] {
                    [(name, Tree::String(text))] if name == "InstanceId" => text,
                    _ => panic!("{members:?}"),
                },
                _ => panic!("{tree:?}"),
            }
        }
        let own = OwnParameters::Json(JsonBody::of(br#"{"InstanceId":"crs-5qlrlhux"}"#));
        let peeked = own.peek().map(text).expect("JSON").as_ptr();
        let OwnParameters::Json(body) = own else {
            panic!("no form")
        };
        let tree = body.tree().expect("JSON");
        assert_eq!(text(&tree), "crs-5qlrlhux");
        assert_eq!(text(&tree).as_ptr(), peeked, "the text is the one that was peeked at");
    }

    #[test]
    fn a_body_of_nothing_has_no_members_whether_it_was_peeked_at_or_not() {
        for is_peeked_at in [false, true] {
            let own = OwnParameters::Json(JsonBody::of(b" \n"));
            assert!(!is_peeked_at || own.peek().is_none());
            let OwnParameters::Json(body) = own else {
                panic!("no form")
            };
            assert_eq!(body.tree().expect("as if it were {}"), Tree::Object(Vec::new()));
        }
    }
}
