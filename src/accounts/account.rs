//! One account: its credentials, and its cloud behind a lock that no long work is done under.
//!
//! A call that finds nothing due reads beside other reads. What is due is done first, in small parts under the lock.
//! Where it is much, a copy of the cloud does it on a thread of its own and then takes the cloud's place; the account's
//! calls wait for that, and nobody else's do.

use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::credential::Credential;
use crate::aside::aside;
use crate::clock::{CloudClock, CloudTime};
use crate::cloud::advance;
use crate::cloud::life::look;
use crate::cloud::{Cloud, Millis, TaskId};
use crate::command::{Command, Recorder, Unsettled};
use crate::store::Unrecorded;

/// How many things that are due are done under the lock, by the call that finds them.
pub(crate) const THINGS_MAX: usize = 1_000;

/// The cloud is not up to date, and it is too much to bring it there under the lock.
#[derive(Debug)]
pub(crate) struct Behind;

/// A cloud that is being looked at.
pub(crate) type Reading<'a> = RwLockReadGuard<'a, Cloud>;

/// A cloud that is being changed. Whoever waits for a change is told when that is over and the lock is free.
pub(crate) struct Writing<'a> {
    cloud: RwLockWriteGuard<'a, Cloud>,
    /// Dropped after the lock.
    _told: Told<'a>,
}

struct Told<'a>(&'a Account);

impl Deref for Writing<'_> {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        &self.cloud
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Cloud {
        &mut self.cloud
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.0.tell_waiting();
    }
}

/// A cloud as it was at a moment.
pub(crate) struct Picture {
    pub(crate) cloud: Cloud,
    pub(crate) now: Millis,
    /// Of the last command that it has seen.
    pub(crate) number: u64,
}

/// All that an account begins as.
#[derive(Clone)]
pub(crate) struct NewAccount {
    pub(crate) cloud: Cloud,
    pub(crate) credentials: Vec<Credential>,
    /// How its time runs, unless along with the server's.
    pub(crate) clock: Option<CloudTime>,
    /// When it ends, in seconds of real time since 1970.
    pub(crate) ends_at_s: Option<i64>,
    pub(crate) beginning: Beginning,
}

/// What a reset of one account goes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// What the emulator was started with states it, or a state that was put.
    Stated,
    /// It was made like the first account that the emulator was started with.
    Like,
    /// It was made from this fixture.
    Body(Arc<[u8]>),
}

/// One account.
pub(crate) struct Account {
    pub(crate) app_id: u64,
    pub(super) uin: String,
    pub(crate) clock: CloudClock,
    /// When it ends, in seconds of real time since 1970.
    pub(crate) ends_at_s: Option<i64>,
    pub(crate) beginning: Beginning,
    credentials: RwLock<Vec<Arc<Credential>>>,
    cloud: RwLock<Cloud>,
    /// Where what changes the cloud is recorded first, if the state is kept.
    recorder: OnceLock<Recorder>,
    /// Whether a copy is being worked on, which will take the cloud's place: until then nobody may look at the cloud or
    /// change it. Set and cleared under the lock.
    replaced: AtomicBool,
    /// What answers have shown of flows, and when, until the next call tells the cloud: so a read stays a read.
    shown: Mutex<Vec<(Vec<TaskId>, Millis)>>,
    any_shown: AtomicBool,
    turn: Mutex<Turn>,
    /// Tells threads that the work on a copy has ended, ...
    ended: Condvar,
    /// ... and tasks.
    turn_over: Notify,
    /// Tells those that wait for a change that there may have been one.
    changed: Notify,
}

/// How far the work on a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// There is none.
    Free,
    /// A thread has been asked to do it. Whoever needs it sooner may do it instead.
    Wanted,
    /// A thread does it.
    Taken,
}

impl Account {
    pub(super) fn new(clock: CloudClock, new: NewAccount) -> Self {
        let NewAccount {
            cloud,
            ends_at_s,
            beginning,
            ..
        } = new;
        Self {
            app_id: cloud.account.app_id,
            uin: cloud.account.uin.clone(),
            clock,
            ends_at_s,
            beginning,
            credentials: RwLock::default(),
            cloud: RwLock::new(cloud),
            recorder: OnceLock::new(),
            replaced: AtomicBool::new(false),
            shown: Mutex::default(),
            any_shown: AtomicBool::new(false),
            turn: Mutex::new(Turn::Free),
            ended: Condvar::new(),
            turn_over: Notify::new(),
            changed: Notify::new(),
        }
    }

    /// One that begins as this one is. Takes its time.
    pub(crate) fn anew(&self) -> NewAccount {
        NewAccount {
            cloud: self.as_left().clone(),
            credentials: self.credentials().iter().map(|of| Credential::clone(of)).collect(),
            clock: self.clock.own_time(),
            ends_at_s: self.ends_at_s,
            beginning: self.beginning.clone(),
        }
    }

    /// Its key pairs, in the order in which they were given.
    pub(crate) fn credentials(&self) -> Vec<Arc<Credential>> {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same, to be changed.
    pub(super) fn credentials_mut(&self) -> RwLockWriteGuard<'_, Vec<Arc<Credential>>> {
        self.credentials.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cloud as it was left, be it up to date or not.
    pub(crate) fn as_left(&self) -> Reading<'_> {
        // A call that panicked while it held the lock has been answered and logged as an internal error; the others go
        // on.
        self.cloud.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cloud up to date, to look at, and the moment.
    pub(crate) fn read(&self) -> Result<(Reading<'_>, Millis), Behind> {
        loop {
            let cloud = self.as_left();
            self.unless_replaced()?;
            let now = self.clock.now();
            let has_noted = !self.any_shown.load(Ordering::Acquire);
            // A clock that was set back changes the cloud too.
            if has_noted && cloud.advanced_to <= now && !advance::is_due(&cloud, now) {
                return Ok((cloud, now));
            }
            drop(cloud);
            drop(self.write()?);
        }
    }

    /// The cloud up to date, to be changed, and the moment.
    pub(crate) fn write(&self) -> Result<(Writing<'_>, Millis), Behind> {
        let mut cloud = self.lock();
        self.unless_replaced()?;
        self.tell(&mut cloud);
        let now = self.clock.now();
        self.note_set_back(&cloud, now);
        if advance::advance_some(&mut cloud, now, THINGS_MAX) {
            Ok((cloud, now))
        } else {
            Err(Behind)
        }
    }

    /// As [`Account::read`], however much is due. For a thread that may be kept waiting.
    pub(crate) fn read_in_time(&self) -> (Reading<'_>, Millis) {
        loop {
            if let Ok(found) = self.read() {
                return found;
            }
            self.catch_up();
        }
    }

    /// As [`Account::write`], however much is due. For a thread that may be kept waiting.
    pub(crate) fn write_in_time(&self) -> (Writing<'_>, Millis) {
        loop {
            if let Ok(found) = self.write() {
                return found;
            }
            self.catch_up();
        }
    }

    /// The cloud up to date, of one moment, to be looked at outside the lock. For a thread that may be kept waiting.
    pub(crate) fn picture(&self) -> (Cloud, Millis) {
        let Picture { cloud, now, .. } = self.numbered_picture();
        (cloud, now)
    }

    /// As [`Account::picture`], with the number of the last command in it.
    pub(crate) fn numbered_picture(&self) -> Picture {
        let (cloud, now) = self.read_in_time();
        let number = self.recorder.get().map_or(0, Recorder::number);
        Picture {
            cloud: cloud.clone(),
            now,
            number,
        }
    }

    /// Records from now on what changes the cloud.
    pub(crate) fn attach(&self, recorder: Recorder) {
        let attached = self.recorder.set(recorder);
        debug_assert!(attached.is_ok(), "it is attached once");
    }

    /// Records a command, which is then carried out on this cloud by who holds its lock, or has its copy. Where it is
    /// refused it must not be.
    pub(crate) fn record(&self, cloud: &Cloud, now: Millis, command: &Command) -> Result<(), Unrecorded> {
        let recorder = self.recorder.get();
        recorder.map_or(Ok(()), |recorder| recorder.record(now, cloud.ids.drawn, command))
    }

    /// Where it is recorded, if it is.
    pub(crate) fn recorder(&self) -> Option<&Recorder> {
        self.recorder.get()
    }

    /// What has to be kept before anybody is told of this account.
    pub(crate) fn unsettled(&self) -> Option<Unsettled> {
        self.recorder.get()?.unsettled()
    }

    /// The cloud as it is, to do again what was recorded. Nobody else has it yet.
    pub(crate) fn restore(&self) -> Writing<'_> {
        self.lock()
    }

    /// Records that time goes back, if it does: what has happened by then has happened.
    fn note_set_back(&self, cloud: &Cloud, now: Millis) {
        if let (true, Some(recorder)) = (now < cloud.advanced_to, self.recorder.get()) {
            for at in [cloud.advanced_to, now] {
                recorder.record_surely(at, cloud.ids.drawn, &Command::Advance);
            }
        }
    }

    /// Does what is due, however much it is. For a thread that may be kept waiting.
    pub(crate) fn catch_up(&self) {
        // Most have little to do, and need no copy.
        if self.read().is_err() {
            self.on_a_copy_in_time(|_, _| {});
        }
    }

    /// As [`Account::catch_up`], where a hand has moved the clock on: what is due by then counts as seen.
    pub(crate) fn catch_up_by_hand(&self) {
        let few = self.as_left().flows.len() <= THINGS_MAX;
        if few && self.see_due().is_ok() {
            self.catch_up();
        } else {
            self.on_a_copy(|cloud| {
                let now = self.clock.now();
                self.note_seen(cloud, now);
                advance::advance_by_hand(cloud, now);
            });
        }
    }

    fn see_due(&self) -> Result<(), Behind> {
        let mut cloud = self.lock();
        self.unless_replaced()?;
        self.tell(&mut cloud);
        let now = self.clock.now();
        self.note_seen(&cloud, now);
        look::see_due(&mut cloud, now);
        Ok(())
    }

    /// Records that a hand has moved the clock, and where it has found the cloud.
    fn note_seen(&self, cloud: &Cloud, now: Millis) {
        if let Some(recorder) = self.recorder.get() {
            for (at, command) in [(cloud.advanced_to, Command::Advance), (now, Command::SeeDue)] {
                recorder.record_surely(at, cloud.ids.drawn, &command);
            }
        }
    }

    /// Does long work on a copy of the cloud, which then takes its place. The account's calls wait meanwhile. For a
    /// thread that may be kept waiting.
    pub(crate) fn on_a_copy<T>(&self, work: impl FnOnce(&mut Cloud) -> T) -> T {
        let turn = self.take_turn();
        let mut copy = self.as_left().clone();
        self.tell(&mut copy);
        let done = work(&mut copy);
        turn.end(Some(copy));
        done
    }

    /// Is done when the cloud, or its clock, may have changed.
    pub(crate) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Lets those that wait for a change look again.
    pub(crate) fn tell_waiting(&self) {
        self.changed.notify_waiters();
    }

    /// As [`Account::on_a_copy`], with the copy brought up to the present.
    pub(crate) fn on_a_copy_in_time<T>(&self, work: impl FnOnce(&mut Cloud, Millis) -> T) -> T {
        self.on_a_copy(|cloud| {
            let now = self.clock.now();
            self.note_set_back(cloud, now);
            advance::advance(cloud, now);
            work(cloud, now)
        })
    }

    /// Notes that an answer has shown these flows.
    pub(crate) fn note_shown(&self, flows: Vec<TaskId>, now: Millis) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.push((flows, now));
        self.any_shown.store(true, Ordering::Release);
    }

    /// Tells the cloud what answers have shown.
    fn tell(&self, cloud: &mut Cloud) {
        if !self.any_shown.swap(false, Ordering::AcqRel) {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        for (flows, at) in shown.drain(..) {
            // A flow that was seen under way then has not ended before.
            self.note_set_back(cloud, at);
            advance::advance(cloud, at);
            if self.note_look(cloud, at, &flows).is_ok() {
                look::note_shown(cloud, &flows);
            }
        }
    }

    /// Records what an answer has shown. Where it cannot be, it is forgotten, and shown once more.
    fn note_look(&self, cloud: &Cloud, at: Millis, flows: &[TaskId]) -> Result<(), Unrecorded> {
        if self.recorder.get().is_none() {
            return Ok(());
        }
        let flows = flows.iter().map(|flow| flow.0).collect();
        self.record(cloud, at, &Command::Shown { flows })
    }

    /// Waits until much that is due is done, for a task, which holds no thread meanwhile.
    pub(crate) async fn caught_up(self: &Arc<Self>) {
        let mut turn_over = pin!(self.turn_over.notified());
        let free = {
            let mut turn = self.turn();
            turn_over.as_mut().enable();
            let free = *turn == Turn::Free;
            if free {
                *turn = Turn::Wanted;
            }
            free
        };
        if !free {
            return turn_over.await;
        }
        let account = Arc::clone(self);
        aside(move || account.on_a_copy_in_time(|_, _| {})).await;
    }

    /// Waits for the work under way, and takes the next turn.
    fn take_turn(&self) -> Taken<'_> {
        let busy = |turn: &mut Turn| *turn == Turn::Taken;
        let waited = self.ended.wait_while(self.turn(), busy);
        *waited.unwrap_or_else(PoisonError::into_inner) = Turn::Taken;
        let taken = Taken { account: self };
        let cloud = self.lock();
        self.replaced.store(true, Ordering::Relaxed);
        drop(cloud);
        taken
    }

    fn unless_replaced(&self) -> Result<(), Behind> {
        if self.replaced.load(Ordering::Relaxed) {
            Err(Behind)
        } else {
            Ok(())
        }
    }

    /// Whether long work on its cloud is under way, or to be.
    pub(crate) fn is_at_work(&self) -> bool {
        *self.turn() != Turn::Free
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> Writing<'_> {
        Writing {
            cloud: self.cloud.write().unwrap_or_else(PoisonError::into_inner),
            _told: Told(self),
        }
    }
}

/// The turn of a thread that works on a copy. However it ends, the account's calls go on: where the work panicked, on
/// the cloud as it was.
struct Taken<'a> {
    account: &'a Account,
}

impl Taken<'_> {
    fn end(self, copy: Option<Cloud>) {
        let _old = copy.map(|copy| std::mem::replace(&mut *self.account.lock(), copy));
        // Calls go on before what is old is thrown away, which takes its time.
        drop(self);
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let cloud = self.account.lock();
        self.account.replaced.store(false, Ordering::Relaxed);
        drop(cloud);
        *self.account.turn() = Turn::Free;
        self.account.ended.notify_all();
        self.account.turn_over.notify_waiters();
    }
}
