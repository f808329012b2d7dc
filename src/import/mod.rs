//! From what TCCLI printed of a real account to a fixture.
//!
//! Answers of DescribeInstances are read ([`printed`]) and collected ([`collect`]), with what others tell of the same
//! instances ([`more`]), masked if asked for ([`mask`]), and put into a fixture's keys ([`carry`], [`keys`]). The
//! fixture's own rules then judge them, and its faults are told in terms of what was printed. At the end the fixture is
//! served and described, and every member that comes out differently is named ([`compare`]): nothing is lost without a
//! word.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::accounts::DEFAULT_KEY_PAIR;
use crate::clock::Clock;
use crate::fixture::{Fixture, FixtureFault, VERSION};

mod carry;
mod collect;
mod compare;
mod keys;
mod mask;
mod more;
mod nodes;
mod printed;
mod source;
mod told;

use collect::{Collected, FIRST_APP_ID, Found};
pub use source::Source;
use source::fault;

/// How to import.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Names, addresses, ids of accounts and networks, and the values of tags become pseudonyms.
    pub mask: bool,
    /// An instance that cannot be carried over is left out, with a warning, instead of a fault.
    pub skip: bool,
}

/// What an import came to.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The fixture, as JSON.
    pub fixture: String,
    /// What it could not take over, a line each.
    pub warnings: Vec<String>,
}

/// The key pair of the first account; further ones have their AppId behind the id.
const SECRET_ID: &str = DEFAULT_KEY_PAIR.0;
const SECRET_KEY: &str = DEFAULT_KEY_PAIR.1;

/// A fixture of the instances that answers of DescribeInstances show, with the groups that
/// DescribeInstanceSecurityGroup shows of them. `of` are answers about one instance, with its id: of
/// DescribeInstanceNodeInfo, DescribeInstanceAccount, DescribeInstanceParams and DescribeMaintenanceWindow. `Err` holds
/// everything that is wrong, by file and place.
pub fn import(instances: &[Source], of: &[(String, Source)], options: Options) -> Result<Imported, Vec<FixtureFault>> {
    let mut warnings = Vec::new();
    let Collected { mut found, bound } = collect::collect(instances, &mut warnings)?;
    more::bind(&mut found, bound)?;
    more::add(&mut found, of, &mut warnings)?;
    if options.mask {
        mask::mask(&mut found);
    }
    let mut accounts = BTreeMap::new();
    let mut order = Vec::new();
    for instance in found {
        let app_id = instance.entry.appid.unwrap_or(FIRST_APP_ID);
        let of_account: &mut Vec<Found> = accounts.entry(app_id).or_insert_with(|| {
            order.push(app_id);
            Vec::new()
        });
        of_account.push(instance);
    }
    let mut shown = Vec::new();
    let mut faults = Vec::new();
    for (index, app_id) in order.into_iter().enumerate() {
        let secret_id = match index {
            0 => SECRET_ID.to_owned(),
            _ => format!("{SECRET_ID}{app_id}"),
        };
        let of_account = accounts.remove(&app_id).unwrap_or_default();
        match account(app_id, &secret_id, of_account, options.skip, &mut warnings) {
            Ok(None) => {}
            Ok(Some(account)) => shown.push(account),
            Err(found) => faults.extend(found),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    if shown.is_empty() {
        let nothing = "no instance of it can be carried over; see the warnings";
        let mut faults = vec![fault("the import", "", nothing)];
        faults.extend(warnings.iter().map(|line| fault("warning", "", line)));
        return Err(faults);
    }
    let fixture = parse(&json!({ "Version": VERSION, "Accounts": shown }))?;
    let text = serde_json::to_string_pretty(&fixture);
    let text = text.map_err(|error| vec![fault("the fixture", "", &error.to_string())])?;
    Ok(Imported {
        fixture: text + "\n",
        warnings,
    })
}

/// One account as a fixture states it; `None` if none of its instances is left.
fn account(
    app_id: i64,
    secret_id: &str,
    mut found: Vec<Found>,
    skip: bool,
    warnings: &mut Vec<String>,
) -> Result<Option<Value>, Vec<FixtureFault>> {
    let now = Clock::new(None).now();
    loop {
        let mut faults = Vec::new();
        let mut carry_warnings = Vec::new();
        let carried: Vec<_> = found
            .iter()
            .enumerate()
            .map(|(index, instance)| {
                let (keys, wrong) = carry::carry(instance, now, &mut carry_warnings);
                faults.extend(wrong.into_iter().map(|fault| (Some(index), fault)));
                keys
            })
            .collect();
        let mut account = json!({
            "AppId": app_id,
            "Credentials": [{ "SecretId": secret_id, "SecretKey": SECRET_KEY }],
            "Instances": carried,
        });
        let groups = keys::groups(&found);
        if !groups.is_empty() {
            let stated = groups
                .iter()
                .map(|group| group.stated(carry::region_of(&found[group.index].entry)));
            account["SecurityGroups"] = stated.collect();
        }
        if faults.is_empty() {
            let document = json!({ "Accounts": [account] });
            match checked(&document) {
                Ok(fixture) => {
                    warnings.extend(carry_warnings);
                    warnings.extend(compare::compare(fixture, secret_id, &found)?);
                    return Ok(Some(account));
                }
                Err(broken) => {
                    let left_out = nodes::leave_out(&mut found, &broken);
                    if !left_out.is_empty() {
                        warnings.extend(left_out);
                        continue;
                    }
                    faults = broken.into_iter().map(|fault| (None, fault)).collect();
                }
            }
        }
        let faults = located(faults, &found);
        let unfit: Vec<usize> = faults.iter().filter_map(|(index, _)| *index).collect();
        if !skip || unfit.is_empty() {
            return Err(faults.into_iter().map(|(_, fault)| fault).collect());
        }
        warnings.extend(faults.iter().map(|(_, fault)| format!("left out: {fault}")));
        let mut index = 0;
        found.retain(|_| {
            index += 1;
            !unfit.contains(&(index - 1))
        });
        if found.is_empty() {
            return Ok(None);
        }
    }
}

/// A fault, with the instance it is about where that is known.
type Located = (Option<usize>, FixtureFault);

fn parse(document: &Value) -> Result<Fixture, Vec<FixtureFault>> {
    Fixture::parse("the fixture", document.to_string().as_bytes())
}

fn checked(document: &Value) -> Result<Fixture, Vec<FixtureFault>> {
    let fixture = parse(document)?;
    fixture.check().map(|_| fixture)
}

/// Faults of the fixture in terms of what was printed.
fn located(faults: Vec<Located>, found: &[Found]) -> Vec<Located> {
    let groups = keys::groups(found);
    let locate = |(index, fault): Located| {
        if index.is_some() {
            return (index, fault);
        }
        if let (Some(first), true) = (found.first(), fault.path == "Accounts[0].AppId") {
            return (None, first.fault("Appid", &fault.message));
        }
        let place = |list: &str| -> Option<(usize, &str)> {
            let rest = fault
                .path
                .strip_prefix("Accounts[0].")?
                .strip_prefix(list)?
                .strip_prefix('[')?;
            let (index, key) = rest.split_once(']')?;
            Some((index.parse().ok()?, key.trim_start_matches('.')))
        };
        if let Some((index, key)) = place("SecurityGroups")
            && let Some(group) = groups.get(index)
        {
            let message = format!("{}: {}", found[group.index].id, fault.message);
            return (Some(group.index), group.fault(key, &message));
        }
        let Some((index, key)) = place("Instances") else {
            return (None, fault);
        };
        let Some(instance): Option<&Found> = found.get(index) else {
            return (None, fault);
        };
        let end = key.find(['.', '[']).unwrap_or(key.len());
        let (key, rest) = key.split_at(end);
        let member = carry::printed_name(key);
        let message = format!("{}: {}", instance.id, fault.message);
        if let Some(fault) = keys::located(instance, key, rest, &message) {
            return (Some(index), fault);
        }
        (Some(index), instance.fault(&format!("{member}{rest}"), &message))
    };
    faults.into_iter().map(locate).collect()
}
