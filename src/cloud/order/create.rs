//! CreateInstances and its price: what is ordered, and the order itself. The rules stand in `rules.rs`.

use crate::cloud::access::password;
use crate::cloud::catalogue::edition;
use crate::cloud::catalogue::edition::{Arch, Edition, Sale};
use crate::cloud::catalogue::price::Price;
use crate::cloud::catalogue::region::{Region, Zone};
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::ids::{InstanceId, RedisClusterId};
use crate::cloud::instance::node::{Node, Placement, zone_requested};
use crate::cloud::instance::payment::Payment;
use crate::cloud::instance::record::{Access, Instance};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::money::book;
use crate::cloud::money::order::{Goods, split_fen};
use crate::cloud::money::record::Reference;
use crate::cloud::network::address::{free_vip, is_taken};
use crate::cloud::network::record::{Address, Ssl, SslAddress};
use crate::cloud::order::record::{DIRECT, Order, Ordered};
use crate::cloud::order::rules;
use crate::cloud::order::rules::Plan;
use crate::cloud::parameter::record::Parameters;
use crate::cloud::parameter::template;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::rules::{Scope, text};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::{AutoRenew, Billing, Role};
use crate::cloud::vpc::address;
use crate::cloud::{money, time};

pub(crate) fn plan<'a>(cloud: &'a Cloud, call: &Call, order: &'a Order) -> Result<Plan<'a>, Refusal> {
    let region = call.region;
    let Some(first_zone) = region.zones.first() else {
        return Err(Refusal::NoRedisHere {
            place: region.name.into(),
        });
    };
    let edition = edition::find(order.type_id).filter(|edition| edition.sale != Sale::Ended);
    let edition = edition.ok_or(Refusal::TypeNotSold { type_id: order.type_id })?;
    let billing = Billing::from_number(order.billing)
        .ok_or_else(|| bad_value("BillingMode", format!("{} is neither 0 nor 1", order.billing)))?;
    let zone = zone_of(region, order)?.unwrap_or(first_zone);
    let spec = spec_of(cloud, edition, order)?;
    Ok(Plan {
        cloud,
        region,
        zone,
        edition,
        billing,
        spec,
        order,
        now: call.now,
    })
}

/// The zone named, or the one of the master in NodeSet. `None`: nothing is named, and the first one is taken.
fn zone_of(region: &'static Region, order: &Order) -> Result<Option<&'static Zone>, Refusal> {
    let name = text(&order.zone_name);
    if order.zone_id.is_none() && name.is_none() {
        let master = order.nodes.iter().find(|node| node.role == Role::Master.number());
        return Ok(master.and_then(|node| node.zone(region)));
    }
    let place = || match (order.zone_id, name) {
        (Some(id), Some(name)) => format!("zone {id} called {name} in {}", region.name),
        (Some(id), None) => format!("zone {id} in {}", region.name),
        (None, name) => format!("zone {} in {}", name.unwrap_or_default(), region.name),
    };
    zone_requested(region, order.zone_id, name)
        .map(Some)
        .ok_or_else(|| Refusal::NoSuchZone { place: place() })
}

/// Shards and replicas, where the caller names them; an edition that sells only one number needs none.
fn spec_of(cloud: &Cloud, edition: &'static Edition, order: &Order) -> Result<Spec, Refusal> {
    let usual_replicas = cloud.settings.assumed.missing_replicas_are_one && edition.arch == Arch::Standard;
    let number = |asked: Option<i64>, parameter, sold: Option<&'static [u64]>| match (asked, sold) {
        (Some(value), _) => u64::try_from(value).map_err(|_| Refusal::SpecNotSold {
            parameter,
            value,
            sold: sold.unwrap_or_default().to_vec(),
        }),
        (None, Some(&[only])) => Ok(only),
        (None, _) => Err(Refusal::SpecMissing {
            type_id: edition.type_id,
        }),
    };
    Ok(Spec {
        mem_mb: order.mem_mb,
        shards: number(order.shards, "RedisShardNum", edition.shards.get())?,
        replicas: number(
            order.replicas.or(usual_replicas.then_some(1)),
            "RedisReplicasNum",
            edition.replicas.get(),
        )?,
    })
}

/// Orders instances. Their ids are found from now on, in process until their flows end. A dry run gives `None` where
/// the order would have been accepted. A refusal has changed nothing.
pub fn create(cloud: &mut Cloud, call: &Call, order: &Order) -> Result<Option<Ordered>, Refusal> {
    order_instances(cloud, call, order, (FlowKind::Create, Payload::Create))
}

/// What an order costs: all of it for a prepaid one, an hour of it for a postpaid one.
pub fn quote_create(cloud: &Cloud, call: &Call, order: &Order) -> Result<Price, Refusal> {
    if order.zone_id.is_none() && text(&order.zone_name).is_none() {
        return Err(bad_value("ZoneId", "it or ZoneName is needed".into()));
    }
    let wrong_spec = |refusal| match refusal {
        Refusal::TypeNotSold { type_id } if cloud.settings.assumed.unsold_types_are_wrong_specs => {
            Refusal::TypeNotPriced { type_id }
        }
        other => other,
    };
    let plan = plan(cloud, call, order).map_err(wrong_spec)?;
    rules::check(&plan, Scope::Both)?;
    Ok(plan.price())
}

pub(crate) fn order_instances(
    cloud: &mut Cloud,
    call: &Call,
    order: &Order,
    (kind, payload): (FlowKind, Payload),
) -> Result<Option<Ordered>, Refusal> {
    let plan = plan(cloud, call, order)?;
    rules::check(&plan, Scope::Order)?;
    if order.dry_run {
        return Ok(None);
    }
    let (price_fen, billing, zone_id) = (plan.price().fen(), plan.billing, plan.zone.id);
    let template = new_instance(&plan, call);
    let mut vips = vips(cloud, &template, order.goods).into_iter();
    let instances: Vec<Instance> = (0..order.goods)
        .map(|_| individual(cloud, &template, order, vips.next()))
        .collect();
    let ids: Vec<InstanceId> = instances.iter().map(|made| made.id.clone()).collect();
    let paid_fen = if billing == Billing::Prepaid { price_fen } else { 0 };
    let deal_id = money::order::place_order(cloud, call.now, zone_id, paid_fen, Goods::New(ids.clone()));
    for (index, mut instance) in instances.into_iter().enumerate() {
        let id = instance.id.clone();
        if billing == Billing::Postpaid {
            let frozen_fen = Some(split_fen(price_fen, index as u64, order.goods));
            instance.payment = Payment::Postpaid { frozen_fen };
        }
        book::holding(cloud, call.now, &id, Reference::to(&deal_id, &id), |cloud| {
            cloud.instances.insert(instance);
            flow::begin(cloud, call, &id, Some(&deal_id), Change::now(kind, payload.clone()));
        });
    }
    Ok(Some(Ordered {
        deal_id,
        instance_ids: ids,
    }))
}

/// The lowest free addresses of the subnet, where the account holds it.
fn vips(cloud: &Cloud, template: &Instance, goods: u64) -> Vec<String> {
    let network = template.network.as_ref();
    let subnet = network.and_then(|network| address::subnet_of(&cloud.subnets, network, template.region));
    let (region, now) = (template.region, template.created_at);
    let is_free = |vip: &String| !is_taken(cloud, region, network, vip, now);
    let goods = usize::try_from(goods).unwrap_or(usize::MAX);
    let free = subnet.map(|subnet| address::free(&cloud.instances, subnet));
    free.into_iter().flatten().filter(is_free).take(goods).collect()
}

/// The template with an id, a name, an address and nodes of its own. Where no address is given, one is drawn.
fn individual(cloud: &mut Cloud, template: &Instance, order: &Order, vip: Option<String>) -> Instance {
    let mut id = cloud.ids.instance_id();
    while cloud.instances.contains_key(&id) {
        id = cloud.ids.instance_id();
    }
    let vip = vip.unwrap_or_else(|| free_vip(cloud, template.region, template.created_at));
    let name = text(&order.name).unwrap_or(id.as_str()).to_owned();
    let mut placement = template.placement.clone();
    if let Placement::Nodes(nodes) = &mut placement {
        nodes.iter_mut().for_each(|node| node.id = cloud.ids.node_id());
    }
    let address = Address {
        vip,
        ..template.address.clone()
    };
    Instance {
        id,
        name,
        placement,
        address,
        ..template.clone()
    }
}

fn new_instance(plan: &Plan, call: &Call) -> Instance {
    let order = plan.order;
    let mut instance = Instance::new(InstanceId::from(""), plan.region, plan.edition, call.now);
    // It costs from its delivery.
    instance.charged_since = None;
    instance.placement = Placement::if_spread(nodes_of(plan), plan.zone.id);
    instance.project_id = order.project_id;
    instance.spec = plan.spec;
    instance.auto_renew = order
        .auto_renew
        .and_then(|number| AutoRenew::from_number(number as i64))
        .unwrap_or(AutoRenew::Manual);
    if plan.billing == Billing::Prepaid {
        instance.payment = Payment::prepaid_until(time::deadline_after(call.now, order.months));
    }
    instance.network = plan.network();
    if let Some(port) = order.port.and_then(|port| u16::try_from(port).ok()) {
        instance.address.port = port;
    }
    instance.security_groups.clone_from(&order.security_groups);
    instance.tags.clone_from(&order.tags);
    instance.access = if order.no_auth {
        Access::NoPassword
    } else {
        let known = text(&order.password).filter(|_| !password::hides_password(plan.cloud, order.encrypted));
        Access::Password(known.map(str::to_owned))
    };
    if let Some(policy) = order.password_policy {
        instance.set_password_policy(policy);
    }
    instance.ssl = order.enable_ssl.then_some(Ssl {
        address: SslAddress::Any,
        binds_private_ipv4: order.ssl_bind_private_ipv4,
    });
    instance.is_direct = order.connection_mode == Some(DIRECT);
    instance.replicas_readonly = order.replicas_readonly;
    if let Some(template) = text(&order.template_id) {
        instance.template_id = template.into();
        let values = template::find(plan.cloud, template).map(|template| template.values);
        instance.set_parameters(Parameters {
            values: values.unwrap_or_default(),
            ..Parameters::default()
        });
    }
    if let Some(version) = text(&order.product_version) {
        instance.hardware.product_version = version.into();
    }
    let cluster_id = text(&order.redis_cluster_id);
    instance.hardware.redis_cluster_id = cluster_id.map(RedisClusterId::from);
    let cluster = cluster_id.and_then(|id| plan.cloud.clusters.get(id));
    if let Some(cluster) = cluster.filter(|_| plan.cloud.settings.assumed.orders_show_dedicated_cluster) {
        instance
            .hardware
            .dedicated_cluster_id
            .clone_from(&cluster.dedicated_cluster_id);
    }
    instance.alarm_policies.clone_from(&order.alarm_policies);
    instance
}

/// The nodes asked for, master first, still without ids.
fn nodes_of(plan: &Plan) -> Vec<Node> {
    let mut nodes: Vec<Node> = plan
        .order
        .nodes
        .iter()
        .filter_map(|node| {
            Some(Node {
                id: 0,
                role: Role::from_number(node.role)?,
                zone_id: node.zone(plan.region)?.id,
            })
        })
        .collect();
    nodes.sort_by_key(|node| node.role.number());
    nodes
}
