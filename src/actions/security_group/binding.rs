//! Groups bound to instances, and taken off.

use crate::actions::check_count;
use crate::actions::security_group::check_product;
use crate::cloud::security_group::binding;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Binds a group to several instances.
pub(crate) fn associate_security_groups(
    cloud: &mut Cloud,
    call: &Call,
    input: input::AssociateSecurityGroups,
) -> Result<output::AssociateSecurityGroups, Refusal> {
    check_product(input.product)?;
    check_count("InstanceIds", input.instance_ids.len(), 1..=usize::MAX)?;
    binding::bind(cloud, call, &input.security_group_id, &input.instance_ids)?;
    Ok(output::AssociateSecurityGroups {})
}

/// Takes a group off several instances.
pub(crate) fn disassociate_security_groups(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DisassociateSecurityGroups,
) -> Result<output::DisassociateSecurityGroups, Refusal> {
    check_product(input.product)?;
    check_count("InstanceIds", input.instance_ids.len(), 1..=usize::MAX)?;
    binding::unbind(cloud, call, &input.security_group_id, &input.instance_ids)?;
    Ok(output::DisassociateSecurityGroups {})
}

/// Replaces the groups of an instance.
pub(crate) fn modify_db_instance_security_groups(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyDBInstanceSecurityGroups,
) -> Result<output::ModifyDBInstanceSecurityGroups, Refusal> {
    check_product(input.product)?;
    binding::rebind(cloud, call, &input.instance_id, &input.security_group_ids)?;
    Ok(output::ModifyDBInstanceSecurityGroups {})
}
