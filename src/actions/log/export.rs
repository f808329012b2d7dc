//! Exports of the audit log.

use super::{filters, page};
use crate::actions::{cut, int};
use crate::auth::links;
use crate::cloud::log::audit::check_type;
use crate::cloud::log::export::{self, LINK_GOOD_FOR, NewExport};
use crate::cloud::log::record::ExportState;
use crate::cloud::{Call, Cloud, ExportFile, Refusal, time};
use crate::contract::{Text, input, output};

/// How far an export is that is being made, or has failed: half way is our own figure.
const HALF_WAY: i64 = 50;
const DONE: i64 = 100;

/// Exports what an audit log has recorded.
pub(crate) fn create_export_task(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateExportTask,
) -> Result<output::CreateExportTask, Refusal> {
    cloud.instance(call.region, &input.instance_id)?;
    let new = NewExport {
        log_type: input.log_type,
        start: input.start_time,
        end: input.end_time,
        filters: filters(input.log_filter)?,
        columns: input.column_filter,
    };
    let name = export::create(cloud, call, &input.instance_id, new)?;
    Ok(output::CreateExportTask { file_name: name.into() })
}

/// Lists exports, newest first.
pub(crate) fn describe_export_tasks(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeExportTasks,
) -> Result<output::DescribeExportTasks, Refusal> {
    let found = export::list(cloud, call, &input.instance_id)?;
    check_type(&input.log_type)?;
    let page = page(Some(input.offset), Some(input.limit))?;
    let total_count = int(found.len() as u64);
    let show = |file: &ExportFile| show(cloud, call, &input.instance_id, file);
    Ok(output::DescribeExportTasks {
        total_count,
        items: cut(found, page).map(show).collect(),
    })
}

/// Deletes an export.
pub(crate) fn delete_export_task(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteExportTask,
) -> Result<output::DeleteExportTask, Refusal> {
    cloud.instance(call.region, &input.instance_id)?;
    check_type(&input.log_type)?;
    export::delete(cloud, call, &input.instance_id, &input.file_name)?;
    Ok(output::DeleteExportTask {})
}

fn show(cloud: &Cloud, call: &Call, instance_id: &str, file: &ExportFile) -> output::ExportFile {
    let none = Text::default;
    let (status, progress, ended, size, message) = match &file.state {
        ExportState::Creating => ("creating", HALF_WAY, None, 0, none()),
        ExportState::Done { at, bytes } => ("success", DONE, Some(*at), int(*bytes), none()),
        ExportState::Failed { at, message } => ("failed", HALF_WAY, Some(*at), 0, message.clone().into()),
    };
    let url = || {
        let path = format!("/_crs/exports/{}/{instance_id}/{}", cloud.account.app_id, file.name);
        links::link(&call.links, &path, time::after(call.now, LINK_GOOD_FOR))
    };
    let is_made = matches!(file.state, ExportState::Done { .. });
    output::ExportFile {
        file_name: Some(file.name.clone().into()),
        status: Some(status.into()),
        file_size: Some(size),
        create_time: Some(time::show(file.created_at).into()),
        download_url: Some(if is_made { url().into() } else { none() }),
        err_msg: Some(message),
        progress: Some(progress),
        finish_time: Some(ended.map_or_else(none, |at| time::show(at).into())),
        async_request_id: Some(int(file.request_id)),
    }
}
