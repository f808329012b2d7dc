//! The parameters that there are: of which editions, what they may be, and how well that is known.
//!
//! The console of a real instance may list more, because the vendor adds some with new kernels and proxies; a fixture
//! adds those by `ExtraParams` and takes others out by `MissingParams`.

use crate::cloud::catalogue::edition::Edition;

/// Whether masters go back after a failover.
pub const AUTO_FAILBACK: &str = "auto-failback";
/// What is removed when the memory is full.
pub const MAXMEMORY_POLICY: &str = "maxmemory-policy";
/// Commands that take so many milliseconds or more go to the slow log.
pub const SLOWLOG_SLOWER_THAN: &str = "slowlog-log-slower-than";
/// The same of the proxies' slow log.
pub const PROXY_SLOWER_THAN: &str = "proxy-slowlog-log-slower-than";

/// The policy by which nothing is removed: writes fail instead.
pub const NO_EVICTION: &str = "noeviction";
/// How the API writes that a parameter of texts or of several values holds nothing.
pub const NOTHING: &str = "\"\"";

/// A parameter that was called otherwise up to 4.0: its older and its newer name.
pub const RENAMED: (&str, &str) = ("slave-lazy-flush", "replica-lazy-flush");

/// How well something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A vendor's document says so.
    Documented,
    /// An official example shows it.
    Shown,
    /// Client code relies on it, or users saw it.
    Relied,
    /// Nothing says so; it follows from a neighbour, or from what upstream does.
    Inferred,
    /// Nothing is known; this is as good as any.
    Unknown,
}

/// Where the facts of a row come from.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// Which editions list it, by how well that is known of them.
    pub on: &'static [(Known, &'static [u64])],
    /// How well it is known what it may be.
    #[cfg_attr(not(feature = "internals"), expect(dead_code))]
    pub domain: Known,
    /// How well its default is known.
    #[cfg_attr(not(feature = "internals"), expect(dead_code))]
    pub default: Known,
    /// Where that stands.
    #[cfg_attr(not(feature = "internals"), expect(dead_code))]
    pub source: &'static str,
}

/// Where a parameter is listed. Templates list all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// On every instance of its editions. One that came late is left out by a fixture's `MissingParams`.
    Always,
    /// On instances that span zones: elsewhere it would change nothing.
    SpanningZones,
}

/// What a parameter may be. The name is also the list of DescribeInstanceParams in which it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these.
    Enum(&'static [&'static str]),
    /// A whole number between two, and its unit.
    Integer(u64, u64, &'static str),
    /// Several of these, joined by commas, or nothing.
    Multi(&'static [&'static str]),
    /// A text that is one of these.
    Word(&'static [&'static str]),
    /// A text of these letters, or nothing; the first two say whether anything is published at all.
    Letters(&'static [&'static str]),
    /// Any text: of a parameter that a fixture adds.
    Any,
}

/// A parameter of some editions.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub default: &'static str,
    pub listed: Listed,
    pub evidence: Evidence,
    /// `Tips`, in our own words.
    pub tip: &'static str,
}

use Kind::{Enum, Integer, Letters, Multi, Word};
use Known::{Documented, Inferred, Relied, Shown, Unknown};
use Listed::{Always, SpanningZones};

type On = &'static [(Known, &'static [u64])];

const SINCE_7: (Known, &[u64]) = (Inferred, &[17, 18, 19, 20, 21, 22]);
const V9: (Known, &[u64]) = (Inferred, &[21, 22]);
const R62: (Known, &[u64]) = (Relied, &[15, 16]);
const ALL: On = &[(Documented, &[2, 5, 6, 7, 8, 9]), R62, SINCE_7];
const HZ: On = &[(Documented, &[2, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19, 20]), V9];
const R28: On = &[(Documented, &[2, 5])];
const SINCE_4: On = &[(Documented, &[6, 7, 8, 9, 15, 16, 17, 18, 19, 20]), V9];
const LAZY: On = &[(Shown, &[6, 7, 8, 9]), R62, SINCE_7];
const SINCE_5: On = &[(Shown, &[8, 9]), R62, SINCE_7];
const R40: On = &[(Relied, &[6, 7])];
const SINCE_6: On = &[R62, SINCE_7];
const EFFORT: On = &[(Documented, &[15, 16, 17, 18, 19, 20]), V9];
const MEMCACHED: On = &[(Documented, &[200])];

const YES_NO: Kind = Enum(&["yes", "no"]);
const SIZE: Kind = Integer(1, 10_000, "");
const COMMANDS_28: &[&str] = &["flushall", "flushdb", "keys", "hgetall", "eval", "evalsha", "script"];
const COMMANDS: &[&str] = &[
    "flushall",
    "flushdb",
    "keys",
    "hgetall",
    "eval",
    "evalsha",
    "script",
    "scan",
    "psetex",
    "set",
    "hmset",
    "hset",
    "lpush",
    "rpush",
    "sadd",
    "zadd",
    "del",
    "mget",
    "mset",
    "bitop",
    "exists",
    "msetnx",
    "blpop",
    "brpop",
    "rpoplpush",
    "brpoplpush",
    "smove",
    "sunion",
    "sinter",
    "sdiff",
    "sunionstore",
    "sinterstore",
    "sdiffstore",
    "zunionstore",
    "zinterstore",
    "pfmerge",
    "pfcount",
];
const POLICIES_28: &[&str] = &[
    "volatile-lru",
    "allkeys-lru",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    NO_EVICTION,
];
const POLICIES: &[&str] = &[
    "volatile-lru",
    "volatile-lfu",
    "allkeys-lru",
    "allkeys-lfu",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    NO_EVICTION,
];
const EVENTS: &[&str] = &["K", "E", "g", "$", "l", "s", "h", "z", "x", "e", "A"];

const EXAMPLE: &str = "official example of DescribeInstanceParams; what Terraform's redis_param is tested with";
const DOCUMENT: &str = "document 239/110465";

const fn row(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    evidence: Evidence,
    tip: &'static str,
) -> Parameter {
    Parameter {
        name,
        kind,
        default,
        listed: Always,
        evidence,
        tip,
    }
}

const fn of(on: On, domain: Known, default: Known, source: &'static str) -> Evidence {
    Evidence {
        on,
        domain,
        default,
        source,
    }
}

/// What the official example shows on those editions.
const fn shown(on: On) -> Evidence {
    of(on, Shown, Shown, EXAMPLE)
}

impl Parameter {
    const fn spanning_zones(mut self) -> Parameter {
        self.listed = SpanningZones;
        self
    }
}

const FLUSHES: &str = "Empties a replica in the background before a full synchronisation.";
const REFUSES: &str = "Commands that this instance refuses; several are joined by commas.";
const REMOVES: &str = "What is removed when the memory is full.";

/// Every parameter, by name. None is documented as needing a restart.
#[rustfmt::skip]
static PARAMETERS: &[Parameter] = &[
    row("UserPasswordSeparate", Word(&["@", ":"]), "@", of(SINCE_4, Documented, Documented, DOCUMENT),
        "The sign between account name and password when a custom account logs in."),
    row("active-expire-effort", Integer(1, 10, ""), "1", of(EFFORT, Documented, Documented, DOCUMENT),
        "How much CPU the removal of expired keys may take."),
    row(AUTO_FAILBACK, YES_NO, "yes", of(SINCE_4, Inferred, Inferred, "the sister product; Terraform's tests"),
        "Whether the master moves back after a failover, once its first place has recovered.").spanning_zones(),
    row("cluster-node-timeout", Integer(15_000, 120_000, ""), "15000", shown(SINCE_4),
        "Milliseconds for which a node may be out of reach before it counts as failed."),
    row("disable-command-list", Multi(COMMANDS_28), NOTHING,
        of(R28, Shown, Shown, "official example of DescribeParamTemplateInfo"), REFUSES),
    row("disable-command-list", Multi(COMMANDS), NOTHING, shown(SINCE_4), REFUSES),
    row("hash-max-ziplist-entries", SIZE, "512", shown(ALL),
        "Hashes with fewer entries are kept in the compact encoding."),
    row("hash-max-ziplist-value", SIZE, "64", shown(ALL),
        "Hashes whose longest entry is shorter, in bytes, are kept in the compact encoding."),
    row("hz", Integer(1, 500, ""), "10", shown(HZ),
        "How often a second background work is done; more than 100 is not advised."),
    row("lazyfree-lazy-eviction", YES_NO, "yes", shown(LAZY), "Frees evicted keys in the background."),
    row("lazyfree-lazy-expire", YES_NO, "yes", shown(LAZY), "Frees expired keys in the background."),
    row("lazyfree-lazy-server-del", YES_NO, "yes", shown(LAZY), "Frees in the background what the server itself drops."),
    row("lazyfree-lazy-user-del", YES_NO, "no", of(SINCE_6, Inferred, Inferred, "Terraform's tests; upstream's default"),
        "Lets DEL behave as UNLINK."),
    row("list-max-ziplist-entries", SIZE, "512", of(R28, Inferred, Inferred, "document 239/39796; upstream's default"),
        "Lists with fewer elements are kept in the compact encoding."),
    row("list-max-ziplist-value", SIZE, "64", of(R28, Inferred, Inferred, "document 239/39796; upstream's default"),
        "Lists whose longest element is shorter, in bytes, are kept in the compact encoding."),
    row(MAXMEMORY_POLICY, Enum(POLICIES_28), NO_EVICTION, of(R28, Documented, Shown, "document 239/39796"), REMOVES),
    row(MAXMEMORY_POLICY, Enum(POLICIES), NO_EVICTION, shown(SINCE_4), REMOVES),
    row(MAXMEMORY_POLICY, Enum(POLICIES), NO_EVICTION, of(MEMCACHED, Unknown, Unknown, "the neighbour's values"), REMOVES),
    row("notify-keyspace-events", Letters(EVENTS), NOTHING, shown(ALL),
        "Which events of keys are published; K or E must be among the letters."),
    row(PROXY_SLOWER_THAN, Integer(10, 1_000, "ms"), "500", shown(ALL),
        "Requests that take longer in the proxy go to its slow log."),
    row("read-local-node-only", YES_NO, "no", of(SINCE_4, Documented, Documented, "document 239/57859"),
        "With readable replicas, reads go to a node in the zone of the proxy first.").spanning_zones(),
    row("rehash-maintenance-time", YES_NO, "no", of(SINCE_4, Documented, Documented, DOCUMENT),
        "Moves the rehashing of large tables into the maintenance window."),
    row(RENAMED.1, YES_NO, "yes", shown(SINCE_5), FLUSHES),
    row("sentineauth", YES_NO, "no", shown(LAZY), "Lets commands of Sentinel run without a password."),
    row("set-max-intset-entries", SIZE, "512", shown(ALL),
        "Sets of whole numbers with fewer members are kept in the compact encoding."),
    row(RENAMED.0, YES_NO, "yes", of(R40, Relied, Relied, "the console of a 4.0 instance, as a user saw it"), FLUSHES),
    row(SLOWLOG_SLOWER_THAN, Integer(1, 1_000, "ms"), "10", shown(ALL), "Commands that take longer go to the slow log."),
    row("timeout", Integer(60, 2_147_483_647, ""), "31536000", shown(ALL),
        "Seconds without a request after which a connection is closed."),
    row("zset-max-ziplist-entries", SIZE, "128", shown(ALL),
        "Sorted sets with fewer members are kept in the compact encoding."),
    row("zset-max-ziplist-value", SIZE, "64", shown(ALL),
        "Sorted sets whose longest member is shorter, in bytes, are kept in the compact encoding."),
];

/// The parameters of an edition, by name; none where no list of them is known.
pub fn of_edition(edition: &Edition) -> impl Iterator<Item = &'static Parameter> + use<> {
    let type_id = edition.type_id;
    PARAMETERS.iter().filter(move |row| row.is_of(type_id))
}

/// The parameter of that name that an edition has.
pub fn find(edition: &Edition, name: &str) -> Option<&'static Parameter> {
    of_edition(edition).find(|row| row.name == name)
}

/// Whether any edition has a parameter of that name.
pub fn is_known(name: &str) -> bool {
    PARAMETERS.iter().any(|row| row.name == name)
}

/// The default of a parameter in an edition; empty for one that it has not.
pub fn default_of(edition: &Edition, name: &str) -> &'static str {
    find(edition, name).map_or("", |row| row.default)
}

impl Parameter {
    fn is_of(&self, type_id: u64) -> bool {
        self.evidence.on.iter().any(|(_, types)| types.contains(&type_id))
    }
}

impl Kind {
    /// What is wrong with a value, in the words that come after it.
    pub fn fault(self, value: &str) -> Option<String> {
        let (fits, needs) = match self {
            Enum(values) | Word(values) => (values.contains(&value), format!("is none of {}", values.join(", "))),
            Integer(least, most, _) => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let within = value.parse().is_ok_and(|number| (least..=most).contains(&number));
                (digits && within, format!("is no whole number of {least} to {most}"))
            }
            Multi(values) => {
                let known = value.split(',').all(|part| values.contains(&part));
                let needs = format!("is not made of {}, joined by commas", values.join(", "));
                (known || is_nothing(value), needs)
            }
            Letters(letters) => {
                let inner = unquoted(value);
                let known = inner
                    .chars()
                    .all(|letter| letters.iter().any(|own| own.chars().eq([letter])));
                let published = letters.iter().take(2).any(|first| inner.contains(first));
                let needs = format!("is not made of the letters {}, K or E among them", letters.concat());
                (inner.is_empty() || (known && published), needs)
            }
            Kind::Any => (true, String::new()),
        };
        (!fits).then_some(needs)
    }
}

/// Whether a text says that a parameter holds nothing.
fn is_nothing(value: &str) -> bool {
    value.is_empty() || value == NOTHING
}

/// What stands between double quotes, where both are there.
fn unquoted(value: &str) -> &str {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(value)
}
