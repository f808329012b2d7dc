//! Passwords: the rules that several actions share, ResetPassword, and the exchange of an old one for a new one.

use crate::cloud::access::record::RedisAccount;
use crate::cloud::catalogue::edition::{Edition, Engine};
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::{Access, Instance};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

pub(crate) const SYMBOLS: &str = "()`~!@#$%^&*-+=_|{}[]:;<>,.?/";

const PASSWORD_CHARS_MAX: usize = 64;

/// The documented rule on passwords: 8 to 64 characters, two kinds of them, no slash in front; for CKV 8 to 30, letters
/// and digits, both and nothing else.
pub(crate) fn password_fault(edition: &Edition, password: &str) -> Result<(), Refusal> {
    password_fault_within(edition, password, PASSWORD_CHARS_MAX)
}

/// The same with another figure for the most characters.
pub(crate) fn password_fault_within(edition: &Edition, password: &str, most: usize) -> Result<(), Refusal> {
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
    if !(8..=most).contains(&password.len()) {
        return broken(match most {
            PASSWORD_CHARS_MAX => "it is 8 to 64 characters long",
            _ => "it is 8 to 30 characters long here",
        });
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

/// Whether an instance can take that as a new password: by the rule, and by its policy.
pub(crate) fn new_password_fault(instance: &Instance, password: &str) -> Result<(), Refusal> {
    password_fault(instance.edition, password)?;
    instance.password_policy().fault(password)
}

/// Refuses who does not know the password of the instance. Where there is none, whatever comes is taken; where it is
/// not known here, or hidden, any that keeps the rule.
pub(crate) fn compare(instance: &Instance, given: Option<&str>, hidden: bool) -> Result<(), Refusal> {
    let given = given.filter(|given| !given.is_empty());
    match (&instance.access, given) {
        (Access::NoPassword, _) => Ok(()),
        (Access::Password(_), None) => Err(Refusal::PasswordMissing),
        (Access::Password(_), Some(_)) if hidden => Ok(()),
        (Access::Password(Some(known)), Some(given)) if known != given => Err(Refusal::PasswordWrong),
        (Access::Password(_), Some(given)) => {
            password_fault(instance.edition, given).map_err(|_| Refusal::PasswordWrong)
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

/// Refuses where nobody can get in without a password.
pub(crate) fn password_free_fault(instance: &Instance) -> Result<(), Refusal> {
    if instance.network.is_none() {
        return Err(NEEDED_OUTSIDE_A_VPC);
    }
    if instance.address.wan.is_some() {
        return Err(Refusal::PasswordNeeded {
            why: "the instance has a public address",
        });
    }
    if instance.ssl.is_some() {
        return Err(Refusal::PasswordNeeded {
            why: "the instance encrypts connections",
        });
    }
    Ok(())
}

/// Sets another password, or lets everybody in without one. Gives the task's number.
pub fn reset_password(cloud: &mut Cloud, call: &Call, id: &str, asked: &NewPassword<'_>) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let password = asked.text.filter(|password| !password.is_empty());
    let no_auth = asked.no_auth;
    let hidden = hides_password(cloud, asked.encrypted);
    match password {
        _ if no_auth => password_free_fault(instance)?,
        None => return Err(Refusal::PasswordMissing),
        // The rules are on the plain text.
        Some(_) if hidden => {}
        Some(password) => new_password_fault(instance, password)?,
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

/// What the two spellings of ModifyInstancePassword ask for.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// `OldPassword`
    pub old: &'a str,
    /// `Password`
    pub new: &'a str,
    /// `EncryptPassword`, which one of the spellings has: both texts are not the passwords themselves.
    pub encrypted: bool,
    /// The spelling.
    pub kind: FlowKind,
}

/// Sets another password for who knows the old one; where that is not known here, any is taken for it. Gives the
/// task's number.
pub fn modify_password(cloud: &mut Cloud, call: &Call, id: &str, asked: &Exchange<'_>) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    for (parameter, text) in [("OldPassword", asked.old), ("Password", asked.new)] {
        if text.is_empty() {
            return Err(Refusal::Empty { parameter });
        }
    }
    let hidden = hides_password(cloud, asked.encrypted);
    match &instance.access {
        Access::NoPassword => {
            return Err(Refusal::PasswordFree {
                id: instance.id.clone(),
            });
        }
        Access::Password(Some(known)) if !hidden && known != asked.old => return Err(Refusal::PasswordWrong),
        Access::Password(_) => {}
    }
    if !hidden {
        new_password_fault(instance, asked.new)?;
    }
    flow::can_begin(cloud, call, instance, asked.kind).map_err(Refusal::of_its_kind)?;
    let id = instance.id.clone();
    let known = Some(asked.new.to_owned()).filter(|_| !hidden);
    let change = Change::now(asked.kind, Payload::Access(Access::Password(known)));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// What is told of `root`, to be changed.
pub(crate) fn root_mut(instance: &mut Instance) -> &mut RedisAccount {
    if !instance.accounts.first().is_some_and(RedisAccount::is_root) {
        instance.accounts.insert(0, RedisAccount::root());
    }
    &mut instance.accounts[0]
}

/// The way in from now on, and when the password last became another one.
pub(crate) fn apply(instance: &mut Instance, access: &Access, at: Millis) {
    instance.access.clone_from(access);
    if *access != Access::NoPassword {
        root_mut(instance).password_changed_at = Some(at);
    }
}
