//! Signed links to files of this server: who holds one may fetch the file until it ends.

use hmac::{KeyInit, Mac};

use super::keys::HmacSha256;
use crate::cloud::Millis;

/// What a link leads to, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<'a> {
    pub(crate) app_id: u64,
    /// `backups`, or another folder of files.
    pub(crate) folder: &'static str,
    /// Whose file it is.
    pub(crate) of: &'a str,
    pub(crate) file: &'a str,
    /// Unix seconds from when on it leads there.
    pub(crate) from_s: Millis,
    /// Those by which it does not any more.
    pub(crate) until_s: Millis,
}

impl Link<'_> {
    /// Its signature by the key of that account, which follows from the seed of its ids: 64 hexadecimal digits.
    pub(crate) fn signature(&self, seed: u64) -> String {
        let mut key = *b"crs-local link\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        key[14..22].copy_from_slice(&seed.to_be_bytes());
        key[22..].copy_from_slice(&self.app_id.to_be_bytes());
        let mut mac = <HmacSha256 as KeyInit>::new_from_slice(&key).expect("HMAC takes a key of any length");
        let Link { folder, of, file, .. } = self;
        // No line break stands in any of them but the last.
        let text = format!("{folder}\n{}\n{}\n{file}\n{of}", self.from_s, self.until_s);
        mac.update(text.as_bytes());
        let digits = mac.finalize().into_bytes();
        digits.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_one_link_and_one_key() {
        let link = Link {
            app_id: 1,
            folder: "backups",
            of: "1-2-3",
            file: "a.rdb",
            from_s: 10,
            until_s: 20,
        };
        let others = [
            Link { app_id: 2, ..link },
            Link {
                folder: "exports",
                ..link
            },
            Link { of: "1-2-4", ..link },
            Link { file: "b.rdb", ..link },
            Link { from_s: 11, ..link },
            Link { until_s: 21, ..link },
        ];
        let own = link.signature(7);
        assert_eq!((own.len(), &own), (64, &link.signature(7)));
        assert!(others.iter().all(|other| other.signature(7) != own));
        assert_ne!(link.signature(8), own);
    }
}
