//! The contract as read from `contract/`: published data, then our overrides and facts laid over it. Every name in an
//! override, a fact or the missing list must exist, and every action must have its facts: a slip stops here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// The modules of `src/actions` that functions of actions may stand in.
const ROOMS: &[&str] = &[
    "access",
    "backup",
    "catalogue",
    "change",
    "companions",
    "dedicated",
    "instance",
    "life",
    "log",
    "maintenance",
    "money",
    "monitor",
    "network",
    "order",
    "parameter",
    "replication",
    "security_group",
    "topology",
];

/// All contract files of the folder, and the codes any action may answer.
pub struct Contract {
    /// In the order of file names.
    pub services: Vec<Service>,
    /// Codes of the layer above all actions.
    pub common: BTreeSet<String>,
}

/// One contract file: a service in one version.
pub struct Service {
    pub service: String,
    pub version: String,
    pub actions: Vec<Action>,
    pub objects: BTreeMap<String, Vec<Member>>,
}

pub struct Action {
    pub name: String,
    pub family: String,
    /// The module of `src/actions` that its function stands in; one of [`ROOMS`].
    pub room: String,
    pub input: Vec<Member>,
    pub output: Vec<Member>,
    /// `None`: unknown, which is not the same as none.
    pub codes: Option<BTreeSet<String>>,
    pub rate_limit: u64,
    pub region: RegionUse,
    /// The input member that names the instance; `None`: the resource is `*`.
    pub resource: Option<String>,
    /// The input member that names a replication group.
    pub group: Option<String>,
    /// What it is to a change under way; every action has one.
    pub flows: Option<FlowUse>,
    /// Whether what it looks at may be much, however few records there are.
    pub walks: bool,
    /// Input members that it accepts without effect, by their dotted paths.
    pub unread: Vec<String>,
}

/// What an action is to a change that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowUse {
    Shows,
    Ends,
    Passes,
}

impl FlowUse {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "shows" => Some(Self::Shows),
            "ends" => Some(Self::Ends),
            "passes" => Some(Self::Passes),
            _ => None,
        }
    }
}

/// What the common parameter `Region` is to an action.
#[derive(Clone, Copy)]
pub enum RegionUse {
    Required,
    Optional,
    Ignored,
}

impl RegionUse {
    fn parse(fact: &Value) -> Option<Self> {
        match fact.as_str()? {
            "required" => Some(Self::Required),
            "optional" => Some(Self::Optional),
            "ignored" => Some(Self::Ignored),
            _ => None,
        }
    }
}

#[derive(Clone)]
pub struct Member {
    pub name: String,
    pub ty: Ty,
    pub required: bool,
    pub nullable: bool,
    pub deprecated: bool,
}

#[derive(Clone)]
pub enum Ty {
    String,
    Integer,
    UInteger,
    Boolean,
    Float,
    Object(String),
    List(Box<Ty>),
}

impl Ty {
    /// The object that this type is or lists.
    pub fn object(&self) -> Option<&str> {
        match self {
            Self::Object(name) => Some(name),
            Self::List(item) => item.object(),
            _ => None,
        }
    }
}

impl Contract {
    /// Reads the folder: every `<service>-<version>.json`, `overrides.json`, `facts.json`, `common-codes.json`.
    ///
    /// # Errors
    /// A file that cannot be read, is not of its form, or speaks of something the contract does not have.
    pub fn load(folder: &Path) -> Result<Self, String> {
        let overrides = read(&folder.join("overrides.json"))?;
        let facts = read(&folder.join("facts.json"))?;
        let common = strings(
            &read(&folder.join("common-codes.json"))?["codes"],
            "common-codes.json: codes",
        )?;
        let mut services = Vec::new();
        for path in contract_files(folder)? {
            let mut published = read(&path)?;
            let key = format!("{}/{}", text(&published, "service")?, text(&published, "version")?);
            if let Some(rows) = overrides.get(&key) {
                for row in array(rows, "overrides.json")? {
                    apply(&mut published, row).map_err(|e| format!("overrides.json: {key}: {e}: {row}"))?;
                }
            }
            let facts = facts
                .get(&key)
                .ok_or_else(|| format!("facts.json: nothing about {key}"))?;
            services.push(Service::read(&published, facts).map_err(|e| format!("{key}: {e}"))?);
        }
        let contract = Self {
            services,
            common: common.into_iter().collect(),
        };
        let mut actions = contract.services.iter().flat_map(|s| &s.actions);
        if let Some(silent) = actions.find(|a| a.flows.is_none()) {
            return Err(format!("facts.json: flows: {} is in no list", silent.name));
        }
        Ok(contract)
    }
}

impl Service {
    fn read(published: &Value, facts: &Value) -> Result<Self, String> {
        let mut objects = BTreeMap::new();
        for (name, rows) in object(&published["objects"], "objects")? {
            objects.insert(name.clone(), members(rows, name)?);
        }
        let mut actions = Vec::new();
        for (name, row) in object(&published["actions"], "actions")? {
            actions.push(Action::read(name, row, facts).map_err(|e| format!("{name}: {e}"))?);
        }
        for member in actions
            .iter()
            .flat_map(|a| a.input.iter().chain(&a.output))
            .chain(objects.values().flatten())
        {
            if let Some(name) = member.ty.object().filter(|name| !objects.contains_key(*name)) {
                return Err(format!("{}: no object is named {name}", member.name));
            }
        }
        let service = Self {
            service: text(published, "service")?,
            version: text(published, "version")?,
            actions,
            objects,
        };
        service.no_strangers(facts)?;
        for action in &service.actions {
            let mut unread = action.unread.iter();
            if let Some(path) = unread.find(|path| !service.has_input(action, path)) {
                return Err(format!("facts.json: unread: {} takes no {path}", action.name));
            }
        }
        Ok(service)
    }

    /// Whether the action's input has the member of this dotted path.
    fn has_input(&self, action: &Action, path: &str) -> bool {
        let mut members = Some(&action.input);
        path.split('.').all(|name| {
            let found = members.and_then(|members| members.iter().find(|member| member.name == name));
            let object = found.and_then(|member| member.ty.object());
            members = object.and_then(|object| self.objects.get(object));
            found.is_some()
        })
    }

    /// Facts about actions that do not exist are slips of the pen.
    fn no_strangers(&self, facts: &Value) -> Result<(), String> {
        let mut named: Vec<String> = Vec::new();
        for list in object(&facts["families"]["of"], "facts.json: families.of")?.values() {
            named.extend(strings(list, "facts.json: families.of")?);
        }
        for list in object(&facts["rooms"]["of"], "facts.json: rooms.of")?.values() {
            named.extend(strings(list, "facts.json: rooms.of")?);
        }
        for list in object(&facts["flows"]["of"], "facts.json: flows.of")?.values() {
            named.extend(strings(list, "facts.json: flows.of")?);
        }
        if let Some(groups) = facts.get("groups") {
            for list in object(&groups["of"], "facts.json: groups.of")?.values() {
                named.extend(strings(list, "facts.json: groups.of")?);
            }
        }
        if let Some(walks) = facts.get("walks") {
            named.extend(strings(&walks["of"], "facts.json: walks.of")?);
        }
        if let Some(unread) = facts.get("unread") {
            named.extend(object(&unread["of"], "facts.json: unread.of")?.keys().cloned());
        }
        for kind in ["instance", "any"] {
            for row in object(&facts["resource"][kind], "facts.json: resource")?.values() {
                named.extend(strings(&row["actions"], "facts.json: resource")?);
            }
        }
        for fact in ["rate_limit", "region"] {
            named.extend(object(&facts[fact]["except"], "facts.json: except")?.keys().cloned());
        }
        if let Some(only) = facts.get("only") {
            let only = strings(&only["actions"], "facts.json: only")?;
            if let Some(other) = self.actions.iter().find(|a| !only.contains(&a.name)) {
                return Err(format!("facts.json: only: it leaves out {}", other.name));
            }
            named.extend(only);
        }
        match named.iter().find(|name| !self.actions.iter().any(|a| a.name == **name)) {
            Some(name) => Err(format!("facts.json: no action is named {name}")),
            None => Ok(()),
        }
    }
}

impl Action {
    fn read(name: &str, row: &Value, facts: &Value) -> Result<Self, String> {
        let codes = match &row["errors"] {
            Value::Null => None,
            list => {
                let codes: BTreeSet<String> = strings(list, "errors")?.into_iter().collect();
                if codes.is_empty() {
                    return Err("an empty list of codes: unknown, or none? Say so in overrides.json".into());
                }
                Some(codes)
            }
        };
        let fact = |key: &str| {
            let exception = &facts[key]["except"][name]["value"];
            if exception.is_null() {
                facts[key]["default"].clone()
            } else {
                exception.clone()
            }
        };
        let input = members(&row["input"], "input")?;
        let resource = resource(name, facts)?;
        let group = match facts.get("groups") {
            Some(groups) => only(&groups["of"], name, |list| list)?.map(str::to_owned),
            None => None,
        };
        let mut naming = resource.iter().chain(&group);
        if let Some(member) = naming.find(|r| !input.iter().any(|m| m.name == **r)) {
            return Err(format!("facts.json: resource, groups: the input has no {member}"));
        }
        Ok(Self {
            name: name.to_owned(),
            family: only(&facts["families"]["of"], name, |list| list)?
                .ok_or("facts.json: families: it is in no family")?
                .to_owned(),
            room: room(name, facts)?.to_owned(),
            output: members(&row["output"], "output")?,
            input,
            codes,
            rate_limit: fact("rate_limit")
                .as_u64()
                .ok_or("facts.json: rate_limit: not a number")?,
            region: RegionUse::parse(&fact("region"))
                .ok_or("facts.json: region: none of required, optional, ignored")?,
            resource,
            group,
            flows: only(&facts["flows"]["of"], name, |list| list)?
                .map(|word| FlowUse::parse(word).ok_or("facts.json: flows: none of shows, ends, passes"))
                .transpose()?,
            walks: match &facts["walks"]["of"] {
                Value::Null => false,
                names => strings(names, "facts.json: walks.of")?.iter().any(|own| own == name),
            },
            unread: match &facts["unread"]["of"][name] {
                Value::Null => Vec::new(),
                paths => strings(paths, "facts.json: unread")?,
            },
        })
    }
}

fn room<'a>(name: &str, facts: &'a Value) -> Result<&'a str, String> {
    let room = only(&facts["rooms"]["of"], name, |list| list)?.ok_or("facts.json: rooms: it is in no room")?;
    if ROOMS.contains(&room) {
        Ok(room)
    } else {
        Err(format!(
            "facts.json: rooms: there is no room {room:?}, only {}",
            ROOMS.join(", ")
        ))
    }
}

fn resource(name: &str, facts: &Value) -> Result<Option<String>, String> {
    let member = only(&facts["resource"]["instance"], name, |row| &row["actions"])?;
    let any = only(&facts["resource"]["any"], name, |row| &row["actions"])?;
    match (member, any) {
        (Some(member), None) => Ok(Some(member.to_owned())),
        (None, Some(_)) => Ok(None),
        (None, None) => Err("facts.json: resource: it is in no list".into()),
        (Some(_), Some(_)) => Err("facts.json: resource: it is in two lists".into()),
    }
}

/// The one key under which `name` is listed.
fn only<'a>(groups: &'a Value, name: &str, list: fn(&Value) -> &Value) -> Result<Option<&'a str>, String> {
    let mut found = None;
    for (key, row) in object(groups, "facts.json")? {
        let listed = array(list(row), key)?.iter().any(|v| v == name);
        if listed && found.replace(key.as_str()).is_some() {
            return Err(format!("facts.json: listed twice, at last under {key:?}"));
        }
    }
    Ok(found)
}

/// Lays one override over the published data. An override that changes nothing is stale, and an error.
fn apply(published: &mut Value, row: &Value) -> Result<(), String> {
    for key in ["source", "reason"] {
        if text(row, key)?.is_empty() {
            return Err(format!("{key} is empty"));
        }
    }
    let (target, key, value) = if let Some(codes) = row.get("codes") {
        let action = published["actions"]
            .get_mut(text(row, "action")?)
            .ok_or("no such action")?;
        (action, "errors".to_owned(), codes)
    } else {
        let list = match (row.get("action"), row.get("object")) {
            (Some(Value::String(action)), None) => {
                let side = text(row, "in")?;
                published["actions"]
                    .get_mut(action)
                    .ok_or("no such action")?
                    .get_mut(side)
                    .ok_or("no such side")?
            }
            (None, Some(Value::String(name))) => published["objects"].get_mut(name).ok_or("no such object")?,
            _ => return Err("name an action or an object".into()),
        };
        let member = text(row, "member")?;
        let members = list.as_array_mut().ok_or("not a list of members")?;
        let target = members
            .iter_mut()
            .find(|m| m["name"] == member.as_str())
            .ok_or("no such member")?;
        let (key, value) = object(&row["set"], "set")?.iter().next().ok_or("set is empty")?;
        (target, key.clone(), value)
    };
    if target.get(&key) == Some(value) {
        return Err("it changes nothing any more".into());
    }
    target[key] = value.clone();
    Ok(())
}

fn members(rows: &Value, place: &str) -> Result<Vec<Member>, String> {
    let mut out: Vec<Member> = Vec::new();
    for row in array(rows, place)? {
        let name = text(row, "name")?;
        let flag = |key: &str| row.get(key).and_then(Value::as_bool).unwrap_or(false);
        out.push(Member {
            ty: ty(&text(row, "type")?),
            required: flag("required"),
            nullable: flag("nullable"),
            deprecated: flag("deprecated"),
            name,
        });
    }
    Ok(out)
}

fn ty(text: &str) -> Ty {
    match text {
        "String" => Ty::String,
        "Integer" => Ty::Integer,
        "UInteger" => Ty::UInteger,
        "Boolean" => Ty::Boolean,
        "Float" => Ty::Float,
        _ => match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(item) => Ty::List(Box::new(ty(item))),
            None => Ty::Object(text.to_owned()),
        },
    }
}

/// The contract files of the folder, by name: those that end in a date.
fn contract_files(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.strip_suffix(".json").is_some_and(|stem| {
                let date = stem.split_once('-').map_or("", |(_, date)| date);
                date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
            })
        })
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(format!("{}: no contract file", folder.display()));
    }
    Ok(paths)
}

pub(crate) fn read(path: &Path) -> Result<Value, String> {
    let bytes = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))
}

pub(crate) fn text(row: &Value, key: &str) -> Result<String, String> {
    row.get(key)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("{key:?} is not a string"))
}

pub(crate) fn array<'a>(value: &'a Value, place: &str) -> Result<&'a Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("{place}: not a list"))
}

pub(crate) fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{place}: not an object"))
}

pub(crate) fn strings(value: &Value, place: &str) -> Result<Vec<String>, String> {
    array(value, place)?
        .iter()
        .map(|v| {
            v.as_str()
                .map(str::to_owned)
                .ok_or_else(|| format!("{place}: {v} is not a string"))
        })
        .collect()
}
