//! What asks a process to end, and how it is handed on. Systems that know no signals have the console's Ctrl-C.

use tokio::sync::watch;

#[cfg(not(unix))]
pub(super) use elsewhere::Signals;
#[cfg(unix)]
pub(super) use unix::Signals;

/// Turns true when the process is asked to end: at the first SIGTERM or SIGINT.
#[cfg(unix)]
pub(super) fn watch() -> Result<watch::Receiver<bool>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| format!("cannot watch for signals: {error}"));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        let _ = stop.send(true);
    });
    Ok(stopped)
}

/// Turns true when the process is asked to end: at the first Ctrl-C.
#[cfg(not(unix))]
pub(super) fn watch() -> Result<watch::Receiver<bool>, String> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        let _ = stop.send(true);
    });
    Ok(stopped)
}

#[cfg(unix)]
mod unix {
    use std::fs::File;

    use futures_util::future::select_all;
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::{Pid, getpgrp, tcgetpgrp};
    use tokio::process::Child;
    use tokio::signal::unix::{Signal as Arriving, SignalKind, signal as listen};

    /// How a signal is watched for, and what is sent then.
    type PassedOn = (fn() -> SignalKind, Arrived);
    const PASSED_ON: &[PassedOn] = &[
        (SignalKind::hangup, Arrived::from_terminal(Signal::SIGHUP)),
        (SignalKind::interrupt, Arrived::from_terminal(Signal::SIGINT)),
        (SignalKind::quit, Arrived::from_terminal(Signal::SIGQUIT)),
        (SignalKind::terminate, Arrived::from_elsewhere(Signal::SIGTERM)),
        (SignalKind::user_defined1, Arrived::from_elsewhere(Signal::SIGUSR1)),
        (SignalKind::user_defined2, Arrived::from_elsewhere(Signal::SIGUSR2)),
    ];

    /// The signals that come in for a child.
    pub(crate) struct Signals(Vec<(Arriving, Arrived)>);

    /// One that has come.
    #[derive(Clone, Copy)]
    pub(crate) struct Arrived {
        signal: Signal,
        /// Whether a terminal sends it to all that run there.
        from_terminal: bool,
    }

    impl Signals {
        /// From now on they no longer end this process.
        pub(crate) fn watch() -> Result<Self, String> {
            let watched = PASSED_ON.iter().map(|&(kind, arrived)| {
                let arriving = listen(kind()).map_err(|error| format!("cannot watch for signals: {error}"))?;
                Ok((arriving, arrived))
            });
            watched.collect::<Result<_, String>>().map(Self)
        }

        /// The next one.
        pub(crate) async fn next(&mut self) -> Arrived {
            let each = self.0.iter_mut().map(|(arriving, arrived)| {
                Box::pin(async {
                    arriving.recv().await;
                    *arrived
                })
            });
            select_all(each).await.0
        }
    }

    impl Arrived {
        const fn from_terminal(signal: Signal) -> Self {
            let from_terminal = true;
            Self { signal, from_terminal }
        }

        const fn from_elsewhere(signal: Signal) -> Self {
            let from_terminal = false;
            Self { signal, from_terminal }
        }

        /// Sends it to the child, unless the terminal has.
        pub(crate) fn pass_on(self, child: &Child) {
            if self.from_terminal && has_terminal() {
                return;
            }
            if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
                // A child that has ended meanwhile needs none.
                let _ = kill(Pid::from_raw(id), self.signal);
            }
        }
    }

    /// Whether what is typed at the terminal is for this process and its child: then both have got the signal already,
    /// and a second one is not what was meant.
    fn has_terminal() -> bool {
        let terminal = File::open("/dev/tty").ok();
        let group = terminal.and_then(|terminal| tcgetpgrp(&terminal).ok());
        group == Some(getpgrp())
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use tokio::process::Child;

    /// Ctrl-C, which the console sends to the child too.
    pub(crate) struct Signals;

    pub(crate) struct Arrived;

    impl Signals {
        pub(crate) fn watch() -> Result<Self, String> {
            Ok(Self)
        }

        pub(crate) async fn next(&mut self) -> Arrived {
            let _ = tokio::signal::ctrl_c().await;
            Arrived
        }
    }

    impl Arrived {
        pub(crate) fn pass_on(self, _: &Child) {}
    }
}
