//! Paying for instances: renewals, and the billing mode.

use crate::actions::{check_count, price, text};
use crate::cloud::money::charge;
use crate::cloud::money::charge::Renewal;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Billing, Call, Cloud, Refusal};
use crate::contract::{input, output};

/// The documented most of `InstanceIds`.
const MOST_IDS: usize = 20;

/// Some months more. Rules: `cloud/money/charge.rs`.
pub(crate) fn renew_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::RenewInstance,
) -> Result<output::RenewInstance, Refusal> {
    let renewal = Renewal {
        instance_id: input.instance_id,
        months: input.period,
        pay_mode: text(input.modify_pay_mode),
    };
    let deal_id = charge::renew(cloud, call, &renewal)?;
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
    let renewal = Renewal {
        instance_id: input.instance_id,
        months: input.period,
        pay_mode: None,
    };
    let quoted = charge::quote_renewal(cloud, call, &renewal)?;
    Ok(price!(InquiryPriceRenewInstance, quoted))
}

/// Turns instances into the other billing mode; those that cannot be turned are listed.
pub(crate) fn modify_instance_charge_type(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceChargeType,
) -> Result<output::ModifyInstanceChargeType, Refusal> {
    check_count("InstanceIds", input.instance_ids.len(), 1..=MOST_IDS)?;
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
