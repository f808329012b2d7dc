//! The token service: who is calling, and keys for a while.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::actions::text;
use crate::auth::policy::Policy;
use crate::cloud::access::key::{self, FEDERATED, POLICY_MOST_BYTES, ROLE};
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, KeyRefusal, Refusal, TemporaryKey, time};
use crate::contract::{Text, input, output};

/// Documented of session tags.
const TAGS_MOST: usize = 50;
const TAG_KEY_MOST_CHARS: usize = 128;
const TAG_VALUE_MOST_CHARS: usize = 256;

/// Every key pair is one of the main account: an account has no other users here, and a key with a token says not
/// whether a role or a user borrowed it.
pub(crate) fn get_caller_identity(
    cloud: &Cloud,
    _call: &Call,
    _input: input::GetCallerIdentity,
) -> Result<output::GetCallerIdentity, Refusal> {
    let uin = &cloud.account.uin;
    Ok(output::GetCallerIdentity {
        arn: format!("qcs::cam::uin/{uin}:uin/{uin}").into(),
        account_id: uin.clone().into(),
        user_id: uin.clone().into(),
        principal_id: uin.clone().into(),
        r#type: "CAMUser".into(),
    })
}

/// A key for a while, as a role of the account.
pub(crate) fn assume_role(
    cloud: &mut Cloud,
    call: &Call,
    input: input::AssumeRole,
) -> Result<output::AssumeRole, Refusal> {
    key::is_named("RoleSessionName", &input.role_session_name, 2, "+=,.@-")?;
    if let Some(id) = text(input.external_id) {
        key::is_named("ExternalId", &id, 2, "+=,.@:/-")?;
    }
    session_tags(&input.tags)?;
    let seconds = ROLE.wanted(input.duration_seconds)?;
    second_factor(text(input.serial_number), text(input.token_code))?;
    let policy = text(input.policy).map(|policy| policy_of(&policy)).transpose()?;
    key::role_of(cloud, &input.role_arn)?;
    let lent = key::lend(cloud, call, seconds, policy);
    Ok(output::AssumeRole {
        expired_time: lent.expires_at_s,
        expiration: expiration(&lent),
        credentials: credentials(lent),
    })
}

/// A key for a while, as a federated user that may do what the policy says. Documented: a permanent key alone gets one.
pub(crate) fn get_federation_token(
    cloud: &mut Cloud,
    call: &Call,
    input: input::GetFederationToken,
) -> Result<output::GetFederationToken, Refusal> {
    if call.by_temporary_key {
        return Err(KeyRefusal::TemporaryCaller.into());
    }
    key::is_named("Name", &input.name, 1, "-")?;
    let seconds = FEDERATED.wanted(input.duration_seconds)?;
    let policy = policy_of(&input.policy)?;
    let lent = key::lend(cloud, call, seconds, Some(policy));
    Ok(output::GetFederationToken {
        expired_time: u64::try_from(lent.expires_at_s).unwrap_or(0),
        expiration: Some(expiration(&lent)),
        credentials: credentials(lent),
    })
}

fn credentials(lent: TemporaryKey) -> output::Credentials {
    output::Credentials {
        token: lent.token.into(),
        tmp_secret_id: lent.pair.secret_id.into(),
        tmp_secret_key: lent.pair.secret_key.into(),
    }
}

fn expiration(lent: &TemporaryKey) -> Text {
    time::show_utc(lent.expires_at_s.saturating_mul(time::SECOND)).into()
}

/// Documented: so many of them, no key twice, and how long each may be.
fn session_tags(tags: &[input::StsTag]) -> Result<(), Refusal> {
    let wrong = |why: String| Err(bad_value("Tags", why));
    if tags.len() > TAGS_MOST {
        return wrong(format!(
            "there are {} of them, and {TAGS_MOST} at most are taken",
            tags.len()
        ));
    }
    let mut keys = HashSet::new();
    for tag in tags {
        if !(1..=TAG_KEY_MOST_CHARS).contains(&tag.key.chars().count()) {
            return wrong(format!("a `Key` has 1 to {TAG_KEY_MOST_CHARS} characters"));
        }
        if tag.value.chars().count() > TAG_VALUE_MOST_CHARS {
            return wrong(format!("a `Value` has {TAG_VALUE_MOST_CHARS} characters at most"));
        }
        if !keys.insert(tag.key.as_str()) {
            return wrong("a `Key` is given twice".to_owned());
        }
    }
    Ok(())
}

/// There are no devices here, so whatever one could show is right.
fn second_factor(device: Option<String>, code: Option<String>) -> Result<(), Refusal> {
    if let Some(device) = device
        && !(device.starts_with("qcs::cam:uin/") && device.ends_with("::mfa/softToken"))
    {
        return Err(KeyRefusal::MfaUnknown { device }.into());
    }
    let is_shown = |code: &String| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if code.is_some_and(|code| !is_shown(&code)) {
        return Err(KeyRefusal::MfaCode.into());
    }
    Ok(())
}

/// The policy that a key is narrowed to. Documented: it comes with the escapes of a URL, which are taken off here.
fn policy_of(sent: &str) -> Result<String, Refusal> {
    if sent.len() > 3 * POLICY_MOST_BYTES {
        return Err(too_long(sent.len()));
    }
    let garbled = |why: &str| Refusal::from(KeyRefusal::PolicyGarbled { why: why.to_owned() });
    let blanks = sent.replace('+', " ");
    let decoded = percent_decode_str(&blanks)
        .decode_utf8()
        .map_err(|_| garbled("is no UTF-8"))?;
    if decoded.len() > POLICY_MOST_BYTES {
        return Err(too_long(decoded.len()));
    }
    let source: Value = serde_json::from_str(&decoded).map_err(|_| garbled("is no JSON once its %-codes are read"))?;
    if names_principal(&source) {
        return Err(KeyRefusal::PolicyPrincipal.into());
    }
    let fault = match Policy::parse(&source) {
        Ok(_) => return Ok(source.to_string()),
        Err(fault) => fault,
    };
    let place = if fault.path.is_empty() {
        String::new()
    } else {
        format!(", at {},", fault.path)
    };
    let why = format!("is not in CAM's syntax:{place} it {}; {}", fault.problem, fault.remedy);
    Err(if fault.path.contains("resource") {
        KeyRefusal::PolicyResource { why }.into()
    } else {
        KeyRefusal::PolicyGarbled { why }.into()
    })
}

fn too_long(bytes: usize) -> Refusal {
    let most = POLICY_MOST_BYTES;
    KeyRefusal::PolicyTooLong { bytes, most }.into()
}

fn names_principal(policy: &Value) -> bool {
    let names = |statement: &Value| {
        let keys = statement.as_object().into_iter().flatten();
        keys.into_iter().any(|(key, _)| key.eq_ignore_ascii_case("principal"))
    };
    let statements = policy.as_object().into_iter().flatten();
    let mut statements = statements.filter(|(key, _)| key.eq_ignore_ascii_case("statement"));
    statements.any(|(_, value)| {
        value
            .as_array()
            .map_or_else(|| names(value), |all| all.iter().any(names))
    })
}
