//! What answers about one thing of an instance add: nodes, Redis accounts, parameters, the maintenance window, security
//! groups.

use super::collect::{Found, named, no_refusal};
use super::nodes;
use super::printed::{BoundGroups, Printed, Window};
use super::source::{Source, below, fault};
use super::told::{More, Told};
use crate::fixture::{FixtureFault, read_each};

/// Gives each instance what the answers say that it was asked for.
pub(super) fn add(
    found: &mut [Found],
    of: &[(String, Source)],
    warnings: &mut Vec<String>,
) -> Result<(), Vec<FixtureFault>> {
    let mut faults = Vec::new();
    for (id, source) in of {
        let Some(instance) = found.iter_mut().find(|instance| instance.id == *id) else {
            faults.push(nobody(&source.name, id));
            continue;
        };
        match read_each::<Printed>(&source.name, &source.text) {
            Err(fault) => faults.push(fault),
            Ok(answers) => {
                for (index, answer) in answers.into_iter().enumerate() {
                    let file = named(&source.name, index);
                    faults.extend(take(instance, answer, &file, "", warnings).err());
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    warnings.extend(found.iter().filter_map(incomplete));
    Ok(())
}

/// Gives each instance the groups that are bound to it.
pub(super) fn bind(found: &mut [Found], bound: Vec<Told<BoundGroups>>) -> Result<(), Vec<FixtureFault>> {
    let mut faults = Vec::new();
    for Told { what, file, path } in bound {
        let id = what.instance_id.unwrap_or_default();
        let Some(instance) = found.iter_mut().find(|instance| instance.id == id) else {
            faults.push(fault(&file, &below(&path, "InstanceId"), &nobody(&file, &id).message));
            continue;
        };
        for group in rows("SecurityGroupDetails", what.security_group_details, &file, &path) {
            if group.what.security_group_id.is_none() {
                faults.push(group.fault("SecurityGroupId", &format!("{id}: is missing; a group has one")));
            }
            instance.more.groups.push(group);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn nobody(file: &str, id: &str) -> FixtureFault {
    fault(
        file,
        "",
        &format!("no instance {id} was printed; give its DescribeInstances too"),
    )
}

/// Takes one answer.
fn take(
    instance: &mut Found,
    answer: Printed,
    file: &str,
    path: &str,
    warnings: &mut Vec<String>,
) -> Result<(), FixtureFault> {
    no_refusal(&answer, file, path)?;
    if let Some(response) = answer.response {
        return take(instance, *response, file, "Response", warnings);
    }
    if answer.redis.is_some() {
        return nodes::add(instance, &answer, file, path, warnings);
    }
    let (id, more) = (instance.id.as_str(), &mut instance.more);
    match answer.action_of_one() {
        Some("DescribeInstanceAccount") => accounts(id, more, answer, file, path),
        Some("DescribeInstanceParams") => params(id, more, answer, file, path),
        Some("DescribeMaintenanceWindow") => window(id, more, answer, file, path),
        _ => {
            let message = "tells nothing of one instance; give what `tccli redis` prints of DescribeInstanceNodeInfo, \
                           DescribeInstanceAccount, DescribeInstanceParams or DescribeMaintenanceWindow";
            Err(fault(file, path, message))
        }
    }
}

/// The rows of a list, each with its place.
fn rows<'a, T>(list: &'a str, rows: Option<Vec<T>>, file: &'a str, path: &'a str) -> impl Iterator<Item = Told<T>> + 'a
where
    T: 'a,
{
    let rows = rows.into_iter().flatten().enumerate();
    rows.map(move |(index, what)| Told {
        what,
        file: file.to_owned(),
        path: below(path, &format!("{list}[{index}]")),
    })
}

fn accounts(id: &str, more: &mut More, answer: Printed, file: &str, path: &str) -> Result<(), FixtureFault> {
    more.accounts_total = answer.total_count;
    for account in rows("Accounts", answer.accounts, file, path) {
        let other = account
            .what
            .instance_id
            .as_deref()
            .filter(|other| !other.is_empty() && *other != id);
        if let Some(other) = other {
            let message = format!("{id}: is {other}; give it as that one's");
            return Err(account.fault("InstanceId", &message));
        }
        more.accounts.push(account);
    }
    Ok(())
}

fn params(id: &str, more: &mut More, answer: Printed, file: &str, path: &str) -> Result<(), FixtureFault> {
    for (list, params) in [
        ("InstanceEnumParam", answer.instance_enum_param),
        ("InstanceIntegerParam", answer.instance_integer_param),
        ("InstanceMultiParam", answer.instance_multi_param),
        ("InstanceTextParam", answer.instance_text_param),
    ] {
        for param in rows(list, params, file, path) {
            for (member, given) in [
                ("ParamName", &param.what.param_name),
                ("CurrentValue", &param.what.current_value),
            ] {
                if given.is_none() {
                    return Err(param.fault(member, &format!("{id}: is missing; a parameter has one")));
                }
            }
            more.params.push(param);
        }
    }
    Ok(())
}

fn window(id: &str, more: &mut More, answer: Printed, file: &str, path: &str) -> Result<(), FixtureFault> {
    let window = Told {
        what: Window {
            start_time: answer.start_time,
            end_time: answer.end_time,
        },
        file: file.to_owned(),
        path: path.to_owned(),
    };
    if let Some(known) = &more.window {
        let message = format!(
            "{id}: its window stands in {} already; take one of them out",
            known.file
        );
        return Err(window.fault("StartTime", &message));
    }
    more.window = Some(window);
    Ok(())
}

/// A warning where more accounts were counted than printed.
fn incomplete(instance: &Found) -> Option<String> {
    let (total, given) = (instance.more.accounts_total?, instance.more.accounts.len());
    let file = &instance.more.accounts.first()?.file;
    (i64::try_from(given).is_ok_and(|given| given < total)).then(|| {
        format!(
            "{file}: TotalCount is {total}, but {given} accounts of {} are given; print the other pages too \
             (--Offset {given})",
            instance.id
        )
    })
}
