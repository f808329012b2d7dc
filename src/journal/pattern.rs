//! What a parameter must be: equal to a value, or like a pattern.

use serde_json::{Map, Value};

use super::record::{MASK, names_a_secret};
use crate::quote::quoted;

/// The key of an object that is a pattern: `{"Like": "crs-*"}`. No input of the contract has a member of that name.
pub(crate) const LIKE: &str = "Like";

/// The pattern that a value is, if it is one.
pub(super) fn pattern(wanted: &Value) -> Option<&Value> {
    let members = wanted.as_object().filter(|members| members.len() == 1)?;
    members.get(LIKE)
}

/// How what was sent differs from what is wanted, a line for each place; none: it does not. If `is_exact`, members that
/// are not wanted differ too.
pub(super) fn differences(wanted: &Map<String, Value>, sent: &Value, is_exact: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = vec!["Params".to_owned()];
    members(wanted, sent, is_exact, &mut path, &mut found);
    found
}

fn members(wanted: &Map<String, Value>, sent: &Value, is_exact: bool, path: &mut Vec<String>, found: &mut Vec<String>) {
    let Some(sent) = sent.as_object() else {
        found.push(format!("{}: {}, not an object", path.join("."), shown(sent)));
        return;
    };
    for (name, wanted) in wanted {
        path.push(name.clone());
        match sent.get(name).filter(|sent| !sent.is_null()) {
            Some(sent) if wanted.is_null() => found.push(format!(
                "{}: {} was sent, and nothing was expected",
                path.join("."),
                shown(sent)
            )),
            Some(sent) => value(wanted, sent, is_exact, path, found),
            None if wanted.is_null() => {}
            None => found.push(format!(
                "{}: was not sent; {} was expected",
                path.join("."),
                expected(name, wanted)
            )),
        }
        path.pop();
    }
    if is_exact {
        let more = sent
            .iter()
            .filter(|(name, sent)| !sent.is_null() && !wanted.contains_key(*name));
        for (name, sent) in more {
            found.push(format!(
                "{}.{name}: {} was sent, and nothing was expected",
                path.join("."),
                shown(sent)
            ));
        }
    }
}

fn value(wanted: &Value, sent: &Value, is_exact: bool, path: &mut Vec<String>, found: &mut Vec<String>) {
    let is_same = match (wanted, sent) {
        (wanted, sent) if pattern(wanted).is_some() => {
            is_like(pattern(wanted).and_then(Value::as_str).unwrap_or_default(), sent)
        }
        (Value::Object(wanted), Value::Object(_)) => return members(wanted, sent, is_exact, path, found),
        (Value::Array(wanted), Value::Array(sent)) if wanted.len() == sent.len() => {
            for (at, (wanted, sent)) in wanted.iter().zip(sent).enumerate() {
                path.push(at.to_string());
                value(wanted, sent, is_exact, path, found);
                path.pop();
            }
            return;
        }
        (Value::Number(wanted), Value::Number(sent)) => wanted == sent || wanted.as_f64() == sent.as_f64(),
        (wanted, sent) => wanted == sent,
    };
    if !is_same {
        let name = path
            .iter()
            .rev()
            .find(|step| !step.bytes().all(|byte| byte.is_ascii_digit()));
        let wanted = expected(name.map_or("", String::as_str), wanted);
        found.push(format!(
            "{}: {} was sent; {wanted} was expected",
            path.join("."),
            shown(sent)
        ));
    }
}

/// What was sent, as a message shows it.
fn shown(sent: &Value) -> String {
    quoted(&sent.to_string()).into_owned()
}

/// What was expected of the member of that name; of a secret only how to expect one.
fn expected(name: &str, wanted: &Value) -> String {
    if names_a_secret(name) && pattern(wanted).is_none() && !wanted.is_boolean() {
        return format!("\"{MASK}\", which stands for every secret,");
    }
    match pattern(wanted) {
        Some(pattern) => format!("one like {}", shown(pattern)),
        None => shown(wanted),
    }
}

/// Whether a text, or a number or boolean as JSON writes it, is like the pattern: `*` stands for any text, `?` for one
/// character, and a `\` takes the next for itself.
fn is_like(pattern: &str, sent: &Value) -> bool {
    match sent {
        Value::String(text) => matches(pattern, text),
        Value::Number(_) | Value::Bool(_) => matches(pattern, &sent.to_string()),
        _ => false,
    }
}

/// A part of a pattern.
enum Token {
    Any,
    One,
    Letter(char),
}

fn matches(pattern: &str, text: &str) -> bool {
    let mut letters = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        tokens.push(match letter {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Letter(letters.next().unwrap_or('\\')),
            letter => Token::Letter(letter),
        });
    }
    let text: Vec<char> = text.chars().collect();
    // Where the last `*` stands and how much it stands for: only that one ever has to be tried anew.
    let (mut at, mut read, mut retry) = (0, 0, None);
    while read < text.len() {
        match tokens.get(at) {
            Some(Token::Any) => {
                retry = Some((at, read));
                at += 1;
                continue;
            }
            Some(Token::One) => {}
            Some(Token::Letter(letter)) if *letter == text[read] => {}
            _ => {
                let Some((any, from)) = retry else { return false };
                retry = Some((any, from + 1));
                (at, read) = (any + 1, from + 1);
                continue;
            }
        }
        (at, read) = (at + 1, read + 1);
    }
    tokens[at..].iter().all(|token| matches!(token, Token::Any))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differ(wanted: &Value, sent: &Value, is_exact: bool) -> Vec<String> {
        differences(wanted.as_object().expect("an object"), sent, is_exact)
    }

    #[test]
    fn a_pattern_has_stars_question_marks_and_escapes() {
        for (pattern, text, is) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("crs-*", "crs-5qlrlhux", true),
            ("crs-*", "xcrs-5", false),
            ("*-*-*", "a-b", false),
            ("*ab*ab", "aabab", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("测?", "测试", true),
            (r"a\*", "a*", true),
            (r"a\*", "ab", false),
            (r"a\", r"a\", true),
            ("**a**", "bab", true),
        ] {
            assert_eq!(matches(pattern, text), is, "{pattern} {text}");
        }
    }

    #[test]
    fn a_long_text_and_many_stars_take_no_long_time() {
        let text = "a".repeat(100_000);
        assert!(!matches(&format!("{}b", "*a".repeat(50)), &text));
    }

    #[test]
    fn what_is_wanted_is_a_part_of_what_was_sent() {
        let sent = json!({ "InstanceId": "crs-1", "MemSize": 4096, "NodeSet": [{ "ZoneId": 1, "NodeType": 0 }] });
        for wanted in [
            json!({}),
            json!({ "MemSize": 4096.0 }),
            json!({ "MemSize": { "Like": "4*" }, "InstanceId": { "Like": "crs-?" } }),
            json!({ "NodeSet": [{ "ZoneId": 1 }] }),
            json!({ "RedisShardNum": null }),
        ] {
            assert_eq!(differ(&wanted, &sent, false), [""; 0], "{wanted}");
        }
        assert_eq!(differ(&sent, &sent, true), [""; 0]);
    }

    #[test]
    fn each_place_that_differs_is_named() {
        let sent = json!({ "A": 1, "B": { "C": "x", "D": true }, "L": [1, 2], "Password": "***" });
        for (wanted, is_exact, expected) in [
            (
                json!({ "A": "1" }),
                false,
                vec!["Params.A: 1 was sent; \"1\" was expected"],
            ),
            (
                json!({ "A": null }),
                false,
                vec!["Params.A: 1 was sent, and nothing was expected"],
            ),
            (json!({ "X": 1 }), false, vec!["Params.X: was not sent; 1 was expected"]),
            (
                json!({ "B": { "C": { "Like": "y*" } } }),
                false,
                vec!["Params.B.C: \"x\" was sent; one like \"y*\" was expected"],
            ),
            (
                json!({ "B": 1 }),
                false,
                vec!["Params.B: {\"C\":\"x\",\"D\":true} was sent; 1 was expected"],
            ),
            (
                json!({ "L": [1, 3] }),
                false,
                vec!["Params.L.1: 2 was sent; 3 was expected"],
            ),
            (
                json!({ "L": [1] }),
                false,
                vec!["Params.L: [1,2] was sent; [1] was expected"],
            ),
            (
                json!({ "Password": "s3cret" }),
                false,
                vec!["Params.Password: \"***\" was sent; \"***\", which stands for every secret, was expected"],
            ),
            (
                json!({ "A": 1, "L": [1, 2], "B": { "D": true } }),
                true,
                vec![
                    "Params.B.C: \"x\" was sent, and nothing was expected",
                    "Params.Password: \"***\" was sent, and nothing was expected",
                ],
            ),
        ] {
            assert_eq!(differ(&wanted, &sent, is_exact), expected, "{wanted}");
        }
        let none = differ(&json!({ "A": 1 }), &Value::Null, false);
        assert_eq!(none, ["Params: null, not an object"]);
    }
}
