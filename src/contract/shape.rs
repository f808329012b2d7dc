//! What inputs and answers consist of.

use std::fmt;

/// The members of a request, a response or an object, in the order of the contract.
#[derive(Debug)]
pub struct Shape {
    /// The action's or the object's name.
    pub name: &'static str,
    /// In the order of the contract.
    pub members: &'static [Member],
}

/// One member of a [`Shape`].
#[derive(Debug)]
pub struct Member {
    /// As it stands on the wire.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// Must be sent (only of meaning in an input).
    pub required: bool,
    /// May be `null`.
    pub nullable: bool,
    /// Published as disabled; still accepted and answered.
    pub deprecated: bool,
}

impl Member {
    pub(super) const fn required(name: &'static str, ty: Type) -> Self {
        Self {
            name,
            ty,
            required: true,
            nullable: false,
            deprecated: false,
        }
    }

    pub(super) const fn optional(name: &'static str, ty: Type) -> Self {
        Self {
            name,
            ty,
            required: false,
            nullable: false,
            deprecated: false,
        }
    }

    pub(super) const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    pub(super) const fn deprecated(self) -> Self {
        Self {
            deprecated: true,
            ..self
        }
    }
}

/// The type of a member, in the contract's words.
#[derive(Clone, Copy)]
pub enum Type {
    /// Text.
    String,
    /// A whole number, 64 bits with sign.
    Integer,
    /// A whole number, 64 bits without sign.
    UInteger,
    /// True or false.
    Boolean,
    /// A number with a fraction.
    Float,
    /// An object of that shape.
    Object(&'static Shape),
    /// A list of that type.
    List(&'static Type),
}

impl Type {
    /// How a refusal names the type: the contract's word in lower case, in our own choice of words.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::UInteger => "unsigned integer",
            Self::Boolean => "boolean",
            Self::Float => "float",
            Self::Object(_) => "object",
            Self::List(_) => "array",
        }
    }
}

impl fmt::Debug for Type {
    /// `[RedisNodeInfo]`, as the contract writes it: an object is named, not spelled out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(shape) => f.write_str(shape.name),
            Self::List(item) => write!(f, "[{item:?}]"),
            _ => f.write_str(self.name()),
        }
    }
}
