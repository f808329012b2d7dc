//! The parameters of an instance.

use crate::actions::parameter::params;
use crate::actions::{cut, int, place};
use crate::cloud::parameter::catalogue::Kind;
use crate::cloud::parameter::modify::{self, RecordRow, Setting};
use crate::cloud::{Call, Cloud, Refusal, time};
use crate::contract::{Text, input, output};

/// The documented length of a page of DescribeInstanceParamRecords, and the most.
const LIMIT: u64 = 100;
const LIMIT_MAX: u64 = 200;

/// The parameters in four lists, by kind.
pub(crate) fn describe_instance_params(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceParams,
) -> Result<output::DescribeInstanceParams, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    modify::has_parameters(instance)?;
    instance.is_told()?;
    let settings = modify::settings(cloud, instance);
    let mut answer = output::DescribeInstanceParams {
        total_count: int(settings.len() as u64),
        instance_enum_param: Vec::new(),
        instance_integer_param: Vec::new(),
        instance_text_param: Vec::new(),
        instance_multi_param: Vec::new(),
    };
    for setting in &settings {
        add(&mut answer, setting);
    }
    Ok(answer)
}

/// A row with the members that all four lists have, and its own.
macro_rules! row {
    ($list:ident of $setting:expr, $kind:literal, $($own:ident: $value:expr),+) => {
        output::$list {
            param_name: $setting.listed.name.clone().into(),
            value_type: $kind.into(),
            need_restart: "false".into(),
            default_value: $setting.listed.default.clone().into(),
            current_value: $setting.value.clone().into(),
            tips: $setting.listed.tip.into(),
            status: if $setting.changing { 1 } else { 2 },
            $($own: $value),+
        }
    };
}

fn add(answer: &mut output::DescribeInstanceParams, of: &Setting) {
    let all = |values: &'static [&'static str]| values.iter().map(|value| Text::from(*value)).collect();
    match of.listed.kind {
        Kind::Enum(values) => answer
            .instance_enum_param
            .push(row!(InstanceEnumParam of of, "enum", enum_value: all(values))),
        Kind::Integer(min, max, unit) => answer.instance_integer_param.push(row!(
            InstanceIntegerParam of of, "integer",
            min: min.to_string().into(), max: max.to_string().into(), unit: unit.into()
        )),
        Kind::Multi(values) => answer
            .instance_multi_param
            .push(row!(InstanceMultiParam of of, "multi", enum_value: all(values))),
        Kind::Word(values) | Kind::Letters(values) => answer
            .instance_text_param
            .push(row!(InstanceTextParam of of, "text", text_value: all(values))),
        Kind::Any => answer
            .instance_text_param
            .push(row!(InstanceTextParam of of, "text", text_value: Vec::new())),
    }
}

/// Gives parameters other values.
pub(crate) fn modify_instance_params(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceParams,
) -> Result<output::ModifyInstanceParams, Refusal> {
    let params = params(input.instance_params);
    let task_id = modify::modify(cloud, call, &input.instance_id, &params)?;
    Ok(output::ModifyInstanceParams {
        changed: true,
        task_id: int(task_id.0),
    })
}

/// What was changed, newest first.
pub(crate) fn describe_instance_param_records(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceParamRecords,
) -> Result<output::DescribeInstanceParamRecords, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    instance.is_told()?;
    let records = modify::records(cloud, instance);
    let (offset, limit) = (input.offset.unwrap_or(0), input.limit.unwrap_or(LIMIT).min(LIMIT_MAX));
    let shown = cut(&records, (place(offset), place(limit)));
    Ok(output::DescribeInstanceParamRecords {
        total_count: int(records.len() as u64),
        instance_param_history: shown.map(history).collect(),
    })
}

fn history(row: &RecordRow) -> output::InstanceParamHistory {
    let RecordRow { record, runs } = row;
    output::InstanceParamHistory {
        param_name: record.name.clone().into(),
        pre_value: record.before.clone().into(),
        new_value: record.after.clone().into(),
        status: match (runs, record.failed) {
            (true, _) => 1,
            (false, false) => 2,
            (false, true) => 3,
        },
        modify_time: time::show(record.at).into(),
    }
}
