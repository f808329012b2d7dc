//! The rules on orders, CreateInstances' and CloneInstances', in one list.

use crate::cloud::access::password::{NEEDED_OUTSIDE_A_VPC, hides_password, password_fault};
use crate::cloud::access::record::PasswordPolicy;
use crate::cloud::assumed::BaseNetwork;
use crate::cloud::catalogue::edition::Edition;
use crate::cloud::catalogue::period::{deadline, period_is_sold};
use crate::cloud::catalogue::price::Price;
use crate::cloud::catalogue::product_version::{CDC, CLOUD};
use crate::cloud::catalogue::region::{Region, Zone};
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::catalogue::{price, product_version, stock};
use crate::cloud::ids::{is_short_id, prefix};
use crate::cloud::instance::modify;
use crate::cloud::instance::record::PORTS;
use crate::cloud::money::book;
use crate::cloud::network::record::Network;
use crate::cloud::order::record::{DIRECT, Order};
use crate::cloud::parameter::template;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::rules::{self, Scope, not_sold, text};
use crate::cloud::security_group::binding;
use crate::cloud::state::Cloud;
use crate::cloud::tags::{KEY_CHARS_MAX, TAGS_MAX, VALUE_CHARS_MAX};
use crate::cloud::time::Millis;
use crate::cloud::values::{Billing, Role, Tag};
use crate::cloud::vpc::address;

/// What the checks look at.
pub(crate) struct Plan<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) region: &'static Region,
    pub(crate) zone: &'static Zone,
    pub(crate) edition: &'static Edition,
    pub(crate) billing: Billing,
    pub(crate) spec: Spec,
    pub(crate) order: &'a Order,
    pub(crate) now: Millis,
}

type Check = fn(&Plan) -> Result<(), Refusal>;

/// The order of the rules, after region, type, billing mode, zone and the two numbers, without which there is no plan.
const CHECKS: &[(Scope, Check)] = &[
    (Scope::Both, goods_are_in_range),
    (Scope::Both, months_are_sold),
    (Scope::Both, size_is_sold),
    (Scope::Both, shards_and_replicas_are_sold),
    (Scope::Order, nodes_fit_the_replicas),
    (Scope::Order, network_is_whole),
    (Scope::Order, network_exists),
    (Scope::Order, addresses_are_left),
    (Scope::Order, port_is_free_to_choose),
    (Scope::Order, security_groups_look_right),
    (Scope::Order, password_is_good),
    (Scope::Order, name_is_good),
    (Scope::Order, project_is_one),
    (Scope::Order, auto_renew_is_known),
    (Scope::Order, tags_are_keyed),
    (Scope::Order, template_fits),
    (Scope::Both, readonly_is_possible),
    (Scope::Order, connection_is_possible),
    (Scope::Both, product_version_is_known),
    (Scope::Order, product_version_is_sold),
    (Scope::Order, cluster_exists),
    (Scope::Order, is_in_stock),
    (Scope::Order, is_within_quota),
    (Scope::Order, balance_suffices),
];

/// Holds an order, or the question for its price, against the rules.
pub(crate) fn check(plan: &Plan, asks: Scope) -> Result<(), Refusal> {
    rules::check(CHECKS, plan, asks)
}

fn goods_are_in_range(plan: &Plan) -> Result<(), Refusal> {
    let goods = plan.order.goods;
    let highest = plan.billing.most_goods();
    if (1..=highest).contains(&goods) {
        Ok(())
    } else {
        Err(Refusal::GoodsOutOfRange { goods, highest })
    }
}

fn months_are_sold(plan: &Plan) -> Result<(), Refusal> {
    let months = plan.order.months;
    period_is_sold(months, plan.billing, plan.order.longest)?;
    match plan.billing {
        Billing::Prepaid => deadline(plan.now, months).map(drop),
        Billing::Postpaid => Ok(()),
    }
}

fn size_is_sold(plan: &Plan) -> Result<(), Refusal> {
    let mb = plan.spec.mem_mb;
    let sizes = stock::order_sizes_mb(plan.cloud, plan.edition, plan.billing);
    if sizes.contains(&mb) {
        return Ok(());
    }
    match sizes.first().copied().zip(sizes.last().copied()) {
        Some((lowest_mb, highest_mb)) if mb != 0 && (mb < lowest_mb || mb > highest_mb) => {
            Err(Refusal::MemoryOutOfRange {
                mb,
                lowest_mb,
                highest_mb,
            })
        }
        _ => Err(Refusal::MemoryNotSold { mb, sold_mb: sizes }),
    }
}

fn shards_and_replicas_are_sold(plan: &Plan) -> Result<(), Refusal> {
    let Plan { edition, spec, .. } = plan;
    if !edition.sells_shards(spec.shards) {
        return Err(not_sold("RedisShardNum", spec.shards, edition.shards.get()));
    }
    if !edition.sells_replicas(spec.replicas) {
        return Err(not_sold("RedisReplicasNum", spec.replicas, edition.replicas.get()));
    }
    Ok(())
}

fn nodes_fit_the_replicas(plan: &Plan) -> Result<(), Refusal> {
    let nodes = &plan.order.nodes;
    if nodes.is_empty() {
        return Ok(());
    }
    if !plan.edition.spans_zones() {
        return Err(Refusal::EditionCannot {
            type_id: plan.edition.type_id,
            what: "stand in several zones",
        });
    }
    let wanted = plan.spec.replicas + 1;
    if nodes.len() as u64 != wanted {
        return Err(bad_value(
            "NodeSet",
            format!("it names {} nodes, a master and its replicas are {wanted}", nodes.len()),
        ));
    }
    if nodes.iter().any(|node| Role::from_number(node.role).is_none()) {
        return Err(bad_value("NodeSet", "NodeType is 0 (master) or 1 (replica)".into()));
    }
    if nodes.iter().filter(|node| node.role == Role::Master.number()).count() != 1 {
        return Err(bad_value(
            "NodeSet",
            "exactly one node is the master (NodeType 0)".into(),
        ));
    }
    for node in nodes {
        let Some(zone) = node.zone(plan.region) else {
            return Err(bad_value("NodeSet", format!("{} has no such zone", plan.region.name)));
        };
        if node.role == Role::Master.number() && zone != plan.zone {
            return Err(bad_value(
                "NodeSet",
                format!("the master stands in {}, not in {}", plan.zone.name, zone.name),
            ));
        }
    }
    Ok(())
}

/// Both of VpcId and SubnetId or neither; neither is the base network, which financial regions do not have, and other
/// regions have for a few accounts.
fn network_is_whole(plan: &Plan) -> Result<(), Refusal> {
    match (text(&plan.order.vpc), text(&plan.order.subnet)) {
        (None, None) if plan.region.financial => Err(Refusal::VpcOnly {
            place: plan.zone.name.into(),
        }),
        (None, None) => base_network_is_open(plan),
        (vpc, _) if !vpc.is_some_and(|vpc| is_short_id(vpc, prefix::VPC)) => Err(Refusal::NoSuchVpc {
            vpc: vpc.unwrap_or_default().into(),
        }),
        (_, subnet) if !subnet.is_some_and(|subnet| is_short_id(subnet, prefix::SUBNET)) => {
            Err(Refusal::NoSuchSubnet {
                subnet: subnet.unwrap_or_default().into(),
            })
        }
        _ => Ok(()),
    }
}

/// In a region where the account holds VPCs, it is one of them.
fn network_exists(plan: &Plan) -> Result<(), Refusal> {
    plan.network().map_or(Ok(()), |network| {
        address::network_exists(plan.cloud, plan.region, &network)
    })
}

/// An address of the subnet for each instance, where the account holds it.
fn addresses_are_left(plan: &Plan) -> Result<(), Refusal> {
    let network = plan.network();
    let subnet = network.and_then(|network| address::subnet_of(&plan.cloud.subnets, &network, plan.region));
    match subnet.map(|subnet| (subnet, address::free_count(plan.cloud, subnet, plan.now))) {
        Some((subnet, free)) if free < plan.order.goods => Err(Refusal::NoAddressFree {
            subnet: subnet.id.to_string(),
            free,
        }),
        _ => Ok(()),
    }
}

fn base_network_is_open(plan: &Plan) -> Result<(), Refusal> {
    match plan.cloud.settings.assumed.base_network {
        _ if plan.cloud.account.base_network => {}
        BaseNetwork::Open => {}
        BaseNetwork::WhiteList => {
            return Err(Refusal::NotOnWhiteList {
                what: "instances without a VPC",
            });
        }
        BaseNetwork::Closed => return Err(Refusal::BaseNetworkClosed),
    }
    if plan.order.no_auth {
        return Err(NEEDED_OUTSIDE_A_VPC);
    }
    Ok(())
}

fn port_is_free_to_choose(plan: &Plan) -> Result<(), Refusal> {
    let fits = |port| u16::try_from(port).is_ok_and(|port| PORTS.contains(&port));
    match plan.order.port {
        Some(port) if !fits(port) => {
            let why = format!("{port} lies outside {} to {}", PORTS.start(), PORTS.end());
            Err(bad_value("VPort", why))
        }
        _ => Ok(()),
    }
}

fn security_groups_look_right(plan: &Plan) -> Result<(), Refusal> {
    binding::groups_fault(plan.cloud, plan.region, &plan.order.security_groups)
}

fn password_is_good(plan: &Plan) -> Result<(), Refusal> {
    let policy = plan.order.password_policy.unwrap_or(PasswordPolicy::USUAL);
    policy.own_fault()?;
    match text(&plan.order.password) {
        None if plan.order.no_auth => Ok(()),
        None => Err(Refusal::PasswordMissing),
        // The rules are on the plain text.
        Some(_) if hides_password(plan.cloud, plan.order.encrypted) => Ok(()),
        Some(password) => {
            password_fault(plan.edition, password)?;
            policy.fault(password)
        }
    }
}

fn name_is_good(plan: &Plan) -> Result<(), Refusal> {
    let most = modify::ORDERED_NAME_CHARS_MAX;
    text(&plan.order.name).map_or(Ok(()), |name| {
        modify::name_fault(plan.cloud, name, "InstanceName", most)
    })
}

fn project_is_one(plan: &Plan) -> Result<(), Refusal> {
    modify::project_fault(plan.order.project_id)
}

fn auto_renew_is_known(plan: &Plan) -> Result<(), Refusal> {
    match plan.order.auto_renew {
        None | Some(0..=2) => Ok(()),
        Some(other) => Err(Refusal::BadAutoRenew {
            parameter: "AutoRenew",
            value: other.to_string(),
        }),
    }
}

fn tags_are_keyed(plan: &Plan) -> Result<(), Refusal> {
    let tags = &plan.order.tags;
    tags_are_within_limits(tags)?;
    for (at, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() {
            return Err(bad_value("ResourceTags", "a tag has no key".into()));
        }
        if tags[..at].iter().any(|other| other.key == tag.key) {
            return Err(bad_value(
                "ResourceTags",
                format!("the key {} stands there twice", tag.key),
            ));
        }
    }
    Ok(())
}

/// The tag service's own limits, which hold for an order's tags as well.
fn tags_are_within_limits(tags: &[Tag]) -> Result<(), Refusal> {
    let refuse = |why: String| Err(bad_value("ResourceTags", why));
    let longer = |text: &str, most: usize| text.chars().count() > most;
    if tags.len() > TAGS_MAX {
        return refuse(format!("an instance carries {TAGS_MAX} tags at most"));
    }
    if tags.iter().any(|tag| longer(&tag.key, KEY_CHARS_MAX)) {
        return refuse(format!("a key has {KEY_CHARS_MAX} characters at most"));
    }
    if tags.iter().any(|tag| longer(&tag.value, VALUE_CHARS_MAX)) {
        return refuse(format!("a value has {VALUE_CHARS_MAX} characters at most"));
    }
    Ok(())
}

/// A template of the account's own, or the one that every account has of the type.
fn template_fits(plan: &Plan) -> Result<(), Refusal> {
    let own = plan.edition;
    match text(&plan.order.template_id) {
        None => Ok(()),
        Some(id) if id == own.template_id() => Ok(()),
        Some(id) if template::find(plan.cloud, id)?.edition == own => Ok(()),
        Some(id) => {
            let why = format!("{id} is no parameter template for type {}", own.type_id);
            Err(bad_value("TemplateId", why))
        }
    }
}

fn readonly_is_possible(plan: &Plan) -> Result<(), Refusal> {
    if plan.order.replicas_readonly && !plan.edition.replicas_readonly {
        return Err(Refusal::EditionCannot {
            type_id: plan.edition.type_id,
            what: "serve reads from its replicas",
        });
    }
    Ok(())
}

/// A direct connection (1) goes past the proxy, which only later editions have; SSL needs one of those too, and a
/// password.
fn connection_is_possible(plan: &Plan) -> Result<(), Refusal> {
    let Order {
        connection_mode,
        enable_ssl,
        no_auth,
        ..
    } = plan.order;
    let type_id = plan.edition.type_id;
    match connection_mode {
        None | Some(0 | DIRECT) => {}
        Some(other) => {
            return Err(bad_value(
                "ConnectionMode",
                format!("{other} is neither 0 (proxy) nor 1 (direct)"),
            ));
        }
    }
    let wants = *enable_ssl || *connection_mode == Some(DIRECT);
    if wants && !plan.edition.is_modern() {
        let what = "be reached directly or by SSL";
        return Err(Refusal::EditionCannot { type_id, what });
    }
    if *enable_ssl && *no_auth {
        let why = "SSL goes with a password only".into();
        return Err(bad_value("EnableSSL", why));
    }
    Ok(())
}

fn product_version_is_known(plan: &Plan) -> Result<(), Refusal> {
    match text(&plan.order.product_version) {
        Some(version) if !product_version::ALL.contains(&version) => Err(bad_value(
            "ProductVersion",
            format!("{version} is none of {}", product_version::ALL.join(", ")),
        )),
        Some(CDC) if text(&plan.order.redis_cluster_id).is_none() => Err(bad_value(
            "RedisClusterId",
            format!("a dedicated cluster ({CDC}) has to be named"),
        )),
        _ => Ok(()),
    }
}

/// The price of what is not sold for now can be asked for all the same.
fn product_version_is_sold(plan: &Plan) -> Result<(), Refusal> {
    let suspended = plan.cloud.settings.assumed.cloud_version_is_not_sold;
    if suspended && text(&plan.order.product_version) == Some(CLOUD) {
        return Err(Refusal::SaleSuspended {
            what: "ProductVersion cloud",
        });
    }
    Ok(())
}

/// Clusters come from another product: in an account that has none, whatever has the form of an id exists.
fn cluster_exists(plan: &Plan) -> Result<(), Refusal> {
    let Some(id) = text(&plan.order.redis_cluster_id) else {
        return Ok(());
    };
    let clusters = &plan.cloud.clusters;
    let here = clusters
        .get(id)
        .is_some_and(|cluster| cluster.region.name == plan.region.name);
    let formed = clusters.is_empty() && is_short_id(id, prefix::CLUSTER);
    if here || formed {
        Ok(())
    } else {
        Err(bad_value("RedisClusterId", format!("there is no cluster {id} here")))
    }
}

fn is_in_stock(plan: &Plan) -> Result<(), Refusal> {
    stock::in_stock(plan.cloud, plan.zone.id, plan.edition)
}

fn is_within_quota(plan: &Plan) -> Result<(), Refusal> {
    stock::within_quota(plan.cloud, plan.region, plan.billing, plan.order.goods)
}

/// Prepaid pays everything now. Postpaid pays later, but the price of an hour is held, and nobody in arrears orders.
fn balance_suffices(plan: &Plan) -> Result<(), Refusal> {
    book::can_spend(plan.cloud, plan.now, plan.price().fen())
}

impl Plan<'_> {
    /// Where what is ordered will stand; `None`: in the base network.
    pub(crate) fn network(&self) -> Option<Network> {
        let network = text(&self.order.vpc).zip(text(&self.order.subnet));
        network.map(|(vpc, subnet)| Network::new(vpc, subnet))
    }

    /// What the order costs: a prepaid one is paid at once, of a postpaid one this much is held.
    pub(crate) fn price(&self) -> Price {
        let one = match self.billing {
            Billing::Prepaid => price::month(self.region, self.edition, &self.spec).times(self.order.months),
            Billing::Postpaid => price::hour(self.region, self.edition, &self.spec),
        };
        one.times(self.order.goods)
    }
}
