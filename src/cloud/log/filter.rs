//! Conditions on the rows of the audit log.

use std::ops::RangeInclusive;

use crate::cloud::log::record::{Compare, Field, LogFilter};
use crate::cloud::refusal::Refusal;
use crate::cloud::time::{self, Millis, SECOND};

impl LogFilter {
    /// The condition that is asked for.
    pub fn new(field: &str, compare: &str, values: Vec<String>) -> Result<LogFilter, Refusal> {
        let bad = |why: String| Refusal::BadFilter { why };
        let found = Field::from_name(field).ok_or_else(|| bad(format!("no row has a `{field}`")))?;
        let compare = Compare::from_word(compare)
            .ok_or_else(|| bad(format!("`{compare}` is none of INC, EXC, EQS, NEQ and RA")))?;
        if values.is_empty() {
            return Err(bad(format!("`{field}` is compared with nothing")));
        }
        let filter = LogFilter {
            field: found,
            compare,
            values,
        };
        filter.check().map_err(bad)?;
        Ok(filter)
    }

    /// What is wrong with its values.
    fn check(&self) -> Result<(), String> {
        let is_moment = self.field == Field::Timestamp;
        for value in &self.values {
            let fits = match self.compare {
                Compare::InRange if is_moment => moments(value).is_some(),
                Compare::InRange if self.field.is_number() => numbers(value).is_some(),
                Compare::InRange => return Err(format!("`{}` is no number and has no ranges", self.field)),
                Compare::Equals | Compare::Differs if is_moment => moment(value).is_some(),
                Compare::Equals | Compare::Differs if self.field.is_number() => value.parse::<u64>().is_ok(),
                _ => true,
            };
            if !fits {
                return Err(format!(
                    "`{value}` is nothing that `{}` is compared with by {}",
                    self.field,
                    self.compare.word()
                ));
            }
        }
        Ok(())
    }

    /// Whether a text fits, of a field that is no moment.
    pub fn fits_text(&self, own: &str) -> bool {
        let mut values = self.values.iter();
        match self.compare {
            Compare::Includes => values.any(|value| own.contains(value.as_str())),
            Compare::Excludes => values.all(|value| !own.contains(value.as_str())),
            Compare::Equals => values.any(|value| own == value),
            Compare::Differs => values.all(|value| own != value),
            Compare::InRange => {
                let number = own.parse::<u64>().ok();
                number.is_some_and(|own| values.any(|value| numbers(value).is_some_and(|range| range.contains(&own))))
            }
        }
    }

    /// Whether a moment fits.
    pub fn fits_moment(&self, at: Millis) -> bool {
        let within = |span: Option<RangeInclusive<Millis>>| span.is_some_and(|span| span.contains(&at));
        let mut values = self.values.iter();
        match self.compare {
            Compare::Equals => values.any(|value| within(moment(value))),
            Compare::Differs => values.all(|value| !within(moment(value))),
            Compare::InRange => values.any(|value| within(moments(value))),
            Compare::Includes | Compare::Excludes => self.fits_text(&time::show_millis(at)),
        }
    }
}

/// `1-100`
fn numbers(text: &str) -> Option<RangeInclusive<u64>> {
    let (least, most) = text.split_once('-')?;
    let (least, most) = (least.trim().parse().ok()?, most.trim().parse().ok()?);
    (least <= most).then_some(least..=most)
}

/// A moment with its milliseconds, or a whole second.
fn moment(text: &str) -> Option<RangeInclusive<Millis>> {
    let (second, fraction) = text.split_at_checked(WHOLE)?;
    let second = time::read(second)?;
    if fraction.is_empty() {
        return Some(second..=second + SECOND - 1);
    }
    let digits = fraction.strip_prefix('.').filter(|digits| digits.len() == 3)?;
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    let at = second + digits.parse::<Millis>().ok().filter(|_| all)?;
    Some(at..=at)
}

/// Two moments with a hyphen between: a date holds hyphens itself.
fn moments(text: &str) -> Option<RangeInclusive<Millis>> {
    let first = if text.as_bytes().get(WHOLE) == Some(&b'.') {
        WHOLE + 4
    } else {
        WHOLE
    };
    let (from, rest) = text.split_at_checked(first)?;
    let (from, until) = (moment(from)?, moment(rest.strip_prefix('-')?)?);
    (from.start() <= until.end()).then_some(*from.start()..=*until.end())
}

/// As many characters as a moment has up to its seconds.
const WHOLE: usize = 19;

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(field: &str, compare: &str, values: &[&str]) -> Result<LogFilter, Refusal> {
        LogFilter::new(field, compare, values.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn several_values_are_one_of_or_none_of() {
        let fits = |compare, own| {
            let filter = filter("CommandDetail", compare, &["get", "hset"]);
            filter.expect("it can be").fits_text(own)
        };
        assert!(fits("INC", "get k") && fits("INC", "mget") && !fits("INC", "set k"));
        assert!(!fits("EXC", "hset k") && fits("EXC", "del k"));
        assert!(fits("EQS", "hset") && !fits("EQS", "hset k"));
        assert!(!fits("NEQ", "get") && fits("NEQ", "get k"));
        let between = filter("CommandLatency", "RA", &["1-2", "5-5"]).expect("it can be");
        let found: Vec<_> = (0..7).filter(|ms| between.fits_text(&ms.to_string())).collect();
        assert_eq!(found, [1, 2, 5]);
    }

    #[test]
    fn a_moment_is_a_second_or_a_part_of_one() {
        let at = time::read("2026-11-25 10:00:00").expect("it is one") + 250;
        for (compare, value, fits) in [
            ("EQS", "2026-11-25 10:00:00", true),
            ("EQS", "2026-11-25 10:00:00.250", true),
            ("EQS", "2026-11-25 10:00:00.251", false),
            ("NEQ", "2026-11-25 10:00:00", false),
            ("NEQ", "2026-11-25 10:00:00.249", true),
            ("INC", "10:00:00.25", true),
            ("EXC", "2026-11-26", true),
            ("RA", "2026-11-25 10:00:00-2026-11-25 10:00:00", true),
            ("RA", "2026-11-25 10:00:00.251-2026-11-25 10:00:01", false),
            ("RA", "2026-11-25 09:00:00-2026-11-25 10:00:00.249", false),
        ] {
            let filter = filter("Timestamp", compare, &[value]).expect("it can be");
            assert_eq!(filter.fits_moment(at), fits, "{compare} {value}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        for (field, compare, value) in [
            ("Operation", "INC", "a"),
            ("timestamp", "INC", "a"),
            ("CommandDetail", "LIKE", "a"),
            ("CommandDetail", "inc", "a"),
            ("CommandDetail", "RA", "1-2"),
            ("CommandLatency", "RA", "5"),
            ("CommandLatency", "RA", "5-1"),
            ("CommandLatency", "RA", "-1-1"),
            ("CommandLatency", "EQS", "fast"),
            ("DBId", "EQS", ""),
            ("Timestamp", "EQS", "2026-11-25"),
            ("Timestamp", "EQS", "2026-11-25 10:00:00.5"),
            ("Timestamp", "RA", "2026-11-25 10:00:00"),
            ("Timestamp", "RA", "2026-11-25 10:00:01-2026-11-25 10:00:00"),
        ] {
            assert!(filter(field, compare, &[value]).is_err(), "{field} {compare} {value}");
        }
        assert!(filter("CommandDetail", "INC", &[]).is_err());
    }
}
