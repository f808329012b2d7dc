//! The metrics of Redis: their names, what they are of, and how the points of a period are made.

/// The namespace that lives.
pub const NAMESPACE: &str = "QCE/REDIS_MEM";
/// The one of the edition that was watched by the minute: switched off, its names still answer, with no points.
pub const OLD_NAMESPACE: &str = "QCE/REDIS";

/// What every metric has points of, in seconds.
pub const PERIODS_S: [u64; 5] = [5, 60, 300, 3_600, 86_400];
/// The finest, at which each point is one sample.
pub const FINEST_S: u64 = PERIODS_S[0];

/// What a metric is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Instance,
    Proxy,
    Node,
    Command,
    /// A global replication group.
    Group,
    /// A link that synchronises.
    Link,
}

impl Level {
    /// What the name ends in.
    fn suffix(self) -> &'static str {
        match self {
            Level::Instance | Level::Group | Level::Link => "",
            Level::Proxy => "Proxy",
            Level::Node => "Node",
            Level::Command => "Command",
        }
    }

    /// The dimensions that are asked with, by name.
    pub fn dimensions(self) -> &'static [&'static str] {
        match self {
            Level::Instance => &["instanceid"],
            Level::Proxy => &["instanceid", "pnodeid"],
            Level::Node => &["instanceid", "rnodeid"],
            Level::Command => &["command", "instanceid"],
            Level::Group => &["groupid", "instancerepl"],
            Level::Link => &["serialids"],
        }
    }
}

/// How a point is made of what was in its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How full something is: the highest.
    Level,
    /// Something a second, or a mean: the mean.
    Rate,
    /// How often something happened: the sum.
    Count,
    /// The highest.
    Max,
}

impl Kind {
    /// The word for it in the list of metrics.
    pub fn stat_type(self, period_s: u64) -> &'static str {
        match self {
            _ if period_s == FINEST_S => "last",
            Full | Max => "max",
            Rate => "avg",
            Count => "sum",
        }
    }
}

/// What a row tells, whatever it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    CpuUtil,
    CpuMaxUtil,
    MemUsed,
    MemUtil,
    MemMaxUtil,
    Keys,
    Expires,
    Expired,
    Evicted,
    Connections,
    ConnectionsUtil,
    InFlow,
    InBandwidthUtil,
    InFlowLimit,
    OutFlow,
    OutBandwidthUtil,
    OutFlowLimit,
    LatencyAvg,
    LatencyMax,
    LatencyP99,
    LatencyRead,
    LatencyWrite,
    LatencyOther,
    Commands,
    CmdRead,
    CmdWrite,
    CmdOther,
    CmdBigValue,
    CmdKeyCount,
    CmdMget,
    CmdSlow,
    CmdHits,
    CmdMiss,
    CmdHitsRatio,
    CmdErr,
    /// Always 0.
    ReplDelay,
    /// Nothing is told of it here.
    Untold,
}

/// A row: a metric, or the same of several levels.
#[derive(Debug)]
pub struct Row {
    name: &'static str,
    levels: &'static [Level],
    kind: Kind,
    unit: &'static str,
    cname: &'static str,
    quantity: Quantity,
}

use Kind::{Count, Level as Full, Max, Rate};
use Quantity as Q;

const I: &[Level] = &[Level::Instance];
const IP: &[Level] = &[Level::Instance, Level::Proxy];
const IN: &[Level] = &[Level::Instance, Level::Node];
const IPN: &[Level] = &[Level::Instance, Level::Proxy, Level::Node];
const IPC: &[Level] = &[Level::Instance, Level::Proxy, Level::Command];
const N: &[Level] = &[Level::Node];
const C: &[Level] = &[Level::Command];
const G: &[Level] = &[Level::Group];
const L: &[Level] = &[Level::Link];

const fn row(
    name: &'static str,
    levels: &'static [Level],
    (kind, unit): (Kind, &'static str),
    cname: &'static str,
    quantity: Quantity,
) -> Row {
    Row {
        name,
        levels,
        kind,
        unit,
        cname,
        quantity,
    }
}

/// Names, units and Chinese names as DescribeBaseMetrics answered them; the meanings are documents 248/49729 and
/// 239/30913.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    row("CpuUtil",          IPN, (Rate,  "%"),        "CPU使用率",           Q::CpuUtil),
    row("CpuMaxUtil",       I,   (Max,   "%"),        "节点最大CPU使用率",    Q::CpuMaxUtil),
    row("MemUsed",          IN,  (Full,  "MBytes"),   "内存使用量",           Q::MemUsed),
    row("MemUtil",          IN,  (Full,  "%"),        "内存使用率",           Q::MemUtil),
    row("MemMaxUtil",       I,   (Full,  "%"),        "节点最大内存使用率",    Q::MemMaxUtil),
    row("Keys",             IN,  (Full,  "Count"),    "Key总个数",            Q::Keys),
    row("Expires",          I,   (Full,  "Count"),    "key设置过期时间数",     Q::Expires),
    row("Expired",          IN,  (Count, "Count"),    "key过期数",            Q::Expired),
    row("Evicted",          IN,  (Count, "Count"),    "key驱逐数",            Q::Evicted),
    row("Connections",      IPN, (Full,  "Count"),    "连接数量",             Q::Connections),
    row("ConnectionsUtil",  IPN, (Full,  "%"),        "连接使用率",           Q::ConnectionsUtil),
    row("InFlow",           IP,  (Rate,  "MBytes/s"), "入流量",               Q::InFlow),
    row("InBandwidthUtil",  IP,  (Rate,  "%"),        "内网入流量实际使用和最大流量比", Q::InBandwidthUtil),
    row("InFlowLimit",      IP,  (Count, "Count"),    "入流量限流触发",       Q::InFlowLimit),
    row("OutFlow",          IP,  (Rate,  "MBytes/s"), "出流量",               Q::OutFlow),
    row("OutBandwidthUtil", IP,  (Rate,  "%"),        "内网出流量实际使用和最大流量比", Q::OutBandwidthUtil),
    row("OutFlowLimit",     IP,  (Count, "Count"),    "出流量限流触发",       Q::OutFlowLimit),
    row("LatencyAvg",       IPC, (Rate,  "ms"),       "平均执行时延",         Q::LatencyAvg),
    row("LatencyMax",       IPC, (Max,   "ms"),       "最大执行时延",         Q::LatencyMax),
    row("LatencyP99",       IPC, (Max,   "ms"),       "P99执行时延",          Q::LatencyP99),
    row("LatencyRead",      IP,  (Rate,  "ms"),       "读平均时延",           Q::LatencyRead),
    row("LatencyWrite",     IP,  (Rate,  "ms"),       "写平均时延",           Q::LatencyWrite),
    row("LatencyOther",     IP,  (Rate,  "ms"),       "其他命令平均时延",     Q::LatencyOther),
    row("Commands",         IPN, (Rate,  "Count/s"),  "总请求",               Q::Commands),
    row("CmdRead",          IN,  (Rate,  "Count/s"),  "读请求",               Q::CmdRead),
    row("CmdWrite",         IN,  (Rate,  "Count/s"),  "写请求",               Q::CmdWrite),
    row("CmdOther",         IN,  (Rate,  "Count/s"),  "其他请求",             Q::CmdOther),
    row("CmdBigValue",      IP,  (Rate,  "Count/s"),  "大Value请求",          Q::CmdBigValue),
    row("CmdKeyCount",      IP,  (Rate,  "Count/s"),  "Key请求数",            Q::CmdKeyCount),
    row("CmdMget",          IP,  (Rate,  "Count/s"),  "Mget请求数",           Q::CmdMget),
    row("CmdSlow",          IN,  (Count, "Count"),    "慢查询",               Q::CmdSlow),
    row("CmdHits",          IN,  (Count, "Count"),    "读请求命中",           Q::CmdHits),
    row("CmdMiss",          IN,  (Count, "Count"),    "读请求Miss",           Q::CmdMiss),
    row("CmdHitsRatio",     IN,  (Rate,  "%"),        "读请求命中率",         Q::CmdHitsRatio),
    row("CmdErr",           IP,  (Count, "Count"),    "执行错误",             Q::CmdErr),
    row("Qps",              C,   (Rate,  "Count/s"),  "命令请求数(QPS)",      Q::Commands),
    row("ReplDelay",        N,   (Full,  "Bytes"),    "复制延迟",             Q::ReplDelay),
    row("GlobalDelayCommand", G, (Full,  "Count"),    "延迟命令数",           Q::Untold),
    row("GlobalDelayTime",  G,   (Full,  "ms"),       "延迟时间",             Q::Untold),
    row("DelaySeq",         L,   (Full,  "None"),     "延迟序列差",           Q::Untold),
    row("DelayTime",        L,   (Full,  "ms"),       "最大延迟时间",         Q::Untold),
];

/// In the newest guide, but not in the list of metrics: it answers, and is not listed.
static UNLISTED: &[Row] = &[row("ConnectionsMaxUtil", I, (Full, "%"), "", Q::ConnectionsUtil)];

/// A metric: a row, and what it is of.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    row: &'static Row,
    /// What it is of.
    pub level: Level,
}

impl Metric {
    /// Those that are listed, by name.
    pub fn listed() -> Vec<Metric> {
        let mut all: Vec<Metric> = ROWS
            .iter()
            .flat_map(|row| row.levels.iter().map(move |level| Metric { row, level: *level }))
            .collect();
        all.sort_by_cached_key(Metric::name);
        all
    }

    /// The metric of that name.
    pub fn named(name: &str) -> Option<Metric> {
        ROWS.iter().chain(UNLISTED).find_map(|row| {
            let suffix = name.strip_prefix(row.name)?;
            let level = row.levels.iter().copied().find(|level| level.suffix() == suffix)?;
            Some(Metric { row, level })
        })
    }

    /// Its name.
    pub fn name(&self) -> String {
        format!("{}{}", self.row.name, self.level.suffix())
    }

    /// Its Chinese name. Three of proxies are called otherwise than what they are of.
    pub fn cname(&self) -> &'static str {
        match (self.level, self.row.quantity) {
            (Level::Proxy, Q::CmdErr) => "Proxy命令执行错误数",
            (Level::Proxy, Q::InFlow) => "内网入流量",
            (Level::Proxy, Q::OutFlow) => "内网出流量",
            _ => self.row.cname,
        }
    }

    /// Its unit. Errors are counted for the instance, and told a second for each proxy.
    pub fn unit(&self) -> &'static str {
        match (self.level, self.row.quantity) {
            (Level::Proxy, Q::CmdErr) => "Count/s",
            _ => self.row.unit,
        }
    }

    /// How its points are made.
    pub fn kind(&self) -> Kind {
        match (self.level, self.row.quantity) {
            (Level::Proxy, Q::CmdErr) => Rate,
            _ => self.row.kind,
        }
    }

    /// What it tells.
    pub fn quantity(&self) -> Quantity {
        self.row.quantity
    }
}

/// The names of the old namespace.
#[rustfmt::skip]
const OLD_NAMES: &[&str] = &[
    "CpuUsMin", "CpuMaxUsMin", "StorageMin", "StorageUsMin", "StorageMaxUsMin", "KeysMin", "ExpiredKeysMin",
    "EvictedKeysMin", "ConnectionsMin", "ConnectionsUsMin", "InFlowMin", "InFlowUsMin", "OutFlowMin", "OutFlowUsMin",
    "LatencyMin", "LatencyGetMin", "LatencySetMin", "LatencyOtherMin", "QpsMin", "StatGetMin", "StatSetMin",
    "StatOtherMin", "BigValueMin", "SlowQueryMin", "StatSuccessMin", "StatMissedMin", "CmdErrMin", "CacheHitRatioMin",
];
/// As [`OLD_NAMES`], of what was watched by another dimension.
#[rustfmt::skip]
const CKV_NAMES: &[&str] = &[
    "Qps", "Connections", "CpuUs", "InFlow", "OutFlow", "Keys", "Storage", "StorageUs", "StatGet", "StatSet",
];

/// The sets of dimensions that a name of the old namespace goes with; none: there is no such name.
pub fn old_dimensions(name: &str) -> &'static [&'static [&'static str]] {
    let of_shard = name.strip_suffix("NodeMin").map(|base| format!("{base}Min"));
    if OLD_NAMES.contains(&name) {
        &[&["instanceid"]]
    } else if of_shard.is_some_and(|name| OLD_NAMES.contains(&name.as_str())) {
        &[&["clusterid", "instanceid"]]
    } else if CKV_NAMES.contains(&name) {
        &[&["redis_uuid"]]
    } else {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_metrics_are_listed_and_found_by_their_names() {
        let names: Vec<_> = Metric::listed().iter().map(Metric::name).collect();
        assert_eq!(names.len(), 80);
        assert!(names.is_sorted());
        for name in &names {
            assert_eq!(Metric::named(name).map(|metric| metric.name()).as_ref(), Some(name));
        }
        for name in ["", "memutil", "MemUtilProxy", "Proxy", "CmdErrNode", "MemUtil "] {
            assert!(Metric::named(name).is_none(), "{name}");
        }
        assert_eq!(
            Metric::named("ConnectionsMaxUtil").map(|metric| metric.level),
            Some(Level::Instance)
        );
    }

    /// The rows that a document or a public configuration tells.
    #[test]
    fn statistics_are_the_documented_ones() {
        for (name, at_60) in [
            ("CmdBigValue", "avg"),
            ("CmdBigValueProxy", "avg"),
            ("CmdErrProxy", "avg"),
            ("CmdHitsRatio", "avg"),
            ("CmdHitsRatioNode", "avg"),
            ("CmdKeyCount", "avg"),
            ("CmdErr", "sum"),
            ("CmdHits", "sum"),
            ("CmdHitsNode", "sum"),
            ("MemUtil", "max"),
            ("CpuMaxUtil", "max"),
            ("Keys", "max"),
            ("Commands", "avg"),
        ] {
            let kind = Metric::named(name).expect("a metric").kind();
            assert_eq!((kind.stat_type(60), kind.stat_type(5)), (at_60, "last"), "{name}");
        }
    }
}
