//! Identifiers: the only place that makes them, and says what form they have.
//!
//! A generator is a seed and a count of what was drawn, so its whole state can be written into a snapshot and a
//! restored cloud goes on with the very ids the first would have given.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::{Deref, RangeInclusive};

use crate::cloud::time;
use crate::cloud::time::Millis;

/// A text that names one thing of a kind, and nothing of another.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $name(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                $name(text.into())
            }
        }

        impl From<$name> for Cow<'static, str> {
            fn from(id: $name) -> Self {
                Cow::Owned(id.0.into())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                *self.0 == **other
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                *self.0 == *other
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                *self.0 == **other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// `InstanceId`: `crs-` and eight of `[a-z0-9]`.
    InstanceId
}
text_id! {
    /// `DealId`: the number of an order, 23 digits.
    DealId
}
text_id! {
    /// `BackupId`
    BackupId
}
text_id! {
    /// `VpcId`: `vpc-` and eight of `[a-z0-9]`.
    VpcId
}
text_id! {
    /// `SubnetId`: `subnet-` and eight of `[a-z0-9]`.
    SubnetId
}
text_id! {
    /// `RouteTableId`: `rtb-` and eight of `[a-z0-9]`.
    RouteTableId
}
text_id! {
    /// `SecurityGroupId`: `sg-` and eight of `[a-z0-9]`.
    SecurityGroupId
}
text_id! {
    /// `TemplateId` of parameters: `crs-cfg-` and eight of `[a-z0-9]`.
    TemplateId
}
text_id! {
    /// `GroupId` of a replication group: `crs-rpl-` and eight of `[a-z0-9]`.
    ReplicationGroupId
}
text_id! {
    /// `RedisClusterId`: `crs-cdc-` and eight of `[a-z0-9]`.
    RedisClusterId
}

/// `TaskId`: the number of a task, and of the flow that carries it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A seeded generator. Same seed, same calls, same ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids {
    /// Where it began.
    pub seed: u64,
    /// How many numbers were drawn so far: the position.
    pub drawn: u64,
}

/// As far as is counted: well inside what JavaScript counts exactly, and further than anybody gets.
pub const COUNT_MAX: u64 = (1 << 52) - 1;

/// The count after that one, which never passes [`COUNT_MAX`], so that a snapshot can always state it.
pub fn count_on(count: u64) -> u64 {
    if count < COUNT_MAX { count + 1 } else { 1 }
}

/// The next count after that one that is not taken.
pub fn free_after(count: u64, is_taken: impl Fn(u64) -> bool) -> u64 {
    let mut next = count_on(count);
    while is_taken(next) {
        next = count_on(next);
    }
    next
}

/// What ids begin with, by what they are of.
pub mod prefix {
    /// An instance.
    pub const INSTANCE: &str = "crs-";
    /// A dedicated cluster.
    pub const CLUSTER: &str = "crs-cdc-";
    /// A parameter template.
    pub const TEMPLATE: &str = "crs-cfg-";
    /// A replication group.
    pub const REPLICATION_GROUP: &str = "crs-rpl-";
    /// A private network.
    pub const VPC: &str = "vpc-";
    /// A subnet of one.
    pub const SUBNET: &str = "subnet-";
    /// A route table.
    pub const ROUTE_TABLE: &str = "rtb-";
    /// A security group.
    pub const SECURITY_GROUP: &str = "sg-";
}

/// The most characters behind the prefix of an id that was made elsewhere: our own figure, Tencent Cloud makes eight.
pub const SHORT_ID_CHARS_MAX: usize = 32;
/// The most characters behind the prefix of an InstanceId that a fixture states: our own figure too.
const INSTANCE_ID_CHARS_MAX: usize = 60;

/// Whether it has the form of an id with that prefix. Networks, security groups and others belong to other products:
/// whatever has the form of an id exists.
pub fn is_short_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        (1..=SHORT_ID_CHARS_MAX).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether it has the form of the ids that are made here: the prefix and eight of `[a-z0-9]`.
pub fn is_made_id(text: &str, prefix: &str) -> bool {
    let rest = text.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.len() == 8 && rest.bytes().all(|byte| LETTERS.contains(&byte)))
}

/// Whether it has the form of an InstanceId.
pub fn is_instance_id(text: &str) -> bool {
    text.strip_prefix(prefix::INSTANCE)
        .is_some_and(|rest| (1..=INSTANCE_ID_CHARS_MAX).contains(&rest.len()) && rest.bytes().all(is_of_instance_id))
}

/// Whether it has the form of the ids of logsets and topics: a UUID in small letters.
pub fn is_uuid(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => is_digit(byte),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// Whether it may stand in an InstanceId, behind the prefix.
pub fn is_of_instance_id(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// A key pair that was made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPair {
    pub secret_id: String,
    pub secret_key: String,
}

/// What a key pair that was made here is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// It acts for its account as long as there is one.
    Lasting,
    /// It comes with a token, and ends.
    Temporary,
}

/// What every SecretId begins with.
const SECRET_ID: &str = "AKID";
/// Letters of a SecretId behind that: those that were drawn, ...
const KEY_DRAWN: usize = 22;
/// ... and those by which it is known again.
const KEY_CHECK: usize = 10;
/// Letters of a SecretKey, and of a token.
const SECRET_KEY: usize = 32;
const TOKEN: usize = 96;

impl KeyKind {
    fn salt(self) -> u64 {
        match self {
            Self::Lasting => 0x6b65_795f_6c61_7374,
            Self::Temporary => 0x6b65_795f_7465_6d70,
        }
    }

    /// The letters by which one of this kind is known again, that holds these.
    fn check(self, drawn: &str) -> String {
        let of = drawn
            .bytes()
            .fold(self.salt(), |hash, byte| mix(hash ^ u64::from(byte)));
        written(of, KEY_CHECK)
    }
}

/// The `n`th lasting key pair of a seed.
pub fn key_pair(seed: u64, n: u64) -> KeyPair {
    key_of(mix(seed ^ mix(n ^ KeyKind::Lasting.salt())), KeyKind::Lasting)
}

/// Whether this SecretId has the form of one that was made here, and of which kind. Nothing else has that form, but for
/// one text in 10^17: so one that is not known any more was taken back.
pub fn made_here(secret_id: &str) -> Option<KeyKind> {
    let letters = secret_id.strip_prefix(SECRET_ID)?;
    let (drawn, check) = letters.split_at_checked(KEY_DRAWN)?;
    [KeyKind::Lasting, KeyKind::Temporary]
        .into_iter()
        .find(|kind| kind.check(drawn) == check)
}

fn key_of(drawn: u64, kind: KeyKind) -> KeyPair {
    let name = written(drawn, KEY_DRAWN);
    let check = kind.check(&name);
    KeyPair {
        secret_id: format!("{SECRET_ID}{name}{check}"),
        secret_key: written(!drawn, SECRET_KEY),
    }
}

/// So many letters and digits that follow from a number.
fn written(number: u64, count: usize) -> String {
    const DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let letter = |at| char::from(DIGITS[(mix(number ^ mix(at)) % 62) as usize]);
    (0..count as u64).map(letter).collect()
}

const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

impl Ids {
    /// A generator that has drawn nothing yet.
    pub fn new(seed: u64) -> Ids {
        Ids { seed, drawn: 0 }
    }

    fn draw(&mut self) -> u64 {
        self.drawn = count_on(self.drawn);
        drawn(self.seed, self.drawn)
    }

    /// `crs-` and eight of `[a-z0-9]`. Each position of the generator has its own, so none comes twice, not even when
    /// the instance that had it is long gone.
    pub fn instance_id(&mut self) -> InstanceId {
        self.short_id(prefix::INSTANCE).into()
    }

    /// As [`Ids::instance_id`], of a VPC.
    pub fn vpc_id(&mut self) -> VpcId {
        self.short_id(prefix::VPC).into()
    }

    /// As [`Ids::instance_id`], of a subnet.
    pub fn subnet_id(&mut self) -> SubnetId {
        self.short_id(prefix::SUBNET).into()
    }

    /// As [`Ids::instance_id`], of a route table.
    pub fn route_table_id(&mut self) -> RouteTableId {
        self.short_id(prefix::ROUTE_TABLE).into()
    }

    /// As [`Ids::instance_id`], of a security group.
    pub fn security_group_id(&mut self) -> SecurityGroupId {
        self.short_id(prefix::SECURITY_GROUP).into()
    }

    /// As [`Ids::instance_id`], of a parameter template.
    pub fn template_id(&mut self) -> TemplateId {
        self.short_id(prefix::TEMPLATE).into()
    }

    /// As [`Ids::instance_id`], of a replication group.
    pub fn replication_group_id(&mut self) -> ReplicationGroupId {
        self.short_id(prefix::REPLICATION_GROUP).into()
    }

    fn short_id(&mut self, prefix: &str) -> String {
        self.drawn = count_on(self.drawn);
        spelled(prefix, scattered(self.seed, self.drawn % SHORT_IDS))
    }

    /// A backup's number: digits in three groups, the second the instance's, the last the second in which it began.
    pub fn backup_id(&mut self, instance_id: &str, now: Millis) -> BackupId {
        spelled_backup_id(self.draw(), instance_id, now)
    }

    /// An order's number: the day and fifteen digits, of which the official examples begin with 297.
    pub fn deal_id(&mut self, now: Millis) -> DealId {
        format!("{}297{:012}", time::show_day(now), self.draw() % 1_000_000_000_000).into()
    }

    /// A task's or a flow's number: positive, rising, and well inside 2^53, so that JavaScript can read it.
    pub fn task_id(&mut self) -> TaskId {
        self.drawn = count_on(self.drawn);
        TaskId(10_000_000 + mix(self.seed) % 10_000_000 + self.drawn)
    }

    /// The number of a planned event.
    pub fn event_id(&mut self) -> u64 {
        self.drawn = count_on(self.drawn);
        10_000 + mix(self.seed) % 10_000 + self.drawn
    }

    /// The number of a node in NodeSet.
    pub fn node_id(&mut self) -> i64 {
        self.drawn = count_on(self.drawn);
        let offset = (mix(self.seed) % 100_000).wrapping_add(self.drawn) % 1_000_000_000;
        i64::try_from(300_000 + offset).unwrap_or(300_000)
    }

    /// The id of a logset or of a topic.
    pub fn log_id(&mut self) -> String {
        self.drawn = count_on(self.drawn);
        let bits = format!("{:032x}", request_id(self.seed, self.drawn));
        let parts = [&bits[..8], &bits[8..12], &bits[12..16], &bits[16..20], &bits[20..]];
        parts.join("-")
    }

    /// A temporary key pair, and its token.
    pub fn temporary_key(&mut self) -> (KeyPair, String) {
        let drawn = self.draw();
        (key_of(drawn, KeyKind::Temporary), written(mix(drawn), TOKEN))
    }

    /// The port of a public address.
    pub fn wan_port(&mut self) -> u16 {
        let ports = WAN_PORTS;
        let count = u64::from(ports.end() - ports.start()) + 1;
        let offset = u16::try_from(self.draw() % count).unwrap_or(0);
        ports.start() + offset
    }

    /// A private address.
    pub fn vip(&mut self) -> String {
        let drawn = self.draw();
        format!("10.{}.{}.{}", drawn % 256, (drawn >> 8) % 256, 2 + (drawn >> 16) % 253)
    }
}

/// The ports of public addresses: our own figure.
const WAN_PORTS: RangeInclusive<u16> = 20_000..=u16::MAX;

/// As many as eight of `[a-z0-9]` can spell.
const SHORT_IDS: u64 = 36_u64.pow(8);

fn spelled(prefix: &str, mut rest: u64) -> String {
    let mut id = String::from(prefix);
    for _ in 0..8 {
        id.push(char::from(LETTERS[(rest % 36) as usize]));
        rest /= 36;
    }
    id
}

/// Another number below [`SHORT_IDS`] for each of them: a Feistel network over 42 bits, repeated until it comes out
/// below.
fn scattered(seed: u64, number: u64) -> u64 {
    const HALF: u64 = (1 << 21) - 1;
    let mut out = number;
    loop {
        let (mut left, mut right) = (out >> 21, out & HALF);
        for round in 0..4 {
            (left, right) = (right, left ^ (mix(seed ^ mix(right << 2 | round)) & HALF));
        }
        out = left << 21 | right;
        if out < SHORT_IDS {
            return out;
        }
    }
}

/// The `n`th request id of a seed, as the 128 bits of a random (version 4) UUID.
pub fn request_id(seed: u64, n: u64) -> u128 {
    uuid_bits(seed, n)
}

fn uuid_bits(seed: u64, n: u64) -> u128 {
    let high = mix(seed ^ mix(n.wrapping_mul(2)));
    let low = mix(seed ^ mix(n.wrapping_mul(2).wrapping_add(1)));
    let bits = (u128::from(high) << 64) | u128::from(low);
    (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62)
}

/// The numeric id that goes with a textual one (`VpcId` beside `UniqVpcId`): always the same for the same text.
pub fn number_of(text: &str, base: i64) -> i64 {
    base + i64::try_from(hash(text) % 1_000_000).unwrap_or(0)
}

/// The id of a part of an instance, a Redis node or a proxy: 40 hexadecimal digits, always the same for the same part.
pub fn run_id(seed: u64, instance_id: &str, part: &str) -> String {
    let own = mix(seed ^ mix(hash(instance_id))) ^ hash(part);
    let digits = |n: u64| mix(own ^ mix(n));
    format!("{:016x}{:016x}{:08x}", digits(0), digits(1), digits(2) >> 32)
}

/// `GroupId` of the first group of nodes of an instance; those after it count on.
pub fn group_id(seed: u64, instance_id: &str, part: &str) -> i64 {
    let own = mix(seed ^ mix(hash(instance_id))) ^ hash(part);
    100_000 + 10 * i64::try_from(mix(own) % 1_000_000).unwrap_or(0)
}

/// The number of the backup that is made by itself then: always the same for the same instance and moment.
pub fn daily_backup_id(seed: u64, instance_id: &str, started_at: Millis) -> BackupId {
    let second = u64::try_from(started_at / time::SECOND).unwrap_or(0);
    spelled_backup_id(of_day(seed, instance_id, second), instance_id, started_at)
}

fn spelled_backup_id(drawn: u64, instance_id: &str, started_at: Millis) -> BackupId {
    let first = 100_000_000 + drawn % 900_000_000;
    format!("{first}-{}-{}", instance_number(instance_id), started_at / time::SECOND).into()
}

/// The number by which its backups call an instance.
pub fn instance_number(instance_id: &str) -> u64 {
    1_000_000 + hash(instance_id) % 9_000_000
}

/// A number of a backup's files beside that of its instance.
pub fn file_number(backup_id: &str) -> u64 {
    1_000_000 + mix(hash(backup_id)) % 9_000_000
}

/// A number that follows from a seed for what happens to an instance on a day.
pub fn of_day(seed: u64, instance_id: &str, day: u64) -> u64 {
    drawn(seed ^ hash(instance_id), day)
}

/// The bits of a day in the number of a daily task.
const DAY_BITS: u32 = 15;
/// Those of its instance.
const INSTANCE_BITS: u32 = 36;

/// The number of the task that backs an instance up on that day, counted from 1970: far above those that are drawn.
pub fn daily_task_id(instance_id: &str, day: i64) -> TaskId {
    let instance = mix(hash(instance_id)) & ((1 << INSTANCE_BITS) - 1);
    let day = day.rem_euclid(1 << DAY_BITS).unsigned_abs();
    TaskId(1 << (DAY_BITS + INSTANCE_BITS) | instance << DAY_BITS | day)
}

/// Whether it can be the number of a daily task.
pub fn is_daily_task(id: TaskId) -> bool {
    id.0 >> (DAY_BITS + INSTANCE_BITS) == 1
}

/// A key of the cloud's key service, as it writes the ids of those.
pub fn key_id(seed: u64, instance_id: &str, at: Millis) -> String {
    let id = uuid_bits(mix(seed ^ hash(instance_id)), at.unsigned_abs());
    let hex = format!("{id:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// The 32 bytes with which what was encrypted as that is decrypted.
pub fn decrypt_key(seed: u64, backup_id: &str) -> [u8; 32] {
    let own = mix(seed ^ mix(hash(backup_id)));
    let mut key = [0; 32];
    for (number, part) in (0..).zip(key.chunks_mut(8)) {
        part.copy_from_slice(&drawn(own, number).to_be_bytes());
    }
    key
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The so-manieth of the numbers that follow from a seed.
pub(crate) fn drawn(seed: u64, number: u64) -> u64 {
    mix(seed ^ mix(number))
}

/// The finaliser of SplitMix64: every bit of the input moves about half of the output's.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests;
