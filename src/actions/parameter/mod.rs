//! Parameters of instances, and templates of them.

mod setting;
mod template;

pub(crate) use setting::{describe_instance_param_records, describe_instance_params, modify_instance_params};
pub(crate) use template::{
    apply_params_template, create_param_template, delete_param_template, describe_param_template_info,
    describe_param_templates, modify_param_template,
};

use crate::cloud::Param;
use crate::contract::input;

fn params(given: Vec<input::InstanceParam>) -> Vec<Param> {
    let param = |one: input::InstanceParam| Param {
        name: one.key,
        value: one.value,
    };
    given.into_iter().map(param).collect()
}
