//! How one gets into an instance.

mod account;
mod password;
pub(crate) mod policy;

pub(crate) use account::{
    create_instance_account, delete_instance_account, describe_instance_account, modify_instance_account,
};
pub(crate) use password::{modfiy_instance_password, modify_instance_password, reset_password};
pub(crate) use policy::{describe_instance_password_policy, modify_instance_password_policy};
