//! What a Rust file says in code: its `use` declarations and the paths in its text. Comments, literals and what stands
//! under `#[cfg(test)]` are not code.

use std::collections::BTreeSet;
use std::iter::Peekable;

/// A path, segment by segment: `["crate", "cloud", "time"]`.
pub(super) type Segments<'a> = Vec<&'a str>;

/// One name that a `use` declaration brings in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use<'a> {
    pub(super) path: Segments<'a>,
    /// What the file calls it: the last segment, or what follows `as`.
    pub(super) name: &'a str,
    /// Whether it is a re-export.
    pub(super) public: bool,
}

/// What a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Code<'a> {
    pub(super) uses: Vec<Use<'a>>,
    /// The paths of two or more segments outside of `use` declarations.
    pub(super) paths: Vec<Segments<'a>>,
    /// The names that stand alone.
    pub(super) names: BTreeSet<&'a str>,
}

impl<'a> Code<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let words = without_tests(&words(text));
        let mut code = Self::default();
        let mut at = 0;
        while let Some(&word) = words.get(at) {
            let next = words.get(at + 1).copied().unwrap_or_default();
            match word {
                // Who may see an item is no use of it, and neither is that a module has a file.
                "pub" if next == "(" => at = end_of_group(&words, at + 1),
                "mod" => at += 2,
                "use" if next != "<" => {
                    let start = words[..at].iter().rposition(|word| [";", "{", "}", "]"].contains(word));
                    let public = words[start.map_or(0, |start| start + 1)..at].contains(&"pub");
                    let end = at + words[at..].iter().take_while(|word| **word != ";").count();
                    let mut tree = words[at + 1..end].iter().copied().peekable();
                    read_tree(&mut tree, Vec::new(), public, &mut code.uses);
                    at = end + 1;
                }
                _ if is_name(word) => {
                    let mut path = vec![word];
                    at += 1;
                    while words.get(at) == Some(&"::") && words.get(at + 1).is_some_and(|word| is_name(word)) {
                        path.push(words[at + 1]);
                        at += 2;
                    }
                    if path.len() > 1 {
                        code.paths.push(path);
                    } else {
                        code.names.insert(word);
                    }
                }
                // What follows the type of `<T>::new` or `Vec::<T>::new` is no path of its own.
                "::" if is_name(next) => at += 2,
                _ => at += 1,
            }
        }
        code
    }
}

/// Reads what follows `use`, or stands between the commas of its braces.
fn read_tree<'a>(
    words: &mut Peekable<impl Iterator<Item = &'a str>>,
    mut path: Segments<'a>,
    public: bool,
    uses: &mut Vec<Use<'a>>,
) {
    let mut alias = None;
    while let Some(word) = words.next_if(|word| ![",", "}"].contains(word)) {
        match word {
            "::" => {}
            "as" => alias = words.next(),
            "{" => {
                while words.peek().is_some_and(|word| *word != "}") {
                    read_tree(words, path.clone(), public, uses);
                    words.next_if_eq(&",");
                }
                words.next();
                return;
            }
            // `a::{self}` is `a`.
            "self" if !path.is_empty() => {}
            name => path.push(name),
        }
    }
    if let Some(name) = alias.or(path.last().copied()) {
        uses.push(Use { path, name, public });
    }
}

/// The names, the `::` and the other signs of a text.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = blank(rest);
        if skipped > 0 {
            rest = &rest[skipped..];
            continue;
        }
        let length = if rest.starts_with("::") {
            2
        } else if is_name(rest) || first.is_ascii_digit() {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after;
    }
    words
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The length of what is no code at the start of a text: space, a comment, a literal, the mark of a lifetime or of a
/// raw name.
fn blank(text: &str) -> usize {
    let after_letters = text.trim_start_matches(['b', 'c']);
    let letters = text.len() - after_letters.len();
    if text.starts_with(char::is_whitespace) {
        text.len() - text.trim_start().len()
    } else if text.starts_with("//") {
        text.find('\n').unwrap_or(text.len())
    } else if text.starts_with("/*") {
        block_comment(text)
    } else if after_letters.starts_with('"') {
        letters + quoted(after_letters, '"')
    } else if let Some(raw) = after_letters.strip_prefix('r')
        && raw.trim_start_matches('#').starts_with('"')
    {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let close = format!("\"{}", "#".repeat(hashes));
        let open = letters + 1 + close.len();
        text[open..]
            .find(&close)
            .map_or(text.len(), |at| open + at + close.len())
    } else if text.starts_with("r#") {
        2
    } else if let Some(quote) = after_letters.strip_prefix('\'') {
        let mut chars = quote.chars();
        let literal = quote.starts_with('\\') || (chars.next().is_some() && chars.next() == Some('\''));
        match literal {
            true => letters + quoted(after_letters, '\''),
            false => letters + 1,
        }
    } else {
        0
    }
}

/// The length of a literal from its quote to the next one that no backslash stands before.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a comment in stars, which may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let sign = rest.get(..2);
        match sign {
            Some("/*") => depth += 1,
            Some("*/") => depth -= 1,
            _ => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The words without the items under `#[cfg(test)]`.
fn without_tests<'a>(words: &[&'a str]) -> Vec<&'a str> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut code = Vec::new();
    let mut at = 0;
    while let Some(&word) = words.get(at) {
        if words[at..].starts_with(&TEST) {
            at = end_of_item(words, at + TEST.len());
        } else {
            code.push(word);
            at += 1;
        }
    }
    code
}

/// Where the item that begins at `at` is over: behind its `;`, or behind its block.
fn end_of_item(words: &[&str], mut at: usize) -> usize {
    let mut in_use = false;
    while let Some(&word) = words.get(at) {
        match word {
            ";" => return at + 1,
            "use" => in_use = true,
            "{" if !in_use => return end_of_group(words, at),
            "(" | "[" | "{" => {
                at = end_of_group(words, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// Where the group whose bracket opens at `at` is over.
fn end_of_group(words: &[&str], mut at: usize) -> usize {
    let mut depth = 0;
    while let Some(&word) = words.get(at) {
        at += 1;
        match word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `use` declarations as `path as name`, with `pub` before what is re-exported.
    fn uses(text: &str) -> Vec<String> {
        let show = |one: Use<'_>| {
            let public = if one.public { "pub " } else { "" };
            format!("{public}{} as {}", one.path.join("::"), one.name)
        };
        Code::read(text).uses.into_iter().map(show).collect()
    }

    fn paths(text: &str) -> Vec<String> {
        Code::read(text).paths.iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn the_braces_of_a_use_may_be_nested() {
        assert_eq!(
            uses("use a::{b, c::{d, e as f,}, self,}; use g;"),
            ["a::b as b", "a::c::d as d", "a::c::e as f", "a as a", "g as g"]
        );
    }

    #[test]
    fn self_and_super_stay_where_a_path_begins() {
        assert_eq!(
            uses("use self::a; use super::super::b::{self, C};"),
            ["self::a as a", "super::super::b as b", "super::super::b::C as C"]
        );
    }

    #[test]
    fn a_re_export_is_told_from_an_import() {
        assert_eq!(
            uses("mod x; pub use x::A; pub(in crate::y) use x::{B as C}; fn f() { use x::D; }"),
            ["pub x::A as A", "pub x::B as C", "x::D as D"]
        );
        assert_eq!(paths("pub(in crate::y) fn f() {}"), [""; 0]);
    }

    #[test]
    fn paths_in_the_text_are_found() {
        assert_eq!(
            paths("fn f(a: crate::b::C) -> Vec<super::D> { e::g::<H>::i(); <J as k::L>::m(); n!(o::p) }"),
            ["crate::b::C", "super::D", "e::g", "k::L", "o::p"]
        );
        assert_eq!(paths("fn f() -> impl Fn() + use<'_> { r#type::g }"), ["type::g"]);
    }

    #[test]
    fn names_that_stand_alone_are_found() {
        let names = Code::read("mod e; use a::B; fn f(d: B) {}").names;
        assert!(
            names.contains("B") && !names.contains("a") && !names.contains("e"),
            "{names:?}"
        );
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        let text = r####"
            // a::b
            /* c::d /* e::f */ g::h */
            const I: (&str, char, char, &[u8]) = ("j::\"k::l", '"', '\'', b"m::n");
            const O: &str = r##"p::"# q::r"##;
            fn s<'t>(u: &'t str) -> v::W { '\u{41}' }
        "####;
        assert_eq!(paths(text), ["v::W"]);
    }

    #[test]
    fn tests_are_no_code() {
        let text = "
            #[cfg(test)] use a::{b::C, d::E};
            #[cfg(test)] #[allow(x)] mod tests { fn f() { g::h([1; 2]) } }
            #[cfg(test)] mod more;
            #[cfg(unix)] fn i() { j::k() }
        ";
        assert!(uses(text).is_empty());
        assert_eq!(paths(text), ["j::k"]);
    }
}
