//! From the name of an instance to its end.

use super::{bad_value, int, price, text};
use crate::cloud::instance::modify;
use crate::cloud::life::recycle;
use crate::cloud::money::charge;
use crate::cloud::money::charge::Renewal;
use crate::cloud::{Billing, Call, Cloud, Modification, Refusal};
use crate::contract::{input, output};

/// The documented most of `InstanceIds` in ModifyInstance.
const MODIFY_MOST: usize = 10;
/// The documented most of `InstanceIds` in ModifyInstanceChargeType.
const CHARGE_MOST: usize = 20;

/// Sets one thing on each of the instances, or on none. Rules: `cloud/modify.rs`.
pub(crate) fn modify_instance(
    cloud: &mut Cloud,
    call: &Call,
    mut input: input::ModifyInstance,
) -> Result<output::ModifyInstance, Refusal> {
    // The members of the older form, for one instance.
    input.instance_ids.extend(text(input.instance_id));
    input.instance_names.extend(input.instance_name);
    input.auto_renews.extend(input.auto_renew);
    let ids = input.instance_ids;
    some("InstanceIds", ids.len(), MODIFY_MOST)?;
    let values = match input.operation.as_str() {
        "rename" => each("InstanceNames", input.instance_names, &ids, Modification::Name)?,
        "modifyAutoRenew" => each("AutoRenews", input.auto_renews, &ids, Modification::AutoRenew)?,
        "modifyDeleteProtectionSwitch" => {
            let switches = input.delete_protection_switches;
            each(
                "DeleteProtectionSwitches",
                switches,
                &ids,
                Modification::DeleteProtection,
            )?
        }
        "modifyProject" => {
            let project = input.project_id;
            let project = project.ok_or_else(|| bad_value("ProjectId", "modifyProject needs it".into()))?;
            ids.iter().map(|_| Modification::Project(project)).collect()
        }
        other => {
            let known = "rename, modifyProject, modifyAutoRenew, modifyDeleteProtectionSwitch";
            return Err(bad_value("Operation", format!("{other} is none of {known}")));
        }
    };
    let all: Vec<_> = ids.into_iter().zip(values).collect();
    modify::modify(cloud, call, &all)?;
    Ok(output::ModifyInstance {})
}

fn some(parameter: &'static str, given: usize, most: usize) -> Result<(), Refusal> {
    if (1..=most).contains(&given) {
        return Ok(());
    }
    Err(bad_value(
        parameter,
        format!("it names {given} instances, 1 to {most} can be named"),
    ))
}

/// One value for each instance.
fn each<T>(
    parameter: &'static str,
    values: Vec<T>,
    ids: &[String],
    what: fn(T) -> Modification,
) -> Result<Vec<Modification>, Refusal> {
    if values.len() != ids.len() {
        let (has, wants) = (values.len(), ids.len());
        return Err(bad_value(
            parameter,
            format!("it holds {has} values for {wants} instances"),
        ));
    }
    Ok(values.into_iter().map(what).collect())
}

/// Returns a postpaid instance. Rules: `cloud/lifecycle.rs`.
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

/// Out of the recycle bin, into use. There is a task, though its number is not told.
pub(crate) fn startup_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::StartupInstance,
) -> Result<output::StartupInstance, Refusal> {
    let task_id = int(recycle::start_up(cloud, call, &input.instance_id)?.0);
    let told = !cloud.settings.assumed.startup_has_no_task_id;
    Ok(output::StartupInstance {
        task_id: told.then_some(task_id),
    })
}

/// Some months more. Rules: `cloud/charge.rs`.
pub(crate) fn renew_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::RenewInstance,
) -> Result<output::RenewInstance, Refusal> {
    let asked = Renewal {
        instance_id: input.instance_id,
        months: input.period,
        pay_mode: text(input.modify_pay_mode),
    };
    let deal_id = charge::renew(cloud, call, &asked)?;
    Ok(output::RenewInstance {
        deal_id: deal_id.clone().into(),
        deal_name: deal_id.into(),
    })
}

/// What so many months more would cost.
pub(crate) fn inquiry_price_renew_instance(
    cloud: &Cloud,
    call: &Call,
    input: input::InquiryPriceRenewInstance,
) -> Result<output::InquiryPriceRenewInstance, Refusal> {
    let asked = Renewal {
        instance_id: input.instance_id,
        months: input.period,
        pay_mode: None,
    };
    let quoted = charge::quote_renewal(cloud, call, &asked)?;
    Ok(price!(InquiryPriceRenewInstance, quoted))
}

/// Turns instances into the other billing mode; those that cannot be turned are listed.
pub(crate) fn modify_instance_charge_type(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceChargeType,
) -> Result<output::ModifyInstanceChargeType, Refusal> {
    some("InstanceIds", input.instance_ids.len(), CHARGE_MOST)?;
    let to = match input.instance_charge_type.as_str() {
        "" => {
            return Err(Refusal::Empty {
                parameter: "InstanceChargeType",
            });
        }
        word if word.eq_ignore_ascii_case("PREPAID") => Billing::Prepaid,
        word if word.eq_ignore_ascii_case("POSTPAID") => Billing::Postpaid,
        other => {
            let why = format!("{other} is neither PREPAID nor POSTPAID");
            return Err(bad_value("InstanceChargeType", why));
        }
    };
    let months = match (to, input.period) {
        (Billing::Prepaid, None) => return Err(bad_value("Period", "PREPAID needs it".into())),
        (_, months) => months.unwrap_or(0),
    };
    let failed = charge::change_charge_type(cloud, call, &input.instance_ids, to, months)?;
    let row = |(id, why): (String, String)| output::FailedInstance {
        instance_id: id.into(),
        message: why.into(),
    };
    Ok(output::ModifyInstanceChargeType {
        failed_instance_ids: failed.into_iter().map(row).collect(),
    })
}
