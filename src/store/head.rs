//! The head of a folder: what it holds, and how it was come by. Whoever replaces it, replaces the state.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The form of folder that is written. A newer one is not read.
pub(super) const FORMAT: u64 = 1;

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Head {
    /// The form of the folder.
    pub(super) format: u64,
    /// The version of the program that wrote it.
    pub(crate) program: String,
    /// What ids and RequestIds follow from.
    pub(crate) seed: u64,
    /// The settings under which the calls of the log were carried out, as flags say them.
    pub(crate) pace: String,
    pub(crate) flow_time_ms: i64,
    pub(crate) assume: Vec<String>,
    /// The fixtures that the state was seeded from, by what they were called.
    pub(crate) seeds: Vec<String>,
    pub(super) seeds_file: Checked,
    /// Snapshots are numbered; the log of the same number holds what has happened since, and those of higher numbers
    /// what follows.
    pub(super) generation: u64,
    pub(super) snapshot: Checked,
    /// The place of the first record of that log.
    pub(super) first_place: u64,
    /// The moment by which the latest of the snapshot was told.
    pub(crate) told_at: i64,
    /// How far the snapshot is, by stream.
    pub(crate) streams: BTreeMap<u64, Stream>,
}

/// How far a snapshot is with one stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Stream {
    /// The number of the last record that it holds.
    pub(crate) number: u64,
    /// The cloud's time up to which all that was due has happened in it.
    pub(crate) advanced_to: i64,
}

/// What a file must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Checked {
    pub(super) bytes: u64,
    pub(super) crc32: u32,
}

impl Checked {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.len() as u64,
            crc32: crc32fast::hash(bytes),
        }
    }
}

/// Why a head cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoHead {
    /// It is not what was written.
    Damaged,
    /// It has a form that is not known here.
    Newer { format: u64, program: String },
}

/// What every form of head says.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AnyForm {
    format: u64,
    program: String,
}

impl Head {
    /// A line of JSON, and one with its checksum.
    pub(super) fn write(&self) -> Vec<u8> {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{json}\n{:08x}\n", crc32fast::hash(json.as_bytes())).into_bytes()
    }

    pub(super) fn read(text: &[u8]) -> Result<Self, NoHead> {
        let text = str::from_utf8(text).map_err(|_| NoHead::Damaged)?;
        let (json, sum) = text.trim_end_matches('\n').split_once('\n').ok_or(NoHead::Damaged)?;
        if u32::from_str_radix(sum, 16) != Ok(crc32fast::hash(json.as_bytes())) {
            return Err(NoHead::Damaged);
        }
        let AnyForm { format, program } = serde_json::from_str(json).map_err(|_| NoHead::Damaged)?;
        if format > FORMAT {
            return Err(NoHead::Newer { format, program });
        }
        // Every form so far is the first. An older one is read here into what it comes to in the present one.
        serde_json::from_str(json).map_err(|_| NoHead::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_was_written_and_no_byte_of_it_may_change() {
        let streams = [(
            1,
            Stream {
                number: 2,
                advanced_to: -3,
            },
        )];
        let head = Head {
            format: FORMAT,
            program: "1.2.3".to_owned(),
            seed: u64::MAX,
            streams: streams.into(),
            ..Head::default()
        };
        let written = head.write();
        assert_eq!(Head::read(&written), Ok(head));
        for at in 0..written.len() - 1 {
            let mut changed = written.clone();
            changed[at] ^= 1;
            assert_eq!(Head::read(&changed), Err(NoHead::Damaged), "byte {at}");
        }
    }

    #[test]
    fn a_newer_form_is_told_whatever_else_it_says() {
        let json = r#"{"Format":2,"Program":"9.0.0","Another":{}}"#;
        let text = format!("{json}\n{:08x}\n", crc32fast::hash(json.as_bytes()));
        let program = "9.0.0".to_owned();
        assert_eq!(Head::read(text.as_bytes()), Err(NoHead::Newer { format: 2, program }));
    }
}
