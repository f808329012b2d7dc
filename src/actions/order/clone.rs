//! Orders of new instances that begin with a backup.

use super::terms::terms;
use crate::actions::{text, texts};
use crate::cloud::order::clone;
use crate::cloud::{Call, CloneOrder, Cloud, Order, Refusal};
use crate::contract::{input, output};

/// Orders instances of the size that a backup holds. Rules: `cloud/order/clone.rs`, and those of every order.
pub(crate) fn clone_instances(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CloneInstances,
) -> Result<output::CloneInstances, Refusal> {
    let order = CloneOrder {
        instance_id: input.instance_id,
        backup_id: input.backup_id,
        clone_time: text(input.clone_time),
        order: Order {
            zone_id: Some(input.zone_id),
            ..terms!(input)
        },
    };
    let ordered = clone::clone_instances(cloud, call, &order)?;
    Ok(output::CloneInstances {
        deal_id: ordered.deal_id.clone().into(),
        instance_ids: texts(ordered.instance_ids),
        deal_name: ordered.deal_id.into(),
    })
}
