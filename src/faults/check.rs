//! What is wrong with a rule: a name that there is not, a code that nobody may answer, parts that contradict each
//! other.

use std::ops::RangeInclusive;

use super::matching::{Scope, begins_flows};
use super::rule::{Fault, When};
use crate::contract::shape::Shape;
use crate::contract::{ACTIONS, Action, ErrorCode};
use crate::quote::quoted;

/// The key of a rule that is wrong, as `Then.Code`, or "" for the rule as a whole; and what is wrong, with what would
/// be right.
pub(crate) type WrongKey = (&'static str, String);

/// The longest message of a rule, in characters.
pub(super) const MESSAGE_MOST_CHARS: usize = 1_024;
/// The longest body of a rule, in characters.
const BODY_MOST_CHARS: usize = 65_536;
/// The longest of the other texts of a rule.
const TEXT_MOST_CHARS: usize = 256;
/// The statuses of HTTP that an answer may have.
pub(crate) const STATUSES: RangeInclusive<u64> = 200..=599;
/// Those of them whose answers have no body.
const BODILESS: [u64; 3] = [204, 205, 304];

/// What the texts of a rule stand for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    pub(super) scope: Scope,
    pub(super) code: Option<ErrorCode>,
}

/// All that is found wrong with a rule.
struct Findings(Vec<WrongKey>);

impl Findings {
    fn note(&mut self, key: &'static str, message: impl Into<String>) {
        self.0.push((key, message.into()));
    }

    /// Notes it if it is so, and if nothing is noted of the key yet.
    fn note_if(&mut self, is_so: bool, key: &'static str, message: &str) {
        if is_so && self.holds(key) {
            self.note(key, message);
        }
    }

    fn holds(&self, key: &str) -> bool {
        self.0.iter().all(|(of, _)| *of != key)
    }
}

impl Fault {
    /// What its texts stand for: a rule says only what the real action can say. `Err` holds all that is wrong with it.
    pub(crate) fn check(&self) -> Result<Checked, Vec<WrongKey>> {
        let mut wrong = Findings(self.long_texts());
        let actions = self.actions(&mut wrong);
        let scope = self.scope(actions.first().copied());
        self.check_params(&actions, &mut wrong);
        self.check_choice(&mut wrong);
        let code = self.code(&actions, &mut wrong);
        self.check_answer(&mut wrong);
        self.check_flow(&actions, &mut wrong);
        self.check_counts(&mut wrong);
        if wrong.0.is_empty() {
            Ok(Checked { scope, code })
        } else {
            Err(wrong.0)
        }
    }

    /// The actions whose calls it may strike.
    fn actions(&self, wrong: &mut Findings) -> Vec<&'static Action> {
        let (name, family) = (self.matches.action.as_deref(), self.matches.family.as_deref());
        let named = |action: &&Action| name.is_none_or(|name| action.name == name);
        let of_family = |action: &&Action| family.is_none_or(|family| action.family == family);
        if let Some(name) = name
            && !ACTIONS.iter().any(|action| named(&action))
            && wrong.holds("Match.Action")
        {
            let message = format!("`{}` is no action; `crs-local actions` lists them", quoted(name));
            wrong.note("Match.Action", message);
        }
        if let Some(family) = family
            && !ACTIONS.iter().any(|action| of_family(&action))
            && wrong.holds("Match.Family")
        {
            let message = format!(
                "`{}` is no family; give one of {}",
                quoted(family),
                families().join(", ")
            );
            wrong.note("Match.Family", message);
        }
        let found: Vec<_> = ACTIONS.iter().filter(named).filter(of_family).collect();
        if let (Some(name), true, true, true) = (
            name,
            found.is_empty(),
            wrong.holds("Match.Action"),
            wrong.holds("Match.Family"),
        ) {
            let own = ACTIONS.iter().find(named).map_or("", |action| action.family);
            let message = format!("{name} is of the family `{own}`; give that, or leave it out");
            wrong.note("Match.Family", message);
        }
        found
    }

    fn scope(&self, first: Option<&'static Action>) -> Scope {
        match (first, &self.matches.action, &self.matches.family) {
            (Some(action), Some(_), _) => Scope::Action(action.name),
            (Some(action), None, Some(_)) => Scope::Family(action.family),
            _ => Scope::Any,
        }
    }

    /// A member that a named action does not take is a slip.
    fn check_params(&self, actions: &[&'static Action], wrong: &mut Findings) {
        let Some(params) = self.matches.params.as_deref().and_then(serde_json::Value::as_object) else {
            return;
        };
        if self.matches.action.is_none() || actions.is_empty() {
            return;
        }
        let takes = |name: &str| actions.iter().any(|action| member(action.input, name));
        if let Some(stray) = params.keys().find(|name| !takes(name)) {
            let action = actions[0];
            let known: Vec<_> = action.input.members.iter().map(|member| member.name).collect();
            let message = format!(
                "{} takes no `{}`; it takes {}",
                action.name,
                quoted(stray),
                none_or(&known)
            );
            wrong.note("Match.Params", message);
        }
    }

    /// Which of the calls that reach it are struck is said in one way.
    fn check_choice(&self, wrong: &mut Findings) {
        let wanted = &self.matches;
        let ways = [
            ("Match.Nth", wanted.nth.is_some()),
            ("Match.Every", wanted.every.is_some()),
            ("Match.Probability", wanted.probability.is_some()),
            ("Sequence", self.sequence.is_some()),
        ];
        let mut given = ways.into_iter().filter(|(_, given)| *given).map(|(key, _)| key);
        if let (Some(first), Some(second)) = (given.next(), given.next()) {
            let message = format!("{first} says already which calls are struck; keep one of them");
            wrong.note(second, message);
        }
        let none = "0 would never strike; give 1 or more, or leave it out";
        wrong.note_if(wanted.nth == Some(0), "Match.Nth", none);
        wrong.note_if(wanted.every == Some(0), "Match.Every", none);
        wrong.note_if(self.times == Some(0), "Times", none);
        let twice = wanted.nth.is_some() && self.times.is_some_and(|times| times > 1);
        wrong.note_if(twice, "Times", "Match.Nth is one call; leave it out");
        if let Some(sequence) = self.sequence {
            wrong.note_if(sequence.fail == 0, "Sequence.Fail", none);
            let message = "0 lets none pass; give 1 or more, or leave Sequence out";
            wrong.note_if(sequence.pass == 0, "Sequence.Pass", message);
        }
        let draws = wanted.probability.is_some() || self.then.delay.is_some_and(|delay| delay.least_ms < delay.most_ms);
        let message = "nothing is drawn; give Probability or a range of DelayMs beside it, or leave it out";
        wrong.note_if(wanted.seed.is_some() && !draws, "Match.Seed", message);
        if let (Some(from), Some(until)) = (wanted.from, wanted.until) {
            let message = "is no later than From; give a later moment";
            wrong.note_if(until <= from, "Match.Until", message);
        }
    }

    /// The code that it answers.
    fn code(&self, actions: &[&'static Action], wrong: &mut Findings) -> Option<ErrorCode> {
        let text = self.then.code.as_deref()?;
        let documented = |code: &ErrorCode| code.is_common() || actions.iter().any(|action| action.documents(*code));
        let code = ErrorCode::parse(text).filter(documented);
        if code.is_none() && !actions.is_empty() && wrong.holds("Then.Code") {
            wrong.note("Then.Code", self.not_documented(text, actions));
        }
        code
    }

    fn not_documented(&self, code: &str, actions: &[&'static Action]) -> String {
        let code = quoted(code);
        if self.matches.action.is_none() && self.matches.family.is_none() {
            return format!("`{code}` is documented for no action; GET /_crs/actions lists their codes");
        }
        let own = actions.iter().flat_map(|action| action.codes.unwrap_or_default());
        let mut documented: Vec<_> = own.map(|code| code.as_str()).collect();
        documented.sort_unstable();
        documented.dedup();
        let documented = none_or(&documented);
        match (&self.matches.action, &self.matches.family) {
            (None, Some(family)) => format!(
                "`{code}` is documented for no action of the family `{family}`; they document {documented}, and \
                 every action may answer a common code"
            ),
            _ => format!(
                "`{code}` is not documented for {}; it documents {documented}, and every action may answer a common \
                 code",
                actions[0].name
            ),
        }
    }

    /// What is answered is said without contradiction.
    fn check_answer(&self, wrong: &mut Findings) {
        let then = &self.then;
        let message = "says nothing to do; give one of Code, DelayMs, Drop, Truncate, HttpStatus, Body, Flow";
        wrong.note_if(!then.does_something() && then.message.is_none(), "Then", message);
        let alone = then.message.is_some() && then.code.is_none();
        wrong.note_if(
            alone,
            "Then.Message",
            "stands beside a code; give Code, or leave it out",
        );
        let dropped = "nothing of an answer comes where Drop is; leave one of them out";
        wrong.note_if(then.drop && then.code.is_some(), "Then.Code", dropped);
        wrong.note_if(then.drop && then.truncate.is_some(), "Then.Truncate", dropped);
        wrong.note_if(then.drop && then.http_status.is_some(), "Then.HttpStatus", dropped);
        wrong.note_if(then.drop && then.body.is_some(), "Then.Body", dropped);
        let message = "takes the place of the envelope with the Code; leave one of them out";
        wrong.note_if(then.code.is_some() && then.body.is_some(), "Then.Body", message);
        let Some(status) = then.http_status else { return };
        if !STATUSES.contains(&status) && wrong.holds("Then.HttpStatus") {
            let (least, most) = (STATUSES.start(), STATUSES.end());
            wrong.note(
                "Then.HttpStatus",
                format!("{status} ends no answer; give {least} to {most}"),
            );
        }
        if BODILESS.contains(&status) {
            let message = "an answer of that HttpStatus has no body; leave it out, or give another HttpStatus";
            wrong.note_if(then.body.is_some(), "Then.Body", message);
            wrong.note_if(then.truncate.is_some(), "Then.Truncate", message);
        }
    }

    /// What becomes of a flow is said of calls that begin one.
    fn check_flow(&self, actions: &[&'static Action], wrong: &mut Findings) {
        if self.then.flow.is_none() {
            return;
        }
        let message = "before the effect the call is answered without it, so no flow begins; give When after";
        let never = self.when == When::Before && self.then.spoils_the_answer();
        wrong.note_if(never, "Then.Flow", message);
        if !actions.is_empty() && !actions.iter().any(|action| begins_flows(action)) {
            let mut all: Vec<_> = ACTIONS.iter().filter(|action| begins_flows(action)).collect();
            all.dedup_by_key(|action| action.name);
            let all: Vec<_> = all.iter().map(|action| action.name).collect();
            let message = format!("none of these calls begins a flow; those do of {}", all.join(", "));
            wrong.note("Then.Flow", message);
        }
    }

    /// What has been counted leaves something to strike.
    fn check_counts(&self, wrong: &mut Findings) {
        let message = "is less than Fired; give how many calls have reached the rule, or leave it out";
        wrong.note_if(self.matched < self.fired, "Matched", message);
        if self.is_spent() {
            let message = "nothing is left of the rule, which has struck as often as it says; leave the rule out";
            let key = if self.fired > 0 { "Fired" } else { "Matched" };
            wrong.note_if(wrong.0.is_empty(), key, message);
        }
    }

    /// Whether it strikes no more.
    pub(super) fn is_spent(&self) -> bool {
        self.times.is_some_and(|times| self.fired >= times) || self.matches.nth.is_some_and(|nth| self.matched >= nth)
    }

    fn long_texts(&self) -> Vec<WrongKey> {
        let Self { matches, then, .. } = self;
        let texts = [
            ("Match.Action", matches.action.as_ref(), TEXT_MOST_CHARS),
            ("Match.Family", matches.family.as_ref(), TEXT_MOST_CHARS),
            ("Match.InstanceId", matches.instance_id.as_ref(), TEXT_MOST_CHARS),
            ("Match.Region", matches.region.as_ref(), TEXT_MOST_CHARS),
            ("Match.SecretId", matches.secret_id.as_ref(), TEXT_MOST_CHARS),
            ("Then.Code", then.code.as_ref(), TEXT_MOST_CHARS),
            ("Then.Message", then.message.as_ref(), MESSAGE_MOST_CHARS),
            ("Then.Body", then.body.as_ref(), BODY_MOST_CHARS),
        ];
        let long = |(key, text, most): (&'static str, Option<&String>, usize)| {
            let chars = text.map_or(0, |text| text.chars().count());
            (chars > most).then(|| (key, format!("has {chars} characters; give {most} or fewer")))
        };
        texts.into_iter().filter_map(long).collect()
    }
}

fn member(shape: &Shape, name: &str) -> bool {
    shape.members.iter().any(|member| member.name == name)
}

fn families() -> Vec<String> {
    let mut all: Vec<_> = ACTIONS.iter().map(|action| format!("`{}`", action.family)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn none_or(all: &[&str]) -> String {
    match all {
        [] => "none".to_owned(),
        all => all.join(", "),
    }
}
