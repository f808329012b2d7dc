//! A workload as rates.

use crate::cloud::monitor::command::{Class, class};
use crate::cloud::monitor::record::{Command, Event, Pace, Run, Workload};

/// Commands a second, by what they do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    pub read: f64,
    pub write: f64,
    pub other: f64,
}

impl Rates {
    /// All of them.
    pub fn all(&self) -> f64 {
        self.read + self.write + self.other
    }

    /// So many times these.
    pub fn times(&self, factor: f64) -> Rates {
        Rates {
            read: self.read * factor,
            write: self.write * factor,
            other: self.other * factor,
        }
    }

    /// These and those.
    pub fn and(&self, more: &Rates) -> Rates {
        Rates {
            read: self.read + more.read,
            write: self.write + more.write,
            other: self.other + more.other,
        }
    }

    fn of(&mut self, class: Class) -> &mut f64 {
        match class {
            Class::Read => &mut self.read,
            Class::Write => &mut self.write,
            Class::Other => &mut self.other,
        }
    }
}

/// What masters and what replicas execute.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Split {
    pub masters: Rates,
    pub replicas: Rates,
}

impl Split {
    /// Both together.
    pub fn all(&self) -> Rates {
        self.masters.and(&self.replicas)
    }

    fn of(&mut self, run: &Run) -> &mut f64 {
        let role = if run.on_replica {
            &mut self.replicas
        } else {
            &mut self.masters
        };
        role.of(class(&run.cmd))
    }
}

/// What commands take, in ms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Takes {
    pub read: f64,
    pub write: f64,
    pub other: f64,
    pub mean: f64,
    pub p99: f64,
    pub max: f64,
}

/// A workload as rates, while it runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    /// What is executed.
    pub rates: Split,
    /// What that takes.
    pub takes: Takes,
    /// MGET a second.
    pub mgets: f64,
}

impl Load {
    /// The load of a workload.
    pub fn of(workload: &Workload) -> Load {
        if workload.commands.is_empty() {
            return Load::stated(workload);
        }
        let rows: Vec<&Command> = workload.commands.iter().collect();
        Load {
            mgets: rate(rows.iter().copied().filter(|row| row.run.cmd == "mget")),
            ..Load::of_rows(&rows)
        }
    }

    /// The load of one command.
    pub fn of_command(workload: &Workload, word: &str) -> Option<Load> {
        let rows: Vec<&Command> = workload.commands.iter().filter(|row| row.run.cmd == word).collect();
        (!rows.is_empty()).then(|| Load::of_rows(&rows))
    }

    fn stated(of: &Workload) -> Load {
        let masters = Rates {
            read: of.reads,
            write: of.writes,
            other: of.others,
        };
        let ms = |rate: f64, ms: f64| if rate > 0.0 { ms } else { 0.0 };
        let latency = of.latency;
        let weighed = masters.read * latency.read + masters.write * latency.write + masters.other * latency.other;
        let mean = per(weighed, masters.all());
        Load {
            rates: Split {
                masters,
                replicas: Rates::default(),
            },
            takes: Takes {
                read: ms(masters.read, latency.read),
                write: ms(masters.write, latency.write),
                other: ms(masters.other, latency.other),
                mean,
                p99: 2.0 * mean,
                max: 5.0 * mean,
            },
            mgets: of.mgets,
        }
    }

    fn of_rows(rows: &[&Command]) -> Load {
        let (mut rates, mut weighed) = (Split::default(), Split::default());
        for row in rows {
            let rate = row.pace.rate();
            *rates.of(&row.run) += rate;
            *weighed.of(&row.run) += rate * row.run.seen_micros() as f64 / 1000.0;
        }
        let (all, ms) = (rates.all(), weighed.all());
        let longest = rows.iter().map(|row| row.run.seen_micros()).max().unwrap_or(0);
        Load {
            rates,
            takes: Takes {
                read: per(ms.read, all.read),
                write: per(ms.write, all.write),
                other: per(ms.other, all.other),
                mean: per(ms.all(), all.all()),
                p99: p99_ms(rows),
                max: longest as f64 / 1000.0,
            },
            mgets: 0.0,
        }
    }
}

fn rate<'a>(rows: impl Iterator<Item = &'a Command>) -> f64 {
    rows.map(|row| row.pace.rate()).sum()
}

/// A quotient; nothing of nothing is nothing.
fn per(sum: f64, of: f64) -> f64 {
    if of > 0.0 { sum / of } else { 0.0 }
}

/// The time below which, or at which, 99 of 100 executions of the steady rate are.
fn p99_ms(rows: &[&Command]) -> f64 {
    let mut by_time: Vec<_> = rows
        .iter()
        .map(|row| (row.run.seen_micros(), row.pace.rate()))
        .collect();
    by_time.sort_by_key(|(micros, _)| *micros);
    let all: f64 = by_time.iter().map(|(_, rate)| rate).sum();
    let mut below = 0.0;
    for (micros, rate) in &by_time {
        below += rate;
        if below >= all * 0.99 {
            return *micros as f64 / 1000.0;
        }
    }
    0.0
}

impl Pace {
    /// Executions a second.
    pub fn rate(self) -> f64 {
        match self {
            Pace::PerMinute(times) => times as f64 / 60.0,
            Pace::EveryMinutes(minutes) => per(1.0, minutes as f64 * 60.0),
        }
    }
}

/// Events as if they had been spread evenly over the time between two moments.
pub fn spread<'a>(events: impl Iterator<Item = &'a Event>, seconds: f64) -> Split {
    let mut rates = Split::default();
    for event in events {
        *rates.of(&event.run) += per(1.0, seconds);
    }
    rates
}
