//! How records stand in a log: in frames, each with a checksum over all that it holds.
//!
//! A frame is what was written at once. The next is begun when this one is kept, so only the last can be torn; a frame
//! that does not hold and is followed by one that does was damaged later.

use super::Record;

/// What a frame begins with: its mark, its length, the place of its first record, its checksum.
pub(super) const FRAME_HEAD_BYTES: usize = 4 + 4 + 8 + 4;
/// What a record begins with: its stream, its number, its length.
pub(super) const RECORD_HEAD_BYTES: usize = 8 + 8 + 4;

const MARK: [u8; 4] = *b"CRSf";

/// Puts a record behind others.
pub(super) fn put_record(records: &mut Vec<u8>, stream: u64, number: u64, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    records.extend_from_slice(&stream.to_le_bytes());
    records.extend_from_slice(&number.to_le_bytes());
    records.extend_from_slice(&length.to_le_bytes());
    records.extend_from_slice(payload);
}

/// The frame of these records, of which the first has that place.
pub(super) fn frame(first: u64, records: &[u8]) -> Vec<u8> {
    let length = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(FRAME_HEAD_BYTES + records.len());
    bytes.extend_from_slice(&MARK);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&first.to_le_bytes());
    bytes.extend_from_slice(&sum(length, first, records).to_le_bytes());
    bytes.extend_from_slice(records);
    bytes
}

fn sum(length: u32, first: u64, records: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&length.to_le_bytes());
    sum.update(&first.to_le_bytes());
    sum.update(records);
    sum.finalize()
}

/// What frames hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frames<'a> {
    /// In their order.
    pub(super) records: Vec<Record<'a>>,
    /// Where the last whole frame ends.
    pub(super) end: usize,
    /// Whether something stands behind it that is no frame.
    pub(super) is_torn: bool,
}

/// Where frames do not hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) at: usize,
}

/// Reads frames, of which the first record has that place.
pub(super) fn frames(bytes: &[u8], mut place: u64) -> Result<Frames<'_>, Damage> {
    let (mut records, mut end) = (Vec::new(), 0);
    while let Some((first, body)) = frame_at(bytes, end) {
        if first != place || !put_records(body, &mut records) {
            return Err(Damage { at: end });
        }
        place = first + count(body);
        end += FRAME_HEAD_BYTES + body.len();
    }
    let rest = bytes.get(end..).unwrap_or_default();
    let starts = rest.windows(MARK.len()).enumerate().filter(|(_, mark)| *mark == MARK);
    let mut later = starts.filter_map(|(at, _)| frame_at(rest, at));
    // What a log held before it was begun anew cannot follow, so any frame is one of its own.
    if later.any(|(first, _)| first > place) {
        return Err(Damage { at: end });
    }
    let is_torn = rest.iter().any(|byte| *byte != 0);
    Ok(Frames { records, end, is_torn })
}

/// The frame that begins there, if a whole one does: the place of its first record, and its records.
fn frame_at(bytes: &[u8], at: usize) -> Option<(u64, &[u8])> {
    let (mark, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (first, rest) = rest.split_first_chunk()?;
    let (stated, rest) = rest.split_first_chunk()?;
    let (length, first) = (u32::from_le_bytes(*length), u64::from_le_bytes(*first));
    let records = rest.get(..usize::try_from(length).ok()?)?;
    let holds = *mark == MARK && !records.is_empty() && u32::from_le_bytes(*stated) == sum(length, first, records);
    holds.then_some((first, records))
}

/// Whether these are whole records.
fn put_records<'a>(mut body: &'a [u8], records: &mut Vec<Record<'a>>) -> bool {
    while !body.is_empty() {
        let Some((record, rest)) = record(body) else {
            return false;
        };
        records.push(record);
        body = rest;
    }
    true
}

fn count(mut body: &[u8]) -> u64 {
    let mut count = 0;
    while let Some((_, rest)) = record(body) {
        count += 1;
        body = rest;
    }
    count
}

fn record(bytes: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let (stream, rest) = bytes.split_first_chunk()?;
    let (number, rest) = rest.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (payload, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    let record = Record {
        stream: u64::from_le_bytes(*stream),
        number: u64::from_le_bytes(*number),
        payload,
    };
    Some((record, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three frames of one, two and one records, from place 5 on.
    fn log() -> Vec<u8> {
        let mut bytes = Vec::new();
        for (first, payloads) in [(5, &["a"][..]), (6, &["bb", ""]), (8, &["ccc"])] {
            let mut records = Vec::new();
            for payload in payloads {
                put_record(&mut records, 7, 1, payload.as_bytes());
            }
            bytes.extend(frame(first, &records));
        }
        bytes
    }

    fn payloads<'a>(frames: &Frames<'a>) -> Vec<&'a [u8]> {
        frames.records.iter().map(|record| record.payload).collect()
    }

    #[test]
    fn what_was_written_is_read() {
        let mut bytes = log();
        let end = bytes.len();
        // Room that was taken ahead of need.
        bytes.resize(end + 100, 0);
        let read = frames(&bytes, 5).unwrap();
        assert_eq!(payloads(&read), [&b"a"[..], b"bb", b"", b"ccc"]);
        assert_eq!((read.end, read.is_torn), (end, false));
    }

    #[test]
    fn a_last_frame_that_was_torn_anywhere_is_left_out() {
        let whole = log();
        let last = frame(8, &{
            let mut records = Vec::new();
            put_record(&mut records, 7, 1, b"ccc");
            records
        });
        let begins = whole.len() - last.len();
        for cut in begins..whole.len() {
            for filler in [0, 0xa5] {
                let mut bytes = whole.clone();
                bytes[cut..].fill(filler);
                let read = frames(&bytes, 5).unwrap();
                assert_eq!(payloads(&read), [&b"a"[..], b"bb", b""], "cut at {cut}");
                assert_eq!(read.end, begins);
                let shorter = frames(&whole[..cut], 5).unwrap();
                assert_eq!((shorter.end, shorter.is_torn), (begins, cut > begins));
            }
        }
    }

    #[test]
    fn damage_of_any_byte_before_the_last_frame_is_told_from_a_torn_end() {
        let whole = log();
        let last = whole.len() - (FRAME_HEAD_BYTES + RECORD_HEAD_BYTES + 3);
        for at in 0..last {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x40;
            let damage = frames(&bytes, 5).expect_err("it is damaged");
            assert!(damage.at <= at, "{damage:?} for {at}");
        }
    }

    #[test]
    fn a_frame_that_is_missing_is_damage() {
        assert_eq!(frames(&log(), 4), Err(Damage { at: 0 }));
        assert_eq!(frames(&log(), 6), Err(Damage { at: 0 }));
    }
}
