//! One instance: shown, changed.

use axum::extract::{Path, State};
use serde_json::Value;

use super::account::{OfAccount, owner_of};
use super::answer::{Answer, ControlResult, Named, Shared, Whole, ok, read};
use crate::aside::aside;
use crate::cloud::advance;
use crate::cloud::life::look;
use crate::fixture;

pub(super) async fn patch_instance(
    State(emulator): Shared,
    uri: http::Uri,
    instance_id: Named,
    body: ControlResult<Whole>,
) -> Answer {
    let Path(instance_id) = instance_id?;
    let of = OfAccount::read(&uri)?;
    let change: Value = read(body)?;
    let world = emulator.world();
    aside(move || {
        let account = owner_of(&of, &world, &instance_id)?;
        let (mut cloud, now) = account.write_in_time();
        // As before a call that changes it: what is due and was not seen is over.
        advance::end_unseen(&mut cloud, &[&instance_id], now);
        let patched = fixture::patch_instance(&mut cloud, &instance_id, &change);
        drop(cloud);
        ok(&patched?)
    })
    .await
}

/// One instance as a fixture shows it. Its status is there to be seen, so this is a look.
pub(super) async fn instance(State(emulator): Shared, uri: http::Uri, instance_id: Named) -> Answer {
    let Path(instance_id) = instance_id?;
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let account = owner_of(&of, &world, &instance_id)?;
        let (mut cloud, _) = account.write_in_time();
        let found = cloud.instances.get(&instance_id);
        let shown = found.map(|found| fixture::show_instance(&cloud, found));
        look::show(&mut cloud, &instance_id);
        drop(cloud);
        ok(&shown)
    })
    .await
}
