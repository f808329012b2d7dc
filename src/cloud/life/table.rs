//! The life of an instance as one table: what each action needs, what is shown meanwhile, and what it leaves behind.
//!
//! What a flow changes of the instance when it ends is its [`Payload`](super::record::Payload); which code a refusal
//! becomes is decided in `answer/`.

use crate::cloud::values::{Billing, Status};

/// One way in which an instance changes: a row of [`LIFE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKind {
    Create,
    Clone,
    Memory,
    Shards,
    Replicas,
    Version,
    Cluster,
    ProductVersion,
    Kernel,
    Proxy,
    MultiZone,
    Zones,
    ChargeType,
    Password,
    NoPassword,
    ReturnPostpaid,
    ReturnPrepaid,
    StartUp,
    CleanUp,
    Renew,
    OpenWan,
    CloseWan,
    Network,
    SwitchVip,
    Connection,
    OpenSsl,
    CloseSsl,
    ModifyPassword,
    ModfiyPassword,
    MakeAccount,
    ModifyAccount,
    RootNoPassword,
    DeleteAccount,
    Params,
    Template,
    MakeGroup,
    JoinGroup,
    LeaveGroup,
    DeleteFromGroup,
    ChangeMaster,
    ChangeRole,
    EnableReplicas,
    DisableReplicas,
    ReadOnly,
    Promote,
    KillMasters,
    SwitchProxies,
    Backup,
    Restore,
    BackupMode,
    Clear,
    OpenLog,
    CloseLog,
    Export,
}

/// What an action hands out so that its caller can wait for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handle {
    /// An order, asked for with DescribeInstanceDealDetail.
    Deal,
    /// A task, asked for with DescribeTaskInfo; some actions call it a flow.
    Task,
    /// Nothing: the instance's status tells.
    Status,
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// Its place in the table; the tests hold each row to it.
    pub of: FlowKind,
    /// The action that begins it.
    pub action: &'static str,
    /// What the instance must be; empty: there is none yet.
    pub from: &'static [Status],
    /// How it must be paid for.
    pub billing: Option<Billing>,
    /// What it shows meanwhile; `None`: what it was.
    pub during: Option<Status>,
    /// `InstanceTitle` meanwhile.
    pub title: &'static str,
    /// The task that is listed; `None`: none is.
    pub task: Option<TaskKind>,
    /// What the tests hold the action to.
    #[cfg_attr(not(feature = "internals"), expect(dead_code))]
    pub gives: Handle,
}

use Handle::{Deal, Status as Look, Task};
use Status::{Deleting, InProcess, Isolated, Running};

/// What an instance is called that an order adds.
const ADDING: &str = "添加实例中";
const NEW: &[Status] = &[];
const LIVE: &[Status] = &[Running];
const GONE: &[Status] = &[Isolated, Deleting];
const ANY: &[Status] = &[Running, Isolated, Deleting];
const POST: Option<Billing> = Some(Billing::Postpaid);
const PRE: Option<Billing> = Some(Billing::Prepaid);
const BUSY: Option<Status> = Some(InProcess);

#[expect(clippy::too_many_arguments, reason = "a column each")]
const fn row(
    of: FlowKind,
    action: &'static str,
    from: &'static [Status],
    billing: Option<Billing>,
    during: Option<Status>,
    title: &'static str,
    task: Option<TaskKind>,
    gives: Handle,
) -> Row {
    Row {
        of,
        action,
        from,
        billing,
        during,
        title,
        task,
        gives,
    }
}

use FlowKind as M;
use TaskKind as T;

/// Every transition. Titles that no example shows are ours, made alike.
#[rustfmt::skip]
pub static LIFE: &[Row] = &[
    //  of                 action                                   from  paid  during          title           task                    gives
    row(M::Create,         "CreateInstances",                       NEW,  None, BUSY,           ADDING,         Some(T::Create),        Deal), // then runs
    row(M::Clone,          "CloneInstances",                        NEW,  None, BUSY,           ADDING,         Some(T::Clone),         Deal), // then runs
    row(M::Memory,         "UpgradeInstance",                       LIVE, None, BUSY,           "配置变更中",   Some(T::Resize),        Deal), // then runs with the new size
    row(M::Shards,         "UpgradeInstance",                       LIVE, None, BUSY,           "配置变更中",   Some(T::Shards),        Deal), // then runs with the new shards
    row(M::Replicas,       "UpgradeInstance",                       LIVE, None, BUSY,           "配置变更中",   Some(T::Replicas),      Deal), // then runs with the new replicas
    row(M::Version,        "UpgradeInstanceVersion",                LIVE, None, BUSY,           "版本升级中",   Some(T::Version),       Deal), // then runs as the higher version
    row(M::Cluster,        "UpgradeInstanceVersion",                LIVE, None, BUSY,           "架构升级中",   Some(T::Cluster),       Deal), // then runs as a cluster
    row(M::ProductVersion, "UpgradeInstanceProductVersion",         LIVE, None, BUSY,           "版本升级中",   Some(T::Version),       Deal), // then runs as localv2
    row(M::Kernel,         "UpgradeSmallVersion",                   LIVE, None, BUSY,           "版本升级中",   Some(T::Kernel),        Task), // then runs the newer kernel
    row(M::Proxy,          "UpgradeProxyVersion",                   LIVE, None, BUSY,           "版本升级中",   Some(T::Proxy),         Task), // then runs the newer proxy
    row(M::MultiZone,      "UpgradeVersionToMultiAvailabilityZones", LIVE, None, BUSY,          "版本升级中",   Some(T::MultiZone),     Task), // then can stand in several zones
    row(M::Zones,          "ModifyInstanceAvailabilityZones",       LIVE, None, BUSY,           "可用区变更中", Some(T::Zones),         Task), // then stands in the new zones
    row(M::ChargeType,     "ModifyInstanceChargeType",              LIVE, None, BUSY,           "计费模式切换中", None,                 Look), // then is paid for the other way
    row(M::Password,       "ResetPassword",                         LIVE, None, None,           "运行中",       Some(T::Password),      Task), // then has the new password
    row(M::NoPassword,     "ResetPassword",                         LIVE, None, None,           "运行中",       Some(T::NoPassword),    Task), // then needs no password
    row(M::ReturnPostpaid, "DestroyPostpaidInstance",               LIVE, POST, BUSY,           "隔离中",       Some(T::Close),         Task), // then isolated: -3 for two hours
    row(M::ReturnPrepaid,  "DestroyPrepaidInstance",                LIVE, PRE,  BUSY,           "隔离中",       Some(T::Close),         Deal), // then isolated: -2 for seven days
    row(M::StartUp,        "StartupInstance",                       GONE, None, BUSY,           "处理中",       Some(T::StartUp),       Task), // then runs again
    row(M::CleanUp,        "CleanUpInstance",                       GONE, None, Some(Deleting), "已隔离",       Some(T::CleanUp),       Task), // then is gone
    row(M::Renew,          "RenewInstance",                         ANY,  None, None,           "运行中",       None,                   Deal), // then runs until later
    row(M::OpenWan,        "AllocateWanAddress",                    LIVE, None, BUSY,           "开通外网中",   Some(T::OpenWan),       Task), // then has a public address
    row(M::CloseWan,       "ReleaseWanAddress",                     LIVE, None, BUSY,           "外网关闭中",   Some(T::CloseWan),      Task), // then has none
    row(M::Network,        "ModifyNetworkConfig",                   LIVE, None, BUSY,           "处理中",       Some(T::Network),       Task), // then is reached elsewhere
    row(M::SwitchVip,      "SwitchInstanceVip",                     LIVE, None, BUSY,           "处理中",       Some(T::SwitchVip),     Task), // then has the other's address
    row(M::Connection,     "ModifyConnectionConfig",                LIVE, None, None,           "运行中",       Some(T::Connection),    Task), // then has the new limits
    row(M::OpenSsl,        "OpenSSL",                               LIVE, None, BUSY,           "SSL 状态更新中", Some(T::Ssl),         Task), // then encrypts
    row(M::CloseSsl,       "CloseSSL",                              LIVE, None, BUSY,           "SSL 状态更新中", Some(T::Ssl),         Task), // then does not
    row(M::ModifyPassword, "ModifyInstancePassword",                LIVE, None, None,           "运行中",       Some(T::Password),      Task), // then has the new password
    row(M::ModfiyPassword, "ModfiyInstancePassword",                LIVE, None, None,           "运行中",       Some(T::Password),      Task), // then has the new password
    row(M::MakeAccount,    "CreateInstanceAccount",                 LIVE, None, None,           "运行中",       Some(T::Account),       Task), // then has one more account
    row(M::ModifyAccount,  "ModifyInstanceAccount",                 LIVE, None, None,           "运行中",       Some(T::Account),       Task), // then has a changed account
    row(M::RootNoPassword, "ModifyInstanceAccount",                 LIVE, None, None,           "运行中",       Some(T::NoPassword),    Task), // then needs no password
    row(M::DeleteAccount,  "DeleteInstanceAccount",                 LIVE, None, None,           "运行中",       Some(T::Account),       Task), // then has one account less
    row(M::Params,         "ModifyInstanceParams",                  LIVE, None, None,           "运行中",       Some(T::Params),        Task), // then has the new values
    row(M::Template,       "ApplyParamsTemplate",                   LIVE, None, None,           "运行中",       Some(T::Params),        Task), // then has the template's
    row(M::MakeGroup,      "CreateReplicationGroup",                LIVE, None, BUSY,           ADDING,         Some(T::Join),          Task), // then is the first of its group
    row(M::JoinGroup,      "AddReplicationInstance",                LIVE, None, BUSY,           ADDING,         Some(T::Join),          Task), // then has the group's data
    row(M::LeaveGroup,     "RemoveReplicationInstance",             LIVE, None, BUSY,           "移除实例中",   Some(T::Leave),         Task), // then stands alone
    row(M::DeleteFromGroup, "DeleteReplicationInstance",            LIVE, None, BUSY,           "移除实例中",   Some(T::Leave),         Task), // then stands alone
    row(M::ChangeMaster,   "ChangeMasterInstance",                  LIVE, None, BUSY,           "切换主实例中", Some(T::ChangeMaster),  Task), // then writes in another's place
    row(M::ChangeRole,     "ChangeInstanceRole",                    LIVE, None, BUSY,           "切换实例角色", Some(T::ChangeRole),    Task), // then has the other role
    row(M::EnableReplicas, "EnableReplicaReadonly",                 LIVE, None, BUSY,           "处理中",       Some(T::EnableReplicas), Task), // then reads from replicas
    row(M::DisableReplicas, "DisableReplicaReadonly",               LIVE, None, BUSY,           "处理中",       Some(T::DisableReplicas), Task), // then reads from masters alone
    row(M::ReadOnly,       "ModifyInstanceReadOnly",                LIVE, None, None,           "运行中",       Some(T::ReadOnly),      Task), // then takes writes, or none
    row(M::Promote,        "ChangeReplicaToMaster",                 LIVE, None, BUSY,           "处理中",       Some(T::Promote),       Task), // then has other masters
    row(M::KillMasters,    "KillMasterGroup",                       LIVE, None, BUSY,           "处理中",       Some(T::Failure),       Task), // then has new nodes for those that failed
    row(M::SwitchProxies,  "SwitchProxy",                           LIVE, None, BUSY,           "处理中",       Some(T::Failure),       Task), // then has new proxies for those that failed
    row(M::Backup,         "ManualBackupInstance",                  LIVE, None, None,           "运行中",       Some(T::Backup),        Task), // then has one more backup
    row(M::Restore,        "RestoreInstance",                       LIVE, None, BUSY,           "按备份Id恢复备份中", Some(T::Restore), Task), // then has the backup's data
    row(M::BackupMode,     "ModifyInstanceBackupMode",              LIVE, None, None,           "运行中",       Some(T::BackupMode),    Task), // then goes back that far
    row(M::Clear,          "ClearInstance",                         LIVE, None, BUSY,           "清空中",       Some(T::Clear),         Task), // then has no data
    row(M::OpenLog,        "OpenLog",                               LIVE, None, None,           "运行中",       None,                   Look), // then records
    row(M::CloseLog,       "CloseLog",                              LIVE, None, None,           "运行中",       None,                   Look), // then records nothing
    row(M::Export,         "CreateExportTask",                      LIVE, None, None,           "运行中",       None,                   Look), // then has the file
];

/// What begins only where nothing else is under way, not even beside the status; a renewal, because the price of a
/// change that waits was that of the time that was paid for.
const ALONE: [FlowKind; 4] = [
    FlowKind::Network,
    FlowKind::OpenSsl,
    FlowKind::CloseSsl,
    FlowKind::Renew,
];

/// What changes one account of an instance, beside which others of it may change.
const OF_AN_ACCOUNT: [FlowKind; 4] = [
    FlowKind::MakeAccount,
    FlowKind::ModifyAccount,
    FlowKind::RootNoPassword,
    FlowKind::DeleteAccount,
];

impl FlowKind {
    /// Whether it cannot begin beside one of that kind: both show themselves by the status, or are the same task.
    pub fn waits_for(self, other: FlowKind) -> bool {
        if self.is_of_the_log() || other.is_of_the_log() {
            return false;
        }
        let apart = self.is_of_an_account() && other.is_of_an_account();
        // A public address needs a password, which is about to go.
        let frees = matches!(other, FlowKind::NoPassword | FlowKind::RootNoPassword);
        let excluded = ALONE.contains(&self) || (self == FlowKind::OpenWan && frees);
        let (row, other) = (self.row(), other.row());
        let shown = row.during.is_some() && other.during.is_some();
        let same = row.action == other.action || (row.task.is_some() && row.task == other.task);
        shown || (same && !apart) || excluded
    }

    /// Whether it changes one account of its instance: it waits for what changes that one, not for what changes others.
    pub fn is_of_an_account(self) -> bool {
        OF_AN_ACCOUNT.contains(&self)
    }

    /// `SubStatus` meanwhile, which is also the `Status` of the instance's replication group; 0: none of its own.
    pub fn sub_status(self) -> i64 {
        match self {
            FlowKind::MakeGroup | FlowKind::JoinGroup => 37,
            FlowKind::LeaveGroup | FlowKind::DeleteFromGroup => 51,
            FlowKind::ChangeMaster => 52,
            FlowKind::ChangeRole => 53,
            _ => 0,
        }
    }

    /// Whether it leaves the instance alone and is about its audit log, whose own state says what may begin.
    pub fn is_of_the_log(self) -> bool {
        matches!(self, FlowKind::OpenLog | FlowKind::CloseLog | FlowKind::Export)
    }

    /// Its row.
    pub fn row(self) -> &'static Row {
        &LIFE[self as usize]
    }
}

/// `TaskType`: the code of DescribeTaskList and the phrase of DescribeTaskInfo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    Create,
    Resize,
    Close,
    Clear,
    StartUp,
    CleanUp,
    Password,
    Restore,
    Backup,
    Migrate,
    Clone,
    Shards,
    Replicas,
    NoPassword,
    Cluster,
    Version,
    MultiZone,
    Kernel,
    Proxy,
    Zones,
    OpenWan,
    CloseWan,
    Network,
    SwitchVip,
    Connection,
    Ssl,
    Account,
    Params,
    Join,
    Leave,
    ChangeMaster,
    ChangeRole,
    EnableReplicas,
    DisableReplicas,
    ReadOnly,
    Promote,
    Failure,
    AutoBackup,
    BackupMode,
}

/// The code, a fixture's word, of the kind for which no code is documented: DescribeTaskList has no such task.
pub const UNLISTED: &str = "ssl";

/// Kind, code, and phrase: the documented description of the code, followed by the word for a flow. Only the phrase of
/// clearing was ever published; the others are ours, built the same way.
const KINDS: &[(TaskKind, &str, &str)] = &[
    (TaskKind::Create, "001", "新建实例流程"),
    (TaskKind::Resize, "002", "配置变更流程"),
    (TaskKind::Close, "003", "关闭实例流程"),
    (TaskKind::Clear, "004", "redis缓存清空流程"),
    (TaskKind::StartUp, "005", "启动实例流程"),
    (TaskKind::CleanUp, "006", "删除实例流程"),
    (TaskKind::Password, "007", "重置密码流程"),
    (TaskKind::Restore, "010", "恢复备份流程"),
    (TaskKind::Backup, "012", "备份实例流程"),
    (TaskKind::Migrate, "013", "实例迁移流程"),
    (TaskKind::Clone, "026", "克隆备份流程"),
    (TaskKind::Shards, "028", "扩缩容流程"),
    (TaskKind::Replicas, "029", "加（减）节点流程"),
    (TaskKind::NoPassword, "035", "设置免密流程"),
    (TaskKind::Cluster, "041", "架构升级流程"),
    (TaskKind::Version, "043", "版本升级流程"),
    (TaskKind::MultiZone, "047", "多可用区升级流程"),
    (TaskKind::Kernel, "060", "小版本升级流程"),
    (TaskKind::Proxy, "061", "代理版本升级流程"),
    (TaskKind::Zones, "066", "可用区迁移流程"),
    (TaskKind::OpenWan, "052", "开通外网流程"),
    (TaskKind::CloseWan, "053", "关闭外网流程"),
    (TaskKind::Network, "062", "实例修改网络流程"),
    (TaskKind::SwitchVip, "036", "实例VIP切换流程"),
    (TaskKind::Connection, "044", "带宽连接数调整流程"),
    (TaskKind::Ssl, UNLISTED, "SSL状态更新流程"),
    (TaskKind::Account, "037", "实例账号变更流程"),
    (TaskKind::Params, "034", "修改实例参数流程"),
    (TaskKind::Join, "050", "新增复制组流程"),
    (TaskKind::Leave, "055", "解绑复制组流程"),
    (TaskKind::ChangeMaster, "056", "复制组实例切主流程"),
    (TaskKind::ChangeRole, "057", "更改复制组实例角色流程"),
    (TaskKind::EnableReplicas, "039", "开启副本只读流程"),
    (TaskKind::DisableReplicas, "040", "关闭副本只读流程"),
    (TaskKind::ReadOnly, "033", "只读策略变更流程"),
    (TaskKind::Promote, "049", "手动提主流程"),
    (TaskKind::Failure, "048", "模拟故障流程"),
    (TaskKind::AutoBackup, "017", "自动备份实例流程"),
    (TaskKind::BackupMode, "070", "变更实例备份模式流程"),
];

impl TaskKind {
    /// Every kind there is.
    pub fn all() -> impl Iterator<Item = TaskKind> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    /// The code of DescribeTaskList.
    pub fn code(self) -> &'static str {
        KINDS[self as usize].1
    }

    /// The kind of that code, if it is one of ours.
    pub fn from_code(code: &str) -> Option<TaskKind> {
        TaskKind::all().find(|kind| kind.code() == code)
    }

    /// Whether DescribeTaskList has tasks of that kind.
    pub fn is_listed(self) -> bool {
        self.code() != UNLISTED
    }

    /// The phrase of DescribeTaskInfo.
    pub fn phrase(self) -> &'static str {
        KINDS[self as usize].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_transition_stands_in_its_place() {
        for (at, row) in LIFE.iter().enumerate() {
            assert_eq!(row.of as usize, at, "{:?}", row.of);
        }
        assert_eq!(FlowKind::Export as usize + 1, LIFE.len());
    }

    #[test]
    fn what_hands_out_a_task_lists_one() {
        for row in LIFE {
            assert!(row.gives != Task || row.task.is_some(), "{row:?}");
        }
    }

    #[test]
    fn each_kind_stands_in_its_place() {
        for (at, (kind, code, _)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, at);
            assert_eq!(TaskKind::from_code(code), Some(*kind));
        }
    }
}
