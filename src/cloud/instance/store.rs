//! All instances of an account, kept so that no call has to look at all of them.
//!
//! An instance is found by its id, a page of a region's list by its position in each of the documented orders, and what
//! runs out next by its time. All of these follow from the instances, which change only through [`Instances::update`].

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Index;
use std::sync::Arc;

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::InstanceId;
use crate::cloud::instance::record::Instance;
use crate::cloud::money::meters::Meters;
use crate::cloud::records::{Pages, Records};
use crate::cloud::sorted::Sorted;
use crate::cloud::time::Millis;

/// Instances by id, with the indexes that listing and expiry read. The indexes hold numbers of slots; a copy shares
/// with its original whatever neither has changed.
#[derive(Clone, Debug, Default)]
pub struct Instances {
    slots: Slots,
    free: Vec<u32>,
    by_id: Sorted,
    /// The orders of each region's list, by the region's name.
    orders: BTreeMap<&'static str, [Sorted; OrderBy::ALL.len()]>,
    /// Those that time itself changes, by when it next does.
    due: Sorted,
    /// By private address.
    vips: Sorted,
    /// What the hours of those that are postpaid cost.
    meters: Meters,
    /// Those in a private network, by VPC, subnet and address.
    by_network: Sorted,
    /// What groups are bound to, by group and instance.
    by_group: Records<(Box<str>, InstanceId), ()>,
    /// Whether what is never renewed is isolated at its deadline, without days of grace.
    never_renewed_have_no_grace: bool,
}

#[derive(Clone, Debug, Default)]
struct Slots(Pages<Option<Arc<Instance>>>);

impl PartialEq for Instances {
    /// The same instances, wherever they are kept.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.values().eq(other.values())
    }
}

impl Index<&str> for Instances {
    type Output = Instance;

    fn index(&self, id: &str) -> &Instance {
        self.get(id).expect("an instance of that id")
    }
}

impl Instances {
    /// None yet. What is never renewed has days of grace, or has none.
    pub(crate) fn new(never_renewed_have_no_grace: bool) -> Instances {
        Instances {
            never_renewed_have_no_grace,
            ..Instances::default()
        }
    }

    /// The instance of that id.
    pub fn get(&self, id: impl AsRef<str>) -> Option<&Instance> {
        self.slot(id.as_ref()).map(|slot| self.slots.at(slot))
    }

    /// Whether there is one of that id.
    pub fn contains_key(&self, id: impl AsRef<str>) -> bool {
        self.slot(id.as_ref()).is_some()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// All of them, by id.
    pub fn values(&self) -> impl Iterator<Item = &Instance> {
        self.by_id.iter_from(0).map(|slot| self.slots.at(slot))
    }

    /// Whether some instance has that private address.
    pub fn has_vip(&self, vip: &str) -> bool {
        self.vips
            .find(|slot| self.slots.at(slot).address.vip.as_str().cmp(vip))
            .is_some()
    }

    /// The instances of a VPC, or of one of its subnets, by address.
    pub fn in_network<'a>(&'a self, vpc: &str, subnet: Option<&str>) -> impl Iterator<Item = &'a Instance> + use<'a> {
        let place = |slot: u32| {
            let network = self.slots.at(slot).network.as_ref();
            network.map_or(Ordering::Less, |own| {
                let by_subnet = || subnet.map_or(Ordering::Equal, |subnet| own.subnet.as_str().cmp(subnet));
                own.vpc.as_str().cmp(vpc).then_with(by_subnet)
            })
        };
        let (first, end) = (
            self.by_network.count_while(|slot| place(slot).is_lt()),
            self.by_network.count_while(|slot| place(slot).is_le()),
        );
        let slots = self.by_network.iter_from(first).take(end - first);
        slots.map(|slot| self.slots.at(slot))
    }

    /// The instances that a group is bound to, by id.
    pub fn bound_to<'a>(&'a self, group: &str) -> impl Iterator<Item = &'a Instance> + use<'a> {
        let first = (Box::from(group), InstanceId::from(""));
        let bound = self.by_group.iter_from(&first);
        let own = bound.take_while(move |((own, _), ())| *own == first.0);
        own.map(|((_, id), ())| &self[id])
    }

    /// When time next changes an instance, and which.
    pub fn next_due(&self) -> Option<(Millis, &InstanceId)> {
        let first = self.slots.at(self.due.get(0)?);
        Some((self.due_of(first)?, &first.id))
    }

    /// What the hours of those that are charged by the hour have cost that are not booked.
    pub(crate) fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Puts an instance in, in the place of an earlier one of that id.
    pub fn insert(&mut self, instance: Instance) {
        self.remove(&instance.id);
        let slot = self.free.pop().unwrap_or_else(|| self.slots.more());
        instance
            .metered()
            .into_iter()
            .for_each(|stretch| self.meters.add(stretch));
        self.slots.set(slot, Some(instance));
        self.link(slot);
    }

    /// Takes an instance out.
    pub fn remove(&mut self, id: impl AsRef<str>) -> Option<Instance> {
        let slot = self.slot(id.as_ref())?;
        self.unlink(slot);
        self.free.push(slot);
        let removed = self.slots.set(slot, None).map(Arc::unwrap_or_clone)?;
        removed.metered().iter().for_each(|stretch| self.meters.remove(stretch));
        Some(removed)
    }

    /// Changes an instance, whose id and region stay. `None` if there is none of that id.
    pub fn update<T>(&mut self, id: impl AsRef<str>, change: impl FnOnce(&mut Instance) -> T) -> Option<T> {
        let slot = self.slot(id.as_ref())?;
        let before = self.slots.at(slot);
        let mut after = before.clone();
        let done = change(&mut after);
        debug_assert!(after.id == before.id && after.region == before.region);
        let moves = !OrderBy::ALL.iter().all(|order| order.compare(before, &after).is_eq())
            || self.due_of(before) != self.due_of(&after)
            || before.address.vip != after.address.vip
            || before.network != after.network
            || before.security_groups != after.security_groups;
        let stretches = (!is_charged_alike(before, &after)).then(|| (before.metered(), after.metered()));
        if moves {
            self.unlink(slot);
        }
        self.slots.set(slot, Some(after));
        if moves {
            self.link(slot);
        }
        if let Some((before, after)) = stretches {
            before.iter().for_each(|stretch| self.meters.remove(stretch));
            after.into_iter().for_each(|stretch| self.meters.add(stretch));
        }
        Some(done)
    }

    /// A region's list in that order.
    pub(crate) fn listed(&self, region: &Region, order: OrderBy, ascending: bool) -> Listed<'_> {
        let sorted = self.orders.get(region.name);
        Listed {
            instances: self,
            sorted: sorted.map(|orders| &orders[order as usize]),
            order,
            ascending,
        }
    }

    fn due_of(&self, instance: &Instance) -> Option<Millis> {
        instance.next_due(self.never_renewed_have_no_grace)
    }

    fn slot(&self, id: &str) -> Option<u32> {
        let compare = |slot| self.slots.at(slot).id.as_str().cmp(id);
        self.by_id.find(compare)
    }

    fn link(&mut self, slot: u32) {
        let Instances {
            slots,
            by_id,
            orders,
            due,
            vips,
            by_network,
            by_group,
            never_renewed_have_no_grace,
            ..
        } = self;
        let due_of = |one: &Instance| one.next_due(*never_renewed_have_no_grace);
        let by_due = |one: &Instance, two: &Instance| due_of(one).cmp(&due_of(two));
        let own = slots.at(slot);
        let of_region = orders.entry(own.region.name).or_default();
        for (order, sorted) in OrderBy::ALL.into_iter().zip(of_region) {
            sorted.insert(slot, |other| by(slots.at(other), own, |a, b| order.compare(a, b)));
        }
        by_id.insert(slot, |other| slots.at(other).id.cmp(&own.id));
        vips.insert(slot, |other| by(slots.at(other), own, by_vip));
        if own.network.is_some() {
            by_network.insert(slot, |other| by(slots.at(other), own, by_network_address));
        }
        for group in &own.security_groups {
            by_group.insert((group.as_str().into(), own.id.clone()), ());
        }
        if due_of(own).is_some() {
            due.insert(slot, |other| by(slots.at(other), own, by_due));
        }
    }

    fn unlink(&mut self, slot: u32) {
        let Instances {
            slots,
            by_id,
            orders,
            due,
            vips,
            by_network,
            by_group,
            never_renewed_have_no_grace,
            ..
        } = self;
        let due_of = |one: &Instance| one.next_due(*never_renewed_have_no_grace);
        let by_due = |one: &Instance, two: &Instance| due_of(one).cmp(&due_of(two));
        let own = slots.at(slot);
        let of_region = orders.get_mut(own.region.name).into_iter().flatten();
        for (order, sorted) in OrderBy::ALL.into_iter().zip(of_region) {
            sorted.remove(|other| by(slots.at(other), own, |a, b| order.compare(a, b)));
        }
        by_id.remove(|other| slots.at(other).id.cmp(&own.id));
        vips.remove(|other| by(slots.at(other), own, by_vip));
        if own.network.is_some() {
            by_network.remove(|other| by(slots.at(other), own, by_network_address));
        }
        for group in &own.security_groups {
            by_group.remove(&(group.as_str().into(), own.id.clone()));
        }
        if due_of(own).is_some() {
            due.remove(|other| by(slots.at(other), own, by_due));
        }
    }
}

/// How two instances stand to each other: by key, then by id.
fn by(one: &Instance, two: &Instance, key: impl Fn(&Instance, &Instance) -> Ordering) -> Ordering {
    key(one, two).then_with(|| one.id.cmp(&two.id))
}

/// Whether the same hours are charged at the same tariff.
fn is_charged_alike(one: &Instance, two: &Instance) -> bool {
    if one.charged_since.is_none() && two.charged_since.is_none() {
        return true;
    }
    let price = |of: &Instance| (of.region.name, of.edition.type_id, of.spec);
    (one.charged_since, one.is_metered(), price(one)) == (two.charged_since, two.is_metered(), price(two))
}

fn by_vip(one: &Instance, two: &Instance) -> Ordering {
    one.address.vip.cmp(&two.address.vip)
}

/// Only those in a network are compared.
fn by_network_address(one: &Instance, two: &Instance) -> Ordering {
    fn place(of: &Instance) -> Option<(&str, &str)> {
        let network = of.network.as_ref();
        network.map(|own| (own.vpc.as_str(), own.subnet.as_str()))
    }
    place(one).cmp(&place(two)).then_with(|| by_vip(one, two))
}

impl Slots {
    /// An empty slot more.
    fn more(&mut self) -> u32 {
        self.0.push(None);
        u32::try_from(self.0.len() - 1).expect("fewer than 2^32 instances")
    }

    /// The instance in a slot that an index names.
    fn at(&self, slot: u32) -> &Instance {
        let found = self.0.get(slot as usize).and_then(Option::as_deref);
        found.expect("an indexed slot is filled")
    }

    /// Fills a slot, or empties it; what was in it.
    fn set(&mut self, slot: u32, instance: Option<Instance>) -> Option<Arc<Instance>> {
        let place = self.0.get_mut(slot as usize).expect("a slot that there is");
        std::mem::replace(place, instance.map(Arc::new))
    }
}

/// A region's list in one of its orders, from which pages are taken by position.
pub(crate) struct Listed<'a> {
    instances: &'a Instances,
    sorted: Option<&'a Sorted>,
    order: OrderBy,
    ascending: bool,
}

impl<'a> Listed<'a> {
    /// How many stand in it.
    pub(crate) fn len(&self) -> usize {
        self.sorted.map_or(0, Sorted::len)
    }

    /// All of them, from that position on.
    pub(crate) fn from(self, offset: usize) -> Box<dyn Iterator<Item = &'a Instance> + 'a> {
        let Some(sorted) = self.sorted.filter(|sorted| offset < sorted.len()) else {
            return Box::new(std::iter::empty());
        };
        let instances = self.instances;
        if self.ascending {
            return Box::new(sorted.iter_from(offset).map(|slot| instances.slots.at(slot)));
        }
        Box::new(
            Descending {
                end: sorted.len() - offset,
                group: 0..0,
                instances,
                sorted,
                order: self.order,
            }
            .starting(offset),
        )
    }
}

/// Keys fall, and those with the same key stand in the rising order of their ids.
struct Descending<'a> {
    instances: &'a Instances,
    sorted: &'a Sorted,
    order: OrderBy,
    /// What of the rising order is still to come lies before this.
    end: usize,
    /// What of the present key is still to come.
    group: std::ops::Range<usize>,
}

impl Descending<'_> {
    /// Into the group that holds the position, counted from the end, and past its first.
    fn starting(mut self, offset: usize) -> Self {
        let last = self.sorted.len() - 1 - offset;
        let group = self.group_of(last);
        let skipped = offset - (self.sorted.len() - group.end);
        self.end = group.start;
        self.group = group.start + skipped..group.end;
        self
    }

    /// The positions with the same key as this one. Steps double, so a long group costs a logarithm.
    fn group_of(&self, at: usize) -> std::ops::Range<usize> {
        let instance = |at| self.sorted.get(at).map(|slot| self.instances.slots.at(slot));
        let Some(own) = instance(at) else {
            return at..at;
        };
        let same = |at: usize| instance(at).is_some_and(|other| self.order.compare(other, own).is_eq());
        let below = reach(|steps| steps <= at && same(at - steps));
        let above = reach(|steps| same(at + steps));
        at - below..at + above + 1
    }
}

/// The most steps for which it holds; it holds for none, and for no more once it fails.
fn reach(holds: impl Fn(usize) -> bool) -> usize {
    let mut fails = 1;
    while holds(fails) {
        fails *= 2;
    }
    let mut holding = fails / 2;
    while fails - holding > 1 {
        let middle = holding + (fails - holding) / 2;
        if holds(middle) {
            holding = middle;
        } else {
            fails = middle;
        }
    }
    holding
}

impl<'a> Iterator for Descending<'a> {
    type Item = &'a Instance;

    fn next(&mut self) -> Option<&'a Instance> {
        if self.group.is_empty() {
            let last = self.end.checked_sub(1)?;
            self.group = self.group_of(last);
            self.end = self.group.start;
        }
        let at = self.group.next()?;
        self.sorted.get(at).map(|slot| self.instances.slots.at(slot))
    }
}

/// `OrderBy`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderBy {
    #[default]
    CreateTime,
    ProjectId,
    InstanceName,
    Type,
    Deadline,
}

impl OrderBy {
    /// Every order there is.
    pub(crate) const ALL: [OrderBy; 5] = [
        OrderBy::CreateTime,
        OrderBy::ProjectId,
        OrderBy::InstanceName,
        OrderBy::Type,
        OrderBy::Deadline,
    ];

    /// How the keys of two instances compare.
    pub(crate) fn compare(self, one: &Instance, two: &Instance) -> Ordering {
        match self {
            OrderBy::CreateTime => one.created_at.cmp(&two.created_at),
            OrderBy::ProjectId => one.project_id.cmp(&two.project_id),
            OrderBy::InstanceName => one.name.cmp(&two.name),
            OrderBy::Type => one.edition.type_id.cmp(&two.edition.type_id),
            OrderBy::Deadline => one.deadline_at().cmp(&two.deadline_at()),
        }
    }

    /// The documented words, whatever their case; an official example has a blank behind one.
    pub fn from_word(word: &str) -> Option<OrderBy> {
        match word.trim().to_ascii_lowercase().as_str() {
            "createtime" => Some(OrderBy::CreateTime),
            "projectid" => Some(OrderBy::ProjectId),
            "instancename" => Some(OrderBy::InstanceName),
            "type" => Some(OrderBy::Type),
            "curdeadline" => Some(OrderBy::Deadline),
            _ => None,
        }
    }
}
