//! What a configuration settles for clouds, and how a folder that keeps a state says it.

use crate::assume::Choice;
use crate::cloud::{self, Assumed, Settings};
use crate::config::{Config, Pace};
use crate::store::Head;

/// The words of --pace.
const PACES: [(&str, Pace); 3] = [("timed", Pace::Timed), ("instant", Pace::Instant), ("held", Pace::Held)];

/// What clouds are to go by.
pub(super) fn settings(config: &Config) -> Settings {
    Settings {
        pace: pace(config.pace),
        flow_time_ms: flow_time_ms(config),
        assumed: config.assumed(),
    }
}

fn pace(pace: Pace) -> cloud::Pace {
    match pace {
        Pace::Timed => cloud::Pace::Timed,
        Pace::Instant => cloud::Pace::Instant,
        Pace::Held => cloud::Pace::Held,
    }
}

fn flow_time_ms(config: &Config) -> i64 {
    i64::try_from(config.flow_time.as_millis()).unwrap_or(i64::MAX)
}

/// Writes down what clouds go by.
pub(super) fn write(config: &Config, head: &mut Head) {
    let word = PACES.iter().find(|(_, pace)| *pace == config.pace);
    head.pace = word.map_or_else(String::new, |(word, _)| (*word).to_owned());
    head.flow_time_ms = flow_time_ms(config);
    head.assume = config.assume.iter().map(ToString::to_string).collect();
}

/// What clouds went by. `Err` names what is not known here.
pub(super) fn read(head: &Head) -> Result<Settings, String> {
    let known = PACES.iter().find(|(word, _)| *word == head.pace);
    let unknown = || format!("nothing is known of the pace {}", head.pace);
    let pace = known.map(|(_, known)| pace(*known)).ok_or_else(unknown)?;
    let mut assumed = Assumed::default();
    for choice in &head.assume {
        choice.parse::<Choice>()?.make(&mut assumed);
    }
    Ok(Settings {
        pace,
        flow_time_ms: head.flow_time_ms,
        assumed,
    })
}
