//! HTTPS left out: nobody has an acceptor.

use std::future::Ready;
use std::io;

use crate::emulator::Emulator;

/// The TLS side of an emulator, of which there is none without the feature `tls`.
#[derive(Clone)]
pub enum Acceptor {}

/// What a handshake would give.
pub(super) type TlsStream<S> = S;

impl Acceptor {
    pub(super) fn accept<S>(&self, _: S) -> Ready<io::Result<TlsStream<S>>> {
        match *self {}
    }

    pub(super) fn carries(&self, _: &str) -> bool {
        match *self {}
    }
}

/// There is none to be had.
pub(crate) fn acceptor(_: &Emulator) -> Result<Acceptor, String> {
    Err("HTTPS needs the feature `tls` of crs-local; turn it on, or leave `Config::tls` false".to_owned())
}
