//! What the rules of several rooms share: lists of them, and who is held against them.

use crate::cloud::refusal::Refusal;

/// Whom a rule holds: an order, the question for its price, or both.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scope {
    /// The order alone: its price is asked for without what the rule looks at.
    Order,
    /// The order and its price.
    Both,
}

/// Holds a plan against each rule of a list that holds who asks: an order keeps them all, a price those for both. The
/// first that is broken is the answer.
pub(crate) fn check<Plan, Rule>(rules: &[(Scope, Rule)], plan: &Plan, asks: Scope) -> Result<(), Refusal>
where
    Rule: Fn(&Plan) -> Result<(), Refusal>,
{
    let holds = |scope: &Scope| asks == Scope::Order || *scope == Scope::Both;
    rules
        .iter()
        .filter(|(scope, _)| holds(scope))
        .try_for_each(|(_, rule)| rule(plan))
}

/// A number that is not among those sold; none is where what is sold is not known.
pub(crate) fn not_sold(parameter: &'static str, value: u64, sold: Option<&[u64]>) -> Refusal {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    Refusal::SpecNotSold {
        parameter,
        value,
        sold: sold.unwrap_or_default().to_vec(),
    }
}

/// A text that says something: an empty one is as if it were absent.
pub(crate) fn text(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}
