//! The cloud of one account: pure, lazy, complete.
//!
//! It uses the standard library only and knows neither wire types nor clocks. It moves in two places: in [`advance`],
//! which ends what is due, and in a write. Reads take `&Cloud`.
//!
//! It has floors. At the bottom are values, tables and each room's plain data (`record.rs`); above them the stores
//! ([`state`]) with life's table and flows; then what the rooms do, as plain functions that take the cloud; on top
//! [`advance`], which names all rooms and is named by none.

pub mod access;
pub mod advance;
pub mod assumed;
pub mod backup;
pub mod catalogue;
pub mod change;
pub mod dedicated;
pub mod ids;
pub mod instance;
pub mod life;
pub mod log;
pub mod maintenance;
pub mod money;
pub mod monitor;
pub mod network;
pub mod order;
pub mod parameter;
pub mod records;
pub mod refusal;
pub mod replication;
mod rules;
pub mod security_group;
mod sorted;
mod state;
pub mod tags;
pub mod time;
pub mod topology;
mod values;
pub mod vpc;

pub use access::change::{AccountChange, AccountEdit, AccountStep};
pub use access::record::{PasswordPolicy, Privilege, RedisAccount, Route, TemporaryKey};
pub use assumed::Assumed;
pub use backup::record::{
    AutoBackup, Backup, BackupEncrypt, BackupKind, BackupState, DownloadRestriction, LimitType, LimitVpc, MissingSpan,
    Restored,
};
pub use catalogue::edition::Edition;
pub use catalogue::price::Price;
pub use catalogue::record::SoldOut;
pub use catalogue::region::{Region, Zone};
pub use catalogue::spec::Spec;
pub use catalogue::{edition, product_version, region};
pub use change::record::{EditionChange, NewerVersions, Resize};
pub use change::resize::Upgrade;
pub use dedicated::record::{Bundle, RedisCluster};
pub use ids::{
    BackupId, DealId, Ids, InstanceId, RedisClusterId, ReplicationGroupId, RouteTableId, SecurityGroupId, SubnetId,
    TaskId, TemplateId, VpcId,
};
pub use instance::listing::{Filter, Page};
pub use instance::modify::Modification;
pub use instance::node::{Node, NodeRequest, Placement};
pub use instance::payment::Payment;
pub use instance::record::{Access, Instance, RecycleBin};
pub use instance::store::OrderBy;
pub use life::record::{Fate, Flow, Payload, Task, TaskResult};
pub use life::table::{FlowKind, TaskKind};
pub use life::task::TaskFilter;
pub use log::record::{AuditLog, ExportFile, LogSet, Topic};
pub use maintenance::record::{Event, EventState};
pub use money::record::{Account, Entry, EntryKind};
pub use network::record::{Connection, DtsJob, DtsStatus, KeptAddress, Move, Network, Ssl, SslAddress};
pub use order::clone::CloneOrder;
pub use order::record::{Deal, DealStatus, Order};
pub use parameter::record::{Param, ParamRecord, ParamTemplate, Parameters};
pub use refusal::{KeyRefusal, MonitorRefusal, NetworkRefusal, Refusal, ReplicationRefusal, TagRefusal};
pub use replication::record::{Member, MemberChange, MemberRole, ReplicationGroup};
pub use security_group::record::SecurityGroup;
pub use state::{Call, Cloud, LinkKey, Links, Pace, Settings};
pub use tags::{TagFilter, TagRow};
pub use time::Millis;
pub use values::{AutoRenew, BackupMode, Billing, Role, Status, Tag};
pub use vpc::record::{RouteTable, Subnet, Vpc};

#[cfg(test)]
mod tests;
