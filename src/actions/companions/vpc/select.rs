//! Lists of the network service: chosen by ids or by filters, and cut into pages whose bounds come as text.

use std::ops::RangeInclusive;

use crate::actions::cut;
use crate::cloud::refusal::unknown;
use crate::cloud::{NetworkRefusal, Refusal, Tag};
use crate::contract::input::VpcFilter;

/// The documented length of a page, and the lengths that it may have.
const LIMIT: usize = 20;
const LIMITS: RangeInclusive<usize> = 1..=100;
/// Where a page may begin.
const ANYWHERE: RangeInclusive<usize> = 0..=usize::MAX;
/// The most ids that one call may name.
const IDS_MAX: usize = 100;

/// A filter: its name, and whether one of its values fits.
pub(super) struct Known<T> {
    pub(super) name: &'static str,
    pub(super) fits: fn(&T, &str) -> bool,
}

/// What every list can be filtered by.
pub(super) trait Listed {
    fn id(&self) -> &str;
    fn tags(&self) -> &[Tag];
}

/// Ids or filters, not both.
pub(super) struct Choice<'a, T: 'static> {
    /// What the ids are called, and what each begins with.
    pub(super) ids: (&'static str, &'static str, &'a [String]),
    pub(super) filters: &'a [VpcFilter],
    pub(super) known: &'static [Known<T>],
}

impl<T: Listed> Choice<'_, T> {
    /// Those of `all` that are chosen. An id that names nothing is refused; in a filter it finds nothing.
    pub(super) fn of<'c>(&self, all: impl Iterator<Item = &'c T>) -> Result<Vec<&'c T>, Refusal> {
        let (parameter, prefix, ids) = self.ids;
        if !ids.is_empty() && !self.filters.is_empty() {
            let (one, other) = (parameter, "Filters");
            return Err(NetworkRefusal::Coexist { one, other }.into());
        }
        if ids.len() > IDS_MAX {
            let most = IDS_MAX;
            return Err(NetworkRefusal::TooManyValues { parameter, most }.into());
        }
        check_filters(self.filters, |name| self.known.iter().any(|known| known.name == name))?;
        let mut chosen: Vec<&T> = Vec::new();
        for one in all {
            let named = ids.is_empty() || ids.iter().any(|id| one.id() == id);
            if named && self.filters.iter().all(|filter| self.fits(filter, one)) {
                chosen.push(one);
            }
        }
        match ids.iter().find(|id| !chosen.iter().any(|one| one.id() == *id)) {
            Some(id) => Err(unknown(parameter, id, prefix)),
            None => Ok(chosen),
        }
    }

    fn fits(&self, filter: &VpcFilter, one: &T) -> bool {
        let tags = one.tags();
        let value_fits = |value: &String| {
            if filter.name == "tag-key" {
                return tags.iter().any(|tag| tag.key == *value);
            }
            if let Some(key) = filter.name.strip_prefix("tag:") {
                return tags.iter().any(|tag| tag.key == key && tag.value == *value);
            }
            let known = self.known.iter().find(|known| known.name == filter.name);
            known.is_some_and(|known| (known.fits)(one, value))
        };
        filter.values.iter().any(value_fits)
    }
}

/// Refuses a filter that is not known or has no values.
pub(super) fn check_filters(filters: &[VpcFilter], is_known: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    for VpcFilter { name, values } in filters {
        let of_tags = name == "tag-key" || name.strip_prefix("tag:").is_some_and(|key| !key.is_empty());
        if !of_tags && !is_known(name) {
            return Err(NetworkRefusal::FilterUnknown { name: name.clone() }.into());
        }
        if values.is_empty() {
            let lacks = "`Values`";
            return Err(NetworkRefusal::FilterLacks {
                name: name.clone(),
                lacks,
            }
            .into());
        }
    }
    Ok(())
}

/// Whether a flag is what a filter asks for, which comes as text in any case.
pub(super) fn flag(own: bool, wanted: &str) -> bool {
    let word = if own { "true" } else { "false" };
    wanted.eq_ignore_ascii_case(word)
}

/// A page, by its bounds as they are sent.
pub(super) struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    pub(super) fn read(offset: Option<String>, limit: Option<String>) -> Result<Page, Refusal> {
        Ok(Page {
            offset: number("Offset", offset, 0, ANYWHERE)?,
            limit: number("Limit", limit, LIMIT, LIMITS)?,
        })
    }

    /// A page that goes on from a token. The token is the place of the next.
    pub(super) fn from_token(most: u64, token: Option<String>) -> Result<Page, Refusal> {
        Ok(Page {
            offset: number("NextToken", token, 0, ANYWHERE)?,
            limit: number("MaxResults", Some(most.to_string()), LIMIT, LIMITS)?,
        })
    }

    pub(super) fn cut<'a, T>(&self, all: &'a [T]) -> impl Iterator<Item = &'a T> + use<'a, T> {
        cut(all, (self.offset, self.limit))
    }

    /// Where the next page begins; "" where there is none.
    pub(super) fn next(&self, all: usize) -> String {
        let next = self.offset.saturating_add(self.limit);
        if next < all { next.to_string() } else { String::new() }
    }
}

/// A number that comes as text; an empty one is an absent one.
fn number(
    parameter: &'static str,
    text: Option<String>,
    usual: usize,
    allowed: RangeInclusive<usize>,
) -> Result<usize, Refusal> {
    let Some(value) = crate::actions::text(text) else {
        return Ok(usual);
    };
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok();
    let number = number.filter(|number| digits && allowed.contains(number));
    number.ok_or_else(|| NetworkRefusal::PageOutOfRange { parameter, value }.into())
}
