//! Passwords.

use crate::actions::{int, text};
use crate::cloud::access::password;
use crate::cloud::access::password::{Exchange, NewPassword};
use crate::cloud::{Call, Cloud, FlowKind, Refusal};
use crate::contract::{input, output};

/// Sets another password, or lets everybody in without one. Rules: `cloud/access/password.rs`.
pub(crate) fn reset_password(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ResetPassword,
) -> Result<output::ResetPassword, Refusal> {
    let password = text(input.password);
    let new_password = NewPassword {
        text: password.as_deref(),
        no_auth: input.no_auth.unwrap_or(false),
        encrypted: input.encrypt_password.unwrap_or(false),
    };
    let done = password::reset_password(cloud, call, &input.instance_id, &new_password)?;
    Ok(output::ResetPassword { task_id: int(done.0) })
}

/// Sets another password for who knows the old one.
pub(crate) fn modify_instance_password(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstancePassword,
) -> Result<output::ModifyInstancePassword, Refusal> {
    let asked = Exchange {
        old: &input.old_password,
        new: &input.password,
        encrypted: false,
        kind: FlowKind::ModifyPassword,
    };
    let done = password::modify_password(cloud, call, &input.instance_id, &asked)?;
    Ok(output::ModifyInstancePassword { task_id: int(done.0) })
}

/// The same by the misspelled name that the API has kept.
pub(crate) fn modfiy_instance_password(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModfiyInstancePassword,
) -> Result<output::ModfiyInstancePassword, Refusal> {
    let asked = Exchange {
        old: &input.old_password,
        new: &input.password,
        encrypted: input.encrypt_password.unwrap_or(false),
        kind: FlowKind::ModfiyPassword,
    };
    let done = password::modify_password(cloud, call, &input.instance_id, &asked)?;
    Ok(output::ModfiyInstancePassword { task_id: int(done.0) })
}
