//! The public address: opened, closed, dropped with isolation.

use crate::cloud::catalogue::edition::Engine;
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::{Access, Instance};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};

/// Opens a public address. Gives the task's number.
pub fn allocate(cloud: &mut Cloud, call: &Call, id: &str) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let id = || instance.id.clone();
    if instance.network.is_none() {
        return Err(Refusal::NotInVpc { id: id() });
    }
    if instance.edition.engine == Engine::Memcached {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "have a public address",
        });
    }
    if instance.access == Access::NoPassword {
        return Err(Refusal::PasswordFree { id: id() });
    }
    if instance.address.wan.is_some() {
        let why = "has a public address already";
        return Err(Refusal::AsItStands { id: id(), why });
    }
    flow::can_begin(cloud, call, instance, FlowKind::OpenWan)?;
    let id = id();
    let name = format!("{}-{id}.sql.tencentcdb.com", instance.region.short_name);
    let address = format!("{name}:{}", cloud.ids.wan_port());
    let change = Change::now(FlowKind::OpenWan, Payload::Wan(Some(address)));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Closes the public address. Gives the task's number.
pub fn release(cloud: &mut Cloud, call: &Call, id: &str) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    if instance.address.wan.is_none() {
        let why = "has no public address";
        let id = instance.id.clone();
        return Err(Refusal::AsItStands { id, why });
    }
    flow::can_begin(cloud, call, instance, FlowKind::CloseWan)?;
    let id = instance.id.clone();
    let change = Change::now(FlowKind::CloseWan, Payload::Wan(None));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// The public address that is open from now on, or none.
pub(crate) fn apply(instance: &mut Instance, wan: &Option<String>) {
    instance.address.wan.clone_from(wan);
}
