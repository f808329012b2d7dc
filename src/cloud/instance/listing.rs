//! Finding instances and tasks: filters, order, pages.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::catalogue::edition::Arch;
use crate::cloud::instance::record::Instance;
use crate::cloud::instance::store::OrderBy;
use crate::cloud::life::look;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::{Billing, Tag};
use crate::cloud::vpc::address;

/// What DescribeInstances filters by. Every filter that is set must match; an empty list or `None` is no filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Exact.
    pub id: Option<String>,
    /// Exact, any of them.
    pub ids: Vec<String>,
    /// Part of the name.
    pub name: Option<String>,
    /// Part of the name, or exactly the id or the private address.
    pub search_key: Option<String>,
    /// As `search_key`, any of them.
    pub search_keys: Vec<String>,
    pub project_ids: Vec<i64>,
    pub statuses: Vec<i64>,
    /// `TypeList`
    pub type_ids: Vec<i64>,
    /// `Type`
    pub type_id: Option<i64>,
    pub auto_renew: Vec<i64>,
    pub billing: Option<Billing>,
    /// 1 single node, 2 master and replicas, 3 cluster.
    pub type_version: Option<i64>,
    /// `EngineName`, as the edition's `engine_word`, whatever its case.
    pub engine_word: Option<String>,
    /// `vpc-…` or the network's number.
    pub vpcs: Vec<String>,
    /// `subnet-…` or the subnet's number.
    pub subnets: Vec<String>,
    /// Every pair must be there.
    pub tags: Vec<Tag>,
    /// Any of these keys must be there.
    pub tag_keys: Vec<String>,
    pub product_versions: Vec<String>,
    /// Exact.
    pub monitor_version: Option<String>,
    /// Over several zones, or not.
    pub multi_zone: Option<bool>,
    /// Exactly the private address, any of them.
    pub vips: Vec<String>,
    /// Exactly the name, any of them.
    pub names: Vec<String>,
}

/// Order and page.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub order_by: OrderBy,
    /// `OrderType` 0; the default is descending.
    pub ascending: bool,
    /// How many to leave out.
    pub offset: u64,
    /// How many to give at most.
    pub limit: u64,
}

/// Keys of which one is to be found: an id, an address, or a part of a name. What finding costs follows from the
/// lengths of the keys and not from their number, since each part of a name is looked up among them.
#[derive(Debug, Default)]
struct Keys<'a> {
    by_len: BTreeMap<usize, BTreeSet<&'a [u8]>>,
}

impl<'a> Keys<'a> {
    fn new(keys: impl Iterator<Item = &'a String>) -> Keys<'a> {
        let mut by_len: BTreeMap<usize, BTreeSet<&[u8]>> = BTreeMap::new();
        for key in keys {
            by_len.entry(key.len()).or_default().insert(key.as_bytes());
        }
        Keys { by_len }
    }

    fn is(&self, text: &str) -> bool {
        let own = self.by_len.get(&text.len());
        own.is_some_and(|keys| keys.contains(text.as_bytes()))
    }

    fn is_part_of(&self, text: &str) -> bool {
        let text = text.as_bytes();
        self.by_len.range(..=text.len()).any(|(len, keys)| match len {
            0 => true,
            len => text.windows(*len).any(|part| keys.contains(part)),
        })
    }

    /// No key, or one of them finds the instance.
    fn find(&self, instance: &Instance) -> bool {
        self.by_len.is_empty()
            || self.is(instance.id.as_str())
            || self.is(&instance.address.vip)
            || self.is_part_of(&instance.name)
    }
}

impl Filter {
    /// What tells whether everything but the status fits.
    fn matcher(&self, cloud: &Cloud) -> impl Fn(&Instance) -> bool {
        let key = Keys::new(self.search_key.iter());
        let keys = Keys::new(self.search_keys.iter());
        move |instance| {
            self.matches_text(instance)
                && self.matches_kind(instance)
                && self.matches_place(cloud, instance)
                && key.find(instance)
                && keys.find(instance)
        }
    }

    fn takes_status(&self, instance: &Instance) -> bool {
        any(&self.statuses, |status| instance.status.number() == *status)
    }

    fn matches_text(&self, instance: &Instance) -> bool {
        self.id.as_ref().is_none_or(|id| instance.id == *id)
            && any(&self.ids, |id| instance.id == *id)
            && self
                .name
                .as_ref()
                .is_none_or(|name| instance.name.contains(name.as_str()))
            && any(&self.vips, |vip| instance.address.vip == *vip)
            && any(&self.names, |name| instance.name == *name)
            && self.tags.iter().all(|tag| instance.tags.contains(tag))
            && any(&self.tag_keys, |key| instance.tags.iter().any(|tag| tag.key == *key))
    }

    fn matches_kind(&self, instance: &Instance) -> bool {
        let edition = instance.edition;
        let type_id = i64::try_from(edition.type_id).unwrap_or(i64::MAX);
        any(&self.project_ids, |id| instance.project_id == *id)
            && any(&self.type_ids, |id| type_id == *id)
            && self.type_id.is_none_or(|id| type_id == id)
            && any(&self.auto_renew, |flag| instance.auto_renew.number() == *flag)
            && self.billing.is_none_or(|billing| instance.billing() == billing)
            && self.type_version.is_none_or(|version| edition.arch as i64 == version)
            && self
                .engine_word
                .as_ref()
                .is_none_or(|word| edition.engine_word.eq_ignore_ascii_case(word.trim()))
            && any(&self.product_versions, |version| {
                instance.hardware.product_version == *version
            })
            && self
                .monitor_version
                .as_ref()
                .is_none_or(|version| version == Instance::MONITOR_VERSION)
    }

    fn matches_place(&self, cloud: &Cloud, instance: &Instance) -> bool {
        let (network, numbers) = (instance.network.as_ref(), || address::numbers(cloud, instance));
        any(&self.vpcs, |vpc| {
            network.is_some_and(|network| network.vpc == *vpc) || numbers().0.to_string() == *vpc
        }) && any(&self.subnets, |subnet| {
            network.is_some_and(|network| network.subnet == *subnet) || numbers().1.to_string() == *subnet
        }) && self.multi_zone.is_none_or(|multi| instance.nodes().is_empty() != multi)
    }
}

/// No filter, or one of its values matches.
pub(crate) fn any<T>(filter: &[T], matches: impl Fn(&T) -> bool) -> bool {
    filter.is_empty() || filter.iter().any(matches)
}

/// How many instances of the region match, and the page of them. Without any filter the page is cut out of the list as
/// it stands; where ids are given only those are looked at; any other filter looks at each instance of the region,
/// since the answer counts all that match. What stands on the page is shown, and so is what the filter on the status
/// keeps out.
pub fn find_instances<'a>(cloud: &'a Cloud, call: &Call, filter: &Filter, page: &Page) -> (usize, Vec<&'a Instance>) {
    let (total, found) = page_of(cloud, call, filter, page);
    for instance in &found {
        look::look_at(cloud, call, instance);
    }
    (total, found)
}

fn page_of<'a>(cloud: &'a Cloud, call: &Call, filter: &Filter, page: &Page) -> (usize, Vec<&'a Instance>) {
    let region = call.region;
    let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    if *filter == Filter::default() {
        let listed = cloud.instances.listed(region, page.order_by, page.ascending);
        return (listed.len(), listed.from(offset).take(limit).collect());
    }
    let matches = filter.matcher(cloud);
    let here = |instance: &&Instance| {
        let fits = instance.region.name == region.name && matches(instance);
        if fits && !filter.takes_status(instance) {
            look::look_at(cloud, call, instance);
            return false;
        }
        fits
    };
    let named = |ids: &[String]| -> Vec<&Instance> {
        let unique: BTreeSet<&String> = ids.iter().collect();
        unique
            .into_iter()
            .filter_map(|id| cloud.instances.get(id))
            .filter(&here)
            .collect()
    };
    let mut found = match &filter.id {
        Some(id) => named(std::slice::from_ref(id)),
        None if !filter.ids.is_empty() => named(&filter.ids),
        None => {
            let all = cloud.instances.listed(region, page.order_by, true);
            if !call.may_look_at(all.len()) {
                return (0, Vec::new());
            }
            all.from(0).filter(&here).collect()
        }
    };
    sort(&mut found, page);
    let total = found.len();
    (total, found.into_iter().skip(offset).take(limit).collect())
}

/// Ties stand in the order of their ids, whichever way the list is sorted.
fn sort(found: &mut [&Instance], page: &Page) {
    if found.len() < 2 {
        return;
    }
    found.sort_by(|one, two| {
        let by_key = page.order_by.compare(one, two);
        let by_key = if page.ascending { by_key } else { by_key.reverse() };
        by_key.then_with(|| one.id.cmp(&two.id))
    });
}

/// `TypeVersion` has these values.
pub fn is_type_version(number: i64) -> bool {
    [Arch::Single, Arch::Standard, Arch::Cluster]
        .iter()
        .any(|arch| *arch as i64 == number)
}
