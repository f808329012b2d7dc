//! What was compared, what differs, and which differences are wanted.

use std::cell::RefCell;
use std::fmt::{Display, Write as _};
use std::rc::Rc;
use std::time::Instant;

use serde_json::Value;

use crate::harness::Answer;

/// How many differences are shown whole.
pub(super) const SHOWN_MAX: usize = 20;
/// How many lines are shown before the first that differs, and from it on.
const LINES_BEFORE: usize = 3;
const LINES_FROM: usize = 9;
const LINE_CHARS_MAX: usize = 300;

/// A wanted difference: a block of `tests/differential/differences`.
#[derive(Debug, Default)]
struct Wanted {
    /// The name of the case.
    case: String,
    reason: String,
    /// A line that only the earlier, and one that only the later build has; any if not given.
    before: Option<String>,
    after: Option<String>,
    met: bool,
}

/// The wanted differences. Each is a block of lines, `case:`, `reason:` and, if they matter, `before:` and `after:`; an
/// empty line ends it, `#` begins a remark, and in all but the reason `*` stands for anything.
pub(super) struct Differences(Vec<Wanted>);

impl Differences {
    pub(super) fn read(text: &str) -> Self {
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let blocks = lines
            .split(|line| line.trim().is_empty())
            .filter(|block| !block.is_empty());
        let wanted = |block: &[&str]| {
            let mut wanted = Wanted::default();
            for line in block {
                let (key, value) = line.split_once(": ").unwrap_or((line, ""));
                match key {
                    "case" => wanted.case = value.to_owned(),
                    "reason" => wanted.reason = value.to_owned(),
                    "before" => wanted.before = Some(value.to_owned()),
                    "after" => wanted.after = Some(value.to_owned()),
                    _ => panic!("`{line}` is no line of a difference: give case, reason, before or after"),
                }
            }
            assert!(
                !wanted.case.is_empty() && !wanted.reason.is_empty(),
                "a difference needs a case and a reason:\n{}",
                block.join("\n")
            );
            wanted
        };
        Self(blocks.map(wanted).collect())
    }

    /// Whether one of them covers these two texts, a line each; those that do are met then.
    fn cover(&mut self, case: &str, [before, after]: [&[String]; 2]) -> bool {
        let has = |wanted: &Option<String>, lines: &[String], others: &[String]| {
            let Some(wanted) = wanted else { return true };
            let times = |line: &String, lines: &[String]| lines.iter().filter(|own| *own == line).count();
            let is_own =
                |line: &String| matches(wanted.trim(), line.trim()) && times(line, lines) > times(line, others);
            lines.iter().any(is_own)
        };
        let covers = |wanted: &&mut Wanted| {
            let is_case = matches(&wanted.case, case);
            is_case && has(&wanted.before, before, after) && has(&wanted.after, after, before)
        };
        let met = self.0.iter_mut().filter(covers).map(|wanted| wanted.met = true);
        met.count() > 0
    }

    /// The cases of those that nothing has met.
    pub(super) fn unmet(&self) -> Vec<&str> {
        self.0
            .iter()
            .filter(|wanted| !wanted.met)
            .map(|wanted| wanted.case.as_str())
            .collect()
    }
}

/// Whether the text is the pattern's, in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| matches(rest, &text[at..]))
        }),
    }
}

/// One side of a comparison, made into text when there is something to show.
pub(super) enum Shown<'a> {
    Answer(&'a Option<Answer>),
    Text(&'a str),
}

impl Shown<'_> {
    /// Its lines. If it is spread, JSON stands a member a line, a message of several lines in its own, and the length
    /// of the body, which follows from it, is left out.
    fn lines(&self, is_spread: bool) -> Vec<String> {
        let (head, body) = match self {
            Self::Answer(None) => return vec!["no answer".to_owned()],
            Self::Answer(Some(answer)) => {
                let headers = answer.headers.iter();
                let headers = headers.filter(|(name, _)| !is_spread || name != "content-length");
                let headers = headers.map(|(name, value)| format!("{name}: {value}"));
                let head: Vec<_> = [answer.status.to_string()].into_iter().chain(headers).collect();
                (head, String::from_utf8_lossy(&answer.body))
            }
            Self::Text(text) => (Vec::new(), (*text).into()),
        };
        let spread = || {
            let json: Value = serde_json::from_str(&body).ok()?;
            Some(format!("{json:#}").replace("\\n", "\n"))
        };
        let body = is_spread.then(spread).flatten().unwrap_or_else(|| body.into_owned());
        head.into_iter().chain(body.lines().map(str::to_owned)).collect()
    }
}

/// What is compared in one part of the run.
pub(super) struct Part {
    name: &'static str,
    begun: Instant,
    differences: Rc<RefCell<Differences>>,
    pub(super) cases: usize,
    compared: usize,
    /// Calls of the API, and those that the earlier build did not refuse.
    pub(super) calls: usize,
    pub(super) accepted: usize,
    /// Requests of any kind that the earlier build did not answer.
    unanswered: usize,
    wanted: usize,
    /// The last case with a wanted difference.
    covered: String,
    /// Differences that nobody wants: how many, and the first of them.
    pub(super) unwanted: usize,
    pub(super) shown: Vec<String>,
}

impl Part {
    pub(super) fn new(name: &'static str, differences: &Rc<RefCell<Differences>>) -> Self {
        Self {
            name,
            begun: Instant::now(),
            differences: Rc::clone(differences),
            cases: 0,
            compared: 0,
            calls: 0,
            accepted: 0,
            unanswered: 0,
            wanted: 0,
            covered: String::new(),
            unwanted: 0,
            shown: Vec::new(),
        }
    }

    /// Counts a request by its answer.
    pub(super) fn count_call(&mut self, answer: Option<&Answer>) {
        let Some(answer) = answer else {
            self.unanswered += 1;
            return;
        };
        if answer.body.starts_with(br#"{"Response":{"#) {
            self.calls += 1;
            self.accepted += usize::from(!answer.body.starts_with(br#"{"Response":{"Error":"#));
        }
    }

    /// Notes two answers to the same, which are equal or not.
    pub(super) fn compare(&mut self, case: &str, sent: &dyn Display, sides: [Shown<'_>; 2], is_equal: bool) {
        self.compared += 1;
        if is_equal {
            return;
        }
        let mut lines = sides.each_ref().map(|side| side.lines(true));
        if lines[0] == lines[1] {
            lines = sides.each_ref().map(|side| side.lines(false));
        }
        let [before, after] = &lines;
        let case = format!("{}: {case}", self.name);
        // What comes later in the same case may follow from it.
        if self.covered == case || self.differences.borrow_mut().cover(&case, [before, after]) {
            self.wanted += 1;
            self.covered = case;
            return;
        }
        self.unwanted += 1;
        if self.shown.len() < SHOWN_MAX {
            let same = before.iter().zip(after).take_while(|(one, two)| one == two).count();
            let from = same.saturating_sub(LINES_BEFORE);
            let mut text = format!("==== {case}\n-- sent\n{sent}\n");
            for (side, lines) in [("before", before), ("after", after)] {
                let _ = writeln!(text, "-- {side}, from line {}", from + 1);
                let shown = lines.iter().enumerate().take(same + LINES_FROM).skip(from);
                for (at, line) in shown {
                    let mark = if at == same { '>' } else { ' ' };
                    let _ = writeln!(text, "{mark} {}", line.chars().take(LINE_CHARS_MAX).collect::<String>());
                }
            }
            self.shown.push(text);
        }
    }

    /// One line for the whole part.
    pub(super) fn line(&self) -> String {
        format!(
            "{:<9}{:6} cases, {:7} compared ({:6} calls, {:6} accepted; {} unanswered), {} differences, {} wanted ones, {} s",
            self.name,
            self.cases,
            self.compared,
            self.calls,
            self.accepted,
            self.unanswered,
            self.unwanted,
            self.wanted,
            self.begun.elapsed().as_secs()
        )
    }
}

#[test]
fn a_wanted_difference_covers_what_it_names_and_is_met() {
    let mut differences = Differences::read(
        "# a remark\ncase: tables: * limit*\nreason: the text is clearer\nbefore: *one*\nafter: \"two\"\n\n\
         case: never\nreason: nothing is called so\n",
    );
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (one, two) = (lines("200\n  \"one\""), lines("200\n  \"two\""));
    assert!(!differences.cover("tables: a row", [&one, &two]));
    assert!(!differences.cover("tables: the limit of one", [&one, &lines("400")]));
    assert!(!differences.cover("tables: the limit of one", [&one, &one]));
    assert_eq!(differences.unmet().len(), 2);
    assert!(differences.cover("tables: the limit of one", [&one, &two]));
    assert_eq!(differences.unmet(), ["never"]);
    let (twice, mixed) = (lines("\"one\"\n\"one\"\n\"two\""), lines("\"one\"\n\"two\"\n\"two\""));
    assert!(differences.cover("tables: the limit of one", [&twice, &mixed]));
    assert!(!differences.cover("tables: the limit of one", [&mixed, &twice]));
}

#[test]
fn what_differs_is_counted_and_shown_from_its_first_line() {
    let differences = Rc::new(RefCell::new(Differences::read("")));
    let mut part = Part::new("texts", &differences);
    let sides = |before, after| [Shown::Text(before), Shown::Text(after)];
    part.compare("alike", &"x", sides("{\"a\":1}", "{\"a\":1}"), true);
    assert_eq!((part.unwanted, part.compared), (0, 1));
    part.compare("a member", &"x", sides("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}"), false);
    part.compare("a blank", &"x", sides("{\"a\":1}", "{\"a\": 1}"), false);
    assert_eq!(part.unwanted, 2);
    assert!(part.shown[0].contains(">   \"b\": 2"), "{}", part.shown[0]);
    assert!(part.shown[1].contains("> {\"a\": 1}"), "{}", part.shown[1]);
}
