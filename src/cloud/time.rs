//! The cloud's time: milliseconds, shown as China local time.
//!
//! Documents and samples print `2018-11-01 21:12:05` without a zone; the numbers fit UTC+8, so that is what is shown.
//! Nothing here reads a clock: every "now" arrives as an argument.

use std::ops::Range;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// In milliseconds.
pub const SECOND: Millis = 1_000;
/// In milliseconds.
pub const MINUTE: Millis = 60 * SECOND;
/// In milliseconds.
pub const HOUR: Millis = 60 * MINUTE;
/// In milliseconds.
pub const DAY: Millis = 24 * HOUR;

/// What the API shows in place of a moment that has not come: `CloseTime` of a running instance, `DeadlineTime` of a
/// postpaid one.
pub const ZERO_DATE: &str = "0000-00-00 00:00:00";

/// China local time is ahead of UTC by this.
const ZONE_SHIFT: Millis = 8 * HOUR;

/// The latest moment that is shown; beyond it a year would need five digits. So it is the last deadline there is.
pub const LAST: Millis = 253_402_300_799_000 - ZONE_SHIFT;
/// The last moment there is: no clock gets beyond it, and nothing is due later.
pub const END: Millis = LAST + SECOND - 1;
/// The earliest: year 1.
const FIRST: Millis = -62_135_596_800_000;

/// A moment as the API writes it: `YYYY-MM-DD hh:mm:ss`, UTC+8. Moments outside years 1–9999 are clamped.
pub fn show(at: Millis) -> String {
    let local = at.clamp(FIRST, LAST) + ZONE_SHIFT;
    let (year, month, day) = civil(local.div_euclid(DAY));
    let second = local.rem_euclid(DAY) / SECOND;
    // By digits, because an answer shows several moments and `format!` is slow at it.
    let mut shown = *b"0000-00-00 00:00:00";
    let mut put = |places: Range<usize>, mut number: i64| {
        for place in shown[places].iter_mut().rev() {
            *place = b'0' + (number % 10) as u8;
            number /= 10;
        }
    };
    put(0..4, year);
    put(5..7, month);
    put(8..10, day);
    put(11..13, second / 3600);
    put(14..16, second / 60 % 60);
    put(17..19, second % 60);
    shown.iter().copied().map(char::from).collect()
}

/// The same with its milliseconds: `YYYY-MM-DD hh:mm:ss.mmm`.
pub fn show_millis(at: Millis) -> String {
    format!("{}.{:03}", show(at), at.rem_euclid(SECOND))
}

/// A moment as the API writes it where it means UTC: `YYYY-MM-DDThh:mm:ssZ`.
pub fn show_utc(at: Millis) -> String {
    format!("{}Z", show(at.saturating_sub(ZONE_SHIFT)).replace(' ', "T"))
}

/// The day of a moment as digits, `YYYYMMDD`, UTC+8: the head of an order's number.
pub fn show_day(at: Millis) -> String {
    show_date(at).replace('-', "")
}

/// The day of a moment as `YYYY-MM-DD`, UTC+8.
pub fn show_date(at: Millis) -> String {
    let mut shown = show(at);
    shown.truncate(10);
    shown
}

/// Reads `YYYY-MM-DD` as the midnight with which that day begins, UTC+8.
pub fn read_date(text: &str) -> Option<Millis> {
    read(&format!("{text} 00:00:00"))
}

/// The midnight with which the day of a moment begins, UTC+8.
pub fn midnight(at: Millis) -> Millis {
    (at + ZONE_SHIFT).div_euclid(DAY) * DAY - ZONE_SHIFT
}

/// Writes a minute of the day as `hh:mm`.
pub fn show_minutes(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// Reads a time of day, `hh:mm`, into minutes.
pub fn read_minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str, max: u16| {
        let two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|&number: &u16| two && number <= max)
    };
    Some(digits(hours, 23)? * 60 + digits(minutes, 59)?)
}

/// As [`read`], for a value that a caller gives: `Err` says what is wrong with it.
pub fn read_given(text: &str) -> Result<Millis, String> {
    read(text).ok_or_else(|| format!("{text} is not a time of the form 2021-12-30 00:00:00"))
}

/// A moment as Cloud Monitor writes it: `YYYY-MM-DDThh:mm:ss+08:00`.
pub fn show_iso(at: Millis) -> String {
    show(at).replace(' ', "T") + "+08:00"
}

/// Reads a moment as clients of Cloud Monitor write it: RFC 3339 with its offset, or local time, `YYYY-MM-DD hh:mm:ss`
/// or with a `T` between. Parts of a second are cut off. `None` for anything else.
pub fn read_iso(text: &str) -> Option<Millis> {
    let (local, rest) = text.split_at_checked(19)?;
    let between = local.as_bytes()[10];
    let at = read(&local.replacen('T', " ", usize::from(between == b'T')))?;
    let rest = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let cut = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            (cut.len() < fraction.len()).then_some(cut)?
        }
    };
    match rest {
        "" => Some(at),
        _ if between != b'T' => None,
        "Z" => Some(at + ZONE_SHIFT),
        _ => Some(at + ZONE_SHIFT - offset(rest)?),
    }
}

/// By how much `+08:00` is ahead of UTC.
fn offset(text: &str) -> Option<Millis> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let digits = |text: &str, most: i64| {
        let two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number: &i64| two && *number <= most)
    };
    let ahead = digits(hours, 23)? * HOUR + digits(minutes, 59)? * MINUTE;
    match text.as_bytes()[0] {
        b'+' => Some(ahead),
        b'-' => Some(-ahead),
        _ => None,
    }
}

/// The beginning of the period that a moment falls into, where periods of that length begin at local midnight.
pub fn begin_of(at: Millis, period: Millis) -> Millis {
    at - (at + ZONE_SHIFT).rem_euclid(period)
}

/// Reads `YYYY-MM-DD hh:mm:ss` as UTC+8. `None` for anything else, also for a 30th of February.
pub fn read(text: &str) -> Option<Millis> {
    let bytes = text.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if bytes.len() != 19 || separators.iter().any(|&(at, byte)| bytes[at] != byte) {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            digits.parse().ok()
        } else {
            None
        }
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if year < 1 || hour > 23 || minute > 59 || second > 59 || !(1..=12).contains(&month) {
        return None;
    }
    if day < 1 || day > days_in(year, month) {
        return None;
    }
    let at = days(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND - ZONE_SHIFT;
    Some(at)
}

/// The same local day and time so many months later (earlier, if negative); the last day of the month where that one is
/// shorter.
pub fn add_months(at: Millis, months: i64) -> Millis {
    let local = Local::of(at);
    local.in_month(local.month.saturating_add(months.clamp(-MONTHS_MAX, MONTHS_MAX)))
}

/// As [`add_months`], for a deadline; `None` if it would lie beyond the last one that there is.
pub fn deadline_after(at: Millis, months: u64) -> Option<Millis> {
    let months = i64::try_from(months).ok().filter(|months| *months <= MONTHS_MAX)?;
    Some(add_months(at, months)).filter(|end| *end <= LAST)
}

/// So much later, but not beyond the end of the calendar.
pub fn after(at: Millis, by: Millis) -> Millis {
    at.saturating_add(by).min(END)
}

/// What ends then has begun by then, though the clock was set back before its beginning meanwhile.
pub(crate) fn begun_by(began_at: &mut Millis, ended_at: Millis) {
    *began_at = (*began_at).min(ended_at);
}

/// How many whole months lie between two moments, counted back from the later, and what is left before them: a part of
/// the month that would come next, in milliseconds, and the length of that month, which is never 0.
///
/// A month that was bought on the 31st may end on a 28th, as one does that was bought on the 28th. Whoever bought on
/// any of these days has the whole month, so the days between count as one moment.
pub fn months_between(from: Millis, until: Millis) -> (i64, Millis, Millis) {
    let end = Local::of(until);
    let apart = (end.month - Local::of(from).month).max(0);
    let whole = if latest_start(end, apart) >= from {
        apart
    } else {
        (apart - 1).max(0)
    };
    let (start, earlier) = (end.in_month(end.month - whole), latest_start(end, whole + 1));
    (whole, start.saturating_sub(from).max(0), start - earlier)
}

/// The latest moment from which so many months, in one step or in several, lead to that end.
fn latest_start(end: Local, months: i64) -> Millis {
    let start = end.month - months;
    // A later day of the month leads there by way of a month that has just so many days as the end's.
    let longest = (0..months.min(LEAP_YEARS_APART))
        .any(|back| days_of(end.month - back) == end.day)
        .then(|| days_of(start));
    let day = longest.map_or(end.day, |longest| longest.max(end.day));
    Local { day, ..end }.in_month(start)
}

/// So many months apart two leap days are at most; among as many in a row is a month of every length.
const LEAP_YEARS_APART: i64 = 8 * 12;
/// As many months as there are between the first moment and the last, and more.
const MONTHS_MAX: i64 = 120_000;

/// A moment as the calendar has it.
#[derive(Clone, Copy)]
struct Local {
    /// Months since the year 0.
    month: i64,
    day: i64,
    of_day: Millis,
}

impl Local {
    fn of(at: Millis) -> Local {
        let local = at.clamp(FIRST, LAST) + ZONE_SHIFT;
        let (year, month, day) = civil(local.div_euclid(DAY));
        Local {
            month: year * 12 + month - 1,
            day,
            of_day: local.rem_euclid(DAY),
        }
    }

    /// The same day and time of that month, the last day where the month is shorter.
    fn in_month(self, month: i64) -> Millis {
        let day = self.day.min(days_of(month));
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        days(year, month, day) * DAY + self.of_day - ZONE_SHIFT
    }
}

/// The days of a month that is counted from the year 0.
fn days_of(month: i64) -> i64 {
    days_in(month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// The number of the local day of that moment, counted from 1970.
pub fn day_of(at: Millis) -> i64 {
    at.saturating_add(ZONE_SHIFT).div_euclid(DAY)
}

/// When the local day of that number begins.
pub fn day_begins(day: i64) -> Millis {
    day.saturating_mul(DAY).saturating_sub(ZONE_SHIFT)
}

/// The next moment, strictly after `at`, whose local time of day is that minute of the day.
pub fn next_minute_of_day(at: Millis, minute: i64) -> Millis {
    let today = midnight(at) + minute * MINUTE;
    let next = if today > at { today } else { today + DAY };
    next.min(END)
}

/// Days since 1970-01-01 of a proleptic Gregorian date. Years are counted from March, so that the leap day ends one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The year, month and day of a day counted from 1970-01-01: the inverse of [`days`].
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_china_time() {
        assert_eq!(show(0), "1970-01-01 08:00:00");
        assert_eq!(show(1_541_077_925_000), "2018-11-01 21:12:05");
        assert_eq!(show_day(1_541_077_925_000), "20181101");
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for at in [0, 1_541_077_925_000, 951_782_400_000, 4_102_444_799_000, -1_000] {
            assert_eq!(read(&show(at)), Some(at));
        }
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in [
            "",
            "2018-11-01",
            "2018-13-01 00:00:00",
            "2019-02-29 00:00:00",
            "2018-11-01T00:00:00",
            ZERO_DATE,
            "２０１８-1",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_read_with_its_offset_or_as_local_time() {
        let at = read("2019-03-24 10:51:23");
        for text in [
            "2019-03-24T10:51:23+08:00",
            "2019-03-24T02:51:23Z",
            "2019-03-24T02:51:23.999+00:00",
            "2019-03-23T22:21:23-04:30",
            "2019-03-24 10:51:23",
            "2019-03-24 10:51:23.5",
            "2019-03-24T10:51:23",
        ] {
            assert_eq!(read_iso(text), at, "{text}");
        }
        for text in [
            "",
            "2019-03-24",
            "2019-03-24 10:51:23+08:00",
            "2019-03-24T10:51:23 +08:00",
            "2019-03-24T10:51:23+8:00",
            "2019-03-24T10:51:23+24:00",
            "2019-03-24T10:51:23.Z",
            "2019-03-24t10:51:23Z",
            "2019-02-30T10:51:23Z",
            "1553395883",
            "２０１９-03-24T10:51",
        ] {
            assert_eq!(read_iso(text), None, "{text}");
        }
        assert_eq!(show_iso(at.unwrap()), "2019-03-24T10:51:23+08:00");
    }

    #[test]
    fn periods_begin_at_local_midnight() {
        let begin = |period| show(begin_of(read("2019-03-24 10:51:23").unwrap(), period));
        assert_eq!(begin(5 * SECOND), "2019-03-24 10:51:20");
        assert_eq!(begin(5 * MINUTE), "2019-03-24 10:50:00");
        assert_eq!(begin(HOUR), "2019-03-24 10:00:00");
        assert_eq!(begin(DAY), "2019-03-24 00:00:00");
    }

    #[test]
    fn months_end_where_their_days_end() {
        let january = read("2024-01-31 10:00:00").unwrap();
        assert_eq!(show(add_months(january, 1)), "2024-02-29 10:00:00");
        assert_eq!(show(add_months(january, 13)), "2025-02-28 10:00:00");
        assert_eq!(show(add_months(january, 36)), "2027-01-31 10:00:00");
    }

    #[test]
    fn months_are_counted_back_from_the_end() {
        let at = |text: &str| read(text).unwrap();
        let (end, half) = (at("2027-02-28 10:00:00"), at("2027-01-14 10:00:00"));
        // Whoever bought two months on one of the last days of December has them until then.
        for day in 28..=31 {
            let start = at(&format!("2026-12-{day} 10:00:00"));
            assert_eq!(months_between(start, end), (2, 0, 28 * DAY), "{day}");
        }
        assert_eq!(months_between(half, end), (1, 14 * DAY, 28 * DAY));
        assert_eq!(months_between(end, end), (0, 0, 28 * DAY));
        assert_eq!((months_between(end, half).0, months_between(end, half).1), (0, 0));
    }

    #[test]
    fn the_next_window_is_never_now() {
        let three = read("2024-01-31 03:00:00").unwrap();
        assert_eq!(show(next_minute_of_day(three, 180)), "2024-02-01 03:00:00");
        assert_eq!(next_minute_of_day(three - 1, 180), three);
    }

    #[test]
    fn far_moments_are_clamped() {
        assert_eq!(show(i64::MAX), "9999-12-31 23:59:59");
        assert_eq!(show(i64::MIN), "0001-01-01 08:00:00");
    }
}
