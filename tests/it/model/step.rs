//! The steps of a random history: what a caller asks for, what a hand does to flows, and time that passes.

use crs_local::cloud::time::{DAY, HOUR, Millis, SECOND};
use proptest::collection::SizeRange;
use proptest::prelude::*;

/// Whom a step is about: see [`World::pick`](super::world::World::pick).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick(pub(super) u8);

/// Now, or in the maintenance window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Now,
    InWindow,
    /// An option that there is not.
    Never,
}

impl When {
    pub(super) fn switch_option(self) -> i64 {
        match self {
            When::InWindow => 1,
            When::Now => 2,
            When::Never => 3,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Memory { gb: u64 },
    Shards(u64),
    Replicas(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Name,
    Project(i64),
    AutoRenew(i64),
    Protection(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Goods {
    pub(super) goods: u64,
    pub(super) prepaid: bool,
    pub(super) months: u64,
    pub(super) automatic: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Create {
        type_id: u64,
        mb: u64,
        replicas: u64,
        zones: u8,
        goods: Goods,
    },
    Clone(Pick, Goods),
    Resize(Pick, Size, When),
    Version(Pick, When),
    Generation(Pick, When),
    Kernel(Pick, When),
    Proxy(Pick, When),
    SeveralZones(Pick),
    Zones(Pick, u8, When),
    SwitchNow(Pick),
    ChargeType(Pick, Pick, u64),
    Password(Pick, bool),
    ReturnPostpaid(Pick),
    ReturnPrepaid(Pick),
    StartUp(Pick),
    CleanUp(Pick),
    Renew(Pick, u64),
    Modify(Pick, Pick, Setting),
    SecurityGroups(Pick),
    /// One of the changes of where an instance is reached; see `network.rs`.
    Network(Pick, u8),
    /// One of the changes of how one gets in; see `access.rs`.
    Access(Pick, u8),
    /// A change of parameters or of a template; see `parameter.rs`.
    Params(Pick, u8),
    /// A change of a replication group or of who is in it; see `replication.rs`.
    Group(Pick, u8),
    /// A failover, or who reads and writes; see `topology.rs`.
    Topology(Pick, u8),
    /// Something of backups, or of what they hold; see `backup.rs`.
    Backup(Pick, u8),
    /// A change of an audit log, of an export or of where a slow log goes; see `log.rs`.
    Logs(Pick, u8),
    /// A Describe shows all that is in process.
    Show,
    Wait(Millis),
    FinishFlow(u8),
    FailFlow(u8),
    Drain,
}

const TYPES: [u64; 8] = [2, 3, 6, 7, 8, 8, 9, 5];
const SIZES_MB: [u64; 8] = [256, 512, 1_024, 2_048, 4_096, 8_192, 3_072, 1_024];
const GB: [u64; 8] = [1, 2, 4, 8, 12, 16, 3, 64];
const MONTHS: [u64; 8] = [1, 1, 1, 2, 3, 12, 13, 0];
const WAITS: [Millis; 8] = [
    SECOND,
    2 * SECOND,
    90 * SECOND,
    HOUR,
    3 * HOUR,
    DAY + 1,
    8 * DAY,
    31 * DAY,
];

/// A step out of a few random bytes. Smaller bytes are plainer steps, so that what fails shrinks.
fn step(bytes: [u8; 6]) -> Step {
    let [kind, who, a, b, c, d] = bytes;
    let pick = Pick(who);
    let of = |list: &[u64; 8], byte: u8| list[usize::from(byte % 8)];
    let when = match b % 8 {
        0..=3 => When::Now,
        4..=6 => When::InWindow,
        _ => When::Never,
    };
    let goods = Goods {
        goods: u64::from(c % 3) + 1,
        prepaid: d % 2 == 1,
        months: if d % 2 == 1 { of(&MONTHS, d / 2) } else { 1 },
        automatic: d >= 128,
    };
    match kind % 67 {
        0..=1 => Step::Drain,
        2..=3 => Step::Show,
        4..=8 => Step::Wait(WAITS[usize::from(a % 8)]),
        9..=10 => Step::FinishFlow(a),
        11..=14 => Step::FailFlow(a),
        15..=18 => Step::Create {
            type_id: of(&TYPES, who),
            mb: of(&SIZES_MB, a),
            replicas: u64::from(b % 4),
            zones: b / 4,
            goods,
        },
        19 => Step::Clone(pick, goods),
        20..=25 => Step::Resize(pick, size(a, d), when),
        26 => Step::Version(pick, when),
        27 => Step::Generation(pick, when),
        28 => Step::Kernel(pick, when),
        29 => Step::Proxy(pick, when),
        30 => Step::SeveralZones(pick),
        31..=32 => Step::Zones(pick, a, when),
        33 => Step::SwitchNow(pick),
        34..=36 => Step::ChargeType(pick, Pick(a), of(&MONTHS, b)),
        37 => Step::Password(pick, a % 4 == 3),
        38 => Step::ReturnPostpaid(pick),
        39..=40 => Step::ReturnPrepaid(pick),
        41..=42 => Step::StartUp(pick),
        43 => Step::CleanUp(pick),
        44..=45 => Step::Renew(pick, of(&MONTHS, a)),
        46 => Step::Modify(pick, Pick(a), setting(b, c)),
        47 => Step::SecurityGroups(pick),
        48..=51 => Step::Network(pick, a),
        52..=54 => Step::Access(pick, a),
        55 => Step::Params(pick, a),
        56..=57 => Step::Group(pick, a),
        58..=59 => Step::Topology(pick, a),
        60..=63 => Step::Backup(pick, a),
        _ => Step::Logs(pick, a),
    }
}

fn size(a: u8, d: u8) -> Size {
    match d % 4 {
        0 | 1 => Size::Memory {
            gb: GB[usize::from(a % 8)],
        },
        2 => Size::Shards([1, 3, 5, 8, 2][usize::from(a % 5)]),
        _ => Size::Replicas(u64::from(a % 7)),
    }
}

fn setting(b: u8, c: u8) -> Setting {
    match b % 4 {
        0 => Setting::Name,
        1 => Setting::Project(i64::from(c % 5) - 1),
        2 => Setting::AutoRenew(i64::from(c % 4)),
        _ => Setting::Protection(i64::from(c % 3)),
    }
}

/// A history, printed a line a step.
#[derive(Clone)]
pub(crate) struct Steps(pub(crate) Vec<Step>);

impl std::fmt::Debug for Steps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            write!(f, "\n  {}. {step:?}", at + 1)?;
        }
        writeln!(f)
    }
}

pub(super) fn steps() -> impl Strategy<Value = Steps> {
    steps_of(5..=25)
}

/// As many as that.
pub(crate) fn steps_of(length: impl Into<SizeRange>) -> impl Strategy<Value = Steps> {
    let one = any::<[u8; 6]>().prop_map(step);
    proptest::collection::vec(one, length).prop_map(Steps)
}
