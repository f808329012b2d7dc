//! Newer software: another version or architecture, the newer hardware generation, newer kernels and proxies.

use crate::cloud::catalogue::edition::{Arch, Edition};
use crate::cloud::catalogue::product_version::{LOCAL, LOCAL_V2};
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::catalogue::{edition, stock};
use crate::cloud::change::record::{EditionChange, NewerVersions};
use crate::cloud::change::window::in_window;
use crate::cloud::ids::{DealId, TaskId};
use crate::cloud::instance::record::{Instance, Software};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::money;
use crate::cloud::money::order::Cost;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::replication::bar;
use crate::cloud::replication::bar::Deed;
use crate::cloud::state::{Call, Cloud};

/// What UpgradeInstanceVersion asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionUpgrade {
    pub instance_id: String,
    /// `TargetInstanceType`: a `TypeId` in digits.
    pub target_type: String,
    /// 1: in the maintenance window; 2: now.
    pub switch_option: i64,
}

/// What UpgradeSmallVersion and UpgradeProxyVersion ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SmallUpgrade {
    pub instance_id: String,
    /// What the caller takes for the instance's version.
    pub current: String,
    /// The newer one, which the instance must offer.
    pub target: String,
    /// `InstanceTypeUpgradeNow`: 1 now, 0 in the maintenance window.
    pub now: i64,
}

/// Makes an instance one of a higher version, or a cluster of the same version. Gives the order's number.
pub fn upgrade_version(cloud: &mut Cloud, call: &Call, asked: &VersionUpgrade) -> Result<DealId, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    let in_window = in_window(Some(asked.switch_option))?;
    let target = target_of(instance, &asked.target_type)?;
    let kind = if target.arch == instance.edition.arch {
        FlowKind::Version
    } else {
        FlowKind::Cluster
    };
    let several_zones = !instance.nodes().is_empty();
    if kind == FlowKind::Cluster && several_zones && cloud.settings.assumed.multi_zone_stays_standard {
        return Err(Refusal::StaysStandard {
            id: instance.id.clone(),
        });
    }
    let spec = spec_in(instance, target)?;
    bar::bars(cloud, instance, Deed::Version)?;
    flow::can_begin(cloud, call, instance, kind)?;
    stock::in_stock(cloud, instance.zone_id(), target)?;
    let becomes = Instance {
        edition: target,
        spec,
        ..instance.clone()
    };
    let cost = Cost::of_change(instance, &becomes, call.now);
    cost.afford(cloud, call.now, instance.billing())?;
    let id = instance.id.clone();
    let payload = Payload::Edition(EditionChange { edition: target, spec });
    let change = Change {
        kind,
        payload,
        in_window,
    };
    Ok(money::order::order_change(cloud, call, &id, cost, change))
}

/// Moves an instance to the newer hardware generation, `localv2`. Gives the order's number.
pub fn upgrade_product_version(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    target: &str,
    switch_option: i64,
) -> Result<DealId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let in_window = in_window(Some(switch_option))?;
    if target != LOCAL_V2 {
        let why = format!("{target} is not {LOCAL_V2}");
        return Err(bad_value("TargetProductVersion", why));
    }
    if instance.hardware.product_version != LOCAL || !instance.edition.is_modern() {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "move from local to localv2",
        });
    }
    flow::can_begin(cloud, call, instance, FlowKind::ProductVersion)?;
    let id = instance.id.clone();
    let change = Change {
        kind: FlowKind::ProductVersion,
        payload: Payload::ProductVersion(target.to_owned()),
        in_window,
    };
    Ok(money::order::order_change(cloud, call, &id, Cost::default(), change))
}

/// Takes a newer kernel. Gives the task's number.
pub fn upgrade_kernel(cloud: &mut Cloud, call: &Call, asked: &SmallUpgrade) -> Result<TaskId, Refusal> {
    let versions = |software: &Software| (software.redis_version.clone(), software.newer_redis_version.clone());
    let payload = Payload::Versions(NewerVersions {
        proxy: None,
        redis: Some(asked.target.clone()),
    });
    take_newer(cloud, call, asked, ("kernel", FlowKind::Kernel), versions, payload)
}

/// Takes a newer proxy. Gives the task's number.
pub fn upgrade_proxy(cloud: &mut Cloud, call: &Call, asked: &SmallUpgrade) -> Result<TaskId, Refusal> {
    let versions = |software: &Software| (software.proxy_version.clone(), software.newer_proxy_version.clone());
    let payload = Payload::Versions(NewerVersions {
        proxy: Some(asked.target.clone()),
        redis: None,
    });
    take_newer(cloud, call, asked, ("proxy", FlowKind::Proxy), versions, payload)
}

fn take_newer(
    cloud: &mut Cloud,
    call: &Call,
    asked: &SmallUpgrade,
    (what, kind): (&'static str, FlowKind),
    versions: impl Fn(&Software) -> (String, Option<String>),
    payload: Payload,
) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    let (current, newer) = versions(&instance.software);
    if asked.current != current {
        let why = format!("it is {current}, not {}", asked.current);
        return Err(Refusal::VersionMismatch { what, why });
    }
    if newer.as_ref() != Some(&asked.target) {
        let why = match newer {
            None => "there is no newer one".into(),
            Some(newer) => format!("the newer one is {newer}, not {}", asked.target),
        };
        return Err(Refusal::VersionMismatch { what, why });
    }
    let in_window = match asked.now {
        1 => false,
        0 => true,
        other => {
            let why = format!("{other} is neither 1 (now) nor 0 (maintenance window)");
            return Err(bad_value("InstanceTypeUpgradeNow", why));
        }
    };
    flow::can_begin(cloud, call, instance, kind)?;
    let id = instance.id.clone();
    let change = Change {
        kind,
        payload,
        in_window,
    };
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// The edition of that number, if the instance can become one of it.
fn target_of(instance: &Instance, target_type: &str) -> Result<&'static Edition, Refusal> {
    let bad_type = |why: String| bad_value("TargetInstanceType", why);
    let target = target_type
        .parse()
        .ok()
        .and_then(edition::find)
        .ok_or_else(|| bad_type(format!("{target_type} is no type of instance")))?;
    let own = instance.edition;
    let same_kind = own.engine == target.engine && target.sale == edition::Sale::Open;
    let higher = target.arch == own.arch && target.version > own.version;
    let cluster = own.arch == Arch::Standard && target.arch == Arch::Cluster && target.version == own.version;
    if same_kind && (higher || cluster) {
        return Ok(target);
    }
    Err(bad_type(format!(
        "type {} becomes a higher version of the same architecture, or a cluster of its version; not {target_type}",
        own.type_id
    )))
}

/// The size as the other edition counts it.
fn spec_in(instance: &Instance, target: &Edition) -> Result<Spec, Refusal> {
    let spec = instance.spec;
    if target.sells(&spec, instance.billing()) {
        return Ok(spec);
    }
    if target.has_mb(spec.mem_mb, instance.billing()) {
        return Err(Refusal::EditionCannot {
            type_id: target.type_id,
            what: "have that number of shards or replicas",
        });
    }
    Err(Refusal::MemoryNotSold {
        mb: spec.mem_mb,
        sold_mb: target.sizes_mb(instance.billing()),
    })
}

/// The instance is one of the other edition now.
pub(crate) fn apply(instance: &mut Instance, to: &EditionChange) {
    instance.become_edition(to.edition, to.spec);
}

/// A change of edition that fails holds again what was held before.
pub(crate) fn undo(instance: &mut Instance, to: &EditionChange) {
    money::order::hold_as_before(instance, to.edition, &to.spec);
}

/// The instance runs the newer software now.
pub(crate) fn apply_newer(instance: &mut Instance, newer: &NewerVersions) {
    instance.software.upgrade(&newer.proxy, &newer.redis);
}
