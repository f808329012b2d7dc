//! What a caller sent, held against the shape of the action's input.
//!
//! A call may have several faults; which one is answered first is not published. Ours is the order types, required,
//! unknown, bounds, each over the whole input: first the first value of a wrong type, in the order sent; then the first
//! required member that is absent, in the order of the contract; then the first member that the contract does not know,
//! and the first that carries too much, in the order sent.

use super::bounds::{bound, is_small};
use super::fields::{Fields, Value};
use super::shape::{Member, Shape, Type};
use super::tree::Tree;

/// Where the values came from, which decides what a leaf may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A JSON body: values have JSON's types, and a number in quotes is not a number.
    Json,
    /// A query or a form: every leaf is a text that spells its value (`4096`; `True`, `true`, `1`).
    Form,
}

/// Why an input is not one. Paths are dotted and count from 0, as the published messages print them:
/// `NodeSet.0.ZoneId`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// A required member is absent (or `null`).
    Missing {
        /// The member.
        path: String,
    },
    /// A member that the contract does not know.
    Unknown {
        /// The member, as it was sent.
        path: String,
    },
    /// A list of more items, or a text of more bytes, than a call may carry.
    TooLong {
        /// The member or the item of a list.
        path: String,
        /// How many there are.
        len: usize,
        /// How many there may be.
        most: usize,
        /// Items or bytes.
        unit: &'static str,
    },
    /// A value of another type than declared; a negative number where none may be counts as that.
    WrongType {
        /// The member or the item of a list; empty for the input itself.
        path: String,
        /// The declared type, as [`Type::name`] gives it.
        wants: &'static str,
    },
}

/// Holds an input against its shape and types every value. A member that is `null` is as if it had not been sent; an
/// empty text and an empty list are present; whole numbers are taken where fractions are declared.
///
/// # Errors
/// The first fault, in the order that stands at the top of this module.
pub fn check(shape: &'static Shape, tree: Tree, source: Source) -> Result<Fields, Rejection> {
    let mut walk = Walk {
        source,
        path: Vec::new(),
        unknown: None,
        too_long: None,
        incomplete: false,
    };
    let Tree::Object(members) = tree else {
        return Err(walk.wrong("object"));
    };
    let fields = walk.object(shape, members)?;
    if walk.incomplete
        && let Some(path) = first_missing(&fields, &mut Vec::new())
    {
        return Err(Rejection::Missing { path });
    }
    let unknown = walk.unknown.map(|path| Rejection::Unknown { path });
    unknown.or(walk.too_long).map_or(Ok(fields), Err)
}

/// One step of a path: paths are written out only when something is refused.
#[derive(Clone, Copy)]
enum Step {
    Member(&'static str),
    Item(usize),
}

fn dotted(path: &[Step], last: Option<&str>) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Member(name) => (*name).to_owned(),
        Step::Item(at) => at.to_string(),
    });
    steps.chain(last.map(str::to_owned)).collect::<Vec<_>>().join(".")
}

struct Walk {
    source: Source,
    path: Vec<Step>,
    /// The first member that no shape knows.
    unknown: Option<String>,
    /// The first value that is too long.
    too_long: Option<Rejection>,
    /// Whether a required member is absent somewhere.
    incomplete: bool,
}

impl Walk {
    fn wrong(&self, wants: &'static str) -> Rejection {
        Rejection::WrongType {
            path: dotted(&self.path, None),
            wants,
        }
    }

    fn object(&mut self, shape: &'static Shape, members: Vec<(String, Tree)>) -> Result<Fields, Rejection> {
        let mut slots = Vec::new();
        slots.resize_with(shape.members.len(), || None);
        for (name, tree) in members {
            if matches!(tree, Tree::Null) {
                continue;
            }
            let Some(at) = shape.members.iter().position(|member| member.name == name) else {
                if self.unknown.is_none() {
                    self.unknown = Some(dotted(&self.path, Some(&name)));
                }
                continue;
            };
            let member = &shape.members[at];
            self.path.push(Step::Member(member.name));
            slots[at] = Some(self.value(member, member.ty, tree)?);
            self.path.pop();
        }
        let lacks = |(slot, member): (&Option<Value>, &Member)| slot.is_none() && needed(member);
        self.incomplete |= slots.iter().zip(shape.members).any(lacks);
        Ok(Fields { shape, slots })
    }

    /// Notes a list or a text that is longer than the member's bound.
    fn measure(&mut self, member: &Member, tree: &Tree) {
        let (len, unit) = match tree {
            Tree::List(items) => (items.len(), "items"),
            Tree::String(text) => (text.len(), "bytes"),
            _ => return,
        };
        if is_small(len) || self.too_long.is_some() {
            return;
        }
        let bound = bound(member);
        let most = if unit == "items" { bound.items } else { bound.bytes };
        if len > most {
            self.too_long = Some(Rejection::TooLong {
                path: dotted(&self.path, None),
                len,
                most,
                unit,
            });
        }
    }

    /// The value of a member, or of an item of it.
    fn value(&mut self, member: &Member, ty: Type, tree: Tree) -> Result<Value, Rejection> {
        self.measure(member, &tree);
        match (ty, tree) {
            (Type::Object(shape), Tree::Object(members)) => self.object(shape, members).map(Value::Object),
            (Type::List(item), Tree::List(trees)) => {
                let mut items = Vec::with_capacity(trees.len());
                for (at, tree) in trees.into_iter().enumerate() {
                    self.path.push(Step::Item(at));
                    items.push(self.value(member, *item, tree)?);
                    self.path.pop();
                }
                Ok(Value::List(items))
            }
            (ty, tree) => {
                let value = match (self.source, tree) {
                    (Source::Form, Tree::String(text)) => spelled(ty, text),
                    (Source::Form, _) => None,
                    (Source::Json, tree) => plain(ty, tree),
                };
                value.ok_or_else(|| self.wrong(ty.name()))
            }
        }
    }
}

/// A leaf of JSON. A fraction is never taken for a whole number, not even `4096.0`.
fn plain(ty: Type, tree: Tree) -> Option<Value> {
    match (ty, tree) {
        (Type::String, Tree::String(text)) => Some(Value::String(text)),
        (Type::Boolean, Tree::Bool(value)) => Some(Value::Boolean(value)),
        (Type::Integer, Tree::Int(value)) => Some(Value::Integer(value)),
        (Type::UInteger, Tree::Int(value)) => u64::try_from(value).ok().map(Value::UInteger),
        (Type::UInteger, Tree::UInt(value)) => Some(Value::UInteger(value)),
        (Type::Float, Tree::Float(value)) => Some(Value::Float(value)),
        (Type::Float, Tree::Int(value)) => Some(Value::Float(value as f64)),
        (Type::Float, Tree::UInt(value)) => Some(Value::Float(value as f64)),
        _ => None,
    }
}

/// A leaf of a form. Python spells `True`, the other official SDKs `true`.
fn spelled(ty: Type, text: String) -> Option<Value> {
    // Rust reads `+1`, `inf` and `nan` as numbers; a form's numbers are digits.
    let number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    match ty {
        Type::String => Some(Value::String(text)),
        Type::Boolean => match text.as_str() {
            "True" | "true" | "1" => Some(Value::Boolean(true)),
            "False" | "false" | "0" => Some(Value::Boolean(false)),
            _ => None,
        },
        Type::Integer if number => text.parse().ok().map(Value::Integer),
        Type::UInteger if number => text.parse().ok().map(Value::UInteger),
        Type::Float if number => text
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .map(Value::Float),
        _ => None,
    }
}

fn needed(member: &Member) -> bool {
    member.required && !member.nullable
}

/// The first required member that is absent, in the order of the contract, inner ones in the place of their object.
fn first_missing(fields: &Fields, path: &mut Vec<Step>) -> Option<String> {
    for (slot, member) in fields.slots.iter().zip(fields.shape.members) {
        path.push(Step::Member(member.name));
        let found = match slot {
            None => needed(member).then(|| dotted(path, None)),
            Some(value) => missing_inside(value, path),
        };
        if found.is_some() {
            return found;
        }
        path.pop();
    }
    None
}

fn missing_inside(value: &Value, path: &mut Vec<Step>) -> Option<String> {
    match value {
        Value::Object(fields) => first_missing(fields, path),
        Value::List(items) => items.iter().enumerate().find_map(|(at, item)| {
            path.push(Step::Item(at));
            let found = missing_inside(item, path);
            path.pop();
            found
        }),
        _ => None,
    }
}
