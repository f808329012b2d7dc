//! What is set on instances.

use crate::actions::{check_count, text};
use crate::cloud::instance::modify;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Modification, Refusal};
use crate::contract::{input, output};

/// The documented most of `InstanceIds`.
const MOST_IDS: usize = 10;

/// Sets one thing on each of the instances, or on none. Rules: `cloud/instance/modify.rs`.
pub(crate) fn modify_instance(
    cloud: &mut Cloud,
    call: &Call,
    mut input: input::ModifyInstance,
) -> Result<output::ModifyInstance, Refusal> {
    // The members of the older form, for one instance.
    input.instance_ids.extend(text(input.instance_id));
    input.instance_names.extend(input.instance_name);
    input.auto_renews.extend(input.auto_renew);
    let ids = input.instance_ids;
    check_count("InstanceIds", ids.len(), 1..=MOST_IDS)?;
    let values = match input.operation.as_str() {
        "rename" => each("InstanceNames", input.instance_names, &ids, Modification::Name)?,
        "modifyAutoRenew" => each("AutoRenews", input.auto_renews, &ids, Modification::AutoRenew)?,
        "modifyDeleteProtectionSwitch" => {
            let switches = input.delete_protection_switches;
            each(
                "DeleteProtectionSwitches",
                switches,
                &ids,
                Modification::DeleteProtection,
            )?
        }
        "modifyProject" => {
            let project = input.project_id;
            let project = project.ok_or_else(|| bad_value("ProjectId", "modifyProject needs it".into()))?;
            ids.iter().map(|_| Modification::Project(project)).collect()
        }
        other => {
            let known = "rename, modifyProject, modifyAutoRenew, modifyDeleteProtectionSwitch";
            return Err(bad_value("Operation", format!("{other} is none of {known}")));
        }
    };
    let all: Vec<_> = ids.into_iter().zip(values).collect();
    modify::modify(cloud, call, &all)?;
    Ok(output::ModifyInstance {})
}

/// One value for each instance.
fn each<T>(
    parameter: &'static str,
    values: Vec<T>,
    ids: &[String],
    what: fn(T) -> Modification,
) -> Result<Vec<Modification>, Refusal> {
    if values.len() != ids.len() {
        let (has, wants) = (values.len(), ids.len());
        return Err(bad_value(
            parameter,
            format!("it holds {has} values for {wants} instances"),
        ));
    }
    Ok(values.into_iter().map(what).collect())
}
