//! CAM's policy syntax, read into a [`Policy`].

use serde_json::{Map, Value};

use super::condition::{Clause, Comparison, Key, Value as TagValue};
use super::pattern::Pattern;
use super::{AccountPattern, ActionPattern, Fault, Policy, ResourcePattern, Statement};
use crate::cloud::region;
use crate::quote::quoted;

/// The keys of a policy.
pub(super) const SYNTAX_KEYS: &[&str] = &["version", "statement"];
/// The keys of a statement.
pub(super) const STATEMENT_KEYS: &[&str] = &["effect", "action", "resource", "condition", "principal", "sid"];
/// The longest policy, written without blanks: our own figure, since every call of its caller is held against it.
const POLICY_MOST_BYTES: usize = 65_536;

fn fault<T>(path: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Result<T, Fault> {
    Err(Fault {
        path: path.to_owned(),
        problem: problem.into(),
        remedy: remedy.into(),
    })
}

impl Policy {
    /// Reads a policy: `version` (`2.0`) and `statement`, one or a list of them.
    ///
    /// # Errors
    /// The first thing that CAM's syntax does not have or that is not supported here, with its place and a remedy.
    pub fn parse(policy: &Value) -> Result<Policy, Fault> {
        let bytes = policy.to_string().len();
        if bytes > POLICY_MOST_BYTES {
            let remedy = format!("give {POLICY_MOST_BYTES} or fewer");
            return fault("", format!("has {bytes} bytes"), remedy);
        }
        let source = policy.clone();
        let policy = object("", policy, SYNTAX_KEYS)?;
        match policy.get("version") {
            Some((_, Value::String(version))) if version == "2.0" => {}
            Some((path, _)) => {
                return fault(path, "is not a version that CAM has", "write \"2.0\"");
            }
            None => return fault("", "has no `version`", "add \"version\": \"2.0\""),
        }
        let Some((path, statements)) = policy.get("statement") else {
            return fault("", "has no `statement`", "add a list of statements");
        };
        let statements = one_or_more(path, statements)?
            .into_iter()
            .map(|(path, statement)| statement_at(&path, statement))
            .collect::<Result<_, _>>()?;
        Ok(Policy { statements, source })
    }
}

fn statement_at(path: &str, statement: &Value) -> Result<Statement, Fault> {
    let statement = object(path, statement, STATEMENT_KEYS)?;
    let part = |key: &str, remedy: &str| match statement.get(key) {
        Some(part) => Ok(part),
        None => fault(path, format!("has no `{key}`"), remedy),
    };
    let (at, effect) = part("effect", "write \"allow\" or \"deny\"")?;
    let allows = match effect.as_str() {
        Some(effect) if effect.eq_ignore_ascii_case("allow") => true,
        Some(effect) if effect.eq_ignore_ascii_case("deny") => false,
        _ => return fault(at, "is not an effect", "write \"allow\" or \"deny\""),
    };
    let (at, actions) = part("action", "name the actions, for instance \"redis:*\"")?;
    let actions = texts(at, actions, action_at)?;
    let (at, resources) = part("resource", "name the resources, or write \"*\"")?;
    let resources = texts(at, resources, resource_at)?;
    let conditions = match statement.get("condition") {
        Some((at, conditions)) => conditions_at(at, conditions)?,
        None => Vec::new(),
    };
    Ok(Statement {
        allows,
        actions,
        resources,
        conditions,
    })
}

pub(super) fn action_at(path: &str, text: &str) -> Result<ActionPattern, Fault> {
    let name = text.strip_prefix("name/").unwrap_or(text);
    if name == "*" {
        return Ok(ActionPattern {
            service: Pattern::any(),
            action: Pattern::any(),
        });
    }
    match name.split_once(':') {
        _ if name.contains('/') => fault(
            path,
            format!("`{}` is a feature set, which is not supported", quoted(text)),
            "name the actions themselves",
        ),
        Some((service, action)) if !service.is_empty() && !action.is_empty() => Ok(ActionPattern {
            service: Pattern::new(service),
            action: Pattern::new(action),
        }),
        _ => fault(
            path,
            format!("`{}` is not an action", quoted(text)),
            "write `<service>:<action>`, for instance \"redis:UpgradeInstance\", or \"*\"",
        ),
    }
}

pub(super) fn resource_at(path: &str, text: &str) -> Result<ResourcePattern, Fault> {
    const REMEDY: &str = "write \"*\" or `qcs::redis:<region>:uin/<account>:instance/<InstanceId>`";
    if text == "*" {
        let any = Pattern::any;
        let account = AccountPattern::Own;
        return Ok(ResourcePattern {
            service: any(),
            region: any(),
            account,
            resource: any(),
        });
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &["qcs", project, service, region, account, resource] = parts.as_slice() else {
        return fault(
            path,
            format!("`{}` is not a resource in six parts", quoted(text)),
            REMEDY,
        );
    };
    if let Some(placeholder) = parts.iter().find(|part| part.contains('$')) {
        let problem = format!("`{}` is a placeholder of the documents", quoted(placeholder));
        return fault(path, problem, "write the name itself, or `*`");
    }
    if !matches!(project, "" | "*" | "id/0") {
        let problem = format!("the project `{}` is not supported", quoted(project));
        return fault(path, problem, "leave the second part empty");
    }
    let resource = match resource.split_once('/') {
        None if resource == "*" => Pattern::any(),
        Some((kind, id)) if is_instance(kind) && !id.is_empty() => Pattern::new(&format!("instance/{id}")),
        // Another kind of resource, of another service: never one of ours.
        Some((kind, id)) if !kind.is_empty() && !id.is_empty() => Pattern::new(resource),
        _ => {
            return fault(path, format!("`{}` is not a resource", quoted(resource)), REMEDY);
        }
    };
    // Old policies name regions by their short names: `qcs::redis:bj:uin/1:instance/*`.
    let region = region::find_by_any_name(region).map_or(region, |known| known.name);
    Ok(ResourcePattern {
        service: or_any(service),
        region: or_any(region),
        account: account_at(path, account)?,
        resource,
    })
}

/// Whether this kind of resource is an instance: one page of the documents has instanceId for instance.
pub(super) fn is_instance(kind: &str) -> bool {
    matches!(kind, "instance" | "instanceId")
}

/// An empty part stands for all, as documented for service and region.
fn or_any(part: &str) -> Pattern {
    if part.is_empty() {
        Pattern::any()
    } else {
        Pattern::new(part)
    }
}

fn account_at(path: &str, text: &str) -> Result<AccountPattern, Fault> {
    match text.split_once('/') {
        None if matches!(text, "" | "*") => Ok(AccountPattern::Own),
        Some(("uin", uin)) if !uin.is_empty() => Ok(AccountPattern::Uin(Pattern::new(uin))),
        Some(("uid", uid)) if !uid.is_empty() => Ok(AccountPattern::Uid(Pattern::new(uid))),
        _ => fault(
            path,
            format!("`{}` is not an account", quoted(text)),
            "write `uin/<main account>`, or leave the fifth part empty",
        ),
    }
}

fn conditions_at(path: &str, conditions: &Value) -> Result<Vec<Clause>, Fault> {
    const REMEDY: &str = "write {\"for_any_value:string_equal\": {\"qcs:resource_tag\": [\"key&value\"]}}";
    let Value::Object(operators) = conditions else {
        return fault(path, "is not an object", REMEDY);
    };
    let mut clauses = Vec::new();
    for (name, keys) in operators {
        let path = format!("{path}.{}", quoted(name));
        let Some((quantity, comparison, negated, if_exist)) = Clause::operator(name) else {
            return fault(
                &path,
                "is not a supported operator",
                "use string_equal, string_not_equal, string_like or string_not_like, where \
                 needed with _ignore_case, _if_exist, for_any_value: or for_all_value:",
            );
        };
        let Value::Object(keys) = keys else {
            return fault(&path, "is not an object", REMEDY);
        };
        for (name, values) in keys {
            let path = format!("{path}.{}", quoted(name));
            let Some(key) = key_named(name) else {
                return fault(
                    &path,
                    "is not a supported condition key",
                    "use qcs:resource_tag or qcs:request_tag",
                );
            };
            let values = texts(&path, values, |path, text| tag_at(path, text, comparison))?;
            clauses.push(Clause {
                key,
                quantity,
                negated,
                if_exist,
                values,
            });
        }
    }
    Ok(clauses)
}

fn key_named(name: &str) -> Option<Key> {
    match name {
        "qcs:resource_tag" | "qcs:tag" => Some(Key::Resource),
        "qcs:request_tag" => Some(Key::Request),
        _ => None,
    }
}

fn tag_at(path: &str, text: &str, comparison: Comparison) -> Result<TagValue, Fault> {
    if comparison != Comparison::Like && !text.contains('&') {
        return fault(path, format!("`{}` is not a tag", quoted(text)), "write `key&value`");
    }
    Ok(comparison.value(text))
}

/// A text or a list of texts, each read by `read`. An empty list means nothing and is refused.
fn texts<T>(path: &str, value: &Value, read: impl Fn(&str, &str) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    one_or_more(path, value)?
        .into_iter()
        .map(|(path, value)| match value.as_str() {
            Some(text) => read(&path, text),
            None => fault(&path, "is not a text", "write a text in quotes"),
        })
        .collect()
}

/// The items of a list with their paths, or the one value that stands for a list of one.
pub(super) fn one_or_more<'a>(path: &str, value: &'a Value) -> Result<Vec<(String, &'a Value)>, Fault> {
    match value {
        Value::Array(items) if items.is_empty() => fault(path, "is empty", "write at least one, or remove it"),
        Value::Array(items) => {
            let place = |(at, item)| (format!("{path}[{at}]"), item);
            Ok(items.iter().enumerate().map(place).collect())
        }
        one => Ok(vec![(path.to_owned(), one)]),
    }
}

/// The members of an object of the policy's syntax, by lower-case name, with their paths.
pub(super) struct Members<'a>(Vec<(String, String, &'a Value)>);

impl<'a> Members<'a> {
    pub(super) fn get(&self, key: &str) -> Option<(&str, &'a Value)> {
        let member = self.0.iter().find(|(name, ..)| name == key)?;
        Some((&member.1, member.2))
    }
}

pub(super) fn object<'a>(path: &str, value: &'a Value, keys: &[&str]) -> Result<Members<'a>, Fault> {
    let Value::Object(members) = value else {
        return fault(path, "is not an object", format!("write an object with {}", list(keys)));
    };
    collect(path, members, keys)
}

fn collect<'a>(path: &str, members: &'a Map<String, Value>, keys: &[&str]) -> Result<Members<'a>, Fault> {
    let mut found: Vec<(String, String, &Value)> = Vec::new();
    for (name, value) in members {
        let at = if path.is_empty() {
            quoted(name).into_owned()
        } else {
            format!("{path}.{}", quoted(name))
        };
        let lower = name.to_ascii_lowercase();
        if !keys.contains(&lower.as_str()) {
            return fault(&at, "is not a key that CAM has here", format!("use {}", list(keys)));
        }
        if found.iter().any(|(known, ..)| *known == lower) {
            return fault(&at, "is given twice", "keep one");
        }
        found.push((lower, at, value));
    }
    Ok(Members(found))
}

fn list(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
