//! How much a call may carry: items of a list, bytes of a text. The documents name few of these; the others are ours,
//! by kind, and far above what a caller needs. What a rule of an action allows is less and stands with that rule.

use super::shape::Member;

/// The bounds of a member, and of the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Items of a list.
    pub items: usize,
    /// Bytes of a text.
    pub bytes: usize,
}

/// A list that is only asked with, and a text of any kind.
const USUAL: Bound = Bound {
    items: 1_000,
    bytes: 4_096,
};
/// Bytes of an id.
const ID_BYTES: usize = 128;
/// A CAM policy, with the escapes of a URL; how long it may be without them is a rule of the action.
const POLICY: Bound = Bound { bytes: 65_536, ..USUAL };
/// Items of a list of which every instance of an order gets a copy.
const COPIED: usize = 100;

/// What differs from the usual, by the member's name.
const ROWS: &[(&str, Bound)] = &[
    ("AlarmPolicyList", ids(COPIED)),
    ("SecurityGroupIdList", ids(COPIED)),
    ("SecurityGroupIds", ids(COPIED)),
];

const fn ids(items: usize) -> Bound {
    Bound { items, bytes: ID_BYTES }
}

/// The bounds of a member of an input.
pub fn bound(member: &Member) -> Bound {
    let row = ROWS.iter().find(|(name, _)| *name == member.name);
    let names_ids = member.name.ends_with("Id") || member.name.ends_with("Ids");
    match row {
        Some((_, bound)) => *bound,
        None if member.name == "Policy" => POLICY,
        None if names_ids => ids(USUAL.items),
        None => USUAL,
    }
}

/// What is certainly within every bound is not looked up.
pub(super) fn is_small(len: usize) -> bool {
    len <= 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ACTIONS;
    use crate::contract::shape::{Shape, Type};

    fn lists(shape: &'static Shape, found: &mut Vec<&'static str>) {
        for member in shape.members {
            match member.ty {
                Type::Object(inner) => lists(inner, found),
                Type::List(Type::Object(inner)) => lists(inner, found),
                _ => {}
            }
            if matches!(member.ty, Type::List(_)) {
                found.push(member.name);
            }
        }
    }

    #[test]
    fn every_row_names_a_list_that_is_sent() {
        let mut found = Vec::new();
        for action in &ACTIONS {
            lists(action.input, &mut found);
        }
        for (name, bound) in ROWS {
            assert!(found.contains(name), "{name}");
            assert!(bound.items < USUAL.items && !is_small(bound.items), "{name}");
            assert!(!is_small(bound.bytes), "{name}");
        }
    }
}
