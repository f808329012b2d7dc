//! CAM policies: who may call what on which instance.
//!
//! A [`Policy`] is read from CAM's own syntax (version 2.0) and held against a [`Query`]. The rules are those that CAM
//! documents: nothing is allowed until a statement allows it, and a statement that denies wins over any that allows.
//! Where CAM's documents are silent the choice stands at the item that makes it; what this reader does not understand
//! it refuses at load, with the place and the remedy, rather than let a policy mean something else here.
//!
//! Ours by choice: names are compared with case (documented for condition keys only), keys of the policy's own syntax
//! without (the documents write both `statement` and `Statement`).

mod condition;
mod futile;
mod parse;
mod pattern;
#[cfg(test)]
mod tests;

use std::fmt;

use condition::Clause;
pub use futile::Owner;
use pattern::Pattern;

/// A policy, ready to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
    /// What it was read from, as a snapshot writes it.
    source: serde_json::Value,
}

/// Why a policy cannot be taken: where, what and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place in the policy: `statement[0].resource[1]`; empty for the policy itself.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "policy" } else { &self.path };
        write!(f, "{path}: {}; {}", self.problem, self.remedy)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    allows: bool,
    actions: Vec<ActionPattern>,
    resources: Vec<ResourcePattern>,
    conditions: Vec<Clause>,
}

/// `service:action`, either with wildcards. `*` alone is both.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ActionPattern {
    service: Pattern,
    action: Pattern,
}

/// The six parts of `qcs:project:service:region:account:resource` that are compared. `*` alone is all of them; the
/// project is never compared, since CAM keeps it for old policies only.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ResourcePattern {
    service: Pattern,
    region: Pattern,
    account: AccountPattern,
    resource: Pattern,
}

/// Whose resources a policy speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum AccountPattern {
    /// Left empty (documented: the account that owns the policy) or `*`.
    Own,
    /// `uin/<main account>`.
    Uin(Pattern),
    /// `uid/<AppId>`.
    Uid(Pattern),
}

/// What is to be decided.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// The service whose action is called: `redis`.
    pub service: &'a str,
    pub action: &'a str,
    /// The region that the call asks for; empty where it asks for none.
    pub region: &'a str,
    /// The main account that owns the resources.
    pub uin: &'a str,
    /// The AppId of that account.
    pub app_id: u64,
    /// The instances that the call names. Empty for a call without any, and for an action that CAM knows no resources
    /// of: such a call is only allowed on the resource `*`.
    pub resources: &'a [Resource<'a>],
    /// Tags that the call itself carries, as key and value: CreateInstances' `ResourceTags`.
    pub request_tags: &'a [(&'a str, &'a str)],
}

/// An instance that a call names.
#[derive(Debug, Clone, Copy)]
pub struct Resource<'a> {
    /// The InstanceId, whether there is such an instance or not.
    pub id: &'a str,
    /// The tags bound to it, as key and value.
    pub tags: &'a [(&'a str, &'a str)],
}

/// What a policy says to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    /// The first resource of the call that is refused.
    Denied {
        by: Denial,
        /// Its six-part description, or `*` for a call without resources.
        resource: String,
    },
}

/// Why a call is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// No statement allows it.
    Default,
    /// This statement (from 0) denies it.
    Statement(usize),
}

/// Decides a call: every resource that it names must be allowed, and none denied.
#[must_use]
pub fn evaluate(policy: &Policy, query: &Query<'_>) -> Decision {
    let denied = |resource: Option<&Resource<'_>>| {
        policy.judge(query, resource).map(|by| Decision::Denied {
            by,
            resource: describe(query, resource),
        })
    };
    let decision = if query.resources.is_empty() {
        denied(None)
    } else {
        query.resources.iter().find_map(|resource| denied(Some(resource)))
    };
    decision.unwrap_or(Decision::Allowed)
}

impl Policy {
    /// The policy in CAM's own syntax, as it was given.
    pub fn source(&self) -> &serde_json::Value {
        &self.source
    }

    /// Why the policy denies `query` on one resource; `None` if it allows it.
    fn judge(&self, query: &Query<'_>, resource: Option<&Resource<'_>>) -> Option<Denial> {
        let mut denial = Some(Denial::Default);
        for (place, statement) in self.statements.iter().enumerate() {
            if !statement.applies(query, resource) {
                continue;
            }
            if !statement.allows {
                return Some(Denial::Statement(place));
            }
            denial = None;
        }
        denial
    }
}

impl Statement {
    fn applies(&self, query: &Query<'_>, resource: Option<&Resource<'_>>) -> bool {
        let action =
            |pattern: &ActionPattern| pattern.service.matches(query.service) && pattern.action.matches(query.action);
        let tags = resource.map_or(&[][..], |resource| resource.tags);
        self.actions.iter().any(action)
            && self.resources.iter().any(|pattern| pattern.matches(query, resource))
            && self
                .conditions
                .iter()
                .all(|clause| clause.holds(tags, query.request_tags))
    }
}

impl ResourcePattern {
    fn matches(&self, query: &Query<'_>, resource: Option<&Resource<'_>>) -> bool {
        let account = match &self.account {
            AccountPattern::Own => true,
            AccountPattern::Uin(pattern) => pattern.matches(query.uin),
            AccountPattern::Uid(pattern) => pattern.matches(&query.app_id.to_string()),
        };
        // A call without resources is a call on the literal resource `*`.
        let named = match resource {
            None => self.resource.matches("*"),
            Some(resource) => self.resource.matches_joined("instance/", resource.id),
        };
        account
            && named
            && self.service.matches(query.service)
            && (query.region.is_empty() || self.region.matches(query.region))
    }
}

/// The six-part description of what is called, as CAM prints it: for an instance with its region and main account, else
/// `*`.
fn describe(query: &Query<'_>, resource: Option<&Resource<'_>>) -> String {
    match resource {
        None => "*".to_owned(),
        Some(resource) => format!(
            "qcs::{}:{}:uin/{}:instance/{}",
            query.service, query.region, query.uin, resource.id
        ),
    }
}

/// CAM's text for a denial, two lines with a final line feed, as seen in answers of the real service (quoted in
/// tencentcloud-sdk-java#78).
#[must_use]
pub fn denial_text(request_id: &str, service: &str, action: &str, resource: &str) -> String {
    format!(
        "[request id:{request_id}]you are not authorized to perform operation \
         ({service}:{action})\nresource ({resource}) has no permission\n"
    )
}

/// The sentence around CAM's text in `AuthFailure.UnauthorizedOperation`, in English or Chinese (both seen in answers
/// of the real service).
#[must_use]
pub fn refusal_text(denial: &str, chinese: bool) -> String {
    if chinese {
        format!("操作未授权，请检查CAM策略。[{denial}]")
    } else {
        format!(
            "You are not authorized to perform this operation. Check your CAM policies, and \
             ensure that you are using the correct access keys. [{denial}]"
        )
    }
}
