//! Accepts connections and serves them until told to stop.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::MissedTickBehavior;

use super::door::{Scheme, guard};
use super::front::{Front, ResponseBody};
use super::tls::{Acceptor, TlsStream};
use super::tunnel::{Ends, Tunnel};
use crate::aside::aside;
use crate::clock::Stopwatch;
use crate::emulator::Emulator;
use crate::places::Place;
pub use crate::places::raise_open_files;

/// How long calls under way may take to end once the server is told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);
/// The pause after a failed accept (no file descriptor left, most likely), before the next try.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long a connection beyond those that may be open is served.
const SPARE_WITHIN: Duration = Duration::from_secs(2);
/// How often the memory of accounts and keys is given back whose time is up. They are refused before that.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// How long a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// What the connections of a listener speak.
#[derive(Clone)]
pub enum Protocol {
    /// HTTP. With an acceptor a client may also `CONNECT` to a port of HTTPS, and speak that in the tunnel; without one
    /// it is refused.
    Http(Option<Acceptor>),
    /// HTTPS, and so in tunnels.
    Https(Acceptor),
}

impl Protocol {
    fn acceptor(&self) -> Option<&Acceptor> {
        match self {
            Self::Http(tls) => tls.as_ref(),
            Self::Https(tls) => Some(tls),
        }
    }
}

/// Serves an emulator on `listener` until `stop` is done. Connections that idle are closed then; calls under way get
/// five seconds to end.
pub async fn serve(
    emulator: Arc<Emulator>,
    listener: TcpListener,
    protocol: Protocol,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None);
    builder.http2().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let server = Server {
        front: Front::new(Arc::clone(&emulator)),
        builder: Arc::new(builder),
        idle_max: emulator.config.head_timeout,
        ends: Ends {
            inside: false,
            tls_port: emulator.config.tls_listen.port(),
            tls: protocol.acceptor().is_some(),
        },
        protocol: Arc::new(protocol),
    };
    let mut stop = pin!(stop);
    let mut sweep = tokio::time::interval(SWEEP_EVERY);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Nobody is waited for: a connection without a place is closed at once.
                    let Some(place) = emulator.places.take() else { continue };
                    // Without it a small answer may wait for the client's acknowledgement.
                    let _ = stream.set_nodelay(true);
                    let server = server.clone();
                    // The second is for the tunnel that the connection may become.
                    let watchers = [connections.watcher(), connections.watcher()];
                    tokio::spawn(server.seat(place, stream, peer.ip(), watchers));
                }
                Err(error) => {
                    emulator.places.warn_once(&format!("could not accept a connection: {error}"));
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            _ = sweep.tick() => {
                let world = emulator.world();
                // Nobody waits for it.
                tokio::spawn(aside(move || world.sweep()));
            }
            () = &mut stop => break,
        }
    }
    drop(listener);
    emulator.events.stop();
    if tokio::time::timeout(STOP_WITHIN, connections.shutdown()).await.is_err() {
        tracing::warn!("calls were still under way after {STOP_WITHIN:?}; they are cut off");
    }
    Ok(())
}

/// What serving a connection needs.
#[derive(Clone)]
struct Server {
    front: Front,
    builder: Arc<Builder<TokioExecutor>>,
    idle_max: Duration,
    ends: Ends,
    protocol: Arc<Protocol>,
}

impl Server {
    /// Serves a connection by the place that it has: one beyond those that may be open gets no more than a word on how
    /// the server is.
    async fn seat(mut self, place: Place, stream: TcpStream, peer: IpAddr, watchers: [Watcher; 2]) {
        match place {
            Place::Ordinary { .. } => self.run(stream, peer, watchers).await,
            Place::Spare { .. } => {
                self.front.is_crowded = true;
                // In a box, so that an ordinary connection does not hold the room for it.
                let served = Box::pin(self.run(stream, peer, watchers));
                if tokio::time::timeout(SPARE_WITHIN, served).await.is_err() {
                    tracing::debug!("a connection beyond those that may be open is cut off");
                }
            }
        }
        drop(place);
    }

    async fn run(self, stream: TcpStream, peer: IpAddr, watchers: [Watcher; 2]) {
        let [outer, inner] = watchers;
        let tunnel = match &*self.protocol {
            Protocol::Http(_) => self.talk(stream, peer, None, outer).await,
            Protocol::Https(tls) => match secured(tls, stream).await {
                Some(stream) => self.talk(stream, peer, Some(tls), outer).await,
                None => None,
            },
        };
        if let Some(tunnel) = tunnel {
            // In a box, so that a connection that never becomes one does not hold the room for it.
            Box::pin(self.through(tunnel, peer, inner)).await;
        }
    }

    /// Serves a tunnel as if it were a connection of its own.
    async fn through(mut self, tunnel: Tunnel, peer: IpAddr, watcher: Watcher) {
        self.ends.inside = true;
        let is_tls = tunnel.is_tls;
        let Some(stream) = tunnel.open().await else {
            return;
        };
        match self.protocol.acceptor().filter(|_| is_tls) {
            None => self.talk(stream, peer, None, watcher).await,
            Some(tls) => match secured(tls, stream).await {
                Some(stream) => self.talk(stream, peer, Some(tls), watcher).await,
                None => None,
            },
        };
    }

    /// Serves the connection, over TLS if `secure`, until it ends, becomes a tunnel, or has idled too long: that is, no
    /// call was under way and none came whole for `idle_max`, be it that nothing was sent or a head in drops.
    async fn talk<S>(&self, stream: S, peer: IpAddr, secure: Option<&Acceptor>, watcher: Watcher) -> Option<Tunnel>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let connection = Arc::new(Connection {
            front: self.front.clone(),
            ends: self.ends,
            peer,
            secure: secure.cloned(),
            idle: Idle::default(),
            granted: Mutex::default(),
        });
        let service = service_fn(|mut request| {
            let connection = Arc::clone(&connection);
            let tunnelled = connection.tunnel(&mut request);
            async move {
                let call = Busy::begin(connection);
                let connection = &call.0;
                let answer = match tunnelled {
                    Some(answer) => Ok(answer),
                    None => {
                        let scheme = connection.secure.as_ref().map_or(Scheme::Http, Scheme::Https);
                        connection.front.answer(request, Some(connection.peer), scheme).await
                    }
                };
                answer.map(|answer| answer.map(|body| lasting(body, call)))
            }
        });
        let served = self
            .builder
            .serve_connection_with_upgrades(TokioIo::new(stream), service);
        tokio::select! {
            served = watcher.watch(served) => if let Err(error) = served {
                tracing::debug!(error, "a connection ended early");
            },
            () = connection.idle.longer_than(self.idle_max) => {
                tracing::debug!("a connection was idle for {:?}; it is closed", self.idle_max);
            }
        }
        connection.granted.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What the calls of one connection share.
struct Connection {
    front: Front,
    ends: Ends,
    peer: IpAddr,
    secure: Option<Acceptor>,
    idle: Idle,
    /// The tunnel that the connection is to become.
    granted: Mutex<Option<Tunnel>>,
}

impl Connection {
    /// Answers a request for a tunnel; `None` for any other.
    fn tunnel(&self, request: &mut Request<Incoming>) -> Option<Response<ResponseBody>> {
        let (mut answer, tunnel) = self.ends.answer(request)?;
        guard(&mut answer);
        *self.granted.lock().unwrap_or_else(PoisonError::into_inner) = tunnel;
        Some(answer)
    }
}

/// The stream behind its TLS handshake; `None` if that fails or takes too long.
async fn secured<S>(tls: &Acceptor, stream: S) -> Option<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    match tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
        Ok(Ok(stream)) => return Some(stream),
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
    None
}

/// How long a connection has had no call under way. Reading a clock at the end of each call costs less than setting a
/// timer for each.
struct Idle {
    since_start: Stopwatch,
    /// When the last call ended, in milliseconds since the start.
    ended_at: AtomicU64,
    calls: AtomicUsize,
}

impl Default for Idle {
    fn default() -> Self {
        Self {
            since_start: Stopwatch::start(),
            ended_at: AtomicU64::new(0),
            calls: AtomicUsize::new(0),
        }
    }
}

impl Idle {
    /// Ends when no call has been under way for `limit`.
    async fn longer_than(&self, limit: Duration) {
        let mut wait = limit;
        loop {
            tokio::time::sleep(wait).await;
            let ended_at = Duration::from_millis(self.ended_at.load(Ordering::Relaxed));
            let idle = self.since_start.elapsed().saturating_sub(ended_at);
            wait = match self.calls.load(Ordering::Relaxed) {
                0 if idle >= limit => return,
                0 => limit - idle,
                _ => limit,
            };
        }
    }
}

/// A call under way on its connection, until it is dropped.
struct Busy(Arc<Connection>);

impl Busy {
    fn begin(connection: Arc<Connection>) -> Self {
        connection.idle.calls.fetch_add(1, Ordering::Relaxed);
        Self(connection)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let idle = &self.0.idle;
        let now = idle.since_start.elapsed().as_millis();
        idle.ended_at
            .store(u64::try_from(now).unwrap_or(u64::MAX), Ordering::Relaxed);
        idle.calls.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of an answer, of which the call is under way until the body has ended: a stream may take its time. What the
/// API answers is there at once.
fn lasting(body: ResponseBody, call: Busy) -> ResponseBody {
    match body {
        ResponseBody::Left(body) => ResponseBody::Left(body),
        ResponseBody::Right(body) => ResponseBody::Right(Body::new(Lasting { body, _call: call })),
    }
}

/// See [`lasting()`].
struct Lasting {
    body: Body,
    _call: Busy,
}

impl http_body::Body for Lasting {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
