//! What the rules of several rooms share.

use crate::cloud::refusal::Refusal;

/// A number that is not among those sold; none is where what is sold is not known.
pub(crate) fn not_sold(parameter: &'static str, value: u64, sold: Option<&[u64]>) -> Refusal {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    Refusal::SpecNotSold {
        parameter,
        value,
        sold: sold.unwrap_or_default().to_vec(),
    }
}

pub(crate) fn text(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}
