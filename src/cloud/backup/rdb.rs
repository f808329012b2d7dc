//! The file of a shard as Redis writes it (RDB): a head, what made it, no data, and a checksum.

use crate::cloud::backup::record::Backup;
use crate::cloud::catalogue::edition::{Edition, Engine};
use crate::cloud::ids;
use crate::cloud::time::SECOND;

const AUX: u8 = 0xfa;
const END: u8 = 0xff;
/// From that version on a file says what made it.
const AUX_FROM: u32 = 7;
/// From that version on it says that it is none of a log.
const AOF_BASE_FROM: u32 = 10;

/// The version of the files that an edition writes; of those that write none, that of the nearest Redis.
fn version(edition: &Edition) -> u32 {
    match edition.kernel.split('.').next() {
        _ if edition.engine == Engine::Valkey && edition.kernel.starts_with('9') => 80,
        _ if edition.engine == Engine::Valkey => 11,
        _ if edition.engine == Engine::Memcached => 9,
        Some("2") => 6,
        Some("3") => 7,
        Some("4") => 8,
        Some("7") => 10,
        _ => 9,
    }
}

/// What a file of that version begins with: Valkey has a word of its own since it counts by itself.
fn magic(version: u32) -> String {
    match version {
        80.. => format!("VALKEY{version:03}"),
        _ => format!("REDIS{version:04}"),
    }
}

/// The file of a shard.
pub fn file(backup: &Backup, shard: u64) -> Vec<u8> {
    let (edition, version) = (backup.edition, version(backup.edition));
    let mut file = magic(version).into_bytes();
    if version >= AUX_FROM {
        let maker = if edition.engine == Engine::Valkey {
            "valkey-ver"
        } else {
            "redis-ver"
        };
        let replication = ids::run_id(0, &backup.id, &format!("replication-{shard}"));
        let fields = [
            (maker, edition.kernel.to_owned()),
            ("redis-bits", "64".to_owned()),
            ("ctime", (backup.started_at / SECOND).to_string()),
            // Of one length, so that the files of all shards are.
            ("used-mem", format!("{:015}", backup.used_of(shard))),
            ("repl-stream-db", "0".to_owned()),
            ("repl-id", replication),
            ("repl-offset", "0".to_owned()),
        ];
        let base = (version >= AOF_BASE_FROM).then(|| ("aof-base", "0".to_owned()));
        for (name, value) in fields.iter().chain(&base) {
            file.push(AUX);
            put_text(&mut file, name);
            put_text(&mut file, value);
        }
    }
    file.push(END);
    let sum = crc64(&file);
    file.extend(sum.to_le_bytes());
    file
}

/// A text of fewer than 64 bytes, its length in front.
fn put_text(file: &mut Vec<u8>, text: &str) {
    debug_assert!(text.len() < 64, "a longer one has a longer length");
    file.push(text.len() as u8);
    file.extend(text.bytes());
}

/// Redis' checksum: CRC-64 with Jones' polynomial, bits reflected, nothing before and nothing behind.
pub fn crc64(bytes: &[u8]) -> u64 {
    /// The polynomial, reflected.
    const POLYNOMIAL: u64 = 0x95ac_9329_ac4b_c9b5;
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u64::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ POLYNOMIAL } else { sum >> 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_redis() {
        // The value that stands beside it in Redis' own test.
        assert_eq!(crc64(b"123456789"), 0xe9c6_d914_c4b8_d9ca);
    }
}
