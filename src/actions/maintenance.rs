//! The maintenance window.

use crate::cloud::{Call, Cloud, Refusal, time};
use crate::contract::{input, output};

/// When maintenance of an instance begins and ends each day, in China's time.
pub(crate) fn describe_maintenance_window(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeMaintenanceWindow,
) -> Result<output::DescribeMaintenanceWindow, Refusal> {
    let (start_minute, end_minute) = cloud.instance(call.region, &input.instance_id)?.maintenance;
    Ok(output::DescribeMaintenanceWindow {
        start_time: time::show_minutes(start_minute).into(),
        end_time: time::show_minutes(end_minute).into(),
    })
}
