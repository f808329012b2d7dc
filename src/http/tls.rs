//! HTTPS with a certificate that is made at start, or given.
//!
//! The certificate covers what an unmodified client may ask for: `localhost`, the loopback addresses, and every name of
//! the API, regional ones included. Its CA is made at start too, lives in memory alone, and is handed out by `GET
//! /_crs/ca.pem`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};
use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use tokio::io::{AsyncRead, AsyncWrite};
pub(super) use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

use super::host::TENCENT_SUFFIXES;
use crate::cloud::region;
use crate::emulator::Emulator;

/// The TLS side of an emulator, with its certificate.
#[derive(Clone)]
pub struct Acceptor {
    tls: TlsAcceptor,
    certificate: Arc<CertificateDer<'static>>,
}

impl Acceptor {
    /// The handshake of a connection.
    pub(super) fn accept<S>(&self, stream: S) -> Accept<S>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.tls.accept(stream)
    }

    /// Whether the certificate is one for this name or address.
    pub(super) fn carries(&self, name: &str) -> bool {
        let parsed = ParsedCertificate::try_from(&*self.certificate);
        match (parsed, ServerName::try_from(name)) {
            (Ok(certificate), Ok(name)) => verify_server_name(&certificate, &name).is_ok(),
            _ => false,
        }
    }
}

/// The TLS side of an emulator: its certificate, given or made.
pub fn acceptor(emulator: &Emulator) -> Result<Acceptor, String> {
    let (chain, key) = match (&emulator.config.tls_cert, &emulator.config.tls_key) {
        (Some(cert), Some(key)) => (read_chain(cert)?, read_key(key)?),
        _ => make(emulator).map_err(|error| format!("cannot make a certificate: {error}"))?,
    };
    let certificate = chain
        .first()
        .map(|own| Arc::new(own.clone()))
        .ok_or("the certificate's chain is empty; check --tls-cert")?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| format!("the certificate does not do: {error}; check --tls-cert and --tls-key"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let tls = TlsAcceptor::from(Arc::new(config));
    Ok(Acceptor { tls, certificate })
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let chain = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| format!("--tls-cert {}: {error}; give a PEM file", path.display()))?;
    if chain.is_empty() {
        return Err(format!("--tls-cert {}: it holds no certificate", path.display()));
    }
    Ok(chain)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    PrivateKeyDer::from_pem_file(path)
        .map_err(|error| format!("--tls-key {}: {error}; give a PEM file", path.display()))
}

type Made = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Makes a CA and a certificate that it signs, and keeps the CA's certificate to be handed out.
fn make(emulator: &Emulator) -> Result<Made, rcgen::Error> {
    let ca_key = KeyPair::generate()?;
    let mut ca = CertificateParams::new(Vec::new())?;
    ca.distinguished_name
        .push(DnType::CommonName, "crs-local CA, made at start");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_certificate = ca.self_signed(&ca_key)?;
    let issuer = Issuer::new(ca, ca_key);

    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new(names())?;
    leaf.distinguished_name.push(DnType::CommonName, "crs-local");
    leaf.subject_alt_names
        .push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    leaf.subject_alt_names
        .push(SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)));
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let certificate = leaf.signed_by(&key, &issuer)?;

    let mut kept = emulator.ca_pem.write().unwrap_or_else(PoisonError::into_inner);
    *kept = Some(ca_certificate.pem());
    let chain = vec![certificate.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der());
    Ok((chain, key.map_err(|_| rcgen::Error::CouldNotParseKeyPair)?))
}

/// A wildcard stands for one label, so each region needs one of its own (`redis.ap-shanghai-fsi.tencentcloudapi.com`).
fn names() -> Vec<String> {
    let mut names = vec!["localhost".to_owned()];
    for suffix in TENCENT_SUFFIXES {
        names.push(format!("*{suffix}"));
        for part in ["internal", "intl"] {
            names.push(format!("*.{part}{suffix}"));
        }
        names.extend(region::all().iter().map(|region| format!("*.{}{suffix}", region.name)));
    }
    names
}
