//! An emulator on a port, on a thread of its own.

use std::net::{SocketAddr, TcpListener};
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::thread::{Builder as Thread, JoinHandle};
use std::{fmt, io};

use futures_util::future::try_join_all;
use tokio::runtime::{Builder as RuntimeBuilder, Runtime};
use tokio::sync::{oneshot, watch};

use super::error::StartError;
use super::sandbox::Sandbox;
use crate::emulator::Emulator;
use crate::http::serve::{Protocol, serve};
use crate::http::tls;

/// A server that a test has for itself. What a [`Sandbox`] can do, it can.
///
/// It has a thread and a runtime of its own, so it answers while the test's thread waits for a blocking client. It ends
/// when it is dropped, with all its connections; [`Server::stop`] lets calls that are under way end first.
///
/// ```
/// use crs_local::Emulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let server = Emulator::builder().seed(7).start().await.unwrap();
/// assert!(server.url().starts_with("http://127.0.0.1:"));
/// // Point a client at server.endpoint(), with the key pair of server.key_pair().
/// server.stop().await;
/// # }
/// ```
pub struct Server {
    sandbox: Sandbox,
    address: SocketAddr,
    secure_address: Option<SocketAddr>,
    /// Asks it to stop; dropped, it stops at once.
    stop: Option<oneshot::Sender<()>>,
    /// Comes to an end with the thread.
    ended: oneshot::Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(mut emulator: Emulator) -> Result<Self, StartError> {
        let (plain, address) = listen(emulator.config.listen)?;
        let secure = if emulator.config.tls {
            let (listener, address) = listen(emulator.config.tls_listen)?;
            // Tunnels lead to the port that was got.
            emulator.config.tls_listen = address;
            let acceptor = tls::acceptor(&emulator).map_err(StartError);
            Some(acceptor.map(|acceptor| (acceptor, listener))?)
        } else {
            None
        };
        let secure_address = secure.as_ref().map(|_| emulator.config.tls_listen);
        let tunnels = secure.as_ref().map(|(acceptor, _)| acceptor.clone());
        let mut doors = vec![(plain, Protocol::Http(tunnels))];
        doors.extend(secure.map(|(acceptor, listener)| (listener, Protocol::Https(acceptor))));
        let no_thread = |error: io::Error| StartError(format!("cannot start a thread: {error}"));
        let runtime = RuntimeBuilder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(no_thread)?;
        let sandbox = Sandbox::of(emulator);
        let emulator = Arc::clone(&sandbox.emulator);
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let thread = Thread::new().name("crs-local".to_owned()).spawn(move || {
            run(runtime, &emulator, doors, stopped);
            drop(end);
        });
        Ok(Self {
            sandbox,
            address,
            secure_address,
            stop: Some(stop),
            ended,
            thread: Some(thread.map_err(no_thread)?),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it is reached: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it is reached, as the SDKs want it: `127.0.0.1:PORT`, beside the protocol `http`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.address.to_string()
    }

    /// Where it is reached by HTTPS, `https://127.0.0.1:PORT`, if it was asked for; its certificate is of the authority
    /// that `GET /_crs/ca.pem` gives.
    #[must_use]
    pub fn secure_url(&self) -> Option<String> {
        self.secure_address.map(|address| format!("https://{address}"))
    }

    /// Stops it: no further call is taken, and those under way end. Returns when it has ended.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        // The other end is dropped, which is what is waited for.
        let _ = (&mut self.ended).await;
    }
}

fn listen(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let cannot = |error: io::Error| StartError(format!("cannot listen on {wanted}: {error}; give another address"));
    let listener = TcpListener::bind(wanted).map_err(cannot)?;
    listener.set_nonblocking(true).map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    Ok((listener, address))
}

/// Serves until it is told to stop, and then ends gracefully; or until nobody can tell it any more, and then at once.
fn run(
    runtime: Runtime,
    emulator: &Arc<Emulator>,
    doors: Vec<(TcpListener, Protocol)>,
    stopped: oneshot::Receiver<()>,
) {
    let served = runtime.block_on(async move {
        let end = watch::Sender::new(());
        let serve_one = |(listener, protocol): (TcpListener, Protocol)| {
            let mut ended = end.subscribe();
            let listener = tokio::net::TcpListener::from_std(listener)?;
            Ok(serve(Arc::clone(emulator), listener, protocol, async move {
                // It is never changed, only dropped.
                let _ = ended.changed().await;
            }))
        };
        let all = doors.into_iter().map(serve_one).collect::<io::Result<Vec<_>>>()?;
        let mut serving = pin!(try_join_all(all));
        tokio::select! {
            served = &mut serving => served,
            told = stopped => match told {
                Ok(()) => {
                    drop(end);
                    serving.await
                }
                Err(_) => Ok(Vec::new()),
            },
        }
    });
    if let Err(error) = served {
        tracing::error!(%error, "serving ended");
    }
    // Long work that nobody waits for any more ends by itself.
    runtime.shutdown_background();
}

impl Deref for Server {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been told already.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
