//! Which calls are meant.

use uuid::Uuid;

use super::{Kept, Part};
use crate::cloud::Millis;
use crate::contract::{self, Action, ErrorCode, Resource, Tree};
use crate::fixture::parse_time;
use crate::quote::quoted;

/// What a call must agree with; nothing that is left out.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    action: Option<&'static str>,
    instance_id: Option<String>,
    /// `Some(None)`: it was not refused.
    code: Option<Option<ErrorCode>>,
    region: Option<String>,
    secret_id: Option<String>,
    app_id: Option<u64>,
    request_id: Option<Uuid>,
    fault_id: Option<u64>,
    since: Option<Millis>,
}

/// The keys of a filter.
pub(crate) const KEYS: [&str; 9] = [
    "Action",
    "InstanceId",
    "Code",
    "Region",
    "SecretId",
    "AppId",
    "RequestId",
    "FaultId",
    "Since",
];

impl Filter {
    /// Sets what this key, one of [`KEYS`], asks for. `Err` says what is wrong and what would be right.
    pub(crate) fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "Action" => self.action = Some(action_named(value)?.name),
            "InstanceId" => self.instance_id = Some(value.to_owned()),
            "Code" if value.is_empty() => self.code = Some(None),
            "Code" => {
                let unknown = || {
                    let value = quoted(value);
                    format!(
                        "no action has the code `{value}`; GET /_crs/actions lists them, and nothing stands for no error"
                    )
                };
                self.code = Some(Some(ErrorCode::parse(value).ok_or_else(unknown)?));
            }
            "Region" => self.region = Some(value.to_owned()),
            "SecretId" => self.secret_id = Some(value.to_owned()),
            "AppId" => self.app_id = Some(number(value, "AppId", "as GET /_crs/state lists them")?),
            "RequestId" => {
                let id = Uuid::try_parse(value);
                let wrong = |_| format!("`{}` is no RequestId; give one as an answer has it", quoted(value));
                self.request_id = Some(id.map_err(wrong)?);
            }
            "FaultId" => self.fault_id = Some(number(value, "Id of a fault rule", "as GET /_crs/faults lists them")?),
            "Since" => self.since = Some(parse_time(value)?),
            _ => return Err(format!("is no filter; give {}", KEYS.join(", "))),
        }
        Ok(())
    }

    /// Whether this call is meant.
    pub(crate) fn takes(&self, kept: Kept<'_>) -> bool {
        let entry = kept.entry;
        let is_text =
            |wanted: &Option<String>, part| wanted.as_deref().is_none_or(|wanted| kept.text(part) == Some(wanted));
        let action = || kept.action().map(|action| action.name);
        self.action.is_none_or(|wanted| action() == Some(wanted))
            && self.code.is_none_or(|wanted| entry.code == wanted)
            && self.app_id.is_none_or(|wanted| entry.app_id == Some(wanted))
            && self.request_id.is_none_or(|wanted| entry.request_id == wanted)
            && self.fault_id.is_none_or(|wanted| entry.fault_id == Some(wanted))
            && self.since.is_none_or(|wanted| entry.time >= wanted)
            && is_text(&self.region, Part::Region)
            && is_text(&self.secret_id, Part::SecretId)
            && self
                .instance_id
                .as_deref()
                .is_none_or(|wanted| kept.names_instance(wanted))
    }
}

/// The action of that name.
pub(super) fn action_named(name: &str) -> Result<&'static Action, String> {
    let found = contract::ACTIONS.iter().find(|action| action.name == name);
    found.ok_or_else(|| format!("`{}` is no action; GET /_crs/actions lists them", quoted(name)))
}

fn number(text: &str, what: &str, how: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("`{}` is no {what}; give a number, {how}", quoted(text)))
}

impl Kept<'_> {
    /// Whether the call names this instance, as the member that its action has for it or as any action has.
    fn names_instance(self, instance_id: &str) -> bool {
        let Some(Tree::Object(members)) = self.params() else {
            return false;
        };
        let own = match self.action().map(|action| action.resource) {
            Some(Resource::Instance(member)) => member,
            _ => "InstanceId",
        };
        let is = |value: &Tree| matches!(value, Tree::String(text) if text == instance_id);
        let named = |(name, value): &(String, Tree)| {
            let holds = match value {
                Tree::List(ids) => ids.iter().any(is),
                value => is(value),
            };
            holds && (name == own || name == "InstanceId" || name == "InstanceIds")
        };
        members.iter().any(named)
    }
}
