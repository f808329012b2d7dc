//! What answers about one thing of an instance add: nodes, Redis accounts, parameters, the maintenance window, security
//! groups.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::carry::has_come;
use super::collect::{Found, below, named, no_refusal};
use super::nodes;
use super::printed::{Account, BoundGroups, Group, Parameter, Printed, Window};
use super::source::{Source, fault};
use crate::cloud::parameter::catalogue::find;
use crate::cloud::parameter::record::Parameters;
use crate::cloud::{Edition, RedisAccount};
use crate::fixture::{FixtureFault, read_each};

/// Something that was printed, and where.
#[derive(Clone, Debug)]
pub(super) struct Told<T> {
    pub(super) what: T,
    pub(super) file: String,
    pub(super) path: String,
}

impl<T> Told<T> {
    /// A fault of one of its members.
    pub(super) fn fault(&self, member: &str, message: &str) -> FixtureFault {
        fault(&self.file, &below(&self.path, member), message)
    }
}

/// What was printed of an instance beside DescribeInstances.
#[derive(Debug, Default)]
pub(super) struct More {
    pub(super) accounts: Vec<Told<Account>>,
    /// How many there are.
    accounts_total: Option<i64>,
    pub(super) params: Vec<Told<Parameter>>,
    pub(super) window: Option<Told<Window>>,
    pub(super) groups: Vec<Told<Group>>,
}

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
pub(super) fn bind(found: &mut [Found], bound: Vec<Told<BoundGroups>>) -> Vec<FixtureFault> {
    let mut faults = Vec::new();
    for Told { what, file, path } in bound {
        let id = what.instance_id.unwrap_or_default();
        let Some(instance) = found.iter_mut().find(|instance| instance.id == id) else {
            faults.push(fault(&file, &below(&path, "InstanceId"), &nobody(&file, &id).message));
            continue;
        };
        for (index, what) in what.security_group_details.into_iter().flatten().enumerate() {
            let path = below(&path, &format!("SecurityGroupDetails[{index}]"));
            let group = Told {
                what,
                file: file.clone(),
                path,
            };
            if group.what.security_group_id.is_none() {
                faults.push(group.fault("SecurityGroupId", &format!("{id}: is missing; a group has one")));
            }
            instance.more.groups.push(group);
        }
    }
    faults
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
    let id = instance.id.clone();
    if answer.redis.is_some() {
        return nodes::add(instance, &answer, file, path, warnings);
    }
    let place = |list: &str, index: usize| below(path, &format!("{list}[{index}]"));
    let more = &mut instance.more;
    if let Some(accounts) = answer.accounts {
        more.accounts_total = answer.total_count;
        for (index, what) in accounts.into_iter().enumerate() {
            let (file, path) = (file.to_owned(), place("Accounts", index));
            let account = Told { what, file, path };
            if let Some(other) = account
                .what
                .instance_id
                .as_ref()
                .filter(|other| !other.is_empty() && **other != id)
            {
                return Err(account.fault("InstanceId", &format!("{id}: is {other}; give it as that one's")));
            }
            more.accounts.push(account);
        }
        return Ok(());
    }
    let lists = [
        ("InstanceEnumParam", answer.instance_enum_param),
        ("InstanceIntegerParam", answer.instance_integer_param),
        ("InstanceMultiParam", answer.instance_multi_param),
        ("InstanceTextParam", answer.instance_text_param),
    ];
    if lists.iter().any(|(_, list)| list.is_some()) {
        for (list, rows) in lists {
            for (index, what) in rows.into_iter().flatten().enumerate() {
                let (file, path) = (file.to_owned(), place(list, index));
                let param = Told { what, file, path };
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
        return Ok(());
    }
    if answer.start_time.is_some() || answer.end_time.is_some() {
        let what = Window {
            start_time: answer.start_time,
            end_time: answer.end_time,
        };
        let (file, path) = (file.to_owned(), path.to_owned());
        let window = Told { what, file, path };
        if let Some(known) = &more.window {
            let message = format!(
                "{id}: its window stands in {} already; take one of them out",
                known.file
            );
            return Err(window.fault("StartTime", &message));
        }
        more.window = Some(window);
        return Ok(());
    }
    let message = "tells nothing of one instance; give what `tccli redis` prints of DescribeInstanceNodeInfo, \
                   DescribeInstanceAccount, DescribeInstanceParams or DescribeMaintenanceWindow";
    Err(fault(file, path, message))
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

impl Found {
    /// Whether its nodes stand in several zones.
    fn spans_zones(&self) -> bool {
        let nodes = self.entry.node_set.iter().flatten();
        let zones: BTreeSet<_> = nodes.map(|node| node.zone_id).collect();
        zones.len() > 1
    }

    /// The parameters that are no default, each as its place among the fixture's.
    fn own_params(&self, edition: &Edition) -> Vec<&Told<Parameter>> {
        let default = |param: &Parameter| match find(edition, param.name()) {
            Some(known) => known.default.to_owned(),
            None => param.default_value.clone().unwrap_or_default(),
        };
        let params = self.more.params.iter();
        params
            .filter(|param| param.what.current_value.as_ref() != Some(&default(&param.what)))
            .collect()
    }

    /// The parameters that the catalogue has not.
    fn extra_params(&self, edition: &Edition) -> Vec<&Told<Parameter>> {
        let params = self.more.params.iter();
        params
            .filter(|param| find(edition, param.what.name()).is_none())
            .collect()
    }

    /// Those of the catalogue that were not printed.
    fn missing_params(&self, edition: &Edition) -> Vec<String> {
        let printed: BTreeSet<_> = self.more.params.iter().map(|param| param.what.name()).collect();
        let listed = Parameters::default().listed(edition, self.spans_zones()).into_iter();
        let missing = listed
            .map(|param| param.name)
            .filter(|name| !printed.contains(name.as_str()));
        missing.filter(|_| !printed.is_empty()).collect()
    }
}

/// The keys of an instance that follow from these answers.
pub(super) fn keys(found: &Found, edition: Option<&Edition>) -> Vec<(&'static str, Value)> {
    let more = &found.more;
    let mut keys = Vec::new();
    keys.push((
        "InstanceAccounts",
        more.accounts.iter().map(|told| account(&told.what)).collect::<Value>(),
    ));
    let ids = more.groups.iter().map(|told| told.what.security_group_id.clone());
    keys.push(("SecurityGroupIdList", ids.flatten().collect()));
    if let Some(edition) = edition {
        let row = |param: &Parameter, value: &Option<String>| json!({ "Key": param.name(), "Value": value });
        let own = found.own_params(edition);
        let extra = found.extra_params(edition);
        let default = |param: &Parameter| param.default_value.clone().or_else(|| Some(String::new()));
        keys.push((
            "InstanceParams",
            own.iter()
                .map(|told| row(&told.what, &told.what.current_value))
                .collect(),
        ));
        keys.push((
            "ExtraParams",
            extra.iter().map(|told| row(&told.what, &default(&told.what))).collect(),
        ));
        keys.push(("MissingParams", found.missing_params(edition).into()));
    }
    keys.retain(|(_, value)| value.as_array().is_some_and(|list| !list.is_empty()));
    if let Some(window) = &more.window {
        keys.push(("MaintenanceWindow", stated(&window.what, &[])));
    }
    keys
}

/// What is given of something, under the fixture's names for it.
fn stated(what: &impl serde::Serialize, names: &[(&str, &str)]) -> Value {
    let Ok(Value::Object(members)) = serde_json::to_value(what) else {
        return Value::Null;
    };
    let mut keys = Map::new();
    for (member, value) in members {
        let ours = names.iter().find(|(printed, _)| *printed == member);
        let key = ours.map_or(member.clone(), |(_, ours)| (*ours).to_owned());
        let moment = member.ends_with("Time") && value.as_str().is_some_and(|text| !has_come(text));
        if !value.is_null() && value != "" && !moment && !key.is_empty() {
            keys.insert(key, value);
        }
    }
    Value::Object(keys)
}

fn account(account: &Account) -> Value {
    let mut keys = stated(account, &[("InstanceId", ""), ("Status", "")]);
    let is_root = account.account_name.as_deref() == Some(RedisAccount::ROOT);
    if let Some(keys) = keys.as_object_mut().filter(|_| is_root) {
        // That of the instance.
        keys.remove("CreateTime");
    }
    keys
}

/// What a group is called otherwise in a fixture.
const GROUP_NAMES: &[(&str, &str)] = &[
    ("SecurityGroupRemark", "SecurityGroupDesc"),
    ("CreateTime", "CreatedTime"),
];

/// A group of an account, and the instance that tells of it.
pub(super) struct OwnGroup<'a> {
    pub(super) index: usize,
    pub(super) told: &'a Told<Group>,
}

impl OwnGroup<'_> {
    /// The group as a fixture states it.
    pub(super) fn stated(&self, region: Option<String>) -> Value {
        let mut keys = stated(&self.told.what, GROUP_NAMES);
        if let Some(region) = region {
            keys["Region"] = region.into();
        }
        keys
    }

    /// What a fixture's key is called in what was printed.
    pub(super) fn member(key: &str) -> &str {
        let renamed = GROUP_NAMES.iter().find(|(_, ours)| *ours == key);
        renamed.map_or(key, |(printed, _)| printed)
    }
}

/// The groups of an account's instances, each once.
pub(super) fn groups(found: &[Found]) -> Vec<OwnGroup<'_>> {
    let mut known = BTreeSet::new();
    let all = found.iter().enumerate();
    let all = all.flat_map(|(index, instance)| instance.more.groups.iter().map(move |told| OwnGroup { index, told }));
    all.filter(|group| known.insert(&group.told.what.security_group_id))
        .collect()
}

/// The fault of an instance's key in terms of what was printed, if it comes from these answers. `rest`: what stands
/// behind the key.
pub(super) fn located(found: &Found, key: &str, rest: &str, message: &str) -> Option<FixtureFault> {
    let edition = found.edition();
    let (index, member) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((index, member)) => (index.parse().ok()?, member.trim_start_matches('.')),
        None => (0, rest.trim_start_matches('.')),
    };
    let more = &found.more;
    let param = |all: Vec<&Told<Parameter>>, value: &str| {
        let member = if member == "Value" { value } else { "ParamName" };
        Some(all.get(index)?.fault(member, message))
    };
    match key {
        "InstanceAccounts" => Some(more.accounts.get(index)?.fault(member, message)),
        "SecurityGroupIdList" => Some(more.groups.get(index)?.fault("SecurityGroupId", message)),
        "InstanceParams" => param(found.own_params(edition?), "CurrentValue"),
        "ExtraParams" => param(found.extra_params(edition?), "DefaultValue"),
        "MaintenanceWindow" => Some(more.window.as_ref()?.fault(member, message)),
        _ => None,
    }
}
