//! Every row of the table of transitions: what it needs, what is shown meanwhile, and how it ends.

use super::*;
use crate::cloud::access::account::{self, AccountRequest};
use crate::cloud::access::password::{Exchange, NewPassword, modify_password, root_mut};
use crate::cloud::backup::plan::{self, ManualBackup};
use crate::cloud::backup::{restore, second};
use crate::cloud::change::version::{SmallUpgrade, VersionUpgrade};
use crate::cloud::change::zones::Relocation;
use crate::cloud::life::table::{Handle, LIFE, Row};
use crate::cloud::log::audit::{self, Wanted};
use crate::cloud::log::export::{self, NewExport};
use crate::cloud::log::record::{AuditState, ExportState, SubType};
use crate::cloud::money::charge::Renewal;
use crate::cloud::network::address::{MoveRequest, modify_network};
use crate::cloud::network::connection::modify_connection;
use crate::cloud::network::switch::{VipSwitch, switch_vip};
use crate::cloud::network::{tls, wan};
use crate::cloud::parameter::record::Values;
use crate::cloud::parameter::{modify, template};
use crate::cloud::replication::group::NewGroup;
use crate::cloud::replication::member::Named;
use crate::cloud::replication::{group, member};
use crate::cloud::topology::failover::{self, Kill, Promotion};
use crate::cloud::topology::readonly;

mod begin;

use begin::begin;

const ID: &str = "crs-aaaaaaaa";
const NO_AUTH: NewPassword<'static> = NewPassword {
    text: None,
    no_auth: true,
    encrypted: false,
};
const OTHER: &str = "crs-bbbbbbbb";
const ENCRYPTED: Ssl = Ssl {
    address: SslAddress::Any,
    binds_private_ipv4: false,
};
const TEMPLATE: &str = "crs-cfg-aaaaaaaa";
const GROUP: &str = "crs-rpl-aaaaaaaa";
/// Bytes in use of the backup.
const RESTORED: u64 = 5 << 20;
const BACKUP: &str = "100000000-1000000-1800000000";

/// Every row that begins a flow of its own; a renewal of what runs is over at once.
fn rows() -> impl Iterator<Item = &'static Row> {
    LIFE.iter().filter(|row| row.of != FlowKind::Renew)
}

fn to(text: &str) -> NewPassword<'_> {
    NewPassword {
        text: Some(text),
        ..NewPassword::default()
    }
}

fn app() -> RedisAccount {
    RedisAccount {
        name: "app".into(),
        ..RedisAccount::root()
    }
}

/// An audit log that is open.
fn audited() -> AuditLog {
    AuditLog {
        sub_type: SubType::All,
        expire_days: 30,
        degrade_ms: 500,
        created_at: NOW,
        opened_at: Some(NOW),
        closed_at: None,
    }
}

/// An instance with which the transition can begin, paid for that way.
fn suited(of: FlowKind, billing: Billing) -> Instance {
    let type_id = if of == FlowKind::Shards { 9 } else { 8 };
    let mut one = in_network(instance(ID, type_id));
    one.software.newer_proxy_version = Some("5.9.0".into());
    one.software.newer_redis_version = Some("5.1.0".into());
    one.access = Access::Password(Some("before01".into()));
    one.memory.used = 3 << 20;
    match of {
        FlowKind::CloseWan => one.address.wan = Some("gz-crs-aaaaaaaa.sql.tencentcdb.com:20000".into()),
        FlowKind::CloseSsl => one.ssl = Some(ENCRYPTED),
        FlowKind::ModifyAccount | FlowKind::DeleteAccount => one.accounts.push(app()),
        FlowKind::DisableReplicas => {
            one.replicas_readonly = true;
            root_mut(&mut one).route = Route::Both;
        }
        FlowKind::KillMasters => {
            let node = |id, role, zone_id| Node { id, role, zone_id };
            let nodes = vec![node(1, Role::Master, 100_003), node(2, Role::Replica, 100_004)];
            one.placement = Placement::Nodes(nodes);
        }
        FlowKind::CloseLog | FlowKind::Export => one.change_logs(|logs| logs.audit = Some(audited())),
        _ => {}
    }
    if billing == Billing::Prepaid {
        one = prepaid(one, NOW + 10 * time::DAY);
    }
    if !of.row().from.is_empty() && !of.row().from.contains(&Status::Running) {
        one.isolate(NOW);
    }
    if of == FlowKind::StartUp && billing == Billing::Prepaid {
        // Isolated by hand, with time left.
        one.payment = Payment::prepaid_until(Some(NOW + time::DAY));
    }
    one
}

fn holding(of: FlowKind, billing: Billing) -> Cloud {
    let one = suited(of, billing);
    let mut cloud = with(Pace::Held, one.clone());
    let backup = Backup {
        used: RESTORED,
        ..plan::of_now(BACKUP.into(), &one, BackupKind::Manual, NOW)
    };
    cloud.backups.insert(backup);
    if of == FlowKind::Template {
        let mut values = Values::default();
        values.set(&timeout(), "");
        cloud.param_templates.push(ParamTemplate {
            id: TEMPLATE.into(),
            name: "slow".into(),
            description: String::new(),
            edition: one.edition,
            values,
        });
    }
    if let Some(members) = members(of) {
        cloud.instances.insert(in_network(instance(OTHER, 8)));
        cloud.replication_groups.insert(replication_group(GROUP, members));
    }
    if of == FlowKind::SwitchVip {
        let mut other = in_network(instance(OTHER, 8));
        other.address.vip = "10.0.0.9".into();
        cloud.instances.insert(other);
        cloud.dts_jobs.push(DtsJob {
            id: "dts-a".into(),
            name: "dts-a".into(),
            status: DtsStatus::Running,
            offset_bytes: 0,
            cut_at: None,
            source: ID.into(),
            target: OTHER.into(),
        });
    }
    cloud
}

/// Who is in the group that such a flow changes; `None`: there is none.
fn members(of: FlowKind) -> Option<&'static [(&'static str, MemberRole)]> {
    match of {
        FlowKind::JoinGroup => Some(&[]),
        FlowKind::LeaveGroup | FlowKind::DeleteFromGroup => Some(&[(ID, MemberRole::Rw)]),
        FlowKind::ChangeMaster | FlowKind::ChangeRole => Some(&[(OTHER, MemberRole::Rw), (ID, MemberRole::R)]),
        _ => None,
    }
}

/// A value that is not the default.
fn timeout() -> Param {
    Param {
        name: "timeout".into(),
        value: "120".into(),
    }
}

fn billings(row: &Row) -> Vec<Billing> {
    let both = vec![Billing::Postpaid, Billing::Prepaid];
    row.billing.map_or(both, |billing| vec![billing])
}

fn order(billing: Billing) -> Order {
    Order {
        type_id: 8,
        mem_mb: 1_024,
        replicas: Some(1),
        goods: 1,
        months: 1,
        billing: billing.number(),
        vpc: Some("vpc-abcdefgh".into()),
        subnet: Some("subnet-abcdefgh".into()),
        password: Some("abcdefg1".into()),
        ..Order::default()
    }
}

/// Whether the instance of an ended flow is what the table says.
fn is_then(cloud: &Cloud, of: FlowKind, id: &str, was: &Instance) -> bool {
    let Some(now) = cloud.instances.get(id) else {
        return of == FlowKind::CleanUp;
    };
    let runs = now.status == Status::Running;
    let group = cloud.replication_groups.of(id);
    let role = group.and_then(|group| group.member(id)).map(|member| member.role);
    match of {
        FlowKind::MakeGroup | FlowKind::JoinGroup | FlowKind::ChangeRole => runs && role == Some(MemberRole::Rw),
        FlowKind::LeaveGroup | FlowKind::DeleteFromGroup => runs && group.is_none(),
        FlowKind::ChangeMaster => {
            let former = group.and_then(|group| group.member(OTHER)).map(|member| member.role);
            runs && (role, former) == (Some(MemberRole::Rw), Some(MemberRole::R))
        }
        FlowKind::Create | FlowKind::Clone => runs && id != ID,
        FlowKind::Memory => runs && now.spec.mem_mb == 4_096,
        FlowKind::Shards => runs && now.spec.shards == 3,
        FlowKind::Replicas => runs && now.spec.replicas == 2,
        FlowKind::Version => runs && now.edition.type_id == 15,
        FlowKind::Cluster => runs && now.edition.type_id == 9,
        FlowKind::ProductVersion => runs && now.hardware.product_version == "localv2",
        FlowKind::Kernel => runs && now.software.redis_version == "5.1.0" && now.software.newer_redis_version.is_none(),
        FlowKind::Proxy => runs && now.software.proxy_version == "5.9.0" && now.software.newer_proxy_version.is_none(),
        FlowKind::MultiZone => {
            runs && (&*now.software.proxy_version, &*now.software.redis_version) == ("5.9.0", "5.1.0")
        }
        FlowKind::Zones => runs && now.zone_id() == 100_003 && now.nodes().len() == 2,
        FlowKind::ChargeType => runs && now.billing() != was.billing(),
        FlowKind::Password | FlowKind::ModifyPassword | FlowKind::ModfiyPassword => {
            runs && now.access.password() == Some("after002")
        }
        FlowKind::MakeAccount => runs && now.has_account("app"),
        FlowKind::ModifyAccount => runs && now.accounts[0].privilege == Privilege::Read,
        FlowKind::DeleteAccount => runs && !now.has_account("app"),
        FlowKind::NoPassword | FlowKind::RootNoPassword => runs && now.access == Access::NoPassword,
        FlowKind::ReturnPostpaid => now.status == Status::Deleting,
        FlowKind::ReturnPrepaid => now.status == Status::Isolated,
        FlowKind::StartUp => runs && now.recycle_bin.isolated_at.is_none() && now.recycle_bin.offline_at.is_none(),
        FlowKind::CleanUp | FlowKind::Renew => false,
        FlowKind::OpenWan => runs && now.address.wan.is_some(),
        FlowKind::CloseWan => runs && now.address.wan.is_none(),
        FlowKind::Network => runs && now.address.port == 6_380,
        FlowKind::SwitchVip => runs && now.address.vip == "10.0.0.9",
        FlowKind::Connection => runs && now.add_bandwidth_mb_s == 5,
        FlowKind::OpenSsl => runs && now.ssl == Some(ENCRYPTED),
        FlowKind::CloseSsl => runs && now.ssl.is_none(),
        FlowKind::Params | FlowKind::Template => runs && now.parameter("timeout") == "120",
        FlowKind::EnableReplicas => runs && now.replicas_readonly && now.accounts[0].route == Route::Replication,
        FlowKind::DisableReplicas => runs && !now.replicas_readonly && now.accounts.is_empty(),
        FlowKind::ReadOnly => runs && now.read_only,
        FlowKind::Promote | FlowKind::KillMasters | FlowKind::SwitchProxies => {
            runs && was.topology.is_none() && now.topology.is_some()
        }
        FlowKind::Backup => runs && cloud.backups.of(id).all(|backup| backup.ended_at.is_some()),
        FlowKind::Restore => runs && now.memory.used == RESTORED,
        FlowKind::BackupMode => runs && now.backup_mode == BackupMode::SecondLevel && now.backup_mode_since.is_some(),
        FlowKind::Clear => runs && now.memory.used == 0,
        FlowKind::OpenLog => runs && now.audit().is_some_and(|audit| audit.state() == AuditState::Open),
        FlowKind::CloseLog => runs && now.audit().is_none(),
        FlowKind::Export => runs && matches!(now.exports()[0].state, ExportState::Done { .. }),
    }
}

#[test]
fn each_begins_as_the_table_says() {
    for row in rows() {
        for billing in billings(row) {
            let mut cloud = holding(row.of, billing);
            let was = cloud.instances[ID].status;
            assert_eq!(begin(&mut cloud, row.of), Ok(row.gives), "{row:?}");
            let flow = only_flow(&cloud);
            assert_eq!((flow.kind, flow.action()), (row.of, row.action));
            assert_eq!(flow.title(), row.title);
            let during = cloud.instances[flow.instance_id.as_str()].status;
            assert_eq!(during, row.during.unwrap_or(was), "{row:?}");
            let task = cloud.tasks.get(&flow.id).map(|task| task.kind);
            assert_eq!(task, row.task, "{row:?}");
            let orders = row.gives == Handle::Deal || row.of == FlowKind::ChargeType;
            assert_eq!(flow.deal_id.is_some(), orders, "{row:?}");
        }
    }
}

#[test]
fn each_ends_as_the_table_says() {
    for row in rows() {
        for billing in billings(row) {
            let mut cloud = holding(row.of, billing);
            let was = cloud.instances[ID].clone();
            begin(&mut cloud, row.of).unwrap();
            let flow = only_flow(&cloud);
            cloud.drain(NOW + SECOND);
            assert!(is_then(&cloud, row.of, &flow.instance_id, &was), "{row:?}");
            for task in cloud.tasks.values() {
                assert_eq!((task.result, task.ended_at), (TaskResult::Done, Some(NOW + SECOND)));
            }
            for deal in cloud.deals.values() {
                assert_eq!(deal.status, DealStatus::Delivered, "{row:?}");
            }
        }
    }
}

#[test]
fn each_that_fails_leaves_everything_as_it_was() {
    for row in rows() {
        for billing in billings(row) {
            let mut cloud = holding(row.of, billing);
            let (was, account) = (cloud.instances.clone(), cloud.account.clone());
            let groups = cloud.replication_groups.clone();
            begin(&mut cloud, row.of).unwrap();
            let flow = only_flow(&cloud);
            assert!(cloud.fail(flow.id, NOW + SECOND, "no room").is_some());
            assert_eq!(cloud.fail(flow.id, NOW + SECOND, "no room"), None);
            // That it was tried stays on record.
            let tried = cloud.instances.get(ID).and_then(|own| own.parameters.clone());
            let changes_params = row.task == Some(TaskKind::Params);
            assert_eq!(
                tried.is_some_and(|own| own.records[0].failed),
                changes_params,
                "{row:?}"
            );
            let failed = cloud.instances.get(ID).is_some_and(|own| !own.exports().is_empty());
            assert_eq!(failed, row.of == FlowKind::Export, "{row:?}");
            cloud.instances.update(ID, |own| {
                own.parameters = None;
                own.change_logs(|logs| logs.exports.clear());
            });
            assert_eq!(cloud.instances, was, "{row:?}");
            assert_eq!(cloud.account, account, "{row:?}");
            assert_eq!(cloud.replication_groups, groups, "{row:?}");
            for task in cloud.tasks.values() {
                assert_eq!((task.result, &*task.message), (TaskResult::Failed, "no room"));
            }
            for deal in cloud.deals.values() {
                assert_eq!(deal.status, DealStatus::Refunded, "{row:?}");
                assert_eq!(taken(&cloud, &deal.id), (0, 0), "{row:?}");
            }
        }
    }
}

#[test]
fn each_needs_the_statuses_of_the_table() {
    let all = [
        Status::Pending,
        Status::InProcess,
        Status::Running,
        Status::Isolated,
        Status::Deleting,
    ];
    let of_instances = rows().filter(|row| !row.from.is_empty() && row.of != FlowKind::ChargeType);
    for row in of_instances {
        for status in all.into_iter().filter(|status| !row.from.contains(status)) {
            let billing = row.billing.unwrap_or(Billing::Postpaid);
            let mut cloud = holding(row.of, billing);
            cloud.instances.update(ID, |instance| instance.status = status);
            let before = cloud.clone();
            let refusal = begin(&mut cloud, row.of).unwrap_err();
            let wrong = Refusal::WrongStatus {
                id: ID.into(),
                status,
                needs: row.from,
            };
            assert_eq!(refusal, wrong, "{row:?}");
            assert_eq!(cloud, before, "{row:?}");
        }
    }
}

#[test]
fn each_waits_for_the_change_before_it_that_it_cannot_be_beside() {
    let of_running = LIFE
        .iter()
        .filter(|row| row.from.contains(&Status::Running) && row.of != FlowKind::ChargeType);
    for row in of_running {
        let billing = row.billing.unwrap_or(Billing::Postpaid);
        let mut cloud = holding(row.of, billing);
        cloud.reset_password(&guangzhou(), ID, &to("another3")).unwrap();
        let begun = begin(&mut cloud, row.of);
        if row.of.waits_for(FlowKind::Password) {
            let id = || ID.into();
            let refused = [Refusal::ChangeWaiting { id: id() }, Refusal::TaskRuns { id: id() }];
            assert!(refused.contains(&begun.unwrap_err()), "{row:?}");
        } else {
            assert_eq!(begun, Ok(row.gives), "{row:?}");
        }
    }
}

#[test]
fn each_return_needs_its_own_billing() {
    for of in [FlowKind::ReturnPostpaid, FlowKind::ReturnPrepaid] {
        let other = match of.row().billing {
            Some(Billing::Postpaid) => Billing::Prepaid,
            _ => Billing::Postpaid,
        };
        let refusal = begin(&mut holding(of, other), of).unwrap_err();
        let wrong = Refusal::WrongBilling {
            id: ID.into(),
            billing: other,
        };
        assert_eq!(refusal, wrong);
    }
}
