//! How each flow of the table is begun.

use super::*;

/// Begins the transition.
pub(super) fn begin(cloud: &mut Cloud, of: FlowKind) -> Result<Handle, Refusal> {
    let call = guangzhou();
    let spec = cloud.instances[ID].spec;
    let billing = cloud.instances[ID].billing();
    let id = ID.to_owned();
    let deal = |_: DealId| Handle::Deal;
    let task = |_: TaskId| Handle::Task;
    let same = Upgrade {
        instance_id: id.clone(),
        mem_mb: spec.mem_mb,
        ..Upgrade::default()
    };
    let newer = |current: &str, target: &str| SmallUpgrade {
        instance_id: ID.into(),
        current: current.into(),
        target: target.into(),
        now: 1,
    };
    let version = |target: &str| VersionUpgrade {
        instance_id: ID.into(),
        target_type: target.into(),
        switch_option: 2,
    };
    match of {
        FlowKind::Create => cloud.create(&call, &order(billing)).map(|_| Handle::Deal),
        FlowKind::Clone => {
            let asked = CloneOrder {
                instance_id: id,
                backup_id: BACKUP.into(),
                clone_time: None,
                order: order(billing),
            };
            cloud.clone_instances(&call, &asked).map(|_| Handle::Deal)
        }
        FlowKind::Memory => {
            let asked = Upgrade { mem_mb: 4_096, ..same };
            cloud.upgrade(&call, &asked).map(deal)
        }
        FlowKind::Shards => {
            let asked = Upgrade {
                shards: Some(3),
                ..same
            };
            cloud.upgrade(&call, &asked).map(deal)
        }
        FlowKind::Replicas => {
            let asked = Upgrade {
                replicas: Some(2),
                ..same
            };
            cloud.upgrade(&call, &asked).map(deal)
        }
        FlowKind::Version => cloud.upgrade_version(&call, &version("15")).map(deal),
        FlowKind::Cluster => cloud.upgrade_version(&call, &version("9")).map(deal),
        FlowKind::ProductVersion => cloud.upgrade_product_version(&call, ID, "localv2", 2).map(deal),
        FlowKind::Kernel => cloud.upgrade_kernel(&call, &newer("5.0.0", "5.1.0")).map(task),
        FlowKind::Proxy => cloud.upgrade_proxy(&call, &newer("5.8.25", "5.9.0")).map(task),
        FlowKind::MultiZone => cloud.enable_zones(&call, ID, true).map(task),
        FlowKind::Zones => {
            let node = |role, zone_id| NodeRequest {
                role,
                zone_id: Some(zone_id),
                ..NodeRequest::default()
            };
            let asked = Relocation {
                instance_id: id,
                nodes: vec![node(0, 100_003), node(1, 100_004)],
                switch_option: 2,
            };
            cloud.relocate(&call, &asked).map(task)
        }
        _ => begin_plainly(cloud, of, billing),
    }
}

fn begin_plainly(cloud: &mut Cloud, of: FlowKind, billing: Billing) -> Result<Handle, Refusal> {
    let call = guangzhou();
    let task = |_: TaskId| Handle::Task;
    let ids = [ID.to_owned()];
    match of {
        FlowKind::ChargeType => {
            let to = match billing {
                Billing::Postpaid => Billing::Prepaid,
                Billing::Prepaid => Billing::Postpaid,
            };
            let failed = cloud.change_charge_type(&call, &ids, to, 1)?;
            assert_eq!(failed, []);
            Ok(Handle::Status)
        }
        FlowKind::Password => cloud.reset_password(&call, ID, &to("after002")).map(task),
        FlowKind::NoPassword => cloud.reset_password(&call, ID, &NO_AUTH).map(task),
        FlowKind::ReturnPostpaid => cloud.destroy_postpaid(&call, ID).map(task),
        FlowKind::ReturnPrepaid => cloud.destroy_prepaid(&call, ID).map(|_| Handle::Deal),
        FlowKind::StartUp => cloud.start_up(&call, ID).map(task),
        FlowKind::CleanUp => cloud.clean_up(&call, ID).map(task),
        FlowKind::Renew => {
            let asked = Renewal {
                instance_id: ID.into(),
                months: 1,
                pay_mode: Some("prepaid".into()),
            };
            cloud.renew(&call, &asked).map(|_| Handle::Deal)
        }
        FlowKind::OpenLog | FlowKind::CloseLog | FlowKind::Export => begin_of_log(cloud, of),
        _ => begin_in_network(cloud, of).map(task),
    }
}

fn begin_of_log(cloud: &mut Cloud, of: FlowKind) -> Result<Handle, Refusal> {
    let call = guangzhou();
    let log_type = || "auditLog".to_owned();
    match of {
        FlowKind::OpenLog => {
            let asked = Wanted {
                log_type: log_type(),
                sub_type: "all".to_owned(),
                expire_days: 30,
                high_days: 7,
                degrade_ms: None,
            };
            audit::open(cloud, &call, ID, &asked)?;
        }
        FlowKind::CloseLog => audit::close(cloud, &call, ID, &log_type())?,
        _ => {
            let asked = NewExport {
                log_type: log_type(),
                start: time::show(NOW),
                end: time::show(NOW),
                filters: Vec::new(),
                columns: Vec::new(),
            };
            export::create(cloud, &call, ID, asked)?;
        }
    }
    Ok(Handle::Status)
}

fn begin_in_network(cloud: &mut Cloud, of: FlowKind) -> Result<TaskId, Refusal> {
    let call = guangzhou();
    let a_task = |task: Option<TaskId>| task.expect("something to do");
    match of {
        FlowKind::OpenWan => wan::allocate(cloud, &call, ID),
        FlowKind::CloseWan => wan::release(cloud, &call, ID),
        FlowKind::Network => {
            let asked = MoveRequest {
                instance_id: ID.into(),
                operation: "changeVPort".into(),
                port: Some(6_380),
                ..MoveRequest::default()
            };
            modify_network(cloud, &call, &asked).map(|moving| moving.task_id)
        }
        FlowKind::SwitchVip => {
            let asked = VipSwitch {
                source: ID.into(),
                target: OTHER.into(),
                ..VipSwitch::default()
            };
            switch_vip(cloud, &call, &asked)
        }
        FlowKind::Connection => modify_connection(cloud, &call, ID, Some(5), None),
        FlowKind::OpenSsl => tls::open(cloud, &call, ID, None).map(a_task),
        FlowKind::CloseSsl => tls::close(cloud, &call, ID, None).map(a_task),
        FlowKind::Params => modify::modify(cloud, &call, ID, &[timeout()]),
        FlowKind::Template => {
            let tasks = template::apply(cloud, &call, &[ID.to_owned()], TEMPLATE)?;
            Ok(tasks[0])
        }
        _ => begin_in_group(cloud, of),
    }
}

fn begin_in_group(cloud: &mut Cloud, of: FlowKind) -> Result<TaskId, Refusal> {
    let call = guangzhou();
    let named = Named {
        group_id: GROUP.into(),
        instance_id: ID.into(),
    };
    match of {
        FlowKind::MakeGroup => {
            let new = NewGroup {
                instance_id: ID.into(),
                ..NewGroup::default()
            };
            group::create(cloud, &call, &new).map(|(task, _)| task)
        }
        FlowKind::JoinGroup => member::add(cloud, &call, &named, "rw"),
        FlowKind::LeaveGroup | FlowKind::DeleteFromGroup => member::remove(cloud, &call, &named, of),
        FlowKind::ChangeMaster => member::change_master(cloud, &call, &named),
        FlowKind::ChangeRole => member::change_role(cloud, &call, &named, "rw"),
        _ => begin_of_access(cloud, of),
    }
}

fn begin_of_access(cloud: &mut Cloud, of: FlowKind) -> Result<TaskId, Refusal> {
    let call = guangzhou();
    let asked = AccountRequest {
        name: "app",
        password: Some("Secret_99"),
        privilege: Some("r"),
        route: &["master".to_owned()],
        ..AccountRequest::default()
    };
    match of {
        FlowKind::ModifyPassword | FlowKind::ModfiyPassword => {
            let asked = Exchange {
                old: "before01",
                new: "after002",
                encrypted: false,
                kind: of,
            };
            modify_password(cloud, &call, ID, &asked)
        }
        FlowKind::MakeAccount => account::create(cloud, &call, ID, &asked),
        FlowKind::ModifyAccount => account::modify(cloud, &call, ID, &asked),
        FlowKind::RootNoPassword => {
            let asked = AccountRequest {
                name: "root",
                no_auth: Some(true),
                ..AccountRequest::default()
            };
            account::modify(cloud, &call, ID, &asked)
        }
        FlowKind::DeleteAccount => account::delete(cloud, &call, ID, "app"),
        other => begin_of_topology(cloud, other),
    }
}

fn begin_of_topology(cloud: &mut Cloud, of: FlowKind) -> Result<TaskId, Refusal> {
    let call = guangzhou();
    match of {
        FlowKind::EnableReplicas => readonly::enable_replicas(cloud, &call, ID, &[]),
        FlowKind::DisableReplicas => readonly::disable_replicas(cloud, &call, ID),
        FlowKind::ReadOnly => readonly::limit_writes(cloud, &call, ID, "1"),
        FlowKind::Promote => {
            let asked = Promotion {
                instance_id: ID.into(),
                ..Promotion::default()
            };
            failover::change_master(cloud, &call, &asked)
        }
        FlowKind::KillMasters => {
            let asked = Kill {
                instance_id: ID.into(),
                password: Some("before01".into()),
                ..Kill::default()
            };
            failover::kill_masters(cloud, &call, &asked)
        }
        FlowKind::SwitchProxies => failover::switch_proxies(cloud, &call, ID, &[]),
        FlowKind::Backup => {
            let asked = ManualBackup {
                instance_id: ID.into(),
                ..ManualBackup::default()
            };
            plan::back_up_by_hand(cloud, &call, &asked)
        }
        FlowKind::Restore => restore::restore(cloud, &call, (ID, BACKUP), Some("before01")),
        FlowKind::BackupMode => second::modify_mode(cloud, &call, ID, Some("SecondLevelBackup")),
        FlowKind::Clear => restore::clear(cloud, &call, ID, (Some("before01"), false)),
        other => panic!("no call begins {other:?}"),
    }
}
