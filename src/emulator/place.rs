//! The place of the world, and what is put there.

use std::sync::{Arc, PoisonError, RwLock};

use super::settings::settings;
use crate::clock::Clock;
use crate::config::{Auth, Config};
use crate::fixture::{Fixture, FixtureFault};
use crate::journal::Journal;
use crate::world::World;

/// Where the world stands.
pub(super) type Place = Arc<RwLock<Arc<World>>>;

pub(super) fn place(world: World) -> Place {
    Arc::new(RwLock::new(Arc::new(world)))
}

/// The world that stands there now, to be kept for the whole of a call.
pub(super) fn present(place: &Place) -> Arc<World> {
    Arc::clone(&place.read().unwrap_or_else(PoisonError::into_inner))
}

pub(super) fn swap(place: &Place, world: World) {
    let mut place = place.write().unwrap_or_else(PoisonError::into_inner);
    let old = std::mem::replace(&mut *place, Arc::new(world));
    // Calls go on before the old one is thrown away.
    drop(place);
    drop(old);
}

/// The world that a fixture states. A strict emulator takes none that it would be warned of.
pub(super) fn world_of(
    fixture: &Fixture,
    config: &Config,
    seed: u64,
    clock: &Clock,
) -> Result<World, Vec<FixtureFault>> {
    let journal = Journal::new(config.journal.calls());
    let world = World::new(fixture, settings(config), seed, clock, journal)?;
    if config.auth == Auth::Strict && !world.warnings.is_empty() {
        return Err(world.warnings);
    }
    world.warn();
    Ok(world)
}
