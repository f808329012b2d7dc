//! What Cloud Monitor tells of a workload, by hand-made figures.

use std::sync::Arc;

use super::*;
use crate::cloud::monitor::memory;
use crate::cloud::monitor::query::{self, Query};
use crate::cloud::monitor::record::{Client, Command, Event, MB, Pace as Often, Run, Workload};
use crate::cloud::time::{DAY, HOUR, MINUTE};
use crate::cloud::topology::{nodes, shards};

const ID: &str = "crs-5qlrlhux";
/// 16:00:00 in China, and no multiple of a day.
const BEGAN: Millis = NOW - NOW % DAY + 8 * HOUR;

/// An instance that was made then, with that much in use.
fn made(type_id: u64, used_mb: u64, workload: Workload) -> Instance {
    let mut made = Instance::new(ID.into(), guangzhou().region, edition::find(type_id).unwrap(), BEGAN);
    made.memory.used = used_mb * MB;
    made.workload = Some(Arc::new(workload));
    made
}

fn cloud_of(instance: Instance) -> Cloud {
    let mut cloud = with(Pace::Held, instance);
    advance::advance(&mut cloud, BEGAN);
    cloud
}

fn growing(mb_per_hour: f64) -> Workload {
    Workload {
        mem_growth_mb_per_hour: mb_per_hour,
        ..Workload::default()
    }
}

fn ask_of(
    cloud: &Cloud,
    metric: &str,
    more: &[(&str, &str)],
    now: Millis,
    period_s: u64,
    ago_s: i64,
) -> Vec<(i64, f64)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let own = [("instanceid", ID)];
    let query = Query {
        namespace: "QCE/REDIS_MEM".into(),
        metric: metric.into(),
        instances: vec![own.iter().chain(more).map(owned).collect()],
        period_s: Some(period_s),
        start: Some(time::show_iso(now - ago_s * SECOND)),
        ..Query::default()
    };
    let call = Call::new(now, guangzhou().region);
    let answered = query::data(cloud, &call, &query).unwrap();
    let points = answered.series[0].iter();
    points.map(|point| ((point.at - BEGAN) / SECOND, point.value)).collect()
}

/// The points of the last minutes, by seconds since the instance was made.
fn ask(cloud: &Cloud, metric: &str, now_s: i64, period_s: u64, ago_s: i64) -> Vec<(i64, f64)> {
    ask_of(cloud, metric, &[], BEGAN + now_s * SECOND, period_s, ago_s)
}

/// The newest point by the minute.
fn last(cloud: &Cloud, metric: &str, now_s: i64) -> f64 {
    ask(cloud, metric, now_s, 60, 0).last().expect("a point").1
}

#[test]
fn memory_grows_until_it_is_full_and_an_upgrade_makes_room_at_once() {
    let mut cloud = cloud_of(made(2, 300, growing(7_200.0)));
    let utils = [0, 60, 361, 362, 1_000].map(|at| last(&cloud, "MemUtil", at));
    assert_eq!(utils, [29.297, 41.016, 99.805, 100.0, 100.0]);
    assert_eq!(last(&cloud, "MemUsed", 60), 420.0);
    let call = |at_s: i64| Call::new(BEGAN + at_s * SECOND, guangzhou().region);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        ..Upgrade::default()
    };
    cloud.upgrade(&call(600), &asked).unwrap();
    assert_eq!(
        last(&cloud, "MemUtil", 610),
        100.0,
        "while the flow runs the old room counts"
    );
    advance::drain(&mut cloud, BEGAN + 620 * SECOND);
    assert_eq!(last(&cloud, "MemUtil", 620), 50.0);
    assert_eq!([1_131, 1_132].map(|at| last(&cloud, "MemUtil", at)), [99.902, 100.0]);
    // A period that is over tells its highest again; of five seconds, its last.
    let by_minute = ask(&cloud, "MemUtil", 660, 60, 60);
    assert_eq!(by_minute, [(600, 100.0), (660, 53.906)]);
    assert_eq!(
        ask(&cloud, "MemUtil", 629, 5, 14),
        [(615, 100.0), (620, 50.488), (625, 50.879)]
    );
    // The past stays as it was.
    assert_eq!(
        ask(&cloud, "MemUtil", 1_000, 60, 1_000)[..3],
        [(0, 41.016), (60, 52.734), (120, 64.453)]
    );
}

#[test]
fn the_rule_on_shrinking_reads_the_same_figure_at_the_same_moment() {
    let mut instance = made(2, 700, growing(3_600.0));
    instance.spec.mem_mb = 4_096;
    let mut cloud = cloud_of(instance);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 1_024,
        ..Upgrade::default()
    };
    let quote = |at_s: i64| cloud.quote_upgrade(&Call::new(BEGAN + at_s * SECOND, guangzhou().region), &asked);
    // 787 MB and 1.3 times that, 1,024: the last second at which it fits.
    assert!(quote(87).is_ok());
    let refusal = Refusal::ShrinksTooFar {
        room_mb: 1_024,
        least_mb: 1_025,
        used_mb: 788,
        place: "",
    };
    assert_eq!(quote(88).unwrap_err(), refusal);
    let call = Call::new(BEGAN + 88 * SECOND, guangzhou().region);
    assert_eq!(cloud.upgrade(&call, &asked).unwrap_err(), refusal);
}

#[test]
fn a_shard_that_holds_more_fills_first_and_keeps_its_room() {
    let skewed = Workload {
        shard_skew: 0.5,
        ..Workload::default()
    };
    let mut instance = made(7, 1_024, skewed.clone());
    instance.spec.shards = 2;
    let cloud = cloud_of(instance.clone());
    assert_eq!(
        (last(&cloud, "MemUtil", 9), last(&cloud, "MemMaxUtil", 9)),
        (50.0, 75.0)
    );
    let by_node = nodes_of(&cloud).map(|node| last_of_node(&cloud, "MemUtilNode", &node.id));
    assert_eq!(
        by_node.collect::<Vec<_>>(),
        [75.0, 25.0, 75.0, 25.0],
        "masters, then replicas"
    );
    // Full, it leaves the rest to the other.
    instance.memory.used = 1_536 * MB;
    let cloud = cloud_of(instance.clone());
    let used = nodes_of(&cloud).map(|node| last_of_node(&cloud, "MemUsedNode", &node.id));
    assert_eq!(used.collect::<Vec<_>>()[..2], [1_024.0, 512.0]);
    // Of 4096 MB in use the fuller shard has 3072: half of the whole would do, half of that shard would not.
    instance.spec.mem_mb = 8_192;
    instance.memory.used = 4_096 * MB;
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 4_096,
        ..Upgrade::default()
    };
    let refused = cloud_of(instance.clone()).quote_upgrade(
        &at(BEGAN),
        &Upgrade {
            mem_mb: 3_072,
            ..asked.clone()
        },
    );
    assert!(refused.is_err());
    assert!(cloud_of(instance).quote_upgrade(&at(BEGAN), &asked).is_ok());
}

fn nodes_of(cloud: &Cloud) -> impl Iterator<Item = nodes::RedisNode> {
    let all: Vec<_> = shards::picture(cloud, &cloud.instances[ID]).all().collect();
    all.into_iter()
}

fn last_of_node(cloud: &Cloud, metric: &str, id: &str) -> f64 {
    let points = ask_of(cloud, metric, &[("rnodeid", id)], BEGAN + 120 * SECOND, 60, 60);
    points[0].1
}

#[test]
fn nodes_are_busy_with_what_their_shards_are_asked() {
    let of = |shard_skew| {
        let workload = Workload {
            reads: 60_000.0,
            writes: 30_000.0,
            shard_skew,
            since: Some(BEGAN),
            ..Workload::default()
        };
        let mut instance = made(7, 1_024, workload);
        instance.spec.shards = 3;
        cloud_of(instance)
    };
    let even = of(0.0);
    assert_eq!(
        (last(&even, "CpuUtil", 90), last(&even, "CpuMaxUtil", 90)),
        (25.0, 37.5)
    );
    let skewed = of(0.5);
    assert_eq!(
        (last(&skewed, "CpuUtil", 90), last(&skewed, "CpuMaxUtil", 90)),
        (25.0, 75.0)
    );
    for metric in ["CommandsNode", "CmdReadNode", "KeysNode", "CmdHitsNode"] {
        let masters = nodes_of(&skewed)
            .take(3)
            .map(|node| last_of_node(&skewed, metric, &node.id));
        let whole = ask(&skewed, metric.trim_end_matches("Node"), 120, 60, 60)[0].1;
        assert_eq!(masters.sum::<f64>().round(), whole.round(), "{metric}");
    }
    let replica = nodes_of(&skewed).last().expect("a replica").id;
    assert_eq!(last_of_node(&skewed, "CmdReadNode", &replica), 0.0);
    assert_eq!(last_of_node(&skewed, "CmdWriteNode", &replica), 5_000.0);
    assert_eq!(last_of_node(&skewed, "ReplDelayNode", &replica), 0.0);
}

/// The commands of the worked example: two rows of `get`, one of `hset`, and now and then `keys` on a replica.
fn commands() -> Workload {
    let row = |cmd: &str, pace, micros, on_replica| Command {
        run: Run {
            cmd: cmd.into(),
            micros,
            on_replica,
            ..Run::default()
        },
        pace,
    };
    Workload {
        since: Some(BEGAN),
        commands: vec![
            row("get", Often::PerMinute(5_990), 250, false),
            row("get", Often::PerMinute(10), 12_000, false),
            row("hset", Often::PerMinute(600), 400, false),
            row("keys", Often::EveryMinutes(10), 240_000, true),
        ],
        clients: [("10.0.0.5", 12), ("10.0.0.6", 3)]
            .map(|(ip, connections)| Client {
                ip: ip.into(),
                connections,
                weight: 1,
            })
            .into(),
        ..Workload::default()
    }
}

#[test]
fn commands_are_rates_and_latencies_and_rows_of_the_slow_log() {
    let cloud = cloud_of(made(7, 100, commands()));
    let hour = |metric: &str| ask(&cloud, metric, 7_200, 3_600, 3_600)[0].1;
    assert_eq!(hour("CmdSlow"), 606.0);
    assert_eq!(
        (hour("Commands"), hour("CmdWrite"), hour("CmdRead")),
        (110.002, 10.0, 100.002)
    );
    assert_eq!(hour("LatencyP99"), 0.4);
    assert_eq!(hour("LatencyMax"), 240.0);
    assert_eq!(
        ask(&cloud, "LatencyMax", 180, 60, 60)[0].1,
        12.0,
        "no `keys` in that minute"
    );
    assert_eq!(hour("LatencyWrite"), 0.4);
    assert_eq!((hour("Connections"), hour("CmdHitsRatio")), (15.0, 100.0));
    let command = |metric: &str, word: &str| {
        let points = ask_of(
            &cloud,
            metric,
            &[("command", word)],
            BEGAN + 7_200 * SECOND,
            3_600,
            3_600,
        );
        points.first().map(|point| point.1)
    };
    assert_eq!(command("QpsCommand", "get"), Some(100.0));
    assert_eq!(command("LatencyMaxCommand", "get"), Some(12.0));
    assert_eq!(command("LatencyP99Command", "get"), Some(0.25));
    assert_eq!(command("LatencyAvgCommand", "keys"), Some(240.0));
    assert_eq!(command("QpsCommand", "ping"), None, "a word without rows");
    // Executions go over the shards in turn; all of them are somewhere.
    let slow = nodes_of(&cloud).map(|node| {
        let points = ask_of(
            &cloud,
            "CmdSlowNode",
            &[("rnodeid", &node.id)],
            BEGAN + 7_200 * SECOND,
            3_600,
            3_600,
        );
        points[0].1
    });
    let slow: Vec<f64> = slow.collect();
    assert_eq!(slow.iter().sum::<f64>(), 606.0, "{slow:?}");
}

#[test]
fn executions_are_those_of_a_walk_through_the_minutes() {
    for pace in [Often::PerMinute(7), Often::PerMinute(70_001), Often::EveryMinutes(3)] {
        let executions = |minute: i64| -> Vec<Millis> {
            match pace {
                Often::PerMinute(times) => {
                    let of = |i: u64| minute * MINUTE + (i * 60_000 / times) as i64;
                    (0..times).map(of).collect()
                }
                Often::EveryMinutes(every) if minute % every as i64 == 0 => vec![minute * MINUTE],
                Often::EveryMinutes(_) => Vec::new(),
            }
        };
        let all: Vec<Millis> = (0..8).flat_map(executions).collect();
        for at in [
            -5, 0, 1, 8_571, 8_572, 59_999, 60_000, 60_001, 180_000, 200_123, 420_000,
        ] {
            let walked = all.iter().filter(|executed| **executed < at).count() as u64;
            assert_eq!(pace.executed_before(0, at), walked, "{pace:?} before {at}");
        }
    }
}

#[test]
fn events_count_where_they_lie() {
    let mut workload = commands();
    workload.events = vec![Event {
        at: BEGAN + 90 * SECOND + 250,
        run: Run {
            cmd: "flushall".into(),
            micros: 812_000,
            proxy_micros: Some(830_000),
            ..Run::default()
        },
        err: Some("NOAUTH".into()),
        ..Event::default()
    }];
    let cloud = cloud_of(made(7, 100, workload));
    let minutes = |metric: &str| {
        ask(&cloud, metric, 200, 60, 180)
            .iter()
            .map(|point| point.1)
            .collect::<Vec<_>>()
    };
    assert_eq!(minutes("CmdErr")[..3], [0.0, 1.0, 0.0]);
    assert_eq!(minutes("CmdSlow")[..3], [11.0, 11.0, 10.0]);
    assert_eq!(minutes("LatencyMax")[..3], [240.0, 830.0, 12.0]);
    assert_eq!(minutes("CmdWrite")[..3], [10.0, 10.017, 10.0]);
}

#[test]
fn a_full_instance_refuses_writes_and_bandwidth_and_connections_have_limits() {
    let workload = Workload {
        reads: 1_000.0,
        writes: 200.0,
        bytes_out: 1_048_576.0,
        connections: Some(25_000),
        since: Some(BEGAN),
        errors: 1.0,
        hit_ratio: 0.75,
        ..growing(3_600.0)
    };
    let cloud = cloud_of(made(2, 1_000, workload));
    // Full after 24 seconds.
    let minute = |metric: &str| ask(&cloud, metric, 120, 60, 120)[0].1;
    assert_eq!(minute("CmdErr"), 60.0 + 36.0 * 200.0);
    assert_eq!(minute("Evicted"), 0.0, "nothing is removed by the default policy");
    assert_eq!(
        (minute("OutFlow"), minute("OutBandwidthUtil"), minute("OutFlowLimit")),
        (16.0, 100.0, 60.0)
    );
    assert_eq!((minute("InFlow"), minute("InFlowLimit")), (0.146, 0.0));
    assert_eq!((minute("Connections"), minute("ConnectionsUtil")), (10_000.0, 100.0));
    assert_eq!(
        (minute("CmdHits"), minute("CmdMiss"), minute("CmdHitsRatio")),
        (45_000.0, 15_000.0, 75.0)
    );
    assert_eq!(
        (minute("LatencyAvg"), minute("LatencyP99"), minute("LatencyMax")),
        (0.2, 0.4, 1.0)
    );
    assert_eq!(minute("Keys"), 1_024.0 * 1_024.0);
}

#[test]
fn there_are_no_points_before_it_was_made_nor_after_it_was_isolated_nor_to_come() {
    let mut cloud = cloud_of(made(2, 300, Workload::default()));
    let times = |cloud: &Cloud, now_s: i64, ago_s: i64| -> Vec<i64> {
        ask(cloud, "MemUtil", now_s, 60, ago_s)
            .iter()
            .map(|point| point.0)
            .collect()
    };
    assert_eq!(times(&cloud, 125, 600), [0, 60, 120]);
    assert_eq!(ask(&cloud, "CmdHitsRatio", 125, 60, 600), [], "nothing is read");
    cloud
        .instances
        .update(ID, |instance| instance.isolate(BEGAN + 70 * SECOND));
    assert_eq!(times(&cloud, 600, 600), [0, 60]);
    let cloud = cloud_of(made(2, 300, Workload::default()));
    let day = DAY / SECOND;
    let hours = ask(&cloud, "MemUtil", 100 * day, 3_600, 100 * day);
    assert_eq!(
        (hours.len(), hours[0].0),
        (93 * 24 + 1, 7 * day),
        "those of an hour are kept for 93 days"
    );
}

#[test]
fn what_changed_is_kept_once_and_no_longer_than_points_are() {
    let mut cloud = cloud_of(made(2, 300, Workload::default()));
    let stretches = |cloud: &Cloud| memory::stretches(&cloud.instances[ID]);
    let turn = |cloud: &mut Cloud, mb: u64, at: Millis| {
        cloud.instances.update(ID, |instance| {
            let before = instance.stretch();
            instance.spec.mem_mb = mb;
            memory::turn(instance, &before, at);
        });
    };
    turn(&mut cloud, 1_024, BEGAN + SECOND);
    assert_eq!(stretches(&cloud).len(), 1, "nothing changed");
    turn(&mut cloud, 2_048, BEGAN + SECOND);
    turn(&mut cloud, 4_096, BEGAN + SECOND);
    assert_eq!(stretches(&cloud).len(), 2, "what took no time is not kept");
    turn(&mut cloud, 2_048, BEGAN + 200 * DAY);
    assert_eq!(stretches(&cloud).len(), 2, "the first is older than any point");
    for n in 0..2_000 {
        turn(&mut cloud, 1_024 * (1 + n % 2), BEGAN + 201 * DAY + n as Millis);
    }
    assert_eq!(stretches(&cloud).len(), memory::ENDED_MAX + 1);
    // A clock that was set back goes on from there.
    turn(&mut cloud, 8_192, BEGAN + 200 * DAY);
    assert_eq!(stretches(&cloud).len(), 1);
    let mut idle = with(Pace::Held, instance(ID, 2));
    turn(&mut idle, 2_048, NOW);
    assert_eq!(
        idle.instances[ID].memory,
        Default::default(),
        "of nothing there is no past"
    );
}
