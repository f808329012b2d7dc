//! What is known of an action.

use super::fields::Fields;
use super::generated::action_ids::ActionId;
use super::generated::codes::ErrorCode;
use super::shape::Shape;

/// One action of the published API.
#[derive(Debug)]
pub struct Action {
    /// Its place in [`ACTIONS`](super::ACTIONS).
    pub id: ActionId,
    /// `UpgradeInstance`; what `Action` or `X-TC-Action` carries.
    pub name: &'static str,
    /// `redis`.
    pub service: &'static str,
    /// `2018-04-12`; what `Version` or `X-TC-Version` carries.
    pub version: &'static str,
    /// The group it is listed under; the project's own grouping.
    pub family: &'static str,
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
    /// The member of its input that names a replication group.
    pub group: Option<&'static str>,
    /// What it is to a change under way.
    pub flows: FlowUse,
    /// Whether it may look at much however few records there are, since what it tells follows from workloads.
    pub walks: bool,
    /// Members of its input that it accepts without effect, by their dotted paths, without the places in lists.
    pub unread: &'static [&'static str],
}

impl Action {
    /// Whether its own list has the code; `false` if the list is unknown.
    pub fn documents(&self, code: ErrorCode) -> bool {
        self.codes.is_some_and(|codes| codes.binary_search(&code).is_ok())
    }

    /// The ids of the instances that a call names, where it is about single instances.
    pub fn named_instances<'f>(&self, fields: &'f Fields) -> Vec<&'f str> {
        let Resource::Instance(member) = self.resource else {
            return Vec::new();
        };
        let mut ids = fields.texts(member);
        if member == "SrcInstanceId" {
            // One that names two names the other beside it.
            ids.extend(fields.texts("DstInstanceId"));
        }
        if ids.is_empty() {
            // Where one instance and a list of them may be named.
            return fields.texts("InstanceIds");
        }
        ids
    }

    /// The id of the replication group that a call names, whose members it is about as well.
    pub fn named_group<'f>(&self, fields: &'f Fields) -> Option<&'f str> {
        fields.texts(self.group?).into_iter().next()
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
