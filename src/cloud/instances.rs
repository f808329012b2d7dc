//! All instances of an account, kept so that no call has to look at all of them.
//!
//! An instance is found by its id, a page of a region's list by its position in each of the documented
//! orders, and what runs out next by its time. All of these follow from the instances, which change only through
//! [`Instances::update`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Index;

use super::instance::Instance;
use super::listing::OrderBy;
use super::region::Region;
use super::sorted::Sorted;
use super::time::Millis;

/// Instances by id, with the indexes that listing and expiry read.
#[derive(Clone, Debug, Default)]
pub struct Instances {
    slots: Vec<Option<Instance>>,
    free: Vec<u32>,
    by_id: BTreeMap<String, u32>,
    /// The orders of each region's list, by the region's name.
    orders: BTreeMap<&'static str, [Sorted; OrderBy::ALL.len()]>,
    /// When time itself next changes an instance.
    due: BTreeSet<(Millis, String)>,
    /// How many instances have an address.
    vips: HashMap<String, u32>,
    /// Whether what is never renewed is isolated at its deadline, without days of grace.
    never_renewed_have_no_grace: bool,
}

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
    pub(super) fn new(never_renewed_have_no_grace: bool) -> Instances {
        Instances {
            never_renewed_have_no_grace,
            ..Instances::default()
        }
    }

    /// The instance of that id.
    pub fn get(&self, id: &str) -> Option<&Instance> {
        self.by_id.get(id).map(|&slot| self.at(slot))
    }

    /// Whether there is one of that id.
    pub fn contains_key(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// All of them, by id.
    pub fn values(&self) -> impl Iterator<Item = &Instance> {
        self.by_id.values().map(|&slot| self.at(slot))
    }

    /// Whether some instance has that private address.
    pub fn has_vip(&self, vip: &str) -> bool {
        self.vips.contains_key(vip)
    }

    /// When time next changes an instance, and which.
    pub fn next_due(&self) -> Option<(Millis, &str)> {
        self.due.first().map(|(at, id)| (*at, id.as_str()))
    }

    /// Puts an instance in, in the place of an earlier one of that id.
    pub fn insert(&mut self, instance: Instance) {
        self.remove(&instance.id);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 instances")
        });
        self.by_id.insert(instance.id.clone(), slot);
        self.slots[slot as usize] = Some(instance);
        self.link(slot);
    }

    /// Takes an instance out.
    pub fn remove(&mut self, id: &str) -> Option<Instance> {
        let slot = self.by_id.remove(id)?;
        self.unlink(slot);
        self.free.push(slot);
        self.slots[slot as usize].take()
    }

    /// Takes all of them out.
    pub fn clear(&mut self) {
        *self = Instances::new(self.never_renewed_have_no_grace);
    }

    /// Changes an instance, whose id and region stay. `None` if there is none of that id.
    pub fn update<T>(&mut self, id: &str, change: impl FnOnce(&mut Instance) -> T) -> Option<T> {
        let slot = *self.by_id.get(id)?;
        let before = self.at(slot);
        let mut after = before.clone();
        let done = change(&mut after);
        debug_assert!(after.id == before.id && after.region == before.region);
        let moves = !OrderBy::ALL
            .iter()
            .all(|order| order.compare(before, &after).is_eq())
            || self.due_of(before) != self.due_of(&after)
            || before.vip != after.vip;
        if moves {
            self.unlink(slot);
        }
        self.slots[slot as usize] = Some(after);
        if moves {
            self.link(slot);
        }
        Some(done)
    }

    /// A region's list in that order.
    pub(super) fn listed(&self, region: &Region, order: OrderBy, ascending: bool) -> Listed<'_> {
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

    fn at(&self, slot: u32) -> &Instance {
        self.slots[slot as usize]
            .as_ref()
            .expect("an indexed slot is filled")
    }

    fn link(&mut self, slot: u32) {
        let instance = self.at(slot);
        let (region, vip) = (instance.region.name, instance.vip.clone());
        let due = self.due_of(instance).map(|at| (at, instance.id.clone()));
        self.due.extend(due);
        *self.vips.entry(vip).or_default() += 1;
        self.orders.entry(region).or_default();
        let Self { slots, orders, .. } = self;
        for (order, sorted) in OrderBy::ALL
            .iter()
            .zip(orders.get_mut(region).into_iter().flatten())
        {
            sorted.insert(slot, |other| in_order(slots, *order, other, slot));
        }
    }

    fn unlink(&mut self, slot: u32) {
        let never_renewed_have_no_grace = self.never_renewed_have_no_grace;
        let Self {
            slots,
            orders,
            due,
            vips,
            ..
        } = self;
        let Some(instance) = &slots[slot as usize] else {
            return;
        };
        if let Some(at) = instance.next_due(never_renewed_have_no_grace) {
            due.remove(&(at, instance.id.clone()));
        }
        if let Some(count) = vips.get_mut(&instance.vip) {
            *count -= 1;
            if *count == 0 {
                vips.remove(&instance.vip);
            }
        }
        let region = instance.region.name;
        for (order, sorted) in OrderBy::ALL
            .iter()
            .zip(orders.get_mut(region).into_iter().flatten())
        {
            sorted.remove(|other| in_order(slots, *order, other, slot));
        }
    }
}

/// How two instances stand to each other: by key, then by id.
fn in_order(slots: &[Option<Instance>], order: OrderBy, one: u32, two: u32) -> std::cmp::Ordering {
    match (&slots[one as usize], &slots[two as usize]) {
        (Some(one), Some(two)) => order.compare(one, two).then_with(|| one.id.cmp(&two.id)),
        _ => std::cmp::Ordering::Equal,
    }
}

/// A region's list in one of its orders, from which pages are taken by position.
pub(super) struct Listed<'a> {
    instances: &'a Instances,
    sorted: Option<&'a Sorted>,
    order: OrderBy,
    ascending: bool,
}

impl<'a> Listed<'a> {
    /// How many stand in it.
    pub(super) fn len(&self) -> usize {
        self.sorted.map_or(0, Sorted::len)
    }

    /// All of them, from that position on.
    pub(super) fn from(self, offset: usize) -> Box<dyn Iterator<Item = &'a Instance> + 'a> {
        let Some(sorted) = self.sorted.filter(|sorted| offset < sorted.len()) else {
            return Box::new(std::iter::empty());
        };
        let instances = self.instances;
        if self.ascending {
            return Box::new(sorted.iter_from(offset).map(|slot| instances.at(slot)));
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
        let instance = |at| self.sorted.get(at).map(|slot| self.instances.at(slot));
        let Some(own) = instance(at) else {
            return at..at;
        };
        let same =
            |at: usize| instance(at).is_some_and(|other| self.order.compare(other, own).is_eq());
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
        self.sorted.get(at).map(|slot| self.instances.at(slot))
    }
}
