//! Commands, what they take, and from where they come.

use crate::actions::int;
use crate::actions::monitor::{is_there, seconds, show_ladder};
use crate::cloud::monitor::{commands, window};
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// How often each command was executed.
pub(crate) fn describe_instance_monitor_top_n_cmd(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorTopNCmd,
) -> Result<output::DescribeInstanceMonitorTopNCmd, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let window = window::window(input.span_type, call.now)?;
    let shown = commands::counts(instance, &window).into_iter();
    let shown = shown.map(|(word, count)| output::SourceCommand {
        cmd: word.to_owned().into(),
        count: int(count),
    });
    Ok(output::DescribeInstanceMonitorTopNCmd { data: shown.collect() })
}

/// What the executions of each command took together, in milliseconds.
pub(crate) fn describe_instance_monitor_top_n_cmd_took(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorTopNCmdTook,
) -> Result<output::DescribeInstanceMonitorTopNCmdTook, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let window = window::window(input.span_type, call.now)?;
    let shown = commands::takes_ms(instance, &window).into_iter();
    let shown = shown.map(|(word, ms)| output::CommandTake {
        cmd: word.to_owned().into(),
        took: int(ms),
    });
    Ok(output::DescribeInstanceMonitorTopNCmdTook { data: shown.collect() })
}

/// How many executions took how long.
pub(crate) fn describe_instance_monitor_took_dist(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorTookDist,
) -> Result<output::DescribeInstanceMonitorTookDist, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let window = window::window_on(input.span_type, window::day(&input.date)?, call.now)?;
    let rungs = commands::took(instance, &window);
    Ok(output::DescribeInstanceMonitorTookDist {
        data: show_ladder(&rungs, |_| seconds(window.end)),
    })
}

/// Who is connected, and how many commands each of them sent in the last minute.
pub(crate) fn describe_instance_monitor_sip(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorSIP,
) -> Result<output::DescribeInstanceMonitorSIP, Refusal> {
    is_there(cloud)?;
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let shown = commands::sources(instance, &window::last_minute(call.now)).into_iter();
    let shown = shown.map(|(client, commands)| output::SourceInfo {
        ip: client.ip.clone().into(),
        conn: int(client.connections),
        cmd: int(commands),
    });
    Ok(output::DescribeInstanceMonitorSIP { data: shown.collect() })
}
