//! The journal: the last calls of the API, whatever became of them.
//!
//! A call is noted when its answer leaves, as it came: its texts go to the end of a page, one copy of its bytes, and
//! are read only when somebody asks. What is asked looks at a picture, outside the lock that noting takes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::cloud::Millis;
use crate::contract::{ActionId, ErrorCode, Source, Tree};

mod expectation;
mod filter;
mod pattern;
mod record;
mod verify;

pub(crate) use expectation::Expectation;
pub(crate) use filter::Filter;
pub(crate) use record::Record;
pub(crate) use verify::verify;

/// The most that the calls kept take, in bytes.
const BYTES_MAX: usize = 64 << 20;
/// A page is full with so many calls, …
const PAGE_CALLS: usize = 256;
/// … or with so many bytes of their texts.
const PAGE_BYTES: usize = 256 << 10;
/// A page that holds less is copied for a picture, one that holds more is full from then on.
const COPIED_CALLS_MAX: usize = 32;

/// Reads the parameters of a call from the bytes that they came in; `None` where they cannot be read.
pub(crate) type Reader = fn(&[u8]) -> Option<Tree>;

/// What is noted of a call.
#[derive(Clone, Copy)]
pub(crate) struct Note<'a> {
    pub(crate) request_id: Uuid,
    /// The cloud's time at its arrival.
    pub(crate) time: Millis,
    /// Real time at its arrival.
    pub(crate) real_time: Millis,
    /// Whose call it was, or says it is.
    pub(crate) app_id: Option<u64>,
    /// The action that it names, if there is such a one.
    pub(crate) action: Option<ActionId>,
    /// What it names as its action …
    pub(crate) name: Option<&'a str>,
    /// … and as the version.
    pub(crate) version: Option<&'a str>,
    pub(crate) region: Option<&'a str>,
    pub(crate) secret_id: Option<&'a str>,
    /// What the client calls itself.
    pub(crate) client: Option<&'a str>,
    /// What its parameters came in.
    pub(crate) params: &'a [u8],
    /// What they look like there.
    pub(crate) source: Source,
    /// How to read them; `None` for a body that was not read.
    pub(crate) read: Option<Reader>,
    /// What it was refused with.
    pub(crate) code: Option<ErrorCode>,
    /// The fault rule that struck it.
    pub(crate) fault_id: Option<u64>,
    /// How long its answer took, in microseconds.
    pub(crate) micros: u64,
}

impl<'a> Note<'a> {
    /// Its texts but the parameters, in the order of [`Part`]. The action says its name and version by itself.
    fn texts(&self) -> [Option<&'a str>; Part::Params as usize] {
        let named = self.action.is_none();
        [
            self.name.filter(|_| named),
            self.version.filter(|_| named),
            self.region,
            self.secret_id,
            self.client,
        ]
    }

    /// What its texts take, in bytes.
    fn texts_len(&self) -> usize {
        self.params.len() + self.texts().iter().flatten().map(|text| text.len()).sum::<usize>()
    }
}

/// The texts of a call, in the order in which a page has them.
#[derive(Clone, Copy)]
enum Part {
    Name,
    Version,
    Region,
    SecretId,
    Client,
    Params,
}

/// A call without its texts.
#[derive(Clone)]
struct Entry {
    id: u64,
    request_id: Uuid,
    time: Millis,
    real_time: Millis,
    app_id: Option<u64>,
    fault_id: Option<u64>,
    micros: u64,
    read: Option<Reader>,
    action: Option<ActionId>,
    code: Option<ErrorCode>,
    source: Source,
    /// Whether each text was there at all, a bit each.
    given: u8,
    /// Where its texts begin in the page's, …
    start: u32,
    /// … and where each ends.
    ends: [u32; Part::Params as usize + 1],
}

/// Calls one after another, their texts in one piece.
#[derive(Clone, Default)]
struct Page {
    entries: Vec<Entry>,
    texts: Vec<u8>,
}

impl Page {
    /// An empty one, with room for calls such as those of `before`.
    fn after(before: &Self) -> Self {
        Self {
            entries: Vec::with_capacity(PAGE_CALLS),
            texts: Vec::with_capacity(before.texts.len().min(PAGE_BYTES)),
        }
    }

    fn push(&mut self, id: u64, note: &Note<'_>) {
        let start = place(&self.texts);
        let (mut given, mut ends) = (0, [start; Part::Params as usize + 1]);
        for (at, part) in note.texts().into_iter().enumerate() {
            if let Some(text) = part {
                given |= 1 << at;
                self.texts.extend_from_slice(text.as_bytes());
            }
            ends[at] = place(&self.texts);
        }
        self.texts.extend_from_slice(note.params);
        ends[Part::Params as usize] = place(&self.texts);
        self.entries.push(Entry {
            id,
            request_id: note.request_id,
            time: note.time,
            real_time: note.real_time,
            app_id: note.app_id,
            fault_id: note.fault_id,
            micros: note.micros,
            read: note.read,
            action: note.action,
            code: note.code,
            source: note.source,
            given,
            start,
            ends,
        });
    }

    /// Takes over a call of another page.
    fn take(&mut self, kept: Kept<'_>) {
        let start = place(&self.texts);
        let entry = kept.entry;
        let (from, to) = (entry.start, entry.ends[Part::Params as usize]);
        self.texts
            .extend_from_slice(&kept.page.texts[from as usize..to as usize]);
        self.entries.push(Entry {
            start,
            ends: entry.ends.map(|end| end - from + start),
            ..entry.clone()
        });
    }

    fn calls(&self) -> impl Iterator<Item = Kept<'_>> {
        self.entries.iter().map(|entry| Kept { entry, page: self })
    }

    fn is_full(&self) -> bool {
        self.entries.len() >= PAGE_CALLS || self.texts.len() >= PAGE_BYTES
    }

    /// What it takes in memory.
    fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.texts.capacity()
    }
}

/// Where the next text begins: a page is full long before that is too large for 32 bits.
fn place(texts: &[u8]) -> u32 {
    u32::try_from(texts.len()).unwrap_or(u32::MAX)
}

/// A call as it was kept.
#[derive(Clone, Copy)]
pub(crate) struct Kept<'p> {
    entry: &'p Entry,
    page: &'p Page,
}

impl<'p> Kept<'p> {
    fn bytes(self, part: Part) -> &'p [u8] {
        let at = part as usize;
        let start = at
            .checked_sub(1)
            .map_or(self.entry.start, |before| self.entry.ends[before]);
        &self.page.texts[start as usize..self.entry.ends[at] as usize]
    }

    fn text(self, part: Part) -> Option<&'p str> {
        if self.entry.given & 1 << part as usize == 0 {
            return None;
        }
        std::str::from_utf8(self.bytes(part)).ok()
    }
}

/// All calls that are kept.
pub(crate) struct Journal {
    /// How many at most; 0: it is off.
    most: usize,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    /// Those that are full, the oldest first.
    full: VecDeque<Arc<Page>>,
    open: Page,
    /// How many of the oldest calls are beyond those that are to be kept: a page goes when all of it is.
    beyond: usize,
    /// Calls in all pages, with those beyond.
    calls: usize,
    /// What the full pages take.
    bytes: usize,
    last_id: u64,
}

impl Journal {
    /// One that keeps the last `most` calls; none if that is 0.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            pages: Mutex::default(),
        }
    }

    /// One that keeps as many, and has none yet.
    pub(crate) fn anew(&self) -> Self {
        Self::new(self.most)
    }

    /// Whether calls are kept at all.
    pub(crate) fn is_on(&self) -> bool {
        self.most > 0
    }

    /// Keeps a call, and lets go the oldest that are too many.
    pub(crate) fn note(&self, note: &Note<'_>) {
        if !self.is_on() {
            return;
        }
        let mut pages = self.lock();
        pages.make_room(size_of::<Entry>() + note.texts_len());
        pages.last_id += 1;
        let id = pages.last_id;
        pages.open.push(id, note);
        pages.calls += 1;
        pages.beyond = pages.beyond.max(pages.calls.saturating_sub(self.most));
        pages.drop_beyond();
        if pages.open.is_full() {
            pages.close();
        }
    }

    /// The calls kept now.
    pub(crate) fn picture(&self) -> Picture {
        self.picture_after(0)
    }

    /// The calls kept now whose `Id` is higher.
    pub(crate) fn picture_after(&self, id: u64) -> Picture {
        let mut pages = self.lock();
        let first = pages.first_id().max(id + 1);
        if pages.open.entries.len() >= COPIED_CALLS_MAX || pages.open.texts.len() >= PAGE_BYTES / 8 {
            pages.close();
        }
        let has_some = |page: &Page| page.entries.last().is_some_and(|last| last.id >= first);
        let newer = pages.full.iter().rev().take_while(|page| has_some(page));
        let mut taken: Vec<_> = newer.cloned().collect();
        taken.reverse();
        if has_some(&pages.open) {
            taken.push(Arc::new(pages.open.clone()));
        }
        Picture {
            pages: taken,
            first,
            last: pages.last_id,
        }
    }

    /// Forgets the calls kept now of which `is_gone` holds. Takes its time.
    pub(crate) fn forget(&self, is_gone: impl Fn(Kept<'_>) -> bool) {
        let mut pages = self.lock();
        if !pages.open.entries.is_empty() {
            pages.close();
        }
        let (first, full) = (pages.first_id(), pages.full.clone());
        drop(pages);
        let changed = full.into_iter().filter_map(|page| {
            let mut left = Page::default();
            let stays = |kept: &Kept<'_>| kept.entry.id >= first && !is_gone(*kept);
            page.calls().filter(stays).for_each(|kept| left.take(kept));
            (left.entries.len() < page.entries.len()).then(|| (page, Arc::new(left)))
        });
        let changed: Vec<_> = changed.collect();
        let mut pages = self.lock();
        for (page, left) in changed {
            pages.replace(&page, left);
        }
    }

    /// Forgets every call.
    pub(crate) fn clear(&self) {
        let mut pages = self.lock();
        let last_id = pages.last_id;
        let old = std::mem::take(&mut *pages);
        pages.last_id = last_id;
        drop(pages);
        drop(old);
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    /// Lets the oldest pages go until so many bytes more are not too many.
    fn make_room(&mut self, bytes: usize) {
        while self.bytes + self.open.bytes() + bytes > BYTES_MAX {
            let Some(oldest) = self.full.pop_front() else { return };
            self.beyond = self.beyond.saturating_sub(oldest.entries.len());
            self.count_out(&oldest);
        }
    }

    fn drop_beyond(&mut self) {
        while let Some(oldest) = self.full.front().filter(|page| page.entries.len() <= self.beyond) {
            let oldest = Arc::clone(oldest);
            self.full.pop_front();
            self.beyond -= oldest.entries.len();
            self.count_out(&oldest);
        }
    }

    fn count_out(&mut self, page: &Page) {
        self.calls -= page.entries.len();
        self.bytes -= page.bytes();
    }

    /// Puts the open page to the full ones.
    fn close(&mut self) {
        let next = Page::after(&self.open);
        let mut page = std::mem::replace(&mut self.open, next);
        page.entries.shrink_to_fit();
        page.texts.shrink_to_fit();
        self.bytes += page.bytes();
        self.full.push_back(Arc::new(page));
    }

    /// The `Id` of the oldest call that is to be kept.
    fn first_id(&self) -> u64 {
        let oldest = self.full.front().map_or(&self.open, |page| page);
        oldest.entries.get(self.beyond).map_or(0, |entry| entry.id)
    }

    /// Puts what is left of a page into its place, if it is still there.
    fn replace(&mut self, page: &Arc<Page>, left: Arc<Page>) {
        let Some(at) = self.full.iter().position(|full| Arc::ptr_eq(full, page)) else {
            return;
        };
        if at == 0 {
            // What is left has none of those beyond.
            self.beyond = 0;
        }
        self.count_out(page);
        self.calls += left.entries.len();
        self.bytes += left.bytes();
        if left.entries.is_empty() {
            self.full.remove(at);
        } else {
            self.full[at] = left;
        }
    }
}

/// The calls that were kept at one moment.
pub(crate) struct Picture {
    pages: Vec<Arc<Page>>,
    /// The `Id` of the first that is meant; a page may begin before it.
    first: u64,
    last: u64,
}

impl Picture {
    /// The calls, the oldest first.
    pub(crate) fn calls(&self) -> impl Iterator<Item = Kept<'_>> {
        let calls = self.pages.iter().flat_map(|page| page.calls());
        calls.filter(|kept| kept.entry.id >= self.first)
    }

    /// The `Id` of the last call that was noted.
    pub(crate) fn last_id(&self) -> u64 {
        self.last
    }
}

#[cfg(test)]
mod tests;
