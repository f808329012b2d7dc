//! How instances are paid for.

mod charge;

pub(crate) use charge::{inquiry_price_renew_instance, modify_instance_charge_type, renew_instance};
