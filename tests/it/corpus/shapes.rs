//! What the contract alone makes wrong: every member of every action, nested ones included, absent, misspelled, and
//! with each value of another type.

use std::collections::BTreeMap;

use crs_local::contract::bounds::bound;
use crs_local::contract::shape::{Member, Shape, Type};
use serde_json::{Value, json};

use super::rules::Base;
use super::{Case, Input, Wants, Way, actions};

/// Bodies that are no object, or no JSON.
const BODIES: [&str; 8] = ["[]", "[{}]", "\"{}\"", "1", "true", "{", "{\"InstanceId\":}", "{}{}"];

/// All cases, each from an accepted request with one thing wrong, and the accepted ones beside them.
pub(super) fn cases(bases: &BTreeMap<String, Base>) -> Vec<Case> {
    let mut cases = Vec::new();
    for action in actions() {
        let base = bases
            .get(action.name)
            .unwrap_or_else(|| panic!("bases.json has no {}", action.name));
        let mut of = Of {
            base,
            cases: Vec::new(),
        };
        of.bodies();
        of.members(action.input, &[], &|input| input);
        of.spelled(action.input, "", &[]);
        cases.append(&mut of.cases);
    }
    cases
}

/// The cases of one action.
struct Of<'a> {
    base: &'a Base,
    cases: Vec<Case>,
}

/// Puts an object that has something wrong in the place where its kind stands.
type Put<'a> = &'a dyn Fn(Input) -> Input;

impl Of<'_> {
    fn case(&mut self, way: Way, wants: Wants, from: String) {
        self.cases.push(Case {
            action: self.base.action,
            region: self.base.region.clone(),
            way,
            wants,
            before: self.base.before.clone(),
            from: format!("{}, {from}", self.base.action.name),
        });
    }

    fn bodies(&mut self) {
        self.case(Way::Json(self.base.input.clone()), Wants::Accepted, "its base".into());
        for body in BODIES {
            let wants = Wants::Code("InvalidParameter".into());
            self.case(Way::Body(body), wants, "a body that is no object".into());
        }
    }

    /// Every member of an object at this path; at the top the object is the base itself.
    fn members(&mut self, shape: &'static Shape, path: &[String], put: Put) {
        let top = path.is_empty();
        let good = if top { self.base.input.clone() } else { sample(shape) };
        let at = |name: &str| [path, &[name.to_owned()]].concat().join(".");
        for name in unknown(shape) {
            let wants = Wants::CodeAt("UnknownParameter", at(&name));
            let input = put(with(&good, &name, json!("x")));
            self.case(Way::Json(input), wants, format!("unknown {}", at(&name)));
        }
        for member in shape.members {
            let path_of = at(member.name);
            if member.required && !member.nullable {
                let missing = || Wants::CodeAt("MissingParameter", path_of.clone());
                let mut without = good.clone();
                without.remove(member.name);
                self.case(Way::Json(put(without)), missing(), format!("without {path_of}"));
                let null = put(with(&good, member.name, Value::Null));
                self.case(Way::Json(null), missing(), format!("null for {path_of}"));
            } else if top && !good.contains_key(member.name) {
                let null = put(with(&good, member.name, Value::Null));
                self.case(Way::Json(null), Wants::Accepted, format!("null for {path_of}"));
            }
            for (value, inside) in wrong(member.ty) {
                let wants = Wants::CodeAt("InvalidParameter", format!("{path_of}{inside}"));
                let from = format!("{value} for {path_of}");
                self.case(Way::Json(put(with(&good, member.name, value))), wants, from);
            }
            for (value, inside) in too_long(member) {
                let wants = Wants::CodeAt("InvalidParameterValue", format!("{path_of}{inside}"));
                let from = format!("too much in {path_of}{inside}");
                self.case(Way::Json(put(with(&good, member.name, value))), wants, from);
            }
            self.inner(member, path, &|value| put(with(&good, member.name, value)));
        }
    }

    /// What lies inside of a member.
    fn inner(&mut self, member: &'static Member, path: &[String], put: &dyn Fn(Value) -> Input) {
        match member.ty {
            Type::Object(shape) => {
                let path = [path, &[member.name.to_owned()]].concat();
                self.members(shape, &path, &|object| put(Value::Object(object)));
            }
            Type::List(Type::Object(shape)) => {
                let first = [path, &[member.name.to_owned(), "0".to_owned()]].concat();
                self.members(shape, &first, &|object| put(json!([object])));
                // The second of a list is looked at like the first.
                let second = [path, &[member.name.to_owned(), "1".to_owned()]].concat();
                self.members(shape, &second, &|object| put(json!([sample(shape), object])));
            }
            _ => {}
        }
    }

    /// The same in a form, where every leaf is a text.
    fn spelled(&mut self, shape: &'static Shape, path: &str, beside: &[(String, String)]) {
        let base = flat(&self.base.input);
        let invalid = |path: &str| Wants::CodeAt("InvalidParameter", path.to_owned());
        if path.is_empty() {
            self.case(Way::Form(base.clone()), Wants::Accepted, "its base as a form".into());
        }
        let send = |of: &mut Self, name: &str, value: &str, wants: Wants| {
            // What the base has of this member, as a leaf or in leaves below it, gives way.
            let top = name.split('.').next().unwrap_or_default();
            let other = |key: &str, name: &str| key != name && !key.starts_with(&format!("{name}."));
            let kept = base.iter().filter(|(key, _)| other(key, top));
            // What is wrong in a list is not beside an item that is right.
            let list = name.rsplit_once('.').filter(|(_, last)| ["0", "1", "A"].contains(last));
            let of_list = |key: &str| list.is_some_and(|(list, _)| key.starts_with(&format!("{list}.")));
            let near = beside.iter().filter(|(key, _)| other(key, name) && !of_list(key));
            let mut pairs: Vec<_> = kept.chain(near).cloned().collect();
            pairs.push((name.to_owned(), value.to_owned()));
            of.case(Way::Form(pairs), wants, format!("a form with {name}={value}"));
        };
        let unknown = format!("{path}Unknown");
        send(self, &unknown, "x", Wants::CodeAt("UnknownParameter", unknown.clone()));
        for member in shape.members {
            let name = format!("{path}{}", member.name);
            for value in misspelled(member.ty) {
                send(self, &name, value, invalid(&name));
            }
            match member.ty {
                Type::List(Type::Object(inner)) => {
                    send(self, &format!("{name}.0"), "x", invalid(&format!("{name}.0")));
                    send(self, &format!("{name}.1.Unknown"), "x", invalid(&name));
                    let first = format!("{name}.0.");
                    self.spelled(inner, &first, &spelled_sample(inner, &first));
                }
                Type::List(item) => {
                    for value in misspelled(*item) {
                        let first = format!("{name}.0");
                        send(self, &first, value, invalid(&first));
                    }
                    send(self, &format!("{name}.1"), "1", invalid(&name));
                    send(self, &format!("{name}.A"), "1", invalid(&name));
                }
                Type::Object(inner) => {
                    let inside = format!("{name}.");
                    self.spelled(inner, &inside, &spelled_sample(inner, &inside));
                }
                _ => {
                    send(self, &format!("{name}.0"), "1", invalid(&name));
                    send(self, &format!("{name}.A"), "1", invalid(&name));
                }
            }
        }
    }
}

/// Names that are near those of a shape and not among them.
fn unknown(shape: &Shape) -> Vec<String> {
    let first = shape.members.first().map(|member| member.name);
    let near = first.into_iter().flat_map(|name| {
        [
            name.to_lowercase(),
            format!("{name}s_"),
            format!(" {name}"),
            format!("{name}.0"),
        ]
    });
    let mut names: Vec<_> = near.collect();
    names.extend(["Unknown", "Region", "DryRun_", ""].map(str::to_owned));
    names.retain(|name| shape.members.iter().all(|member| member.name != name));
    names
}

fn with(input: &Input, name: &str, value: Value) -> Input {
    let mut input = input.clone();
    input.insert(name.to_owned(), value);
    input
}

/// JSON values that are none of that type, and where in them the fault lies.
fn wrong(ty: Type) -> Vec<(Value, &'static str)> {
    let number = |text: &str| serde_json::from_str::<Value>(text).expect("a number");
    let here = |values: Vec<Value>| values.into_iter().map(|value| (value, "")).collect();
    match ty {
        Type::String => here(vec![
            json!(1),
            json!(1.5),
            json!(true),
            json!([]),
            json!(["a"]),
            json!({}),
        ]),
        Type::Boolean => here(vec![
            json!(0),
            json!(1),
            json!("true"),
            json!(""),
            json!([true]),
            json!({}),
        ]),
        Type::Integer | Type::UInteger => {
            let mut values = vec![
                json!("1"),
                json!(""),
                json!("x"),
                json!(true),
                json!(1.5),
                json!(1.0),
                number("1e3"),
                json!([]),
                json!([1]),
                json!({}),
                number("18446744073709551616"),
                number("1e30"),
            ];
            if matches!(ty, Type::UInteger) {
                values.extend([json!(-1), json!(i64::MIN), json!(-0.5)]);
            } else {
                values.extend([number("9223372036854775808"), number("-9223372036854775809")]);
            }
            here(values)
        }
        Type::Float => here(vec![json!("1.5"), json!(true), json!([]), json!({})]),
        Type::Object(_) => here(vec![
            json!(""),
            json!("{}"),
            json!(1),
            json!(true),
            json!([]),
            json!([{}]),
        ]),
        Type::List(item) => {
            let mut values: Vec<(Value, &str)> = here(vec![
                json!("a"),
                json!(""),
                json!("[]"),
                json!(1),
                json!(true),
                json!({}),
                json!({ "0": "a" }),
            ]);
            let item = wrong(*item).into_iter().filter(|(_, inside)| inside.is_empty());
            values.extend(item.map(|(value, _)| (json!([value]), ".0")));
            values.push((json!([null]), ".0"));
            values
        }
    }
}

/// Values that are one item or one byte longer than a call may carry, and where in them that is.
fn too_long(member: &Member) -> Vec<(Value, &'static str)> {
    let bound = bound(member);
    let text = || "a".repeat(bound.bytes + 1);
    match member.ty {
        Type::String => vec![(json!(text()), "")],
        Type::List(item) => {
            let mut values = vec![(json!(vec![good(*item); bound.items + 1]), "")];
            if matches!(item, Type::String) {
                values.push((json!(["a", text()]), ".1"));
            }
            values
        }
        _ => Vec::new(),
    }
}

/// Texts that spell no value of that type.
fn misspelled(ty: Type) -> &'static [&'static str] {
    match ty {
        Type::String => &[],
        Type::Boolean => &["", "2", "yes", "TRUE", "on", "null"],
        Type::Integer => &[
            "",
            "x",
            "1.5",
            "1.0",
            "+1",
            " 1",
            "1 ",
            "0x10",
            "1e3",
            "true",
            "--1",
            "9223372036854775808",
        ],
        Type::UInteger => &[
            "",
            "x",
            "1.5",
            "1.0",
            "+1",
            " 1",
            "0x10",
            "1e3",
            "true",
            "-1",
            "18446744073709551616",
        ],
        Type::Float => &["", "x", "nan", "inf"],
        Type::Object(_) | Type::List(_) => &["", "x", "1", "[]", "{}"],
    }
}

/// An object with its required members, each of the right type.
fn sample(shape: &Shape) -> Input {
    let needed = shape.members.iter().filter(|member| member.required);
    needed.map(|member| (member.name.to_owned(), good(member.ty))).collect()
}

fn good(ty: Type) -> Value {
    match ty {
        Type::String => json!("text"),
        Type::Integer | Type::UInteger => json!(1),
        Type::Boolean => json!(true),
        Type::Float => json!(1.5),
        Type::Object(shape) => Value::Object(sample(shape)),
        Type::List(_) => json!([]),
    }
}

fn spelled_sample(shape: &Shape, path: &str) -> Vec<(String, String)> {
    let mut input = sample(shape);
    // A form has no empty list.
    for value in input.values_mut().filter(|value| **value == json!([])) {
        *value = json!(["text"]);
    }
    let pairs = flat(&input).into_iter();
    pairs.map(|(name, value)| (format!("{path}{name}"), value)).collect()
}

/// An input as the names and values of a form.
fn flat(input: &Input) -> Vec<(String, String)> {
    fn walk(path: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
        match value {
            Value::Null => {}
            Value::String(text) => pairs.push((path.to_owned(), text.clone())),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(&format!("{path}.{at}"), item, pairs);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    walk(&format!("{path}.{name}"), value, pairs);
                }
            }
            other => pairs.push((path.to_owned(), other.to_string())),
        }
    }
    let mut pairs = Vec::new();
    for (name, value) in input {
        walk(name, value, &mut pairs);
    }
    pairs
}
