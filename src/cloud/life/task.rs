//! Finding tasks.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::cloud::backup::daily;
use crate::cloud::ids::TaskId;
use crate::cloud::instance::listing::any;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::look;
use crate::cloud::life::record::{Task, TaskResult};
use crate::cloud::life::retention::HISTORY;
use crate::cloud::life::table::TaskKind;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

/// What DescribeTaskList filters by.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    pub instance_id: Option<String>,
    /// Part of the name.
    pub instance_name: Option<String>,
    /// `TaskTypes`: codes such as `002`.
    pub kinds: Vec<String>,
    pub results: Vec<i64>,
    /// Uins of those who began it.
    pub operators: Vec<String>,
    pub project_ids: Vec<i64>,
    /// Started no earlier; thirty days ago if unset.
    pub from: Option<Millis>,
    /// Started no later.
    pub until: Option<Millis>,
}

/// What a filter looks at of a task.
struct Facts<'a> {
    kind: TaskKind,
    instance_id: &'a str,
    instance_name: &'a str,
    project_id: i64,
    operator_uin: &'a str,
    started_at: Millis,
}

impl TaskFilter {
    /// Whether everything but the result fits.
    fn matches(&self, task: &Facts<'_>, from: Millis) -> bool {
        task.kind.is_listed() && self.matches_subject(task) && self.matches_time(task.started_at, from)
    }

    fn matches_subject(&self, task: &Facts<'_>) -> bool {
        self.instance_id.as_ref().is_none_or(|id| task.instance_id == *id)
            && self
                .instance_name
                .as_ref()
                .is_none_or(|name| task.instance_name.contains(name.as_str()))
            && any(&self.kinds, |code| task.kind.code() == code)
            && any(&self.operators, |uin| task.operator_uin == *uin)
            && any(&self.project_ids, |id| task.project_id == *id)
    }

    fn matches_time(&self, started_at: Millis, from: Millis) -> bool {
        started_at >= from && self.until.is_none_or(|until| started_at <= until)
    }
}

/// One that is kept, or one of a daily backup, which follows from its instance.
enum Found<'a> {
    Kept(&'a Task),
    Daily(&'a Instance, Millis),
}

/// How many tasks of the region match, and a page of them, newest first. What stands on the page is shown, and so is
/// what the filter on the result keeps out.
pub fn find_tasks<'a>(
    cloud: &'a Cloud,
    call: &Call,
    filter: &TaskFilter,
    (offset, limit): (usize, usize),
) -> (usize, Vec<Cow<'a, Task>>) {
    if !call.may_look_at(cloud.tasks.len() + cloud.instances.len()) {
        return (0, Vec::new());
    }
    let reach = call.now.saturating_sub(HISTORY);
    let from = match filter.from {
        Some(from) if !cloud.settings.assumed.task_list_ends_thirty_days_ago => from,
        from => from.map_or(reach, |from| from.max(reach)),
    };
    let takes = |result: TaskResult| any(&filter.results, |number| result.number() == *number);
    let mut found = Vec::new();
    for task in cloud.tasks.values() {
        let facts = Facts {
            kind: task.kind,
            instance_id: &task.instance_id,
            instance_name: &task.instance_name,
            project_id: task.project_id,
            operator_uin: &task.operator_uin,
            started_at: task.started_at,
        };
        if task.region.name != call.region.name || !filter.matches(&facts, from) {
            continue;
        }
        if takes(task.result) {
            found.push((task.started_at, task.id, Found::Kept(task)));
        } else {
            look::look_at_task(cloud, call, task);
        }
    }
    for instance in cloud.instances.values() {
        let facts = Facts {
            kind: TaskKind::AutoBackup,
            instance_id: &instance.id,
            instance_name: &instance.name,
            project_id: instance.project_id,
            operator_uin: &cloud.account.uin,
            started_at: 0,
        };
        if instance.region.name != call.region.name || !filter.matches_subject(&facts) {
            continue;
        }
        for at in daily::task_starts(cloud, instance, call.now) {
            if filter.matches_time(at, from) && takes(daily::result(at, call.now)) {
                found.push((at, daily::task_id(instance, at), Found::Daily(instance, at)));
            }
        }
    }
    found.sort_by_key(|(at, id, _)| Reverse((*at, *id)));
    let total = found.len();
    let page = found.into_iter().skip(offset).take(limit);
    let shown = page.map(|(_, _, found)| match found {
        Found::Kept(task) => {
            look::look_at_task(cloud, call, task);
            Cow::Borrowed(task)
        }
        Found::Daily(instance, at) => Cow::Owned(daily::task(&cloud.account.uin, instance, at, call.now)),
    });
    (total, shown.collect())
}

/// The task of that number in the called region.
pub(crate) fn task<'a>(cloud: &'a Cloud, call: &Call, id: TaskId) -> Result<Cow<'a, Task>, Refusal> {
    let kept = cloud.tasks.get(&id).map(Cow::Borrowed);
    let task = kept.or_else(|| {
        let (instance, at) = daily::find_task(cloud, id, call.now)?;
        Some(Cow::Owned(daily::task(&cloud.account.uin, instance, at, call.now)))
    });
    let task = task.filter(|task| task.region.name == call.region.name);
    let task = task.ok_or(Refusal::NoSuchTask { id })?;
    look::look_at_task(cloud, call, &task);
    Ok(task)
}
