//! Addresses, bandwidth and connections, encryption.

use super::*;
use crate::cloud::Upgrade;
use crate::cloud::access::password::NewPassword;
use crate::cloud::network::address::{MoveRequest, modify_network};
use crate::cloud::network::connection::{SpecRequest, modify_connection, of_spec};
use crate::cloud::network::switch::{VipSwitch, switch_vip};
use crate::cloud::network::{tls, wan};
use crate::cloud::time::DAY;
use crate::cloud::vpc::address::free_count;
use crate::cloud::vpc::network::NewVpc;
use crate::cloud::vpc::subnet::NewSubnet;

const ID: &str = "crs-aaaaaaaa";
const OTHER: &str = "crs-bbbbbbbb";

fn two(pace: Pace) -> Cloud {
    let mut cloud = with(pace, in_network(instance(ID, 8)));
    let mut other = in_network(instance(OTHER, 8));
    other.address.vip = "10.0.0.2".into();
    cloud.instances.insert(other);
    cloud.instances.update(ID, |own| own.address.vip = "10.0.0.1".into());
    cloud
}

/// Ends what has just begun.
fn end(cloud: &mut Cloud) {
    advance::finish_if_instant(cloud, NOW);
}

fn own(cloud: &Cloud) -> &Instance {
    &cloud.instances[ID]
}

#[test]
fn a_public_address_is_there_when_the_status_is_back() {
    let mut cloud = two(Pace::Held);
    let task = wan::allocate(&mut cloud, &guangzhou(), ID).unwrap();
    assert_eq!(
        (own(&cloud).status, own(&cloud).address.wan.as_deref()),
        (Status::InProcess, None)
    );
    cloud.step(task, NOW);
    let address = own(&cloud).address.wan.clone().expect("an address");
    let port = address.strip_prefix("gz-crs-aaaaaaaa.sql.tencentcdb.com:");
    assert!(
        port.and_then(|port| port.parse::<u16>().ok())
            .is_some_and(|port| port >= 20_000),
        "{address}"
    );
    assert_eq!(own(&cloud).status, Status::Running);
    let no_auth = NewPassword {
        no_auth: true,
        ..NewPassword::default()
    };
    let refused = cloud.reset_password(&guangzhou(), ID, &no_auth).unwrap_err();
    assert!(matches!(refused, Refusal::PasswordNeeded { .. }));
    let task = wan::release(&mut cloud, &guangzhou(), ID).unwrap();
    cloud.step(task, NOW);
    assert_eq!(own(&cloud).address.wan, None);
}

#[test]
fn isolation_closes_the_public_address() {
    let mut cloud = two(Pace::Instant);
    cloud
        .instances
        .update(ID, |own| own.address.wan = Some("gz-x:20000".into()));
    cloud.destroy_postpaid(&guangzhou(), ID).unwrap();
    assert_eq!(own(&cloud).address.wan, None);
}

fn asked(operation: &str) -> MoveRequest {
    MoveRequest {
        instance_id: ID.into(),
        operation: operation.into(),
        ..MoveRequest::default()
    }
}

#[test]
fn a_move_is_told_at_once_and_seen_at_its_end() {
    let mut cloud = two(Pace::Held);
    let to = MoveRequest {
        vip: Some("10.0.0.9".into()),
        port: Some(6_380),
        ..asked("changeVip")
    };
    let moving = modify_network(&mut cloud, &guangzhou(), &to).unwrap();
    assert_eq!((moving.vip.as_str(), moving.vpc.as_str()), ("10.0.0.9", "vpc-abcdefgh"));
    assert_eq!(own(&cloud).address.vip, "10.0.0.1");
    cloud.step(moving.task_id, NOW);
    assert_eq!(
        (own(&cloud).address.vip.as_str(), own(&cloud).address.port),
        ("10.0.0.9", 6_380)
    );
    assert!(cloud.kept_addresses.is_empty());
}

#[test]
fn a_kept_address_is_taken_until_its_days_are_over() {
    let mut cloud = two(Pace::Instant);
    let to = MoveRequest {
        kept_days: Some(3),
        ..asked("changeVip")
    };
    let moved = modify_network(&mut cloud, &guangzhou(), &to).unwrap();
    end(&mut cloud);
    assert_ne!(moved.vip, "10.0.0.1");
    assert_eq!(cloud.kept_addresses[0].until, NOW + 3 * DAY);
    let back = |cloud: &mut Cloud, at_ms| {
        let to = MoveRequest {
            instance_id: OTHER.into(),
            vip: Some("10.0.0.1".into()),
            ..asked("changeVip")
        };
        modify_network(cloud, &at(at_ms), &to).map(|moving| moving.vip)
    };
    let taken = back(&mut cloud, NOW + 3 * DAY - 1).unwrap_err();
    assert_eq!(taken, Refusal::AddressTaken { vip: "10.0.0.1".into() });
    assert_eq!(back(&mut cloud, NOW + 3 * DAY).as_deref(), Ok("10.0.0.1"));
}

#[test]
fn a_kept_address_is_not_free_in_its_subnet() {
    let mut cloud = two(Pace::Instant);
    let new = NewVpc {
        name: "own".into(),
        cidr: "10.0.0.0/16".into(),
        ..NewVpc::default()
    };
    let vpc_id = vpc::network::create(&mut cloud, &guangzhou(), new).unwrap();
    let new = NewSubnet {
        vpc_id: vpc_id.to_string(),
        name: "own".into(),
        cidr: "10.0.0.0/29".into(),
        zone: "ap-guangzhou-3".into(),
        ..NewSubnet::default()
    };
    let subnet_id = vpc::subnet::create(&mut cloud, &guangzhou(), new).unwrap();
    cloud.instances.update(ID, |own| {
        own.network = Some(Network::new(&vpc_id, &subnet_id));
        own.address.vip = "10.0.0.2".into();
    });
    let free = |cloud: &Cloud, now| free_count(cloud, &cloud.subnets[subnet_id.as_str()], now);
    assert_eq!(free(&cloud, NOW), 4);
    let to = MoveRequest {
        vip: Some("10.0.0.4".into()),
        kept_days: Some(3),
        ..asked("changeVip")
    };
    modify_network(&mut cloud, &guangzhou(), &to).unwrap();
    end(&mut cloud);
    assert_eq!(free(&cloud, NOW), 3, "the address that it has, and the one that it had");
    assert_eq!(free(&cloud, NOW + 3 * DAY), 4);
    // It comes back from the recycle bin while somebody else keeps its address.
    let kept = KeptAddress {
        vip: "10.0.0.4".into(),
        vpc: vpc_id.to_string(),
        until: NOW + DAY,
    };
    cloud.kept_addresses.push(kept);
    cloud.destroy_postpaid(&guangzhou(), ID).unwrap();
    end(&mut cloud);
    assert_eq!(free(&cloud, NOW), 3, "both that are kept");
    cloud.start_up(&guangzhou(), ID).unwrap();
    end(&mut cloud);
    assert_eq!(own(&cloud).address.vip, "10.0.0.3");
}

#[test]
fn an_address_on_its_way_is_taken() {
    let mut cloud = two(Pace::Held);
    let to = |id: &str| MoveRequest {
        instance_id: id.into(),
        vip: Some("10.0.0.9".into()),
        ..asked("changeVip")
    };
    modify_network(&mut cloud, &guangzhou(), &to(ID)).unwrap();
    let refused = modify_network(&mut cloud, &guangzhou(), &to(OTHER)).unwrap_err();
    assert_eq!(refused, Refusal::AddressTaken { vip: "10.0.0.9".into() });
}

#[test]
fn two_instances_exchange_addresses_and_the_migration_is_over() {
    for fails in [false, true] {
        let mut cloud = two(Pace::Held);
        cloud.dts_jobs.push(DtsJob {
            id: "dts-a".into(),
            name: "a".into(),
            status: DtsStatus::Ready,
            offset_bytes: 3,
            cut_at: None,
            source: ID.into(),
            target: OTHER.into(),
        });
        let switch = VipSwitch {
            source: ID.into(),
            target: OTHER.into(),
            ..VipSwitch::default()
        };
        let task = switch_vip(&mut cloud, &guangzhou(), &switch).unwrap();
        let statuses = |cloud: &Cloud| [cloud.instances[ID].status, cloud.instances[OTHER].status];
        assert_eq!(statuses(&cloud), [Status::InProcess; 2]);
        let vips = |cloud: &Cloud| [ID, OTHER].map(|id| cloud.instances[id].address.vip.clone());
        if fails {
            advance::fail(&mut cloud, task, NOW, "why");
            assert_eq!(vips(&cloud), ["10.0.0.1", "10.0.0.2"]);
            assert_eq!(cloud.dts_jobs[0].status, DtsStatus::Ready);
        } else {
            cloud.step(task, NOW);
            assert_eq!(vips(&cloud), ["10.0.0.2", "10.0.0.1"]);
            assert_eq!(
                (cloud.dts_jobs[0].status, cloud.dts_jobs[0].cut_at),
                (DtsStatus::Done, Some(NOW))
            );
        }
        assert_eq!(statuses(&cloud), [Status::Running; 2]);
        assert!(cloud.flows.of(OTHER).next().is_none());
    }
}

#[test]
fn limits_are_set_and_kept_over_a_resize() {
    let mut cloud = two(Pace::Instant);
    modify_connection(&mut cloud, &guangzhou(), ID, Some(5), Some(20_000)).unwrap();
    end(&mut cloud);
    assert_eq!((own(&cloud).net_limit(), own(&cloud).clients()), (16 + 5, 20_000));
    let bigger = Upgrade {
        instance_id: ID.into(),
        mem_mb: 8_192,
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &bigger).unwrap();
    let base = own(&cloud).edition.limit(8_192).net_mb_s;
    assert_eq!((own(&cloud).net_limit(), own(&cloud).clients()), (base + 5, 20_000));
    modify_connection(&mut cloud, &guangzhou(), ID, Some(0), None).unwrap();
    end(&mut cloud);
    assert_eq!((own(&cloud).add_bandwidth_mb_s, own(&cloud).clients()), (0, 20_000));
}

#[test]
fn fewer_replicas_lower_connections_that_only_more_allow() {
    let mut cloud = two(Pace::Instant);
    cloud.instances.update(ID, |own| {
        own.replicas_readonly = true;
        own.spec.replicas = 5;
    });
    modify_connection(&mut cloud, &guangzhou(), ID, None, Some(80_000)).unwrap();
    end(&mut cloud);
    let fewer = Upgrade {
        instance_id: ID.into(),
        mem_mb: own(&cloud).spec.mem_mb,
        replicas: Some(1),
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &fewer).unwrap();
    assert_eq!(own(&cloud).clients(), 40_000);
}

#[test]
fn the_bandwidth_of_a_size_is_that_of_all_its_shards() {
    let cloud = two(Pace::Held);
    let of = |asked: &SpecRequest<'_>| of_spec(&cloud, &guangzhou(), asked).unwrap();
    let own_size = SpecRequest {
        instance_id: Some(ID),
        ..SpecRequest::default()
    };
    assert_eq!(of(&own_size), (16 << 20, 10_000));
    let cluster = SpecRequest {
        type_id: Some(9),
        mem_mb: Some(4_096),
        shards: Some(3),
        replicas: Some(2),
        replicas_readonly: Some(true),
        ..SpecRequest::default()
    };
    let shard_mb_s = edition::find(9).unwrap().limit(4_096).net_mb_s;
    assert_eq!(of(&cluster).0, (shard_mb_s * 3 * 2) << 20);
}

#[test]
fn encryption_excludes_access_without_a_password() {
    let mut cloud = two(Pace::Held);
    let task = tls::open(&mut cloud, &guangzhou(), ID, None).unwrap().expect("a task");
    assert!(tls::is_changing(&cloud, own(&cloud)) && own(&cloud).ssl.is_none());
    cloud.step(task, NOW);
    assert_eq!(tls::encrypted_address(own(&cloud)), "10.0.0.1");
    assert_eq!(tls::open(&mut cloud, &guangzhou(), ID, Some(-1)), Ok(None));
    let no_auth = NewPassword {
        no_auth: true,
        ..NewPassword::default()
    };
    assert!(cloud.reset_password(&guangzhou(), ID, &no_auth).is_err());
    let other = tls::open(&mut cloud, &guangzhou(), ID, Some(1))
        .unwrap()
        .expect("a task");
    cloud.step(other, NOW);
    let closed = tls::close(&mut cloud, &guangzhou(), ID, None).unwrap().expect("a task");
    cloud.step(closed, NOW);
    assert_eq!(tls::close(&mut cloud, &guangzhou(), ID, None), Ok(None));
    assert_eq!(tls::encrypted_address(own(&cloud)), "");
    let mut old = own(&cloud).clone();
    assert!(tls::is_supported(&old));
    old.software.proxy_version = "5.5.9".into();
    assert!(!tls::is_supported(&old));
}

#[test]
fn tasks_beside_the_status_do_not_exclude_one_another() {
    let mut cloud = two(Pace::Held);
    let password = NewPassword {
        text: Some("Secret_99"),
        ..NewPassword::default()
    };
    cloud.reset_password(&guangzhou(), ID, &password).unwrap();
    modify_connection(&mut cloud, &guangzhou(), ID, Some(5), None).unwrap();
    let again = modify_connection(&mut cloud, &guangzhou(), ID, Some(6), None).unwrap_err();
    assert_eq!(again, Refusal::ChangeWaiting { id: ID.into() });
    let alone = tls::open(&mut cloud, &guangzhou(), ID, None).unwrap_err();
    assert_eq!(alone, Refusal::ChangeWaiting { id: ID.into() });
}
