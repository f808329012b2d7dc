//! CreateInstances: every rule on what can be ordered, in one order, and the order itself.

use super::account::Account;
use super::edition::{self, Edition, Sale};
use super::instance::{
    self, AutoRenew, Billing, Instance, Network, Node, NodeAsked, Role, Spec, Status, Tag,
};
pub(crate) use super::password::password_fault;
use super::price;
use super::region::{Region, Zone};
use super::time;
use super::upgrade::not_sold;
use super::{Call, Change, Cloud, Refusal, TaskKind};

/// What a caller orders. Absent texts and empty ones are the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    /// `TypeId`
    pub type_id: u64,
    /// Memory of one shard, in MB.
    pub mem_mb: u64,
    /// `RedisShardNum`; needed where the edition sells more than one number.
    pub shards: Option<i64>,
    /// `RedisReplicasNum`; needed where the edition sells more than one number.
    pub replicas: Option<i64>,
    /// `GoodsNum`: how many instances.
    pub goods: u64,
    /// `Period`, in months; a postpaid order states 1.
    pub months: u64,
    /// `BillingMode`: 0 postpaid, 1 prepaid.
    pub billing: i64,
    /// `AutoRenew`
    pub auto_renew: Option<u64>,
    /// `ZoneId`; zone by number, by name, by the master in `nodes`, or the first of the region.
    pub zone_id: Option<u64>,
    /// `ZoneName`
    pub zone_name: Option<String>,
    /// `NodeSet`: the nodes of instances over several zones; empty for one zone.
    pub nodes: Vec<NodeAsked>,
    /// `VpcId`; with `subnet`, or neither: the base network.
    pub vpc: Option<String>,
    /// `SubnetId`
    pub subnet: Option<String>,
    /// `VPort`
    pub port: Option<u64>,
    /// `SecurityGroupIdList`
    pub security_groups: Vec<String>,
    /// Needed unless `no_auth`.
    pub password: Option<String>,
    /// Access without a password; in private networks only.
    pub no_auth: bool,
    /// `InstanceName`; the instance's id if absent.
    pub name: Option<String>,
    /// `ProjectId`
    pub project_id: i64,
    /// `ResourceTags`
    pub tags: Vec<Tag>,
    /// Whether replicas serve reads.
    pub replicas_readonly: bool,
    /// The parameter template; that of the edition if absent.
    pub template_id: Option<String>,
    /// `local` (the default), `localv2`, `cdc` or `cloud`.
    pub product_version: Option<String>,
    /// The dedicated cluster; needed for `cdc`.
    pub redis_cluster_id: Option<String>,
    /// `AlarmPolicyList`
    pub alarm_policies: Vec<String>,
    /// Check and create nothing.
    pub dry_run: bool,
}

/// What an accepted order gives: at once, though the instances are still in process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// The order's number.
    pub deal_id: String,
    /// One id for each of the goods.
    pub instance_ids: Vec<String>,
}

/// What the checks look at.
struct Plan<'a> {
    account: &'a Account,
    region: &'static Region,
    zone: &'static Zone,
    edition: &'static Edition,
    billing: Billing,
    spec: Spec,
    order: &'a Order,
}

type Check = fn(&Plan) -> Result<(), Refusal>;

/// The order of the rules, after region, type, billing mode, zone and the two numbers, without which there is no plan.
const CHECKS: &[Check] = &[
    goods_are_in_range,
    period_is_sold,
    size_is_sold,
    shards_and_replicas_are_sold,
    nodes_fit_the_replicas,
    network_is_whole,
    port_is_free_to_choose,
    security_groups_look_right,
    password_is_good,
    name_is_short,
    auto_renew_is_known,
    tags_are_keyed,
    readonly_is_possible,
    product_version_is_known,
    balance_suffices,
];

/// The months a prepaid order can be placed for.
const PERIODS: &[u64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36];
const PRODUCT_VERSIONS: &[&str] = &["local", "localv2", "cdc", "cloud"];
const NAME_MOST_CHARS: usize = 60;

fn goods_are_in_range(plan: &Plan) -> Result<(), Refusal> {
    let goods = plan.order.goods;
    let highest = plan.billing.most_goods();
    if (1..=highest).contains(&goods) {
        Ok(())
    } else {
        Err(Refusal::GoodsOutOfRange { goods, highest })
    }
}

fn period_is_sold(plan: &Plan) -> Result<(), Refusal> {
    let months = plan.order.months;
    let highest = if plan.billing == Billing::Prepaid {
        36
    } else {
        1
    };
    match months {
        0 => Err(Refusal::PeriodTooShort { months }),
        _ if months > highest => Err(Refusal::PeriodTooLong { months }),
        _ if !PERIODS.contains(&months) => Err(Refusal::PeriodNotSold { months }),
        _ => Ok(()),
    }
}

fn size_is_sold(plan: &Plan) -> Result<(), Refusal> {
    let mb = plan.spec.mem_mb;
    if plan.edition.sells_mb(mb, plan.billing) {
        return Ok(());
    }
    match plan.edition.range_mb(plan.billing) {
        Some((lowest_mb, highest_mb)) if mb != 0 && (mb < lowest_mb || mb > highest_mb) => {
            Err(Refusal::MemoryOutOfRange {
                mb,
                lowest_mb,
                highest_mb,
            })
        }
        _ => Err(Refusal::MemoryNotSold { mb }),
    }
}

fn shards_and_replicas_are_sold(plan: &Plan) -> Result<(), Refusal> {
    let Plan { edition, spec, .. } = plan;
    if !edition.sells_shards(spec.shards) {
        return Err(not_sold("RedisShardNum", spec.shards, edition.shards.get()));
    }
    if !edition.sells_replicas(spec.replicas) {
        return Err(not_sold(
            "RedisReplicasNum",
            spec.replicas,
            edition.replicas.get(),
        ));
    }
    Ok(())
}

fn nodes_fit_the_replicas(plan: &Plan) -> Result<(), Refusal> {
    let nodes = &plan.order.nodes;
    if nodes.is_empty() {
        return Ok(());
    }
    let wanted = plan.spec.replicas + 1;
    if nodes.len() as u64 != wanted {
        return Err(bad(
            "NodeSet",
            format!(
                "it names {} nodes, a master and its replicas are {wanted}",
                nodes.len()
            ),
        ));
    }
    if nodes
        .iter()
        .any(|node| Role::from_number(node.role).is_none())
    {
        return Err(bad(
            "NodeSet",
            "NodeType is 0 (master) or 1 (replica)".into(),
        ));
    }
    if nodes
        .iter()
        .filter(|node| node.role == Role::Master.number())
        .count()
        != 1
    {
        return Err(bad(
            "NodeSet",
            "exactly one node is the master (NodeType 0)".into(),
        ));
    }
    for node in nodes {
        let Some(zone) = node.zone(plan.region) else {
            return Err(bad(
                "NodeSet",
                format!("{} has no such zone", plan.region.name),
            ));
        };
        if node.role == Role::Master.number() && zone != plan.zone {
            return Err(bad(
                "NodeSet",
                format!(
                    "the master stands in {}, not in {}",
                    plan.zone.name, zone.name
                ),
            ));
        }
    }
    Ok(())
}

/// Both of VpcId and SubnetId or neither; neither is the base network, which financial regions do not have.
fn network_is_whole(plan: &Plan) -> Result<(), Refusal> {
    match (text(&plan.order.vpc), text(&plan.order.subnet)) {
        (None, None) if plan.region.financial => Err(Refusal::VpcOnly {
            place: plan.zone.name.into(),
        }),
        (None, None) if plan.order.no_auth => Err(Refusal::PasswordNeeded {
            why: "access without a password is for private networks",
        }),
        (None, None) => Ok(()),
        (vpc, _) if !vpc.is_some_and(|vpc| is_short_id(vpc, "vpc-")) => Err(Refusal::NoSuchVpc {
            vpc: vpc.unwrap_or_default().into(),
        }),
        (_, subnet) if !subnet.is_some_and(|subnet| is_short_id(subnet, "subnet-")) => {
            Err(Refusal::NoSuchSubnet {
                subnet: subnet.unwrap_or_default().into(),
            })
        }
        _ => Ok(()),
    }
}

/// Networks and security groups belong to other products: whatever has the form of an id exists.
fn is_short_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        (1..=32).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn port_is_free_to_choose(plan: &Plan) -> Result<(), Refusal> {
    match plan.order.port {
        Some(port) if !(1024..=65535).contains(&port) => {
            Err(bad("VPort", format!("{port} lies outside 1024 to 65535")))
        }
        _ => Ok(()),
    }
}

fn security_groups_look_right(plan: &Plan) -> Result<(), Refusal> {
    match plan
        .order
        .security_groups
        .iter()
        .find(|group| !is_short_id(group, "sg-"))
    {
        Some(group) => Err(Refusal::NoSuchSecurityGroup {
            group: group.clone(),
        }),
        None => Ok(()),
    }
}

fn password_is_good(plan: &Plan) -> Result<(), Refusal> {
    match text(&plan.order.password) {
        None if plan.order.no_auth => Ok(()),
        None => Err(Refusal::PasswordMissing),
        Some(password) => password_fault(plan.edition, password),
    }
}

/// The documents also name the characters of a name; no list of errors has a code for it, so only length counts.
fn name_is_short(plan: &Plan) -> Result<(), Refusal> {
    match text(&plan.order.name) {
        Some(name) if name.chars().count() > NAME_MOST_CHARS => Err(bad(
            "InstanceName",
            format!("it is longer than {NAME_MOST_CHARS} characters"),
        )),
        _ => Ok(()),
    }
}

fn auto_renew_is_known(plan: &Plan) -> Result<(), Refusal> {
    match plan.order.auto_renew {
        None | Some(0..=2) => Ok(()),
        Some(other) => Err(bad("AutoRenew", format!("{other} is none of 0, 1 and 2"))),
    }
}

fn tags_are_keyed(plan: &Plan) -> Result<(), Refusal> {
    let tags = &plan.order.tags;
    for (at, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() {
            return Err(bad("ResourceTags", "a tag has no key".into()));
        }
        if tags[..at].iter().any(|other| other.key == tag.key) {
            return Err(bad(
                "ResourceTags",
                format!("the key {} stands there twice", tag.key),
            ));
        }
    }
    Ok(())
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

fn product_version_is_known(plan: &Plan) -> Result<(), Refusal> {
    match text(&plan.order.product_version) {
        Some(version) if !PRODUCT_VERSIONS.contains(&version) => Err(bad(
            "ProductVersion",
            format!("{version} is none of {}", PRODUCT_VERSIONS.join(", ")),
        )),
        Some("cdc") if text(&plan.order.redis_cluster_id).is_none() => Err(bad(
            "RedisClusterId",
            "a dedicated cluster (cdc) has to be named".into(),
        )),
        _ => Ok(()),
    }
}

/// Prepaid pays everything now. Postpaid pays later, but the first hour of all must be there, and no arrears.
fn balance_suffices(plan: &Plan) -> Result<(), Refusal> {
    let balance_fen = plan.account.balance_fen;
    let needed_fen = match plan.billing {
        Billing::Prepaid => cost_fen(plan),
        Billing::Postpaid => price::hour(plan.region, plan.edition, &plan.spec)
            .times(plan.order.goods)
            .fen_up(),
    };
    if balance_fen >= needed_fen {
        Ok(())
    } else {
        Err(Refusal::BalanceTooLow {
            needed_fen,
            balance_fen,
        })
    }
}

/// What the order takes from the balance.
fn cost_fen(plan: &Plan) -> i64 {
    match plan.billing {
        Billing::Prepaid => {
            let month = price::month(plan.region, plan.edition, &plan.spec);
            month.times(plan.order.goods).times(plan.order.months).fen()
        }
        Billing::Postpaid => 0,
    }
}

fn bad(parameter: &'static str, why: String) -> Refusal {
    Refusal::BadValue { parameter, why }
}

fn text(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

fn plan<'a>(account: &'a Account, call: &Call, order: &'a Order) -> Result<Plan<'a>, Refusal> {
    let region = call.region;
    let Some(first_zone) = region.zones.first() else {
        return Err(Refusal::NoRedisHere {
            place: region.name.into(),
        });
    };
    let edition = edition::find(order.type_id).filter(|edition| edition.sale != Sale::Ended);
    let edition = edition.ok_or(Refusal::TypeNotSold {
        type_id: order.type_id,
    })?;
    let billing = Billing::from_number(order.billing).ok_or_else(|| {
        bad(
            "BillingMode",
            format!("{} is neither 0 nor 1", order.billing),
        )
    })?;
    let zone = zone_of(region, order)?.unwrap_or(first_zone);
    let spec = spec_of(edition, order)?;
    Ok(Plan {
        account,
        region,
        zone,
        edition,
        billing,
        spec,
        order,
    })
}

/// The zone named, or the one of the master in NodeSet. `None`: nothing is named, and the first one is taken.
fn zone_of(region: &'static Region, order: &Order) -> Result<Option<&'static Zone>, Refusal> {
    let name = text(&order.zone_name);
    if order.zone_id.is_none() && name.is_none() {
        let master = order
            .nodes
            .iter()
            .find(|node| node.role == Role::Master.number());
        return Ok(master.and_then(|node| node.zone(region)));
    }
    let place = || match (order.zone_id, name) {
        (Some(id), Some(name)) => format!("zone {id} called {name} in {}", region.name),
        (Some(id), None) => format!("zone {id} in {}", region.name),
        (None, name) => format!("zone {} in {}", name.unwrap_or_default(), region.name),
    };
    instance::zone_asked(region, order.zone_id, name)
        .map(Some)
        .ok_or_else(|| Refusal::NoRedisHere { place: place() })
}

/// Shards and replicas, where the caller names them; an edition that sells only one number needs none.
fn spec_of(edition: &'static Edition, order: &Order) -> Result<Spec, Refusal> {
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
        replicas: number(order.replicas, "RedisReplicasNum", edition.replicas.get())?,
    })
}

impl Cloud {
    /// Orders instances. Their ids are found from now on, in process until their flows end. A dry run gives `None`
    /// where the order would have been accepted. A refusal has changed nothing.
    pub fn create(&mut self, call: &Call, order: &Order) -> Result<Option<Ordered>, Refusal> {
        let plan = plan(&self.account, call, order)?;
        CHECKS.iter().try_for_each(|check| check(&plan))?;
        if order.dry_run {
            return Ok(None);
        }
        let (cost_fen, zone_id) = (cost_fen(&plan), plan.zone.id);
        let template = new_instance(&plan, call);
        let mut instance_ids = Vec::new();
        for _ in 0..order.goods {
            let instance = self.individual(&template, order);
            instance_ids.push(instance.id.clone());
            self.instances.insert(instance.id.clone(), instance);
        }
        self.account.balance_fen = self.account.balance_fen.saturating_sub(cost_fen);
        let deal_id = self.place_deal(call, zone_id, cost_fen, instance_ids.clone());
        for id in &instance_ids {
            self.begin(call, id, Some(&deal_id), TaskKind::Create, Change::Create);
        }
        self.settle(call.now);
        Ok(Some(Ordered {
            deal_id,
            instance_ids,
        }))
    }

    /// The template with an id, a name, an address and nodes of its own.
    fn individual(&mut self, template: &Instance, order: &Order) -> Instance {
        let mut id = self.ids.instance_id();
        while self.instances.contains_key(&id) {
            id = self.ids.instance_id();
        }
        let mut vip = self.ids.vip();
        while self.instances.values().any(|other| other.vip == vip) {
            vip = self.ids.vip();
        }
        let name = text(&order.name).unwrap_or(&id).to_owned();
        let mut nodes: Vec<Node> = template.nodes.clone();
        for node in &mut nodes {
            node.id = self.ids.node_id();
        }
        Instance {
            id,
            name,
            vip,
            nodes,
            ..template.clone()
        }
    }
}

fn new_instance(plan: &Plan, call: &Call) -> Instance {
    let order = plan.order;
    let mut instance = Instance::new(String::new(), plan.region, plan.edition, call.now);
    instance.zone_id = plan.zone.id;
    instance.project_id = order.project_id;
    instance.spec = plan.spec;
    instance.status = Status::InProcess;
    instance.billing = plan.billing;
    instance.auto_renew = order
        .auto_renew
        .and_then(|number| AutoRenew::from_number(number as i64))
        .unwrap_or(AutoRenew::Manual);
    instance.deadline_at =
        (plan.billing == Billing::Prepaid).then(|| time::add_months(call.now, order.months));
    instance.network = text(&order.vpc)
        .zip(text(&order.subnet))
        .map(|(vpc, subnet)| Network {
            vpc: vpc.into(),
            subnet: subnet.into(),
        });
    instance.port = order
        .port
        .and_then(|port| u16::try_from(port).ok())
        .unwrap_or(6379);
    instance.security_groups.clone_from(&order.security_groups);
    instance.tags.clone_from(&order.tags);
    instance.nodes = nodes_of(plan);
    instance.no_auth = order.no_auth;
    instance.password = text(&order.password)
        .filter(|_| !order.no_auth)
        .map(str::to_owned);
    instance.replicas_readonly = order.replicas_readonly;
    if let Some(template) = text(&order.template_id) {
        instance.template_id = template.into();
    }
    if let Some(version) = text(&order.product_version) {
        instance.product_version = version.into();
    }
    instance.redis_cluster_id = text(&order.redis_cluster_id).unwrap_or_default().into();
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
