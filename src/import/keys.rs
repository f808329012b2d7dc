//! From what was printed beside DescribeInstances to a fixture's keys.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::collect::Found;
use super::printed::{Account, Group, Parameter, RedisNode, Rule, has_come};
use super::told::Told;
use crate::cloud::order::record::DIRECT;
use crate::cloud::parameter::catalogue::find;
use crate::cloud::parameter::record::Parameters;
use crate::cloud::{Edition, RedisAccount};
use crate::fixture::FixtureFault;

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
    keys.push(("ReplicaGroups", more.nodes.iter().map(|nodes| group(nodes)).collect()));
    keys.push(("Proxy", more.proxies.iter().map(|proxy| stated(proxy, &[])).collect()));
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
    if more.is_direct {
        keys.push(("ConnectionMode", DIRECT.into()));
    }
    if let Some(window) = &more.window {
        keys.push(("MaintenanceWindow", stated(&window.what, &[])));
    }
    keys
}

/// A group of nodes, each as a fixture states it.
fn group(nodes: &[RedisNode]) -> Value {
    let node = |node: &RedisNode| {
        let role = if node.is_master() { "master" } else { "replica" };
        json!({ "NodeId": node.node_id, "Role": role })
    };
    json!({ "RedisNodes": nodes.iter().map(node).collect::<Value>() })
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

/// What is called otherwise in a group of a fixture.
const GROUP_NAMES: &[(&str, &str)] = &[
    ("SecurityGroupRemark", "SecurityGroupDesc"),
    ("CreateTime", "CreatedTime"),
    ("InboundRule", "SecurityGroupPolicySet.Ingress"),
    ("OutboundRule", "SecurityGroupPolicySet.Egress"),
];

/// A group of an account, and the instance that tells of it.
pub(super) struct OwnGroup<'a> {
    pub(super) index: usize,
    pub(super) told: &'a Told<Group>,
}

impl OwnGroup<'_> {
    /// The group as a fixture states it.
    pub(super) fn stated(&self, region: Option<String>) -> Value {
        let mut group = self.told.what.clone();
        let rules = (group.inbound_rule.take(), group.outbound_rule.take());
        let mut keys = stated(&group, GROUP_NAMES);
        if let Some(region) = region {
            keys["Region"] = region.into();
        }
        if let (Some(inbound), Some(outbound)) = rules {
            // With a version a set is one, even of no rules.
            keys["SecurityGroupPolicySet"] =
                json!({ "Version": "0", "Ingress": policies(&inbound), "Egress": policies(&outbound) });
        }
        keys
    }

    /// The fault of a key in terms of what was printed.
    pub(super) fn fault(&self, key: &str, message: &str) -> FixtureFault {
        let renamed = GROUP_NAMES.iter().find_map(|(printed, ours)| {
            let rest = key.strip_prefix(ours)?;
            Some(format!("{printed}{rest}"))
        });
        self.told.fault(&renamed.unwrap_or_else(|| key.to_owned()), message)
    }
}

/// Rules in the words of the vpc service.
fn policies(rules: &[Rule]) -> Value {
    let policy = |rule: &Rule| {
        let is_ipv6 = rule.ip.as_ref().is_some_and(|ip| ip.contains(':'));
        let block = if is_ipv6 { "Ipv6CidrBlock" } else { "CidrBlock" };
        stated(rule, &[("Ip", block), ("Proto", "Protocol")])
    };
    rules.iter().map(policy).collect()
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
