//! The published API: what every action takes, answers and may refuse with.
//!
//! The tables and the request and response types under `generated/` come from the data in `contract/` (`cargo run -p
//! crs-local-codegen`) and are never edited. What a caller sent is a [`Tree`]; [`check`] holds it against an action's
//! [`Shape`] and gives [`Fields`], which a request type reads with no error path; a response type writes itself with a
//! [`Writer`].

mod bounds;
mod check;
mod fields;
mod tree;
mod write;

mod generated {
    pub(super) mod actions;
    pub(super) mod codes;
    pub mod input;
    pub mod output;
}

use std::fmt;

pub use bounds::{Bound, bound};
pub use check::{Rejection, Source, check};
pub use fields::{Fields, FromField, InOrder, Read, Value};
pub use generated::actions::{ACTIONS, ActionId, VERSIONS};
pub use generated::codes::ErrorCode;
pub use generated::{input, output};
pub use tree::Tree;
pub use write::{Members, Text, Write, Writer};

/// One action of the published API.
#[derive(Debug)]
pub struct Action {
    /// Its place in [`ACTIONS`].
    pub id: ActionId,
    /// `UpgradeInstance`; what `Action` or `X-TC-Action` carries.
    pub name: &'static str,
    /// `redis`.
    pub service: &'static str,
    /// `2018-04-12`; what `Version` or `X-TC-Version` carries.
    pub version: &'static str,
    /// The group it is listed under; the project's own grouping.
    pub family: &'static str,
    /// Whether it has behaviour here; if not, it is on `contract/missing.txt`.
    pub implemented: bool,
    /// Whether it only reads: `Describe…`, `Inquiry…`, `Get…`.
    pub reads: bool,
    /// What it is called with.
    pub input: &'static Shape,
    /// What it answers, beside `RequestId`.
    pub output: &'static Shape,
    /// The codes its page documents, in the order of their texts. `None`: unknown, because no list is published or the
    /// published one is a copy of another action's.
    pub codes: Option<&'static [ErrorCode]>,
    /// Calls a second, as documented.
    pub rate_limit: u32,
    /// What the common parameter `Region` is to it.
    pub region: RegionUse,
    /// What CAM authorises it on.
    pub resource: Resource,
    /// What it is to a change under way.
    pub flows: FlowUse,
}

impl Action {
    /// The row of an action.
    pub fn of(id: ActionId) -> &'static Self {
        &ACTIONS[id as usize]
    }

    /// Whether its own list has the code; `false` if the list is unknown.
    pub fn documents(&self, code: ErrorCode) -> bool {
        self.codes.is_some_and(|codes| codes.binary_search(&code).is_ok())
    }

    /// The ids of the instances that a call names, where it is about single instances.
    pub fn named_instances<'f>(&self, fields: &'f Fields) -> Vec<&'f str> {
        let Resource::Instance(member) = self.resource else {
            return Vec::new();
        };
        let ids = fields.texts(member);
        if ids.is_empty() {
            // Where one instance and a list of them may be named.
            return fields.texts("InstanceIds");
        }
        ids
    }
}

/// What the common parameter `Region` is to an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionUse {
    /// A call without it is refused.
    Required,
    /// A call without it is one to the first region; what is sent must be a region.
    Optional,
    /// Whatever is sent, the answer is the same.
    Ignored,
}

/// What an action is to a change of an instance that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowUse {
    /// Its answer tells the status or title of an instance, a task or an order: what it shows under way is seen.
    Shows,
    /// It begins, hurries or prices a change of the instances that it names: what is due of them and was not seen ends
    /// first.
    Ends,
    /// Neither.
    Passes,
}

/// What CAM authorises an action on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// `qcs::redis:<region>:uin/<uin>:instance/<id>` for each id in this input member (a text or a list of texts).
    Instance(&'static str),
    /// `*`.
    Any,
}

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
    const fn required(name: &'static str, ty: Type) -> Self {
        Self {
            name,
            ty,
            required: true,
            nullable: false,
            deprecated: false,
        }
    }

    const fn optional(name: &'static str, ty: Type) -> Self {
        Self {
            name,
            ty,
            required: false,
            nullable: false,
            deprecated: false,
        }
    }

    const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    const fn deprecated(self) -> Self {
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

/// The action of that name in that version, if a contract has it. Names are case-sensitive.
pub fn find(name: &str, version: &str) -> Option<&'static Action> {
    let at = ACTIONS.binary_search_by(|action| action.name.cmp(name).then_with(|| action.version.cmp(version)));
    at.ok().map(|at| &ACTIONS[at])
}

/// Whether some contract of the service has that version.
pub fn has_version(service: &str, version: &str) -> bool {
    VERSIONS.contains(&(service, version))
}

impl ErrorCode {
    /// Every code, in the order of the texts.
    pub fn all() -> &'static [Self] {
        &generated::codes::CODES
    }

    /// The code as it is answered: `InvalidParameterValue.MemSizeNotInRange`.
    pub fn as_str(self) -> &'static str {
        generated::codes::TEXTS[self as usize]
    }

    /// The code of that text, if some action documents it or it is common.
    pub fn parse(text: &str) -> Option<Self> {
        generated::codes::TEXTS
            .binary_search(&text)
            .ok()
            .map(|at| generated::codes::CODES[at])
    }

    /// Whether any action may answer it: the table of common codes (document 239/32050).
    pub fn is_common(self) -> bool {
        generated::codes::is_common(self)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
