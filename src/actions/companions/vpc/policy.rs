//! The rules of security groups.

use crate::actions::companions::vpc::select::check_filters;
use crate::cloud::security_group::policy::{WrittenPolicies, WrittenPolicy};
use crate::cloud::security_group::record::{Direction, Policy, SecurityGroup, Service, Source};
use crate::cloud::security_group::{group, policy};
use crate::cloud::{Call, Cloud, Refusal, time};
use crate::contract::{input, output};

/// A rule with the direction that it stands in.
type Standing<'a> = (Direction, &'a Policy);

/// A filter and whether one of its values fits a rule.
type Filter = (&'static str, fn(Standing<'_>, &str) -> bool);

/// The documented filters of DescribeSecurityGroupPolicies.
const FILTERS: &[Filter] = &[
    (
        "security-group-id",
        |(_, policy), value| matches!(&policy.source, Source::Group(id) if *id == *value),
    ),
    ("ip", |(_, policy), value| match &policy.source {
        Source::Cidr(cidr) | Source::Ipv6(cidr) => cidr.contains(value),
        _ => false,
    }),
    ("address-module", |(_, policy), value| match &policy.source {
        Source::Address(id) | Source::AddressGroup(id) => id == value,
        _ => false,
    }),
    ("service-module", |(_, policy), value| match &policy.service {
        Service::Template(id) | Service::TemplateGroup(id) => id == value,
        Service::Ports { .. } => false,
    }),
    ("protocol-type", |(_, policy), value| match &policy.service {
        Service::Ports { protocol, .. } => protocol.eq_ignore_ascii_case(value),
        _ => false,
    }),
    ("port", |(_, policy), value| match &policy.service {
        Service::Ports { port, .. } => value == "ALL" || port.contains(value),
        _ => false,
    }),
    ("poly", |(_, policy), value| value == "ALL" || policy.action() == value),
    ("direction", |(direction, _), value| match direction {
        Direction::Ingress => ["ALL", "INBOUND"].contains(&value),
        Direction::Egress => ["ALL", "OUTBOUND"].contains(&value),
    }),
    ("description", |(_, policy), value| policy.description.contains(value)),
];

/// Puts rules into a group.
pub(crate) fn create_security_group_policies(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateSecurityGroupPolicies,
) -> Result<output::CreateSecurityGroupPolicies, Refusal> {
    let written = written(input.security_group_policy_set);
    policy::insert(cloud, call, &input.security_group_id, &written)?;
    Ok(output::CreateSecurityGroupPolicies {})
}

/// Replaces the rules of a group. `SortPolicys` changes nothing: the order is that of the call.
pub(crate) fn modify_security_group_policies(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifySecurityGroupPolicies,
) -> Result<output::ModifySecurityGroupPolicies, Refusal> {
    let written = written(input.security_group_policy_set);
    policy::reset(cloud, call, &input.security_group_id, &written)?;
    Ok(output::ModifySecurityGroupPolicies {})
}

/// Takes rules out of a group.
pub(crate) fn delete_security_group_policies(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteSecurityGroupPolicies,
) -> Result<output::DeleteSecurityGroupPolicies, Refusal> {
    let written = written(input.security_group_policy_set);
    policy::remove(cloud, call, &input.security_group_id, &written)?;
    Ok(output::DeleteSecurityGroupPolicies {})
}

/// The rules of a group that the filters leave, each with its place among all of its direction.
pub(crate) fn describe_security_group_policies(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeSecurityGroupPolicies,
) -> Result<output::DescribeSecurityGroupPolicies, Refusal> {
    let group = group::find(cloud, call.region, &input.security_group_id)?;
    check_filters(&input.filters, |name| FILTERS.iter().any(|(known, _)| *known == name))?;
    let fits = |standing: Standing<'_>| {
        input.filters.iter().all(|filter| {
            let known = FILTERS.iter().find(|(known, _)| *known == filter.name);
            known.is_some_and(|(_, fits)| filter.values.iter().any(|value| fits(standing, value)))
        })
    };
    let shown = |direction| {
        let rules = (0..).zip(group.policies(direction));
        let left = rules.filter(|(_, policy)| fits((direction, policy)));
        left.map(|(place, policy)| show(place, policy)).collect()
    };
    Ok(output::DescribeSecurityGroupPolicies {
        security_group_policy_set: output::SecurityGroupPolicySet {
            version: group.version.to_string().into(),
            egress: shown(Direction::Egress),
            ingress: shown(Direction::Ingress),
            policy_statistics: statistics(group),
        },
    })
}

fn statistics(group: &SecurityGroup) -> output::PolicyStatistics {
    let count = |direction, ipv6| {
        let rules = group.policies(direction).iter();
        rules
            .filter(|policy| matches!(policy.source, Source::Ipv6(_)) == ipv6)
            .count() as u64
    };
    output::PolicyStatistics {
        ingress_ipv4_total_count: count(Direction::Ingress, false),
        ingress_ipv6_total_count: count(Direction::Ingress, true),
        egress_ipv4_total_count: count(Direction::Egress, false),
        egress_ipv6_total_count: count(Direction::Egress, true),
    }
}

/// A rule as it is shown. Both templates are there with both members, whatever is in use.
fn show(place: i64, policy: &Policy) -> output::SecurityGroupPolicy {
    let written = WrittenPolicy::from(policy);
    output::SecurityGroupPolicy {
        policy_index: place,
        protocol: written.protocol.into(),
        port: written.port.into(),
        service_template: output::ServiceTemplateSpecification {
            service_id: written.service.into(),
            service_group_id: written.service_group.into(),
        },
        cidr_block: written.cidr.into(),
        ipv6_cidr_block: written.ipv6_cidr.into(),
        security_group_id: written.group.into(),
        address_template: output::AddressTemplateSpecification {
            address_id: written.address.into(),
            address_group_id: written.address_group.into(),
        },
        action: written.action.into(),
        policy_description: written.description.into(),
        modify_time: time::show(policy.modified_at).into(),
        priority: place,
    }
}

fn written(set: input::SecurityGroupPolicySet) -> WrittenPolicies {
    let all = |rules: Vec<input::SecurityGroupPolicy>| rules.into_iter().map(written_policy).collect();
    WrittenPolicies {
        version: set.version,
        ingress: all(set.ingress),
        egress: all(set.egress),
    }
}

fn written_policy(policy: input::SecurityGroupPolicy) -> WrittenPolicy {
    let (address, address_group) = policy
        .address_template
        .map(|template| (template.address_id, template.address_group_id))
        .unwrap_or_default();
    let (service, service_group) = policy
        .service_template
        .map(|template| (template.service_id, template.service_group_id))
        .unwrap_or_default();
    WrittenPolicy {
        index: policy.policy_index,
        action: policy.action.unwrap_or_default(),
        protocol: policy.protocol.unwrap_or_default(),
        port: policy.port.unwrap_or_default(),
        cidr: policy.cidr_block.unwrap_or_default(),
        ipv6_cidr: policy.ipv6_cidr_block.unwrap_or_default(),
        group: policy.security_group_id.unwrap_or_default(),
        address: address.unwrap_or_default(),
        address_group: address_group.unwrap_or_default(),
        service: service.unwrap_or_default(),
        service_group: service_group.unwrap_or_default(),
        description: policy.policy_description.unwrap_or_default(),
    }
}
