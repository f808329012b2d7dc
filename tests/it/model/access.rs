//! How one gets in, in a history.

use crs_local::cloud::access::account::{self, AccountRequest};
use crs_local::cloud::access::password::{Exchange, modify_password};
use crs_local::cloud::access::policy::modify_policy;
use crs_local::cloud::{Call, FlowKind, Instance, PasswordPolicy, RedisAccount, Refusal, Status, advance};

use super::step::Pick;
use super::world::{Gave, World, ensure};

const NAMES: [&str; 4] = ["app", "batch", "reports", RedisAccount::ROOT];

impl World {
    pub(super) fn access(&mut self, call: &Call, pick: Pick, what: u8) -> Result<Gave, Refusal> {
        let own = |one: &RedisAccount| !one.is_root();
        let id = match what % 8 {
            5 => self.pick(pick, |one| {
                one.status == Status::Running && one.accounts.iter().any(own)
            }),
            _ => self.pick(pick, |one| one.status == Status::Running && one.edition.is_modern()),
        };
        let (name, plain) = (NAMES[usize::from(what / 8 % 4)], what / 32);
        self.log.push(format!("access {what} {id}"));
        let route = [["master", "replication"][usize::from(plain / 4 % 2)].to_owned()];
        let mut asked = AccountRequest {
            name,
            password: Some("Secret_99"),
            route: &route,
            privilege: Some(["r", "rw", "w"][usize::from(plain % 3)]),
            ..AccountRequest::default()
        };
        let cloud = &mut self.cloud;
        match what % 8 {
            0..=2 => account::create(cloud, call, &id, &asked).map(drop)?,
            3 => account::modify(cloud, call, &id, &asked).map(drop)?,
            4 => {
                asked = AccountRequest {
                    name,
                    no_auth: Some(plain % 2 == 0),
                    ..AccountRequest::default()
                };
                account::modify(cloud, call, &id, &asked).map(drop)?;
            }
            5 => {
                let has = cloud.instances.get(id.as_str());
                let first = has.and_then(|one| one.accounts.iter().find(|one| own(one)));
                let name = first.map_or(name.to_owned(), |account| account.name.clone());
                account::delete(cloud, call, &id, &name).map(drop)?;
            }
            6 => {
                let asked = Exchange {
                    old: "Secret_99",
                    new: "Secret_98",
                    encrypted: false,
                    kind: [FlowKind::ModifyPassword, FlowKind::ModfiyPassword][usize::from(plain % 2)],
                };
                modify_password(cloud, call, &id, &asked).map(drop)?;
            }
            _ => {
                let policy = PasswordPolicy {
                    enabled: plain < 2,
                    length: 8 + i64::from(plain),
                    ..PasswordPolicy::USUAL
                };
                modify_policy(cloud, call, &id, policy)?;
            }
        }
        advance::finish_if_instant(cloud, call.now);
        Ok(Gave::Change)
    }
}

/// Accounts are named differently, `root` stands first, and what replicas serve they do serve.
pub(super) fn accounts(of: &Instance) -> Result<(), String> {
    let all = of.all_accounts();
    ensure!(all[0].is_root(), "root is not the first account");
    for (at, account) in all.iter().enumerate() {
        let twice = all[..at].iter().any(|other| other.name == account.name);
        ensure!(!twice, "{} stands there twice", account.name);
        ensure!(
            !account.route.reads_replicas() || of.replicas_readonly,
            "{} reads from replicas that serve no reads",
            account.name
        );
        ensure!(
            account.is_root() || of.edition.is_modern(),
            "an edition with root alone has {}",
            account.name
        );
    }
    Ok(())
}
