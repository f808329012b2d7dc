//! `CONNECT host:port`: what some clients (the Node SDK) send a proxy even for plain HTTP. The tunnel that they get
//! ends here, whatever the host is: nothing is ever forwarded.

use http::{Method, Request, Response, StatusCode, Version};
use http_body_util::{Either, Full};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;

use super::control;
use super::front::ResponseBody;

/// The port of HTTPS, unless a listener has another.
const HTTPS_PORT: u16 = 443;

/// A tunnel that was granted.
pub(super) struct Tunnel {
    opened: OnUpgrade,
    /// Whether the client will speak TLS in it.
    pub(super) is_tls: bool,
}

/// Whether a connection can become a tunnel, and what may be spoken in it.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    /// Whether this is a tunnel already: one inside another leads nowhere new.
    pub(super) inside: bool,
    /// The port, beside the usual one, behind which clients expect TLS.
    pub(super) tls_port: u16,
    /// Whether TLS can be spoken.
    pub(super) tls: bool,
}

impl Ends {
    /// Grants or refuses a `CONNECT`; `None` for any other request.
    pub(super) fn answer<B>(self, request: &mut Request<B>) -> Option<(Response<ResponseBody>, Option<Tunnel>)> {
        if request.method() != Method::CONNECT {
            return None;
        }
        Some(match self.grant(request) {
            Ok(is_tls) => {
                let target = request.uri();
                tracing::debug!(%target, is_tls, "a tunnel, which ends here");
                let opened = hyper::upgrade::on(request);
                let tunnel = Tunnel { opened, is_tls };
                (Response::new(Either::Left(Full::default())), Some(tunnel))
            }
            Err((status, message)) => (control::failed(status, &message).map(Either::Right), None),
        })
    }

    /// Whether the tunnel will carry TLS; or with what it is refused.
    fn grant<B>(self, request: &Request<B>) -> Result<bool, (StatusCode, String)> {
        let target = request.uri();
        let Some(port) = target.port_u16() else {
            let message = format!("CONNECT `{target}` names no port; write CONNECT host:port");
            return Err((StatusCode::BAD_REQUEST, message));
        };
        let is_tls = port == HTTPS_PORT || port == self.tls_port;
        let why = if self.inside {
            "it is asked for in a tunnel, which has ended here already; call here"
        } else if request.version() == Version::HTTP_2 {
            "tunnels are made over HTTP/1.1 only; ask for it so"
        } else if is_tls && !self.tls {
            "that port speaks HTTPS, which is off; start with --tls, or call http://"
        } else {
            return Ok(is_tls);
        };
        let message = format!("CONNECT {target} is refused: {why}");
        Err((StatusCode::NOT_IMPLEMENTED, message))
    }
}

impl Tunnel {
    /// The bytes that pass through it, once the client has its answer. `None`: the client has gone.
    pub(super) async fn open(self) -> Option<TokioIo<Upgraded>> {
        match self.opened.await {
            Ok(upgraded) => Some(TokioIo::new(upgraded)),
            Err(error) => {
                tracing::debug!(%error, "a tunnel did not come about");
                None
            }
        }
    }
}
