//! What is sold: every edition, its sizes and its limits, as one table.
//!
//! Each figure says how well it is known: [`Fact::Documented`], [`Fact::Assumed`] (a neighbour's figure, because
//! nothing was published) or [`Fact::Unknown`] (nothing is sold and nothing can be changed).

use crate::cloud::catalogue::spec::Spec;
use crate::cloud::values::Billing;

/// A figure and how well it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// Stated by a document or an official example, or relied on by official client code.
    Documented(T),
    /// Not published for this edition; taken over from the edition nearest to it.
    Assumed(T),
    /// Not published, and nothing near enough to take over.
    Unknown,
}

use Fact::{Assumed, Documented, Unknown};

impl<T: Copy> Fact<T> {
    /// The figure, however well it is known; `None` if it is not.
    pub fn get(self) -> Option<T> {
        match self {
            Documented(value) | Assumed(value) => Some(value),
            Unknown => None,
        }
    }
}

/// One `TypeId`.
#[derive(Debug, PartialEq, Eq)]
pub struct Edition {
    /// `TypeId`, which InstanceSet calls `Type`.
    pub type_id: u64,
    /// Whose software it is.
    pub engine: Engine,
    /// `Version` in DescribeProductInfo: `Redis 4.0`.
    pub version: &'static str,
    /// The word of the `EngineName` filter.
    pub engine_word: &'static str,
    /// `CurrentRedisVersion` of a new instance.
    pub kernel: &'static str,
    /// How it is built.
    pub arch: Arch,
    /// Whether new ones can be ordered.
    pub sale: Sale,
    /// What UpgradeInstance can change.
    pub scales: Scales,
    /// Sizes of one shard.
    pub memory: Fact<Sizes>,
    /// Numbers of shards, rising.
    pub shards: Fact<&'static [u64]>,
    /// Numbers of replicas, rising.
    pub replicas: Fact<&'static [u64]>,
    /// Whether replicas can serve reads.
    pub replicas_readonly: bool,
    /// Bandwidth and connections, by rising size.
    pub limits: Fact<&'static [Limit]>,
}

/// Whose software an edition runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Redis,
    Ckv,
    Tendis,
    Valkey,
    Memcached,
}

impl Engine {
    /// As the newest official example of DescribeInstances names it; those that it does not show are named after their
    /// product.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Redis => "Redis",
            Engine::Ckv => "腾讯云CKV",
            Engine::Tendis => "Tendis",
            Engine::Valkey => "Valkey",
            Engine::Memcached => "Memcached",
        }
    }
}

/// `TypeVersion`: 1 single node, 2 master and replicas, 3 cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arch {
    Single = 1,
    Standard = 2,
    Cluster = 3,
}

/// Whether CreateInstances takes the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sale {
    /// To everybody.
    Open,
    /// Kept for those who have it already: everybody here counts as one of them.
    ExistingUsers,
    /// Instances of it live on, new ones are refused.
    Ended,
}

/// Which of its three numbers UpgradeInstance can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scales {
    Nothing,
    Memory,
    MemoryAndShards,
    MemoryAndReplicas,
    Everything,
}

/// Sold sizes in MB, rising.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Sold both ways.
    pub mb: &'static [u64],
    /// Sold as prepaid only.
    pub prepaid_only_mb: &'static [u64],
    /// Sold as postpaid only, and to orders alone: no instance is resized to it.
    pub postpaid_order_mb: &'static [u64],
}

/// Bandwidth and connections of a shard up to a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The largest size of a shard it holds for, in MB.
    pub up_to_mb: u64,
    /// `NetLimit`, MB/s.
    pub net_mb_s: u64,
    /// `ClientLimit`, connections.
    pub clients: u64,
}

const GB: u64 = 1024;

/// Redis 2.8: the sizes of the official example of DescribeProductInfo.
const SIZES_28: &[u64] = &[
    GB,
    2 * GB,
    4 * GB,
    8 * GB,
    12 * GB,
    16 * GB,
    20 * GB,
    24 * GB,
    32 * GB,
    40 * GB,
    48 * GB,
    60 * GB,
];
/// Standard 4.0 and later. 512 stands in the Terraform provider's list only; 256 is sold in some zones only.
const SIZES_STANDARD: &[u64] = &[
    256,
    512,
    GB,
    2 * GB,
    4 * GB,
    8 * GB,
    12 * GB,
    16 * GB,
    20 * GB,
    24 * GB,
    32 * GB,
    40 * GB,
    48 * GB,
    64 * GB,
];
/// A cluster's shard, 4.0 and later.
const SIZES_SHARD: &[u64] = &[
    GB,
    2 * GB,
    4 * GB,
    8 * GB,
    12 * GB,
    16 * GB,
    20 * GB,
    24 * GB,
    32 * GB,
    40 * GB,
    48 * GB,
    64 * GB,
];
const SIZES_CKV: &[u64] = &[
    4 * GB,
    8 * GB,
    16 * GB,
    24 * GB,
    32 * GB,
    48 * GB,
    64 * GB,
    80 * GB,
    96 * GB,
    128 * GB,
    160 * GB,
    192 * GB,
    256 * GB,
    320 * GB,
    384 * GB,
];

const fn sizes(mb: &'static [u64]) -> Sizes {
    Sizes {
        mb,
        prepaid_only_mb: &[],
        postpaid_order_mb: &[],
    }
}

const MEM_28: Fact<Sizes> = Documented(Sizes {
    mb: SIZES_28,
    prepaid_only_mb: &[256],
    postpaid_order_mb: &[512],
});
const MEM_28_SINGLE: Fact<Sizes> = Documented(sizes(SIZES_28));
const MEM_STD: Fact<Sizes> = Documented(sizes(SIZES_STANDARD));
const MEM_STD_ASSUMED: Fact<Sizes> = Assumed(sizes(SIZES_STANDARD));
const MEM_SHARD: Fact<Sizes> = Documented(sizes(SIZES_SHARD));
const MEM_SHARD_ASSUMED: Fact<Sizes> = Assumed(sizes(SIZES_SHARD));
const MEM_CKV: Fact<Sizes> = Documented(sizes(SIZES_CKV));

const ONE: Fact<&[u64]> = Documented(&[1]);
const NONE: Fact<&[u64]> = Documented(&[0]);
const TO_5: Fact<&[u64]> = Documented(&[1, 2, 3, 4, 5]);
const TO_5_ASSUMED: Fact<&[u64]> = Assumed(&[1, 2, 3, 4, 5]);
const SHARDS: Fact<&[u64]> = Documented(&[1, 3, 5, 8, 12, 16, 24, 32, 40, 48, 64, 80, 96, 128]);
const SHARDS_ASSUMED: Fact<&[u64]> = Assumed(&[1, 3, 5, 8, 12, 16, 24, 32, 40, 48, 64, 80, 96, 128]);
const SHARDS_CKV: Fact<&[u64]> = Documented(&[3, 5, 8, 12, 16, 24, 32, 40, 48, 64, 80, 96, 128]);

const fn limit(up_to_mb: u64, net_mb_s: u64, clients: u64) -> Limit {
    Limit {
        up_to_mb,
        net_mb_s,
        clients,
    }
}

/// By size of the instance. Nothing is published for 512 MB: it has the row of 1 GB.
const BY_SIZE: &[Limit] = &[
    limit(256, 10, 3_000),
    limit(GB, 16, 10_000),
    limit(8 * GB, 24, 10_000),
    limit(16 * GB, 32, 10_000),
    limit(32 * GB, 48, 10_000),
    limit(64 * GB, 64, 10_000),
];
/// A cluster's shard, whatever its size.
const BY_SHARD: &[Limit] = &[limit(u64::MAX, 48, 10_000)];
/// Up to 32 GB the documents say 24 to 32 MB/s without saying where the step is.
const BY_SIZE_CKV: &[Limit] = &[
    limit(16 * GB, 24, 10_000),
    limit(32 * GB, 32, 10_000),
    limit(96 * GB, 64, 18_000),
    limit(192 * GB, 128, 24_000),
    limit(384 * GB, 128, 24_000),
];
const LIM_STD: Fact<&[Limit]> = Documented(BY_SIZE);
const LIM_STD_ASSUMED: Fact<&[Limit]> = Assumed(BY_SIZE);
const LIM_SHARD: Fact<&[Limit]> = Documented(BY_SHARD);
const LIM_SHARD_ASSUMED: Fact<&[Limit]> = Assumed(BY_SHARD);
const LIM_CKV: Fact<&[Limit]> = Documented(BY_SIZE_CKV);

/// The names a row is built from, in the order of its columns.
type Names = (Engine, &'static str, &'static str, &'static str);

const fn row(
    type_id: u64,
    names: Names,
    (arch, sale, scales): (Arch, Sale, Scales),
    (memory, shards, replicas): (Fact<Sizes>, Fact<&'static [u64]>, Fact<&'static [u64]>),
    replicas_readonly: bool,
    limits: Fact<&'static [Limit]>,
) -> Edition {
    let (engine, version, engine_word, kernel) = names;
    Edition {
        type_id,
        engine,
        version,
        engine_word,
        kernel,
        arch,
        sale,
        scales,
        memory,
        shards,
        replicas,
        replicas_readonly,
        limits,
    }
}

use Arch::{Cluster, Single, Standard};
use Sale::{Ended, ExistingUsers, Open};
use Scales::{Everything, Memory, MemoryAndReplicas, MemoryAndShards, Nothing};

// engine, Version, EngineName filter, kernel. The kernel of 6.2 and the filter word `Redis-6.0` are the documents'; the
// other kernels, and the filter words of 7.0 and later, are ours.
const R28: Names = (Engine::Redis, "Redis 2.8", "Redis-2.8", "2.8.0");
const CKV: Names = (Engine::Ckv, "Redis 3.2", "CKV", "3.2.0");
const R40: Names = (Engine::Redis, "Redis 4.0", "Redis-4.0", "4.0.0");
const TENDIS: Names = (Engine::Tendis, "Tendis 4.0", "Tendis-4.0", "4.0.0");
const R50: Names = (Engine::Redis, "Redis 5.0", "Redis-5.0", "5.0.0");
const R62: Names = (Engine::Redis, "Redis 6.2", "Redis-6.0", "6.0.0");
const R70: Names = (Engine::Redis, "Redis 7.0", "Redis-7.0", "7.0.0");
const V80: Names = (Engine::Valkey, "Valkey 8.0", "Valkey-8.0", "8.0.0");
const V90: Names = (Engine::Valkey, "Valkey 9.0", "Valkey-9.0", "9.0.0");
const M16: Names = (Engine::Memcached, "Memcached 1.6", "Memcached-1.6", "1.6.0");

/// Every edition that the documents or the examples name.
#[rustfmt::skip]
pub static EDITIONS: &[Edition] = &[
    //  id   names   arch, on sale, what can be changed             memory, shards, replicas                             readonly limits
    row(1,   R28,    (Cluster,  Ended,         Nothing),            (Unknown, Unknown, Unknown),                         false, LIM_SHARD_ASSUMED),
    row(2,   R28,    (Standard, ExistingUsers, Memory),             (MEM_28, ONE, ONE),                                  false, LIM_STD),
    row(3,   CKV,    (Standard, ExistingUsers, Memory),             (MEM_CKV, ONE, ONE),                                 false, LIM_CKV),
    row(4,   CKV,    (Cluster,  ExistingUsers, MemoryAndShards),    (MEM_CKV, SHARDS_CKV, ONE),                          false, LIM_CKV),
    row(5,   R28,    (Single,   Ended,         Memory),             (MEM_28_SINGLE, ONE, NONE),                          false, LIM_STD),
    row(6,   R40,    (Standard, Open,          MemoryAndReplicas),  (MEM_STD, ONE, TO_5),                                true,  LIM_STD),
    row(7,   R40,    (Cluster,  Open,          Everything),         (MEM_SHARD, SHARDS, TO_5),                           true,  LIM_SHARD),
    row(8,   R50,    (Standard, Open,          MemoryAndReplicas),  (MEM_STD, ONE, TO_5),                                true,  LIM_STD),
    row(9,   R50,    (Cluster,  Open,          Everything),         (MEM_SHARD, SHARDS, TO_5),                           true,  LIM_SHARD),
    row(10,  TENDIS, (Cluster,  Ended,         Nothing),            (Unknown, Unknown, Unknown),                         false, LIM_SHARD_ASSUMED),
    row(13,  TENDIS, (Cluster,  Ended,         Nothing),            (Unknown, Unknown, Unknown),                         false, LIM_SHARD_ASSUMED),
    row(15,  R62,    (Standard, Open,          MemoryAndReplicas),  (MEM_STD, ONE, TO_5),                                true,  LIM_STD),
    row(16,  R62,    (Cluster,  Open,          Everything),         (MEM_SHARD, SHARDS, TO_5),                           true,  LIM_SHARD),
    row(17,  R70,    (Standard, Open,          MemoryAndReplicas),  (MEM_STD, ONE, TO_5),                                true,  LIM_STD),
    row(18,  R70,    (Cluster,  Open,          Everything),         (MEM_SHARD, SHARDS, TO_5),                           true,  LIM_SHARD),
    row(19,  V80,    (Standard, Open,          MemoryAndReplicas),  (MEM_STD_ASSUMED, ONE, TO_5_ASSUMED),                true,  LIM_STD_ASSUMED),
    row(20,  V80,    (Cluster,  Open,          Everything),         (MEM_SHARD_ASSUMED, SHARDS, TO_5_ASSUMED),           true,  LIM_SHARD_ASSUMED),
    row(21,  V90,    (Standard, Open,          MemoryAndReplicas),  (MEM_STD_ASSUMED, ONE, TO_5_ASSUMED),                true,  LIM_STD_ASSUMED),
    row(22,  V90,    (Cluster,  Open,          Everything),         (MEM_SHARD_ASSUMED, SHARDS, TO_5_ASSUMED),           true,  LIM_SHARD_ASSUMED),
    row(200, M16,    (Cluster,  Open,          Everything),         (MEM_SHARD_ASSUMED, SHARDS_ASSUMED, TO_5_ASSUMED),   false, LIM_SHARD_ASSUMED),
];

/// The edition of a `TypeId`.
pub fn find(type_id: u64) -> Option<&'static Edition> {
    EDITIONS.iter().find(|edition| edition.type_id == type_id)
}

/// The fewest connections that a caller may set for a shard.
const CLIENTS_LOWEST: u64 = 10_000;

/// Lowest and highest `ClientLimit` that can be set for a shard; with replicas that serve reads more for each of them.
pub fn client_range(replicas_readonly: bool, replicas: u64) -> (u64, u64) {
    let times = if replicas_readonly { replicas + 3 } else { 4 };
    (CLIENTS_LOWEST, CLIENTS_LOWEST * times)
}

impl Scales {
    /// Whether the number of shards can change.
    pub fn shards(self) -> bool {
        matches!(self, MemoryAndShards | Everything)
    }

    /// Whether the number of replicas can change.
    pub fn replicas(self) -> bool {
        matches!(self, MemoryAndReplicas | Everything)
    }
}

impl Edition {
    /// The smallest whole gigabyte, the fewest shards and the fewest replicas that the edition sells; one of each where
    /// that is unknown.
    pub fn default_spec(&self) -> Spec {
        let sizes = self.sizes_mb(Billing::Postpaid);
        let first = |sold: Option<&'static [u64]>| sold.and_then(|sold| sold.first().copied()).unwrap_or(1);
        Spec {
            mem_mb: sizes.into_iter().find(|&mb| mb >= 1024).unwrap_or(1024),
            shards: first(self.shards.get()),
            replicas: first(self.replicas.get()),
        }
    }

    /// `ProductType`: clusters, and everything else.
    pub fn product_type(&self) -> &'static str {
        match self.arch {
            Cluster => "cluster",
            Single | Standard => "standalone",
        }
    }

    /// `TypeName` in DescribeProductInfo. The words for 2.8, CKV and the Redis cluster are the official example's, save
    /// that it calls type 3 a single node; the others are ours, made alike.
    pub fn type_name(&self) -> &'static str {
        match (self.engine, self.arch) {
            (Engine::Redis, Single) => "Redis 单机版",
            (Engine::Redis, Standard) if self.type_id == 2 => "Redis 主从版",
            (Engine::Redis, Standard) => "Redis 标准版",
            (Engine::Redis, Cluster) => "Redis 集群版",
            (Engine::Ckv, Cluster) => "CKV集群版",
            (Engine::Ckv, _) => "CKV主从版",
            (Engine::Tendis, _) => "Tendis 存储版",
            (Engine::Valkey, Cluster) => "Valkey 集群版",
            (Engine::Valkey, _) => "Valkey 标准版",
            (Engine::Memcached, _) => "Memcached 集群版",
        }
    }

    /// The parameter template of an instance that names none.
    pub fn template_id(&self) -> String {
        format!("default-param-template-{}", self.type_id)
    }

    /// Whether it is Redis 4.0 or later, which most of what was added since needs.
    pub fn is_modern(&self) -> bool {
        matches!(self.engine, Engine::Redis | Engine::Valkey) && self.type_id >= 6
    }

    /// Whether it can be ordered over several zones: Redis 2.8 and CKV cannot; of Memcached nothing is published that
    /// forbids it.
    pub fn spans_zones(&self) -> bool {
        self.type_id >= 6
    }

    /// The sizes that can be ordered in that billing mode, rising: those of [`Edition::sizes_mb`], and those that no
    /// instance is resized to.
    pub fn order_sizes_mb(&self, billing: Billing) -> Vec<u64> {
        let mut all = self.sizes_mb(billing);
        if let (Some(sizes), Billing::Postpaid) = (self.memory.get(), billing) {
            all.extend(sizes.postpaid_order_mb);
        }
        all.sort_unstable();
        all
    }

    /// Whether an instance of that billing mode can have that size of a shard, however it came by it.
    pub fn has_mb(&self, mb: u64, billing: Billing) -> bool {
        self.order_sizes_mb(billing).contains(&mb)
    }

    /// The sizes sold to that billing mode, rising; empty if none is known.
    pub fn sizes_mb(&self, billing: Billing) -> Vec<u64> {
        let Some(sizes) = self.memory.get() else {
            return Vec::new();
        };
        let extra = if billing == Billing::Prepaid {
            sizes.prepaid_only_mb
        } else {
            &[]
        };
        let mut all: Vec<u64> = extra.iter().chain(sizes.mb).copied().collect();
        all.sort_unstable();
        all
    }

    /// Whether that size of a shard is sold to that billing mode.
    pub fn sells_mb(&self, mb: u64, billing: Billing) -> bool {
        self.memory.get().is_some_and(|sizes| {
            sizes.mb.contains(&mb) || (billing == Billing::Prepaid && sizes.prepaid_only_mb.contains(&mb))
        })
    }

    /// Lowest and highest size sold to that billing mode.
    pub fn range_mb(&self, billing: Billing) -> Option<(u64, u64)> {
        let sizes = self.sizes_mb(billing);
        Some((*sizes.first()?, *sizes.last()?))
    }

    /// Whether that number of shards is sold.
    pub fn sells_shards(&self, shards: u64) -> bool {
        self.shards.get().is_some_and(|sold| sold.contains(&shards))
    }

    /// Whether that number of replicas is sold.
    pub fn sells_replicas(&self, replicas: u64) -> bool {
        self.replicas.get().is_some_and(|sold| sold.contains(&replicas))
    }

    /// Whether a whole spec is one that is sold.
    pub fn sells(&self, spec: &Spec, billing: Billing) -> bool {
        self.has_mb(spec.mem_mb, billing) && self.sells_shards(spec.shards) && self.sells_replicas(spec.replicas)
    }

    /// Bandwidth and connections of a shard of that size.
    pub fn limit(&self, mem_mb: u64) -> Limit {
        let limits = self.limits.get().unwrap_or(BY_SHARD);
        let last = limits.last().copied().unwrap_or(limit(u64::MAX, 48, CLIENTS_LOWEST));
        limits
            .iter()
            .copied()
            .find(|limit| mem_mb <= limit.up_to_mb)
            .unwrap_or(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_type_stands_in_the_table_once() {
        let ids: Vec<u64> = EDITIONS.iter().map(|edition| edition.type_id).collect();
        assert_eq!(
            ids,
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 15, 16, 17, 18, 19, 20, 21, 22, 200]
        );
    }

    #[test]
    fn what_is_on_sale_has_sizes_and_what_is_unknown_does_not_scale() {
        for edition in EDITIONS {
            let known = edition.range_mb(Billing::Postpaid).is_some()
                && edition.shards.get().is_some()
                && edition.replicas.get().is_some();
            assert!(known || edition.sale == Ended, "{}", edition.type_id);
            assert_eq!(known, edition.scales != Nothing, "{}", edition.type_id);
        }
    }

    #[test]
    fn lists_rise() {
        for edition in EDITIONS {
            let sizes = edition.sizes_mb(Billing::Prepaid);
            assert!(sizes.windows(2).all(|pair| pair[0] < pair[1]), "{}", edition.type_id);
        }
    }

    #[test]
    fn the_smallest_of_2_8_is_prepaid_only() {
        let edition = find(2).unwrap();
        assert!(edition.sells_mb(256, Billing::Prepaid));
        assert!(!edition.sells_mb(256, Billing::Postpaid));
        assert_eq!(edition.range_mb(Billing::Postpaid), Some((1_024, 61_440)));
        assert_eq!(edition.range_mb(Billing::Prepaid), Some((256, 61_440)));
    }

    #[test]
    fn half_a_gigabyte_of_2_8_is_ordered_postpaid_and_never_resized_to() {
        let edition = find(2).unwrap();
        assert!(edition.has_mb(512, Billing::Postpaid) && !edition.has_mb(512, Billing::Prepaid));
        assert!(!edition.sells_mb(512, Billing::Postpaid));
        assert_eq!(edition.order_sizes_mb(Billing::Postpaid)[..2], [512, 1_024]);
        let prepaid = edition.sizes_mb(Billing::Prepaid);
        assert_eq!(edition.order_sizes_mb(Billing::Prepaid), prepaid);
    }

    #[test]
    fn limits_follow_the_official_example() {
        let limit = find(15).unwrap().limit(4_096);
        assert_eq!((limit.net_mb_s, limit.clients), (24, 10_000));
        assert_eq!(client_range(false, 2), (10_000, 40_000));
    }
}
