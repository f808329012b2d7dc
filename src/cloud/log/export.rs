//! Exports of the audit log: files with its rows, which this server serves.

use std::fmt::Write as _;

use crate::cloud::ids::InstanceId;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::{Flow, Payload};
use crate::cloud::life::table::FlowKind;
use crate::cloud::log::audit;
use crate::cloud::log::record::{ExportFile, ExportState, Field, LogFilter};
use crate::cloud::log::trail::Trail;
use crate::cloud::log::{archive, query};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{self, DAY, HOUR, Millis, SECOND};

/// So many rows are in a file at most: our own figure.
const ROWS_MOST: usize = 10_000;
/// So long a link to a file is good: our own figure.
pub const LINK_GOOD_FOR: Millis = 12 * HOUR;

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct NewExport {
    pub log_type: String,
    pub start: String,
    pub end: String,
    pub filters: Vec<LogFilter>,
    pub columns: Vec<String>,
}

/// Begins an export. Gives the name of its file.
pub fn create(cloud: &mut Cloud, call: &Call, id: &str, new: NewExport) -> Result<String, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    audit::check_type(&new.log_type)?;
    let span = query::span(&new.start, &new.end, None)?;
    let audit = audit::open_log(instance)?.clone();
    flow::can_begin(cloud, call, instance, FlowKind::Export)?;
    let id = instance.id.clone();
    let mut file = ExportFile {
        name: String::new(),
        request_id: 0,
        start_at: span.start,
        end_at: span.end - SECOND,
        filters: new.filters,
        columns: new.columns,
        created_at: call.now,
        audit,
        state: ExportState::Creating,
    };
    trail(cloud.ids.seed, instance, &file)?;
    file.name = free_name(instance, &file);
    let name = file.name.clone();
    let change = Change::now(FlowKind::Export, Payload::Export(name.clone()));
    file.request_id = flow::begin(cloud, call, &id, None, change).0;
    cloud.instances.update(&id, |instance| {
        instance.change_logs(|logs| {
            logs.exports.retain(|file| !is_gone(file, call.now));
            logs.exports.push(file);
        });
    });
    Ok(name)
}

/// A name that no other file of the instance has: it tells the span and the millisecond.
pub fn free_name(instance: &Instance, file: &ExportFile) -> String {
    let digits = |at: Millis| time::show(at).replace(['-', ':'], "").replace(' ', "-");
    let (from, to) = (digits(file.start_at), digits(file.end_at));
    let named = |at: Millis| format!("{}_{from}_to_{to}_{at}.tar.gz", instance.id);
    let is_free = |name: &String| instance.exports().iter().all(|other| other.name != *name);
    (file.created_at..).map(named).find(is_free).unwrap_or_default()
}

/// Whether a file is no longer kept: as long as the log's own rows, which is our reading. One that is being made is.
fn is_gone(file: &ExportFile, now: Millis) -> bool {
    let days = Millis::try_from(file.audit.expire_days).unwrap_or(0);
    file.state != ExportState::Creating && now >= file.created_at + days * DAY
}

/// The exports of an instance, newest first.
pub fn list<'a>(cloud: &'a Cloud, call: &Call, id: &str) -> Result<Vec<&'a ExportFile>, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let kept = instance.exports().iter().filter(|file| !is_gone(file, call.now));
    Ok(kept.rev().collect())
}

/// Deletes an export, made or being made.
pub fn delete(cloud: &mut Cloud, call: &Call, id: &str, name: &str) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let id = instance.id.clone();
    let Some(at) = instance
        .exports()
        .iter()
        .position(|file| file.name == name && !is_gone(file, call.now))
    else {
        return Err(Refusal::NoSuchFile { name: name.to_owned() });
    };
    let is_of_it = |flow: &&Flow| matches!(&flow.payload, Payload::Export(of) if of == name);
    let flow = cloud.flows.of(&id).find(is_of_it).map(|flow| flow.id);
    if let Some(flow) = flow {
        cloud.flows.remove(flow);
    }
    cloud.instances.update(&id, |instance| {
        instance.change_logs(|logs| drop(logs.exports.remove(at)));
    });
    Ok(())
}

/// The end of an export.
pub fn arrive(cloud: &mut Cloud, id: &InstanceId, name: &str, at: Millis) {
    let seed = cloud.ids.seed;
    let found = cloud.instances.get(id).and_then(|instance| {
        let file = find(instance, name)?;
        Some(archived(seed, instance, file, at))
    });
    let state = match found {
        None => return,
        Some(Ok(archive)) => ExportState::Done {
            at,
            bytes: archive.len() as u64,
        },
        // It could be made when it was ordered, and its workload is another one now.
        Some(Err(_)) => ExportState::Failed {
            at,
            message: "More executions than can be looked at.".to_owned(),
        },
    };
    set(cloud, id, name, state);
}

/// The failure of an export.
pub fn fail(cloud: &mut Cloud, id: &InstanceId, name: &str, at: Millis, message: &str) {
    let message = message.to_owned();
    set(cloud, id, name, ExportState::Failed { at, message });
}

fn set(cloud: &mut Cloud, id: &InstanceId, name: &str, state: ExportState) {
    cloud.instances.update(id, |instance| {
        instance.change_logs(|logs| {
            if let Some(file) = logs.exports.iter_mut().find(|file| file.name == name) {
                file.state = state;
            }
        });
    });
}

fn find<'a>(instance: &'a Instance, name: &str) -> Option<&'a ExportFile> {
    instance.exports().iter().find(|file| file.name == name)
}

/// How the file in the archive is called.
fn inside(name: &str) -> String {
    name.replace(".tar.gz", ".csv")
}

/// A file that is made and kept, as it is served; `None`: there is none.
pub fn bytes(cloud: &Cloud, id: &str, name: &str, now: Millis) -> Option<Vec<u8>> {
    let instance = cloud.instances.get(id)?;
    let file = find(instance, name).filter(|file| !is_gone(file, now))?;
    let ExportState::Done { at, .. } = file.state else {
        return None;
    };
    archived(cloud.ids.seed, instance, file, at).ok()
}

/// How many bytes the file has that is served.
pub fn size(seed: u64, instance: &Instance, file: &ExportFile) -> u64 {
    archived(seed, instance, file, 0).map_or(0, |archive| archive.len() as u64)
}

/// The rows that are exported.
fn trail<'a>(seed: u64, instance: &'a Instance, file: &ExportFile) -> Result<Trail<'a>, Refusal> {
    let span = file.start_at..file.end_at + SECOND;
    let all = Trail::of(seed, instance, &file.audit, span, file.created_at);
    let trail = file.filters.iter().fold(all, Trail::filtered);
    trail.walked(Field::Timestamp)?;
    Ok(trail)
}

/// The archive, with a line for each row, oldest first, after one with the names of the columns.
fn archived(seed: u64, instance: &Instance, file: &ExportFile, at: Millis) -> Result<Vec<u8>, Refusal> {
    let trail = trail(seed, instance, file)?;
    let columns = columns(&file.columns);
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        for (at, cell) in cells.enumerate() {
            let comma = if at == 0 { "" } else { "," };
            // Writing to a text cannot fail.
            let _ = write!(text, "{comma}{}", quoted(&cell));
        }
        text.push('\n');
    };
    line(&mut columns.iter().map(ToString::to_string));
    for execution in trail.page(Field::Timestamp, false, 0, ROWS_MOST) {
        line(&mut columns.iter().map(|field| trail.text(*field, &execution).into_owned()));
    }
    Ok(archive::tar_gz(&inside(&file.name), &text, at))
}

/// The columns that are asked for: all where nothing is said. A name may stand in any case, and several with commas
/// between; one that no row has adds nothing, for the documents' own sample has such names.
fn columns(asked: &[String]) -> Vec<Field> {
    if asked.is_empty() {
        return Field::ALL.to_vec();
    }
    let mut columns = Vec::new();
    for name in asked.iter().flat_map(|names| names.split(',')) {
        let is_it = |field: &Field| field.to_string().eq_ignore_ascii_case(name.trim());
        if let Some(field) = Field::ALL.into_iter().find(is_it)
            && !columns.contains(&field)
        {
            columns.push(field);
        }
    }
    columns
}

/// As RFC 4180 has it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_in_any_case() {
        let asked = |names: &[&str]| columns(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(asked(&[]), Field::ALL);
        assert_eq!(asked(&["timestamp,operation,user"]), [Field::Timestamp]);
        assert_eq!(
            asked(&["DBID", " username , Timestamp", "dbid"]),
            [Field::DBId, Field::UserName, Field::Timestamp]
        );
        assert_eq!(asked(&["operation"]), []);
    }

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        assert_eq!(quoted("set k 1"), "set k 1");
        assert_eq!(quoted("set k \"a,b\""), "\"set k \"\"a,b\"\"\"");
    }
}
