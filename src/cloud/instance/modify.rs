//! ModifyInstance: names, projects, renewal and protection of several instances at once.

use crate::cloud::instance::payment::Payment;
use crate::cloud::instance::record::Instance;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::{AutoRenew, Billing};

/// What is to be set on one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modification {
    /// An empty name is the id.
    Name(String),
    Project(i64),
    AutoRenew(i64),
    DeleteProtection(i64),
}

/// The longest name, as documented for ModifyInstance: up to 60 characters.
pub const NAME_CHARS_MAX: usize = 60;
/// The longest name in an order: fewer than that, as documented.
pub(crate) const ORDERED_NAME_CHARS_MAX: usize = NAME_CHARS_MAX - 1;

/// What may stand in a name beside Latin letters and digits.
pub(crate) fn is_of_a_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_') || is_chinese(char)
}

/// The characters that Unicode calls CJK unified ideographs, with their extensions, and the zero that is written among
/// them.
fn is_chinese(char: char) -> bool {
    matches!(char, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// Projects belong to another product: whatever has the form of a number exists.
pub(crate) fn project_fault(id: i64) -> Result<(), Refusal> {
    if id >= 0 {
        return Ok(());
    }
    Err(bad_value("ProjectId", format!("{id} is no project")))
}

/// Sets something on each of these instances, or on none.
pub fn modify(cloud: &mut Cloud, call: &Call, all: &[(String, Modification)]) -> Result<(), Refusal> {
    for (id, what) in all {
        let instance = cloud.instance(call.region, id)?;
        modification_fault(cloud, instance, what)?;
    }
    for (id, what) in all {
        cloud.instances.update(id, |instance| what.set(instance));
    }
    Ok(())
}

/// Whether a name is short enough and holds only what may stand in one.
pub(crate) fn name_fault(cloud: &Cloud, name: &str, parameter: &'static str, most: usize) -> Result<(), Refusal> {
    let refuse = |why| Err(bad_value(parameter, why));
    if name.chars().count() > most {
        return refuse(format!("it is longer than {most} characters"));
    }
    if name.chars().any(char::is_control) {
        return refuse("it holds a control character".into());
    }
    let other = name.chars().find(|char| !is_of_a_name(*char));
    match other.filter(|_| cloud.settings.assumed.names_are_restricted) {
        Some(char) => refuse(format!(
            "{char:?} stands in it; a name holds Chinese characters, Latin letters, digits, - and _"
        )),
        None => Ok(()),
    }
}

fn modification_fault(cloud: &Cloud, instance: &Instance, what: &Modification) -> Result<(), Refusal> {
    instance.takes_settings()?;
    match what {
        Modification::Name(name) => name_fault(cloud, name, "InstanceNames", NAME_CHARS_MAX),
        Modification::Project(id) => project_fault(*id),
        Modification::AutoRenew(flag) if AutoRenew::from_number(*flag).is_none() => Err(Refusal::BadAutoRenew {
            parameter: "AutoRenews",
            value: flag.to_string(),
        }),
        Modification::AutoRenew(1) if instance.billing() == Billing::Postpaid => Err(Refusal::NoAutoRenew {
            id: instance.id.clone(),
        }),
        Modification::DeleteProtection(switch) if !(0..=1).contains(switch) => {
            let why = format!("{switch} is neither 0 nor 1");
            Err(bad_value("DeleteProtectionSwitches", why))
        }
        _ => Ok(()),
    }
}

impl Modification {
    fn set(&self, instance: &mut Instance) {
        match self {
            Modification::Name(name) if name.is_empty() => instance.name = instance.id.to_string(),
            Modification::Name(name) => instance.name.clone_from(name),
            Modification::Project(id) => {
                if instance.project_id != *id {
                    instance.stated_project_name = None;
                }
                instance.project_id = *id;
            }
            Modification::AutoRenew(flag) => {
                instance.auto_renew = AutoRenew::from_number(*flag).unwrap_or(instance.auto_renew);
                if let Payment::Prepaid { renewal_failed, .. } = &mut instance.payment {
                    *renewal_failed = false;
                }
            }
            Modification::DeleteProtection(switch) => instance.delete_protection = *switch == 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{Account, Assumed, Ids, Pace, Settings};

    #[test]
    fn a_name_is_short_and_can_be_shown() {
        let account = Account::new(1, "1".into(), 0);
        let mut settings = Settings {
            pace: Pace::Held,
            flow_time_ms: 0,
            assumed: Assumed::default(),
        };
        settings.assumed.names_are_restricted = false;
        let cloud = Cloud::new(account, settings, Ids::new(1));
        let fault = |name: &str| name_fault(&cloud, name, "InstanceName", NAME_CHARS_MAX);
        assert_eq!(fault("测试 a&b's(x)*!~"), Ok(()));
        for name in ["a\nb", "a\0b", "\u{7f}", "a\u{85}b", &"x".repeat(NAME_CHARS_MAX + 1)] {
            assert!(matches!(fault(name), Err(Refusal::BadValue { .. })), "{name:?}");
        }
    }
}
