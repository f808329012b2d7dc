//! Newer software: another version or architecture, the newer hardware generation, newer kernels and proxies.

use super::account::HELD_MOST_FEN;
use super::edition::{self, Arch, Edition};
use super::ids::{DealId, InstanceId, TaskId};
use super::instance::{Instance, Payment, Software};
use super::ledger::Reference;
use super::product_version::{LOCAL, LOCAL_V2};
use super::refusal::bad_value;
use super::upgrade::in_window;
use super::values::{Billing, Spec};
use super::{Call, Change, Cloud, Move, Refusal};

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

impl Cloud {
    /// Makes an instance one of a higher version, or a cluster of the same version. Gives the order's number.
    pub fn upgrade_version(&mut self, call: &Call, asked: &VersionUpgrade) -> Result<DealId, Refusal> {
        let instance = self.instance(call.region, &asked.instance_id)?;
        let in_window = in_window(Some(asked.switch_option))?;
        let target = target_of(instance, &asked.target_type)?;
        let of = if target.arch == instance.edition.arch {
            Move::Version
        } else {
            Move::Cluster
        };
        let several_zones = !instance.nodes().is_empty();
        if of == Move::Cluster && several_zones && self.settings.assumed.multi_zone_stays_standard {
            return Err(Refusal::StaysStandard {
                id: instance.id.clone(),
            });
        }
        let spec = spec_in(instance, target)?;
        self.may(call, instance, of)?;
        self.in_stock(instance.zone_id(), target)?;
        let becomes = Instance {
            edition: target,
            spec,
            ..instance.clone()
        };
        let change = Change::Edition { edition: target, spec };
        let price_fen = match instance.billing() {
            Billing::Prepaid => becomes.value(call.now).less(instance.value(call.now)).fen(),
            Billing::Postpaid => 0,
        };
        let more_fen = becomes.hour_fen(&spec) - instance.hour_fen(&instance.spec);
        self.afford(instance.billing(), price_fen, more_fen)?;
        let id = instance.id.clone();
        self.order_change(call, &id, (price_fen, more_fen), of, change, in_window)
    }

    /// Moves an instance to the newer hardware generation, `localv2`. Gives the order's number.
    pub fn upgrade_product_version(
        &mut self,
        call: &Call,
        id: &str,
        target: &str,
        switch_option: i64,
    ) -> Result<DealId, Refusal> {
        let instance = self.instance(call.region, id)?;
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
        self.may(call, instance, Move::ProductVersion)?;
        let change = Change::ProductVersion(target.to_owned());
        let id = instance.id.clone();
        self.order_change(call, &id, (0, 0), Move::ProductVersion, change, in_window)
    }

    /// Takes a newer kernel. Gives the task's number.
    pub fn upgrade_kernel(&mut self, call: &Call, asked: &SmallUpgrade) -> Result<TaskId, Refusal> {
        let versions = |software: &Software| (software.redis_version.clone(), software.newer_redis_version.clone());
        let change = Change::Versions {
            proxy: None,
            redis: Some(asked.target.clone()),
        };
        self.take_newer(call, asked, ("kernel", Move::Kernel), versions, change)
    }

    /// Takes a newer proxy. Gives the task's number.
    pub fn upgrade_proxy(&mut self, call: &Call, asked: &SmallUpgrade) -> Result<TaskId, Refusal> {
        let versions = |software: &Software| (software.proxy_version.clone(), software.newer_proxy_version.clone());
        let change = Change::Versions {
            proxy: Some(asked.target.clone()),
            redis: None,
        };
        self.take_newer(call, asked, ("proxy", Move::Proxy), versions, change)
    }

    fn take_newer(
        &mut self,
        call: &Call,
        asked: &SmallUpgrade,
        (what, of): (&'static str, Move),
        versions: impl Fn(&Software) -> (String, Option<String>),
        change: Change,
    ) -> Result<TaskId, Refusal> {
        let instance = self.instance(call.region, &asked.instance_id)?;
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
        self.may(call, instance, of)?;
        let id = instance.id.clone();
        let task_id = self.begin_in(call, &id, None, of, change, in_window);
        self.finish_if_instant(call.now);
        Ok(task_id)
    }

    /// Whether a change can be paid. Who gets money back may be in arrears; who changes what is postpaid may not.
    pub(super) fn afford(&self, billing: Billing, price_fen: i64, more_fen: i64) -> Result<(), Refusal> {
        match billing {
            Billing::Postpaid => self.account.can_spend(more_fen),
            Billing::Prepaid if price_fen > 0 => self.account.can_spend(price_fen),
            Billing::Prepaid => self.account.can_receive(-price_fen),
        }
    }

    /// Orders a change of one instance: the price is paid now, and what is held for it follows the new size. Gives the
    /// order's number.
    pub(super) fn order_change(
        &mut self,
        call: &Call,
        id: &InstanceId,
        (price_fen, more_fen): (i64, i64),
        of: Move,
        change: Change,
        in_window: bool,
    ) -> Result<DealId, Refusal> {
        let zone_id = self.instance(call.region, id.as_str())?.zone_id();
        let deal_id = self.place_deal(call.now, zone_id, price_fen, vec![id.clone()]);
        let reference = Reference {
            deal_id: Some(&deal_id),
            instance_id: Some(id),
        };
        self.pay(call.now, price_fen, reference);
        self.holding(call.now, id, reference, |cloud| {
            cloud.instances.update(id, |instance| hold_more(instance, more_fen));
        });
        self.begin_in(call, id, Some(&deal_id), of, change, in_window);
        self.finish_if_instant(call.now);
        Ok(deal_id)
    }
}

/// Holds so much more for a postpaid instance. What is held may have been stated, so that the difference leads out of
/// what can be.
fn hold_more(instance: &mut Instance, more_fen: i64) {
    if matches!(instance.payment, Payment::Postpaid { .. }) && more_fen != 0 {
        let frozen_fen = Some((instance.held_fen() + more_fen).clamp(0, HELD_MOST_FEN));
        instance.payment = Payment::Postpaid { frozen_fen };
    }
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
