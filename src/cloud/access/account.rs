//! The Redis accounts of an instance: `root`, which each has, and those that are made.

use crate::cloud::access::change::{AccountChange, AccountEdit, AccountStep};
use crate::cloud::access::password;
use crate::cloud::access::password::{hides_password, new_password_fault, password_free_fault, root_mut};
use crate::cloud::access::record::{Privilege, RedisAccount, Route};
use crate::cloud::catalogue::edition::Edition;
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::{Access, Instance};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

/// Most characters of an account's name.
const NAME_CHARS_MAX: usize = 32;
/// Most bytes of a remark.
const REMARK_BYTES_MAX: usize = 64;

/// What is asked of an account. What is `None` stays as it is, or is as it is at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountRequest<'a> {
    /// `AccountName`
    pub name: &'a str,
    /// `AccountPassword`
    pub password: Option<&'a str>,
    /// `EncryptPassword`
    pub encrypted: bool,
    /// `ReadonlyPolicy`; empty: it stays as it is.
    pub route: &'a [String],
    /// `Privilege`
    pub privilege: Option<&'a str>,
    /// `Remark`
    pub remark: Option<&'a str>,
    /// `NoAuth`: for `root` alone.
    pub no_auth: Option<bool>,
}

/// Refuses where an edition has `root` alone.
pub fn edition_fault(edition: &Edition) -> Result<(), Refusal> {
    if edition.is_modern() {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: edition.type_id,
        what: "have accounts of their own",
    })
}

/// Why an account cannot be called so; `None`: it can, unless another one is.
pub fn name_fault(name: &str) -> Option<&'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !(1..=NAME_CHARS_MAX).contains(&name.len()) || !name.chars().all(fits) {
        return Some("a name has 1 to 32 letters, digits, - and _");
    }
    (name == RedisAccount::ROOT).then_some("every instance has a root already")
}

/// Why an account cannot have that remark.
pub fn remark_fault(remark: &str) -> Option<&'static str> {
    (remark.len() > REMARK_BYTES_MAX).then_some("a remark has 64 bytes at most")
}

impl Instance {
    /// All accounts as they are told, `root` first.
    pub fn all_accounts(&self) -> Vec<RedisAccount> {
        let root = (!self.accounts.iter().any(RedisAccount::is_root)).then(RedisAccount::root);
        root.into_iter().chain(self.accounts.iter().cloned()).collect()
    }

    /// Whether there is an account of that name.
    pub fn has_account(&self, name: &str) -> bool {
        name == RedisAccount::ROOT || self.accounts.iter().any(|account| account.name == name)
    }
}

/// Whether something of an account is under way.
pub fn is_changing(cloud: &Cloud, instance: &Instance, name: &str) -> bool {
    cloud.flows.of(&instance.id).any(|flow| flow.account() == Some(name))
}

/// Makes an account, which is told of at once. Gives the task's number.
pub fn create(cloud: &mut Cloud, call: &Call, id: &str, asked: &AccountRequest<'_>) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    edition_fault(instance.edition)?;
    if let Some(why) = name_fault(asked.name) {
        return Err(bad_value("AccountName", why.into()));
    }
    if instance.has_account(asked.name) {
        return Err(bad_value("AccountName", format!("{} is taken", asked.name)));
    }
    let privileges = [Privilege::Read, Privilege::ReadWrite];
    let edit = edit(cloud, instance, asked, &privileges)?;
    let Some(Access::Password(password)) = edit.access else {
        return Err(bad_value("AccountPassword", "it is empty".into()));
    };
    let (Some(route), Some(privilege)) = (edit.route, edit.privilege) else {
        return Err(bad_value("ReadonlyPolicy", "it and Privilege are needed".into()));
    };
    let account = RedisAccount {
        name: asked.name.to_owned(),
        password,
        privilege,
        route,
        remark: edit.remark.unwrap_or_default(),
        created_at: Some(call.now),
        password_changed_at: Some(call.now),
    };
    flow::can_begin(cloud, call, instance, FlowKind::MakeAccount)?;
    let id = instance.id.clone();
    let change = AccountChange {
        name: account.name.clone(),
        step: AccountStep::Make,
    };
    cloud.instances.update(&id, |instance| instance.accounts.push(account));
    let change = Change::now(FlowKind::MakeAccount, Payload::Account(change));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Changes an account, or `root`. Gives the task's number.
pub fn modify(cloud: &mut Cloud, call: &Call, id: &str, asked: &AccountRequest<'_>) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    edition_fault(instance.edition)?;
    is_there(instance, asked.name)?;
    let mut edit = edit(cloud, instance, asked, &Privilege::ALL)?;
    let is_root = asked.name == RedisAccount::ROOT;
    if is_root
        && edit
            .privilege
            .is_some_and(|privilege| privilege != Privilege::ReadWrite)
    {
        let why = "keeps the privilege rw";
        return Err(Refusal::RootStays { why });
    }
    match asked.no_auth {
        Some(true) if !is_root => {
            let why = "alone can be used without a password";
            return Err(Refusal::RootStays { why });
        }
        Some(true) => {
            password_free_fault(instance)?;
            edit.access = Some(Access::NoPassword);
        }
        Some(false) if is_root && instance.access == Access::NoPassword && edit.access.is_none() => {
            return Err(Refusal::PasswordMissing);
        }
        _ => {}
    }
    let kind = match edit.access {
        Some(Access::NoPassword) => FlowKind::RootNoPassword,
        _ => FlowKind::ModifyAccount,
    };
    begin(cloud, call, id, kind, asked.name, AccountStep::Modify(edit))
}

/// Deletes an account. Gives the task's number.
pub fn delete(cloud: &mut Cloud, call: &Call, id: &str, name: &str) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    edition_fault(instance.edition)?;
    if name == RedisAccount::ROOT {
        let why = "cannot be deleted";
        return Err(Refusal::RootStays { why });
    }
    is_there(instance, name)?;
    begin(cloud, call, id, FlowKind::DeleteAccount, name, AccountStep::Delete)
}

fn is_there(instance: &Instance, name: &str) -> Result<(), Refusal> {
    if instance.has_account(name) {
        return Ok(());
    }
    Err(Refusal::NoSuchAccount { name: name.to_owned() })
}

/// What is asked for, by the rules for every account.
fn edit(
    cloud: &Cloud,
    instance: &Instance,
    asked: &AccountRequest<'_>,
    privileges: &[Privilege],
) -> Result<AccountEdit, Refusal> {
    let hidden = hides_password(cloud, asked.encrypted);
    // Without a password, one beside it does not count.
    let password = asked.password.filter(|_| asked.no_auth != Some(true));
    if let Some(password) = password.filter(|_| !hidden) {
        new_password_fault(instance, password)?;
    }
    let route = match asked.route {
        [] => None,
        words => {
            let why = || "it holds master, replication or both".to_owned();
            Some(Route::from_words(words).ok_or_else(|| bad_value("ReadonlyPolicy", why()))?)
        }
    };
    if route.is_some_and(Route::reads_replicas) && !instance.replicas_readonly {
        return Err(Refusal::ReplicasServeNoReads {
            id: instance.id.clone(),
        });
    }
    let privilege = asked.privilege.map(|word| {
        let known = Privilege::from_word(word).filter(|privilege| privileges.contains(privilege));
        let words: Vec<_> = privileges.iter().map(|privilege| privilege.word()).collect();
        known.ok_or_else(|| bad_value("Privilege", format!("{word} is none of {}", words.join(", "))))
    });
    if let Some(why) = asked.remark.and_then(remark_fault) {
        return Err(bad_value("Remark", why.into()));
    }
    Ok(AccountEdit {
        access: password.map(|password| Access::Password((!hidden).then(|| password.to_owned()))),
        privilege: privilege.transpose()?,
        route,
        remark: asked.remark.map(str::to_owned),
    })
}

/// Begins a change of an account of which nothing is under way.
fn begin(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    kind: FlowKind,
    name: &str,
    step: AccountStep,
) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    flow::can_begin(cloud, call, instance, kind)?;
    let id = instance.id.clone();
    if is_changing(cloud, instance, name) {
        return Err(Refusal::ChangeWaiting { id });
    }
    let change = AccountChange {
        name: name.to_owned(),
        step,
    };
    let change = Change::now(kind, Payload::Account(change));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// What the end of a change makes of the account.
pub(crate) fn apply(instance: &mut Instance, change: &AccountChange, at: Millis) {
    match &change.step {
        AccountStep::Make => {}
        AccountStep::Modify(edit) if change.name == RedisAccount::ROOT => {
            if let Some(access) = &edit.access {
                password::apply(instance, access, at);
            }
            if edit.route.is_some() || edit.remark.is_some() {
                settle(root_mut(instance), edit);
            }
        }
        AccountStep::Modify(edit) => {
            let own = instance.accounts.iter_mut().find(|account| account.name == change.name);
            let Some(account) = own else {
                return;
            };
            if let Some(Access::Password(password)) = &edit.access {
                account.password.clone_from(password);
                account.password_changed_at = Some(at);
            }
            account.privilege = edit.privilege.unwrap_or(account.privilege);
            settle(account, edit);
        }
        AccountStep::Delete => instance.accounts.retain(|account| account.name != change.name),
    }
}

fn settle(account: &mut RedisAccount, edit: &AccountEdit) {
    account.route = edit.route.unwrap_or(account.route);
    if let Some(remark) = &edit.remark {
        account.remark.clone_from(remark);
    }
}

/// What the failure of a change makes of the account: one that was to be made is not.
pub(crate) fn undo(instance: &mut Instance, change: &AccountChange) {
    if change.step == AccountStep::Make {
        instance.accounts.retain(|account| account.name != change.name);
    }
}
