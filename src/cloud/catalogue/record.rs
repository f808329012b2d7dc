//! What is on sale as plain data.

use crate::cloud::catalogue::region::Zone;

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
    pub(crate) fn hits(&self, zone_id: u32, type_id: u64) -> bool {
        self.zone.is_none_or(|zone| zone.id == zone_id) && self.type_id.is_none_or(|sold_out| sold_out == type_id)
    }
}
