//! The lock after a resize: the instance runs, and takes no change for a while yet.

use super::ids::InstanceId;
use super::instance::Instance;
use super::lifecycle::Move;
use super::time::{self, Millis, SECOND};
use super::{Call, Cloud, Refusal};

impl Cloud {
    /// Locks an instance whose resize has ended, where the account says for how long.
    pub(super) fn lock(&mut self, at: Millis, instance_id: &InstanceId) {
        let lock_ms = self.account.lock_seconds.saturating_mul(SECOND);
        if lock_ms > 0 {
            self.instances.update(instance_id, |instance| {
                instance.locked_until = Some(time::after(at, lock_ms));
            });
        }
    }

    /// Whether this transition may begin now with the instance as it is. A price asks [`Instance::may`] alone.
    pub(crate) fn may(&self, call: &Call, instance: &Instance, begin: Move) -> Result<(), Refusal> {
        instance.may(begin, self.flow_of(&instance.id).is_some())?;
        instance.is_unlocked(call.now)
    }
}

impl Instance {
    /// Refuses while a resize that has ended still holds the instance.
    pub(crate) fn is_unlocked(&self, now: Millis) -> Result<(), Refusal> {
        match self.locked_until {
            Some(until) if now < until => Err(Refusal::Locked { id: self.id.clone() }),
            _ => Ok(()),
        }
    }
}
