//! Accepts connections and serves them until told to stop.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::front::Front;
use crate::clock::Stopwatch;
use crate::emulator::Emulator;

/// How long calls under way may take to end once the server is told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);
/// The pause after a failed accept (no file descriptor left, most likely), before the next try.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// Serves an emulator on `listener`, over TLS if `tls` says how, until `stop` is done. Connections
/// that idle are closed then; calls under way get five seconds to end.
pub async fn serve(
    emulator: Arc<Emulator>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None);
    builder.http2().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let server = Server {
        front: Front::new(Arc::clone(&emulator)),
        builder: Arc::new(builder),
        idle_max: emulator.config.head_timeout,
    };
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Without it a small answer may wait for the client's acknowledgement.
                    let _ = stream.set_nodelay(true);
                    let server = server.clone();
                    tokio::spawn(server.run(stream, tls.clone(), peer.ip(), connections.watcher()));
                }
                Err(error) => {
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(STOP_WITHIN, connections.shutdown())
        .await
        .is_err()
    {
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
}

impl Server {
    async fn run(
        self,
        stream: TcpStream,
        tls: Option<TlsAcceptor>,
        peer: IpAddr,
        watcher: Watcher,
    ) {
        match tls {
            None => self.talk(stream, peer, watcher).await,
            Some(tls) => match tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
                Ok(Ok(stream)) => self.talk(stream, peer, watcher).await,
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            },
        }
    }

    /// Serves the connection until it ends or has idled too long: that is, no call was under way
    /// and none came whole for `idle_max`, be it that nothing was sent or a head in drops.
    async fn talk<S>(self, stream: S, peer: IpAddr, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let idle = Arc::new(Idle::default());
        let service = service_fn(|request| {
            let (front, call) = (self.front.clone(), Idle::busy(&idle));
            async move {
                let response = front.answer(request, Some(peer)).await;
                drop(call);
                Ok::<_, Infallible>(response)
            }
        });
        let connection = self.builder.serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            served = watcher.watch(connection) => if let Err(error) = served {
                tracing::debug!(error, "a connection ended early");
            },
            () = idle.longer_than(self.idle_max) => {
                tracing::debug!("a connection was idle for {:?}; it is closed", self.idle_max);
            }
        }
    }
}

/// How long a connection has had no call under way. Reading a clock at the end of each call costs
/// less than setting a timer for each.
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
    fn busy(this: &Arc<Self>) -> Busy {
        this.calls.fetch_add(1, Ordering::Relaxed);
        Busy(Arc::clone(this))
    }

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

/// A call under way, until it is dropped.
struct Busy(Arc<Idle>);

impl Drop for Busy {
    fn drop(&mut self) {
        let now = self.0.since_start.elapsed().as_millis();
        self.0
            .ended_at
            .store(u64::try_from(now).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}
