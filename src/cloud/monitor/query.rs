//! What is asked of Cloud Monitor: every rule, in one order.
//!
//! No document states the order. What is looked for first is what the name of the metric decides.

use crate::cloud::catalogue::edition::Engine;
use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::metric::{Level, Metric, NAMESPACE, OLD_NAMESPACE, PERIODS_S, Quantity, old_dimensions};
use crate::cloud::monitor::moment::{Scene, Target};
use crate::cloud::monitor::points::{Grid, Point, points};
use crate::cloud::monitor::record::Workload;
use crate::cloud::refusal::{MonitorRefusal, Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time;
use crate::cloud::time::{HOUR, Millis};
use crate::cloud::topology::{nodes, proxies, shards};

/// The length of a period where none is asked for, in seconds.
const DEFAULT_PERIOD_S: u64 = 300;
/// So many instances can be asked for at once.
const INSTANCES_MOST: u64 = 50;
/// So many points can be asked for at once, of all instances.
const POINTS_MOST: u64 = 7_200;
/// The bits of the statistics.
const STATISTICS: std::ops::RangeInclusive<i64> = 0..=7;

/// What a caller asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub namespace: String,
    pub metric: String,
    /// The dimensions of each instance, name and value.
    pub instances: Vec<Vec<(String, String)>>,
    pub period_s: Option<u64>,
    pub start: Option<String>,
    pub end: Option<String>,
    /// Statistics that are asked for by bits.
    pub statistics: i64,
}

/// What is answered: which periods, and the points of each instance, in the order asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub grid: Grid,
    pub series: Vec<Vec<Point>>,
}

/// What a name stands for.
enum Named {
    Metric(Metric),
    /// Something of the old namespace, with the dimensions that it goes with.
    Old(&'static [&'static [&'static str]]),
}

/// The points that are asked for. A fault of one instance is one of the whole call.
pub fn data(cloud: &Cloud, call: &Call, query: &Query) -> Result<Answered, Refusal> {
    let named = named(query)?;
    let period_s = query.period_s.unwrap_or(DEFAULT_PERIOD_S);
    if !PERIODS_S.contains(&period_s) {
        return Err(MonitorRefusal::PeriodUnknown.into());
    }
    let grid = grid(query, period_s, call.now)?;
    if !STATISTICS.contains(&query.statistics) {
        let why = format!("{} is no sum of 1, 2 and 4", query.statistics);
        return Err(bad_value("SpecifyStatistics", why));
    }
    check_amount(query, &grid)?;
    let series = query.instances.iter();
    let series = series.map(|dimensions| one(cloud, call, &named, &in_order(dimensions), &grid));
    let series = series.collect::<Result<_, _>>()?;
    Ok(Answered { grid, series })
}

fn named(query: &Query) -> Result<Named, Refusal> {
    let named = match query.namespace.as_str() {
        NAMESPACE => Metric::named(&query.metric).map(Named::Metric),
        OLD_NAMESPACE => Some(old_dimensions(&query.metric))
            .filter(|sets| !sets.is_empty())
            .map(Named::Old),
        _ => None,
    };
    named.ok_or_else(|| {
        let (namespace, metric) = (query.namespace.clone(), query.metric.clone());
        MonitorRefusal::MetricUnknown { namespace, metric }.into()
    })
}

/// The periods between two times, each of which falls back to the beginning of its own.
fn grid(query: &Query, period_s: u64, now: Millis) -> Result<Grid, Refusal> {
    let read = |parameter: &'static str, text: &Option<String>| {
        let text = text.as_deref().filter(|text| !text.is_empty());
        let given = text.map(|text| {
            let why = || format!("`{text}` is no time; write RFC 3339, or China time as 2026-01-31 09:30:00");
            time::read_iso(text).ok_or_else(|| bad_value(parameter, why()))
        });
        given.transpose()
    };
    let (start, end) = (read("StartTime", &query.start)?, read("EndTime", &query.end)?);
    let end = end.unwrap_or(now);
    let start = start.unwrap_or(end - HOUR);
    if end < start {
        let why = format!(
            "{} lies before the start, {}",
            time::show_iso(end),
            time::show_iso(start)
        );
        return Err(bad_value("EndTime", why));
    }
    let grid = Grid { start, end, period_s };
    let begin = |at| time::begin_of(at, grid.period());
    Ok(Grid {
        start: begin(start),
        end: begin(end),
        period_s,
    })
}

fn check_amount(query: &Query, grid: &Grid) -> Result<(), Refusal> {
    let instances = query.instances.len() as u64;
    if instances == 0 {
        return Err(bad_value("Instances", "it names none".to_owned()));
    }
    let points = instances.saturating_mul(grid.len());
    let amounts = [
        ("instances", instances, INSTANCES_MOST),
        ("points", points, POINTS_MOST),
    ];
    match amounts.into_iter().find(|(_, asked, most)| asked > most) {
        Some((what, asked, most)) => Err(MonitorRefusal::TooMany { what, asked, most }.into()),
        None => Ok(()),
    }
}

/// Dimensions by name, whatever the case of that.
fn in_order(dimensions: &[(String, String)]) -> Vec<(&str, &str)> {
    let mut all: Vec<(&str, &str)> = dimensions
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    all.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    all
}

/// The points of one instance.
fn one(
    cloud: &Cloud,
    call: &Call,
    named: &Named,
    dimensions: &[(&str, &str)],
    grid: &Grid,
) -> Result<Vec<Point>, Refusal> {
    let is_set = |set: &&[&str]| {
        let pairs = set.iter().zip(dimensions);
        set.len() == dimensions.len() && pairs.into_iter().all(|(own, (name, _))| name.eq_ignore_ascii_case(own))
    };
    let metric = match named {
        Named::Metric(metric) => metric,
        Named::Old(sets) if sets.iter().any(&is_set) => return Ok(Vec::new()),
        Named::Old(_) => return Err(MonitorRefusal::DimensionsWrong.into()),
    };
    if !is_set(&metric.level.dimensions()) {
        return Err(MonitorRefusal::DimensionsWrong.into());
    }
    let spelled = dimensions.iter().map(|(name, _)| name).eq(metric.level.dimensions());
    if !spelled {
        return Err(MonitorRefusal::NotThere.into());
    }
    if metric.quantity() == Quantity::Untold {
        return Ok(Vec::new());
    }
    let value = |name: &str| {
        dimensions
            .iter()
            .find(|(own, _)| *own == name)
            .map_or("", |(_, value)| value)
    };
    let instance = cloud.instance(call.region, value("instanceid"));
    let instance = instance.map_err(|_| MonitorRefusal::NotThere)?;
    let target = match metric.level {
        Level::Proxy => proxy(cloud, instance, value("pnodeid"))?,
        Level::Node => node(cloud, instance, value("rnodeid"))?,
        _ => Target::Whole,
    };
    let idle = Workload::default();
    let workload = instance.workload.as_deref().unwrap_or(&idle);
    let command = Some(value("command")).filter(|_| metric.level == Level::Command);
    let scene = Scene::of(instance, workload, command).filter(|_| is_watched(instance));
    Ok(scene.map_or_else(Vec::new, |scene| points(&scene, metric, target, grid, call.now)))
}

/// Documented: the editions of Redis and Valkey are watched every five seconds, and CKV is not.
fn is_watched(instance: &Instance) -> bool {
    matches!(instance.edition.engine, Engine::Redis | Engine::Valkey)
}

fn proxy(cloud: &Cloud, instance: &Instance, id: &str) -> Result<Target, Refusal> {
    let all = proxies::proxies(cloud.ids.seed, instance);
    let found = all.iter().any(|own| own.id == id);
    found.then_some(Target::Proxy).ok_or(MonitorRefusal::NotThere.into())
}

fn node(cloud: &Cloud, instance: &Instance, id: &str) -> Result<Target, Refusal> {
    let picture = shards::picture(cloud, instance);
    let told = || picture.all().filter(|_| nodes::are_told(instance));
    let found = told().find(|node| node.id == id).ok_or(MonitorRefusal::NotThere)?;
    let (shard, copy) = (found.shard, picture.copy(&found));
    Ok(Target::Node { shard, copy })
}
