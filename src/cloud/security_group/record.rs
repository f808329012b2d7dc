//! Security groups as plain data.

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::SecurityGroupId;
use crate::cloud::time::Millis;
use crate::cloud::values::Tag;

/// A security group. It exists in its region alone.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityGroup {
    /// `SecurityGroupId`: `sg-` and eight of `[a-z0-9]`.
    pub id: SecurityGroupId,
    pub region: &'static Region,
    /// `SecurityGroupName`
    pub name: String,
    /// `SecurityGroupDesc`, which redis calls `SecurityGroupRemark`.
    pub remark: String,
    /// `ProjectId`; 0 is the one that everybody has.
    pub project_id: u64,
    /// `IsDefault`: it cannot be deleted.
    pub is_default: bool,
    /// `CreatedTime`
    pub created_at: Millis,
    /// `UpdateTime`
    pub updated_at: Millis,
    /// `Version`: how often its rules were changed.
    pub version: u64,
    /// `Ingress`, the first with the highest priority.
    pub ingress: Vec<Policy>,
    /// `Egress`, as `Ingress`.
    pub egress: Vec<Policy>,
    /// `TagSet`
    pub tags: Vec<Tag>,
}

impl SecurityGroup {
    /// One without rules.
    pub fn new(id: SecurityGroupId, region: &'static Region, now: Millis) -> SecurityGroup {
        SecurityGroup {
            name: id.to_string(),
            id,
            region,
            remark: String::new(),
            project_id: 0,
            is_default: false,
            created_at: now,
            updated_at: now,
            version: 0,
            ingress: Vec::new(),
            egress: Vec::new(),
            tags: Vec::new(),
        }
    }

    /// Its rules of a direction.
    pub fn policies(&self, direction: Direction) -> &Vec<Policy> {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }

    pub(crate) fn policies_mut(&mut self, direction: Direction) -> &mut Vec<Policy> {
        match direction {
            Direction::Ingress => &mut self.ingress,
            Direction::Egress => &mut self.egress,
        }
    }

    /// Whether one of its rules names that group.
    pub(crate) fn names(&self, id: &str) -> bool {
        let is_it = |policy: &Policy| matches!(&policy.source, Source::Group(named) if **named == *id);
        self.ingress.iter().chain(&self.egress).any(is_it)
    }
}

/// Which way a rule looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What comes in.
    Ingress,
    /// What goes out.
    Egress,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether `Action` is `ACCEPT`, or `DROP`.
    pub accepts: bool,
    /// Who is meant.
    pub source: Source,
    /// What is meant.
    pub service: Service,
    /// `PolicyDescription`
    pub description: String,
    /// `ModifyTime`
    pub modified_at: Millis,
}

impl Policy {
    /// The rule that lets everything through.
    pub fn accepting_all(now: Millis) -> Policy {
        Policy {
            accepts: true,
            source: Source::Cidr(EVERYWHERE.into()),
            service: Service::all(),
            description: String::new(),
            modified_at: now,
        }
    }

    /// `Action`
    pub fn action(&self) -> &'static str {
        if self.accepts { ACCEPT } else { DROP }
    }

    /// The same but for its time.
    pub(crate) fn is_twin(&self, other: &Policy) -> bool {
        self.is_meant_by(other) && self.description == other.description
    }

    /// The same but for time and description.
    pub(crate) fn is_meant_by(&self, other: &Policy) -> bool {
        self.accepts == other.accepts && self.source == other.source && self.service == other.service
    }
}

/// The two actions of a rule.
pub const ACCEPT: &str = "ACCEPT";
pub const DROP: &str = "DROP";
/// Every protocol, every port.
pub const ALL: &str = "ALL";
/// Every IPv4 address.
pub const EVERYWHERE: &str = "0.0.0.0/0";

/// Whom a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `CidrBlock`, as it was sent.
    Cidr(String),
    /// `Ipv6CidrBlock`, as it was sent.
    Ipv6(String),
    /// `SecurityGroupId`
    Group(SecurityGroupId),
    /// `AddressId`: a template of addresses, `ipm-…`.
    Address(String),
    /// `AddressGroupId`: several of those, `ipmg-…`.
    AddressGroup(String),
}

/// Which traffic a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// `Protocol`, as it is shown, and `Port`, as it was sent.
    Ports { protocol: String, port: String },
    /// `ServiceId`: a template of ports, `ppm-…`.
    Template(String),
    /// `ServiceGroupId`: several of those, `ppmg-…`.
    TemplateGroup(String),
}

impl Service {
    /// All traffic.
    pub fn all() -> Service {
        Service::Ports {
            protocol: ALL.into(),
            port: ALL.into(),
        }
    }
}
