//! Finding tasks.

use crate::cloud::ids::TaskId;
use crate::cloud::instance::listing::any;
use crate::cloud::life::look;
use crate::cloud::life::record::Task;
use crate::cloud::life::retention::HISTORY;
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

impl TaskFilter {
    /// Whether everything but the result fits.
    fn matches(&self, task: &Task, from: Millis) -> bool {
        task.kind.is_listed()
            && self.instance_id.as_ref().is_none_or(|id| task.instance_id == *id)
            && self
                .instance_name
                .as_ref()
                .is_none_or(|name| task.instance_name.contains(name.as_str()))
            && any(&self.kinds, |code| task.kind.code() == code)
            && any(&self.operators, |uin| task.operator_uin == *uin)
            && any(&self.project_ids, |id| task.project_id == *id)
            && task.started_at >= from
            && self.until.is_none_or(|until| task.started_at <= until)
    }
}

/// How many tasks of the region match, and a page of them, newest first. What stands on the page is shown, and so is
/// what the filter on the result keeps out.
pub fn find_tasks<'a>(
    cloud: &'a Cloud,
    call: &Call,
    filter: &TaskFilter,
    offset: usize,
    limit: usize,
) -> (usize, Vec<&'a Task>) {
    if !call.may_look_at(cloud.tasks.len()) {
        return (0, Vec::new());
    }
    let reach = call.now.saturating_sub(HISTORY);
    let from = match filter.from {
        Some(from) if !cloud.settings.assumed.task_list_ends_thirty_days_ago => from,
        from => from.map_or(reach, |from| from.max(reach)),
    };
    let here = |task: &&Task| {
        let fits = task.region.name == call.region.name && filter.matches(task, from);
        if fits && !any(&filter.results, |result| task.result.number() == *result) {
            look::look_at_task(cloud, call, task);
            return false;
        }
        fits
    };
    let mut found: Vec<&Task> = cloud.tasks.values().filter(here).collect();
    found.sort_by_key(|task| std::cmp::Reverse((task.started_at, task.id)));
    let total = found.len();
    let page: Vec<&Task> = found.into_iter().skip(offset).take(limit).collect();
    for task in &page {
        look::look_at_task(cloud, call, task);
    }
    (total, page)
}

/// The task of that number in the called region.
pub(crate) fn task<'a>(cloud: &'a Cloud, call: &Call, id: TaskId) -> Result<&'a Task, Refusal> {
    let found = cloud.tasks.get(&id);
    let task = found.filter(|task| task.region.name == call.region.name);
    let task = task.ok_or(Refusal::NoSuchTask { id })?;
    look::look_at_task(cloud, call, task);
    Ok(task)
}
