//! The doors: who may come in, by what a request's head says of where it comes from.
//!
//! Whoever reaches the port is answered, and every web page that a browser on this machine shows can reach it. What
//! tells a page from a client is the Host (a name that was rebound to this machine is none of ours), the `Origin` and
//! the `Sec-Fetch-` headers, which a page cannot forge. This module reads the head and nothing else; it is asked before
//! anything counts as a call.

use axum::body::Body;
use http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, HOST, HeaderName, HeaderValue, ORIGIN, TRANSFER_ENCODING, USER_AGENT,
    WWW_AUTHENTICATE,
};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode, Version};

use super::host::{self, Host, text};
use super::signature::same;
use super::tls::Acceptor;
use super::{control, form};
use crate::config::{AllowedHost, Config, ControlToken};
use crate::contract;
use crate::quote;

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What every answer carries, so that a browser makes nothing of it but what it is: no other type, no copy kept, no use
/// by another site's page, no place in a frame.
static GUARDS: [(HeaderName, HeaderValue); 4] = [
    (
        http::header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (http::header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (http::header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

const BEARER: &[u8] = b"Bearer ";

/// Whose the name is by which a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// One of this machine or its own network, which no stranger can give out.
    Local,
    /// One of Tencent's, which leads here by a hosts file or a proxy.
    Tencent,
    /// Any other, or none: whoever owns the name may have pointed it here.
    Foreign,
}

/// What a connection speaks.
#[derive(Clone, Copy)]
pub(super) enum Scheme<'t> {
    Http,
    Https(&'t Acceptor),
}

impl Scheme<'_> {
    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https(_) => "https",
        }
    }
}

/// The port of a URL that names none; `None` for a scheme that no page of ours has.
fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// What a request that was let in came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'r> {
    pub(crate) reach: Reach,
    /// The Host, if it names one.
    pub(crate) host: Option<Host<'r>>,
    is_https: bool,
}

impl Entry<'_> {
    /// Scheme and Host, as links name them; of a request that names no Host this machine.
    pub(crate) fn origin(&self) -> Box<str> {
        let scheme = if self.is_https { "https" } else { "http" };
        let Some(Host { name, port }) = self.host else {
            return format!("{scheme}://{}", super::HOST_IN_PROCESS).into();
        };
        let name = if name.contains(':') {
            format!("[{name}]")
        } else {
            name.to_owned()
        };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{name}{port}").into()
    }
}

/// Why a request is not let in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shut {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl Shut {
    fn forbidden(message: String) -> Self {
        let status = StatusCode::FORBIDDEN;
        Self { status, message }
    }

    pub(super) fn answer(&self) -> Response<Body> {
        let mut response = control::failed(self.status, &self.message);
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
        }
        response
    }
}

/// Marks an answer with what every answer carries.
pub(super) fn guard<B>(response: &mut Response<B>) {
    for (name, value) in &GUARDS {
        response.headers_mut().insert(name, value.clone());
    }
}

/// The doors as they were set up.
pub(super) struct Doors {
    allowed: Vec<AllowedHost>,
    token: Option<ControlToken>,
}

impl Doors {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            allowed: config.allow_host.clone(),
            token: config.control_token.clone(),
        }
    }

    /// Lets a request in, and says by what name it came.
    pub(super) fn enter<'r>(&self, head: &'r Parts, scheme: Scheme<'_>) -> Result<Entry<'r>, Shut> {
        well_framed(head)?;
        let (uri, headers) = (&head.uri, &head.headers);
        let sent = host::sent(uri, headers);
        let host = Host::read(sent);
        let is_control = control::owns(uri.path());
        let reach = host.map_or(Reach::Foreign, |host| self.reach(host, scheme, is_control));
        if !(is_control && is_visit(head)) {
            self.same_page(headers, host, scheme)?;
        }
        if is_control {
            self.control(uri.path(), headers, reach, sent)?;
        } else if let Some(query) = uri.query()
            && matches!(scheme, Scheme::Http)
            && !host.is_some_and(Host::is_loopback)
        {
            not_by_a_link(query, headers)?;
        }
        let is_https = matches!(scheme, Scheme::Https(_));
        Ok(Entry { reach, host, is_https })
    }

    /// Whose the name is. That the certificate carries it is looked up only where it matters: the API takes a name of
    /// Tencent's anyway.
    fn reach(&self, host: Host<'_>, scheme: Scheme<'_>, is_control: bool) -> Reach {
        if host.is_local() || self.allows(host) {
            return Reach::Local;
        }
        let is_tencent = host.is_tencent();
        match scheme {
            Scheme::Https(tls) if (is_control || !is_tencent) && tls.carries(host.name) => Reach::Local,
            _ if is_tencent => Reach::Tencent,
            _ => Reach::Foreign,
        }
    }

    fn allows(&self, host: Host<'_>) -> bool {
        self.allowed.iter().any(|allowed| allowed.covers(host.name))
    }

    /// No page asks but one that this server has served itself.
    fn same_page(&self, headers: &HeaderMap, host: Option<Host<'_>>, scheme: Scheme<'_>) -> Result<(), Shut> {
        let is_ours =
            |origin: &HeaderValue| text(origin).is_some_and(|origin| self.is_own_origin(origin, host, scheme));
        if let Some(origin) = headers.get_all(ORIGIN).iter().find(|sent| !is_ours(sent)) {
            return Err(Shut::forbidden(format!(
                "a web page of another origin asks (`Origin: {}`), and such a page may not call \
                 here; --allow-host NAME lets in the pages of a host",
                quoted(origin.as_bytes())
            )));
        }
        match headers.get(&SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
            Some(site @ (b"cross-site" | b"same-site")) => Err(Shut::forbidden(format!(
                "a web page of another origin asks (`Sec-Fetch-Site: {}`), and such a page may not \
                 call here; call from a program, or from a page of this host and port",
                quoted(site)
            ))),
            _ => Ok(()),
        }
    }

    /// Whether the origin is that of the call itself, or its host is allowed, by whatever port.
    fn is_own_origin(&self, origin: &str, host: Option<Host<'_>>, scheme: Scheme<'_>) -> bool {
        let Some((page_scheme, rest)) = origin.split_once("://") else {
            return false;
        };
        let (Some(page), Some(page_port)) = (Host::read(rest), default_port(page_scheme)) else {
            return false;
        };
        let is_own = |own: Host<'_>| {
            page_scheme == scheme.name()
                && page.name.eq_ignore_ascii_case(own.name)
                && page.port.unwrap_or(page_port) == own.port.unwrap_or(page_port)
        };
        host.is_some_and(is_own) || self.allows(page)
    }

    /// What the control API asks beside: a name of ours, and the token where one is set.
    fn control(&self, path: &str, headers: &HeaderMap, reach: Reach, host: &str) -> Result<(), Shut> {
        // They hold no secret, and whoever needs them does not know the rest yet; a link carries its own proof.
        if matches!(path, control::HEALTH_PATH | control::CA_PATH) || control::is_link(path) {
            return Ok(());
        }
        if reach != Reach::Local {
            return Err(Shut::forbidden(format!(
                "{} answers only to a local Host, and `{}` is none; call it as localhost or by an \
                 address, or start with --allow-host and that name",
                quoted(path.as_bytes()),
                quoted(host.as_bytes())
            )));
        }
        match &self.token {
            Some(token) if !control::tells_nothing(path) && !bears(headers, token) => Err(Shut {
                status: StatusCode::UNAUTHORIZED,
                message: format!(
                    "{} asks for the token that --control-token set; send it as \
                         `Authorization: Bearer TOKEN`",
                    quoted(path.as_bytes())
                ),
            }),
            _ => Ok(()),
        }
    }
}

/// Whether the request carries this token.
fn bears(headers: &HeaderMap, token: &ControlToken) -> bool {
    let sent = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    let sent = sent.and_then(|value| value.split_at_checked(BEARER.len()));
    sent.is_some_and(|(scheme, sent)| scheme.eq_ignore_ascii_case(BEARER) && same(sent, token.as_bytes()))
}

/// What the standard of HTTP/1.1 wants and the parser lets pass: one Host (RFC 9112, 3.2), and no transfer coding that
/// is not understood (6.1).
fn well_framed(head: &Parts) -> Result<(), Shut> {
    let headers = &head.headers;
    let bad_request = |message: &str| Shut {
        status: StatusCode::BAD_REQUEST,
        message: message.to_owned(),
    };
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => {
            return Err(bad_request("there are two Host headers, and they may differ; send one"));
        }
        (None, None) if head.uri.authority().is_none() && head.version > Version::HTTP_10 => {
            return Err(bad_request("there is no Host header; send one"));
        }
        _ => {}
    }
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => Ok(()),
        (Some(only), None) if only.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") => Ok(()),
        (Some(coding), _) => Err(Shut {
            status: StatusCode::NOT_IMPLEMENTED,
            message: format!(
                "Transfer-Encoding `{}` is not understood; send the body as it is, with a \
                 Content-Length or `chunked` alone",
                quoted(coding.as_bytes())
            ),
        }),
    }
}

/// Whether a person follows a link or types an address: what is only looked at then changes nothing.
fn is_visit(head: &Parts) -> bool {
    let is = |name: &HeaderName, wanted: &str| {
        let value = head.headers.get(name);
        value.is_some_and(|value| value == wanted)
    };
    matches!(head.method, Method::GET | Method::HEAD)
        && is(&SEC_FETCH_MODE, "navigate")
        && is(&SEC_FETCH_DEST, "document")
}

/// Without TLS a browser says only to the machine's own names where a GET comes from. To others it may be a link or an
/// image of any page, and so it may not write.
fn not_by_a_link(query: &str, headers: &HeaderMap) -> Result<(), Shut> {
    if !(is_fetched(headers) && names_a_write(query)) {
        return Ok(());
    }
    Err(Shut::forbidden(
        "a browser asks, and to this Host it does not say for which page, so it may only read \
         here; call as localhost, over HTTPS, or from a program"
            .to_owned(),
    ))
}

/// Whether a browser sent this, and not for a script's own fetch, of which the Origin tells.
fn is_fetched(headers: &HeaderMap) -> bool {
    let is_browser = headers
        .get(USER_AGENT)
        .is_some_and(|agent| agent.as_bytes().starts_with(b"Mozilla/"));
    is_browser && headers.contains_key(ACCEPT_LANGUAGE)
        || headers
            .get(&SEC_FETCH_MODE)
            .is_some_and(|mode| mode == "navigate" || mode == "no-cors")
}

/// Whether the query calls an action that changes something.
fn names_a_write(query: &str) -> bool {
    let is_write = |name: &str| {
        contract::ACTIONS
            .iter()
            .any(|action| action.name == name && !action.reads)
    };
    // A query that cannot be read calls nothing.
    form::decode(query.as_bytes())
        .is_ok_and(|pairs| pairs.iter().any(|(key, value)| key == "Action" && is_write(value)))
}

/// What was sent, for a message.
fn quoted(sent: &[u8]) -> String {
    quote::quoted(&String::from_utf8_lossy(sent)).into_owned()
}

#[cfg(test)]
mod tests;
