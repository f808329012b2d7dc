//! The contract as a caller needs it who has not read the documents: what an action takes and answers, what may stand
//! there, and what it may refuse with.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use serde_json::{Value, json};

use super::answer::{Answer, Wrong, ok};
use super::values::{Known, known};
use crate::answer::causes;
use crate::cloud::edition::EDITIONS;
use crate::cloud::{Billing, Edition, Region, region};
use crate::contract::bounds::bound;
use crate::contract::shape::{Member, Shape, Type};
use crate::contract::{self, Action, ErrorCode, FlowUse, RegionUse};
use crate::provoked::Ways;
use crate::quote::quoted;

/// How many names a 404 lists.
const NEAR: usize = 5;

/// What is searched and chosen from: short, since a page reads it whole. Families stand in the order of the first of
/// their actions.
pub(super) async fn contract() -> Answer {
    let codes = ErrorCode::all();
    let mut families: Vec<(&Action, Vec<Value>)> = Vec::new();
    for action in &contract::ACTIONS {
        let row = json!({
            "Name": action.name,
            "Parameters": action.input.members.iter().map(|member| member.name).collect::<Vec<_>>(),
            "Codes": action.codes.map(|codes| codes.iter().map(|code| *code as usize).collect::<Vec<_>>()),
        });
        let is_same = |of: &Action| (of.service, of.family) == (action.service, action.family);
        match families.iter_mut().find(|(of, _)| is_same(of)) {
            Some((_, rows)) => rows.push(row),
            None => families.push((action, vec![row])),
        }
    }
    let family = |(of, rows): (&Action, Vec<Value>)| json!({ "Name": of.family, "Service": of.service, "Version": of.version, "Actions": rows });
    ok(&json!({
        "Families": families.into_iter().map(family).collect::<Vec<_>>(),
        // In the order of the numbers that stand for them.
        "Codes": codes.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
        "Common": codes.iter().filter(|code| code.is_common()).map(|code| *code as usize).collect::<Vec<_>>(),
        "Regions": region::all().iter().map(region_row).collect::<Vec<_>>(),
        "Editions": EDITIONS.iter().map(edition_row).collect::<Vec<_>>(),
    }))
}

fn region_row(region: &Region) -> Value {
    let zones: Vec<_> = region
        .zones
        .iter()
        .map(|zone| json!({ "Id": zone.id, "Name": zone.name }))
        .collect();
    json!({ "Name": region.name, "Financial": region.financial, "Zones": zones })
}

fn edition_row(edition: &Edition) -> Value {
    json!({
        "TypeId": edition.type_id,
        "Name": format!("{} {}", edition.version, edition.product_type()),
        "MemSize": edition.order_sizes_mb(Billing::Postpaid),
        "RedisShardNum": edition.shards.get(),
        "RedisReplicasNum": edition.replicas.get(),
    })
}

/// All that is known of one action; `?Service=` says which of two that have the name.
pub(super) async fn action(name: Result<Path<String>, PathRejection>, uri: http::Uri) -> Answer {
    let Path(name) = name?;
    let service = match uri.query().unwrap_or_default() {
        "" => None,
        query => Some(query.strip_prefix("Service=").ok_or_else(|| {
            Wrong::bad_request("the query takes Service alone, as in ?Service=redis; leave the rest out")
        })?),
    };
    let mut named = contract::ACTIONS
        .iter()
        .filter(|action| action.name == name && service.is_none_or(|service| action.service == service));
    let action = named.next().ok_or_else(|| no_action(&name))?;
    ok(&json!({
        "Name": action.name,
        "Service": action.service,
        "Version": action.version,
        "Family": action.family,
        "Reads": action.reads,
        "RateLimit": action.rate_limit,
        "Region": match action.region {
            RegionUse::Required => "required",
            RegionUse::Optional => "optional",
            RegionUse::Ignored => "ignored",
        },
        "Flows": match action.flows {
            FlowUse::Shows => "shows",
            FlowUse::Ends => "ends",
            FlowUse::Passes => "passes",
        },
        "Unread": action.unread,
        "Input": members(action.input, Some(action)),
        "Output": members(action.output, None),
        "Codes": codes(action),
    }))
}

fn no_action(name: &str) -> Wrong {
    let is_near = |own: &str| {
        let (own, name) = (own.to_lowercase(), name.to_lowercase());
        own.contains(&name) || name.contains(&own) || own.get(..8) == name.get(..8)
    };
    let near: Vec<_> = contract::ACTIONS
        .iter()
        .map(|action| action.name)
        .filter(|own| is_near(own))
        .take(NEAR)
        .collect();
    let near = if near.is_empty() {
        String::new()
    } else {
        format!("; near it are {}", near.join(", "))
    };
    Wrong::not_found(format!(
        "there is no action {}{near}; GET /_crs/actions lists all",
        quoted(name)
    ))
}

/// Each code that it documents, with what brings it about and the reasons that become it.
fn codes(action: &Action) -> Option<Vec<Value>> {
    let mut rows = Ways::known().told(action)?;
    for row in &mut rows {
        let causes = causes(action).filter(|(code, _)| row["Code"] == code.as_str());
        row["Causes"] = causes.map(|(_, text)| text).collect();
    }
    Some(rows)
}

/// The members of a shape; with what is known of the values where it is an action's input.
fn members(shape: &Shape, input_of: Option<&Action>) -> Vec<Value> {
    shape
        .members
        .iter()
        .map(|member| member_row(member, input_of))
        .collect()
}

fn member_row(member: &Member, input_of: Option<&Action>) -> Value {
    let mut row = json!({ "Name": member.name, "Type": member.ty.name() });
    // Whether it must be sent is told of what is sent.
    if member.required && input_of.is_some() {
        row["Required"] = json!(true);
    }
    if member.deprecated {
        row["Deprecated"] = json!(true);
    }
    match member.ty {
        Type::Object(inner) => {
            row["Object"] = json!(inner.name);
            row["Members"] = json!(members(inner, input_of));
        }
        Type::List(item) => {
            row["Item"] = json!({ "Type": item.name() });
            if let Type::Object(inner) = item {
                row["Item"]["Object"] = json!(inner.name);
                row["Item"]["Members"] = json!(members(inner, input_of));
            }
            if input_of.is_some() {
                row["ItemsMax"] = json!(bound(member).items);
            }
        }
        _ => {}
    }
    match input_of.and_then(|action| known(action, member)) {
        None => {}
        Some(Known::OneOf(values)) => {
            row["Values"] = values
                .iter()
                .map(|(value, says)| json!({ "Value": value, "Says": says }))
                .collect();
        }
        Some(Known::Between(least, most)) => row["Range"] = json!({ "Least": least, "Most": most }),
        Some(Known::Like(example)) => row["Like"] = json!(example),
    }
    row
}
