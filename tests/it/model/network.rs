//! Where an instance is reached, in a history.

use crs_local::cloud::network::address::{MoveRequest, modify_network};
use crs_local::cloud::network::connection::modify_connection;
use crs_local::cloud::network::switch::{VipSwitch, switch_vip};
use crs_local::cloud::network::{tls, wan};
use crs_local::cloud::{Call, DtsJob, DtsStatus, FlowKind, Refusal, advance};

use super::step::Pick;
use super::world::{Gave, World};

const KINDS: [FlowKind; 7] = [
    FlowKind::OpenWan,
    FlowKind::CloseWan,
    FlowKind::Network,
    FlowKind::SwitchVip,
    FlowKind::Connection,
    FlowKind::OpenSsl,
    FlowKind::CloseSsl,
];

impl World {
    pub(super) fn network(&mut self, call: &Call, pick: Pick, what: u8) -> Result<Gave, Refusal> {
        let of = KINDS[usize::from(what % 7)];
        let id = match of {
            FlowKind::CloseWan => self.pick(pick, |one| one.address.wan.is_some()),
            FlowKind::CloseSsl => self.pick(pick, |one| one.ssl.is_some()),
            _ => self.ready(pick, of),
        };
        self.log.push(format!("{of:?} {id}"));
        let (plain, other) = (what / 7, self.ready(Pick(what), of));
        let cloud = &mut self.cloud;
        match of {
            FlowKind::OpenWan => wan::allocate(cloud, call, &id).map(drop)?,
            FlowKind::CloseWan => wan::release(cloud, call, &id).map(drop)?,
            FlowKind::Network => {
                let operation = ["changeVip", "changeVPort", "changeVpc", "changeBaseToVpc"];
                let asked = MoveRequest {
                    instance_id: id,
                    operation: operation[usize::from(plain % 4)].into(),
                    port: Some(6_379 + i64::from(plain % 3)),
                    vpc: Some("vpc-moved000".into()),
                    subnet: Some("subnet-moved000".into()),
                    kept_days: Some(i64::from(plain % 5)),
                    ..MoveRequest::default()
                };
                modify_network(cloud, call, &asked).map(drop)?;
            }
            FlowKind::SwitchVip => {
                cloud.dts_jobs.push(DtsJob {
                    id: format!("dts-{}", cloud.dts_jobs.len()),
                    name: String::new(),
                    status: DtsStatus::Running,
                    offset_bytes: 0,
                    cut_at: None,
                    source: id.as_str().into(),
                    target: other.as_str().into(),
                });
                let asked = VipSwitch {
                    source: id,
                    target: other,
                    ..VipSwitch::default()
                };
                let begun = switch_vip(cloud, call, &asked);
                if begun.is_err() {
                    cloud.dts_jobs.pop();
                }
                begun.map(drop)?;
            }
            FlowKind::Connection => {
                let clients = 10_000 * i64::from(plain % 6);
                modify_connection(cloud, call, &id, Some(i64::from(plain)), Some(clients)).map(drop)?;
            }
            FlowKind::OpenSsl => tls::open(cloud, call, &id, Some(i64::from(plain % 4))).map(drop)?,
            _ => tls::close(cloud, call, &id, None).map(drop)?,
        }
        advance::finish_if_instant(cloud, call.now);
        Ok(Gave::Change)
    }
}
