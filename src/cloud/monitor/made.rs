//! A workload that is made from the seed, where no more is stated of it than how much there is.

use crate::cloud::ids;
use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::record::{Client, Command, Key, KeyKind, MB, Pace, Run, Workload};

/// The commands: of a thousand executions so many, which take so many microseconds and up to half as many more. What
/// these leave is GET.
const COMMANDS: &[(&str, &str, u64, u64)] = &[
    ("set", "set session:{n}", 200, 180),
    ("hget", "hget user:1 field:{n}", 100, 150),
    ("zrange", "zrange board 0 99", 50, 900),
    ("get", "get page:{n}", 1, 12_000),
];
/// What GET takes, in microseconds.
const GET_MICROS: u64 = 120;
/// The keys, each of half the size of the one before and asked for half as often.
const KEYS: &[(&str, KeyKind)] = &[
    ("board", KeyKind::Zset),
    ("user:1", KeyKind::Hash),
    ("page:front", KeyKind::String),
    ("queue:mail", KeyKind::List),
    ("online", KeyKind::Set),
    ("page:about", KeyKind::String),
];
/// What the keys hold together at most, where as much is not in use.
const KEYS_MB: u64 = 64;

/// So many commands a minute on that instance, and the keys and clients that go with them; `room_mb` is what the keys
/// may hold. The same seed and the same instance make the same.
pub fn made(seed: u64, instance: &Instance, per_minute: u64, room_mb: u64) -> Workload {
    let own = seed ^ ids::number_of(&instance.id, 0).unsigned_abs();
    let mut drawn = 0_u64;
    let mut below = |bound: u64| {
        drawn += 1;
        ids::drawn(own, drawn) % bound.max(1)
    };
    let command = |cmd: &str, line: &str, times, micros| Command {
        run: Run {
            cmd: cmd.to_owned(),
            line: Some(line.to_owned()),
            micros,
            ..Run::default()
        },
        pace: Pace::PerMinute(times),
    };
    let mut commands = Vec::new();
    let mut left = per_minute;
    for (cmd, line, of_thousand, micros) in COMMANDS {
        let times = (u128::from(per_minute) * u128::from(*of_thousand) / 1_000) as u64;
        let micros = micros + below(micros / 2);
        if times > 0 {
            left -= times;
            commands.push(command(cmd, line, times, micros));
        }
    }
    commands.insert(
        0,
        command("get", "get user:{n}", left, GET_MICROS + below(GET_MICROS / 2)),
    );
    let scan = Pace::EveryMinutes(10 + below(20));
    let run = Run {
        cmd: "keys".to_owned(),
        line: Some("keys user:*".to_owned()),
        micros: 200_000 + below(200_000),
        ..Run::default()
    };
    commands.push(Command { run, pace: scan });
    let (mut bytes, mut asked) = (room_mb.min(KEYS_MB) * MB, per_minute);
    let keys = KEYS.iter().map(|(name, kind)| {
        (bytes, asked) = (bytes / 2, asked / 2);
        Key {
            name: (*name).to_owned(),
            kind: *kind,
            db: 0,
            bytes: bytes - below(bytes / 8),
            per_minute: asked,
        }
    });
    let keys = keys.collect();
    let clients = (0..3).map(|number| Client {
        ip: format!("10.0.{number}.{}", 2 + below(250)),
        connections: 4 + below(28),
        weight: 1 + below(4),
    });
    Workload {
        commands,
        keys,
        clients: clients.collect(),
        ..Workload::default()
    }
}
