//! Links to files that this server serves itself. One is signed and good for a while: whoever has it needs no key of
//! the API and no token of the control API. Its end is a moment of the cloud's clock.

use hmac::{KeyInit, Mac};
use subtle::ConstantTimeEq;

use super::keys::HmacSha256;
use crate::cloud::{LinkKey, Links, Millis};

/// What a link to a file of a backup leads to, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BackupLink<'a> {
    pub(crate) app_id: u64,
    pub(crate) backup_id: &'a str,
    pub(crate) file: &'a str,
    /// Unix seconds from when on it leads there.
    pub(crate) from_s: Millis,
    /// Those by which it does not any more.
    pub(crate) until_s: Millis,
}

impl BackupLink<'_> {
    /// Its signature: 64 hexadecimal digits.
    pub(crate) fn signature(&self, key: LinkKey) -> String {
        let BackupLink {
            app_id,
            from_s,
            until_s,
            ..
        } = self;
        // No line break stands in any of them but the last.
        sign(
            key,
            &format!(
                "backups\n{app_id}\n{from_s}\n{until_s}\n{}\n{}",
                self.file, self.backup_id
            ),
        )
    }

    /// Whether that is its signature.
    pub(crate) fn is_signed(&self, key: LinkKey, signature: &str) -> bool {
        same(&self.signature(key), signature)
    }
}

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
    let signature = signature(links.key, path, until);
    format!("{}{path}?Expires={until}&Signature={signature}", links.origin)
}

/// Whether the link that a request came by was made here, and is still good.
pub(crate) fn check(key: LinkKey, path: &str, query: &str, now: Millis) -> Result<(), Unsigned> {
    let (until, signed) = read(query).ok_or(Unsigned::Wrong)?;
    if !same(&signature(key, path, until), signed) {
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

fn signature(key: LinkKey, path: &str, until: Millis) -> String {
    sign(key, &format!("{until}\n{path}"))
}

fn sign(key: LinkKey, text: &str) -> String {
    let signed = mac(&key.0, text.as_bytes());
    signed.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn same(own: &str, signature: &str) -> bool {
    own.as_bytes().ct_eq(signature.as_bytes()).into()
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let keyed = <HmacSha256 as KeyInit>::new_from_slice(key);
    let mut mac = keyed.expect("HMAC takes a key of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
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

    #[test]
    fn a_signature_is_of_one_file_of_a_backup_and_one_key() {
        let link = BackupLink {
            app_id: 1,
            backup_id: "1-2-3",
            file: "a.rdb",
            from_s: 10,
            until_s: 20,
        };
        let own = link.signature(key_of(7));
        assert!(own.len() == 64 && link.is_signed(key_of(7), &own) && !link.is_signed(key_of(8), &own));
        let others = [
            BackupLink { app_id: 2, ..link },
            BackupLink {
                backup_id: "1-2-4",
                ..link
            },
            BackupLink { file: "b.rdb", ..link },
            BackupLink { from_s: 11, ..link },
            BackupLink { until_s: 21, ..link },
        ];
        assert!(others.iter().all(|other| !other.is_signed(key_of(7), &own)));
    }
}
