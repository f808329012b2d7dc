//! One file in a `.tar.gz`, of which nothing is compressed: so its length follows from that of the file alone.

use crate::cloud::time::{Millis, SECOND};

/// A block of a tar archive.
const BLOCK: usize = 512;
/// The most that one stored block of a gzip file holds.
const STORED_MOST: usize = 65_535;

/// An archive with that one file.
pub fn tar_gz(name: &str, text: &str, at: Millis) -> Vec<u8> {
    gzip(&tar(name, text.as_bytes(), at))
}

/// In the oldest form, which every reader knows.
fn tar(name: &str, bytes: &[u8], at: Millis) -> Vec<u8> {
    let mut head = [0; BLOCK];
    let mut put = |from: usize, text: &str| head[from..from + text.len()].copy_from_slice(text.as_bytes());
    put(0, &name[..name.len().min(99)]);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{:011o}\0", bytes.len()));
    put(136, &format!("{:011o}\0", at.div_euclid(SECOND).max(0)));
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut out = head.to_vec();
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(STORED_MOST).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&crc32(bytes).to_le_bytes());
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out
}

/// The checksum of gzip.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    let step = |sum: u32, byte: &u8| TABLE[((sum ^ u32::from(*byte)) & 0xff) as usize] ^ (sum >> 8);
    !bytes.iter().fold(!0, step)
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < table.len() {
        let mut sum = at as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_gzip() {
        // The check value that the standard gives.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn an_archive_grows_with_its_file_alone() {
        for length in [0, 1, 511, 512, 513, 65_535, 200_000] {
            let text = "x".repeat(length);
            let archive = tar_gz("a.csv", &text, 0);
            let tar = BLOCK + length.next_multiple_of(BLOCK) + 2 * BLOCK;
            assert_eq!(archive.len(), 18 + tar + 5 * tar.div_ceil(STORED_MOST), "{length}");
        }
    }
}
