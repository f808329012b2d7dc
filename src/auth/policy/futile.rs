//! What of a policy never does what it seems to: words that match no call at all, and parts that mean nothing. CAM
//! takes them without a word, and a deny that never bites makes a test pass that should fail.

use serde_json::{Map, Value};

use super::parse::{STATEMENT_KEYS, SYNTAX_KEYS, action_at, is_instance, object, one_or_more, resource_at};
use super::pattern::Pattern;
use super::{AccountPattern, ActionPattern, Fault, Policy, ResourcePattern};
use crate::cloud::ids::{is_of_instance_id, prefix};
use crate::cloud::region;
use crate::cloud::tags::SERVICE;
use crate::contract::{ACTIONS, Action, Resource};
use crate::quote::quoted;

/// The service whose actions and resources are all known here. Of others a policy may say what it likes.
const OURS: &str = SERVICE;
/// What people write for it, after the name of the product and the ids of its instances.
const MISNAMED: &str = "crs";

/// Whose key pair a policy is given to.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The main account.
    pub uin: &'a str,
    /// Its AppId.
    pub app_id: u64,
}

/// What is wrong with a text; and what to write instead.
type Finding = (String, String);

impl Policy {
    /// All that never does what it seems to, with its place and the remedy.
    #[must_use]
    pub fn futile(&self, owner: Owner<'_>) -> Vec<Fault> {
        let mut found = Vec::new();
        // The policy was read before, so what cannot be read here is not there.
        let Ok(policy) = object("", self.source(), SYNTAX_KEYS) else {
            return found;
        };
        let Some((path, statements)) = policy.get("statement") else {
            return found;
        };
        for (path, statement) in one_or_more(path, statements).unwrap_or_default() {
            statement_at(&path, statement, owner, &mut found);
        }
        found
    }
}

fn statement_at(path: &str, statement: &Value, owner: Owner<'_>, found: &mut Vec<Fault>) {
    let Ok(statement) = object(path, statement, STATEMENT_KEYS) else {
        return;
    };
    let before = found.len();
    let texts = |key: &str| -> Vec<(String, &str)> {
        let part = statement.get(key);
        let items = part.and_then(|(at, part)| one_or_more(at, part).ok());
        let items = items.unwrap_or_default().into_iter();
        items.filter_map(|(at, item)| Some((at, item.as_str()?))).collect()
    };
    let (actions, resources) = (texts("action"), texts("resource"));
    for (at, text) in &actions {
        note(found, at, action(text));
    }
    for (at, text) in &resources {
        note(found, at, resource(text, owner));
    }
    if found.len() == before {
        let actions = actions.iter().filter_map(|(at, text)| action_at(at, text).ok());
        let resources = resources.iter().filter_map(|(at, text)| resource_at(at, text).ok());
        note(
            found,
            path,
            pairs(&actions.collect::<Vec<_>>(), &resources.collect::<Vec<_>>()),
        );
    }
    if let Some((at, _)) = statement.get("principal") {
        let finding = ("has no meaning in the policy of a key pair", "take it out");
        note(found, at, Some((finding.0.to_owned(), finding.1.to_owned())));
    }
    if let Some((at, Value::Object(operators))) = statement.get("condition") {
        condition(at, operators, found);
    }
}

fn note(found: &mut Vec<Fault>, path: &str, finding: Option<Finding>) {
    found.extend(finding.map(|(problem, remedy)| Fault {
        path: path.to_owned(),
        problem,
        remedy,
    }));
}

fn blank(text: &str) -> Option<Finding> {
    text.contains(char::is_whitespace).then(|| {
        (
            format!("`{}` holds a blank, which no name does", quoted(text)),
            "write it without".to_owned(),
        )
    })
}

/// Why a service is never called, if it looks like ours: in other letters, or by the product's name.
fn service(text: &str, part: &str) -> Option<Finding> {
    let lower = part.to_lowercase();
    let meant = if lower == MISNAMED { OURS } else { &lower };
    let known = ACTIONS.iter().any(|action| action.service == meant);
    (known && part != meant).then(|| {
        (
            format!("`{}` matches nothing: CAM calls the service {meant}", quoted(text)),
            format!("write {meant} for {part}"),
        )
    })
}

/// Why a text matches no action.
fn action(text: &str) -> Option<Finding> {
    if let Some(finding) = blank(text) {
        return Some(finding);
    }
    let name = text.strip_prefix("name/").unwrap_or(text);
    let (part, name) = name.split_once(':')?;
    if let Some(finding) = service(text, part) {
        return Some(finding);
    }
    let pattern = Pattern::new(part);
    let of_service = || ACTIONS.iter().filter(|action| pattern.matches(action.service));
    if of_service().any(|action| Pattern::new(name).matches(action.name)) {
        return None;
    }
    let lower = Pattern::new(&name.to_lowercase());
    let meant = of_service().find(|action| lower.matches(&action.name.to_lowercase()));
    let remedy = match meant {
        Some(meant) if name.contains(['*', '?']) => {
            format!("mind capital letters, as in {}:{}", meant.service, meant.name)
        }
        Some(meant) => format!("write {}:{}", meant.service, meant.name),
        None if pattern.matches(OURS) => "`crs-local actions` lists them".to_owned(),
        // An action of another service that is not emulated.
        None => return None,
    };
    Some((format!("`{}` matches no action", quoted(text)), remedy))
}

/// Why a text matches no resource of the account.
fn resource(text: &str, owner: Owner<'_>) -> Option<Finding> {
    let &["qcs", _, part, region, account, named] = text.splitn(6, ':').collect::<Vec<_>>().as_slice() else {
        return None;
    };
    if let Some(finding) = blank(text).or_else(|| service(text, part)) {
        return Some(finding);
    }
    let pattern = resource_at("", text).ok()?;
    if !pattern.service.matches(OURS) {
        return None;
    }
    if !region::all().iter().any(|known| pattern.region.matches(known.name)) {
        let lower = region.to_lowercase();
        let remedy = match region::find(&lower) {
            Some(_) => format!("write {lower}"),
            None => "write one as ap-guangzhou, or leave the part empty for all".to_owned(),
        };
        return Some((format!("`{}` is no region", quoted(region)), remedy));
    }
    let other = match &pattern.account {
        AccountPattern::Own => false,
        AccountPattern::Uin(uin) => !uin.matches(owner.uin),
        AccountPattern::Uid(uid) => !uid.matches(&owner.app_id.to_string()),
    };
    if other {
        let problem = format!("`{}` is not the account of this key pair", quoted(account));
        return Some((problem, format!("write uin/{}, or leave the part empty", owner.uin)));
    }
    let (kind, id) = named.split_once('/')?;
    if !is_instance(kind) {
        return (part == OURS && !kind.contains(['*', '?'])).then(|| {
            let problem = format!("`{}` is no kind of resource of redis", quoted(kind));
            (problem, "write instance/<InstanceId>".to_owned())
        });
    }
    (!may_be_an_instance(id)).then(|| {
        let problem = format!("`{}` is the id of no instance", quoted(id));
        (problem, "write crs- and small letters or digits, or `*`".to_owned())
    })
}

/// Whether some InstanceId matches: `crs-` and small letters or digits.
fn may_be_an_instance(pattern: &str) -> bool {
    let begin = pattern.split(['*', '?']).next().unwrap_or_default();
    let whole = begin.len() == pattern.len();
    let begins = match begin.strip_prefix(prefix::INSTANCE) {
        Some(rest) => !(whole && rest.is_empty()),
        None => !whole && prefix::INSTANCE.starts_with(begin),
    };
    begins
        && pattern
            .bytes()
            .all(|byte| is_of_instance_id(byte) || b"*?".contains(&byte))
}

/// Why none of the statement's actions is ever called on one of its resources. Only our service is looked at: of others
/// neither all actions nor their resources are known.
fn pairs(actions: &[ActionPattern], resources: &[ResourcePattern]) -> Option<Finding> {
    let named = |action: &Action| {
        let mut patterns = actions.iter();
        patterns.any(|pattern| pattern.service.matches(action.service) && pattern.action.matches(action.name))
    };
    let mut ours = ACTIONS.iter().filter(|action| action.service == OURS && named(action));
    let first = ours.clone().next()?;
    let of_ours = |pattern: &&ResourcePattern| pattern.service.matches(OURS);
    let mut resources = resources.iter().filter(of_ours).peekable();
    if resources.peek().is_none() {
        let problem = format!("none of its resources is one of {OURS}, whose actions it names");
        return Some((problem, format!("write `qcs::{OURS}:…`, or \"*\"")));
    }
    let on_all = resources.any(|pattern| pattern.resource.matches("*"));
    let on_instances = ours.any(|action| matches!(action.resource, Resource::Instance(_)));
    (!on_all && !on_instances).then(|| {
        let problem = format!("{} is never called on single instances", first.name);
        (problem, "give it the resource \"*\"".to_owned())
    })
}

fn condition(path: &str, operators: &Map<String, Value>, found: &mut Vec<Fault>) {
    let empty = || {
        let problem = "is empty, so it asks for nothing".to_owned();
        Some((problem, "give it a tag, or take it out".to_owned()))
    };
    if operators.is_empty() {
        note(found, path, empty());
    }
    for (operator, keys) in operators {
        let path = format!("{path}.{}", quoted(operator));
        let keys = keys.as_object().into_iter().flatten();
        let mut keys = keys.peekable();
        if keys.peek().is_none() {
            note(found, &path, empty());
        }
        for (key, values) in keys {
            let path = format!("{path}.{key}");
            for (at, value) in one_or_more(&path, values).unwrap_or_default() {
                note(found, &at, value.as_str().and_then(tag));
            }
        }
    }
}

/// Why no tag is like that.
fn tag(text: &str) -> Option<Finding> {
    let given = quoted(text);
    if text != text.trim() {
        let problem = format!("`{given}` has a blank at an end, which no tag has");
        return Some((problem, "write it without".to_owned()));
    }
    (!text.contains(['&', '*', '?'])).then(|| {
        let problem = format!("`{given}` is like no tag");
        (problem, "write `key&value`, as in `env&prod*`".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OWNER: Owner<'_> = Owner {
        uin: "100000000001",
        app_id: 1_250_000_000,
    };

    /// What is found in a statement with these keys beside the usual ones, a line each.
    fn findings(keys: Value) -> Vec<String> {
        let mut statement = json!({ "effect": "deny", "action": "redis:*", "resource": "*" });
        for (key, value) in keys.as_object().unwrap() {
            statement[key] = value.clone();
        }
        let policy = json!({ "version": "2.0", "statement": [statement] });
        let policy = Policy::parse(&policy).unwrap();
        policy.futile(OWNER).iter().map(Fault::to_string).collect()
    }

    /// Asserts that each is found, once, at its place and with its remedy.
    fn assert_told(of: &[(Value, &str, &str)]) {
        for (keys, place, remedy) in of {
            let findings = findings(keys.clone());
            let place = format!("statement[0].{place}");
            let place = place.trim_end_matches('.');
            assert_eq!(findings.len(), 1, "{keys}: {findings:#?}");
            assert!(
                findings[0].starts_with(&format!("{place}: ")),
                "{keys}: {}",
                findings[0]
            );
            assert!(findings[0].contains(remedy), "{keys}: {}", findings[0]);
        }
    }

    #[test]
    fn an_action_that_never_matches_is_told_of() {
        assert_told(&[
            (
                json!({ "action": "redis:upgradeinstance" }),
                "action",
                "write redis:UpgradeInstance",
            ),
            (
                json!({ "action": ["*", "redis:upgrade*"] }),
                "action[1]",
                "as in redis:UpgradeInstance",
            ),
            (
                json!({ "action": "redis:UpgradeInstances" }),
                "action",
                "`crs-local actions` lists",
            ),
            (
                json!({ "action": "name/redis:Upgrade??" }),
                "action",
                "`crs-local actions` lists",
            ),
            (
                json!({ "action": "crs:UpgradeInstance" }),
                "action",
                "write redis for crs",
            ),
            (json!({ "action": "Redis:*" }), "action", "write redis for Redis"),
            (
                json!({ "action": "tag:modifyresourcetags" }),
                "action",
                "write tag:ModifyResourceTags",
            ),
            (json!({ "action": " redis:*" }), "action", "without"),
            (json!({ "action": "redis: *" }), "action", "without"),
        ]);
    }

    #[test]
    fn a_resource_that_never_matches_is_told_of() {
        assert_told(&[
            (
                json!({ "resource": "qcs::crs:::instance/*" }),
                "resource",
                "write redis for crs",
            ),
            (
                json!({ "resource": "qcs::redis:::instance/crs-a b" }),
                "resource",
                "without",
            ),
            (
                json!({ "resource": "qcs::redis:AP-GUANGZHOU::instance/*" }),
                "resource",
                "write ap-guangzhou",
            ),
            (
                json!({ "resource": "qcs::redis:guangzhou::instance/*" }),
                "resource",
                "as ap-guangzhou",
            ),
            (
                json!({ "resource": "qcs::redis::uin/2:instance/*" }),
                "resource",
                "write uin/100000000001",
            ),
            (
                json!({ "resource": "qcs::redis::uid/2:instance/*" }),
                "resource",
                "leave the part empty",
            ),
            (
                json!({ "resource": "qcs::redis:::instances/crs-a" }),
                "resource",
                "write instance/<",
            ),
            (
                json!({ "resource": "qcs::redis:::instance/CRS-A" }),
                "resource",
                "write crs- and",
            ),
            (
                json!({ "resource": "qcs::redis:::instance/redis-1*" }),
                "resource",
                "write crs- and",
            ),
            (
                json!({ "resource": "qcs::cvm:::instance/*" }),
                "",
                "write `qcs::redis:…`",
            ),
            (
                json!({ "action": "redis:CreateInstances", "resource": "qcs::redis:::instance/*" }),
                "",
                "give it the resource \"*\"",
            ),
        ]);
    }

    #[test]
    fn what_means_nothing_is_told_of() {
        assert_told(&[
            (json!({ "condition": {} }), "condition", "take it out"),
            (
                json!({ "condition": { "string_equal": {} } }),
                "condition.string_equal",
                "take it out",
            ),
            (
                json!({ "condition": { "string_equal": { "qcs:tag": ["a&b", "a&b "] } } }),
                "condition.string_equal.qcs:tag[1]",
                "without",
            ),
            (
                json!({ "condition": { "string_like": { "qcs:tag": "env" } } }),
                "condition.string_like.qcs:tag",
                "write `key&value`",
            ),
            (json!({ "principal": { "qcs": ["*"] } }), "principal", "take it out"),
        ]);
    }

    #[test]
    fn what_can_match_is_not_told_of() {
        for keys in [
            json!({}),
            json!({ "action": ["*", "name/*", "redis:Upgrade*", "name/redis:UpgradeInstance"] }),
            json!({ "action": ["redis:*", "cvm:RunInstances", "tag:NotHere"] }),
            json!({ "action": "cvm:*", "resource": "qcs::cvm:ap-x:uin/2:instance/INS" }),
            json!({ "action": "*:DescribeInstances" }),
            json!({ "action": "redis:CreateInstances" }),
            json!({ "resource": ["qcs::redis:::instance/*", "qcs::cvm:::instance/*"] }),
            json!({ "resource": "qcs:id/0:redis:gz:uin/100000000001:instance/crs-5qlrlhux" }),
            json!({ "resource": "qcs::redis:ap-*:uid/1250000000:instanceId/crs-*" }),
            json!({ "resource": ["qcs:*:*:*:*:*", "qcs::redis:::instance/c?s-a*"] }),
            json!({ "condition": { "for_any_value:string_equal": { "qcs:tag": ["a&b c"] } } }),
            json!({ "condition": { "string_like": { "qcs:request_tag": ["env*", "a?b"] } } }),
        ] {
            assert_eq!(findings(keys.clone()), Vec::<String>::new(), "{keys}");
        }
    }
}
