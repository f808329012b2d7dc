//! What changes of an instance, as plain data that a flow carries.

use crate::cloud::catalogue::edition::Edition;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::instance::node::Placement;

/// Another size, with the nodes for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resize {
    pub spec: Spec,
    pub placement: Placement,
}

/// Another edition, and the size as that one counts it.
#[derive(Clone, Debug, PartialEq)]
pub struct EditionChange {
    pub edition: &'static Edition,
    pub spec: Spec,
}

/// `CurrentProxyVersion` and `CurrentRedisVersion`, where they change.
#[derive(Clone, Debug, PartialEq)]
pub struct NewerVersions {
    pub proxy: Option<String>,
    pub redis: Option<String>,
}
