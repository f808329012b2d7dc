//! CloneInstances: new instances of the size and edition that a backup holds.

use std::borrow::Cow;

use crate::cloud::backup::listing;
use crate::cloud::backup::record::{Backup, Restored};
use crate::cloud::backup::{daily, second};
use crate::cloud::catalogue::period::LONG_PERIOD_MAX;
use crate::cloud::catalogue::product_version::{LOCAL, LOCAL_V2};
use crate::cloud::ids::{DealId, RedisClusterId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::monitor::memory;
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
    let clone_time = text(&asked.clone_time);
    let backup = backup(cloud, call, source, asked)?;
    let mut used = backup.used;
    if let Some(text) = clone_time {
        let at = clone_time_of(text, source, call.now)?;
        let second_level = source.backup_mode == BackupMode::SecondLevel;
        if cloud.settings.assumed.clone_time_needs_second_level && !second_level {
            return Err(Refusal::NoSecondLevelBackup { id: source.id.clone() });
        }
        used = memory::bytes(&memory::stretch_at(source, at), at);
    }
    let restored = Restored {
        backup_id: backup.id.clone(),
        used,
    };
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
    let cloned = (FlowKind::Clone, Payload::Clone(restored));
    let ordered = create::order_instances(cloud, call, &order, cloned)?;
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

/// The backup to begin with; with a second to go back to also what stands for one where there is none yet.
fn backup<'a>(
    cloud: &'a Cloud,
    call: &Call,
    source: &'a Instance,
    asked: &CloneOrder,
) -> Result<Cow<'a, Backup>, Refusal> {
    let (id, now) = (asked.backup_id.as_str(), call.now);
    let to_second = text(&asked.clone_time).is_some() && second::reaches(source, now).is_some();
    if to_second && second::base(cloud, source) == id {
        let base = Backup {
            id: id.into(),
            ..daily::backup(cloud.ids.seed, source, now)
        };
        return Ok(Cow::Owned(base));
    }
    let seen = listing::find_backup(cloud, source, id, now)?;
    seen.is_good()?;
    Ok(seen.backup)
}

/// A second of the instance's past, as far as that is kept.
fn clone_time_of(text: &str, source: &Instance, now: Millis) -> Result<Millis, Refusal> {
    let at = time::read_given(text).map_err(|why| bad_value("CloneTime", why))?;
    let first = second::reaches(source, now).unwrap_or(source.created_at);
    if at < first - first.rem_euclid(time::SECOND) || at > now {
        let why = format!("{text} is not in the past of the instance that is kept");
        return Err(bad_value("CloneTime", why));
    }
    Ok(at)
}
