//! What a caller sent, before anything is known of its types.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// An untyped value: a JSON body as it came, or the parameters of a form, all of whose leaves are texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// `null`: as if it had not been sent.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number that fits.
    Int(i64),
    /// A whole number beyond [`i64::MAX`].
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    List(Vec<Tree>),
    /// Names and values in the order sent, each name once.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// Parses JSON of any type; a caller that wants an object looks for [`Tree::Object`]. Of a name that comes twice
    /// the last value counts. Nesting is bounded (128 levels), so neither this nor a drop can exhaust the stack.
    ///
    /// # Errors
    /// Not JSON, not UTF-8, nested too deep, or a number that no double can hold.
    pub fn from_json(body: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body)
    }
}

impl Tree {
    /// Whether it holds at least what is wanted: of an object these members (null: it is not sent), of a list such
    /// elements, of anything else this value. What a form sent are texts, so a number or a flag is also its text.
    #[must_use]
    pub fn includes(&self, wanted: &Value) -> bool {
        match (self, wanted) {
            (Self::Object(members), Value::Object(wanted)) => wanted.iter().all(|(name, wanted)| {
                let member = members.iter().find(|(own, _)| own == name);
                member.map_or(wanted.is_null(), |(_, member)| member.includes(wanted))
            }),
            (Self::List(elements), Value::Array(wanted)) => wanted
                .iter()
                .all(|wanted| elements.iter().any(|element| element.includes(wanted))),
            (Self::Null, wanted) => wanted.is_null(),
            (Self::Bool(flag), wanted) => wanted.as_bool() == Some(*flag),
            (Self::Int(number), wanted) => wanted.as_i64() == Some(*number),
            (Self::UInt(number), wanted) => wanted.as_u64() == Some(*number),
            (Self::Float(number), wanted) => wanted.as_f64() == Some(*number),
            (Self::String(text), Value::String(wanted)) => text == wanted,
            (Self::String(text), Value::Bool(wanted)) => text.parse() == Ok(*wanted),
            (Self::String(text), Value::Number(wanted)) => {
                text.parse().is_ok_and(|number: serde_json::Number| number == *wanted)
            }
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Plain)
    }
}

struct Plain;

impl<'de> Visitor<'de> for Plain {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(i64::try_from(value).map_or(Tree::UInt(value), Tree::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members: Vec<(String, Tree)> = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(keep_last(members)))
    }
}

/// Each name once, with its last value, in the place where it first stood.
fn keep_last(members: Vec<(String, Tree)>) -> Vec<(String, Tree)> {
    // A body may carry a million names, so the search must not be quadratic; the usual few are quicker by eye.
    let few = members.len() <= 16;
    if few && (1..members.len()).all(|at| members[..at].iter().all(|(name, _)| *name != members[at].0)) {
        return members;
    }
    let mut places: HashMap<String, usize> = HashMap::with_capacity(members.len());
    let mut kept: Vec<(String, Tree)> = Vec::with_capacity(members.len());
    for (name, value) in members {
        match places.get(&name) {
            Some(&at) => kept[at].1 = value,
            None => {
                places.insert(name.clone(), kept.len());
                kept.push((name, value));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Tree {
        Tree::from_json(json.as_bytes()).unwrap_or_else(|e| panic!("{json}: {e}"))
    }

    #[test]
    fn every_json_type_has_its_place() {
        assert_eq!(parse("null"), Tree::Null);
        assert_eq!(
            parse(" [true, -1, 0, 1.5, \"a\\u00e9\\\"\"] "),
            Tree::List(vec![
                Tree::Bool(true),
                Tree::Int(-1),
                Tree::Int(0),
                Tree::Float(1.5),
                Tree::String("aé\"".into()),
            ])
        );
        assert_eq!(
            parse("{\"B\":{},\"A\":[]}"),
            Tree::Object(vec![
                ("B".into(), Tree::Object(vec![])),
                ("A".into(), Tree::List(vec![])),
            ])
        );
    }

    #[test]
    fn whole_numbers_keep_every_digit_as_far_as_64_bits_go() {
        assert_eq!(parse("9223372036854775807"), Tree::Int(i64::MAX));
        assert_eq!(parse("9223372036854775808"), Tree::UInt(1 << 63));
        assert_eq!(parse("18446744073709551615"), Tree::UInt(u64::MAX));
        assert_eq!(parse("-9223372036854775808"), Tree::Int(i64::MIN));
        assert_eq!(parse("18446744073709551616"), Tree::Float(18_446_744_073_709_551_616.0));
        assert_eq!(parse("4096.0"), Tree::Float(4096.0));
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        assert_eq!(
            parse("{\"A\":1,\"B\":2,\"A\":3}"),
            Tree::Object(vec![("A".into(), Tree::Int(3)), ("B".into(), Tree::Int(2)),])
        );
        let many: Vec<String> = (0..40).map(|n| format!("\"N{}\":{n}", n % 20)).collect();
        let Tree::Object(members) = parse(&format!("{{{}}}", many.join(","))) else {
            panic!("an object")
        };
        assert_eq!(members.len(), 20);
        assert_eq!(members[3], ("N3".to_owned(), Tree::Int(23)));
    }

    #[test]
    fn what_is_not_json_is_refused_and_depth_is_bounded() {
        for body in [
            "",
            "{",
            "{\"A\":}",
            "{\"A\":1}x",
            "nul",
            "{'A':1}",
            "1e999",
            "\u{feff}{}",
        ] {
            assert!(Tree::from_json(body.as_bytes()).is_err(), "{body:?}");
        }
        assert!(Tree::from_json(b"\"\xff\"").is_err());
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Tree::from_json(deep(100).as_bytes()).is_ok());
        assert!(Tree::from_json(deep(100_000).as_bytes()).is_err());
    }

    #[test]
    fn what_is_wanted_is_a_part_of_what_was_sent() {
        let sent = parse("{\"A\":1,\"B\":[\"x\",{\"C\":true,\"D\":1.5}],\"E\":null,\"F\":\"2048\",\"G\":\"false\"}");
        for part in [
            "{}",
            "{\"A\":1}",
            "{\"B\":[]}",
            "{\"B\":[{\"D\":1.5}]}",
            "{\"B\":[{\"C\":true},\"x\"],\"A\":1}",
            "{\"E\":null,\"H\":null}",
            "{\"F\":2048,\"G\":false}",
            "{\"F\":\"2048\"}",
        ] {
            assert!(sent.includes(&serde_json::from_str(part).unwrap()), "{part}");
        }
        for other in [
            "[]",
            "{\"A\":2}",
            "{\"A\":\"1\"}",
            "{\"A\":null}",
            "{\"B\":[\"y\"]}",
            "{\"B\":\"x\"}",
            "{\"B\":[{\"C\":false}]}",
            "{\"F\":204}",
            "{\"H\":1}",
        ] {
            assert!(!sent.includes(&serde_json::from_str(other).unwrap()), "{other}");
        }
        let big = parse("18446744073709551615");
        assert!(big.includes(&serde_json::from_str("18446744073709551615").unwrap()));
    }
}
