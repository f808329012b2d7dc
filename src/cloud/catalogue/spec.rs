//! The size of an instance.

/// The size of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Memory of one shard, in MB; of the whole instance where there is one shard.
    pub mem_mb: u64,
    /// `RedisShardNum`; 1 unless it is a cluster.
    pub shards: u64,
    /// Copies beside the master, per shard.
    pub replicas: u64,
}

impl Spec {
    /// `Size`: all shards, replicas not counted, in MB.
    pub fn total_mb(&self) -> u64 {
        self.mem_mb.saturating_mul(self.shards)
    }
}
