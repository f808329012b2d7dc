//! Tasks.

use crate::actions::{int, moment, page, text};
use crate::cloud::life::task;
use crate::cloud::{Call, Cloud, Refusal, Task, TaskFilter, TaskId, time};
use crate::contract::{input, output};

const LIMIT: i64 = 20;
const MOST: i64 = 100;

/// One task by its number.
pub(crate) fn describe_task_info(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeTaskInfo,
) -> Result<output::DescribeTaskInfo, Refusal> {
    let task = task::task(cloud, call, TaskId(input.task_id))?;
    Ok(output::DescribeTaskInfo {
        status: task.result.word().into(),
        start_time: time::show(task.started_at).into(),
        task_type: task.kind.phrase().into(),
        instance_id: task.instance_id.clone().into(),
        task_message: task.message.clone().into(),
    })
}

/// The tasks of the region, newest first. `TaskStatus` is documented as internal and to be ignored, and is.
pub(crate) fn describe_task_list(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeTaskList,
) -> Result<output::DescribeTaskList, Refusal> {
    let mut operators = input.operate_uin;
    operators.extend(input.operator_uin.iter().map(i64::to_string));
    let filter = TaskFilter {
        instance_id: text(input.instance_id),
        instance_name: text(input.instance_name),
        kinds: input.task_types,
        results: input.result,
        operators,
        project_ids: input.project_ids,
        from: moment("BeginTime", text(input.begin_time))?,
        until: moment("EndTime", text(input.end_time))?,
    };
    let page = page(input.offset, input.limit, LIMIT, MOST)?;
    let (total, found) = task::find_tasks(cloud, call, &filter, page);
    Ok(output::DescribeTaskList {
        total_count: int(total as u64),
        tasks: found.iter().map(|task| show(task)).collect(),
    })
}

fn show(task: &Task) -> output::TaskInfoDetail {
    output::TaskInfoDetail {
        task_id: int(task.id.0),
        start_time: time::show(task.started_at).into(),
        task_type: task.kind.code().into(),
        instance_name: task.instance_name.clone().into(),
        instance_id: task.instance_id.clone().into(),
        project_id: task.project_id,
        progress: task.result.progress(),
        end_time: task.ended_at.map(time::show).unwrap_or_default().into(),
        result: task.result.number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::change::upgrade_instance;
    use crate::actions::tests::{ID, NOW, call, cloud, json, upgrade};
    use crate::cloud::{Pace, advance};

    #[test]
    fn a_task_is_told_by_number_and_in_the_list() {
        let mut cloud = cloud(Pace::Held);
        upgrade_instance(&mut cloud, &call(), upgrade(4_096)).unwrap();
        let TaskId(task_id) = *cloud.tasks.iter().next().unwrap().0;
        let info = describe_task_info(&cloud, &call(), input::DescribeTaskInfo { task_id }).unwrap();
        assert_eq!((info.status.as_ref(), info.instance_id.as_ref()), ("running", ID));
        advance::drain(&mut cloud, NOW + 9_000);
        let info = describe_task_info(&cloud, &call(), input::DescribeTaskInfo { task_id }).unwrap();
        assert_eq!(info.status, "succeed");
        let unknown = describe_task_info(&cloud, &call(), input::DescribeTaskInfo { task_id: 1 }).map(drop);
        assert_eq!(unknown.unwrap_err(), Refusal::NoSuchTask { id: TaskId(1) });

        let row = &json(&describe_task_list(&cloud, &call(), tasks()).unwrap())["Tasks"][0];
        let expected = serde_json::json!({
            "TaskId": task_id, "StartTime": "2018-11-01 21:12:05", "TaskType": "002", "InstanceName": ID,
            "InstanceId": ID, "ProjectId": 0, "Progress": 1, "EndTime": "2018-11-01 21:12:14", "Result": 2,
        });
        assert_eq!(row, &expected);
    }

    fn tasks() -> input::DescribeTaskList {
        input::DescribeTaskList {
            instance_id: None,
            instance_name: None,
            limit: None,
            offset: None,
            project_ids: Vec::new(),
            task_types: Vec::new(),
            begin_time: None,
            end_time: None,
            task_status: Vec::new(),
            result: Vec::new(),
            operator_uin: Vec::new(),
            operate_uin: Vec::new(),
        }
    }

    #[test]
    fn a_task_list_takes_times_and_counts() {
        let cloud = cloud(Pace::Held);
        let faults = [
            input::DescribeTaskList {
                begin_time: Some("yesterday".into()),
                ..tasks()
            },
            input::DescribeTaskList {
                limit: Some(-1),
                ..tasks()
            },
            input::DescribeTaskList {
                offset: Some(-1),
                ..tasks()
            },
        ];
        for fault in faults {
            assert!(matches!(
                describe_task_list(&cloud, &call(), fault),
                Err(Refusal::BadValue { .. })
            ));
        }
    }
}
