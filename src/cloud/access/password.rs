//! Passwords: the rule that several actions share, stricter rules, and ResetPassword.

use crate::cloud::access::record::PasswordPolicy;
use crate::cloud::catalogue::edition::{Edition, Engine};
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::Access;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};

const SYMBOLS: &str = "()`~!@#$%^&*-+=_|{}[]:;<>,.?/";

/// The documented rule on passwords: 8 to 64 characters, two kinds of them, no slash in front; for CKV 8 to 30, letters
/// and digits, both and nothing else.
pub(crate) fn password_fault(edition: &Edition, password: &str) -> Result<(), Refusal> {
    let broken = |why| Err(Refusal::PasswordBreaksRules { why });
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    if edition.engine == Engine::Ckv {
        let fits = (8..=30).contains(&password.len())
            && password.chars().all(|c| c.is_ascii_alphanumeric())
            && has(|c| c.is_ascii_digit())
            && has(|c| c.is_ascii_alphabetic());
        return if fits {
            Ok(())
        } else {
            broken("CKV takes 8 to 30 letters and digits, some of each")
        };
    }
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| SYMBOLS.contains(c),
    ];
    if !(8..=64).contains(&password.len()) {
        return broken("it is 8 to 64 characters long");
    }
    if password.starts_with('/') {
        return broken("it does not begin with a slash");
    }
    if !password.chars().all(|c| kinds.iter().any(|kind| kind(c))) {
        return broken("it holds only letters, digits and ()`~!@#$%^&*-+=_|{}[]:;<>,.?/");
    }
    if kinds.iter().filter(|kind| has(**kind)).count() < 2 {
        return broken("it holds two of lower case, upper case, digits and symbols");
    }
    Ok(())
}

impl PasswordPolicy {
    /// Whether the policy itself is one that can be had, and the password keeps it.
    pub(crate) fn fault(&self, password: &str) -> Result<(), Refusal> {
        let broken = |why| Err(Refusal::PasswordBreaksRules { why });
        let counts = [self.letters, self.digits, self.symbols];
        if counts.iter().any(|count| !(1..=16).contains(count)) {
            return broken("a policy asks for 1 to 16 of each kind of character");
        }
        if !(8..=64).contains(&self.length) || self.length < counts.iter().sum() {
            return broken("a policy's MinLength is 8 to 64, and not less than its counts together");
        }
        let has =
            |kind: fn(char) -> bool| i64::try_from(password.chars().filter(|c| kind(*c)).count()).unwrap_or(i64::MAX);
        let keeps = has(|c| c.is_ascii_alphabetic()) >= self.letters
            && has(|c| c.is_ascii_digit()) >= self.digits
            && has(|c| SYMBOLS.contains(c)) >= self.symbols
            && has(|_| true) >= self.length;
        if keeps {
            Ok(())
        } else {
            broken("it keeps the policy that came with it")
        }
    }
}

/// Outside of private networks there is no access without a password.
pub(crate) const NEEDED_OUTSIDE_A_VPC: Refusal = Refusal::PasswordNeeded {
    why: "access without a password is for private networks",
};

/// What ResetPassword asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewPassword<'a> {
    /// `Password`; needed unless `no_auth`.
    pub text: Option<&'a str>,
    /// Access without a password.
    pub no_auth: bool,
    /// `EncryptPassword`
    pub encrypted: bool,
}

/// Whether the plain text of a password cannot be seen, and so not be held against the rules.
pub(crate) fn hides_password(cloud: &Cloud, encrypted: bool) -> bool {
    encrypted && cloud.settings.assumed.encrypted_passwords_are_not_checked
}

/// Sets another password, or lets everybody in without one. Gives the task's number.
pub fn reset_password(cloud: &mut Cloud, call: &Call, id: &str, asked: &NewPassword<'_>) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let password = asked.text.filter(|password| !password.is_empty());
    let no_auth = asked.no_auth;
    let hidden = hides_password(cloud, asked.encrypted);
    match password {
        _ if no_auth && instance.network.is_none() => {
            return Err(NEEDED_OUTSIDE_A_VPC);
        }
        _ if no_auth && instance.address.wan.is_some() => {
            return Err(Refusal::PasswordNeeded {
                why: "the instance has a public address",
            });
        }
        _ if no_auth && instance.ssl.is_some() => {
            return Err(Refusal::PasswordNeeded {
                why: "the instance encrypts connections",
            });
        }
        _ if no_auth => {}
        None => return Err(Refusal::PasswordMissing),
        // The rules are on the plain text.
        Some(_) if hidden => {}
        Some(password) => password_fault(instance.edition, password)?,
    }
    let kind = if no_auth {
        FlowKind::NoPassword
    } else {
        FlowKind::Password
    };
    flow::can_begin(cloud, call, instance, kind)?;
    let access = if no_auth {
        Access::NoPassword
    } else {
        Access::Password(password.filter(|_| !hidden).map(str::to_owned))
    };
    let id = instance.id.clone();
    let change = Change::now(kind, Payload::Access(access));
    Ok(flow::begin(cloud, call, &id, None, change))
}
