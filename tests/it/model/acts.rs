//! The calls of a history: each step made into a request of the cloud.

use super::calls::{Calls, Reads};
use crs_local::cloud::access::password::NewPassword;
use crs_local::cloud::change::version::{SmallUpgrade, VersionUpgrade};
use crs_local::cloud::change::zones::Relocation;
use crs_local::cloud::money::charge::Renewal;
use crs_local::cloud::security_group;
use crs_local::cloud::{
    Backup, Billing, Call, CloneOrder, FlowKind, Instance, Modification, NodeRequest, Order, Refusal, Upgrade,
};

use super::holds;
use super::step::{Goods, Pick, Setting, Size, Step, When};
use super::world::{Gave, World};

impl World {
    pub(super) fn say(&mut self, step: &Step) -> Result<Gave, Refusal> {
        let call = self.call();
        match *step {
            Step::Create {
                type_id,
                mb,
                replicas,
                zones,
                goods,
            } => self.create(&call, (type_id, mb, replicas), zones, goods),
            Step::Clone(pick, goods) => self.clone_one(&call, pick, goods),
            Step::Resize(pick, size, when) => self.resize(&call, pick, size, when),
            Step::Version(pick, when) => self.version(&call, pick, when),
            Step::Generation(pick, when) => {
                let id = self.ready(pick, FlowKind::ProductVersion);
                self.log.push(format!("to localv2 {id} {when:?}"));
                let option = when.switch_option();
                self.cloud.upgrade_product_version(&call, &id, "localv2", option)?;
                // It costs nothing, and is an order all the same.
                Ok(Gave::Several { asked: 1, failed: 0 })
            }
            Step::Kernel(pick, when) => {
                let asked = self.newer(pick, when, "kernel");
                self.cloud.upgrade_kernel(&call, &asked).map(|_| Gave::Change)
            }
            Step::Proxy(pick, when) => {
                let asked = self.newer(pick, when, "proxy");
                self.cloud.upgrade_proxy(&call, &asked).map(|_| Gave::Change)
            }
            Step::Zones(pick, zones, when) => self.zones(&call, pick, zones, when),
            Step::ChargeType(one, two, months) => self.charge_type(&call, one, two, months),
            Step::Renew(pick, months) => self.renew(&call, pick, months),
            Step::Modify(one, two, setting) => self.modify(&call, one, two, setting),
            Step::SecurityGroups(pick) => {
                let id = self.pick(pick, |_| true);
                self.log.push(format!("security groups of {id}"));
                let groups = vec![if pick.0 % 2 == 0 { "sg-abcdefgh" } else { "group" }.to_owned()];
                security_group::binding::rebind(&mut self.cloud, &call, &id, &groups)?;
                Ok(Gave::Change)
            }
            Step::Network(pick, what) => self.network(&call, pick, what),
            Step::Access(pick, what) => self.access(&call, pick, what),
            Step::Params(pick, what) => self.parameter(&call, pick, what),
            Step::Group(pick, what) => self.replicate(&call, pick, what),
            Step::Topology(pick, what) => self.topology(&call, pick, what),
            Step::Backup(pick, what) => self.backup(&call, pick, what),
            Step::Logs(pick, what) => self.logs(&call, pick, what),
            _ => self.say_plainly(&call, step),
        }
    }

    /// What needs no more than an id.
    fn say_plainly(&mut self, call: &Call, step: &Step) -> Result<Gave, Refusal> {
        let (pick, of) = match *step {
            Step::SeveralZones(pick) => (pick, FlowKind::MultiZone),
            Step::Password(pick, false) => (pick, FlowKind::Password),
            Step::Password(pick, true) => (pick, FlowKind::NoPassword),
            Step::ReturnPostpaid(pick) => (pick, FlowKind::ReturnPostpaid),
            Step::ReturnPrepaid(pick) => (pick, FlowKind::ReturnPrepaid),
            Step::StartUp(pick) => (pick, FlowKind::StartUp),
            Step::CleanUp(pick) => (pick, FlowKind::CleanUp),
            Step::SwitchNow(pick) => {
                let id = self.pick(pick, |one| self.cloud.flows.of(&one.id).any(|flow| flow.in_window));
                self.log.push(format!("switch {id} now"));
                return self.cloud.switch_now(call, &id).map(|()| Gave::Change);
            }
            _ => return Ok(Gave::Nothing),
        };
        let id = self.ready(pick, of);
        self.log.push(format!("{of:?} {id}"));
        let cloud = &mut self.cloud;
        match of {
            FlowKind::MultiZone => cloud.enable_zones(call, &id, pick.0 % 2 == 0).map(drop)?,
            FlowKind::Password => cloud
                .reset_password(
                    call,
                    &id,
                    &NewPassword {
                        text: Some("abcdefg1"),
                        ..NewPassword::default()
                    },
                )
                .map(drop)?,
            FlowKind::NoPassword => cloud
                .reset_password(
                    call,
                    &id,
                    &NewPassword {
                        no_auth: true,
                        ..NewPassword::default()
                    },
                )
                .map(drop)?,
            FlowKind::ReturnPostpaid => cloud.destroy_postpaid(call, &id).map(drop)?,
            FlowKind::StartUp => cloud.start_up(call, &id).map(drop)?,
            FlowKind::CleanUp => cloud.clean_up(call, &id).map(drop)?,
            _ => {
                let worth = |one: &Instance| holds::worth(one, call.now).fen();
                let worth_fen = cloud.instances.get(&id).map_or(0, worth);
                let deal_id = cloud.destroy_prepaid(call, &id)?;
                return Ok(Gave::Return(deal_id, worth_fen));
            }
        }
        Ok(Gave::Change)
    }

    fn create(
        &mut self,
        call: &Call,
        (type_id, mem_mb, replicas): (u64, u64, u64),
        zones: u8,
        goods: Goods,
    ) -> Result<Gave, Refusal> {
        let mut order = order(goods);
        (order.type_id, order.mem_mb, order.zone_id) = (type_id, mem_mb, Some(100_001));
        order.shards = [7, 9].contains(&type_id).then_some(3);
        order.replicas = (replicas > 0).then_some(replicas as i64);
        if zones % 4 == 3 {
            order.nodes = nodes(replicas, zones / 4, 100_001);
        }
        self.log.push(format!(
            "create {} of type {type_id}, {mem_mb} MB, {replicas} replicas, {} nodes, {goods:?}",
            goods.goods,
            order.nodes.len()
        ));
        let quote = self.cloud.quote_create(call, &order);
        let Some(made) = self.cloud.create(call, &order)? else {
            return Ok(Gave::Nothing);
        };
        Ok(Gave::Order {
            deal_id: made.deal_id,
            instance_ids: made.instance_ids,
            quote: quote?,
            prepaid: goods.prepaid,
        })
    }

    fn clone_one(&mut self, call: &Call, pick: Pick, goods: Goods) -> Result<Gave, Refusal> {
        let backed = |one: &Instance| {
            let of = |backup: &Backup| backup.instance_id == one.id;
            self.cloud.backups.values().any(of)
        };
        let instance_id = self.pick(pick, backed);
        let own = |backup: &&Backup| backup.instance_id == instance_id;
        let backup = self.cloud.backups.values().rfind(own).cloned();
        let order = order(goods);
        let asked = CloneOrder {
            backup_id: backup.as_ref().map(|backup| backup.id.to_string()).unwrap_or_default(),
            instance_id,
            clone_time: None,
            order: order.clone(),
        };
        self.log
            .push(format!("clone {} of {}, {goods:?}", goods.goods, asked.instance_id));
        let made = self.cloud.clone_instances(call, &asked)?;
        let backup = backup.expect("a clone was accepted without a backup");
        let alike = Order {
            type_id: backup.edition.type_id,
            mem_mb: backup.spec.mem_mb,
            shards: Some(backup.spec.shards as i64),
            replicas: Some(backup.spec.replicas as i64),
            zone_id: Some(100_001),
            ..order
        };
        Ok(Gave::Order {
            deal_id: made.deal_id,
            instance_ids: made.instance_ids,
            quote: self.cloud.quote_create(call, &alike)?,
            prepaid: goods.prepaid,
        })
    }

    fn resize(&mut self, call: &Call, pick: Pick, size: Size, when: When) -> Result<Gave, Refusal> {
        let id = self.ready(pick, FlowKind::Memory);
        self.log.push(format!("resize {id} to {size:?} {when:?}"));
        let was = self.cloud.instances.get(&id).cloned();
        let mut asked = Upgrade {
            instance_id: id,
            mem_mb: was.as_ref().map_or(1_024, |was| was.spec.mem_mb),
            switch_option: Some(when.switch_option() as u64),
            ..Upgrade::default()
        };
        match size {
            Size::Memory { gb } => asked.mem_mb = gb * 1_024,
            Size::Shards(shards) => asked.shards = Some(shards),
            Size::Replicas(replicas) => {
                asked.replicas = Some(replicas);
                asked.nodes = was.as_ref().map_or(Vec::new(), |was| changed_nodes(was, replicas));
            }
        }
        let quote = self.cloud.quote_upgrade(call, &asked);
        let deal_id = self.cloud.upgrade(call, &asked)?;
        let was = was.expect("an instance that is not there was resized");
        Ok(Gave::Resize(deal_id, quote?, Box::new(was)))
    }

    fn version(&mut self, call: &Call, pick: Pick, when: When) -> Result<Gave, Refusal> {
        let id = self.ready(pick, FlowKind::Version);
        let type_id = self.cloud.instances.get(&id).map_or(0, |one| one.edition.type_id);
        let target = [type_id + 1, type_id + 2, type_id + 7][usize::from(pick.0) % 3];
        self.log.push(format!("{id} to type {target} {when:?}"));
        let asked = VersionUpgrade {
            instance_id: id,
            target_type: target.to_string(),
            switch_option: when.switch_option(),
        };
        self.cloud.upgrade_version(call, &asked)?;
        Ok(Gave::Several { asked: 1, failed: 0 })
    }

    fn newer(&mut self, pick: Pick, when: When, what: &str) -> SmallUpgrade {
        let instance_id = self.pick(pick, |one| one.software.newer_proxy_version.is_some());
        self.log.push(format!("newer {what} for {instance_id} {when:?}"));
        let found = self.cloud.instances.get(&instance_id);
        let (current, target) = match (found, what) {
            (Some(one), "kernel") => (&one.software.redis_version, one.software.newer_redis_version.clone()),
            (Some(one), _) => (&one.software.proxy_version, one.software.newer_proxy_version.clone()),
            (None, _) => (&instance_id, Some(instance_id.clone())),
        };
        SmallUpgrade {
            current: current.clone(),
            target: target.unwrap_or_default(),
            now: match when {
                When::Now => 1,
                When::InWindow => 0,
                When::Never => 2,
            },
            instance_id,
        }
    }

    fn zones(&mut self, call: &Call, pick: Pick, zones: u8, when: When) -> Result<Gave, Refusal> {
        let instance_id = self.ready(pick, FlowKind::Zones);
        self.log.push(format!("{instance_id} to zones {zones} {when:?}"));
        let found = self.cloud.instances.get(&instance_id);
        let replicas = found.map_or(1, |one| one.spec.replicas);
        let master = 100_001 + u64::from(zones % 3);
        let mut nodes = nodes(replicas, zones / 3, master);
        for (node, has) in nodes.iter_mut().zip(found.iter().flat_map(|one| one.nodes())) {
            node.id = Some(has.id);
        }
        let asked = Relocation {
            nodes,
            instance_id,
            switch_option: when.switch_option(),
        };
        self.cloud.relocate(call, &asked).map(|_| Gave::Change)
    }

    fn charge_type(&mut self, call: &Call, one: Pick, two: Pick, months: u64) -> Result<Gave, Refusal> {
        let mut ids = vec![
            self.ready(one, FlowKind::ChargeType),
            self.ready(two, FlowKind::ChargeType),
        ];
        ids.dedup();
        let to = match self.cloud.instances.get(&ids[0]).map(|one| one.billing()) {
            Some(Billing::Prepaid) => Billing::Postpaid,
            _ => Billing::Prepaid,
        };
        self.log.push(format!("{ids:?} become {to:?} for {months}"));
        let failed = self.cloud.change_charge_type(call, &ids, to, months)?;
        Ok(Gave::Several {
            asked: ids.len(),
            failed: failed.len(),
        })
    }

    fn renew(&mut self, call: &Call, pick: Pick, months: u64) -> Result<Gave, Refusal> {
        let instance_id = self.ready(pick, FlowKind::Renew);
        self.log.push(format!("renew {instance_id} for {months}"));
        let held_fen = self.cloud.instances.get(&instance_id).map_or(0, Instance::held_fen);
        let pay_mode = pick.0.is_multiple_of(2).then(|| "prepaid".to_owned());
        let asked = Renewal {
            instance_id,
            months,
            pay_mode,
        };
        let quote = self.cloud.quote_renewal(call, &asked);
        let deal_id = self.cloud.renew(call, &asked)?;
        Ok(Gave::Renewal(deal_id, quote?, held_fen))
    }

    fn modify(&mut self, call: &Call, one: Pick, two: Pick, setting: Setting) -> Result<Gave, Refusal> {
        let ids = [self.pick(one, |_| true), self.pick(two, |_| true)];
        self.log.push(format!("modify {ids:?}: {setting:?}"));
        let what = match setting {
            Setting::Name => Modification::Name("n".repeat(usize::from(two.0 % 64))),
            Setting::Project(id) => Modification::Project(id),
            Setting::AutoRenew(flag) => Modification::AutoRenew(flag),
            Setting::Protection(switch) => Modification::DeleteProtection(switch),
        };
        let all = ids.map(|id| (id, what.clone()));
        self.cloud.modify(call, &all).map(|()| Gave::Change)
    }
}

fn order(goods: Goods) -> Order {
    Order {
        goods: goods.goods,
        months: goods.months,
        billing: i64::from(goods.prepaid),
        auto_renew: goods.automatic.then_some(1),
        vpc: Some("vpc-abcdefgh".into()),
        subnet: Some("subnet-abcdefgh".into()),
        password: Some("abcdefg1".into()),
        ..Order::default()
    }
}

/// A master in that zone and its replicas, in that zone or in the next.
fn nodes(replicas: u64, spread: u8, master: u64) -> Vec<NodeRequest> {
    let node = |at: u64| NodeRequest {
        role: i64::from(at > 0),
        id: None,
        zone_id: Some(master + u64::from(at > 0 && (spread >> at.min(3)) & 1 == 1)),
        zone_name: None,
    };
    (0..=replicas).map(node).collect()
}

/// The nodes to add or to drop on the way to so many replicas.
fn changed_nodes(was: &Instance, replicas: u64) -> Vec<NodeRequest> {
    let replica = |id, zone_id| NodeRequest {
        role: 1,
        id,
        zone_id,
        zone_name: None,
    };
    if was.nodes().is_empty() {
        return Vec::new();
    }
    let (has, wants) = (was.spec.replicas, replicas);
    if wants > has {
        return (has..wants).map(|_| replica(None, Some(100_004))).collect();
    }
    let dropped = was.nodes().iter().rev().take((has - wants) as usize);
    dropped.map(|node| replica(Some(node.id), None)).collect()
}
