//! Cloud Monitor: what is watched of Redis, and the points of it.

use crate::cloud::monitor::metric::{Metric, NAMESPACE, PERIODS_S};
use crate::cloud::monitor::points::Point;
use crate::cloud::monitor::query;
use crate::cloud::monitor::query::Query;
use crate::cloud::time::{SECOND, show_iso};
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// The bits of `SpecifyStatistics`.
const AVERAGE: i64 = 1;
const MAXIMUM: i64 = 2;
const MINIMUM: i64 = 4;

/// The metrics of Redis. Another namespace has none here, and the filters leave what they leave.
pub(crate) fn describe_base_metrics(
    _cloud: &Cloud,
    _call: &Call,
    input: input::DescribeBaseMetrics,
) -> Result<output::DescribeBaseMetrics, Refusal> {
    let metrics = if input.namespace.eq_ignore_ascii_case(NAMESPACE) {
        Metric::listed()
    } else {
        Vec::new()
    };
    let named = |metric: &Metric| {
        let name = input.metric_name.as_deref().filter(|name| !name.is_empty());
        name.is_none_or(|name| metric.name() == name)
    };
    let of_them = |metric: &Metric| {
        let own = metric.level.dimensions();
        input.dimensions.iter().all(|name| own.contains(&name.as_str()))
    };
    let wanted = metrics.iter().filter(|metric| named(metric) && of_them(metric));
    Ok(output::DescribeBaseMetrics {
        metric_set: wanted.map(show_metric).collect(),
    })
}

/// Names in English are empty in the official example; what the long text in Chinese says is not known, so that is the
/// name.
fn show_metric(metric: &Metric) -> output::MetricSet {
    let dimensions = metric.level.dimensions().iter();
    let periods = PERIODS_S.iter().map(|period_s| output::PeriodsSt {
        period: period_s.to_string().into(),
        stat_type: vec![metric.kind().stat_type(*period_s).into()],
    });
    output::MetricSet {
        namespace: NAMESPACE.into(),
        metric_name: metric.name().into(),
        unit: metric.unit().into(),
        unit_cname: "".into(),
        period: PERIODS_S.map(u64::cast_signed).to_vec(),
        periods: periods.collect(),
        meaning: output::MetricObjectMeaning {
            en: "".into(),
            zh: metric.cname().into(),
        },
        dimensions: vec![output::DimensionsDesc {
            dimensions: dimensions.map(|name| (*name).into()).collect(),
        }],
        metric_c_name: Some(metric.cname().into()),
        metric_e_name: Some("".into()),
    }
}

/// The points of one metric of some instances.
pub(crate) fn get_monitor_data(
    cloud: &Cloud,
    call: &Call,
    input: input::GetMonitorData,
) -> Result<output::GetMonitorData, Refusal> {
    let statistics = input.specify_statistics.unwrap_or(0);
    let pair = |of: &input::Dimension| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        (text(&of.name), text(&of.value))
    };
    let query = Query {
        namespace: input.namespace,
        metric: input.metric_name,
        instances: input
            .instances
            .iter()
            .map(|instance| instance.dimensions.iter().map(pair).collect())
            .collect(),
        period_s: input.period,
        start: input.start_time,
        end: input.end_time,
        statistics,
    };
    let answered = query::data(cloud, call, &query)?;
    let series = input.instances.into_iter().zip(&answered.series);
    Ok(output::GetMonitorData {
        period: answered.grid.period_s,
        metric_name: query.metric.into(),
        data_points: series
            .map(|(instance, points)| show_points(instance, points, statistics))
            .collect(),
        start_time: show_iso(answered.grid.start).into(),
        end_time: show_iso(answered.grid.end).into(),
        msg: "".into(),
    })
}

/// The dimensions are told as they were asked.
fn show_points(instance: input::Instance, points: &[Point], statistics: i64) -> output::DataPoint {
    let figures = |figure: fn(&Point) -> f64| points.iter().map(figure).collect::<Vec<_>>();
    let asked = |bit: i64, figure| (statistics & bit != 0).then(|| figures(figure));
    let dimensions = instance.dimensions.into_iter().map(|of| output::Dimension {
        name: of.name.map(Into::into),
        value: of.value.map(Into::into),
    });
    output::DataPoint {
        dimensions: dimensions.collect(),
        timestamps: figures(|point| (point.at / SECOND) as f64),
        values: figures(|point| point.value),
        max_values: asked(MAXIMUM, |point| point.max),
        min_values: asked(MINIMUM, |point| point.min),
        avg_values: asked(AVERAGE, |point| point.mean),
    }
}
