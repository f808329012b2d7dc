//! Accounts, passwords, and what an instance asks of new ones.

use super::*;
use crate::cloud::access::account::{self, AccountRequest, is_changing};
use crate::cloud::access::password::{Exchange, NewPassword, modify_password};
use crate::cloud::access::policy::modify_policy;
use crate::cloud::network::{tls, wan};

const ID: &str = "crs-aaaaaaaa";
const STRICT: PasswordPolicy = PasswordPolicy {
    enabled: true,
    letters: 2,
    digits: 2,
    symbols: 2,
    length: 10,
};

fn one(pace: Pace) -> Cloud {
    let mut instance = in_network(instance(ID, 8));
    instance.access = Access::Password(Some("before01".into()));
    with(pace, instance)
}

fn own(cloud: &Cloud) -> &Instance {
    &cloud.instances[ID]
}

/// Ends what has just begun.
fn end(cloud: &mut Cloud, now: Millis) {
    advance::finish_if_instant(cloud, now);
}

fn of<'a>(name: &'a str, route: &'a [String]) -> AccountRequest<'a> {
    AccountRequest {
        name,
        password: Some("Secret_99"),
        route,
        privilege: Some("r"),
        ..AccountRequest::default()
    }
}

fn master() -> Vec<String> {
    vec!["master".into()]
}

fn exchange<'a>(old: &'a str, new: &'a str) -> Exchange<'a> {
    Exchange {
        old,
        new,
        encrypted: false,
        kind: FlowKind::ModifyPassword,
    }
}

fn make(cloud: &mut Cloud, name: &str) -> Result<TaskId, Refusal> {
    account::create(cloud, &guangzhou(), ID, &of(name, &master()))
}

fn reset<'a>(password: &'a str) -> NewPassword<'a> {
    NewPassword {
        text: Some(password),
        ..NewPassword::default()
    }
}

fn names(cloud: &Cloud) -> Vec<String> {
    own(cloud).all_accounts().into_iter().map(|one| one.name).collect()
}

#[test]
fn an_account_is_told_of_at_once_and_is_ready_at_the_end() {
    let mut cloud = one(Pace::Held);
    assert_eq!(names(&cloud), ["root"]);
    let task = make(&mut cloud, "app").unwrap();
    assert_eq!(names(&cloud), ["root", "app"]);
    assert!(is_changing(&cloud, own(&cloud), "app") && !is_changing(&cloud, own(&cloud), "root"));
    let made = &own(&cloud).all_accounts()[1];
    assert_eq!((made.privilege, made.route), (Privilege::Read, Route::Master));
    assert_eq!((made.created_at, made.password_changed_at), (Some(NOW), Some(NOW)));
    assert_eq!(own(&cloud).status, Status::Running);
    cloud.step(task, NOW + SECOND);
    assert!(!is_changing(&cloud, own(&cloud), "app"));
    assert_eq!(cloud.tasks[&task].kind.code(), "037");
}

#[test]
fn accounts_change_side_by_side_and_each_once_at_a_time() {
    let mut cloud = one(Pace::Held);
    make(&mut cloud, "one").unwrap();
    make(&mut cloud, "two").unwrap();
    let call = guangzhou();
    let waiting = Refusal::ChangeWaiting { id: ID.into() };
    assert_eq!(account::delete(&mut cloud, &call, ID, "one"), Err(waiting.clone()));
    let again = account::modify(&mut cloud, &call, ID, &of("two", &master()));
    assert_eq!(again, Err(waiting));
    assert!(matches!(make(&mut cloud, "one"), Err(Refusal::BadValue { .. })));
    cloud.drain(NOW);
    let gone = account::delete(&mut cloud, &call, ID, "one").unwrap();
    assert_eq!(names(&cloud), ["root", "one", "two"], "it goes at the end");
    cloud.step(gone, NOW);
    assert_eq!(names(&cloud), ["root", "two"]);
}

#[test]
fn what_changes_of_an_account_changes_at_the_end() {
    let mut cloud = one(Pace::Held);
    make(&mut cloud, "app").unwrap();
    cloud.drain(NOW);
    let asked = AccountRequest {
        password: None,
        privilege: Some("w"),
        remark: Some("nightly"),
        ..of("app", &[])
    };
    let task = account::modify(&mut cloud, &at(NOW + SECOND), ID, &asked).unwrap();
    assert_eq!(own(&cloud).accounts[0].privilege, Privilege::Read);
    cloud.step(task, NOW + 2 * SECOND);
    let now = &own(&cloud).accounts[0];
    assert_eq!((now.privilege, &*now.remark), (Privilege::Write, "nightly"));
    assert_eq!((now.route, now.password_changed_at), (Route::Master, Some(NOW)));
    let asked = AccountRequest {
        password: Some("Another_1"),
        privilege: None,
        ..of("app", &[])
    };
    let task = account::modify(&mut cloud, &at(NOW + 3 * SECOND), ID, &asked).unwrap();
    cloud.step(task, NOW + 4 * SECOND);
    let now = &own(&cloud).accounts[0];
    assert_eq!(now.password.as_deref(), Some("Another_1"));
    assert_eq!(
        (&*now.remark, now.password_changed_at),
        ("nightly", Some(NOW + 4 * SECOND))
    );
}

#[test]
fn an_isolated_instance_keeps_its_accounts_and_loses_what_was_being_made() {
    let mut cloud = one(Pace::Held);
    make(&mut cloud, "app").unwrap();
    cloud.drain(NOW);
    make(&mut cloud, "late").unwrap();
    let task = cloud.destroy_postpaid(&guangzhou(), ID).unwrap();
    cloud.step(task, NOW);
    assert_eq!(names(&cloud), ["root", "app"]);
}

#[test]
fn replicas_serve_an_account_while_they_serve_reads() {
    let mut cloud = one(Pace::Instant);
    let both = ["replication".to_owned(), "master".to_owned()];
    let refused = account::create(&mut cloud, &guangzhou(), ID, &of("app", &both));
    assert_eq!(refused, Err(Refusal::ReplicasServeNoReads { id: ID.into() }));
    cloud.instances.update(ID, |own| own.replicas_readonly = true);
    account::create(&mut cloud, &guangzhou(), ID, &of("app", &both)).unwrap();
    assert_eq!(own(&cloud).accounts[0].route.words(), ["master", "replication"]);
}

#[test]
fn root_keeps_its_privilege_and_cannot_go() {
    let mut cloud = one(Pace::Instant);
    let refused = account::modify(&mut cloud, &guangzhou(), ID, &of("root", &master()));
    assert!(matches!(refused, Err(Refusal::RootStays { .. })));
    let refused = account::delete(&mut cloud, &guangzhou(), ID, "root");
    assert!(matches!(refused, Err(Refusal::RootStays { .. })));
    let asked = AccountRequest {
        privilege: Some("rw"),
        remark: Some("of the house"),
        ..of("root", &[])
    };
    account::modify(&mut cloud, &guangzhou(), ID, &asked).unwrap();
    end(&mut cloud, NOW);
    let root = &own(&cloud).all_accounts()[0];
    assert_eq!((&*root.remark, root.password_changed_at), ("of the house", Some(NOW)));
    assert_eq!(own(&cloud).access.password(), Some("Secret_99"), "it is the instance's");
}

#[test]
fn root_without_a_password_is_the_instance_without_one() {
    let mut cloud = one(Pace::Instant);
    let call = guangzhou();
    let without = AccountRequest {
        name: "root",
        no_auth: Some(true),
        password: Some("short"),
        ..AccountRequest::default()
    };
    let task = account::modify(&mut cloud, &call, ID, &without).unwrap();
    let early = wan::allocate(&mut cloud, &call, ID);
    assert_eq!(early, Err(Refusal::ChangeWaiting { id: ID.into() }));
    end(&mut cloud, NOW);
    assert_eq!(own(&cloud).access, Access::NoPassword);
    assert_eq!(cloud.tasks[&task].kind.code(), "035");
    let free = Refusal::PasswordFree { id: ID.into() };
    assert_eq!(wan::allocate(&mut cloud, &call, ID), Err(free.clone()));
    assert_eq!(
        modify_password(&mut cloud, &call, ID, &exchange("before01", "after_02")),
        Err(free)
    );
    let with = |password| AccountRequest {
        name: "root",
        no_auth: Some(false),
        password,
        ..AccountRequest::default()
    };
    let refused = account::modify(&mut cloud, &call, ID, &with(None));
    assert_eq!(refused, Err(Refusal::PasswordMissing));
    account::modify(&mut cloud, &call, ID, &with(Some("after_02"))).unwrap();
    end(&mut cloud, NOW);
    assert_eq!(own(&cloud).access.password(), Some("after_02"));
    tls::open(&mut cloud, &call, ID, None).unwrap();
    end(&mut cloud, NOW);
    let refused = account::modify(&mut cloud, &call, ID, &without);
    assert!(matches!(refused, Err(Refusal::PasswordNeeded { .. })), "it encrypts");
    assert!(matches!(
        account::modify(
            &mut cloud,
            &call,
            ID,
            &AccountRequest {
                name: "nobody",
                ..without
            }
        ),
        Err(Refusal::NoSuchAccount { .. })
    ));
}

#[test]
fn an_old_password_is_compared() {
    let mut cloud = one(Pace::Held);
    let call = guangzhou();
    let wrong = modify_password(&mut cloud, &call, ID, &exchange("before02", "after_02"));
    assert_eq!(wrong, Err(Refusal::PasswordWrong));
    let task = modify_password(&mut cloud, &call, ID, &exchange("before01", "after_02")).unwrap();
    let second = modify_password(&mut cloud, &call, ID, &exchange("before01", "after_03"));
    assert_eq!(second, Err(Refusal::TaskRuns { id: ID.into() }));
    cloud.step(task, NOW + SECOND);
    assert_eq!(own(&cloud).access.password(), Some("after_02"));
    assert_eq!(own(&cloud).all_accounts()[0].password_changed_at, Some(NOW + SECOND));
    cloud.instances.update(ID, |own| own.access = Access::Password(None));
    let any = modify_password(&mut cloud, &call, ID, &exchange("whatever1", "after_04"));
    assert!(any.is_ok(), "what is not known cannot be compared");
}

#[test]
fn a_policy_holds_for_every_password_that_comes_after_it() {
    let mut cloud = one(Pace::Instant);
    let call = guangzhou();
    modify_policy(&mut cloud, &call, ID, STRICT).unwrap();
    assert_eq!(own(&cloud).access.password(), Some("before01"), "what was before stays");
    let refused = |done: Result<TaskId, Refusal>| matches!(done, Err(Refusal::PasswordBreaksRules { .. }));
    let (weak, strong) = ("Secret_99", "Secret__99");
    assert!(refused(cloud.reset_password(&call, ID, &reset(weak))));
    assert!(refused(modify_password(
        &mut cloud,
        &call,
        ID,
        &exchange("before01", weak)
    )));
    assert!(refused(make(&mut cloud, "app")));
    let keeping = AccountRequest {
        password: Some(strong),
        ..of("app", &[])
    };
    let route = master();
    let keeping = AccountRequest {
        route: &route,
        ..keeping
    };
    account::create(&mut cloud, &call, ID, &keeping).unwrap();
    assert!(refused(account::modify(&mut cloud, &call, ID, &of("app", &[]))));
    cloud.reset_password(&call, ID, &reset(strong)).unwrap();
    end(&mut cloud, NOW);
    modify_password(&mut cloud, &call, ID, &exchange(strong, strong)).unwrap();
    let off = PasswordPolicy {
        enabled: false,
        ..STRICT
    };
    modify_policy(&mut cloud, &call, ID, off).unwrap();
    assert_eq!(own(&cloud).password_policy(), off, "its numbers are kept");
    end(&mut cloud, NOW);
    cloud.reset_password(&call, ID, &reset(weak)).unwrap();
}

#[test]
fn a_policy_is_one_that_can_be_had() {
    let mut cloud = one(Pace::Instant);
    let wrong = [
        PasswordPolicy {
            letters: 17,
            length: 64,
            ..STRICT
        },
        PasswordPolicy { digits: 0, ..STRICT },
        PasswordPolicy { length: 65, ..STRICT },
        PasswordPolicy { length: 7, ..STRICT },
        PasswordPolicy {
            letters: 5,
            digits: 5,
            symbols: 5,
            length: 14,
            enabled: true,
        },
    ];
    for policy in wrong {
        let refused = modify_policy(&mut cloud, &guangzhou(), ID, policy);
        assert!(matches!(refused, Err(Refusal::PolicyBreaksRules { .. })), "{policy:?}");
        let off = PasswordPolicy {
            enabled: false,
            ..policy
        };
        assert_eq!(modify_policy(&mut cloud, &guangzhou(), ID, off), Ok(()));
    }
    modify_policy(&mut cloud, &guangzhou(), ID, PasswordPolicy::USUAL).unwrap();
    assert_eq!(own(&cloud).own_password_policy, None, "the usual one costs nothing");
}

#[test]
fn the_policy_of_an_order_stays_with_what_is_made() {
    let mut cloud = empty(Pace::Instant);
    let order = Order {
        type_id: 8,
        mem_mb: 1_024,
        goods: 1,
        months: 1,
        vpc: Some("vpc-abcdefgh".into()),
        subnet: Some("subnet-abcdefgh".into()),
        password: Some("Secret__99".into()),
        password_policy: Some(STRICT),
        shards: Some(1),
        replicas: Some(1),
        ..Order::default()
    };
    let made = cloud.create(&guangzhou(), &order).unwrap().expect("an order");
    end(&mut cloud, NOW);
    let id = made.instance_ids[0].to_string();
    let refused = cloud.reset_password(&guangzhou(), &id, &reset("Secret_99"));
    assert!(matches!(refused, Err(Refusal::PasswordBreaksRules { .. })));
}
