//! The rules of a group: put in, replaced and taken out. What is in a rule, nothing here obeys.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::cloud::ids::{is_short_id, prefix};
use crate::cloud::refusal::{NetworkRefusal, Refusal};
use crate::cloud::security_group::group;
use crate::cloud::security_group::record::{
    ACCEPT, ALL, DROP, Direction, EVERYWHERE, Policy, SecurityGroup, Service, Source,
};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

// Documented; both are raised on request.
const POLICIES_MAX: usize = 100;
const NAMED_GROUPS_MAX: usize = 10;
/// The longest description of a rule, in characters.
const DESCRIPTION_CHARS_MAX: usize = 100;

/// Protocols as they are shown; they are taken in any case. The first two have ports.
const PROTOCOLS: [&str; 6] = ["tcp", "udp", "icmp", "icmpv6", "gre", ALL];
const WITH_PORTS: [&str; 2] = ["tcp", "udp"];

/// A rule as a caller writes it; an empty text is as good as none.
#[derive(Clone, Debug, Default)]
pub struct WrittenPolicy {
    pub index: Option<i64>,
    pub action: String,
    pub protocol: String,
    pub port: String,
    pub cidr: String,
    pub ipv6_cidr: String,
    pub group: String,
    pub address: String,
    pub address_group: String,
    pub service: String,
    pub service_group: String,
    pub description: String,
}

/// The rules of a call, each direction in its order, and the version that it names.
#[derive(Clone, Debug, Default)]
pub struct WrittenPolicies {
    pub version: Option<String>,
    pub ingress: Vec<WrittenPolicy>,
    pub egress: Vec<WrittenPolicy>,
}

impl WrittenPolicies {
    /// The only direction that has rules.
    fn one_direction(&self) -> Result<(Direction, &[WrittenPolicy]), Refusal> {
        match (self.ingress.is_empty(), self.egress.is_empty()) {
            (false, true) => Ok((Direction::Ingress, &self.ingress)),
            (true, false) => Ok((Direction::Egress, &self.egress)),
            (false, false) => Err(NetworkRefusal::Coexist {
                one: "Ingress",
                other: "Egress",
            }
            .into()),
            (true, true) => Err(NO_RULES.into()),
        }
    }

    /// The version, where it is one.
    fn version(&self) -> Result<Option<u64>, Refusal> {
        let text = self.version.as_deref().filter(|text| !text.is_empty());
        let parse = |text: &str| text.parse().map_err(|_| NetworkRefusal::malformed("Version", text));
        text.map(parse).transpose()
    }

    /// Refuses a version that is not the group's.
    fn check_version(&self, group: &SecurityGroup) -> Result<(), Refusal> {
        match self.version()? {
            Some(given) if given != group.version => {
                let now = group.version;
                Err(NetworkRefusal::OtherVersion { given, now }.into())
            }
            _ => Ok(()),
        }
    }
}

const NO_RULES: NetworkRefusal = NetworkRefusal::Empty {
    parameter: "SecurityGroupPolicySet",
};

/// Puts rules of one direction in at the place that they name, else behind the others.
pub fn insert(cloud: &mut Cloud, call: &Call, id: &str, written: &WrittenPolicies) -> Result<(), Refusal> {
    let group = group::find(cloud, call.region, id)?;
    let (direction, rules) = written.one_direction()?;
    written.check_version(group)?;
    let index = rules[0].index;
    if rules.iter().any(|rule| rule.index != index) {
        return Err(bad_rule(
            "all rules of a call name the same `PolicyIndex`, or none does".to_owned(),
        ));
    }
    let mut policies = group.policies(direction).clone();
    let at = match index {
        None => policies.len(),
        Some(index) => usize::try_from(index)
            .map_err(|_| bad_rule(format!("`PolicyIndex` {index} is negative")))?
            .min(policies.len()),
    };
    policies.splice(at..at, read_all(cloud, call, rules)?);
    replace(cloud, call, id, [(direction, policies)])
}

/// Replaces the rules of each direction that has some; version `0` takes off all of both. It is not compared with the
/// group's: callers name the next one.
pub fn reset(cloud: &mut Cloud, call: &Call, id: &str, written: &WrittenPolicies) -> Result<(), Refusal> {
    group::find(cloud, call.region, id)?;
    if written.version()? == Some(0) {
        let none = [Direction::Ingress, Direction::Egress].map(|direction| (direction, Vec::new()));
        return replace(cloud, call, id, none);
    }
    let mut changes = Vec::new();
    for (direction, rules) in [
        (Direction::Ingress, &written.ingress),
        (Direction::Egress, &written.egress),
    ] {
        if !rules.is_empty() {
            changes.push((direction, read_all(cloud, call, rules)?));
        }
    }
    if changes.is_empty() {
        return Err(NO_RULES.into());
    }
    replace(cloud, call, id, changes)
}

/// Takes rules of one direction out: by their places, or the first that each describes.
pub fn remove(cloud: &mut Cloud, call: &Call, id: &str, written: &WrittenPolicies) -> Result<(), Refusal> {
    let group = group::find(cloud, call.region, id)?;
    let (direction, rules) = written.one_direction()?;
    written.check_version(group)?;
    let own = group.policies(direction);
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let by_place = rules[0].index.is_some();
    if rules.iter().any(|rule| rule.index.is_some() != by_place) {
        return Err(bad_rule(
            "rules are named by their `PolicyIndex` or by what they say, not both".to_owned(),
        ));
    }
    for rule in rules {
        let at = match rule.index {
            Some(index) => usize::try_from(index).ok().filter(|at| *at < own.len()),
            None => {
                let wanted = read(cloud, call, rule)?;
                let is_it = |at: &usize| {
                    let described = wanted.description.is_empty() || own[*at].description == wanted.description;
                    described && own[*at].is_meant_by(&wanted) && !taken.contains(at)
                };
                (0..own.len()).find(is_it)
            }
        };
        taken.insert(at.ok_or(NetworkRefusal::NoSuchRule)?);
    }
    let left = own.iter().enumerate().filter(|(at, _)| !taken.contains(at));
    let left = left.map(|(_, policy)| policy.clone()).collect();
    replace(cloud, call, id, [(direction, left)])
}

/// Puts the lists in the place of the group's, if they keep its limits, and counts the version on.
fn replace(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    changes: impl IntoIterator<Item = (Direction, Vec<Policy>)>,
) -> Result<(), Refusal> {
    let mut group = group::find(cloud, call.region, id)?.clone();
    for (direction, policies) in changes {
        if let Some(at) = (1..policies.len()).find(|at| policies[..*at].iter().any(|one| one.is_twin(&policies[*at]))) {
            return Err(NetworkRefusal::RuleTwice { at }.into());
        }
        if !cloud.settings.is_within(policies.len(), POLICIES_MAX) {
            return Err(NetworkRefusal::TooManyRules { most: POLICIES_MAX }.into());
        }
        *group.policies_mut(direction) = policies;
    }
    let all = group.ingress.iter().chain(&group.egress);
    let named: BTreeSet<&str> = all.filter_map(|policy| group_named(&policy.source)).collect();
    if !cloud.settings.is_within(named.len(), NAMED_GROUPS_MAX) {
        return Err(NetworkRefusal::TooManyGroupsNamed { most: NAMED_GROUPS_MAX }.into());
    }
    group.version += 1;
    group.updated_at = call.now;
    cloud.security_groups.insert(group.id.clone(), group);
    Ok(())
}

fn group_named(source: &Source) -> Option<&str> {
    match source {
        Source::Group(id) => Some(id),
        _ => None,
    }
}

fn read_all(cloud: &Cloud, call: &Call, rules: &[WrittenPolicy]) -> Result<Vec<Policy>, Refusal> {
    rules.iter().map(|rule| read(cloud, call, rule)).collect()
}

/// The rule that is written there; the group that it names must be one of the region.
fn read(cloud: &Cloud, call: &Call, written: &WrittenPolicy) -> Result<Policy, Refusal> {
    let policy = written.read(call.now)?;
    if let Source::Group(id) = &policy.source {
        group::find(cloud, call.region, id)?;
    }
    Ok(policy)
}

impl From<&Policy> for WrittenPolicy {
    /// The rule as it would be written to be this one.
    fn from(policy: &Policy) -> WrittenPolicy {
        let mut written = WrittenPolicy {
            action: policy.action().into(),
            description: policy.description.clone(),
            ..WrittenPolicy::default()
        };
        match &policy.source {
            Source::Cidr(cidr) => written.cidr.clone_from(cidr),
            Source::Ipv6(cidr) => written.ipv6_cidr.clone_from(cidr),
            Source::Group(id) => written.group = id.to_string(),
            Source::Address(id) => written.address.clone_from(id),
            Source::AddressGroup(id) => written.address_group.clone_from(id),
        }
        match &policy.service {
            Service::Ports { protocol, port } => {
                written.protocol.clone_from(protocol);
                written.port.clone_from(port);
            }
            Service::Template(id) => written.service.clone_from(id),
            Service::TemplateGroup(id) => written.service_group.clone_from(id),
        }
        written
    }
}

impl WrittenPolicy {
    /// The rule, as far as its words go.
    pub fn read(&self, now: Millis) -> Result<Policy, Refusal> {
        let accepts = match self.action.to_ascii_uppercase().as_str() {
            ACCEPT => true,
            DROP => false,
            _ => {
                return Err(bad_rule(format!(
                    "`Action` `{}` is neither {ACCEPT} nor {DROP}",
                    self.action
                )));
            }
        };
        if self.description.chars().count() > DESCRIPTION_CHARS_MAX {
            let parameter = "PolicyDescription";
            return Err(NetworkRefusal::TooLong {
                parameter,
                most: DESCRIPTION_CHARS_MAX,
            }
            .into());
        }
        let source = self.source()?;
        let service = self.service(matches!(source, Source::Ipv6(_)))?;
        Ok(Policy {
            accepts,
            source,
            service,
            description: self.description.clone(),
            modified_at: now,
        })
    }

    /// The one source; none is everywhere.
    fn source(&self) -> Result<Source, Refusal> {
        let mut given = [
            (&self.cidr, cidr as fn(&str) -> Option<Source>),
            (&self.ipv6_cidr, ipv6_cidr),
            (&self.group, |id| {
                is_short_id(id, prefix::SECURITY_GROUP).then(|| Source::Group(id.into()))
            }),
            (&self.address, |id| {
                is_short_id(id, "ipm-").then(|| Source::Address(id.into()))
            }),
            (&self.address_group, |id| {
                is_short_id(id, "ipmg-").then(|| Source::AddressGroup(id.into()))
            }),
        ]
        .into_iter()
        .filter(|(text, _)| !text.is_empty());
        match (given.next(), given.next()) {
            (None, _) => Ok(Source::Cidr(EVERYWHERE.into())),
            (Some((text, read)), None) => {
                read(text).ok_or_else(|| bad_rule(format!("`{text}` is no block, group or template of addresses")))
            }
            _ => Err(bad_rule("a rule has one source".to_owned())),
        }
    }

    /// A template, or a protocol with its ports; neither is all traffic.
    fn service(&self, ipv6: bool) -> Result<Service, Refusal> {
        match (self.service.as_str(), self.service_group.as_str()) {
            ("", "") => self.ports(ipv6),
            (_, _) if !self.protocol.is_empty() => Err(bad_rule(
                "a rule has a `ServiceTemplate` or a `Protocol`, not both".to_owned(),
            )),
            (one, "") if is_short_id(one, "ppm-") => Ok(Service::Template(one.into())),
            ("", group) if is_short_id(group, "ppmg-") => Ok(Service::TemplateGroup(group.into())),
            (one, group) => Err(bad_rule(format!("`{one}{group}` is no template of ports"))),
        }
    }

    fn ports(&self, ipv6: bool) -> Result<Service, Refusal> {
        let protocol = if self.protocol.is_empty() { ALL } else { &self.protocol };
        let known = PROTOCOLS.into_iter().find(|known| known.eq_ignore_ascii_case(protocol));
        let protocol = known.ok_or_else(|| bad_rule(format!("`Protocol` `{protocol}` is unknown")))?;
        if ipv6 && protocol == "icmp" {
            return Err(bad_rule("an IPv6 source goes with ICMPV6, not with ICMP".to_owned()));
        }
        let all = self.port.is_empty() || self.port.eq_ignore_ascii_case(ALL);
        if !all && !WITH_PORTS.contains(&protocol) {
            return Err(bad_rule(format!(
                "`Protocol` {protocol} has no ports, so `Port` is {ALL}"
            )));
        }
        if !all && !self.port.split(',').all(is_port_or_range) {
            return Err(NetworkRefusal::BadPort {
                port: self.port.clone(),
            }
            .into());
        }
        Ok(Service::Ports {
            protocol: protocol.to_owned(),
            port: if all { ALL.to_owned() } else { self.port.clone() },
        })
    }
}

/// One port, or two with a dash between, of which the second is not lower.
fn is_port_or_range(text: &str) -> bool {
    let port = |text: &str| {
        text.parse::<u16>()
            .ok()
            .filter(|port| *port > 0 && !text.starts_with('+'))
    };
    match text.split_once('-') {
        None => port(text).is_some(),
        Some((low, high)) => port(low).zip(port(high)).is_some_and(|(low, high)| low <= high),
    }
}

/// An address, or a block of them, with bits behind those that are shared or not. It is kept as it was sent, but that
/// no address has no bits.
fn cidr(text: &str) -> Option<Source> {
    let (address, bits) = text
        .split_once('/')
        .map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: Ipv4Addr = address.parse().ok()?;
    let fits = bits.is_none_or(|bits| is_number_to(bits, 32));
    let kept = if address.is_unspecified() && bits.is_some() {
        EVERYWHERE
    } else {
        text
    };
    fits.then(|| Source::Cidr(kept.to_owned()))
}

fn ipv6_cidr(text: &str) -> Option<Source> {
    let (address, bits) = text
        .split_once('/')
        .map_or((text, None), |(address, bits)| (address, Some(bits)));
    let fits = address.parse::<Ipv6Addr>().is_ok() && bits.is_none_or(|bits| is_number_to(bits, 128));
    fits.then(|| Source::Ipv6(text.to_owned()))
}

fn is_number_to(text: &str, most: u32) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && text.parse::<u32>().is_ok_and(|number| number <= most)
}

fn bad_rule(why: String) -> Refusal {
    NetworkRefusal::BadRule { why }.into()
}
