//! Which file names which, by what their code says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};

use super::code::{Code, Segments};

/// How often a name may be re-exported on its way.
const HOPS_MAX: usize = 8;

/// The files of `src/`, and what each brings into its scope.
pub(super) struct Sources<'a> {
    files: Vec<File<'a>>,
    /// The file of each module; `src/main.rs` has none, since nobody can name it.
    modules: BTreeMap<Segments<'a>, usize>,
}

struct File<'a> {
    path: &'a Path,
    module: Segments<'a>,
    code: Code<'a>,
    /// What its `use` declarations bring in, by name, as paths from the root.
    scope: BTreeMap<&'a str, Segments<'a>>,
}

/// What a path leads to.
struct Target {
    file: usize,
    /// Whether it is the module itself, and nothing in it.
    is_module: bool,
}

impl<'a> Sources<'a> {
    pub(super) fn read(texts: &'a [(PathBuf, String)]) -> Self {
        let file = |(path, text): &'a (PathBuf, String)| File {
            path,
            module: module_of(path),
            code: Code::read(text),
            scope: BTreeMap::new(),
        };
        let mut sources = Self {
            files: texts.iter().map(file).collect(),
            modules: BTreeMap::new(),
        };
        for (index, file) in sources.files.iter().enumerate() {
            if !file.path.ends_with("src/main.rs") {
                sources.modules.insert(file.module.clone(), index);
            }
        }
        for index in 0..sources.files.len() {
            sources.files[index].scope = sources.scope(&sources.files[index]);
        }
        sources
    }

    fn scope(&self, file: &File<'a>) -> BTreeMap<&'a str, Segments<'a>> {
        let mut scope = BTreeMap::new();
        for one in &file.code.uses {
            if let Some(path) = self.path_from_root(file, &scope, &one.path) {
                scope.insert(one.name, path);
            }
        }
        scope
    }

    /// For each file the files that it names.
    pub(super) fn named(&self) -> BTreeMap<&'a Path, BTreeSet<&'a Path>> {
        let names = |file: &File<'a>| {
            let mut targets: Vec<Target> = Vec::new();
            for one in &file.code.uses {
                // A re-export is a naming only where the file uses the name itself, and a module that is brought in is
                // named by the paths that begin with it.
                if !one.public || file.code.names.contains(one.name) {
                    let path = self.path_from_root(file, &file.scope, &one.path);
                    let target = path.map(|path| self.target(&path, HOPS_MAX));
                    targets.extend(target.filter(|target| !target.is_module));
                }
            }
            let paths = file.code.paths.iter();
            let paths = paths.filter_map(|path| self.path_from_root(file, &file.scope, path));
            targets.extend(paths.map(|path| self.target(&path, HOPS_MAX)));
            let named = targets.iter().map(|target| self.files[target.file].path);
            named.filter(|path| *path != file.path).collect()
        };
        self.files.iter().map(|file| (file.path, names(file))).collect()
    }

    /// The files that bring in all of a module of the crate, so that their text does not tell what they name.
    pub(super) fn globs(&self) -> Vec<&'a Path> {
        let brings_all = |file: &&File<'a>| {
            let stars = file.code.uses.iter().filter(|one| one.name == "*");
            let mut paths = stars.filter_map(|one| {
                let path = &one.path[..one.path.len() - 1];
                self.path_from_root(file, &file.scope, path)
            });
            paths.any(|path| self.target(&path, HOPS_MAX).is_module)
        };
        self.files.iter().filter(brings_all).map(|file| file.path).collect()
    }

    /// A path as it stands in a file, from the root of the crate; `None` if it leads out of the crate or to an item of
    /// the file.
    fn path_from_root(
        &self,
        file: &File<'a>,
        scope: &BTreeMap<&'a str, Segments<'a>>,
        path: &[&'a str],
    ) -> Option<Segments<'a>> {
        let (head, rest) = path.split_first()?;
        let mut base = match *head {
            "crate" | "crs_local" => Vec::new(),
            "self" => file.module.clone(),
            "super" => {
                let ups = path.iter().take_while(|segment| **segment == "super").count();
                let depth = file.module.len().checked_sub(ups)?;
                return Some([&file.module[..depth], &path[ups..]].concat());
            }
            head => {
                let child = [&file.module[..], &[head]].concat();
                match scope.get(head) {
                    Some(known) => known.clone(),
                    None if self.is_module(&child) => child,
                    None => return None,
                }
            }
        };
        base.extend(rest);
        Some(base)
    }

    /// Whether the path is a module, with a file of its own or only with files below it.
    fn is_module(&self, path: &[&str]) -> bool {
        let from = (Bound::Included(path), Bound::Unbounded);
        let first = self.modules.range::<[&str], _>(from).next();
        first.is_some_and(|(module, _)| module.starts_with(path))
    }

    /// The file that defines what a path from the root ends in, through re-exports.
    fn target(&self, path: &[&'a str], hops: usize) -> Target {
        let known = (0..=path.len()).rev().find(|length| self.is_module(&path[..*length]));
        let (module, rest) = path.split_at(known.unwrap_or(0));
        let nearest = (0..=module.len())
            .rev()
            .find_map(|length| self.modules.get(&module[..length]));
        let file = *nearest.expect("the root has a file");
        let is_module = rest.is_empty();
        let Some((name, rest)) = rest.split_first() else {
            return Target { file, is_module };
        };
        match self.files[file].scope.get(name) {
            Some(exported) if hops > 0 => self.target(&[exported, rest].concat(), hops - 1),
            _ => Target { file, is_module },
        }
    }
}

/// `src/cloud/time.rs` is `cloud::time`; `src/lib.rs` and `src/main.rs` are the root.
fn module_of(path: &Path) -> Segments<'_> {
    let mut module: Segments = path.iter().skip(1).filter_map(|part| part.to_str()).collect();
    if let Some(last) = module.pop()
        && let Some(stem) = last.strip_suffix(".rs")
        && !["lib", "main", "mod"].contains(&stem)
    {
        module.push(stem);
    }
    module
}

/// The files that name themselves through others, each with those files of the circle that it names.
pub(super) fn circular<'a>(named: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> BTreeMap<&'a Path, BTreeSet<&'a Path>> {
    let reached: BTreeMap<_, _> = named.keys().map(|path| (*path, reached_from(path, named))).collect();
    let mut circles = BTreeMap::new();
    for (path, names) in named {
        let back: BTreeSet<_> = names
            .iter()
            .copied()
            .filter(|name| reached[name].contains(path))
            .collect();
        if !back.is_empty() {
            circles.insert(*path, back);
        }
    }
    circles
}

fn reached_from<'a>(start: &Path, named: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> BTreeSet<&'a Path> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Path> = named[start].iter().copied().collect();
    while let Some(path) = open.pop() {
        if let Some((path, names)) = named.get_key_value(path)
            && reached.insert(*path)
        {
            open.extend(names);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The namings of a crate of these files, as `a.rs -> b.rs`.
    fn namings(files: &[(&str, &str)]) -> Vec<String> {
        let text = |(path, text): &(&str, &str)| (PathBuf::from("src").join(path), (*text).to_owned());
        let texts: Vec<_> = files.iter().map(text).collect();
        let named = Sources::read(&texts).named();
        let arrow = |from: &Path, to: &Path| {
            let [from, to] = [from, to].map(|path| path.strip_prefix("src").unwrap().display().to_string());
            format!("{from} -> {to}")
        };
        let arrows = named
            .iter()
            .flat_map(|(from, all)| all.iter().map(move |to| arrow(from, to)));
        arrows.collect()
    }

    #[test]
    fn a_path_leads_to_the_file_that_defines_its_end() {
        let found = namings(&[
            ("lib.rs", "mod a; mod b; pub use b::C;"),
            (
                "a.rs",
                "use crate::{C, b}; fn f() { b::d::e(); b::D::new(); b::here(); }",
            ),
            ("b/mod.rs", "mod c; pub mod d; pub use c::C; pub use d::E as D;"),
            ("b/c.rs", "pub struct C;"),
            ("b/d.rs", "pub struct E;"),
        ]);
        assert_eq!(found, ["a.rs -> b/c.rs", "a.rs -> b/d.rs", "a.rs -> b/mod.rs"]);
    }

    #[test]
    fn self_super_and_children_are_followed() {
        let found = namings(&[
            ("lib.rs", ""),
            ("a/mod.rs", "use b::f; fn g() { self::c::h(); }"),
            ("a/b.rs", "fn f() { super::c::h(); std::mem::take(); }"),
            ("a/c.rs", "use super::super::d::I as _; use crate::e::J as _;"),
            ("d.rs", "pub trait I {}"),
            ("e.rs", "pub trait J {}"),
        ]);
        assert_eq!(
            found,
            [
                "a/b.rs -> a/c.rs",
                "a/c.rs -> d.rs",
                "a/c.rs -> e.rs",
                "a/mod.rs -> a/b.rs",
                "a/mod.rs -> a/c.rs"
            ]
        );
    }

    #[test]
    fn a_mod_line_a_re_export_and_a_module_that_is_brought_in_are_no_namings() {
        let lib = ("lib.rs", "mod a; pub use a::B; pub use a::f as g;");
        let a = ("a.rs", "pub struct B; pub fn f() {}");
        assert_eq!(namings(&[lib, a, ("c.rs", "use crate::a;")]), [""; 0]);
        assert_eq!(
            namings(&[("lib.rs", "pub use a::B; fn h(b: B) {}"), a]),
            ["lib.rs -> a.rs"]
        );
    }

    #[test]
    fn the_command_names_the_library_by_its_name() {
        let found = namings(&[
            ("main.rs", "mod commands; use crs_local::Config; use commands::run;"),
            ("lib.rs", "mod config; pub use config::Config;"),
            ("config.rs", "pub struct Config;"),
            (
                "commands.rs",
                "use crs_local::config; pub fn run() { config::default(); }",
            ),
        ]);
        assert_eq!(
            found,
            [
                "commands.rs -> config.rs",
                "main.rs -> commands.rs",
                "main.rs -> config.rs"
            ]
        );
    }

    #[test]
    fn all_of_a_module_is_a_fault_where_the_module_is_ours() {
        let texts = [
            ("src/lib.rs", "use std::fmt::*;"),
            ("src/a.rs", "use crate::b::*;"),
            ("src/b.rs", "use crate::a::Enum::*;"),
        ];
        let texts = texts.map(|(path, text)| (PathBuf::from(path), text.to_owned()));
        assert_eq!(Sources::read(&texts).globs(), [Path::new("src/a.rs")]);
    }

    #[test]
    fn circles_are_found_and_what_leads_to_them_is_not() {
        let names = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")];
        let mut named: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
        for (from, to) in names {
            named.entry(Path::new(from)).or_default().insert(Path::new(to));
            named.entry(Path::new(to)).or_default();
        }
        let circles = circular(&named);
        let found: Vec<_> = circles.keys().copied().collect();
        assert_eq!(found, [Path::new("b"), Path::new("c")]);
        assert_eq!(circles[Path::new("c")], BTreeSet::from([Path::new("b")]));
    }
}
