//! Listing: the pages in every order hold the whole list, and it is the one that plain sorting gives.

use super::calls::Reads;
use std::cmp::Ordering;

use crs_local::cloud::{Call, Cloud, Filter, Instance, OrderBy, Page, region};

use super::world::ensure;

type Key = fn(&Instance, &Instance) -> Ordering;

const ORDERS: [(OrderBy, Key); 5] = [
    (OrderBy::CreateTime, |a, b| a.created_at.cmp(&b.created_at)),
    (OrderBy::ProjectId, |a, b| a.project_id.cmp(&b.project_id)),
    (OrderBy::InstanceName, |a, b| a.name.cmp(&b.name)),
    (OrderBy::Type, |a, b| a.edition.type_id.cmp(&b.edition.type_id)),
    (OrderBy::Deadline, |a, b| a.deadline_at().cmp(&b.deadline_at())),
];

/// Lets everything through, and looks at each instance for it.
fn looking() -> Filter {
    Filter {
        name: Some(String::new()),
        ..Filter::default()
    }
}

pub(super) fn all(cloud: &Cloud) -> Result<(), String> {
    let whole: Vec<&Instance> = cloud.instances.values().collect();
    let (number, filters) = (whole.len(), [Filter::default(), looking()]);
    ensure!(cloud.instances.len() == number, "the number of instances");
    let mut plain = whole.clone();
    for (order_by, key) in ORDERS {
        for ascending in [true, false] {
            plain.sort_by(|a, b| {
                let by_key = if ascending { key(a, b) } else { key(b, a) };
                by_key.then_with(|| a.id.cmp(&b.id))
            });
            pages(cloud, &filters[0], (order_by, ascending), &plain)?;
        }
    }
    pages(cloud, &filters[1], (OrderBy::Deadline, false), &plain)?;
    for instance in whole {
        let found = cloud.instances.get(&instance.id);
        let found = found.is_some_and(|found| std::ptr::eq(found, instance));
        ensure!(
            found && cloud.instances.has_vip(&instance.address.vip),
            "{} is not found",
            instance.id
        );
        by_use(cloud, instance)?;
    }
    Ok(())
}

/// The pages of that order are the plain list, cut.
fn pages(
    cloud: &Cloud,
    filter: &Filter,
    (order_by, ascending): (OrderBy, bool),
    plain: &[&Instance],
) -> Result<(), String> {
    const LIMIT: usize = 3;
    let region = region::find("ap-guangzhou").expect("a known region");
    let call = Call::new(cloud.advanced_to, region);
    // One page more than there is.
    for offset in (0..=plain.len()).step_by(LIMIT) {
        let page = Page {
            order_by,
            ascending,
            offset: offset as u64,
            limit: LIMIT as u64,
        };
        let (total, got) = cloud.find_instances(&call, filter, &page);
        let number = plain.len();
        ensure!(total == number, "a TotalCount of {total}, not {number}");
        let want = &plain[offset..number.min(offset + LIMIT)];
        let same = |(got, want): (&&Instance, &&Instance)| std::ptr::eq(*got, *want);
        ensure!(
            got.len() == want.len() && got.iter().zip(want).all(same),
            "by {order_by:?}, ascending {ascending}, the page at {offset}"
        );
    }
    Ok(())
}

/// Networks and groups find their instances: it is among those of its own, and only once.
fn by_use(cloud: &Cloud, instance: &Instance) -> Result<(), String> {
    let once = |found: &mut dyn Iterator<Item = &Instance>| found.filter(|one| one.id == instance.id).count() == 1;
    for group in &instance.security_groups {
        let found = once(&mut cloud.instances.bound_to(group));
        ensure!(found, "{group} does not find {}", instance.id);
    }
    let Some(network) = &instance.network else {
        return Ok(());
    };
    for subnet in [None, Some(network.subnet.as_str())] {
        let found = once(&mut cloud.instances.in_network(&network.vpc, subnet));
        ensure!(found, "{} does not find {}", network.vpc, instance.id);
    }
    Ok(())
}
