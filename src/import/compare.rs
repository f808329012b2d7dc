//! Whether what was imported is described as it was printed.
//!
//! The fixture is put into an emulator, the actions that were printed are called, and each printed member is held
//! against what is shown. This is also the one list of what a fixture does not state.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::carry;
use super::collect::Found;
use super::printed::has_come;
use super::source::fault;
use super::told::Told;
use crate::Emulator;
use crate::accounts::Credential;
use crate::cloud::time;
use crate::cloud::{Fate, Region, region};
use crate::config::{Config, Pace};
use crate::contract::{self, Source, Tree, Writer};
use crate::fixture::{Fixture, FixtureFault};
use crate::world::{Invocation, Outcome};

/// Members that no fixture states, and why: what is shown of them follows from others.
const NOT_STATED: &[(&str, &str)] = &[
    (
        "PriceId",
        "is the same for all here; what it stands for is not documented",
    ),
    ("SizeUsed", "is deprecated and shown as 0; MemUsed is set from it"),
    ("Engine", "follows from Type"),
    ("ProductType", "follows from Type"),
    ("InstanceTitle", "follows from Status"),
    ("PasswordFree", "follows from NoAuth"),
    ("ClientLimitMin", "follows from Type and size"),
    ("ClientLimitMax", "follows from Type and size"),
    ("InstanceNode", "is empty here, as in the published example"),
    ("Tags", "is empty here"),
    ("DtsStatus", "is 0 here: no migration runs"),
    ("DiskSize", "is 0 here: no edition has a disk"),
    ("Vip6", "is empty here: addresses are IPv4"),
    ("IPv6", "is empty here: addresses are IPv4"),
    ("RemainBandwidthDuration", "is empty here: bandwidth is not lent"),
    ("MonitorVersion", "is 5s here"),
    ("PolarisServer", "is empty here"),
];

/// Most instances that are named in one warning's list of them.
const MOST: usize = 1_000;

/// A line for everything that is shown otherwise than it was printed.
pub(super) fn compare(fixture: Fixture, secret_id: &str, found: &[Found]) -> Result<Vec<String>, Vec<FixtureFault>> {
    let server = Server::start(fixture, secret_id, found)?;
    let mut shown = BTreeMap::new();
    for region in region::all().iter().filter(|region| region.has_redis()) {
        let page = server.instances(region);
        let page = page.map_err(|message| vec![fault("the fixture", "", &message)])?;
        shown.extend(page);
    }
    let mut warnings = Vec::new();
    let mut not_stated: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for instance in found {
        let Some(shown) = shown.get(&instance.id) else {
            warnings.push(format!("{}: is not shown once it is served", instance.id));
            continue;
        };
        let printed = serde_json::to_value(&instance.entry).unwrap_or_default();
        for (member, printed, shown) in differing(&printed, shown) {
            match NOT_STATED.iter().position(|(name, _)| *name == member) {
                Some(reason) => {
                    let of = format!("{} ({printed})", instance.id);
                    not_stated.entry(reason).or_default().push(of);
                }
                None => warnings.push(otherwise(&instance.id, &member, &printed, &shown)),
            }
        }
        warnings.extend(server.differences(instance));
    }
    for (index, of) in not_stated {
        let (member, reason) = NOT_STATED[index];
        let more = of.len().saturating_sub(MOST);
        let listed = of.get(..MOST).unwrap_or(&of).join(", ");
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        warnings.push(format!("{member} is not carried over, it {reason}: {listed}{more}"));
    }
    Ok(warnings)
}

fn otherwise(of: &str, member: &str, printed: &Value, shown: &Value) -> String {
    format!("{of}: {member}: printed as {printed}, shown as {shown}")
}

/// The printed members that are shown otherwise: name, as printed, as shown.
fn differing(printed: &Value, shown: &Value) -> Vec<(String, Value, Value)> {
    let printed = printed.as_object().into_iter().flatten();
    let differing = printed.filter_map(|(member, printed)| {
        let shown = shown.get(member).unwrap_or(&Value::Null);
        let differs = !printed.is_null() && !same(member, printed, shown);
        differs.then(|| (member.clone(), printed.clone(), shown.clone()))
    });
    differing.collect()
}

/// Whether a printed value is shown as it was.
fn same(member: &str, printed: &Value, shown: &Value) -> bool {
    match (printed, shown) {
        (Value::Number(printed), Value::Number(shown)) => printed.as_f64() == shown.as_f64(),
        // No moment of creation is printed, so today's is taken.
        (Value::String(printed), _) if member == "Createtime" && !has_come(printed) => true,
        // Two spellings of a moment that has not come.
        (Value::String(printed), Value::String(shown)) if member.ends_with("Time") => {
            printed == shown || !(has_come(printed) || has_come(shown))
        }
        (Value::Array(printed), Value::Array(shown)) if member == "NodeSet" => {
            nodes(printed) == nodes(shown)
                || (nodes(printed).iter().any(|node| node[1].is_null())
                    && nodes_by_zone(printed) == nodes_by_zone(shown))
        }
        _ => printed == shown,
    }
}

/// Nodes without their zones' names, which are not shown, in one order.
fn nodes(all: &[Value]) -> Vec<[Value; 3]> {
    let node = |node: &Value| ["NodeType", "NodeId", "ZoneId"].map(|key| node[key].clone());
    let mut nodes: Vec<_> = all.iter().map(node).collect();
    nodes.sort_by_key(|node| node.each_ref().map(ToString::to_string));
    nodes
}

/// As [`nodes`], without the numbers, which DescribeInstanceNodeInfo does not show.
fn nodes_by_zone(all: &[Value]) -> Vec<[Value; 3]> {
    let mut nodes = nodes(all);
    for node in &mut nodes {
        node[1] = Value::Null;
    }
    nodes.sort_by_key(|node| node.each_ref().map(ToString::to_string));
    nodes
}

/// An emulator with that fixture, and who asks it.
struct Server {
    emulator: Emulator,
    caller: Arc<Credential>,
}

impl Server {
    fn start(fixture: Fixture, secret_id: &str, found: &[Found]) -> Result<Server, Vec<FixtureFault>> {
        let config = Config {
            seed: Some(0),
            pace: Pace::Held,
            ..Config::default()
        };
        // The moment at which it was printed, as nearly as the answers tell.
        let moments = found.iter().flat_map(|instance| {
            [&instance.entry.createtime, &instance.entry.close_time].map(|text| text.as_deref().and_then(time::read))
        });
        let now = moments.flatten().max().unwrap_or(0);
        let emulator = Emulator::with_wall(config, fixture, Some(Box::new(move || now)))?;
        let caller = emulator.world().accounts.credential(secret_id);
        let caller = caller.ok_or_else(|| vec![fault("the fixture", "", "no such key pair")])?;
        Ok(Server { emulator, caller })
    }

    /// What it answers. `Err` says what stood in the way.
    fn ask(&self, action: &str, region: &'static Region, input: &Value) -> Result<Value, String> {
        let described = contract::find(action, "2018-04-12").ok_or("no such action")?;
        let input = Tree::from_json(input.to_string().as_bytes()).map_err(|error| error.to_string())?;
        let fields = contract::check(described.input, input, Source::Json);
        let fields = fields.map_err(|rejection| format!("{rejection:?}"))?;
        let mut writer = Writer::new();
        writer.raw("{");
        let invocation = Invocation {
            caller: Arc::clone(&self.caller),
            action: described,
            region,
            fields,
            fate: Fate::Succeeds,
            is_seen: true,
            writer,
            links: Box::default(),
        };
        let Outcome::Answered(mut writer) = self.emulator.world().call_in_time(invocation) else {
            return Err(format!("{action} refuses in {}", region.name));
        };
        writer.raw("}");
        serde_json::from_slice(writer.as_bytes()).map_err(|error| error.to_string())
    }

    /// The instances of one region, by InstanceId.
    fn instances(&self, region: &'static Region) -> Result<Vec<(String, Value)>, String> {
        /// The largest page there is.
        const LIMIT: usize = 1_000;
        let mut shown = Vec::new();
        loop {
            let input = json!({ "Limit": LIMIT, "Offset": shown.len() });
            let answer = self.ask("DescribeInstances", region, &input)?;
            let page = answer["InstanceSet"].as_array().cloned().unwrap_or_default();
            let ended = page.len() < LIMIT;
            shown.extend(page.into_iter().map(|instance| {
                let id = instance["InstanceId"].as_str().unwrap_or_default().to_owned();
                (id, instance)
            }));
            if ended {
                return Ok(shown);
            }
        }
    }

    /// A line for everything that answers about one thing of an instance show otherwise.
    fn differences(&self, of: &Found) -> Vec<String> {
        let region = carry::region_of(&of.entry);
        let Some(region) = region::all().iter().find(|known| Some(known.name) == region.as_deref()) else {
            return Vec::new();
        };
        let (id, more) = (&of.id, &of.more);
        let one = json!({ "InstanceId": id });
        let accounts = printed(&more.accounts);
        let mut lines = Vec::new();
        for offset in (0..accounts.len()).step_by(ACCOUNTS) {
            let input = json!({ "InstanceId": id, "Limit": ACCOUNTS, "Offset": offset });
            let page = accounts.get(offset..).unwrap_or_default();
            let page = page.get(..ACCOUNTS).unwrap_or(page);
            let answer = self.ask("DescribeInstanceAccount", region, &input);
            lines.extend(rows(id, page, "AccountName", answer, |answer| list(answer, "Accounts")));
        }
        if !more.params.is_empty() {
            let answer = self.ask("DescribeInstanceParams", region, &one);
            let all = |answer: &Value| PARAMS.iter().flat_map(|kind| list(answer, kind)).collect();
            // What is said of a parameter beside its values is the emulator's own.
            let told = more.params.iter().map(|told| {
                let what = &told.what;
                json!({ "ParamName": what.param_name, "DefaultValue": what.default_value,
                        "CurrentValue": what.current_value, "Status": what.status })
            });
            let told: Vec<Value> = told.collect();
            lines.extend(rows(id, &told, "ParamName", answer, all));
        }
        if !more.groups.is_empty() {
            let answer = self.ask("DescribeInstanceSecurityGroup", region, &json!({ "InstanceIds": [id] }));
            let details = |answer: &Value| list(&answer["InstanceSecurityGroupsDetail"][0], "SecurityGroupDetails");
            lines.extend(rows(id, &printed(&more.groups), "SecurityGroupId", answer, details));
        }
        let nodes = more.nodes.iter().flatten();
        // Shards are numbered from 1 in some answers.
        let nodes = nodes.map(|node| json!({ "NodeId": node.node_id, "ZoneId": node.zone_id }));
        for (key, told) in [
            ("Redis", nodes.collect::<Vec<_>>()),
            ("Proxy", more.proxies.iter().map(|proxy| json!(proxy)).collect()),
        ] {
            if !told.is_empty() {
                let answer = self.ask("DescribeInstanceNodeInfo", region, &one);
                lines.extend(rows(id, &told, "NodeId", answer, |answer| list(answer, key)));
            }
        }
        if let Some(window) = &more.window {
            let answer = self.ask("DescribeMaintenanceWindow", region, &one);
            let told = printed(std::slice::from_ref(window));
            lines.extend(rows(id, &told, "", answer, |answer| vec![answer.clone()]));
        }
        lines
    }
}

/// The longest page of accounts.
const ACCOUNTS: usize = 100;

/// The lists of DescribeInstanceParams.
const PARAMS: [&str; 4] = [
    "InstanceEnumParam",
    "InstanceIntegerParam",
    "InstanceMultiParam",
    "InstanceTextParam",
];

fn list(answer: &Value, key: &str) -> Vec<Value> {
    answer[key].as_array().cloned().unwrap_or_default()
}

fn printed<T: Serialize>(told: &[Told<T>]) -> Vec<Value> {
    let rows = told
        .iter()
        .map(|told| serde_json::to_value(&told.what).unwrap_or_default());
    rows.collect()
}

/// A line for every member of these rows that is shown otherwise. `name`: the member that says which row is which.
fn rows(
    id: &str,
    printed: &[Value],
    name: &str,
    answer: Result<Value, String>,
    shown: impl Fn(&Value) -> Vec<Value>,
) -> Vec<String> {
    let shown = match answer {
        Ok(answer) => shown(&answer),
        Err(why) => return vec![format!("{id}: {why}")],
    };
    let mut lines = Vec::new();
    for row in printed {
        let place = match row[name].as_str() {
            Some(of) => format!("{id}: {of}"),
            None => id.to_owned(),
        };
        match shown.iter().find(|other| other[name] == row[name]) {
            None => lines.push(format!("{place}: is not shown once it is served")),
            Some(shown) => {
                let differing = differing(row, shown).into_iter();
                lines.extend(differing.map(|(member, printed, shown)| otherwise(&place, &member, &printed, &shown)));
            }
        }
    }
    lines
}
