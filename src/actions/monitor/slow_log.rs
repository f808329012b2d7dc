//! The slow logs of Redis, of its proxies and of Tendis.

use crate::actions::{cut, int, strict_page, text};
use crate::cloud::monitor::slow_log::{Log, Place, SlowQuery, SlowRow, SlowRows, slow_log};
use crate::cloud::topology::{nodes, proxies, shards};
use crate::cloud::{Call, Cloud, Refusal, time};
use crate::contract::{Text, input, output};

/// Rows of a page: the usual number, and those that may be asked for.
const LIMIT: i64 = 20;
const LIMIT_MOST: i64 = 100;

/// What is asked of any of the logs, and which rows of what is found.
struct Asked {
    query: SlowQuery,
    limit: Option<i64>,
    offset: Option<i64>,
}

/// Takes an input apart that asks for a log of that kind.
macro_rules! asked {
    ($input:expr, $log:ident, $role:expr) => {
        Asked {
            query: SlowQuery {
                log: Log::$log,
                instance_id: $input.instance_id,
                begin: $input.begin_time,
                end: $input.end_time,
                least_ms: $input.min_query_time,
                role: $role,
            },
            limit: $input.limit,
            offset: $input.offset,
        }
    };
}

/// How many rows there are, and the page that is asked for.
fn page<'a>(cloud: &'a Cloud, call: &Call, asked: &Asked) -> Result<(i64, Vec<Row<'a>>), Refusal> {
    let SlowRows { total, rows } = slow_log(cloud, call, &asked.query)?;
    let page = strict_page(asked.offset, asked.limit, LIMIT, LIMIT_MOST)?;
    let instance = cloud.instance(call.region, &asked.query.instance_id)?;
    let (proxies, picture) = (
        proxies::proxies(cloud.ids.seed, instance),
        shards::picture(cloud, instance),
    );
    let node = |place| match place {
        Place::Proxy(number) => proxies.get(number as usize).map(|proxy| proxy.id.clone()),
        Place::Node { .. } if !nodes::are_told(instance) => None,
        Place::Node { shard, copy } => {
            let mut of_shard = picture.of_shard(shard);
            of_shard.find(|node| picture.copy(node) == copy).map(|node| node.id)
        }
    };
    let rows = cut(rows, page).map(|row| Row {
        node: node(row.place).unwrap_or_default(),
        row,
    });
    Ok((int(total), rows.collect()))
}

/// A row of a page, and the id of the node that it is of.
struct Row<'a> {
    row: SlowRow<'a>,
    node: String,
}

impl Row<'_> {
    fn client(&self) -> Text {
        self.row.client.clone().unwrap_or_default().into()
    }

    fn command(&self) -> Text {
        self.row.execution.row.run.cmd.clone().into()
    }

    fn line(&self) -> Text {
        self.row.execution.line().into()
    }

    fn at(&self) -> Text {
        time::show(self.row.execution.at).into()
    }

    fn node(&self) -> Text {
        self.node.clone().into()
    }
}

/// What Redis logged. Two members hold the same: one is called withdrawn, and clients still read it.
pub(crate) fn describe_slow_log(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeSlowLog,
) -> Result<output::DescribeSlowLog, Refusal> {
    let asked = asked!(input, Kernel, text(input.role));
    let show = |row: &Row<'_>| output::InstanceSlowlogDetail {
        duration: int(row.row.ms),
        client: row.client(),
        command: row.command(),
        command_line: row.line(),
        execute_time: row.at(),
        node: row.node(),
    };
    let (total_count, rows) = page(cloud, call, &asked)?;
    Ok(output::DescribeSlowLog {
        total_count,
        instance_slowlog_detail: rows.iter().map(show).collect(),
        instance_slow_log_detail: rows.iter().map(show).collect(),
    })
}

/// What the proxies logged.
pub(crate) fn describe_proxy_slow_log(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeProxySlowLog,
) -> Result<output::DescribeProxySlowLog, Refusal> {
    let asked = asked!(input, Proxy, None);
    let show = |row: &Row<'_>| output::InstanceProxySlowlogDetail {
        duration: int(row.row.ms),
        client: row.client(),
        command: row.command(),
        command_line: row.line(),
        execute_time: row.at(),
        recv_client_end: 0,
        send_client_end: 0,
        node: row.node(),
    };
    let (total_count, rows) = page(cloud, call, &asked)?;
    Ok(output::DescribeProxySlowLog {
        total_count,
        instance_proxy_slow_log_detail: rows.iter().map(show).collect(),
    })
}

/// What Tendis logged.
pub(crate) fn describe_tendis_slow_log(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeTendisSlowLog,
) -> Result<output::DescribeTendisSlowLog, Refusal> {
    let asked = asked!(input, Tendis, None);
    let show = |row: &Row<'_>| output::TendisSlowLogDetail {
        execute_time: row.at(),
        duration: int(row.row.ms),
        command: row.command(),
        command_line: row.line(),
        node: row.node(),
    };
    let (total_count, rows) = page(cloud, call, &asked)?;
    Ok(output::DescribeTendisSlowLog {
        total_count,
        tendis_slow_log_detail: rows.iter().map(show).collect(),
    })
}
