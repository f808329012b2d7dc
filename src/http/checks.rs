//! What is checked before an action is reached: one function a check, in the order in which the layers
//! ([`super::layers`]) apply them.

use http::Method;
use http::header::CONTENT_ENCODING;

use super::door::Reach;
use super::exchange::{Common, Exchange};
use super::host;
use super::messages::{self, Language};
use super::parameters::Parameters;
use super::permission;
use super::signature::{self, tc3, v1};
use crate::answer::{self, Refused};
use crate::cloud::{self, Assumed, Refusal};
use crate::contract::{self, Action, ActionId, ErrorCode, RegionUse, Source, Tree, Value};

type Checked = Result<(), Refused>;

/// The parameters can be read.
pub(crate) fn form(exchange: &mut Exchange) -> Checked {
    exchange.unreadable.take().map_or(Ok(()), Err)
}

/// The common parameters that this kind of request needs are there.
pub(crate) fn common_parameters(exchange: &mut Exchange) -> Checked {
    const ALWAYS: &[(Common, &str)] = &[(Common::Action, "Action"), (Common::Version, "Version")];
    const SIGNED: &[(Common, &str)] = &[(Common::Timestamp, "Timestamp")];
    const SIGNED_IN_A_FORM: &[(Common, &str)] = &[
        (Common::Timestamp, "Timestamp"),
        (Common::Nonce, "Nonce"),
        (Common::SecretId, "SecretId"),
        (Common::Signature, "Signature"),
    ];
    let proof = if !exchange.claims_identity() && exchange.emulator.is_lenient() {
        &[]
    } else if matches!(exchange.parameters, Parameters::Form(_)) {
        SIGNED_IN_A_FORM
    } else {
        SIGNED
    };
    let mut needed = ALWAYS.iter().chain(proof);
    match needed.find(|(common, _)| exchange.common(*common).is_none_or(str::is_empty)) {
        Some((_, name)) => Err(messages::missing(name)),
        None => timestamp(exchange).map(drop),
    }
}

/// The Timestamp, in seconds, where one is sent. Anything but a number is refused before the signature is looked at,
/// which would only seem wrong then.
fn timestamp(exchange: &Exchange) -> Result<Option<i64>, Refused> {
    let read = |text: &str| {
        text.parse()
            .map_err(|_| messages::wrong_type(exchange.language, "Timestamp", "integer"))
    };
    exchange.common(Common::Timestamp).map(read).transpose()
}

/// The version exists, and the action in it.
pub(crate) fn version_and_action(exchange: &mut Exchange) -> Checked {
    let name = exchange.common(Common::Action).unwrap_or_default();
    let version = exchange.common(Common::Version).unwrap_or_default();
    if !contract::VERSIONS.iter().any(|(_, known)| *known == version) {
        return Err(messages::no_such_version(version));
    }
    let action = contract::find(name, version);
    exchange.action = Some(action.ok_or_else(|| messages::invalid_action(name, version))?);
    Ok(())
}

/// The content type goes with the way the request is signed: JSON with the newer way, a form with the older one, either
/// with no body.
pub(crate) fn protocol(exchange: &mut Exchange) -> Checked {
    if let Some(encoding) = exchange.header(&CONTENT_ENCODING)
        && !encoding.eq_ignore_ascii_case("identity")
    {
        let what = format!("The request's Content-Encoding `{encoding}` is not supported.");
        return Err(messages::unsupported(&what));
    }
    if exchange.received.method == Method::GET {
        return Ok(());
    }
    let wanted = match exchange.parameters {
        Parameters::Headers { .. } => "application/json",
        Parameters::Form(_) => "application/x-www-form-urlencoded",
    };
    match exchange.content_type() {
        Some((whole, media)) if !media.eq_ignore_ascii_case(wanted) => {
            // A caller who does not sign (curl -d '{}' says it is a form) is not held to it.
            let unsigned_json = !exchange.claims_identity()
                && exchange.emulator.is_lenient()
                && matches!(exchange.parameters, Parameters::Headers { .. })
                && media.eq_ignore_ascii_case("application/x-www-form-urlencoded");
            if unsigned_json {
                Ok(())
            } else {
                Err(messages::unsupported_content(whole))
            }
        }
        _ => Ok(()),
    }
}

/// The `Authorization` header is to the standard, and its service and date are right.
pub(crate) fn authorization(exchange: &mut Exchange) -> Checked {
    let Some(header) = exchange.authorization() else {
        return Ok(());
    };
    match tc3::parse(header) {
        Err(garbled) => Err(messages::invalid_authorization(&garbled.to_string())),
        Ok(tc3::Authorization::Skip) if exchange.emulator.is_lenient() => Ok(()),
        Ok(tc3::Authorization::Skip) => Err(messages::invalid_authorization(
            "no action of this service may be called without a signature",
        )),
        Ok(tc3::Authorization::Tc3(parts)) => parts
            .examine(&exchange.signed_request())
            .map_err(|fault| refuse(exchange, &fault)),
    }
}

/// The timestamp is near the real time.
pub(crate) fn expiry(exchange: &mut Exchange) -> Checked {
    let Some(seconds) = timestamp(exchange)? else {
        return Ok(());
    };
    let now = exchange.arrived_at.div_euclid(1_000);
    if signature::expired(seconds, now) {
        return Err(messages::expired(seconds, now));
    }
    Ok(())
}

/// The SecretId is known. A lenient emulator takes a caller whose SecretId is not, or who names none, for the default
/// account; but through a name that anybody may have pointed here, only a key pair counts that not everybody knows.
pub(crate) fn secret_id(exchange: &mut Exchange) -> Checked {
    let known = exchange
        .claimed_secret_id()
        .and_then(|secret_id| exchange.world.accounts.credential(secret_id));
    let is_foreign = exchange.received.reach == Reach::Foreign;
    if is_foreign && known.as_ref().is_none_or(|known| known.is_default()) {
        let host = host::sent(&exchange.received.uri, &exchange.received.headers);
        exchange.emulator.note_foreign(exchange.claimed_secret_id(), host);
        return Err(messages::secret_id_not_found(exchange.language));
    }
    exchange.known = known.is_some();
    exchange.caller = match known {
        Some(credential) => Some(credential),
        None if exchange.emulator.is_lenient() => exchange.world.accounts.anonymous(),
        None => None,
    };
    if exchange.caller.is_none() {
        return Err(messages::secret_id_not_found(exchange.language));
    }
    if !exchange.known {
        exchange.emulator.note_bypass(exchange.claimed_secret_id());
    }
    Ok(())
}

/// A known caller's signature is right.
pub(crate) fn signature(exchange: &mut Exchange) -> Checked {
    let Some(caller) = exchange.caller.as_ref().filter(|_| exchange.known) else {
        return Ok(());
    };
    let verified = match &exchange.parameters {
        Parameters::Headers { .. } => match exchange.authorization().map(tc3::parse) {
            Some(Ok(tc3::Authorization::Tc3(parts))) => tc3::verify(
                &parts,
                &caller.secret_key,
                &exchange.signed_request(),
                &exchange.emulator.signing_keys,
            )
            .map(drop),
            // Only a signed request names a SecretId, so no known caller comes here.
            _ => Err(signature::Fault::Mismatch),
        },
        Parameters::Form(form) => v1::verify(
            exchange.common(Common::Signature).unwrap_or_default(),
            v1::Method::named(exchange.common(Common::SignatureMethod)),
            &caller.secret_key,
            &v1::Request {
                method: exchange.received.method.as_str(),
                host: exchange.host(),
                path: exchange.received.uri.path(),
                parameters: &form.pairs,
            },
        )
        .map(drop),
    };
    verified.map_err(|fault| refuse(exchange, &fault))
}

fn refuse(exchange: &Exchange, fault: &signature::Fault) -> Refused {
    match fault {
        signature::Fault::Garbled(reason) => messages::invalid_authorization(&reason.to_string()),
        _ => messages::signature_failure(exchange.language),
    }
}

/// A temporary key comes with its token, a permanent one with none.
pub(crate) fn token(exchange: &mut Exchange) -> Checked {
    let Some(caller) = exchange.caller.as_ref().filter(|_| exchange.known) else {
        return Ok(());
    };
    let sent = exchange.common(Common::Token).filter(|token| !token.is_empty());
    let right = match (caller.token.as_deref(), sent) {
        (None, None) => true,
        (Some(token), Some(sent)) => signature::same(token.as_bytes(), sent.as_bytes()),
        _ => false,
    };
    if right { Ok(()) } else { Err(messages::token_failure()) }
}

/// The region is known, Redis is there, and the Host's door leads to it.
pub(crate) fn region(exchange: &mut Exchange) -> Checked {
    let action = exchange.action();
    let sent = exchange.common(Common::Region);
    let found = match (sent, action.region) {
        (None, RegionUse::Required) => return Err(messages::missing("Region")),
        (None, RegionUse::Optional) => cloud::region::all().first(),
        // Documented: a region is ignored where the action needs none.
        (sent, RegionUse::Ignored) => sent
            .and_then(cloud::region::find)
            .or_else(|| cloud::region::all().first()),
        (Some(name), RegionUse::Required | RegionUse::Optional) => cloud::region::find(name),
    };
    let header = match exchange.parameters {
        Parameters::Headers { .. } => "X-TC-Region",
        Parameters::Form(_) => "Region",
    };
    let region = found.ok_or_else(|| messages::invalid_region(exchange.language, header))?;
    if action.region == RegionUse::Required
        && !(region.has_redis() && exchange.door().leads_to(region.name, region.financial))
    {
        return Err(messages::unsupported_region());
    }
    exchange.region = Some(region);
    Ok(())
}

/// The body is what the contract says: a JSON object (or a form) with members that the action declares, of their types,
/// the required ones among them.
pub(crate) fn body(exchange: &mut Exchange) -> Checked {
    let language = exchange.language;
    let (tree, source) = match std::mem::take(&mut exchange.parameters) {
        Parameters::Headers { query: Some(tree) } => (tree, Source::Form),
        Parameters::Headers { query: None } => (json(language, &exchange.received.body)?, Source::Json),
        Parameters::Form(form) => (form.tree, Source::Form),
    };
    let fields = contract::check(exchange.action().input, tree, source)
        .map_err(|rejection| messages::rejected(language, &rejection))?;
    exchange.fields = Some(fields);
    Ok(())
}

/// A body of nothing, or of `null` (the Ruby SDK's empty request), has no members.
fn json(language: Language, body: &[u8]) -> Result<Tree, Refused> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Tree::Object(Vec::new()));
    }
    match Tree::from_json(body) {
        Err(fault) => Err(messages::not_json(language, &fault.to_string())),
        Ok(Tree::Null) => Ok(Tree::Object(Vec::new())),
        Ok(tree @ Tree::Object(_)) => Ok(tree),
        Ok(_) => Err(messages::not_json(language, "it holds another kind of value")),
    }
}

/// The caller's policy allows the action on every instance that the call names.
pub(crate) fn permission(exchange: &mut Exchange) -> Checked {
    let caller = exchange.caller();
    let Some(policy) = caller.policy.as_ref() else {
        return Ok(());
    };
    let (action, region) = (exchange.action(), exchange.region());
    let ids = named_instances(exchange, action, &exchange.emulator.config.assumed());
    let owned = exchange.world.tags(caller.app_id, &ids);
    let tags: Vec<Vec<_>> = owned
        .iter()
        .map(|tags| tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect())
        .collect();
    let resources: Vec<_> = ids
        .iter()
        .zip(&tags)
        .map(|(id, tags)| permission::Resource { id, tags })
        .collect();
    let query = permission::Query {
        service: action.service,
        action: action.name,
        region: region.name,
        uin: &caller.uin,
        app_id: caller.app_id,
        resources: &resources,
        request_tags: &request_tags(exchange),
    };
    match permission::evaluate(policy, &query) {
        permission::Decision::Allowed => Ok(()),
        permission::Decision::Denied { resource, .. } => {
            let request_id = exchange.request_id.to_string();
            let text = permission::denial_text(&request_id, action.service, action.name, &resource);
            let chinese = exchange.language.is_chinese();
            let whole = permission::refusal_text(&text, chinese);
            let mut refused = answer::refused(action, &Refusal::Denied { text });
            if refused.code.code() == ErrorCode::AuthFailureUnauthorizedOperation {
                refused.message = whole;
            }
            Err(refused)
        }
    }
}

/// The ids of the instances that the call names, where CAM looks at single instances; `*` where it looks at all.
fn named_instances<'f>(exchange: &'f Exchange, action: &Action, assumed: &Assumed) -> Vec<&'f str> {
    let looks_at_any = action.id == ActionId::DescribeTaskList && !assumed.cam_task_list_is_of_an_instance;
    let Some(fields) = exchange.fields.as_ref().filter(|_| !looks_at_any) else {
        return Vec::new();
    };
    let ids = action.named_instances(fields);
    let lists_all = action.id == ActionId::DescribeInstances && ids.is_empty();
    if lists_all && assumed.cam_instance_list_is_of_instances {
        return vec!["*"];
    }
    ids
}

/// The tags that a call puts on what it creates or names.
fn request_tags(exchange: &Exchange) -> Vec<(&str, &str)> {
    let fields = exchange.fields.as_ref();
    let lists = ["ResourceTags", "ReplaceTags"].into_iter();
    let tags = lists.filter_map(|name| match fields?.get(name) {
        Some(Value::List(tags)) => Some(tags),
        _ => None,
    });
    tags.flatten().filter_map(tag_pair).collect()
}

fn tag_pair(tag: &Value) -> Option<(&str, &str)> {
    let Value::Object(tag) = tag else { return None };
    let text = |name| tag.texts(name).first().copied().unwrap_or_default();
    Some((text("TagKey"), text("TagValue")))
}
