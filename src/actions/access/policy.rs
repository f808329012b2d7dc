//! What an instance asks of new passwords.

use crate::cloud::access::policy;
use crate::cloud::{Call, Cloud, PasswordPolicy, Refusal};
use crate::contract::{input, output};

/// The policy of an order. What it leaves out is the least that can be asked for.
pub(crate) fn of_order(policy: input::PasswordPolicy) -> PasswordPolicy {
    let usual = PasswordPolicy::USUAL;
    PasswordPolicy {
        enabled: policy.enabled,
        letters: policy.min_letter_count.unwrap_or(usual.letters),
        digits: policy.min_digit_count.unwrap_or(usual.digits),
        symbols: policy.min_special_count.unwrap_or(usual.symbols),
        length: policy.min_length.unwrap_or(usual.length),
    }
}

/// Sets the policy of an instance. Terraform's provider sends 0 for what its configuration leaves out: where the policy
/// is enabled, that is not given; else it is answered as it came.
pub(crate) fn modify_instance_password_policy(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstancePasswordPolicy,
) -> Result<output::ModifyInstancePasswordPolicy, Refusal> {
    let sent = input.password_policy;
    let given = |number: Option<i64>| number.filter(|number| *number != 0 || !sent.enabled);
    let asked = of_order(input::PasswordPolicy {
        enabled: sent.enabled,
        min_letter_count: given(sent.min_letter_count),
        min_digit_count: given(sent.min_digit_count),
        min_special_count: given(sent.min_special_count),
        min_length: given(sent.min_length),
    });
    policy::modify_policy(cloud, call, &input.instance_id, asked)?;
    Ok(output::ModifyInstancePasswordPolicy {})
}

/// The policy of an instance.
pub(crate) fn describe_instance_password_policy(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstancePasswordPolicy,
) -> Result<output::DescribeInstancePasswordPolicy, Refusal> {
    let policy = cloud.instance(call.region, &input.instance_id)?.password_policy();
    Ok(output::DescribeInstancePasswordPolicy {
        password_policy: output::PasswordPolicy {
            enabled: policy.enabled,
            min_letter_count: policy.letters,
            min_digit_count: policy.digits,
            min_special_count: policy.symbols,
            min_length: policy.length,
        },
    })
}
