//! Holds an answer against its published shape.

use crs_local::contract::shape::{Shape, Type};
use serde_json::Value;

/// Every way in which a `Response` without error is not what the contract publishes.
pub(crate) fn faults(response: &Value, shape: &Shape) -> Vec<String> {
    let mut faults = Vec::new();
    object(response, shape, &["RequestId"], shape.name, &mut faults);
    faults
}

/// Every member of the shape is there and nothing else, save `beside`.
fn object(value: &Value, shape: &Shape, beside: &[&str], path: &str, faults: &mut Vec<String>) {
    let Some(members) = value.as_object() else {
        faults.push(format!("{path} is no object"));
        return;
    };
    for name in members.keys().map(String::as_str) {
        if !beside.contains(&name) && !shape.members.iter().any(|member| member.name == name) {
            faults.push(format!("{path}.{name} is not published"));
        }
    }
    for member in shape.members {
        let path = format!("{path}.{}", member.name);
        match members.get(member.name) {
            None => faults.push(format!("{path} is not there")),
            Some(Value::Null) if member.nullable => {}
            Some(value) => {
                of_type(value, member.ty, &path, faults);
                // -1 is there nothing to do, as the official example of OpenSSL shows.
                let idle = shape.members.len() == 1 && value.as_i64() == Some(-1);
                if ["TaskId", "TaskIds", "FlowId"].contains(&member.name) && !idle {
                    positive(value, &path, faults);
                }
            }
        }
    }
}

fn of_type(value: &Value, ty: Type, path: &str, faults: &mut Vec<String>) {
    let holds = match ty {
        Type::String => value.is_string(),
        // No fraction: `1.0` is a float to a client with types.
        Type::Integer => value.is_i64(),
        Type::UInteger => value.is_u64(),
        Type::Boolean => value.is_boolean(),
        Type::Float => value.is_number(),
        Type::Object(shape) => return object(value, shape, &[], path, faults),
        Type::List(item) => match value.as_array() {
            Some(items) => {
                for (at, value) in items.iter().enumerate() {
                    of_type(value, *item, &format!("{path}.{at}"), faults);
                }
                return;
            }
            None => false,
        },
    };
    if !holds {
        faults.push(format!("{path} is {value}, not of the type {}", ty.name()));
    }
}

/// Numbers that another call takes: an integer above zero, or a list of them. Some are published as text; those are
/// left alone.
fn positive(value: &Value, path: &str, faults: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| positive(item, path, faults)),
        Value::Number(number) if number.as_u64().is_none_or(|number| number == 0) => {
            faults.push(format!("{path} is {number}, which is no number of a task"));
        }
        _ => {}
    }
}

#[test]
fn what_does_not_fit_is_named() {
    use crs_local::contract;
    use serde_json::json;
    let of = |action: &str, response: &Value| {
        faults(
            response,
            contract::find(action, "2018-04-12").expect("an action").output,
        )
    };
    let right = json!({ "TotalCount": 1, "Tasks": [{ "TaskId": 7, "StartTime": "", "TaskType": "002",
        "InstanceName": "", "InstanceId": "", "ProjectId": 0, "Progress": 0.5, "EndTime": "", "Result": 1 }],
        "RequestId": "" });
    assert_eq!(of("DescribeTaskList", &right), Vec::<String>::new());
    for (pointer, wrong, fault) in [
        ("/TotalCount", json!(1.0), "DescribeTaskList.TotalCount is 1.0"),
        ("/TotalCount", json!("1"), "DescribeTaskList.TotalCount is \"1\""),
        ("/TotalCount", json!(null), "DescribeTaskList.TotalCount is null"),
        ("/Tasks", json!(null), "DescribeTaskList.Tasks is null"),
        ("/Tasks/0/TaskId", json!(0), "DescribeTaskList.Tasks.0.TaskId is 0"),
        (
            "/Tasks/0/TaskId",
            json!("7"),
            "DescribeTaskList.Tasks.0.TaskId is \"7\"",
        ),
        (
            "/Tasks/0/Progress",
            json!("1"),
            "DescribeTaskList.Tasks.0.Progress is \"1\"",
        ),
        ("/Tasks/0", json!([]), "DescribeTaskList.Tasks.0 is no object"),
    ] {
        let mut response = right.clone();
        *response.pointer_mut(pointer).expect("a member") = wrong;
        let found = of("DescribeTaskList", &response);
        assert!(
            found.len() == 1 && found[0].starts_with(fault),
            "{found:?}, not {fault}"
        );
    }
    let found = of(
        "UpgradeInstance",
        &json!({ "DealId": "1", "dealName": "1", "RequestId": "" }),
    );
    let expected = [
        "UpgradeInstance.dealName is not published",
        "UpgradeInstance.DealName is not there",
    ];
    assert_eq!(found, expected);
}
