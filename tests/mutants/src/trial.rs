//! What the tests say of a mutant.

use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use crate::draw::Drawn;
use crate::samples::SAMPLES;

/// Mutants that are tried at once.
const WORKERS: usize = 2;

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// By this unit test.
    Unit(String),
    /// By this test of `it`.
    It(String),
    Timeout,
    Survived,
}

pub struct Tests {
    /// Where they run.
    pub folder: PathBuf,
    pub unit: PathBuf,
    pub it: PathBuf,
}

/// The first test that failed, or that none did.
enum Verdict {
    Passed,
    Failed(String),
    Late,
}

/// Runs until a test fails, or until it is late.
fn run(folder: &Path, tests: &Path, words: &[&str], mutant: Option<usize>, limit: Duration) -> io::Result<Verdict> {
    let mut command = Command::new(tests);
    command
        .args(words)
        .current_dir(folder)
        .env("CARGO_MANIFEST_DIR", folder);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command.process_group(0);
    if let Some(number) = mutant {
        command.env("CRS_LOCAL_MUTANT", number.to_string());
    }
    let mut child = command.spawn()?;
    let output = BufReader::new(child.stdout.take().expect("it is piped"));
    let child = Arc::new(Mutex::new(child));
    let kill = |child: &Mutex<Child>| {
        // With the servers that it has started.
        let group = format!("-{}", child.lock().expect("nobody panics with it").id());
        Command::new("kill").args(["-KILL", "--", &group]).status()
    };
    let (ended, end) = mpsc::channel::<()>();
    let late = Arc::new(AtomicBool::new(false));
    let watch = std::thread::spawn({
        let (child, late) = (Arc::clone(&child), Arc::clone(&late));
        move || {
            if end.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                late.store(true, Ordering::Relaxed);
                kill(&child).ok();
            }
        }
    });
    let mut failed = None;
    for line in output.split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if let Some((test, _)) = line
            .strip_prefix("test ")
            .and_then(|line| line.split_once(" ... FAILED"))
        {
            failed = Some(test.to_owned());
            kill(&child).ok();
            break;
        }
    }
    drop(ended);
    watch.join().expect("it does not panic");
    let status = child.lock().expect("nobody panics with it").wait()?;
    Ok(match failed {
        Some(test) => Verdict::Failed(test),
        None if late.load(Ordering::Relaxed) => Verdict::Late,
        None if status.success() => Verdict::Passed,
        None => Verdict::Failed("the process ended".to_owned()),
    })
}

impl Tests {
    /// What is asked for a sample: the unit tests, then those of `it`. That every account is alone is for the harness:
    /// it takes as long as all other answers.
    fn words(sample: usize) -> [Vec<&'static str>; 2] {
        let sample = &SAMPLES[sample];
        let mut of_it = sample.tests.to_vec();
        if sample.name != "harness" {
            of_it.extend(["--skip", "answers::apart"]);
        }
        [Vec::new(), of_it]
    }

    /// How long the tests of a sample take without a mutant. They must pass.
    pub fn baseline(&self, sample: usize) -> io::Result<[Duration; 2]> {
        let [unit, it] = Self::words(sample);
        let took = |tests: &Path, words: &[&str]| {
            let begun = Instant::now();
            match run(&self.folder, tests, words, None, Duration::from_secs(900))? {
                Verdict::Passed => Ok(begun.elapsed()),
                Verdict::Failed(test) => Err(io::Error::other(format!("{test} fails without a mutant"))),
                Verdict::Late => Err(io::Error::other("the tests do not end without a mutant")),
            }
        };
        Ok([took(&self.unit, &unit)?, took(&self.it, &it)?])
    }

    fn try_one(&self, drawn: &Drawn, took: [Duration; 2]) -> io::Result<Outcome> {
        // Two run at once, and others may use the machine.
        let limit = |took: Duration| took * 5 + Duration::from_secs(30);
        let [unit, it] = Self::words(drawn.sample);
        match run(&self.folder, &self.unit, &unit, Some(drawn.number), limit(took[0]))? {
            Verdict::Failed(test) => return Ok(Outcome::Unit(test)),
            Verdict::Late => return Ok(Outcome::Timeout),
            Verdict::Passed => {}
        }
        Ok(
            match run(&self.folder, &self.it, &it, Some(drawn.number), limit(took[1]))? {
                Verdict::Failed(test) => Outcome::It(test),
                Verdict::Late => Outcome::Timeout,
                Verdict::Passed => Outcome::Survived,
            },
        )
    }

    /// Tries all, and tells each outcome as it comes.
    pub fn try_all(&self, drawn: &[Drawn], took: [Duration; 2]) -> io::Result<Vec<Outcome>> {
        let next = AtomicUsize::new(0);
        let outcomes = Mutex::new(vec![None; drawn.len()]);
        std::thread::scope(|scope| {
            let work = || -> io::Result<()> {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(drawn) = drawn.get(place) else { return Ok(()) };
                    let outcome = self.try_one(drawn, took)?;
                    let Drawn {
                        number, file, mutant, ..
                    } = drawn;
                    println!("{number} {file}:{}: {}: {outcome:?}", mutant.line, mutant.change);
                    outcomes.lock().expect("nobody panics with it")[place] = Some(outcome);
                }
            };
            let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().expect("it does not panic"))
        })?;
        let outcomes = outcomes.into_inner().expect("nobody panics with it");
        Ok(outcomes
            .into_iter()
            .map(|outcome| outcome.expect("all were tried"))
            .collect())
    }
}
