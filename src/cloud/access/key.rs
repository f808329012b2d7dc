//! Keys for a while: who may have one, for how long, and for whom.

use crate::cloud::access::record::TemporaryKey;
use crate::cloud::refusal::{KeyRefusal, bad_value};
use crate::cloud::time::SECOND;
use crate::cloud::{Call, Cloud, Refusal};

/// The longest policy that a key is narrowed to, in bytes: our own figure, which none of those printed comes near.
pub const POLICY_MOST_BYTES: usize = 6_144;

/// Documented: for how long a role's key holds unless the call says, and at most.
pub const ROLE: Lifetime = Lifetime {
    usual_s: 7_200,
    most_s: 43_200,
};
/// Documented: the same of a federated user's key that a main account asks for, as every key pair here is.
pub const FEDERATED: Lifetime = Lifetime {
    usual_s: 1_800,
    most_s: 7_200,
};

/// For how long keys of a kind hold.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime {
    usual_s: u64,
    most_s: u64,
}

impl Lifetime {
    /// The seconds that a call asks for. Clients send 0 for what was not given.
    pub fn wanted(self, seconds: Option<u64>) -> Result<u64, Refusal> {
        match seconds.unwrap_or(0) {
            0 => Ok(self.usual_s),
            seconds if seconds > self.most_s => Err(KeyRefusal::LivesTooLong {
                seconds,
                most: self.most_s,
            }
            .into()),
            seconds => Ok(seconds),
        }
    }
}

/// Refuses what is no name of a role of this account. Roles belong to another product: whatever has the form of one's
/// name is one.
pub fn role_of(cloud: &Cloud, arn: &str) -> Result<(), Refusal> {
    const FORM: &str = "it has the form qcs::cam::uin/<account>:roleName/<name> or qcs::cam::uin/<account>:role/<id>";
    let garbled = || bad_value("RoleArn", FORM.to_owned());
    let rest = arn.strip_prefix("qcs::cam::uin/").ok_or_else(garbled)?;
    let (uin, role) = rest.split_once(':').ok_or_else(garbled)?;
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = |name: &str| is_word(name, 1, "+=,.@_-");
    let is_role = match *role.split('/').collect::<Vec<_>>().as_slice() {
        ["role", id] | ["role", "tencentcloudServiceRole", id] => is_id(id),
        ["roleName", name] | ["role", "tencentcloudServiceRoleName", name] => is_name(name),
        _ => false,
    };
    if !is_id(uin) || !is_role {
        return Err(garbled());
    }
    if uin != cloud.account.uin {
        return Err(KeyRefusal::NoSuchRole { arn: arn.to_owned() }.into());
    }
    Ok(())
}

/// Refuses a text that is not of letters, digits, `_` and these signs, or too short or too long.
pub fn is_named(parameter: &'static str, text: &str, fewest: usize, signs: &str) -> Result<(), Refusal> {
    if is_word(text, fewest, signs) {
        return Ok(());
    }
    let why = format!("it has {fewest} to {NAME_MOST_CHARS} letters, digits and signs of _{signs}");
    Err(bad_value(parameter, why))
}

/// Documented for the names of sessions and the external id.
const NAME_MOST_CHARS: usize = 128;

fn is_word(text: &str, fewest: usize, signs: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || signs.contains(c);
    (fewest..=NAME_MOST_CHARS).contains(&text.len()) && text.chars().all(fits)
}

/// Makes a key that holds for so long from now, by real time. The shell takes it from the call.
pub fn lend(cloud: &mut Cloud, call: &Call, seconds: u64, policy: Option<String>) -> TemporaryKey {
    let (pair, token) = cloud.ids.temporary_key();
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let key = TemporaryKey {
        pair,
        token,
        expires_at_s: call.real_now.div_euclid(SECOND).saturating_add(seconds),
        policy,
    };
    call.lent.replace(Some(key.clone()));
    key
}
