//! A group in the two shapes that redis has for one.

use crate::actions::int;
use crate::cloud::security_group::group;
use crate::cloud::security_group::record::{Direction, Policy, SecurityGroup, Service, Source};
use crate::cloud::{Cloud, Instance, SecurityGroupId, time};
use crate::contract::output;

/// A group that is held, or one that is known by an instance alone, which says nothing but its id. Such a one lets
/// everything through.
pub(super) fn group_of(cloud: &Cloud, instance: &Instance, id: &str) -> SecurityGroup {
    group::held(cloud, instance.region, id).cloned().unwrap_or_else(|| {
        let all = || vec![Policy::accepting_all(instance.created_at)];
        SecurityGroup {
            project_id: u64::try_from(instance.project_id).unwrap_or(0),
            ingress: all(),
            egress: all(),
            ..SecurityGroup::new(SecurityGroupId::from(id), instance.region, instance.created_at)
        }
    })
}

/// What a rule says, in the words that both shapes share.
struct Said {
    cidr: String,
    protocol: String,
    port: String,
    group: String,
    addresses: String,
    ports: String,
}

fn said(policy: &Policy) -> Said {
    let none = String::new;
    let (cidr, group, addresses) = match policy.source.clone() {
        Source::Cidr(cidr) | Source::Ipv6(cidr) => (cidr, none(), none()),
        Source::Group(id) => (none(), id.into(), none()),
        Source::Address(id) | Source::AddressGroup(id) => (none(), none(), id),
    };
    let (protocol, port, ports) = match policy.service.clone() {
        Service::Ports { protocol, port } => (protocol, port, none()),
        Service::Template(id) | Service::TemplateGroup(id) => (none(), none(), id),
    };
    Said {
        cidr,
        protocol,
        port,
        group,
        addresses,
        ports,
    }
}

/// The shape with the names of two lists of rules.
pub(super) fn detail(group: &SecurityGroup) -> output::SecurityGroupDetail {
    let rule = |policy: &Policy| {
        let said = said(policy);
        output::SecurityGroupsInboundAndOutbound {
            action: policy.action().into(),
            ip: said.cidr.into(),
            port: said.port.into(),
            proto: said.protocol.into(),
        }
    };
    let rules = |direction| group.policies(direction).iter().map(rule).collect();
    output::SecurityGroupDetail {
        project_id: int(group.project_id),
        create_time: time::show(group.created_at).into(),
        security_group_id: group.id.clone().into(),
        security_group_name: group.name.clone().into(),
        security_group_remark: group.remark.clone().into(),
        inbound_rule: rules(Direction::Ingress),
        outbound_rule: rules(Direction::Egress),
    }
}

/// A rule of the other shape, which the contract has twice.
macro_rules! bound {
    ($shape:ident, $policy:expr) => {{
        let said = said($policy);
        output::$shape {
            action: $policy.action().into(),
            address_module: said.addresses.into(),
            cidr_ip: said.cidr.into(),
            desc: $policy.description.clone().into(),
            ip_protocol: said.protocol.into(),
            port_range: said.port.into(),
            service_module: said.ports.into(),
            id: said.group.into(),
        }
    }};
}

/// The shape with all that a rule says.
pub(super) fn whole(group: &SecurityGroup) -> output::RedisSecurityGroup {
    output::RedisSecurityGroup {
        create_time: time::show(group.created_at).into(),
        project_id: group.project_id,
        security_group_id: group.id.clone().into(),
        security_group_name: group.name.clone().into(),
        security_group_remark: group.remark.clone().into(),
        outbound: group.egress.iter().map(|policy| bound!(Outbound, policy)).collect(),
        inbound: group.ingress.iter().map(|policy| bound!(Inbound, policy)).collect(),
    }
}
