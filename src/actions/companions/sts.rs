//! The token service: who is calling.

use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Every key pair is one of the main account: an account has no other users here, and a key with a token says not
/// whether a role or a user borrowed it.
pub(crate) fn get_caller_identity(
    cloud: &Cloud,
    _call: &Call,
    _input: input::GetCallerIdentity,
) -> Result<output::GetCallerIdentity, Refusal> {
    let uin = &cloud.account.uin;
    Ok(output::GetCallerIdentity {
        arn: format!("qcs::cam::uin/{uin}:uin/{uin}").into(),
        account_id: uin.clone().into(),
        user_id: uin.clone().into(),
        principal_id: uin.clone().into(),
        r#type: "CAMUser".into(),
    })
}
