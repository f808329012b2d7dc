//! What a metric is at one moment.

use std::ops::Range;

use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::executions::begins_at;
use crate::cloud::monitor::load::{Load, Rates, Split};
use crate::cloud::monitor::metric::Quantity;
use crate::cloud::monitor::record::{Event, MB, Stretch, Workload};
use crate::cloud::monitor::slow_log::{Log, slow_from};
use crate::cloud::parameter::catalogue::{MAXMEMORY_POLICY, NO_EVICTION};
use crate::cloud::parameter::history::History;
use crate::cloud::time::Millis;
use crate::cloud::topology::proxies;

/// Commands a second by which a node is busy. Documented (239/17952): 80,000 to 100,000 a node or shard.
const NODE_COMMANDS: f64 = 80_000.0;
const MB_BYTES: f64 = MB as f64;

/// Of what of an instance a metric is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Of the whole, or of one command on it.
    Whole,
    /// Of any of its proxies: they share evenly.
    Proxy,
    /// Of a Redis node; `copy` is 0 for the master.
    Node { shard: u64, copy: u64 },
}

/// What is to be known of an instance, whatever the moment.
#[derive(Debug)]
pub struct Scene<'a> {
    pub instance: &'a Instance,
    pub workload: &'a Workload,
    /// The one command that is looked at, if it is one.
    pub command: Option<&'a str>,
    pub load: Load,
    /// When the load begins.
    pub since: Millis,
    /// Those of the workload by time, each with its number.
    events: Vec<(u64, &'a Event)>,
    proxies: f64,
    /// From how many microseconds on a command is slow, over time.
    pub slow_from: History<u64>,
    /// Whether keys are removed for others where the memory is full, over time.
    pub evicts: History<bool>,
}

impl<'a> Scene<'a> {
    /// The scene of an instance with that workload; of one command alone, if one is named. `None`: it has no rows.
    pub fn of(instance: &'a Instance, workload: &'a Workload, command: Option<&'a str>) -> Option<Scene<'a>> {
        let mut events: Vec<_> = (0..).zip(&workload.events).collect();
        events.sort_by_key(|(_, event)| event.at);
        Some(Scene {
            instance,
            workload,
            command,
            load: match command {
                Some(word) => Load::of_command(workload, word)?,
                None => Load::of(workload),
            },
            since: begins_at(instance),
            events,
            proxies: proxies::count(instance) as f64,
            slow_from: slow_from(instance, Log::Kernel),
            evicts: History::of(instance, MAXMEMORY_POLICY, |policy| policy != NO_EVICTION),
        })
    }

    /// The events between two moments, the second not counted, each with its number.
    pub fn events(&self, span: &Range<Millis>) -> impl Iterator<Item = (u64, &'a Event)> {
        let before = |at| self.events.partition_point(|(_, event)| event.at < at);
        self.events[before(span.start)..before(span.end)].iter().copied()
    }

    /// A part of what the whole has: a proxy has an even one.
    pub fn part(&self, target: Target) -> f64 {
        match target {
            Target::Proxy => 1.0 / self.proxies.max(1.0),
            _ => 1.0,
        }
    }
}

/// One moment of a scene.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub scene: &'a Scene<'a>,
    pub stretch: &'a Stretch,
    pub used_mb: f64,
    /// Whether the load has begun.
    pub active: bool,
    /// Whether the memory is full.
    pub full: bool,
    /// Whether keys are removed for others where it is.
    pub evicts: bool,
    /// Events of the period, spread over it; of a node, those that it executed.
    pub events: Split,
}

impl Moment<'_> {
    /// What is told of the target then: what is counted, a second. `None`: nothing.
    pub fn value(&self, of: Quantity, target: Target) -> Option<f64> {
        use Quantity as Q;
        let value = match of {
            Q::CpuUtil => match target {
                Target::Node { shard, copy } => cpu(self.node(shard, copy, &self.events)),
                _ => self.cpu_of_nodes().0,
            },
            Q::CpuMaxUtil => self.cpu_of_nodes().1,
            Q::MemUsed => self.mem_mb(target),
            Q::MemUtil => 100.0 * self.mem_mb(target) / self.room_mb(target),
            Q::MemMaxUtil => 100.0 * self.stretch.of_shard_mb(0, self.used_mb) / self.stretch.spec.mem_mb as f64,
            Q::Keys => self.keys(target),
            Q::Expires => (self.keys(target) * self.scene.workload.expiring).floor(),
            Q::Expired => self.while_active(self.scene.workload.expired) * self.key_share(target),
            Q::Evicted => self.evicted() * self.key_share(target),
            Q::Connections | Q::ConnectionsUtil => self.connections(of, target),
            Q::InFlow | Q::InBandwidthUtil | Q::InFlowLimit => self.flow(of, target, self.scene.workload.bytes_in),
            Q::OutFlow | Q::OutBandwidthUtil | Q::OutFlowLimit => self.flow(of, target, self.scene.workload.bytes_out),
            Q::LatencyAvg | Q::LatencyMax | Q::LatencyP99 => self.latency(of),
            Q::LatencyRead | Q::LatencyWrite | Q::LatencyOther => self.latency(of),
            Q::Commands => self.rates(target).all(),
            Q::CmdRead => self.rates(target).read,
            Q::CmdWrite => self.rates(target).write,
            Q::CmdOther => self.rates(target).other,
            Q::CmdBigValue => self.while_active(self.scene.workload.big_values) * self.scene.part(target),
            Q::CmdMget => self.while_active(self.scene.load.mgets) * self.scene.part(target),
            Q::CmdKeyCount => self.keys_read(target) + self.rates(target).write,
            Q::CmdSlow => self.while_active(self.scene.workload.slow) * self.master_share(target),
            Q::CmdHits => self.keys_read(target) * self.scene.workload.hit_ratio,
            Q::CmdMiss => self.keys_read(target) * (1.0 - self.scene.workload.hit_ratio),
            // Of nothing there is no ratio.
            Q::CmdHitsRatio if self.keys_read(target) <= 0.0 => return None,
            Q::CmdHitsRatio => 100.0 * self.scene.workload.hit_ratio,
            Q::CmdErr => self.errors() * self.scene.part(target),
            Q::ReplDelay => 0.0,
            Q::Untold => return None,
        };
        Some(value)
    }

    fn while_active(&self, rate: f64) -> f64 {
        if self.active { rate } else { 0.0 }
    }

    /// The load then, without events. Without replicas none of them executes anything.
    fn load(&self) -> Split {
        let mut rates = if self.active {
            self.scene.load.rates
        } else {
            Split::default()
        };
        if self.stretch.spec.replicas == 0 {
            rates.replicas = Rates::default();
        }
        rates
    }

    fn whole(&self) -> Rates {
        self.load().all().and(&self.events.all())
    }

    fn rates(&self, target: Target) -> Rates {
        match target {
            Target::Node { shard, copy } => self.node(shard, copy, &self.events),
            _ => self.whole().times(self.scene.part(target)),
        }
    }

    /// What a node executes: a replica writes what its master does, and the first one of a shard executes what is sent
    /// to replicas.
    fn node(&self, shard: u64, copy: u64, events: &Split) -> Rates {
        let (load, share) = (self.load(), self.stretch.share(shard));
        let master = load.masters.times(share).and(&events.masters);
        match copy {
            0 => master,
            _ => {
                let own = if copy == 1 { 1.0 } else { 0.0 };
                let sent = load.replicas.times(share).and(&events.replicas).times(own);
                let written = master.write;
                Rates {
                    write: written + sent.write,
                    ..sent
                }
            }
        }
    }

    /// How busy the nodes are, in the mean and at most.
    fn cpu_of_nodes(&self) -> (f64, f64) {
        let spec = self.stretch.spec;
        let (mut sum, mut most) = (0.0, 0.0_f64);
        // All shards but the first are alike, and all replicas but a shard's first.
        let kinds = [(0, 1), (1, spec.shards.saturating_sub(1))];
        for (shard, shards) in kinds.into_iter().filter(|(_, shards)| *shards > 0) {
            let share = self.stretch.share(shard);
            let events = Split {
                masters: self.events.masters.times(share),
                replicas: self.events.replicas.times(share),
            };
            let copies = [(0, 1), (1, spec.replicas.min(1)), (2, spec.replicas.saturating_sub(1))];
            for (copy, copies) in copies.into_iter().filter(|(_, copies)| *copies > 0) {
                let busy = cpu(self.node(shard, copy, &events));
                sum += busy * (shards * copies) as f64;
                most = most.max(busy);
            }
        }
        (sum / (spec.shards * (spec.replicas + 1)).max(1) as f64, most)
    }

    fn mem_mb(&self, target: Target) -> f64 {
        match target {
            Target::Node { shard, .. } => self.stretch.of_shard_mb(shard, self.used_mb),
            _ => self.used_mb,
        }
    }

    fn room_mb(&self, target: Target) -> f64 {
        match target {
            Target::Node { .. } => self.stretch.spec.mem_mb as f64,
            _ => self.stretch.total_mb(),
        }
    }

    /// The keys held.
    fn keys(&self, target: Target) -> f64 {
        let counted = |bytes: f64| (bytes / self.scene.workload.key_bytes).floor();
        let used = self.used_mb * MB_BYTES;
        match target {
            Target::Node { shard, .. } => self.stretch.parts(shard, used, counted),
            _ => counted(used),
        }
    }

    fn key_share(&self, target: Target) -> f64 {
        let Target::Node { shard, .. } = target else {
            return 1.0;
        };
        match self.keys(Target::Whole) {
            all if all > 0.0 => self.keys(target) / all,
            _ => self.stretch.share(shard),
        }
    }

    /// The part of what masters do, by the load of their shards; replicas have none in it.
    fn master_share(&self, target: Target) -> f64 {
        match target {
            Target::Node { shard, copy: 0 } => self.stretch.share(shard),
            Target::Node { .. } => 0.0,
            _ => 1.0,
        }
    }

    fn keys_read(&self, target: Target) -> f64 {
        self.rates(target).read * self.scene.workload.keys_per_read
    }

    /// Whether the memory is full and more would come.
    fn overflows(&self) -> bool {
        self.full && self.stretch.growth_mb_per_hour > 0.0
    }

    /// Keys that a full memory removes for those that come.
    fn evicted(&self) -> f64 {
        let keys = self.stretch.growth_mb_per_hour / 3600.0 * MB_BYTES / self.scene.workload.key_bytes;
        if self.overflows() && self.evicts { keys } else { 0.0 }
    }

    /// Where nothing is removed, what writes to a full memory fails.
    fn errors(&self) -> f64 {
        let fails = self.overflows() && !self.evicts;
        self.while_active(self.scene.workload.errors) + if fails { self.whole().write } else { 0.0 }
    }

    fn connections(&self, of: Quantity, target: Target) -> f64 {
        let limit = (self.stretch.clients * self.stretch.spec.shards).max(1) as f64;
        let of_clients = || {
            self.scene
                .workload
                .clients
                .iter()
                .map(|client| client.connections)
                .sum()
        };
        let open = (self.scene.workload.connections.unwrap_or_else(of_clients) as f64).min(limit);
        let in_all = of == Quantity::Connections;
        match target {
            Target::Node { .. } if in_all => self.scene.proxies,
            Target::Node { .. } => 100.0 * self.scene.proxies / self.stretch.clients.max(1) as f64,
            _ if in_all => open * self.scene.part(target),
            _ => 100.0 * open / limit,
        }
    }

    /// Bytes in or out, in MB/s, and how they stand to the limit. Readable replicas have bandwidth of their own.
    fn flow(&self, of: Quantity, target: Target, bytes: f64) -> f64 {
        let spec = self.stretch.spec;
        let readers = if self.scene.instance.replicas_readonly {
            spec.replicas.max(1)
        } else {
            1
        };
        let limit = (self.stretch.net_mb_s.saturating_mul(spec.shards * readers)).max(1) as f64;
        let wanted = self.whole().all() * bytes / MB_BYTES;
        match of {
            Quantity::InFlow | Quantity::OutFlow => wanted.min(limit) * self.scene.part(target),
            Quantity::InBandwidthUtil | Quantity::OutBandwidthUtil => 100.0 * wanted.min(limit) / limit,
            _ if wanted > limit => 1.0,
            _ => 0.0,
        }
    }

    fn latency(&self, of: Quantity) -> f64 {
        let takes = self.scene.load.takes;
        self.while_active(match of {
            Quantity::LatencyRead => takes.read,
            Quantity::LatencyWrite => takes.write,
            Quantity::LatencyOther => takes.other,
            Quantity::LatencyP99 => takes.p99,
            Quantity::LatencyMax => takes.max,
            _ => takes.mean,
        })
    }
}

/// How busy a node is with so many commands, in percent.
fn cpu(rates: Rates) -> f64 {
    (100.0 * rates.all() / NODE_COMMANDS).min(100.0)
}
