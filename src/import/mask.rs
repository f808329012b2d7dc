//! Pseudonyms for what would tell whose account it is.
//!
//! They are numbered in the order in which the originals first appear, so the same input gives the same pseudonyms and
//! none can be worked back; the same original gets the same one everywhere.

use std::collections::HashMap;

use super::collect::{FIRST_APP_ID, Found};
use crate::cloud::RedisAccount;
use crate::cloud::ids::prefix;

#[derive(Default)]
struct Masks {
    /// Numbers given out, by what kind of thing and by original.
    numbers: HashMap<(&'static str, String), u32>,
    counts: HashMap<&'static str, u32>,
}

impl Masks {
    /// The number of this original among those of its kind, from 1.
    fn number(&mut self, kind: &'static str, original: &str) -> u32 {
        let key = (kind, original.to_owned());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        self.numbers.insert(key, *count);
        *count
    }

    /// Puts a pseudonym in the place of a text that is given and not empty.
    fn text(&mut self, kind: &'static str, text: &mut Option<String>, pseudonym: impl Fn(u32, &str) -> String) {
        if let Some(original) = text.as_mut().filter(|text| !text.is_empty()) {
            let number = self.number(kind, original);
            *original = pseudonym(number, original);
        }
    }
}

/// Masks every instance. What is masked is listed in the help of `crs-local import`.
pub(super) fn mask(found: &mut [Found]) {
    let mut masks = Masks::default();
    for instance in found {
        let entry = &mut instance.entry;
        if let Some(app_id) = &mut entry.appid {
            let number = masks.number("account", &app_id.to_string());
            *app_id = FIRST_APP_ID + i64::from(number) - 1;
        }
        if entry.instance_name.as_ref() != Some(&instance.id) {
            masks.text("name", &mut entry.instance_name, |n, _| format!("instance-{n}"));
        }
        // The name of the default project is the same for everybody.
        if entry.project_id != Some(0) {
            masks.text("project", &mut entry.project_name, |n, _| format!("project-{n}"));
        }
        masks.text("vip", &mut entry.wan_ip, |n, _| {
            let [_, b, c, d] = n.to_be_bytes();
            format!("10.{b}.{c}.{d}")
        });
        masks.text("wan", &mut entry.wan_address, |n, original| {
            match original.rsplit_once(':') {
                Some((_, port)) => format!("wan-{n}.invalid:{port}"),
                None => format!("wan-{n}.invalid"),
            }
        });
        for address in [&mut entry.vip6, &mut entry.ipv6] {
            masks.text("vip6", address, |n, _| format!("fd00::{n:x}"));
        }
        masks.text("polaris", &mut entry.polaris_server, |n, _| format!("polaris-{n}"));
        masks.text("vpc", &mut entry.uniq_vpc_id, |n, _| format!("{}{n:08}", prefix::VPC));
        masks.text("subnet", &mut entry.uniq_subnet_id, |n, _| {
            format!("{}{n:08}", prefix::SUBNET)
        });
        masks.text("redis-cluster", &mut entry.redis_cluster_id, |n, _| {
            format!("{}{n:08}", prefix::CLUSTER)
        });
        masks.text("cluster", &mut entry.dedicated_cluster_id, |n, _| {
            format!("cluster-{n:08}")
        });
        for tag in entry.instance_tags.iter_mut().flatten() {
            masks.text("tag", &mut tag.tag_value, |n, _| format!("value-{n}"));
        }
        for account in &mut instance.more.accounts {
            let account = &mut account.what;
            if account.account_name.as_deref() != Some(RedisAccount::ROOT) {
                masks.text("account-name", &mut account.account_name, |n, _| format!("account-{n}"));
                masks.text("remark", &mut account.remark, |n, _| format!("remark-{n}"));
            }
        }
        for group in &mut instance.more.groups {
            let group = &mut group.what;
            masks.text("group", &mut group.security_group_id, |n, _| {
                format!("{}{n:08}", prefix::SECURITY_GROUP)
            });
            masks.text("group-name", &mut group.security_group_name, |n, _| {
                format!("group-{n}")
            });
            masks.text("remark", &mut group.security_group_remark, |n, _| format!("remark-{n}"));
            // Its rules name addresses.
            (group.inbound_rule, group.outbound_rule) = (None, None);
        }
        // Numbers that say the same as the ids above, and nodes by name: no fixture states them.
        (entry.vpc_id, entry.subnet_id) = (None, None);
        (entry.tags, entry.instance_node) = (None, None);
    }
}
