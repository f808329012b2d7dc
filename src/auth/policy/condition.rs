//! Conditions on tags.
//!
//! Documented: operators and keys are joined by «and», the values of one key by «or»; a tag is written `key&value`.
//! `for_any_value:` holds when a tag is among the values, `for_all_value:` when all tags are (documented with a table
//! of cases for object storage). An operator that ends in `_if_exist` also holds where there is no tag at all.
//!
//! Ours by choice: without a qualifier an operator means some tag, a negated one (`_not_`) no tag; `for_all_value:`
//! does not hold for an untagged resource, since there the key is absent.

use super::pattern::Pattern;

/// One operator with one key and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) key: Key,
    pub(super) quantity: Quantity,
    pub(super) negated: bool,
    pub(super) if_exist: bool,
    pub(super) values: Vec<Value>,
}

/// Whose tags are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// `qcs:resource_tag`, and `qcs:tag`, as some products' pages call it: the tags bound to the resource.
    Resource,
    /// `qcs:request_tag`: the tags that the call carries.
    Request,
}

/// How many tags must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    /// No qualifier.
    Plain,
    /// `for_any_value:`
    Any,
    /// `for_all_value:`
    All,
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Exact(Box<str>),
    IgnoreCase(Box<str>),
    Like(Pattern),
}

impl Clause {
    /// The clause that an operator begins, or `None` for one that cannot be held against tags.
    pub(super) fn operator(text: &str) -> Option<(Quantity, Comparison, bool, bool)> {
        let (quantity, rest) = match text.split_once(':') {
            None => (Quantity::Plain, text),
            Some(("for_any_value", rest)) => (Quantity::Any, rest),
            Some(("for_all_value", rest)) => (Quantity::All, rest),
            Some(_) => return None,
        };
        let (rest, if_exist) = rest
            .strip_suffix("_if_exist")
            .map_or((rest, false), |rest| (rest, true));
        let (comparison, negated) = match rest {
            "string_equal" => (Comparison::Exact, false),
            "string_not_equal" => (Comparison::Exact, true),
            "string_equal_ignore_case" => (Comparison::IgnoreCase, false),
            "string_not_equal_ignore_case" => (Comparison::IgnoreCase, true),
            "string_like" => (Comparison::Like, false),
            "string_not_like" => (Comparison::Like, true),
            _ => return None,
        };
        Some((quantity, comparison, negated, if_exist))
    }

    /// Whether the clause holds for tags given as key and value.
    pub(super) fn holds(&self, resource: &[(&str, &str)], request: &[(&str, &str)]) -> bool {
        let tags = match self.key {
            Key::Resource => resource,
            Key::Request => request,
        };
        if tags.is_empty() && self.if_exist {
            return true;
        }
        let listed = |tag: &(&str, &str)| self.values.iter().any(|value| value.matches(tag));
        match self.quantity {
            Quantity::Plain => tags.iter().any(listed) != self.negated,
            Quantity::Any => tags.iter().any(|tag| listed(tag) != self.negated),
            Quantity::All => !tags.is_empty() && tags.iter().all(|tag| listed(tag) != self.negated),
        }
    }
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Exact,
    IgnoreCase,
    Like,
}

impl Comparison {
    pub(super) fn value(self, text: &str) -> Value {
        match self {
            Comparison::Exact => Value::Exact(text.into()),
            Comparison::IgnoreCase => Value::IgnoreCase(text.to_lowercase().into()),
            Comparison::Like => Value::Like(Pattern::new(text)),
        }
    }
}

impl Value {
    fn matches(&self, (key, value): &(&str, &str)) -> bool {
        let tag = format!("{key}&{value}");
        match self {
            Value::Exact(wanted) => **wanted == *tag,
            Value::IgnoreCase(wanted) => **wanted == *tag.to_lowercase(),
            Value::Like(pattern) => pattern.matches(&tag),
        }
    }
}
