//! Copies of the project with every mutant in them: one that tells which compile, and one whose tests run, so that it is
//! built anew only where it differs.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use serde_json::Value;

use crate::draw::Drawn;
use crate::find::SWITCH;

/// Read once: which mutant is on.
const MODULE: &str = r#"
#[allow(clippy::disallowed_methods)]
pub(crate) fn is(number: usize) -> bool {
    static ON: std::sync::LazyLock<Option<usize>> =
        std::sync::LazyLock::new(|| std::env::var("CRS_LOCAL_MUTANT").ok().and_then(|number| number.parse().ok()));
    *ON == Some(number)
}
"#;

const MODULE_PATH: &str = "src/mutant.rs";

pub struct Tree {
    root: PathBuf,
    /// The copy.
    pub folder: PathBuf,
    /// Where cargo builds it.
    built: PathBuf,
    /// The files that mutants were drawn of; one whose mutants all went is written as it was.
    changed: BTreeSet<String>,
}

/// Where a mutant's own text stands in the changed file, and how far it reaches.
struct Place {
    number: usize,
    own: Range<usize>,
    whole: Range<usize>,
}

/// The source with these mutants in it, and where each stands. A mutant's text repeats the source as it was, so one may
/// stand within another.
fn splice(source: &str, drawn: &[&Drawn]) -> (String, Vec<Place>) {
    // What begins at a byte stands behind what ends there, and the longer begins first and ends last.
    let mut parts = Vec::new();
    for (place, drawn) in drawn.iter().enumerate() {
        let Range { start, end } = drawn.mutant.span;
        if start == end {
            parts.push(((start, 1, 0, 0), place, true));
        } else {
            let (length, place_back) = (end - start, drawn.number);
            parts.push(((start, 2, usize::MAX - length, place_back), place, true));
            parts.push(((end, 0, length, usize::MAX - place_back), place, false));
        }
    }
    parts.sort_unstable();
    let mut text = String::new();
    let mut done = 0;
    let mut places: Vec<Place> = drawn
        .iter()
        .map(|drawn| Place {
            number: drawn.number,
            own: 0..0,
            whole: 0..0,
        })
        .collect();
    for ((at, ..), place, begins) in parts {
        text.push_str(&source[done..at]);
        done = at;
        let from = text.len();
        let drawn = drawn[place];
        if begins {
            text.push_str(
                &drawn
                    .mutant
                    .before
                    .replace(SWITCH, &format!("crate::mutant::is({})", drawn.number)),
            );
            places[place].own = from..text.len();
            places[place].whole = from..text.len();
        } else {
            text.push_str(drawn.mutant.after);
            places[place].whole.end = text.len();
        }
    }
    text.push_str(&source[done..]);
    (text, places)
}

/// Leaves a file that is right already its time, so that cargo builds no more than it must.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().expect("a file stands in a folder"))?;
    fs::write(path, bytes)
}

impl Tree {
    /// The copy of that name, for these mutants.
    pub fn new(root: &Path, name: &str, drawn: &[Drawn]) -> Self {
        let own = root.join("target/mutants");
        Self {
            root: root.to_owned(),
            folder: own.join(name),
            built: own.join("build"),
            changed: drawn.iter().map(|drawn| drawn.file.clone()).collect(),
        }
    }

    /// Copies what git knows, but for what has mutants, and takes away what it knows no more.
    fn copy(&self) -> io::Result<()> {
        let listed = Command::new("git")
            .args(["ls-files", "-z"])
            .current_dir(&self.root)
            .output()?;
        let listed = String::from_utf8(listed.stdout).expect("names are UTF-8");
        let listed: BTreeSet<PathBuf> = listed.split_terminator('\0').map(PathBuf::from).collect();
        for path in &listed {
            let from = self.root.join(path);
            if from.is_file()
                && !self.changed.contains(path.to_str().unwrap_or_default())
                && path != Path::new("src/lib.rs")
            {
                write(&self.folder.join(path), &fs::read(&from)?)?;
                fs::set_permissions(self.folder.join(path), fs::metadata(&from)?.permissions())?;
            }
        }
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let known = path.strip_prefix(&self.folder).expect("it was found there");
                if !listed.contains(known) && known != Path::new(MODULE_PATH) {
                    fs::remove_file(path)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the mutants into the copy; says where each stands.
    fn plant(&self, drawn: &[Drawn]) -> io::Result<BTreeMap<&str, Vec<Place>>> {
        let mut files: BTreeMap<&str, Vec<&Drawn>> =
            self.changed.iter().map(|file| (file.as_str(), Vec::new())).collect();
        for drawn in drawn {
            files
                .get_mut(drawn.file.as_str())
                .expect("it was drawn of these")
                .push(drawn);
        }
        let mut places = BTreeMap::new();
        for (file, drawn) in files {
            let source = fs::read_to_string(self.root.join(file))?;
            let (text, found) = splice(&source, &drawn);
            write(&self.folder.join(file), text.as_bytes())?;
            places.insert(file, found);
        }
        write(&self.folder.join(MODULE_PATH), MODULE.as_bytes())?;
        let top = fs::read_to_string(self.root.join("src/lib.rs"))?;
        write(
            &self.folder.join("src/lib.rs"),
            format!("{top}\nmod mutant;\n").as_bytes(),
        )?;
        Ok(places)
    }

    fn cargo(&self, words: &[&str]) -> io::Result<(bool, Vec<Value>)> {
        let output = Command::new("cargo")
            .args(words)
            .args(["--quiet", "--profile", "long", "--message-format", "json"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.built)
            .env("CARGO_INCREMENTAL", "0")
            // Half the time to compile, for tests that run a little longer.
            .env("CARGO_PROFILE_LONG_OPT_LEVEL", "1")
            .stderr(std::process::Stdio::inherit())
            .output()?;
        let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        let messages = lines
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        Ok((output.status.success(), messages))
    }

    /// Writes the copy, and takes out those mutants that do not compile.
    pub fn sieve(&self, mut drawn: Vec<Drawn>) -> io::Result<Vec<Drawn>> {
        self.copy()?;
        loop {
            let places = self.plant(&drawn)?;
            let (compiles, messages) = self.cargo(&["check", "--lib", "--features", "internals"])?;
            if compiles {
                return Ok(drawn);
            }
            let mut wrong = BTreeSet::new();
            for message in messages
                .iter()
                .map(|message| &message["message"])
                .filter(|it| it["level"] == "error")
            {
                let blamed = blamed(message, &places);
                if blamed.is_empty() && !message["spans"].as_array().is_none_or(Vec::is_empty) {
                    return Err(io::Error::other(message["rendered"].to_string()));
                }
                wrong.extend(blamed);
            }
            if wrong.is_empty() {
                return Err(io::Error::other("the copy does not compile, and no mutant is to blame"));
            }
            eprintln!("{} of {} do not compile", wrong.len(), drawn.len());
            drawn.retain(|drawn| !wrong.contains(&drawn.number));
        }
    }

    /// Builds the tests with these mutants: the unit tests, and those of `it`.
    pub fn build(&self, drawn: &[Drawn]) -> io::Result<[PathBuf; 2]> {
        self.copy()?;
        self.plant(drawn)?;
        let (_, messages) = self.cargo(&["test", "--no-run", "--lib", "--test", "it"])?;
        let executable = |kind: &str| {
            let of = |message: &&Value| message["target"]["kind"][0] == kind && message["profile"]["test"] == true;
            let message = messages
                .iter()
                .find(of)
                .and_then(|message| message["executable"].as_str());
            message
                .map(PathBuf::from)
                .ok_or_else(|| io::Error::other(format!("no tests of {kind} were built")))
        };
        Ok([executable("lib")?, executable("test")?])
    }
}

/// The mutants at which an error points: in their own text if it does at all, else around it.
fn blamed(message: &Value, places: &BTreeMap<&str, Vec<Place>>) -> Vec<usize> {
    let spans = message["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let find = |primary: bool, range: fn(&Place) -> Range<usize>| -> Vec<usize> {
        let spans = spans.iter().filter(|span| !primary || span["is_primary"] == true);
        let at = spans.flat_map(|span| {
            let byte = |key: &str| span[key].as_u64().unwrap_or_default() as usize;
            let (start, end) = (byte("byte_start"), byte("byte_end"));
            let places = places
                .get(span["file_name"].as_str().unwrap_or_default())
                .into_iter()
                .flatten();
            places.filter(move |place| range(place).start < end && start < range(place).end)
        });
        at.map(|place| place.number).collect()
    };
    let own = |place: &Place| place.own.clone();
    let ways = [
        find(true, own),
        find(false, own),
        find(true, |place| place.whole.clone()),
    ];
    ways.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::splice;
    use crate::draw::Drawn;
    use crate::find::mutants;

    #[test]
    fn mutants_stand_within_one_another() {
        let source = "fn f(a: u8) -> bool { a + 1 < 2 }";
        let all = mutants(source).unwrap();
        let drawn = all.into_iter().enumerate();
        let drawn: Vec<_> = drawn
            .map(|(number, mutant)| Drawn {
                number,
                file: String::new(),
                room: 0,
                sample: 0,
                mutant,
            })
            .collect();
        let (text, places) = splice(source, &drawn.iter().collect::<Vec<_>>());
        syn::parse_file(&text).unwrap();
        for (drawn, place) in drawn.iter().zip(places) {
            assert!(text[place.own].contains(&format!("is({})", drawn.number)));
        }
        assert!(text.ends_with(")})}") || text.ends_with(")}) }"), "{text}");
    }
}
