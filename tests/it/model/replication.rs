//! Replication groups, in a history, and what must hold of them.

use std::collections::BTreeSet;

use crs_local::cloud::replication::group::{self, GroupChange, NewGroup};
use crs_local::cloud::replication::member::{self, Named};
use crs_local::cloud::replication::record::MEMBERS_MAX;
use crs_local::cloud::replication::status;
use crs_local::cloud::{Call, Cloud, FlowKind, Instance, MemberRole, Refusal, ReplicationGroup, advance};

use super::step::Pick;
use super::world::{Gave, World, ensure};

impl World {
    pub(super) fn replicate(&mut self, call: &Call, pick: Pick, what: u8) -> Result<Gave, Refusal> {
        let groups: Vec<&ReplicationGroup> = self.cloud.replication_groups.values().collect();
        let at = usize::from(what / 8).checked_rem(groups.len());
        let group = at.map(|at| groups[at].clone());
        let group_id = group
            .as_ref()
            .map_or("crs-rpl-nothing0".into(), |group| group.id.to_string());
        let named = |instance_id: String| Named {
            group_id: group_id.clone(),
            instance_id,
        };
        let role = ["rw", "r"][usize::from(what / 64 % 2)];
        self.log.push(format!("replication {} of {group_id}", what % 8));
        let of_group = |one: &Instance| group.as_ref().is_some_and(|group| group.member(&one.id).is_some());
        match what % 8 {
            0 => {
                let new = NewGroup {
                    instance_id: self.pick(pick, |one| (6..=9).contains(&one.edition.type_id)),
                    ..NewGroup::default()
                };
                group::create(&mut self.cloud, call, &new).map(drop)?;
            }
            1 | 2 => {
                let master = group.as_ref().and_then(ReplicationGroup::master);
                let master = master.and_then(|master| self.cloud.instances.get(&master.instance_id));
                let is_alike = |one: &Instance| {
                    let alike = |master: &Instance| (master.edition, master.spec) == (one.edition, one.spec);
                    master.is_none_or(alike) && self.cloud.replication_groups.of(&one.id).is_none()
                };
                let id = self.pick(pick, is_alike);
                member::add(&mut self.cloud, call, &named(id), role).map(drop)?;
            }
            3 => {
                let by = [FlowKind::LeaveGroup, FlowKind::DeleteFromGroup][usize::from(what / 64 % 2)];
                let id = self.pick(pick, of_group);
                member::remove(&mut self.cloud, call, &named(id), by).map(drop)?;
            }
            4 => {
                let reads = |one: &Instance| {
                    let member = group.as_ref().and_then(|group| group.member(&one.id));
                    member.is_some_and(|member| member.role == MemberRole::R)
                };
                let id = self.pick(pick, reads);
                member::change_master(&mut self.cloud, call, &named(id)).map(drop)?;
            }
            5 => {
                let id = self.pick(pick, of_group);
                member::change_role(&mut self.cloud, call, &named(id), role).map(drop)?;
            }
            6 => {
                let change = GroupChange {
                    name: Some("name".repeat(usize::from(what / 8))),
                    remark: None,
                };
                group::modify(&mut self.cloud, &group_id, change)?;
            }
            _ => group::remove(&mut self.cloud, &group_id)?,
        }
        advance::finish_if_instant(&mut self.cloud, call.now);
        Ok(Gave::Change)
    }
}

/// Somebody writes in each that is not empty; a locked one has one flow; group and instance agree from both sides.
pub(super) fn groups(cloud: &Cloud) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for group in cloud.replication_groups.values() {
        let id = &group.id;
        ensure!(group.members.len() <= MEMBERS_MAX, "{id} has too many members");
        ensure!(
            group.members.is_empty() || group.master().is_some(),
            "nobody writes in {id}"
        );
        let flows = cloud.flows.values().filter(|flow| flow.kind.sub_status() != 0);
        let own = flows.filter(|flow| group.member(&flow.instance_id).is_some()).count();
        let locked = status::status(cloud, group) != 0;
        ensure!(own == usize::from(locked), "{id} has {own} flows, locked: {locked}");
        for member in &group.members {
            let of = &member.instance_id;
            ensure!(seen.insert(of.clone()), "{of} is in two groups, or twice in one");
            let back = cloud.replication_groups.of(of).map(|group| &group.id);
            ensure!(back == Some(id), "{of} of {id} is in {back:?}");
            let Some(instance) = cloud.instances.get(of) else {
                return Err(format!("{of} of {id} is gone"));
            };
            ensure!(!instance.status.is_binned(), "{of} of {id} is isolated");
            let first = cloud.instances.get(&group.members[0].instance_id);
            let alike = first.is_some_and(|first| first.edition == instance.edition);
            ensure!(alike, "{of} of {id} is of another type");
            ensure!(
                instance.parameter("maxmemory-policy") == "noeviction",
                "{of} of {id} evicts"
            );
        }
    }
    for instance in cloud.instances.values() {
        let in_one = cloud.replication_groups.of(&instance.id).is_some();
        ensure!(in_one == seen.contains(&instance.id), "{} and its group", instance.id);
    }
    let strays = cloud.flows.values().filter(|flow| flow.kind.sub_status() != 0);
    let strays: Vec<_> = strays.filter(|flow| !seen.contains(&flow.instance_id)).collect();
    ensure!(strays.is_empty(), "flows of no group: {strays:?}");
    Ok(())
}
