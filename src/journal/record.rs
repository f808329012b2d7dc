//! A kept call as it is shown: its parameters read, what is secret masked.

use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::{Kept, Part};
use crate::contract::{self, Action, Tree};
use crate::fixture::rfc3339;

/// What stands in the place of a secret.
pub(super) const MASK: &str = "***";

/// A call, as `GET /_crs/requests` shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Record {
    pub(super) id: u64,
    /// The cloud's.
    pub(super) time: String,
    pub(super) real_time: String,
    pub(super) app_id: Option<u64>,
    pub(super) secret_id: Option<String>,
    pub(super) action: Option<String>,
    pub(super) version: Option<String>,
    pub(super) region: Option<String>,
    /// An object; `None`: the call was refused unread, or has none that can be read.
    pub(super) params: Option<Value>,
    /// Members of it that the action accepts without effect.
    pub(super) unread: Vec<String>,
    pub(super) code: Option<&'static str>,
    pub(super) request_id: String,
    pub(super) fault_id: Option<u64>,
    pub(super) client: Option<String>,
    pub(super) micros: u64,
}

impl Kept<'_> {
    /// The call as it is shown.
    pub(crate) fn record(self) -> Record {
        let entry = self.entry;
        let owned = |part| self.text(part).map(str::to_owned);
        let params = self.params();
        let action = self.action();
        let unread = action
            .zip(params.as_ref())
            .map(|(action, params)| unread(action, params));
        Record {
            id: entry.id,
            time: rfc3339(entry.time),
            real_time: rfc3339(entry.real_time),
            app_id: entry.app_id,
            secret_id: owned(Part::SecretId),
            action: action.map_or_else(|| owned(Part::Name), |action| Some(action.name.to_owned())),
            version: action.map_or_else(|| owned(Part::Version), |action| Some(action.version.to_owned())),
            region: owned(Part::Region),
            unread: unread.unwrap_or_default(),
            params: params.map(|params| shown(params, false)),
            code: entry.code.map(contract::ErrorCode::as_str),
            request_id: entry.request_id.to_string(),
            fault_id: entry.fault_id,
            client: owned(Part::Client),
            micros: entry.micros,
        }
    }

    /// The action that it names, if there is such a one.
    pub(super) fn action(self) -> Option<&'static Action> {
        self.entry.action.map(Action::of)
    }

    /// Its parameters, each of the type that the action declares, if they are right: a form's are all texts before.
    pub(super) fn params(self) -> Option<Tree> {
        let sent = self.entry.read?(self.bytes(Part::Params))?;
        let Some(action) = self.action() else {
            return Some(sent);
        };
        let checked = contract::check(action.input, sent.clone(), self.entry.source);
        Some(checked.map_or(sent, contract::Fields::into_tree))
    }
}

/// The members that the call sent and its action accepts without effect, in the order of the contract's list.
fn unread(action: &Action, params: &Tree) -> Vec<String> {
    let is_sent = |path: &&&str| holds(params, path);
    action
        .unread
        .iter()
        .filter(is_sent)
        .map(|path| (*path).to_owned())
        .collect()
}

/// Whether there is a value at this dotted path, in any item where a list stands in the way.
fn holds(tree: &Tree, path: &str) -> bool {
    match tree {
        Tree::List(items) => items.iter().any(|item| holds(item, path)),
        Tree::Object(members) => {
            let (name, rest) = path.split_once('.').unwrap_or((path, ""));
            let found = members.iter().find(|(member, _)| member == name);
            found.is_some_and(|(_, value)| rest.is_empty() && *value != Tree::Null || holds(value, rest))
        }
        _ => false,
    }
}

/// A value for an answer, in which every text and number below a member that names a secret is masked.
fn shown(tree: Tree, is_secret: bool) -> Value {
    match tree {
        Tree::Null => Value::Null,
        Tree::Bool(is) => Value::Bool(is),
        Tree::List(items) => items.into_iter().map(|item| shown(item, is_secret)).collect(),
        Tree::Object(members) => {
            let member = |(name, value): (String, Tree)| {
                let value = shown(value, names_a_secret(&name));
                (name, value)
            };
            Value::Object(members.into_iter().map(member).collect::<Map<_, _>>())
        }
        _ if is_secret => MASK.into(),
        Tree::Int(number) => number.into(),
        Tree::UInt(number) => number.into(),
        Tree::Float(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        Tree::String(text) => text.into(),
    }
}

/// Whether a member of this name holds what nobody is to see: a password, or what signs or proves a call. The token of
/// a page tells a place in a list alone.
pub(super) fn names_a_secret(name: &str) -> bool {
    const WORDS: [&str; 5] = ["password", "passwd", "secretkey", "signature", "token"];
    let name = name.to_ascii_lowercase();
    name != "nexttoken" && WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(json: &str) -> Value {
        shown(Tree::from_json(json.as_bytes()).expect("JSON"), false)
    }

    #[test]
    fn what_a_secret_member_holds_is_masked_and_the_rest_is_not() {
        let sent = r#"{"Password":"a","OldPassword":7,"EncryptPassword":true,"Name":"b","N":[1,2.5,null],
            "AccountPasswords":["x","y"],"PasswordPolicy":{"MinLength":8},"Deep":[{"SecretKey":"s","Token":"t"}]}"#;
        let expected = serde_json::json!({
            "Password": "***", "OldPassword": "***", "EncryptPassword": true, "Name": "b", "N": [1, 2.5, null],
            "AccountPasswords": ["***", "***"], "PasswordPolicy": { "MinLength": 8 },
            "Deep": [{ "SecretKey": "***", "Token": "***" }],
        });
        assert_eq!(masked(sent), expected);
    }

    #[test]
    fn a_path_leads_through_lists_to_what_was_sent() {
        let tree = Tree::from_json(br#"{"A":1,"B":null,"L":[{"X":1},{"Y":2}]}"#).expect("JSON");
        for (path, is) in [
            ("A", true),
            ("B", false),
            ("L", true),
            ("L.Y", true),
            ("L.Z", false),
            ("A.X", false),
        ] {
            assert_eq!(holds(&tree, path), is, "{path}");
        }
    }
}
