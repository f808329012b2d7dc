//! The Redis accounts of an instance.

use crate::actions::{count, cut, int, text, texts};
use crate::cloud::access::account::{self, AccountRequest};
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, RedisAccount, Refusal, time};
use crate::contract::{input, output};

/// Most accounts of one answer.
const LIMIT_MAX: usize = 100;

/// Makes an account.
pub(crate) fn create_instance_account(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateInstanceAccount,
) -> Result<output::CreateInstanceAccount, Refusal> {
    if input.readonly_policy.is_empty() {
        return Err(bad_value("ReadonlyPolicy", "it is empty".into()));
    }
    let asked = AccountRequest {
        name: &input.account_name,
        password: Some(&input.account_password),
        encrypted: input.encrypt_password.unwrap_or(false),
        route: &input.readonly_policy,
        privilege: Some(&input.privilege),
        remark: input.remark.as_deref(),
        no_auth: None,
    };
    let done = account::create(cloud, call, &input.instance_id, &asked)?;
    Ok(output::CreateInstanceAccount { task_id: int(done.0) })
}

/// Changes an account.
pub(crate) fn modify_instance_account(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceAccount,
) -> Result<output::ModifyInstanceAccount, Refusal> {
    let (password, privilege) = (text(input.account_password), text(input.privilege));
    let asked = AccountRequest {
        name: &input.account_name,
        password: password.as_deref(),
        encrypted: input.encrypt_password.unwrap_or(false),
        route: &input.readonly_policy,
        privilege: privilege.as_deref(),
        remark: input.remark.as_deref(),
        no_auth: input.no_auth,
    };
    let done = account::modify(cloud, call, &input.instance_id, &asked)?;
    Ok(output::ModifyInstanceAccount { task_id: int(done.0) })
}

/// Deletes an account.
pub(crate) fn delete_instance_account(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteInstanceAccount,
) -> Result<output::DeleteInstanceAccount, Refusal> {
    let done = account::delete(cloud, call, &input.instance_id, &input.account_name)?;
    Ok(output::DeleteInstanceAccount { task_id: int(done.0) })
}

/// The accounts of an instance, `root` first, without their passwords.
pub(crate) fn describe_instance_account(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceAccount,
) -> Result<output::DescribeInstanceAccount, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    account::edition_fault(instance.edition)?;
    let limit: usize = count("Limit", input.limit)?;
    if limit == 0 {
        return Err(bad_value("Limit", "0 is less than 1".into()));
    }
    let offset: usize = count("Offset", input.offset)?;
    let all = instance.all_accounts();
    let total = int(all.len() as u64);
    let show = |of: RedisAccount| output::Account {
        instance_id: instance.id.to_string().into(),
        status: if account::is_changing(cloud, instance, &of.name) {
            1
        } else {
            2
        },
        privilege: of.privilege.word().into(),
        readonly_policy: texts(of.route.words().to_vec()),
        create_time: of.created_at.map(time::show).unwrap_or_default().into(),
        password_last_modified_time: of.password_changed_at.map(time::show).unwrap_or_default().into(),
        account_name: of.name.into(),
        remark: of.remark.into(),
    };
    let page = cut(all, (offset, limit.min(LIMIT_MAX)));
    Ok(output::DescribeInstanceAccount {
        accounts: page.map(show).collect(),
        total_count: total,
    })
}
