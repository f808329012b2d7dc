//! Into the recycle bin, and out of it.

use crate::actions::int;
use crate::cloud::life::recycle;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Returns a postpaid instance. Rules: `cloud/life/recycle.rs`.
pub(crate) fn destroy_postpaid_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DestroyPostpaidInstance,
) -> Result<output::DestroyPostpaidInstance, Refusal> {
    let task_id = int(recycle::destroy_postpaid(cloud, call, &input.instance_id)?.0);
    Ok(output::DestroyPostpaidInstance { task_id })
}

/// Returns a prepaid instance for what it is still worth.
pub(crate) fn destroy_prepaid_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DestroyPrepaidInstance,
) -> Result<output::DestroyPrepaidInstance, Refusal> {
    let deal_id = recycle::destroy_prepaid(cloud, call, &input.instance_id)?;
    Ok(output::DestroyPrepaidInstance {
        deal_id: deal_id.clone().into(),
        deal_name: deal_id.into(),
    })
}

/// Out of the recycle bin, for good.
pub(crate) fn clean_up_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CleanUpInstance,
) -> Result<output::CleanUpInstance, Refusal> {
    let task_id = int(recycle::clean_up(cloud, call, &input.instance_id)?.0);
    Ok(output::CleanUpInstance { task_id })
}

/// Out of the recycle bin, into use. There is a task, though its number may be left out of the answer.
pub(crate) fn startup_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::StartupInstance,
) -> Result<output::StartupInstance, Refusal> {
    let task_id = int(recycle::start_up(cloud, call, &input.instance_id)?.0);
    let shows_task_id = !cloud.settings.assumed.startup_has_no_task_id;
    Ok(output::StartupInstance {
        task_id: shows_task_id.then_some(task_id),
    })
}
