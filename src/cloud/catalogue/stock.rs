//! What is on sale where, and what is sold out for now.

use crate::cloud::catalogue::edition::Edition;
use crate::cloud::catalogue::record::SoldOut;
use crate::cloud::catalogue::region::{Region, Zone};
use crate::cloud::money::record::Account;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::Cloud;
use crate::cloud::values::{Billing, Status};

/// Whether nothing at all can be ordered in that zone.
pub fn is_zone_sold_out(cloud: &Cloud, zone: &Zone) -> bool {
    let whole = |row: &SoldOut| row.type_id.is_none() && row.hits(zone.id, 0);
    cloud.sold_out.iter().any(whole)
}

/// Whether that type cannot be ordered in that zone.
pub fn is_sold_out(cloud: &Cloud, zone_id: u32, type_id: u64) -> bool {
    cloud.sold_out.iter().any(|row| row.hits(zone_id, type_id))
}

/// The sizes of a shard that can be ordered of an edition, rising.
pub fn order_sizes_mb(cloud: &Cloud, edition: &Edition, billing: Billing) -> Vec<u64> {
    if cloud.settings.assumed.redis28_512mb_is_sold {
        edition.order_sizes_mb(billing)
    } else {
        edition.sizes_mb(billing)
    }
}

/// Refuses an order in a zone that cannot deliver it.
pub(crate) fn in_stock(cloud: &Cloud, zone_id: u32, edition: &Edition) -> Result<(), Refusal> {
    if is_sold_out(cloud, zone_id, edition.type_id) {
        return Err(Refusal::SoldOut {
            place: zone_id.to_string(),
            type_id: edition.type_id,
        });
    }
    Ok(())
}

/// Refuses postpaid goods beyond what a region may hold.
pub(crate) fn within_quota(cloud: &Cloud, region: &Region, billing: Billing, goods: u64) -> Result<(), Refusal> {
    let Account { postpaid_quota, .. } = cloud.account;
    if billing == Billing::Prepaid {
        return Ok(());
    }
    let held = cloud.instances.values().filter(|instance| {
        instance.region.name == region.name
            && instance.billing() == Billing::Postpaid
            && !matches!(instance.status, Status::Isolated | Status::Deleting)
    });
    // Counting stops once it is decided.
    let room = usize::try_from(postpaid_quota.saturating_sub(goods)).unwrap_or(usize::MAX);
    if goods > postpaid_quota || held.take(room.saturating_add(1)).count() > room {
        return Err(Refusal::QuotaExceeded { quota: postpaid_quota });
    }
    Ok(())
}
