//! What is checked before an action is reached: one function a check, in the order in which [`super::admit`] and
//! [`super::invocation`] apply them.

use std::sync::Arc;

use http::Method;

use super::call::{Admitted, ApiCall};
use super::door::Reach;
use super::headers::text;
use super::host;
use super::messages::{self, Language};
use super::parameters::{JsonBody, OwnParameters};
use super::signature::{self, Garbled, tc3, v1};
use crate::accounts::Credential;
use crate::answer::{self, Refused};
use crate::auth::policy;
use crate::cloud::ids::{self, KeyKind};
use crate::cloud::{self, Assumed, Refusal, Region};
use crate::contract::{self, Action, ActionId, ErrorCode, Fields, RegionUse, Source, Tree, Value};

type Checked = Result<(), Refused>;

/// No fault rule refuses the call.
pub(crate) fn faults(call: &ApiCall<'_>) -> Checked {
    if call.is_uncounted {
        return Err(messages::internal_error());
    }
    let refused = call.verdict.as_ref().and_then(|verdict| verdict.refused_before());
    refused.map_or(Ok(()), |refused| Err(refused.clone()))
}

/// The parameters can be read.
pub(crate) fn form(call: &ApiCall<'_>) -> Checked {
    call.unreadable.clone().map_or(Ok(()), Err)
}

/// The common parameters that this kind of request needs are there. The Timestamp in seconds, where one is sent:
/// anything but a number is refused before the signature is looked at, which would only seem wrong then.
pub(crate) fn common_parameters(call: &ApiCall<'_>) -> Result<Option<i64>, Refused> {
    let common = call.common();
    let is_signed = call.claims_identity || !call.emulator.is_lenient();
    let is_signed_form = is_signed && call.is_form();
    let needed = [
        ("Action", &common.action, true),
        ("Version", &common.version, true),
        ("Timestamp", &common.timestamp, is_signed),
        ("Nonce", &common.nonce, is_signed_form),
        ("SecretId", &common.secret_id, is_signed_form),
        ("Signature", &common.signature, is_signed_form),
    ];
    let is_absent = |sent: &Option<_>| sent.as_deref().is_none_or(str::is_empty);
    if let Some((name, ..)) = needed.iter().find(|(_, sent, needed)| *needed && is_absent(sent)) {
        return Err(messages::missing(name));
    }
    let seconds = common.timestamp.as_deref().map(str::parse).transpose();
    seconds.map_err(|_| messages::wrong_type(call.language, "Timestamp", "integer"))
}

/// The version exists, and the action in it.
pub(crate) fn version_and_action(call: &ApiCall<'_>) -> Result<&'static Action, Refused> {
    let name = call.common().action.as_deref().unwrap_or_default();
    let version = call.common().version.as_deref().unwrap_or_default();
    if !contract::VERSIONS.iter().any(|(_, known)| *known == version) {
        return Err(messages::no_such_version(version));
    }
    call.action.ok_or_else(|| messages::invalid_action(name, version))
}

/// The content type goes with the way the request is signed: JSON with the newer way, a form with the older one, either
/// with no body.
pub(crate) fn protocol(call: &ApiCall<'_>) -> Checked {
    if let Some(encoding) = text(call.headers.content_encoding)
        && !encoding.eq_ignore_ascii_case("identity")
    {
        let what = format!("The request's Content-Encoding `{encoding}` is not supported.");
        return Err(messages::unsupported(&what));
    }
    if call.received.head.method == Method::GET {
        return Ok(());
    }
    const FORM: &str = "application/x-www-form-urlencoded";
    let wanted = if call.is_form() { FORM } else { "application/json" };
    match call.content_type() {
        Some((whole, media)) if !media.eq_ignore_ascii_case(wanted) => {
            // A caller who does not sign (curl -d '{}' says it is a form) is not held to it.
            let is_unsigned_json = !call.claims_identity
                && call.emulator.is_lenient()
                && !call.is_form()
                && media.eq_ignore_ascii_case(FORM);
            if is_unsigned_json {
                Ok(())
            } else {
                Err(messages::unsupported_content(whole))
            }
        }
        _ => Ok(()),
    }
}

/// The `Authorization` header is to the standard, and its service and date are right.
pub(crate) fn authorization(call: &ApiCall<'_>) -> Checked {
    match &call.authorization {
        None => Ok(()),
        Some(Err(garbled)) => Err(messages::invalid_authorization(&garbled.to_string())),
        Some(Ok(tc3::Authorization::Skip)) if call.emulator.is_lenient() => Ok(()),
        Some(Ok(tc3::Authorization::Skip)) => Err(messages::invalid_authorization(&Garbled::Skip.to_string())),
        Some(Ok(tc3::Authorization::Tc3(parts))) => parts
            .examine(&call.signed_request())
            .map_err(|fault| refuse(call.language, &fault)),
    }
}

/// The timestamp is near the real time.
pub(crate) fn expiry(call: &ApiCall<'_>, timestamp_s: Option<i64>) -> Checked {
    let now_s = call.arrived_at.div_euclid(1_000);
    match timestamp_s {
        Some(sent) if signature::expired(sent, now_s) => Err(messages::expired(sent, now_s)),
        _ => Ok(()),
    }
}

/// Whom a call is taken for.
pub(crate) struct Caller {
    pub(crate) credential: Arc<Credential>,
    /// Whether it is a known one, whose signature is verified. Otherwise the call was let in without.
    is_known: bool,
}

/// The SecretId is known. A lenient emulator takes a caller whose SecretId is not, or who names none, for the default
/// account; but through a name that anybody may have pointed here, only a key pair counts that not everybody knows.
pub(crate) fn secret_id(call: &ApiCall<'_>) -> Result<Caller, Refused> {
    let claimed = call.claimed_secret_id();
    let now_s = call.arrived_at.div_euclid(1_000);
    let known = claimed.and_then(|secret_id| call.world.accounts.credential(secret_id));
    let known = known.filter(|known| !known.account_has_ended(now_s));
    let is_foreign = call.received.entry.reach == Reach::Foreign;
    if is_foreign && known.as_ref().is_none_or(|known| known.is_default()) {
        let head = call.received.head;
        let host = host::sent(&head.uri, &head.headers);
        call.emulator.note_foreign(claimed, host);
        return Err(messages::secret_id_not_found(call.language));
    }
    if let Some(credential) = known {
        let is_known = true;
        return Ok(Caller { credential, is_known });
    }
    // A key that was handed out here and is not known any more was taken back: it is nobody's, in lenient too.
    match claimed.and_then(ids::made_here) {
        Some(KeyKind::Temporary) => return Err(messages::token_failure()),
        Some(KeyKind::Lasting) => return Err(messages::secret_id_not_found(call.language)),
        None => {}
    }
    let anonymous = || {
        call.world
            .accounts
            .anonymous()
            .filter(|first| !first.account_has_ended(now_s))
    };
    let taken_for = call.emulator.is_lenient().then(anonymous).flatten();
    let credential = taken_for.ok_or_else(|| messages::secret_id_not_found(call.language))?;
    call.emulator.note_bypass(claimed);
    let is_known = false;
    Ok(Caller { credential, is_known })
}

/// A known caller's signature is right.
pub(crate) fn signature(call: &ApiCall<'_>, caller: &Caller) -> Checked {
    if !caller.is_known {
        return Ok(());
    }
    let secret_key = &caller.credential.secret_key;
    let verified = match (&call.parameters.form, &call.authorization) {
        (Some(pairs), _) => {
            let common = call.common();
            let head = call.received.head;
            let request = v1::Request {
                method: head.method.as_str(),
                host: call.host(),
                path: head.uri.path(),
                parameters: pairs,
            };
            v1::verify(
                common.signature.as_deref().unwrap_or_default(),
                v1::Method::named(common.signature_method.as_deref()),
                secret_key,
                &request,
            )
            .map(drop)
        }
        (None, Some(Ok(tc3::Authorization::Tc3(parts)))) => {
            let keys = &call.emulator.signing_keys;
            tc3::verify(parts, secret_key, &call.signed_request(), keys).map(drop)
        }
        // Only a signed request names a SecretId, so no known caller comes here.
        (None, _) => Err(signature::Fault::Mismatch),
    };
    verified.map_err(|fault| refuse(call.language, &fault))
}

fn refuse(language: Language, fault: &signature::Fault) -> Refused {
    match fault {
        signature::Fault::Garbled(reason) => messages::invalid_authorization(&reason.to_string()),
        _ => messages::signature_failure(language),
    }
}

/// A temporary key comes with its token and has not ended; a permanent one comes with none.
pub(crate) fn token(call: &ApiCall<'_>, caller: &Caller) -> Checked {
    if !caller.is_known {
        return Ok(());
    }
    if caller.credential.has_expired(call.arrived_at.div_euclid(1_000)) {
        return Err(messages::token_failure());
    }
    let sent = call.common().token.as_deref().filter(|token| !token.is_empty());
    let is_right = match (caller.credential.token.as_deref(), sent) {
        (None, None) => true,
        (Some(token), Some(sent)) => signature::same(token.as_bytes(), sent.as_bytes()),
        _ => false,
    };
    if is_right {
        Ok(())
    } else {
        Err(messages::token_failure())
    }
}

/// The region is known, Redis is there, and the Host's door leads to it.
pub(crate) fn region(call: &ApiCall<'_>, action: &Action) -> Result<&'static Region, Refused> {
    let sent = call.common().region.as_deref();
    let found = match (sent, action.region) {
        (None, RegionUse::Required) => return Err(messages::missing("Region")),
        (None, RegionUse::Optional) => cloud::region::all().first(),
        // Documented: a region is ignored where the action needs none.
        (sent, RegionUse::Ignored) => sent
            .and_then(cloud::region::find)
            .or_else(|| cloud::region::all().first()),
        (Some(name), RegionUse::Required | RegionUse::Optional) => cloud::region::find(name),
    };
    let name = if call.is_form() { "Region" } else { "X-TC-Region" };
    let region = found.ok_or_else(|| messages::invalid_region(call.language, name))?;
    if action.region == RegionUse::Required
        && !(region.has_redis() && call.received.door().leads_to(region.name, region.financial))
    {
        return Err(messages::unsupported_region());
    }
    Ok(region)
}

/// The body is what the contract says: a JSON object (or a form) with members that the action declares, of their types,
/// the required ones among them.
pub(crate) fn body(language: Language, action: &Action, own: OwnParameters<'_>) -> Result<Fields, Refused> {
    let (tree, source) = match own {
        OwnParameters::Form(tree) => (tree, Source::Form),
        OwnParameters::Json(body) => (members(language, body)?, Source::Json),
    };
    contract::check(action.input, tree, source).map_err(|rejection| messages::rejected(language, &rejection))
}

/// A body of `null` (the Ruby SDK's empty request) has no members.
fn members(language: Language, body: JsonBody<'_>) -> Result<Tree, Refused> {
    match body.tree() {
        Err(fault) => Err(messages::not_json(language, &fault.to_string())),
        Ok(Tree::Null) => Ok(Tree::Object(Vec::new())),
        Ok(tree @ Tree::Object(_)) => Ok(tree),
        Ok(_) => Err(messages::not_json(language, "it holds another kind of value")),
    }
}
/// The caller's policy allows the action on every instance that the call names.
pub(crate) fn permission(call: &Admitted<'_>, fields: &Fields) -> Checked {
    let policies = || call.caller.policy.iter().chain(&call.caller.session_policies);
    if policies().next().is_none() {
        return Ok(());
    }
    let (action, caller) = (call.action, &call.caller);
    let ids = named_instances(action, fields, &call.emulator.assumed);
    let owned = call.world.tags(caller.app_id, &ids);
    let tags: Vec<Vec<_>> = owned
        .iter()
        .map(|tags| tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect())
        .collect();
    let resources: Vec<_> = ids
        .iter()
        .zip(&tags)
        .map(|(id, tags)| policy::Resource { id, tags })
        .collect();
    let query = policy::Query {
        service: action.service,
        action: action.name,
        region: call.region.name,
        uin: &caller.uin,
        app_id: caller.app_id,
        resources: &resources,
        request_tags: &request_tags(fields),
    };
    let denied = policies().find_map(|policy| match policy::evaluate(policy, &query) {
        policy::Decision::Allowed => None,
        policy::Decision::Denied { resource, .. } => Some(resource),
    });
    match denied {
        None => Ok(()),
        Some(resource) => {
            let request_id = call.request_id.to_string();
            let text = policy::denial_text(&request_id, action.service, action.name, &resource);
            let whole = policy::refusal_text(&text, call.language.is_chinese());
            let mut refused = answer::refused(action, &Refusal::Denied { text });
            if refused.code.code() == ErrorCode::AuthFailureUnauthorizedOperation {
                refused.message = whole;
            }
            Err(refused)
        }
    }
}

/// The ids of the instances that the call names, where CAM looks at single instances; `*` where it looks at all.
fn named_instances<'f>(action: &Action, fields: &'f Fields, assumed: &Assumed) -> Vec<&'f str> {
    if action.id == ActionId::DescribeTaskList && !assumed.cam_task_list_is_of_an_instance {
        return Vec::new();
    }
    let ids = action.named_instances(fields);
    let lists_all = action.id == ActionId::DescribeInstances && ids.is_empty();
    if lists_all && assumed.cam_instance_list_is_of_instances {
        return vec!["*"];
    }
    ids
}

/// The tags that a call puts on what it creates or names.
fn request_tags(fields: &Fields) -> Vec<(&str, &str)> {
    let lists = ["ResourceTags", "ReplaceTags", "Tags"].into_iter();
    let tags = lists.filter_map(|name| match fields.get(name) {
        Some(Value::List(tags)) => Some(tags),
        _ => None,
    });
    tags.flatten().filter_map(tag_pair).collect()
}

fn tag_pair(tag: &Value) -> Option<(&str, &str)> {
    let Value::Object(tag) = tag else { return None };
    let text = |names: [&'static str; 2]| {
        let found = names.into_iter().find_map(|name| tag.texts(name).first().copied());
        found.unwrap_or_default()
    };
    Some((text(["TagKey", "Key"]), text(["TagValue", "Value"])))
}
