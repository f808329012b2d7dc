//! Replication groups: who may join, what each member does, and what is left when one goes.

use super::*;
use crate::cloud::life::look;
use crate::cloud::monitor::record::MB;
use crate::cloud::replication::bar::{Deed, bars, cleared_with};
use crate::cloud::replication::group::{self, GroupChange, GroupFilter, NewGroup};
use crate::cloud::replication::member::{self, Named};
use crate::cloud::replication::status;

const GROUP: &str = "crs-rpl-aaaaaaaa";
const A: &str = "crs-aaaaaaaa";
const B: &str = "crs-bbbbbbbb";
const C: &str = "crs-cccccccc";
const D: &str = "crs-dddddddd";
const E: &str = "crs-eeeeeeee";
const ALL: [&str; 5] = [A, B, C, D, E];
use MemberRole::{R, Rw};

/// Five running instances of type 7, of which these are in a group.
fn grouped(pace: Pace, members: &[(&str, MemberRole)]) -> Cloud {
    let mut cloud = empty(pace);
    for id in ALL {
        cloud.instances.insert(in_network(instance(id, 7)));
    }
    cloud.replication_groups.insert(replication_group(GROUP, members));
    cloud
}

fn named(instance_id: &str) -> Named {
    Named {
        group_id: GROUP.into(),
        instance_id: instance_id.into(),
    }
}

fn roles(cloud: &Cloud) -> Vec<(&str, MemberRole)> {
    let group = cloud.replication_groups.get(GROUP).expect("the group");
    let members = group.members.iter();
    members.map(|member| (&*member.instance_id, member.role)).collect()
}

fn state(cloud: &Cloud) -> i64 {
    status::status(cloud, cloud.replication_groups.get(GROUP).expect("the group"))
}

fn shows(cloud: &Cloud, id: &str) -> (i64, i64) {
    let instance = &cloud.instances[id];
    (instance.status.number(), status::sub_status(cloud, instance))
}

fn ends(cloud: &mut Cloud) {
    cloud.drain(NOW + SECOND);
    assert_eq!(state(cloud), 0);
}

/// What a replication group has against it.
fn against<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> ReplicationRefusal {
    match refused {
        Err(Refusal::Replication(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_group_is_made_filled_and_emptied() {
    let mut cloud = grouped(Pace::Held, &[]);
    for (at, id) in ALL[..4].iter().enumerate() {
        let role = if at == 0 { "rw" } else { "r" };
        member::add(&mut cloud, &guangzhou(), &named(id), role).unwrap();
        assert_eq!((shows(&cloud, id), state(&cloud)), ((1, 37), 37));
        let locked = against(member::add(&mut cloud, &guangzhou(), &named(E), "r"));
        assert_eq!(locked, ReplicationRefusal::Locked { id: GROUP.into() });
        ends(&mut cloud);
        assert_eq!(shows(&cloud, id), (2, 0));
    }
    let full = against(member::add(&mut cloud, &guangzhou(), &named(E), "rw"));
    assert_eq!(full, ReplicationRefusal::Full { id: GROUP.into() });
    let needed = against(member::remove(
        &mut cloud,
        &guangzhou(),
        &named(A),
        FlowKind::LeaveGroup,
    ));
    assert!(matches!(needed, ReplicationRefusal::OneMaster { .. }));
    for id in ALL[..4].iter().rev() {
        member::remove(&mut cloud, &guangzhou(), &named(id), FlowKind::LeaveGroup).unwrap();
        assert_eq!((shows(&cloud, id), state(&cloud)), ((1, 51), 51));
        assert!(cloud.replication_groups.of(id).is_some());
        ends(&mut cloud);
        assert!(cloud.replication_groups.of(id).is_none());
    }
    group::remove(&mut cloud, GROUP).unwrap();
    assert_eq!(cloud.replication_groups.len(), 0);
    let gone = against(group::remove(&mut cloud, GROUP));
    assert!(matches!(gone, ReplicationRefusal::NoSuchGroup { .. }));
}

#[test]
fn the_first_brings_its_data_and_the_others_copy_it() {
    let mut cloud = grouped(Pace::Instant, &[]);
    let used = |cloud: &Cloud, id: &str| cloud.instances[id].memory.used / MB;
    cloud.instances.update(A, |one| one.memory.used = 300 * MB);
    member::add(&mut cloud, &guangzhou(), &named(A), "rw").unwrap();
    ends(&mut cloud);
    for (id, role) in [(B, "r"), (C, "rw")] {
        member::add(&mut cloud, &guangzhou(), &named(id), role).unwrap();
        ends(&mut cloud);
        assert_eq!(used(&cloud, id), 300);
    }
    cloud.instances.update(D, |one| one.memory.used = 1);
    let full = against(member::add(&mut cloud, &guangzhou(), &named(D), "r"));
    let id = D.into();
    assert_eq!(full, ReplicationRefusal::HoldsData { id, used_mb: 1 });
    member::remove(&mut cloud, &guangzhou(), &named(B), FlowKind::DeleteFromGroup).unwrap();
    ends(&mut cloud);
    assert_eq!((used(&cloud, B), roles(&cloud)), (300, vec![(A, Rw), (C, Rw)]));
}

#[test]
fn what_may_join_is_looked_at_in_order() {
    let mut cloud = grouped(Pace::Held, &[(A, Rw)]);
    let join = |cloud: &mut Cloud, role: &str| member::add(cloud, &guangzhou(), &named(B), role);
    let change = |cloud: &mut Cloud, change: fn(&mut Instance)| cloud.instances.update(B, change).unwrap();
    change(&mut cloud, |one| {
        one.spec.mem_mb *= 2;
        one.spec.shards = 128;
    });
    change(&mut cloud, |one| one.memory.used = MB);
    change(&mut cloud, |one| one.status = Status::Isolated);
    change(&mut cloud, |one| one.software.proxy_version = "5.5.9".into());
    change(&mut cloud, |one| one.edition = edition::find(16).unwrap());
    assert!(matches!(
        join(&mut cloud, "rr"),
        Err(Refusal::BadValue {
            parameter: "InstanceRole",
            ..
        })
    ));
    assert!(matches!(
        join(&mut cloud, "r"),
        Err(Refusal::EditionCannot { type_id: 16, .. })
    ));
    change(&mut cloud, |one| one.edition = edition::find(9).unwrap());
    assert!(matches!(
        join(&mut cloud, "r"),
        Err(Refusal::EditionCannot { type_id: 9, .. })
    ));
    change(&mut cloud, |one| one.edition = edition::find(7).unwrap());
    assert!(matches!(join(&mut cloud, "r"), Err(Refusal::ProxyTooOld { .. })));
    change(&mut cloud, |one| one.software.proxy_version = "5.6.0".into());
    assert!(matches!(join(&mut cloud, "r"), Err(Refusal::WrongStatus { .. })));
    change(&mut cloud, |one| one.status = Status::Running);
    assert!(matches!(
        against(join(&mut cloud, "r")),
        ReplicationRefusal::HoldsData { .. }
    ));
    change(&mut cloud, |one| one.memory.used = 0);
    for shards in [128, 3] {
        cloud.instances.update(B, |one| one.spec.shards = shards);
        assert!(matches!(
            against(join(&mut cloud, "r")),
            ReplicationRefusal::OtherSize { .. }
        ));
    }
    change(&mut cloud, |one| one.spec = edition::find(7).unwrap().default_spec());
    let evict = [Param {
        name: "maxmemory-policy".into(),
        value: "allkeys-lru".into(),
    }];
    cloud::parameter::modify::modify(&mut cloud, &guangzhou(), B, &evict).unwrap();
    assert!(
        matches!(against(join(&mut cloud, "r")), ReplicationRefusal::Unfit { .. }),
        "it is on its way"
    );
    let flow = only_flow(&cloud);
    cloud.fail(flow.id, NOW, "no");
    join(&mut cloud, "r").unwrap();
    let bound = against(join(&mut cloud, "r"));
    assert!(matches!(bound, ReplicationRefusal::Bound { .. }));
    let empty = against(member::add(&mut grouped(Pace::Held, &[]), &guangzhou(), &named(B), "r"));
    assert!(matches!(empty, ReplicationRefusal::Unfit { .. }));
}

#[test]
fn one_member_takes_over_from_another() {
    let mut cloud = grouped(Pace::Held, &[(A, Rw), (B, R), (C, R)]);
    member::change_master(&mut cloud, &guangzhou(), &named(B)).unwrap();
    assert_eq!(
        (shows(&cloud, A), shows(&cloud, B), shows(&cloud, C)),
        ((1, 52), (1, 52), (2, 0))
    );
    assert_eq!((state(&cloud), roles(&cloud)[0]), (52, (A, Rw)));
    let locked = against(member::change_role(&mut cloud, &guangzhou(), &named(C), "rw"));
    assert!(matches!(locked, ReplicationRefusal::Locked { .. }));
    ends(&mut cloud);
    assert_eq!(roles(&cloud), [(A, R), (B, Rw), (C, R)]);
    assert_eq!((shows(&cloud, A), shows(&cloud, B)), ((2, 0), (2, 0)));
    let already = against(member::change_master(&mut cloud, &guangzhou(), &named(B)));
    assert!(matches!(already, ReplicationRefusal::Unfit { .. }));
    let last = against(member::change_role(&mut cloud, &guangzhou(), &named(B), "r"));
    assert!(matches!(last, ReplicationRefusal::OneMaster { .. }));
    member::change_role(&mut cloud, &guangzhou(), &named(B), "rw").unwrap();
    assert_eq!(state(&cloud), 53);
    ends(&mut cloud);
    member::change_role(&mut cloud, &guangzhou(), &named(C), "rw").unwrap();
    ends(&mut cloud);
    let several = against(member::change_master(&mut cloud, &guangzhou(), &named(A)));
    assert!(matches!(several, ReplicationRefusal::OneMaster { .. }));
    member::change_role(&mut cloud, &guangzhou(), &named(B), "r").unwrap();
    ends(&mut cloud);
    assert_eq!(roles(&cloud), [(A, R), (B, R), (C, Rw)]);
    cloud.instances.update(C, |one| one.status = Status::InProcess);
    let busy = member::change_master(&mut cloud, &guangzhou(), &named(A));
    assert!(
        matches!(busy, Err(Refusal::WrongStatus { .. })),
        "the one that writes must run too"
    );
}

#[test]
fn where_time_takes_the_one_that_writes_the_first_of_the_others_does() {
    let mut cloud = grouped(Pace::Held, &[(A, Rw), (B, R), (C, R)]);
    let until = NOW + SECOND;
    cloud.instances.insert(prepaid(cloud.instances[A].clone(), until));
    cloud.instances.update(A, |one| one.auto_renew = AutoRenew::Never);
    cloud.advance(until);
    assert_eq!(cloud.instances[A].status, Status::Isolated);
    assert_eq!(roles(&cloud), [(B, Rw), (C, R)]);
    assert!(cloud.replication_groups.of(A).is_none());
    let joined = cloud.replication_groups.get(GROUP).unwrap().members[0].clone();
    assert_eq!((joined.joined_at, joined.updated_at), (NOW, until));
}

#[test]
fn a_group_that_could_not_be_made_is_none() {
    let mut cloud = grouped(Pace::Held, &[]);
    let new = NewGroup {
        instance_id: A.into(),
        name: Some("东区-1_a".into()),
        remark: "ours".into(),
    };
    let (task, id) = group::create(&mut cloud, &guangzhou(), &new).unwrap();
    let made = cloud.replication_groups.get(&id).unwrap();
    assert_eq!(
        (&*made.name, &*made.remark, status::status(&cloud, made)),
        ("东区-1_a", "ours", 37)
    );
    cloud.fail(task, NOW, "no").unwrap();
    assert_eq!(cloud.replication_groups.get(&id), None);
    assert_eq!(shows(&cloud, A), (2, 0));
    assert!(cloud.replication_groups.of(A).is_none());
}

#[test]
fn names_keep_the_rule() {
    let mut cloud = grouped(Pace::Held, &[]);
    let named = |name: &str| GroupChange {
        name: Some(name.into()),
        remark: None,
    };
    let (long, too_long) = ("n".repeat(64), "n".repeat(65));
    for name in ["ab", "复制", &long] {
        group::modify(&mut cloud, GROUP, named(name)).unwrap();
        assert_eq!(cloud.replication_groups.get(GROUP).unwrap().name, name);
    }
    for name in ["", "a", "a b", "a.b", &too_long] {
        let refused = against(group::modify(&mut cloud, GROUP, named(name)));
        assert!(matches!(refused, ReplicationRefusal::BadName { .. }), "{name}");
    }
    let nothing = group::modify(&mut cloud, GROUP, GroupChange::default());
    assert!(matches!(nothing, Err(Refusal::BadCombination { .. })));
}

#[test]
fn a_member_does_not_do_what_its_group_does_not_let_it() {
    let cloud = grouped(Pace::Held, &[(A, Rw), (B, R)]);
    let barred = |id: &str, deed| bars(&cloud, &cloud.instances[id], deed).is_err();
    for deed in [Deed::Version, Deed::Zones, Deed::Restore, Deed::Evict] {
        assert!(barred(A, deed) && barred(B, deed) && !barred(C, deed), "{deed:?}");
    }
    assert_eq!((barred(A, Deed::Clear), barred(B, Deed::Clear)), (false, true));
    assert_eq!((barred(A, Deed::Destroy), barred(B, Deed::Destroy)), (true, false));
    assert_eq!(cleared_with(&cloud, A), [B]);
    assert!(cleared_with(&cloud, C).is_empty());
}

#[test]
fn groups_are_the_same_from_every_region_and_newest_first() {
    let mut cloud = grouped(Pace::Held, &[(A, Rw)]);
    cloud
        .replication_groups
        .insert(replication_group("crs-rpl-bbbbbbbb", &[]));
    let shanghai = Call::new(NOW, region::find("ap-shanghai").unwrap());
    let ids = |call: &Call, filter: &GroupFilter, page| {
        let (total, found) = group::list(&cloud, call, filter, page).unwrap();
        (
            total,
            found.iter().map(|group| group.id.to_string()).collect::<Vec<_>>(),
        )
    };
    let all = GroupFilter::default();
    let both = (2, vec!["crs-rpl-bbbbbbbb".to_owned(), GROUP.to_owned()]);
    assert_eq!(ids(&guangzhou(), &all, (0, 20)), both);
    assert_eq!(ids(&shanghai, &all, (0, 20)), both);
    assert_eq!(ids(&shanghai, &all, (1, 1)), (2, vec![GROUP.to_owned()]));
    let part = GroupFilter {
        search_key: Some("rpl-a".into()),
        ..GroupFilter::default()
    };
    assert_eq!(ids(&shanghai, &part, (0, 20)), (1, vec![GROUP.to_owned()]));
    let unknown = GroupFilter {
        id: Some("crs-rpl-cccccccc".into()),
        ..GroupFilter::default()
    };
    let unknown = group::list(&cloud, &shanghai, &unknown, (0, 20));
    assert!(matches!(against(unknown), ReplicationRefusal::NoSuchGroup { .. }));
}

#[test]
fn a_look_at_the_group_is_a_look_at_what_its_members_do() {
    let mut cloud = grouped(Pace::Timed, &[(A, Rw), (B, R)]);
    member::change_master(&mut cloud, &guangzhou(), &named(B)).unwrap();
    let late = at(NOW + 10 * SECOND);
    cloud.advance(late.now);
    assert_eq!(state(&cloud), 52, "nobody has looked");
    group::list(&cloud, &late, &GroupFilter::default(), (0, 20)).unwrap();
    let shown = late.shown.borrow().clone();
    assert!(!shown.is_empty());
    look::note_shown(&mut cloud, &shown);
    cloud.advance(late.now);
    assert_eq!((state(&cloud), roles(&cloud)), (0, vec![(A, R), (B, Rw)]));
}

#[test]
fn arrears_follow_both_that_a_change_held() {
    let mut cloud = grouped(Pace::Held, &[(A, Rw), (B, R), (C, R)]);
    member::change_master(&mut cloud, &guangzhou(), &named(B)).unwrap();
    cloud.account.arrears_enforced = true;
    cloud.drain(NOW + SECOND);
    for id in [A, B] {
        assert_eq!(cloud.instances[id].status, Status::Deleting, "{id}");
    }
    assert_eq!(roles(&cloud), [(C, Rw)]);
}
