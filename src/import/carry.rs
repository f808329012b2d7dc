//! From a printed instance to a fixture's keys.

use serde_json::{Map, Value, json};

use super::collect::Found;
use super::keys;
use super::printed::{Entry, Node, has_come};
use crate::cloud::instance::record::DEFAULT_PROJECT;
use crate::cloud::time;
use crate::cloud::{Billing, Edition, Millis, Region, Status, region};
use crate::fixture::FixtureFault;

/// Fixture keys that DescribeInstances calls otherwise.
const PRINTED_NAMES: &[(&str, &str)] = &[
    ("TypeId", "Type"),
    ("MemSize", "RedisShardSize"),
    ("MemUsed", "SizeUsed"),
    ("VPort", "Port"),
    ("AutoRenew", "AutoRenewFlag"),
    ("VpcId", "UniqVpcId"),
    ("SubnetId", "UniqSubnetId"),
    ("ResourceTags", "InstanceTags"),
    ("ReplicasReadonly", "SlaveReadWeight"),
];

/// What DescribeInstances calls a fixture's key.
pub(super) fn printed_name(key: &str) -> &str {
    let renamed = PRINTED_NAMES.iter().find(|(ours, _)| *ours == key);
    renamed.map_or(key, |(_, printed)| printed)
}

/// The keys of one instance, and what keeps it from being carried over. `warnings`: what the user should know beside;
/// `now`: when it is imported.
pub(super) fn carry(found: &Found, now: Millis, warnings: &mut Vec<String>) -> (Value, Vec<FixtureFault>) {
    let entry = &found.entry;
    let mut keys = Keys(Map::new());
    let mut faults = Vec::new();
    let mut wrong = |member: &str, why: &str| {
        faults.push(found.fault(member, &format!("{}: {why}", found.id)));
    };
    let edition = found.edition();
    if entry.type_id.is_none() {
        wrong("Type", "is missing; it says which edition");
    }
    let region = region_of(entry);
    if region.is_none() {
        let why = "neither it nor RegionId nor ZoneId names a known region; give one of them";
        wrong("Region", why);
    }
    size(&mut keys, found, edition, warnings);
    if !keys.0.contains_key("MemSize") {
        let why = "is missing, and Size does not tell it; give one of them";
        wrong("RedisShardSize", why);
    }
    keys.set("InstanceId", Some(found.id.as_str()));
    keys.set("InstanceName", entry.instance_name.as_deref());
    keys.set("Region", region);
    keys.set("ZoneId", entry.zone_id);
    keys.set("TypeId", entry.type_id);
    state(&mut keys, found, now, warnings);
    network(&mut keys, entry);
    limits(&mut keys, entry, edition);
    keys.set("ResourceTags", tags(entry));
    keys.set("NodeSet", nodes(entry));
    keys.set("ProjectId", entry.project_id);
    let name = filled(&entry.project_name);
    let usual = entry.project_id.unwrap_or(0) == 0 && name.as_deref() == Some(DEFAULT_PROJECT);
    keys.set("ProjectName", name.filter(|_| !usual));
    keys.set("ReadOnly", entry.read_only);
    keys.set("DeleteProtectionSwitch", entry.delete_protection_switch);
    keys.set("ProductVersion", filled(&entry.product_version));
    keys.set("RedisClusterId", filled(&entry.redis_cluster_id));
    keys.set("DedicatedClusterId", filled(&entry.dedicated_cluster_id));
    keys.set("BackupMode", filled(&entry.backup_mode));
    keys.set("CurrentProxyVersion", entry.current_proxy_version.clone());
    keys.set("CurrentRedisVersion", entry.current_redis_version.clone());
    keys.set("UpgradeProxyVersion", filled(&entry.upgrade_proxy_version));
    keys.set("UpgradeRedisVersion", filled(&entry.upgrade_redis_version));
    for (key, value) in keys::keys(found, edition) {
        keys.set(key, Some(value));
    }
    (Value::Object(keys.0), faults)
}

/// An object to which only what is known is added.
struct Keys(Map<String, Value>);

impl Keys {
    fn set<T: Into<Value>>(&mut self, key: &str, value: Option<T>) {
        if let Some(value) = value {
            self.0.insert(key.to_owned(), value.into());
        }
    }
}

fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

/// The region by its name, else by its number, else by the zone.
pub(super) fn region_of(entry: &Entry) -> Option<String> {
    if let Some(name) = filled(&entry.region) {
        return Some(name);
    }
    let numbered = |region: &&Region| {
        let number = i64::from(region.id);
        number != 0 && entry.region_id == Some(number)
    };
    let holds_zone = |region: &&Region| {
        let zone = entry.zone_id.and_then(|zone| u64::try_from(zone).ok());
        zone.is_some_and(|zone| region.zone(zone).is_some())
    };
    let mut all = region::all().iter();
    let found = all.clone().find(numbered).or_else(|| all.find(holds_zone));
    found.map(|region| region.name.to_owned())
}

/// Memory, shards and replicas. Zero stands for an unknown number in old answers.
fn size(keys: &mut Keys, found: &Found, edition: Option<&Edition>, warnings: &mut Vec<String>) {
    let entry = &found.entry;
    let known = |number: Option<i64>| number.filter(|&number| number != 0);
    let total = entry.size.filter(|&mb| mb > 0.0);
    let part = |of: Option<i64>| whole(total? / of? as f64);
    let shards = known(entry.redis_shard_num).or_else(|| part(known(entry.redis_shard_size)));
    let mem = known(entry.redis_shard_size).or_else(|| part(shards.or(Some(1))));
    keys.set("MemSize", mem);
    keys.set("RedisShardNum", shards);
    keys.set("RedisReplicasNum", entry.redis_replicas_num);
    if let Some(used) = entry.size_used.filter(|&mb| mb > 0.0) {
        // A fixture counts whole megabytes, and no more than there are.
        let most = mem.unwrap_or(0).saturating_mul(shards.unwrap_or(1));
        keys.set("MemUsed", whole(used.ceil()).map(|used| used.min(most)));
    }
    let several = |sold: Option<&[u64]>| sold.is_some_and(|sold| sold.len() > 1);
    let missing = [
        (
            "RedisShardNum",
            shards,
            edition.and_then(|edition| edition.shards.get()),
        ),
        (
            "RedisReplicasNum",
            entry.redis_replicas_num,
            edition.and_then(|edition| edition.replicas.get()),
        ),
    ];
    for (member, given, sold) in missing {
        if given.is_none() && several(sold) {
            let fewest = sold.and_then(|sold| sold.first()).copied().unwrap_or(1);
            warnings.push(format!(
                "{}: {member} is not given; {fewest}, the fewest that its edition sells, is taken",
                found.id
            ));
        }
    }
}

/// A number without a fraction; `None` if it has one.
fn whole(number: f64) -> Option<i64> {
    /// Up to here every whole number is exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// Status, billing and times. What only an isolated or a prepaid instance has is left out for others; the comparison at
/// the end names it.
fn state(keys: &mut Keys, found: &Found, now: Millis, warnings: &mut Vec<String>) {
    let entry = &found.entry;
    let moment = |text: &Option<String>| text.clone().filter(|text| has_come(text));
    keys.set("Status", entry.status);
    keys.set("SubStatus", entry.sub_status);
    keys.set("BillingMode", entry.billing_mode);
    keys.set("AutoRenew", entry.auto_renew_flag);
    keys.set("Createtime", moment(&entry.createtime));
    let status = entry.status.and_then(Status::from_number);
    if entry.billing_mode.and_then(Billing::from_number) == Some(Billing::Prepaid) {
        // Empty: no period is taken to run.
        let deadline = moment(&entry.deadline_time).unwrap_or_default();
        if status == Some(Status::Running) && time::read(&deadline).is_some_and(|at| at <= now) {
            warnings.push(format!(
                "{}: its DeadlineTime {deadline} has passed, so that it is renewed or isolated once \
                 it is served; a manual clock (PUT /_crs/clock) set before that keeps it",
                found.id
            ));
        }
        keys.set("DeadlineTime", Some(deadline));
    }
    let id = &found.id;
    match status {
        Some(Status::Pending | Status::InProcess) => warnings.push(format!(
            "{id}: is in process, and what changes it is not printed; it stays so until \
             PATCH /_crs/instances/{id} gives it another Status"
        )),
        Some(Status::Isolated | Status::Deleting) => {
            let (close, offline) = (moment(&entry.close_time), moment(&entry.offline_time));
            if let Some(at) = &offline {
                warnings.push(format!(
                    "{id}: is isolated and gone for good by {at}; a manual clock (PUT /_crs/clock) \
                     set before that keeps it"
                ));
            }
            if entry.offline_time.is_some() && close.is_some() {
                // Empty: it would follow from CloseTime.
                keys.set("OfflineTime", Some(offline.unwrap_or_default()));
            } else {
                keys.set("OfflineTime", offline);
            }
            keys.set("CloseTime", close);
        }
        Some(Status::Running) | None => {}
    }
}

fn network(keys: &mut Keys, entry: &Entry) {
    keys.set("VpcId", filled(&entry.uniq_vpc_id));
    keys.set("SubnetId", filled(&entry.uniq_subnet_id));
    if filled(&entry.uniq_vpc_id).is_some() {
        let number = |number: Option<i64>| number.filter(|&number| number > 0);
        keys.set("VpcNumber", number(entry.vpc_id));
        keys.set("SubnetNumber", number(entry.subnet_id));
    }
    keys.set("WanIp", entry.wan_ip.clone());
    keys.set("VPort", entry.port);
    keys.set("WanAddress", filled(&entry.wan_address));
    let free = entry.password_free.map(|free| free == 1);
    keys.set("NoAuth", entry.no_auth.or(free));
}

/// Limits that differ from the edition's: the others go on following the size.
fn limits(keys: &mut Keys, entry: &Entry, edition: Option<&Edition>) {
    let size = keys.0.get("MemSize").and_then(Value::as_u64);
    let usual = edition.zip(size).map(|(edition, mb)| edition.limit(mb));
    let unlike = |given: Option<i64>, usual: Option<u64>| {
        given.filter(|&given| given != 0 && u64::try_from(given).ok() != usual)
    };
    keys.set("NetLimit", unlike(entry.net_limit, usual.map(|limit| limit.net_mb_s)));
    keys.set(
        "ClientLimit",
        unlike(entry.client_limit, usual.map(|limit| limit.clients)),
    );
    if edition.is_none_or(|edition| edition.replicas_readonly) {
        keys.set("ReplicasReadonly", entry.slave_read_weight.map(|weight| weight > 0));
    }
}

fn tags(entry: &Entry) -> Option<Value> {
    let tags = entry.instance_tags.as_deref()?;
    let tag = |tag: &super::printed::Tag| {
        json!({
            "TagKey": tag.tag_key.clone().unwrap_or_default(),
            "TagValue": tag.tag_value.clone().unwrap_or_default(),
        })
    };
    Some(tags.iter().map(tag).collect())
}

fn nodes(entry: &Entry) -> Option<Value> {
    let nodes = entry.node_set.as_deref()?;
    let node = |node: &Node| {
        let mut keys = Keys(Map::new());
        keys.set("NodeType", node.node_type);
        keys.set("NodeId", node.node_id);
        keys.set("ZoneId", node.zone_id);
        keys.set("ZoneName", filled(&node.zone_name));
        Value::Object(keys.0)
    };
    Some(nodes.iter().map(node).collect())
}
