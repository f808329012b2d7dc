//! Members of groups.

use crate::actions::int;
use crate::cloud::replication::member::{self, Named};
use crate::cloud::{Call, Cloud, FlowKind, Refusal};
use crate::contract::{input, output};

/// The group and the instance that an action names.
macro_rules! named {
    ($input:ident) => {
        Named {
            group_id: $input.group_id,
            instance_id: $input.instance_id,
        }
    };
}

/// Brings an instance into a group.
pub(crate) fn add_replication_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::AddReplicationInstance,
) -> Result<output::AddReplicationInstance, Refusal> {
    let task_id = member::add(cloud, call, &named!(input), &input.instance_role)?;
    Ok(output::AddReplicationInstance {
        task_id: int(task_id.0),
    })
}

/// Takes an instance out of its group.
pub(crate) fn remove_replication_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::RemoveReplicationInstance,
) -> Result<output::RemoveReplicationInstance, Refusal> {
    let task_id = member::remove(cloud, call, &named!(input), FlowKind::LeaveGroup)?;
    Ok(output::RemoveReplicationInstance {
        task_id: int(task_id.0),
    })
}

/// The same by its older name, whose number is documented as one with a fraction.
pub(crate) fn delete_replication_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteReplicationInstance,
) -> Result<output::DeleteReplicationInstance, Refusal> {
    let task_id = member::remove(cloud, call, &named!(input), FlowKind::DeleteFromGroup)?;
    Ok(output::DeleteReplicationInstance {
        task_id: task_id.0 as f64,
    })
}

/// Lets a member write in the place of the one that does.
pub(crate) fn change_master_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ChangeMasterInstance,
) -> Result<output::ChangeMasterInstance, Refusal> {
    let task_id = member::change_master(cloud, call, &named!(input))?;
    Ok(output::ChangeMasterInstance {
        task_id: int(task_id.0),
    })
}

/// Gives a member another role.
pub(crate) fn change_instance_role(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ChangeInstanceRole,
) -> Result<output::ChangeInstanceRole, Refusal> {
    let task_id = member::change_role(cloud, call, &named!(input), &input.instance_role)?;
    Ok(output::ChangeInstanceRole {
        task_id: int(task_id.0),
    })
}
