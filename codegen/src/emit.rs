//! The contract written as Rust. Text only: `rustfmt` lays it out afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::model::{Action, Contract, FlowUse, Member, RegionUse, Service, Ty};
use crate::names::{field, snake, upper, variant};

type Text = Result<String, String>;

/// What the emitters share: names that are unique over all contract files.
pub struct Names<'a> {
    /// Actions in the order of the table: by name, then version.
    pub actions: Vec<(&'a Service, &'a Action)>,
    twice: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    pub fn new(contract: &'a Contract) -> Result<Self, String> {
        let mut actions: Vec<(&Service, &Action)> = contract
            .services
            .iter()
            .flat_map(|s| s.actions.iter().map(move |a| (s, a)))
            .collect();
        actions.sort_by_key(|(s, a)| (a.name.as_str(), s.version.as_str()));
        if let Some(pair) = actions
            .windows(2)
            .find(|p| p[0].1.name == p[1].1.name && p[0].0.version == p[1].0.version)
        {
            return Err(format!(
                "{}: two contracts of one version have it, so a call names neither",
                pair[0].1.name
            ));
        }
        let mut seen = BTreeMap::new();
        let objects = contract.services.iter().flat_map(|s| s.objects.keys());
        for name in actions.iter().map(|(_, a)| &a.name).chain(objects) {
            *seen.entry(name.as_str()).or_insert(0) += 1;
        }
        Ok(Self {
            actions,
            twice: seen.into_iter().filter(|(_, n)| *n > 1).map(|(name, _)| name).collect(),
        })
    }

    /// A name that several contracts (or an action and an object) share gets its service in front.
    fn rust(&self, service: &Service, name: &str) -> String {
        if !self.twice.contains(name) {
            return name.to_owned();
        }
        let (first, rest) = service.service.split_at(1);
        format!("{}{rest}{name}", first.to_ascii_uppercase())
    }

    fn ty(&self, service: &Service, ty: &Ty) -> String {
        match ty {
            Ty::String => "String".into(),
            Ty::Integer => "i64".into(),
            Ty::UInteger => "u64".into(),
            Ty::Boolean => "bool".into(),
            Ty::Float => "f64".into(),
            Ty::Object(name) => self.rust(service, name),
            Ty::List(item) => format!("Vec<{}>", self.ty(service, item)),
        }
    }

    /// As [`Names::ty`], for an answer: most of its texts are the same in every answer, and need no copy.
    fn answered_ty(&self, service: &Service, ty: &Ty) -> String {
        match ty {
            Ty::String => "Text".into(),
            Ty::List(item) => format!("Vec<{}>", self.answered_ty(service, item)),
            other => self.ty(service, other),
        }
    }

    fn table_ty(&self, service: &Service, ty: &Ty) -> String {
        match ty {
            Ty::String => "Type::String".into(),
            Ty::Integer => "Type::Integer".into(),
            Ty::UInteger => "Type::UInteger".into(),
            Ty::Boolean => "Type::Boolean".into(),
            Ty::Float => "Type::Float".into(),
            Ty::Object(name) => {
                format!("Type::Object(&OBJECT_{})", upper(&self.rust(service, name)))
            }
            Ty::List(item) => format!("Type::List(&{})", self.table_ty(service, item)),
        }
    }
}

/// Every code that some action documents, and the common ones.
fn all_codes(contract: &Contract) -> BTreeSet<&str> {
    let documented = contract
        .services
        .iter()
        .flat_map(|s| &s.actions)
        .filter_map(|a| a.codes.as_ref())
        .flatten();
    documented.chain(&contract.common).map(String::as_str).collect()
}

pub fn codes(contract: &Contract) -> Text {
    let codes = all_codes(contract);
    let mut variants = BTreeMap::new();
    for code in &codes {
        if let Some(other) = variants.insert(variant(code), *code) {
            return Err(format!("{code} and {other} have one name in Rust"));
        }
    }
    let mut out = String::from(
        "/// An error code that the published contract knows. In the order of their texts.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum ErrorCode {\n",
    );
    for code in &codes {
        let _ = writeln!(out, "/// `{code}`\n{},", variant(code));
    }
    let _ = writeln!(
        out,
        "}}\n\n/// Every code, in the order of the texts.\npub(in crate::contract) static CODES: [ErrorCode; {}] = [",
        codes.len()
    );
    for code in &codes {
        let _ = writeln!(out, "ErrorCode::{},", variant(code));
    }
    let _ = writeln!(
        out,
        "];\n\n/// The texts of [`CODES`].\npub(in crate::contract) static TEXTS: [&str; {}] = [",
        codes.len()
    );
    for code in &codes {
        let _ = writeln!(out, "{code:?},");
    }
    out.push_str(
        "];\n\n/// Whether the code stands in the table of common codes, which any action may answer.\n\
         pub(in crate::contract) fn is_common(code: ErrorCode) -> bool {\nmatches!(code, ",
    );
    let common: Vec<String> = contract
        .common
        .iter()
        .map(|code| format!("ErrorCode::{}", variant(code)))
        .collect();
    let _ = writeln!(out, "{})\n}}", common.join(" | "));
    Ok(out)
}

fn table(names: &Names, service: &Service, kind: &str, name: &str, members: &[Member]) -> String {
    let mut out = format!(
        "static {kind}_{}: Shape = Shape {{ name: {name:?}, members: &[\n",
        upper(&names.rust(service, name))
    );
    for m in members {
        let start = if m.required { "required" } else { "optional" };
        let _ = write!(out, "Member::{start}({:?}, {})", m.name, names.table_ty(service, &m.ty));
        for (set, method) in [(m.nullable, ".nullable()"), (m.deprecated, ".deprecated()")] {
            if set {
                out.push_str(method);
            }
        }
        out.push_str(",\n");
    }
    out.push_str("] };\n\n");
    out
}

pub fn action_ids(names: &Names) -> String {
    let mut out = String::from(
        "/// An action of some contract; as a number, its place in [`ACTIONS`](crate::contract::ACTIONS).\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum ActionId {\n",
    );
    for (service, action) in &names.actions {
        let _ = writeln!(out, "{},", names.rust(service, &action.name));
    }
    out.push_str("}\n");
    out
}

pub fn actions(contract: &Contract, names: &Names) -> Text {
    let mut out = String::from(
        "use super::action_ids::ActionId;\nuse super::codes::ErrorCode as E;\n\
         use crate::contract::action::{Action, FlowUse, RegionUse, Resource};\n\
         use crate::contract::shape::{Member, Shape, Type};\n\n",
    );
    let versions: BTreeSet<(&str, &str)> = contract
        .services
        .iter()
        .map(|s| (s.service.as_str(), s.version.as_str()))
        .collect();
    let _ = writeln!(
        out,
        "/// Every service and version with a contract.\npub static VERSIONS: [(&str, &str); {}] = [",
        versions.len()
    );
    for version in versions {
        let _ = writeln!(out, "{version:?},");
    }
    let _ = writeln!(
        out,
        "];\n\n/// Every action, by name and then version.\npub static ACTIONS: [Action; {}] = [",
        names.actions.len()
    );
    for (service, action) in &names.actions {
        out.push_str(&row(names, service, action));
    }
    out.push_str("];\n\n");
    for (service, action) in &names.actions {
        out.push_str(&table(names, service, "INPUT", &action.name, &action.input));
        out.push_str(&table(names, service, "OUTPUT", &action.name, &action.output));
    }
    for service in &contract.services {
        let used = reachable(service, |a| a.input.iter().chain(&a.output).collect());
        for name in used {
            out.push_str(&table(names, service, "OBJECT", name, &service.objects[name]));
        }
    }
    Ok(out)
}

fn row(names: &Names, service: &Service, action: &Action) -> String {
    let rust = names.rust(service, &action.name);
    let codes = match &action.codes {
        None => "None".to_owned(),
        Some(codes) => {
            let list: Vec<String> = codes.iter().map(|code| format!("E::{}", variant(code))).collect();
            format!("Some(&[{}])", list.join(", "))
        }
    };
    let resource = match &action.resource {
        Some(member) => format!("Resource::Instance({member:?})"),
        None => "Resource::Any".to_owned(),
    };
    format!(
        "Action {{ id: ActionId::{rust}, name: {:?}, service: {:?}, version: {:?}, family: {:?}, \
         reads: {}, input: &INPUT_{upper}, output: &OUTPUT_{upper}, codes: {codes}, rate_limit: {}, \
         region: RegionUse::{}, resource: {resource}, group: {:?}, flows: FlowUse::{}, walks: {}, \
         unread: &{:?} }},\n",
        action.name,
        service.service,
        service.version,
        action.family,
        reads(action),
        action.rate_limit,
        match action.region {
            RegionUse::Required => "Required",
            RegionUse::Optional => "Optional",
            RegionUse::Ignored => "Ignored",
        },
        action.group,
        match action.flows {
            Some(FlowUse::Shows) => "Shows",
            Some(FlowUse::Ends) => "Ends",
            Some(FlowUse::Passes) | None => "Passes",
        },
        action.walks,
        action.unread,
        upper = upper(&rust),
    )
}

/// Whether an action only looks; its name says so, but for one that makes what it gets.
fn reads(action: &Action) -> bool {
    let looks = ["Describe", "Inquiry", "Get"]
        .iter()
        .any(|verb| action.name.starts_with(verb));
    looks && action.name != "GetFederationToken"
}

/// The objects that the chosen members lead to, in the order of names.
fn reachable<'a>(service: &'a Service, roots: fn(&'a Action) -> Vec<&'a Member>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Member> = service.actions.iter().flat_map(roots).collect();
    while let Some(member) = open.pop() {
        if let Some(name) = member.ty.object()
            && let Some((name, members)) = service.objects.get_key_value(name)
            && found.insert(name.as_str())
        {
            open.extend(members);
        }
    }
    found
}

/// Two members that would be one field are an error here, not a riddle for the compiler.
fn fields(place: &str, members: &[Member]) -> Result<Vec<String>, String> {
    let mut seen = BTreeMap::new();
    let mut out = Vec::new();
    for member in members {
        let field = field(&member.name);
        if let Some(other) = seen.insert(field.clone(), &member.name) {
            return Err(format!("{place}: {other} and {} are both {field} in Rust", member.name));
        }
        out.push(field);
    }
    Ok(out)
}

pub fn input(contract: &Contract, names: &Names) -> Text {
    let mut out = String::from("use crate::contract::fields::{Fields, Read};\n\n");
    for (service, action) in &names.actions {
        let title = format!("What {} is called with.", action.name);
        out.push_str(&request(names, service, &title, &action.name, &action.input)?);
    }
    for service in &contract.services {
        for name in reachable(service, |a| a.input.iter().collect()) {
            let title = format!("{name}, as an input carries it.");
            out.push_str(&request(names, service, &title, name, &service.objects[name])?);
        }
    }
    Ok(out)
}

fn request(names: &Names, service: &Service, title: &str, name: &str, members: &[Member]) -> Text {
    let rust = names.rust(service, name);
    let fields = fields(name, members)?;
    if members.is_empty() {
        return Ok(format!(
            "/// {title}\n#[derive(Debug)]\npub struct {rust} {{}}\n\n\
             impl Read for {rust} {{ fn read(_: Fields) -> Self {{ Self {{}} }} }}\n\n"
        ));
    }
    let mut out = format!("/// {title}\n#[derive(Debug)]\npub struct {rust} {{\n");
    for (member, field) in members.iter().zip(&fields) {
        let ty = names.ty(service, &member.ty);
        // An absent list is an empty one; a required member that may be null may be absent.
        let certain = matches!(member.ty, Ty::List(_)) || (member.required && !member.nullable);
        let _ = if certain {
            writeln!(out, "pub {field}: {ty},")
        } else {
            writeln!(out, "pub {field}: Option<{ty}>,")
        };
    }
    let _ = writeln!(
        out,
        "}}\n\nimpl Read for {rust} {{ fn read(fields: Fields) -> Self {{ let mut fields = fields.in_order(); Self {{"
    );
    for field in &fields {
        let _ = writeln!(out, "{field}: fields.take(),");
    }
    out.push_str("} } }\n\n");
    Ok(out)
}

pub fn output(contract: &Contract, names: &Names) -> Text {
    let mut out = String::from("use crate::contract::write::{Members, Text, Writer};\n\n");
    for (service, action) in &names.actions {
        let title = format!("What {} answers, beside its RequestId.", action.name);
        out.push_str(&response(names, service, &title, &action.name, &action.output)?);
    }
    for service in &contract.services {
        for name in reachable(service, |a| a.output.iter().collect()) {
            let title = format!("{name}, as an answer carries it.");
            out.push_str(&response(names, service, &title, name, &service.objects[name])?);
        }
    }
    Ok(out)
}

fn response(names: &Names, service: &Service, title: &str, name: &str, members: &[Member]) -> Text {
    let rust = names.rust(service, name);
    let fields = fields(name, members)?;
    if members.is_empty() {
        return Ok(format!(
            "/// {title}\n#[derive(Debug)]\npub struct {rust} {{}}\n\n\
             impl Members for {rust} {{ fn members(&self, _: &mut Writer) {{}} }}\n\n"
        ));
    }
    let mut out = format!("/// {title}\n#[derive(Debug)]\npub struct {rust} {{\n");
    for (member, field) in members.iter().zip(&fields) {
        let ty = names.answered_ty(service, &member.ty);
        let _ = if member.nullable {
            writeln!(out, "pub {field}: Option<{ty}>,")
        } else {
            writeln!(out, "pub {field}: {ty},")
        };
    }
    let _ = writeln!(
        out,
        "}}\n\nimpl Members for {rust} {{ fn members(&self, out: &mut Writer) {{"
    );
    for (member, field) in members.iter().zip(&fields) {
        let _ = writeln!(out, "out.member({:?}, &self.{field});", member.name);
    }
    out.push_str("} }\n\n");
    Ok(out)
}

pub fn dispatch(names: &Names) -> Text {
    let mut out = String::from(
        "//! Which function an action is.\n\nuse crate::actions;\nuse crate::cloud::{Call, Cloud, Refusal};\n\
         use crate::contract::{ActionId, Fields, Members, Writer};\n\n\
         /// What runs an action: its checked input read, its function called, the members of its answer written\n\
         /// without braces. That a read changes nothing is kept by the compiler.\n\
         pub(crate) enum Behaviour {\n\
         /// It looks only.\nReads(fn(&Cloud, &Call, Fields, &mut Writer) -> Result<(), Refusal>),\n\
         /// It may change the cloud.\nWrites(fn(&mut Cloud, &Call, Fields, &mut Writer) -> Result<(), Refusal>),\n\
         }\n\n\
         /// What an action does, by its function.\n\
         macro_rules! behaves {\n\
         \x20   ($how:ident $($function:ident)::+) => {\n\
         \x20       Behaviour::$how(|cloud, call, fields, out| {\n\
         \x20           let answer = actions::$($function)::+(cloud, call, fields.read());\n\
         \x20           answer.map(|answer| answer.members(out))\n\
         \x20       })\n\
         \x20   };\n\
         }\n\n\
         /// What an action does.\n\
         pub(crate) fn behaviour(id: ActionId) -> Behaviour {\nmatch id {\n",
    );
    let mut functions = BTreeMap::new();
    for (service, action) in &names.actions {
        let rust = names.rust(service, &action.name);
        let function = format!("{}::{}", action.room, snake(&rust));
        if let Some(other) = functions.insert(function.clone(), &action.name) {
            return Err(format!("{other} and {} are both {function} in Rust", action.name));
        }
        let kind = if reads(action) { "Reads" } else { "Writes" };
        let _ = writeln!(out, "ActionId::{rust} => behaves!({kind} {function}),");
    }
    out.push_str("}\n}\n");
    Ok(out)
}
