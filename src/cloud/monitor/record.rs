//! A workload as it is described, and the stretches of an instance's memory.

use std::sync::Arc;

use crate::cloud::catalogue::spec::Spec;
use crate::cloud::time::{HOUR, Millis};
use crate::cloud::values::worded;

/// Bytes of a megabyte.
pub const MB: u64 = 1 << 20;

/// Who does what on an instance. What is not stated is none, or the default written beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// `Since`: the first minute of the rates; `None`: the first after the instance was made.
    pub since: Option<Millis>,
    /// `Commands`: what is executed again and again.
    pub commands: Vec<Command>,
    /// `Events`: what was executed once.
    pub events: Vec<Event>,
    /// `Keys`: those that are told one by one.
    pub keys: Vec<Key>,
    /// `Clients`: who is connected.
    pub clients: Vec<Client>,
    /// `MemGrowthMbPerHour`
    pub mem_growth_mb_per_hour: f64,
    /// `ShardSkew`: the part of the memory on the first shard beyond its even part, 0 to 1.
    pub shard_skew: f64,
    /// `Reads`, `Writes`, `Others`: commands a second, where `commands` says nothing.
    pub reads: f64,
    pub writes: f64,
    pub others: f64,
    /// `Latency`, with those three.
    pub latency: Latency,
    /// `Connections`, where that is not the sum of the clients'.
    pub connections: Option<u64>,
    /// `HitRatio`: the part of the keys read that are there, 0 to 1.
    pub hit_ratio: f64,
    /// `KeysPerRead`
    pub keys_per_read: f64,
    /// `BytesIn`, `BytesOut`: of a command.
    pub bytes_in: f64,
    pub bytes_out: f64,
    /// `KeyBytes`: of a key with its value.
    pub key_bytes: f64,
    /// `Expiring`: the part of the keys with a time to live, 0 to 1.
    pub expiring: f64,
    /// `Mgets`, `BigValues`, `Slow`, `Errors`, `Expired`: a second.
    pub mgets: f64,
    pub big_values: f64,
    pub slow: f64,
    pub errors: f64,
    pub expired: f64,
}

impl Default for Workload {
    fn default() -> Workload {
        Workload {
            since: None,
            commands: Vec::new(),
            events: Vec::new(),
            keys: Vec::new(),
            clients: Vec::new(),
            mem_growth_mb_per_hour: 0.0,
            shard_skew: 0.0,
            reads: 0.0,
            writes: 0.0,
            others: 0.0,
            latency: Latency::default(),
            connections: None,
            hit_ratio: 1.0,
            keys_per_read: 1.0,
            bytes_in: 128.0,
            bytes_out: 512.0,
            key_bytes: 1024.0,
            expiring: 0.0,
            mgets: 0.0,
            big_values: 0.0,
            slow: 0.0,
            errors: 0.0,
            expired: 0.0,
        }
    }
}

impl Workload {
    /// What its keys hold, in whole MB, raised.
    pub fn keys_mb(&self) -> u64 {
        let bytes = self.keys.iter().fold(0_u64, |sum, key| sum.saturating_add(key.bytes));
        bytes.div_ceil(MB)
    }
}

/// `Latency`: means in ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    pub read: f64,
    pub write: f64,
    pub other: f64,
}

impl Default for Latency {
    fn default() -> Latency {
        Latency {
            read: 0.2,
            write: 0.2,
            other: 0.2,
        }
    }
}

/// A command that is executed again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// What each execution is.
    pub run: Run,
    /// How often.
    pub pace: Pace,
}

/// How often a command is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// So many times in every minute, evenly.
    PerMinute(u64),
    /// Once in so many minutes.
    EveryMinutes(u64),
}

impl Default for Pace {
    fn default() -> Pace {
        Pace::PerMinute(0)
    }
}

/// An execution of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// `Cmd`, in small letters.
    pub cmd: String,
    /// `Line`: the command line; `None`: the word alone. `{n}` stands for the number of the execution.
    pub line: Option<String>,
    /// `Micros`: what it takes in Redis.
    pub micros: u64,
    /// `ProxyMicros`: what the proxy saw, where that is more.
    pub proxy_micros: Option<u64>,
    /// `Role`: whether a replica executes it.
    pub on_replica: bool,
    /// `User`; `None`: default.
    pub user: Option<String>,
    /// `DB`
    pub db: u64,
}

impl Run {
    /// What the proxy saw.
    pub fn seen_micros(&self) -> u64 {
        self.proxy_micros.unwrap_or(self.micros)
    }
}

/// A command that was executed once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// `At`
    pub at: Millis,
    /// What it was.
    pub run: Run,
    /// `Client`: address and port.
    pub client: Option<String>,
    /// `Err`: how it failed.
    pub err: Option<String>,
    /// `Shard`, from 1 on.
    pub shard: Option<u64>,
}

/// A key that is told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// `Key`
    pub name: String,
    /// `Type`
    pub kind: KeyKind,
    /// `DB`
    pub db: u64,
    /// `Bytes`: with its value.
    pub bytes: u64,
    /// `PerMinute`: how often it is asked for.
    pub per_minute: u64,
}

worded! {
    /// The type of a key.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum KeyKind {
        #[default]
        String = "string",
        List = "list",
        Set = "set",
        Zset = "zset",
        Hash = "hash",
    }
}

/// Who is connected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// `Ip`
    pub ip: String,
    /// `Conns`
    pub connections: u64,
    /// `Weight`: its share of the commands.
    pub weight: u64,
}

/// The memory that is in use of an instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// Bytes in use when the present stretch began, of the whole instance.
    pub used: u64,
    /// What was before; `None`: it has been so ever since the instance was made.
    pub past: Option<Arc<Past>>,
}

/// What changed of the memory of an instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// When the present stretch began.
    pub since: Millis,
    /// Those that have ended, oldest first.
    pub ended: Vec<Stretch>,
}

/// A stretch of time in which nothing changed by which the points of an instance are worked out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// When it began.
    pub from: Millis,
    /// Bytes in use then.
    pub used: u64,
    /// The size.
    pub spec: Spec,
    /// `ClientLimit`: connections of a shard.
    pub clients: u64,
    /// `NetLimit`: MB/s of a shard.
    pub net_mb_s: u64,
    /// `MemGrowthMbPerHour`
    pub growth_mb_per_hour: f64,
    /// `ShardSkew`
    pub shard_skew: f64,
}

/// What is a whole number of bytes may come out of a division a little below it.
const ROUNDING: f64 = 1e-3;

impl Stretch {
    /// MB in use at that moment of it: at its beginning and, while it grows, more by the hour, until it is full. Before
    /// the beginning it is as then.
    pub fn used_mb_at(&self, at: Millis) -> f64 {
        let hours = at.saturating_sub(self.from).max(0) as f64 / HOUR as f64;
        let used_mb = self.used as f64 / MB as f64 + self.growth_mb_per_hour * hours;
        used_mb.clamp(0.0, self.total_mb())
    }

    /// What the whole instance can hold, in MB.
    pub fn total_mb(&self) -> f64 {
        self.spec.total_mb() as f64
    }

    /// The part of the memory and of the load that the shard has.
    pub fn share(&self, shard: u64) -> f64 {
        let even = (1.0 - self.shard_skew) / self.spec.shards.max(1) as f64;
        if shard == 0 { even + self.shard_skew } else { even }
    }

    /// What the shard holds of so many MB in use. One that is full leaves the rest to the others.
    pub fn of_shard_mb(&self, shard: u64, used_mb: f64) -> f64 {
        let first = (used_mb * self.share(0)).min(self.spec.mem_mb as f64);
        if shard == 0 {
            return first;
        }
        (used_mb - first) / (self.spec.shards.saturating_sub(1).max(1)) as f64
    }

    /// Bytes that the shard holds of so many in use. What the shards have together is what the whole has: the first has
    /// what is left.
    pub fn bytes_of_shard(&self, shard: u64, used: u64) -> u64 {
        self.parts(shard, used as f64, |bytes| (bytes + ROUNDING).floor()) as u64
    }

    /// Keys of that size that the shard holds of so many bytes in use; as with bytes, the first has what is left.
    pub fn keys_of_shard(&self, shard: u64, used: u64, key_bytes: f64) -> u64 {
        self.parts(shard, used as f64, |bytes| (bytes / key_bytes).floor()) as u64
    }

    /// What the shard has of what is counted of bytes.
    pub(crate) fn parts(&self, shard: u64, used: f64, counted: impl Fn(f64) -> f64) -> f64 {
        let of_shard = |shard| counted(self.of_shard_mb(shard, used / MB as f64) * MB as f64);
        match shard {
            0 => counted(used) - self.spec.shards.saturating_sub(1) as f64 * of_shard(1),
            _ => of_shard(shard),
        }
    }

    /// Whether this and the other differ in nothing but when they began, and with how much.
    pub fn goes_on_as(&self, other: &Stretch) -> bool {
        let began = |of: &Stretch| Stretch {
            from: 0,
            used: 0,
            ..*of
        };
        began(self) == began(other)
    }
}
