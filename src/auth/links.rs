//! Links to files that this server serves itself. One is signed and good for a while: whoever has it needs no key of
//! the API and no token of the control API. Its end is a moment of the cloud's clock.

use hmac::{KeyInit, Mac};
use subtle::ConstantTimeEq;

use super::keys::HmacSha256;
use crate::cloud::{LinkKey, Links, Millis};

/// Why a link leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsigned {
    /// It carries no signature, or another than its path and its end have.
    Wrong,
    /// It was good until that moment.
    Expired(Millis),
}

/// The key of all links that a server makes: the same seed, the same links.
pub(crate) fn key_of(seed: u64) -> LinkKey {
    LinkKey(mac(b"links to files", &seed.to_be_bytes()))
}

/// A link to a path of this server, which is plain in a URL, that is good until that moment.
pub(crate) fn link(links: &Links, path: &str, until: Millis) -> String {
    let signature = hex(&of(links.key, path, until));
    format!("{}{path}?Expires={until}&Signature={signature}", links.origin)
}

/// Whether the link that a request came by was made here, and is still good.
pub(crate) fn check(key: LinkKey, path: &str, query: &str, now: Millis) -> Result<(), Unsigned> {
    let (until, signature) = read(query).ok_or(Unsigned::Wrong)?;
    let own = hex(&of(key, path, until));
    if !bool::from(own.as_bytes().ct_eq(signature.as_bytes())) {
        return Err(Unsigned::Wrong);
    }
    if now > until {
        return Err(Unsigned::Expired(until));
    }
    Ok(())
}

/// The end and the signature of a link's query.
fn read(query: &str) -> Option<(Millis, &str)> {
    let (until, signature) = query.strip_prefix("Expires=")?.split_once("&Signature=")?;
    Some((until.parse().ok()?, signature))
}

fn of(key: LinkKey, path: &str, until: Millis) -> [u8; 32] {
    mac(&key.0, format!("{until}\n{path}").as_bytes())
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let keyed = <HmacSha256 as KeyInit>::new_from_slice(key);
    let mut mac = keyed.expect("HMAC takes a key of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_path_until_its_end() {
        let links = Links {
            origin: "http://127.0.0.1:8239".into(),
            key: key_of(7),
        };
        let path = "/_crs/exports/1/crs-a/b.tar.gz";
        let made = link(&links, path, 1_000);
        let query = made
            .strip_prefix("http://127.0.0.1:8239/_crs/exports/1/crs-a/b.tar.gz?")
            .expect("origin and path come first");
        assert_eq!(check(key_of(7), path, query, 1_000), Ok(()));
        assert_eq!(check(key_of(7), path, query, 1_001), Err(Unsigned::Expired(1_000)));
        assert_eq!(check(key_of(8), path, query, 1_000), Err(Unsigned::Wrong));
        assert_eq!(
            check(key_of(7), "/_crs/exports/1/crs-a/c", query, 1_000),
            Err(Unsigned::Wrong)
        );
        let later = query.replace("Expires=1000", "Expires=2000");
        for query in [
            "",
            "Expires=1000",
            &later,
            &format!("{query}0"),
            &format!("a=b&{query}"),
        ] {
            assert_eq!(check(key_of(7), path, query, 1_000), Err(Unsigned::Wrong), "{query}");
        }
    }
}
