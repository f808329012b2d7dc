//! Tasks: what the cloud has to do, is doing and has done.

use super::ids::{InstanceId, TaskId};
use super::region::Region;
use super::time::Millis;

/// One row of DescribeTaskList. Its number is also the number of the [`Flow`](super::flow::Flow) that carries it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// `TaskId`
    pub id: TaskId,
    /// `TaskType`
    pub kind: TaskKind,
    /// Where it is listed.
    pub region: &'static Region,
    /// The instance it is about.
    pub instance_id: InstanceId,
    /// Its name when the task began.
    pub instance_name: String,
    /// Its project when the task began.
    pub project_id: i64,
    /// `StartTime`
    pub started_at: Millis,
    /// `EndTime`; `None` while it runs.
    pub ended_at: Option<Millis>,
    /// How far it is.
    pub result: TaskResult,
    /// Why it failed; "" otherwise.
    pub message: String,
    /// Who began it.
    pub operator_uin: String,
}

impl Task {
    /// Whether it is still under way.
    pub fn runs(&self) -> bool {
        matches!(self.result, TaskResult::Preparing | TaskResult::Running)
    }
}

/// `Result` of a task, with the numbers the API shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskResult {
    Preparing = 0,
    Running = 1,
    Done = 2,
    Failed = 4,
}

impl TaskResult {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The result of that number, if there is one.
    pub fn from_number(number: i64) -> Option<TaskResult> {
        [
            TaskResult::Preparing,
            TaskResult::Running,
            TaskResult::Done,
            TaskResult::Failed,
        ]
        .into_iter()
        .find(|result| result.number() == number)
    }

    /// `Status` of DescribeTaskInfo.
    pub fn word(self) -> &'static str {
        match self {
            TaskResult::Preparing => "preparing",
            TaskResult::Running => "running",
            TaskResult::Done => "succeed",
            TaskResult::Failed => "failed",
        }
    }

    /// `Progress`: between 0 and 1. Half way is our own figure for a task that runs.
    pub fn progress(self) -> f64 {
        match self {
            TaskResult::Preparing => 0.0,
            TaskResult::Running => 0.5,
            TaskResult::Done | TaskResult::Failed => 1.0,
        }
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
}

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

    /// The phrase of DescribeTaskInfo.
    pub fn phrase(self) -> &'static str {
        KINDS[self as usize].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_stands_in_its_place() {
        for (at, (kind, code, _)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, at);
            assert_eq!(TaskKind::from_code(code), Some(*kind));
        }
    }
}
