//! CloneInstances: new instances of the size and edition that a backup holds.

use crate::cloud::catalogue::period::LONG_PERIOD_MAX;
use crate::cloud::catalogue::product_version::{LOCAL, LOCAL_V2};
use crate::cloud::ids::{DealId, RedisClusterId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::table::FlowKind;
use crate::cloud::order::create;
use crate::cloud::order::record::{Order, Ordered};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::rules::text;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time;
use crate::cloud::time::Millis;
use crate::cloud::values::BackupMode;

/// What a caller orders: a backup, and everything that an order says beside type and size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CloneOrder {
    /// The instance that the backup is of.
    pub instance_id: String,
    pub backup_id: String,
    /// `CloneTime`: the second to go back to, instead of the backup's own.
    pub clone_time: Option<String>,
    /// The rest; its type, size, shards and replicas are the backup's.
    pub order: Order,
}

/// Orders instances from a backup.
pub fn clone_instances(cloud: &mut Cloud, call: &Call, asked: &CloneOrder) -> Result<Ordered, Refusal> {
    let source = cloud.instance(call.region, &asked.instance_id)?;
    if !source.edition.is_modern() {
        return Err(Refusal::EditionCannot {
            type_id: source.edition.type_id,
            what: "be cloned",
        });
    }
    let backup = cloud
        .backups
        .get(asked.backup_id.as_str())
        .filter(|backup| backup.instance_id == source.id)
        .ok_or_else(|| Refusal::NoSuchBackup {
            id: asked.backup_id.clone(),
        })?;
    if let Some(text) = asked.clone_time.as_ref().filter(|text| !text.is_empty()) {
        clone_time_fault(text, source.created_at, call.now)?;
        let second_level = source.backup_mode == BackupMode::SecondLevel;
        if cloud.settings.assumed.clone_time_needs_second_level && !second_level {
            return Err(Refusal::NoSecondLevelBackup { id: source.id.clone() });
        }
    }
    let (product_version, redis_cluster_id) = hardware(source, &asked.order)?;
    let order = Order {
        product_version,
        redis_cluster_id,
        type_id: backup.edition.type_id,
        mem_mb: backup.spec.mem_mb,
        shards: i64::try_from(backup.spec.shards).ok(),
        replicas: i64::try_from(backup.spec.replicas).ok(),
        longest: LONG_PERIOD_MAX,
        dry_run: false,
        ..asked.order.clone()
    };
    let ordered = create::order_instances(cloud, call, &order, FlowKind::Clone)?;
    // Only a dry run orders nothing.
    Ok(ordered.unwrap_or(Ordered {
        deal_id: DealId::from(""),
        instance_ids: Vec::new(),
    }))
}

/// What the clones run on, and the dedicated cluster if it is one: what is asked for, else what the source runs on.
fn hardware(source: &Instance, order: &Order) -> Result<(Option<String>, Option<String>), Refusal> {
    match text(&order.product_version) {
        None => Ok((
            Some(source.hardware.product_version.clone()),
            source.hardware.redis_cluster_id.as_ref().map(RedisClusterId::to_string),
        )),
        Some(version @ (LOCAL | LOCAL_V2)) => Ok((Some(version.to_owned()), None)),
        Some(other) => Err(bad_value(
            "ProductVersion",
            format!("{other} is neither {LOCAL} nor {LOCAL_V2}"),
        )),
    }
}

/// A second of the instance's past.
fn clone_time_fault(text: &str, created_at: Millis, now: Millis) -> Result<(), Refusal> {
    let at = time::read_given(text).map_err(|why| bad_value("CloneTime", why))?;
    if at < created_at || at > now {
        let why = format!("{text} is not in the past of the instance");
        return Err(bad_value("CloneTime", why));
    }
    Ok(())
}
