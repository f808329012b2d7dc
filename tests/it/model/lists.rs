//! Listing: the pages in every order hold the whole list, and it is the one that plain sorting gives.

use std::cmp::Ordering;

use crs_local::cloud::{Cloud, Filter, Instance, OrderBy, Page, region};

use super::world::ensure;

type Key = fn(&Instance, &Instance) -> Ordering;

const ORDERS: [(OrderBy, Key); 5] = [
    (OrderBy::CreateTime, |a, b| a.created_at.cmp(&b.created_at)),
    (OrderBy::ProjectId, |a, b| a.project_id.cmp(&b.project_id)),
    (OrderBy::InstanceName, |a, b| a.name.cmp(&b.name)),
    (OrderBy::Type, |a, b| {
        a.edition.type_id.cmp(&b.edition.type_id)
    }),
    (OrderBy::Deadline, |a, b| a.deadline_at.cmp(&b.deadline_at)),
];

/// Every filter lets everything through; the first is none, the second looks at each instance.
fn filters() -> [Filter; 2] {
    let looking = Filter {
        name: Some(String::new()),
        ..Filter::default()
    };
    [Filter::default(), looking]
}

pub(super) fn all(cloud: &Cloud) -> Result<(), String> {
    let region = region::find("ap-guangzhou").expect("a known region");
    let whole: Vec<&Instance> = cloud.instances.values().collect();
    ensure!(
        cloud.instances.len() == whole.len(),
        "the number of instances"
    );
    for (order_by, key) in ORDERS {
        for ascending in [true, false] {
            let mut plain = whole.clone();
            plain.sort_by(|a, b| {
                let by_key = if ascending { key(a, b) } else { key(b, a) };
                by_key.then_with(|| a.id.cmp(&b.id))
            });
            for filter in filters() {
                let (mut offset, limit) = (0, 3);
                while offset <= plain.len() {
                    let page = Page {
                        order_by,
                        ascending,
                        offset: offset as u64,
                        limit,
                    };
                    let (total, got) = cloud.find_instances(region, &filter, &page);
                    ensure!(
                        total == plain.len(),
                        "a TotalCount of {total}, not {}",
                        plain.len()
                    );
                    let want = plain.iter().skip(offset).take(limit as usize);
                    let same = got.iter().map(|one| &one.id).eq(want.map(|one| &one.id));
                    ensure!(
                        same,
                        "by {order_by:?}, ascending {ascending}, page at {offset}"
                    );
                    offset += limit as usize;
                }
            }
        }
    }
    for instance in whole {
        let found = cloud.instances.get(&instance.id) == Some(instance);
        ensure!(
            found && cloud.instances.has_vip(&instance.vip),
            "{} is not found",
            instance.id
        );
    }
    Ok(())
}
