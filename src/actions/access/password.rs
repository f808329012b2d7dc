//! Passwords.

use crate::actions::{int, text};
use crate::cloud::access::password;
use crate::cloud::access::password::NewPassword;
use crate::cloud::{Call, Cloud, Refusal};
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
