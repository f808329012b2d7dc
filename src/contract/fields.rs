//! A checked input: every value has the type its shape gives it, so reading it cannot fail.

use std::vec;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::shape::Shape;
use super::tree::Tree;

/// The members of one object, in the order of its shape. Only [`check`](super::check()) makes one.
#[derive(Debug)]
pub struct Fields {
    pub(super) shape: &'static Shape,
    /// One for each member of the shape; `None`: absent.
    pub(super) slots: Vec<Option<Value>>,
}

/// A value that has the type its member is declared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of `String`.
    String(String),
    /// Of `Integer`.
    Integer(i64),
    /// Of `UInteger`.
    UInteger(u64),
    /// Of `Boolean`.
    Boolean(bool),
    /// Of `Float`.
    Float(f64),
    /// Of an object.
    Object(Fields),
    /// Of a list.
    List(Vec<Value>),
}

impl Clone for Fields {
    fn clone(&self) -> Self {
        Self {
            shape: self.shape,
            slots: self.slots.clone(),
        }
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.shape, other.shape) && self.slots == other.slots
    }
}

impl Fields {
    /// The request type of this shape, filled.
    pub fn read<T: Read>(self) -> T {
        T::read(self)
    }

    /// The value of a member; `None` if it is absent or the shape has no such member.
    pub fn get(&self, member: &str) -> Option<&Value> {
        let at = self.shape.members.iter().position(|m| m.name == member)?;
        self.slots.get(at)?.as_ref()
    }

    /// The texts a member carries, be it one text or a list of them; empty if it is absent.
    pub fn texts(&self, member: &str) -> Vec<&str> {
        let items = match self.get(member) {
            Some(Value::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        items
            .iter()
            .filter_map(|item| {
                if let Value::String(text) = item {
                    Some(text.as_str())
                } else {
                    None
                }
            })
            .collect()
    }

    /// The members that are there, by name.
    pub fn into_tree(self) -> Tree {
        let members = self.shape.members.iter().zip(self.slots);
        let given = members.filter_map(|(member, value)| Some((member.name.to_owned(), value?.into_tree())));
        Tree::Object(given.collect())
    }

    /// The values one after another, for a type whose fields stand in the order of the shape.
    pub fn in_order(self) -> InOrder {
        InOrder(self.slots.into_iter())
    }
}

impl Value {
    fn into_tree(self) -> Tree {
        match self {
            Self::String(text) => Tree::String(text),
            Self::Integer(number) => Tree::Int(number),
            Self::UInteger(number) => i64::try_from(number).map_or(Tree::UInt(number), Tree::Int),
            Self::Boolean(is) => Tree::Bool(is),
            Self::Float(number) => Tree::Float(number),
            Self::Object(fields) => fields.into_tree(),
            Self::List(items) => Tree::List(items.into_iter().map(Self::into_tree).collect()),
        }
    }
}

/// As JSON that [`check`](super::check()) makes the same of again.
impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (member, slot) in self.shape.members.iter().zip(&self.slots) {
            if let Some(value) = slot {
                map.serialize_entry(member.name, value)?;
            }
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::String(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::UInteger(number) => serializer.serialize_u64(*number),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Object(fields) => fields.serialize(serializer),
            Self::List(items) => serializer.collect_seq(items),
        }
    }
}

/// The values of a [`Fields`], taken in the order of its shape.
#[derive(Debug)]
pub struct InOrder(vec::IntoIter<Option<Value>>);

impl InOrder {
    /// The next member's value.
    pub fn take<T: FromField>(&mut self) -> T {
        T::from_field(self.0.next().flatten())
    }
}

/// A request type or an object in one. Implemented by generated code, whose fields stand in the shape's order.
pub trait Read: Sized {
    /// Fills it.
    fn read(fields: Fields) -> Self;
}

/// A type that a member can have. The check has seen to it that a value of the declared type is there wherever one must
/// be; what cannot happen reads as the type's zero rather than as a panic.
pub trait FromField {
    /// The value of one member; `None`: absent.
    fn from_field(value: Option<Value>) -> Self;
}

macro_rules! scalar {
    ($($ty:ty = $variant:ident),*) => {$(
        impl FromField for $ty {
            fn from_field(value: Option<Value>) -> Self {
                match value {
                    Some(Value::$variant(value)) => value,
                    _ => Self::default(),
                }
            }
        }
    )*};
}

scalar!(
    String = String,
    i64 = Integer,
    u64 = UInteger,
    bool = Boolean,
    f64 = Float
);

impl<T: FromField> FromField for Option<T> {
    fn from_field(value: Option<Value>) -> Self {
        value.map(|value| T::from_field(Some(value)))
    }
}

impl<T: FromField> FromField for Vec<T> {
    fn from_field(value: Option<Value>) -> Self {
        match value {
            Some(Value::List(items)) => items.into_iter().map(|item| T::from_field(Some(item))).collect(),
            _ => Self::new(),
        }
    }
}

impl<T: Read> FromField for T {
    fn from_field(value: Option<Value>) -> Self {
        T::read(match value {
            Some(Value::Object(fields)) => fields,
            _ => Fields {
                shape: &Shape { name: "", members: &[] },
                slots: Vec::new(),
            },
        })
    }
}
