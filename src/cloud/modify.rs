//! ModifyInstance: names, projects, renewal and protection of several instances at once.

use super::instance::{AutoRenew, Billing, Instance, Status};
use super::order::is_short_id;
use super::{Call, Cloud, Refusal};

/// What is to be set on one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modification {
    /// An empty name is the id.
    Name(String),
    Project(i64),
    AutoRenew(i64),
    DeleteProtection(i64),
}

/// As documented for ModifyInstance: up to 60 characters.
const NAME_MOST_CHARS: usize = 60;
/// As documented for orders: fewer than 60.
pub(super) const ORDERED_NAME_MOST_CHARS: usize = 59;

/// The documents also name the characters of a name; no list of errors has a code for it, so only length counts.
pub(super) fn name_fault(name: &str, parameter: &'static str, most: usize) -> Result<(), Refusal> {
    if name.chars().count() > most {
        let why = format!("it is longer than {most} characters");
        return Err(Refusal::BadValue { parameter, why });
    }
    Ok(())
}

/// Projects belong to another product: whatever has the form of a number exists.
pub(super) fn project_fault(id: i64) -> Result<(), Refusal> {
    if id >= 0 {
        return Ok(());
    }
    Err(Refusal::BadValue {
        parameter: "ProjectId",
        why: format!("{id} is no project"),
    })
}

impl Cloud {
    /// Sets something on each of these instances, or on none.
    pub fn modify(&mut self, call: &Call, all: &[(String, Modification)]) -> Result<(), Refusal> {
        for (id, what) in all {
            let instance = self.instance(call.region, id)?;
            what.fault(instance)?;
        }
        for (id, what) in all {
            self.instances.update(id, |instance| what.set(instance));
        }
        Ok(())
    }
}

impl Cloud {
    /// Replaces the security groups of an instance, which must stand in a private network.
    pub fn set_security_groups(
        &mut self,
        call: &Call,
        id: &str,
        groups: &[String],
    ) -> Result<(), Refusal> {
        let instance = self.instance(call.region, id)?;
        if let Some(group) = groups.iter().find(|group| !is_short_id(group, "sg-")) {
            return Err(Refusal::NoSuchSecurityGroup {
                group: group.clone(),
            });
        }
        if instance.network.is_none() {
            return Err(Refusal::EditionCannot {
                type_id: instance.edition.type_id,
                what: "have security groups outside a private network",
            });
        }
        self.instances
            .update(id, |instance| instance.security_groups = groups.to_vec());
        Ok(())
    }
}

impl Modification {
    fn fault(&self, instance: &Instance) -> Result<(), Refusal> {
        if matches!(instance.status, Status::Isolated | Status::Deleting) {
            return Err(Refusal::WrongStatus {
                id: instance.id.clone(),
                status: instance.status,
                needs: &[Status::Pending, Status::InProcess, Status::Running],
            });
        }
        let bad = |parameter, why| Err(Refusal::BadValue { parameter, why });
        match self {
            Modification::Name(name) => name_fault(name, "InstanceNames", NAME_MOST_CHARS),
            Modification::Project(id) => project_fault(*id),
            Modification::AutoRenew(flag) if AutoRenew::from_number(*flag).is_none() => {
                Err(Refusal::BadAutoRenew {
                    parameter: "AutoRenews",
                    value: flag.to_string(),
                })
            }
            Modification::AutoRenew(1) if instance.billing == Billing::Postpaid => {
                Err(Refusal::NoAutoRenew {
                    id: instance.id.clone(),
                })
            }
            Modification::DeleteProtection(switch) if !(0..=1).contains(switch) => bad(
                "DeleteProtectionSwitches",
                format!("{switch} is neither 0 nor 1"),
            ),
            _ => Ok(()),
        }
    }

    fn set(&self, instance: &mut Instance) {
        match self {
            Modification::Name(name) if name.is_empty() => instance.name.clone_from(&instance.id),
            Modification::Name(name) => instance.name.clone_from(name),
            Modification::Project(id) => {
                if instance.project_id != *id {
                    instance.stated_project_name = None;
                }
                instance.project_id = *id;
            }
            Modification::AutoRenew(flag) => {
                instance.auto_renew = AutoRenew::from_number(*flag).unwrap_or(instance.auto_renew);
                instance.renewal_failed = false;
            }
            Modification::DeleteProtection(switch) => instance.delete_protection = *switch == 1,
        }
    }
}
