//! What becomes of the data of an instance.

use crate::actions::int;
use crate::cloud::backup::restore;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Puts the data of a backup in the place of the instance's.
pub(crate) fn restore_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::RestoreInstance,
) -> Result<output::RestoreInstance, Refusal> {
    let backup = (input.instance_id.as_str(), input.backup_id.as_str());
    let task_id = restore::restore(cloud, call, backup, input.password.as_deref())?;
    Ok(output::RestoreInstance {
        task_id: int(task_id.0),
    })
}

/// Takes all data out of an instance.
pub(crate) fn clear_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ClearInstance,
) -> Result<output::ClearInstance, Refusal> {
    let given = (input.password.as_deref(), input.encrypt_password.unwrap_or(false));
    let task_id = restore::clear(cloud, call, &input.instance_id, given)?;
    Ok(output::ClearInstance {
        task_id: int(task_id.0),
    })
}
