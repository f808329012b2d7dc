//! Who reads and who writes.

use crate::actions::int;
use crate::cloud::topology::readonly;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Lets replicas serve reads.
pub(crate) fn enable_replica_readonly(
    cloud: &mut Cloud,
    call: &Call,
    input: input::EnableReplicaReadonly,
) -> Result<output::EnableReplicaReadonly, Refusal> {
    let task_id = readonly::enable_replicas(cloud, call, &input.instance_id, &input.readonly_policy)?;
    Ok(output::EnableReplicaReadonly {
        status: "OK".into(),
        task_id: int(task_id.0),
    })
}

/// Lets masters alone serve reads.
pub(crate) fn disable_replica_readonly(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DisableReplicaReadonly,
) -> Result<output::DisableReplicaReadonly, Refusal> {
    let task_id = readonly::disable_replicas(cloud, call, &input.instance_id)?;
    Ok(output::DisableReplicaReadonly {
        task_id: int(task_id.0),
    })
}

/// Lets an instance take no writes, or take them.
pub(crate) fn modify_instance_read_only(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceReadOnly,
) -> Result<output::ModifyInstanceReadOnly, Refusal> {
    let task_id = readonly::limit_writes(cloud, call, &input.instance_id, &input.input_mode)?;
    Ok(output::ModifyInstanceReadOnly {
        task_id: int(task_id.0),
    })
}
