//! Accepts connections and serves them until told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::Peer;
use crate::emulator::Emulator;

/// How long calls under way may take to end once the server is told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);
/// The pause after a failed accept (no file descriptor left, most likely), before the next try.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// Serves `router` on `listener`, over TLS if `tls` says how, until `stop` is done. Connections that
/// idle are closed then; calls under way get five seconds to end.
pub async fn serve(
    emulator: Arc<Emulator>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let router = super::router(Arc::clone(&emulator));
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(emulator.config.head_timeout);
    builder.http2().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let builder = Arc::new(builder);
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let _ = stream.set_nodelay(true);
                    let serving = Serving {
                        router: router.clone(),
                        builder: Arc::clone(&builder),
                        peer: emulator.config.address_limit.map(|_| peer),
                        watcher: connections.watcher(),
                    };
                    tokio::spawn(serving.run(stream, tls.clone()));
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

/// What serving one connection needs.
struct Serving {
    router: Router,
    builder: Arc<Builder<TokioExecutor>>,
    /// Known only where a limit counts by it.
    peer: Option<SocketAddr>,
    watcher: hyper_util::server::graceful::Watcher,
}

impl Serving {
    async fn run(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        match tls {
            None => self.talk(stream).await,
            Some(tls) => match tokio::time::timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
                Ok(Ok(stream)) => self.talk(stream).await,
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            },
        }
    }

    async fn talk<S>(self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let io = TokioIo::new(stream);
        let served = if let Some(peer) = self.peer {
            let peer = Peer(peer.ip());
            let service = self
                .router
                .map_request(move |mut request: http::Request<_>| {
                    request.extensions_mut().insert(peer);
                    request
                });
            let service = TowerToHyperService::new(service);
            let connection = self.builder.serve_connection(io, service);
            self.watcher.watch(connection).await
        } else {
            let service = TowerToHyperService::new(self.router);
            self.watcher
                .watch(self.builder.serve_connection(io, service))
                .await
        };
        if let Err(error) = served {
            tracing::debug!(error, "a connection ended early");
        }
    }
}
