//! Audit logs, exports and the delivery of slow logs, in a history.

use crs_local::cloud::log::audit::{self, Wanted};
use crs_local::cloud::log::delivery::{self, NewDelivery};
use crs_local::cloud::log::export::{self, NewExport};
use crs_local::cloud::log::record::{AuditState, ExportState};
use crs_local::cloud::log::topic;
use crs_local::cloud::{Call, Cloud, FlowKind, Instance, Payload, Refusal, advance, time};

use super::step::Pick;
use super::world::{Gave, World, ensure};

/// What is asked of audit logs: all of it, or something that cannot be had.
pub(super) fn wanted(what: u8) -> Wanted {
    Wanted {
        log_type: "auditLog".to_owned(),
        sub_type: ["all", "read", "write", "none"][usize::from(what / 16 % 4)].to_owned(),
        expire_days: if what >= 128 { 30 } else { 7 },
        high_days: 7,
        degrade_ms: Some(500),
    }
}

/// Every second delivery goes to a topic that there is, if there is one.
fn new_delivery(cloud: &Cloud, what: u8) -> NewDelivery {
    let held = cloud.log_sets.iter().find(|set| !set.topics.is_empty());
    let held = held.filter(|_| what % 32 < 16);
    NewDelivery {
        log_type: "slowlog".to_owned(),
        enabled: what < 200,
        logset_id: held.map(|set| set.id.clone()),
        topic_id: held.map(|set| set.topics[0].id.clone()),
        logset_name: Some("set".to_owned()),
        topic_name: Some("topic".to_owned()),
        ..NewDelivery::default()
    }
}

impl World {
    pub(super) fn logs(&mut self, call: &Call, pick: Pick, what: u8) -> Result<Gave, Refusal> {
        let id = match what % 8 {
            0 | 1 | 6 | 7 => self.ready(pick, FlowKind::OpenLog),
            _ => self.pick(pick, |one| one.audit().is_some()),
        };
        self.log.push(format!("logs {what} of {id}"));
        let cloud = &mut self.cloud;
        match what % 8 {
            0 | 1 => audit::open(cloud, call, &id, &wanted(what))?,
            2 => audit::modify(cloud, call, &id, &wanted(what))?,
            3 => audit::close(cloud, call, &id, "auditLog")?,
            4 => {
                let new = NewExport {
                    log_type: "auditLog".to_owned(),
                    start: time::show(call.now - time::DAY),
                    end: time::show(call.now),
                    filters: Vec::new(),
                    columns: Vec::new(),
                };
                export::create(cloud, call, &id, new).map(drop)?;
            }
            5 => {
                let files = cloud.instances.get(id.as_str()).map_or(&[][..], Instance::exports);
                let name = files.last().map_or("none".to_owned(), |file| file.name.clone());
                export::delete(cloud, call, &id, &name)?;
            }
            6 => {
                let new = new_delivery(cloud, what);
                delivery::modify(cloud, call, &id, &new)?;
            }
            _ => {
                let set = cloud.log_sets.first().cloned();
                let topic = set.as_ref().and_then(|set| set.topics.first());
                match (topic, &set) {
                    (Some(topic), _) => topic::delete_topic(cloud, call, &topic.id)?,
                    (None, Some(set)) => topic::delete_set(cloud, call, &set.id)?,
                    (None, None) => topic::delete_set(cloud, call, "none")?,
                }
            }
        }
        advance::finish_if_instant(cloud, call.now);
        Ok(Gave::Change)
    }
}

/// A log that is being opened or closed has a flow that does so, and so has a file that is being made; what is in the
/// recycle bin has no log.
pub(super) fn logs(cloud: &Cloud, instance: &Instance) -> Result<(), String> {
    let has = |payload: &Payload| cloud.flows.of(&instance.id).any(|flow| flow.payload == *payload);
    let state = instance.audit().map(|audit| audit.state());
    ensure!(
        has(&Payload::OpenAudit) == (state == Some(AuditState::Opening)),
        "its log is {state:?}, beside a flow that opens one or none that does"
    );
    ensure!(
        has(&Payload::CloseAudit) == (state == Some(AuditState::Closing)),
        "its log is {state:?}, beside a flow that closes it or none that does"
    );
    ensure!(
        !(instance.status.is_binned() && state.is_some()),
        "it is binned with a log"
    );
    for file in instance.exports() {
        ensure!(
            has(&Payload::Export(file.name.clone())) == (file.state == ExportState::Creating),
            "the file {file:?} is made by a flow or is not"
        );
    }
    Ok(())
}
