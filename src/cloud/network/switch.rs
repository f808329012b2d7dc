//! The exchange of two instances' addresses at the end of a migration.

use crate::cloud::ids::{InstanceId, TaskId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::network::record::{DtsJob, DtsStatus};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{Millis, SECOND};

/// What SwitchInstanceVip asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VipSwitch {
    pub source: String,
    pub target: String,
    /// `TimeDelay`: the longest time for which the migration may have been cut, in seconds.
    pub most_cut_s: Option<i64>,
    /// `ForceSwitch`: 1 switches though the migration was cut.
    pub force: Option<i64>,
    /// `SwitchTime`
    pub when: Option<String>,
}

/// Exchanges the addresses of two instances. Gives the task's number.
pub fn switch_vip(cloud: &mut Cloud, call: &Call, asked: &VipSwitch) -> Result<TaskId, Refusal> {
    let source = cloud.instance(call.region, &asked.source)?;
    let target = cloud.instance(call.region, &asked.target)?;
    if source.id == target.id {
        let why = "an instance does not switch with itself".to_owned();
        return Err(bad_value("DstInstanceId", why));
    }
    let forces = match asked.force {
        None | Some(0) => false,
        Some(1) => true,
        Some(other) => return Err(bad_value("ForceSwitch", format!("{other} is neither 0 nor 1"))),
    };
    if let Some(seconds) = asked.most_cut_s.filter(|seconds| *seconds < 0) {
        return Err(bad_value("TimeDelay", format!("{seconds} is negative")));
    }
    if let Some(when) = asked
        .when
        .as_deref()
        .filter(|when| !["", "now", "syncComplete"].contains(when))
    {
        return Err(bad_value(
            "SwitchTime",
            format!("{when} is neither now nor syncComplete"),
        ));
    }
    if source.edition.engine != target.edition.engine {
        return Err(Refusal::EditionCannot {
            type_id: target.edition.type_id,
            what: "take over the address of another engine",
        });
    }
    flow::can_begin(cloud, call, source, FlowKind::SwitchVip)?;
    flow::can_begin(cloud, call, target, FlowKind::SwitchVip)?;
    let job = job_between(cloud, &source.id, &target.id);
    let abnormal = |why| Err(Refusal::DtsAbnormal { why });
    match job {
        None => return abnormal("no migration leads from the one to the other"),
        Some(job) => match job.cut_at {
            None if job.status.follows() => {}
            None => return abnormal("the migration does not run"),
            Some(_) if !forces => return abnormal("the migration was cut; ForceSwitch 1 switches all the same"),
            Some(cut_at) => {
                let most_ms = asked.most_cut_s.map(|seconds| seconds.saturating_mul(SECOND));
                if most_ms.is_some_and(|most_ms| call.now - cut_at > most_ms) {
                    return abnormal("the migration was cut longer ago than TimeDelay allows");
                }
            }
        },
    }
    let (source, target) = (source.id.clone(), target.id.clone());
    let change = Change::now(FlowKind::SwitchVip, Payload::SwitchVip(target));
    Ok(flow::begin(cloud, call, &source, None, change))
}

/// The migration from the one to the other that is not over.
fn job_between<'a>(cloud: &'a Cloud, source: &str, target: &str) -> Option<&'a DtsJob> {
    let between = |job: &&DtsJob| job.source == *source && job.target == *target && job.status != DtsStatus::Done;
    cloud.dts_jobs.iter().rev().find(between)
}

/// The latest migration of an instance, from it or to it.
pub fn job_of<'a>(cloud: &'a Cloud, call: &Call, id: &str) -> Result<Option<&'a DtsJob>, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let of = |job: &&DtsJob| job.source == instance.id || job.target == instance.id;
    Ok(cloud.dts_jobs.iter().rev().find(of))
}

/// The end of a switch: addresses and subnets change places, and the migration is over.
pub(crate) fn exchange(cloud: &mut Cloud, source: &InstanceId, target: &InstanceId, now: Millis) {
    let (Some(one), Some(two)) = (cloud.instances.get(source), cloud.instances.get(target)) else {
        return;
    };
    let reached = |of: &Instance| (of.address.vip.clone(), of.address.port, of.network.clone());
    for (id, (vip, port, network)) in [(source, reached(two)), (target, reached(one))] {
        cloud.instances.update(id, |instance| {
            instance.address.vip = vip;
            instance.address.port = port;
            instance.network = network;
        });
    }
    let job = cloud.dts_jobs.iter_mut().rev();
    let mut between = job.filter(|job| job.source == *source && job.target == *target);
    if let Some(job) = between.next() {
        job.status = DtsStatus::Done;
        job.cut_at = job.cut_at.or(Some(now));
        job.offset_bytes = 0;
    }
}
