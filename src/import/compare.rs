//! Whether what was imported is described as it was printed.
//!
//! The fixture is put into an emulator, DescribeInstances is called, and each printed member is held against what is
//! shown. This is also the one list of what a fixture does not state.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::carry::has_come;
use super::collect::Found;
use super::source::fault;
use crate::Emulator;
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
    let shown = described(fixture, secret_id, found)?;
    let mut warnings = Vec::new();
    let mut not_stated: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for instance in found {
        let Some(shown) = shown.get(&instance.id) else {
            warnings.push(format!("{}: is not shown once it is served", instance.id));
            continue;
        };
        let printed = serde_json::to_value(&instance.entry).unwrap_or_default();
        for (member, printed) in printed.as_object().into_iter().flatten() {
            let shown = shown.get(member).unwrap_or(&Value::Null);
            if printed.is_null() || same(member, printed, shown) {
                continue;
            }
            match NOT_STATED.iter().position(|(name, _)| name == member) {
                Some(reason) => {
                    let of = format!("{} ({printed})", instance.id);
                    not_stated.entry(reason).or_default().push(of);
                }
                None => warnings.push(format!(
                    "{}: {member}: printed as {printed}, shown as {shown}",
                    instance.id
                )),
            }
        }
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

/// The instances as an emulator with that fixture shows them, by InstanceId.
fn described(fixture: Fixture, secret_id: &str, found: &[Found]) -> Result<BTreeMap<String, Value>, Vec<FixtureFault>> {
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
    let mut shown = BTreeMap::new();
    for region in region::all().iter().filter(|region| region.has_redis()) {
        let page = of_region(&emulator, secret_id, region);
        let page = page.map_err(|message| vec![fault("the fixture", "", &message)])?;
        shown.extend(page);
    }
    Ok(shown)
}

/// The instances of one region. `Err` says what stood in the way: nothing that input could cause.
fn of_region(emulator: &Emulator, secret_id: &str, region: &'static Region) -> Result<Vec<(String, Value)>, String> {
    /// The largest page there is.
    const LIMIT: usize = 1_000;
    let action = contract::find("DescribeInstances", "2018-04-12").ok_or("no such action")?;
    let caller = emulator.world().accounts.credential(secret_id);
    let caller = caller.ok_or("no such key pair")?;
    let mut shown = Vec::new();
    loop {
        let input = json!({ "Limit": LIMIT, "Offset": shown.len() }).to_string();
        let input = Tree::from_json(input.as_bytes()).map_err(|error| error.to_string())?;
        let fields = contract::check(action.input, input, Source::Json);
        let fields = fields.map_err(|rejection| format!("{rejection:?}"))?;
        let mut writer = Writer::new();
        writer.raw("{");
        let invocation = Invocation {
            caller: Arc::clone(&caller),
            action,
            region,
            fields,
            fate: Fate::Succeeds,
            is_seen: true,
            writer,
            links: Box::default(),
        };
        let Outcome::Answered(mut writer) = emulator.world().call_in_time(invocation) else {
            return Err(format!("DescribeInstances refused for {}", region.name));
        };
        writer.raw("}");
        let answer: Value = serde_json::from_slice(writer.as_bytes()).map_err(|error| error.to_string())?;
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
