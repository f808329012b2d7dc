//! Security groups as redis shows and binds them: those that the network service makes, and those that only an
//! instance names.

mod binding;
mod listing;
mod shape;

pub(crate) use binding::{associate_security_groups, disassociate_security_groups, modify_db_instance_security_groups};
pub(crate) use listing::{
    describe_db_security_groups, describe_instance_security_group, describe_project_security_group,
    describe_project_security_groups,
};

use crate::cloud::Refusal;
use crate::cloud::tags::SERVICE;

/// These actions are the same for several products; this is one of them.
fn check_product(product: String) -> Result<(), Refusal> {
    if product == SERVICE {
        Ok(())
    } else {
        Err(Refusal::NotRedis { product })
    }
}
