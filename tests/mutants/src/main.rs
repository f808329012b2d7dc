//! Samples of mutants: `run SAMPLE… [NUMBER…]`. Every mutant of the samples is compiled into one set of tests, each
//! behind a switch that an environment variable turns, and the tests run once for each.

#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, with arguments and times of its own"
)]

mod draw;
mod find;
mod samples;
mod tree;
mod trial;
mod values;

use std::io;
use std::path::Path;
use std::time::Instant;

use draw::Drawn;
use samples::{COUNT, SAMPLES};
use tree::Tree;
use trial::{Outcome, Tests};

/// Drawn beyond `COUNT`, in place of those that do not compile.
const SPARE: usize = 40;

fn main() -> io::Result<()> {
    let (numbers, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.parse::<usize>().is_ok());
    let numbers: Vec<usize> = numbers.iter().filter_map(|number| number.parse().ok()).collect();
    let chosen: Vec<usize> = (0..SAMPLES.len())
        .filter(|place| names.iter().any(|name| *name == SAMPLES[*place].name))
        .collect();
    if chosen.is_empty() || chosen.len() < names.len() {
        let known = SAMPLES.map(|sample| sample.name).join(" | ");
        return Err(io::Error::other(format!(
            "tests/mutants/run SAMPLE… [NUMBER…], a sample is {known}"
        )));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("it stands in tests/mutants");
    let mut drawn = Vec::new();
    for place in &chosen {
        drawn.extend(draw::draw(root, *place, &SAMPLES[*place], COUNT + SPARE)?);
    }
    let begun = Instant::now();
    let mut drawn = Tree::new(root, "sieve", &drawn).sieve(drawn)?;
    for place in &chosen {
        let mut left = COUNT;
        drawn.retain(|drawn| {
            let stays = drawn.sample != *place || left > 0;
            left -= usize::from(stays && drawn.sample == *place);
            stays
        });
    }
    let tree = Tree::new(root, "tree", &drawn);
    let [unit, it] = tree.build(&drawn)?;
    println!("{} mutants built in {} s", drawn.len(), begun.elapsed().as_secs());
    let tests = Tests {
        folder: tree.folder.clone(),
        unit,
        it,
    };
    for place in chosen {
        let of_sample =
            |drawn: &&Drawn| drawn.sample == place && (numbers.is_empty() || numbers.contains(&drawn.number));
        let drawn: Vec<Drawn> = drawn.iter().filter(of_sample).cloned().collect();
        let begun = Instant::now();
        let took = tests.baseline(place)?;
        let outcomes = tests.try_all(&drawn, took)?;
        report(place, &drawn, &outcomes);
        println!(
            "without a mutant {:.0?} and {:.0?}; all took {} s\n",
            took[0],
            took[1],
            begun.elapsed().as_secs()
        );
    }
    Ok(())
}

/// The counts room by room, and what survived.
fn report(place: usize, drawn: &[Drawn], outcomes: &[Outcome]) {
    let sample = &SAMPLES[place];
    println!("\n## {}, seed {}\n", sample.name, sample.seed);
    println!("| room | mutants | unit tests | `it` | timeout | survived |\n|---|---|---|---|---|---|");
    let row = |name: &str, room: Option<usize>| {
        let of_room = drawn
            .iter()
            .zip(outcomes)
            .filter(|(drawn, _)| room.is_none_or(|room| drawn.room == room));
        let mut counts = [0; 5];
        for (_, outcome) in of_room {
            counts[0] += 1;
            counts[match outcome {
                Outcome::Unit(_) => 1,
                Outcome::It(_) => 2,
                Outcome::Timeout => 3,
                Outcome::Survived => 4,
            }] += 1;
        }
        println!("| {name} | {} |", counts.map(|count| count.to_string()).join(" | "));
    };
    for (room, name) in sample.rooms.iter().enumerate() {
        row(
            &format!("`{}`", name.split_whitespace().collect::<Vec<_>>().join("`, `")),
            Some(room),
        );
    }
    row("all", None);
    println!("\n| survived | at | change |\n|---|---|---|");
    for (drawn, _) in drawn
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| **outcome == Outcome::Survived)
    {
        println!(
            "| {} | `{}:{}` | {} |",
            drawn.number, drawn.file, drawn.mutant.line, drawn.mutant.change
        );
    }
}
