//! What waits for its maintenance window.

use crate::cloud::change::window;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Runs the change that waits for its maintenance window.
pub(crate) fn switch_access_new_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::SwitchAccessNewInstance,
) -> Result<output::SwitchAccessNewInstance, Refusal> {
    window::switch_now(cloud, call, &input.instance_id)?;
    Ok(output::SwitchAccessNewInstance {})
}
