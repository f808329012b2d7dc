//! What is on sale where, and what is sold out for now.

use super::account::Account;
use super::edition::Edition;
use super::region::{Region, Zone};
use super::values::{Billing, Status};
use super::{Cloud, Refusal};

/// Something that cannot be ordered for now: a type in a zone, all types of a zone, or a type everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldOut {
    /// The zone; `None`: every zone.
    pub zone: Option<&'static Zone>,
    /// The type; `None`: every type.
    pub type_id: Option<u64>,
}

impl SoldOut {
    /// Whether it is about that type in that zone.
    fn hits(&self, zone_id: u32, type_id: u64) -> bool {
        self.zone.is_none_or(|zone| zone.id == zone_id) && self.type_id.is_none_or(|sold_out| sold_out == type_id)
    }
}

impl Cloud {
    /// Whether nothing at all can be ordered in that zone.
    pub fn is_zone_sold_out(&self, zone: &Zone) -> bool {
        let whole = |row: &SoldOut| row.type_id.is_none() && row.hits(zone.id, 0);
        self.sold_out.iter().any(whole)
    }

    /// Whether that type cannot be ordered in that zone.
    pub fn is_sold_out(&self, zone_id: u32, type_id: u64) -> bool {
        self.sold_out.iter().any(|row| row.hits(zone_id, type_id))
    }

    /// The sizes of a shard that can be ordered of an edition, rising.
    pub fn order_sizes_mb(&self, edition: &Edition, billing: Billing) -> Vec<u64> {
        if self.settings.assumed.redis28_512mb_is_sold {
            edition.order_sizes_mb(billing)
        } else {
            edition.sizes_mb(billing)
        }
    }

    /// Refuses an order in a zone that cannot deliver it.
    pub(super) fn in_stock(&self, zone_id: u32, edition: &Edition) -> Result<(), Refusal> {
        if self.is_sold_out(zone_id, edition.type_id) {
            return Err(Refusal::SoldOut {
                place: zone_id.to_string(),
                type_id: edition.type_id,
            });
        }
        Ok(())
    }

    /// Refuses postpaid goods beyond what a region may hold.
    pub(super) fn within_quota(&self, region: &Region, billing: Billing, goods: u64) -> Result<(), Refusal> {
        let Account { postpaid_quota, .. } = self.account;
        if billing == Billing::Prepaid {
            return Ok(());
        }
        let held = self.instances.values().filter(|instance| {
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
}
