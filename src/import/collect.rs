//! The instances that were printed, page by page.

use std::collections::BTreeMap;

use super::printed::{BoundGroups, Entry, Printed};
use super::source::{Source, below, fault};
use super::told::{More, Told};
use crate::accounts::DEFAULT_APP_ID;
use crate::cloud::{Edition, edition};
use crate::fixture::{FixtureFault, read_each};

/// The account of instances that name none, and the first one where accounts are masked; a number as answers have it.
pub(super) const FIRST_APP_ID: i64 = DEFAULT_APP_ID as i64;

/// An instance that was printed, and where.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) entry: Entry,
    pub(super) more: More,
    file: String,
    path: String,
}

impl Found {
    pub(super) fn edition(&self) -> Option<&'static Edition> {
        let number = self.entry.type_id?;
        edition::find(u64::try_from(number).ok()?)
    }

    /// A fault of one of its members.
    pub(super) fn fault(&self, member: &str, message: &str) -> FixtureFault {
        fault(&self.file, &format!("{}.{member}", self.path), message)
    }
}

/// What the answers of one region say of their number.
struct Total {
    region: Option<String>,
    count: i64,
    file: String,
}

/// What the printed answers hold.
pub(super) struct Collected {
    /// Every instance, in order.
    pub(super) found: Vec<Found>,
    /// The groups that are bound to some of them.
    pub(super) bound: Vec<Told<BoundGroups>>,
}

/// Collects the printed answers.
pub(super) fn collect(sources: &[Source], warnings: &mut Vec<String>) -> Result<Collected, Vec<FixtureFault>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut taken = Taken::default();
    for source in sources {
        match read_each::<Printed>(&source.name, &source.text) {
            Err(fault) => faults.push(fault),
            Ok(answers) => {
                for (index, answer) in answers.into_iter().enumerate() {
                    let file = named(&source.name, index);
                    if let Err(fault) = take(answer, &file, "", &mut taken) {
                        faults.push(fault);
                    }
                }
            }
        }
    }
    found.append(&mut taken.found);
    faults.extend(without_id_or_twice(&found));
    if faults.is_empty() && found.is_empty() {
        let names: Vec<_> = sources.iter().map(|source| source.name.as_str()).collect();
        let message = "no instance inside; give what `tccli redis DescribeInstances` prints of a \
                    region that has some";
        faults.push(fault(&names.join(", "), "", message));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    warnings.extend(incomplete(&found, &taken.totals));
    let bound = taken.bound;
    Ok(Collected { found, bound })
}

/// The file's name, with the number of the text in it where that is not the first.
pub(super) fn named(file: &str, index: usize) -> String {
    match index {
        0 => file.to_owned(),
        _ => format!("{file} (text {})", index + 1),
    }
}

/// `Err` where an action did not answer but refused.
pub(super) fn no_refusal(answer: &Printed, file: &str, path: &str) -> Result<(), FixtureFault> {
    let Some(error) = &answer.error else {
        return Ok(());
    };
    let message = format!(
        "is a refusal ({}), no answer; print it again once the call succeeds",
        error.code.as_deref().unwrap_or_default()
    );
    Err(fault(file, &below(path, "Error"), &message))
}

/// What the answers hold.
#[derive(Default)]
struct Taken {
    found: Vec<Found>,
    totals: Vec<Total>,
    bound: Vec<Told<BoundGroups>>,
}

/// Takes the instances, or their groups, of one answer.
fn take(answer: Printed, file: &str, path: &str, taken: &mut Taken) -> Result<(), FixtureFault> {
    no_refusal(&answer, file, path)?;
    if let Some(response) = answer.response {
        return take(*response, file, "Response", taken);
    }
    if let Some(action) = answer.action_of_one() {
        let message = format!(
            "is an answer of {action}, which does not say of which instance; give it as --of crs-xxxxxxxx=FILE"
        );
        return Err(fault(file, path, &message));
    }
    if let Some(bound) = answer.instance_security_groups_detail {
        let told = bound.into_iter().enumerate().map(|(index, what)| Told {
            what,
            file: file.to_owned(),
            path: below(path, &format!("InstanceSecurityGroupsDetail[{index}]")),
        });
        taken.bound.extend(told);
        return Ok(());
    }
    let Some(instances) = answer.instance_set else {
        let message = "is missing; give what `tccli redis DescribeInstances` prints";
        return Err(fault(file, &below(path, "InstanceSet"), message));
    };
    if let (Some(count), Some(first)) = (answer.total_count, instances.first()) {
        taken.totals.push(Total {
            region: first.region.clone(),
            count,
            file: file.to_owned(),
        });
    }
    for (index, entry) in instances.into_iter().enumerate() {
        taken.found.push(Found {
            id: entry.instance_id.clone().unwrap_or_default(),
            entry,
            more: More::default(),
            file: file.to_owned(),
            path: below(path, &format!("InstanceSet[{index}]")),
        });
    }
    Ok(())
}

fn without_id_or_twice(found: &[Found]) -> Vec<FixtureFault> {
    let mut faults = Vec::new();
    let mut known: BTreeMap<&str, &Found> = BTreeMap::new();
    for instance in found {
        if instance.id.is_empty() {
            let message = "is missing; every instance is printed with its id";
            faults.push(instance.fault("InstanceId", message));
        } else if let Some(first) = known.get(instance.id.as_str()) {
            let message = format!(
                "{} stands in {}: {} already; take one of them out",
                instance.id, first.file, first.path
            );
            faults.push(instance.fault("InstanceId", &message));
        } else {
            known.insert(&instance.id, instance);
        }
    }
    faults
}

/// Regions of which more instances were counted than printed.
fn incomplete(found: &[Found], totals: &[Total]) -> Vec<String> {
    let mut warnings = Vec::new();
    for total in totals {
        let given = found
            .iter()
            .filter(|instance| instance.entry.region == total.region)
            .count();
        let count = usize::try_from(total.count).unwrap_or(0);
        if given < count {
            let line = format!(
                "{}: TotalCount is {count}, but {given} of {} are given; print the other pages \
                 too (--Offset {given})",
                total.file,
                total.region.as_deref().unwrap_or("the region"),
            );
            if !warnings.contains(&line) {
                warnings.push(line);
            }
        }
    }
    warnings
}
