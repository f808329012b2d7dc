//! Templates of parameters.

use crate::actions::parameter::params;
use crate::actions::{cut, int, page};
use crate::cloud::parameter::catalogue::{self, Kind, Parameter};
use crate::cloud::parameter::template::{self, NewTemplate, TemplateChange, TemplateFilter};
use crate::cloud::{Call, Cloud, ParamTemplate, Refusal};
use crate::contract::{Text, input, output};

/// The documented length of a page of DescribeParamTemplates, which is also the most.
const LIMIT_MAX: i64 = 200;

/// Makes a template.
pub(crate) fn create_param_template(
    cloud: &mut Cloud,
    _: &Call,
    input: input::CreateParamTemplate,
) -> Result<output::CreateParamTemplate, Refusal> {
    let new = NewTemplate {
        name: input.name,
        description: input.description.unwrap_or_default(),
        type_id: input.product_type,
        source: input.template_id,
        params: params(input.param_list),
    };
    let id = template::create(cloud, &new)?;
    Ok(output::CreateParamTemplate { template_id: id.into() })
}

/// Changes a template; values that are not named stay.
pub(crate) fn modify_param_template(
    cloud: &mut Cloud,
    _: &Call,
    input: input::ModifyParamTemplate,
) -> Result<output::ModifyParamTemplate, Refusal> {
    let change = TemplateChange {
        name: input.name,
        description: input.description,
        params: params(input.param_list),
    };
    template::modify(cloud, &input.template_id, &change)?;
    Ok(output::ModifyParamTemplate {})
}

/// Deletes a template.
pub(crate) fn delete_param_template(
    cloud: &mut Cloud,
    _: &Call,
    input: input::DeleteParamTemplate,
) -> Result<output::DeleteParamTemplate, Refusal> {
    template::delete(cloud, &input.template_id)?;
    Ok(output::DeleteParamTemplate {})
}

/// The templates of the account.
pub(crate) fn describe_param_templates(
    cloud: &Cloud,
    _: &Call,
    input: input::DescribeParamTemplates,
) -> Result<output::DescribeParamTemplates, Refusal> {
    let page = page(input.offset, input.limit, LIMIT_MAX, LIMIT_MAX)?;
    let filter = TemplateFilter {
        type_ids: input.product_types,
        names: input.template_names,
        ids: input.template_ids,
    };
    let found = template::list(cloud, &filter)?;
    let total_count = found.len() as u64;
    let shown = cut(found, page);
    let item = |template: ParamTemplate| output::ParamTemplateInfo {
        template_id: template.id.into(),
        name: template.name.into(),
        description: template.description.into(),
        product_type: template.edition.type_id,
    };
    Ok(output::DescribeParamTemplates {
        total_count,
        items: shown.map(item).collect(),
    })
}

/// A template with all its values.
pub(crate) fn describe_param_template_info(
    cloud: &Cloud,
    _: &Call,
    input: input::DescribeParamTemplateInfo,
) -> Result<output::DescribeParamTemplateInfo, Refusal> {
    let template = template::find(cloud, &input.template_id)?;
    let known = catalogue::of_edition(template.edition);
    let items: Vec<_> = known.map(|known| detail(&template, known)).collect();
    Ok(output::DescribeParamTemplateInfo {
        total_count: int(items.len() as u64),
        template_id: template.id.into(),
        name: template.name.into(),
        product_type: template.edition.type_id,
        description: template.description.into(),
        items,
    })
}

fn detail(template: &ParamTemplate, known: &Parameter) -> output::ParameterDetail {
    let values = |values: &'static [&'static str]| Some(values.iter().map(|value| Text::from(*value)).collect());
    let (param_type, bounds, enum_value) = match known.kind {
        Kind::Enum(all) => ("enum", None, values(all)),
        Kind::Multi(all) => ("multi", None, values(all)),
        Kind::Integer(min, max, _) => ("integer", Some((min, max)), None),
        Kind::Word(_) | Kind::Letters(_) | Kind::Any => ("text", None, None),
    };
    let (min, max) = bounds.map_or_else(Default::default, |(min, max)| (min.to_string(), max.to_string()));
    output::ParameterDetail {
        name: known.name.into(),
        param_type: param_type.into(),
        default: known.default.into(),
        description: known.tip.into(),
        current_value: template.value(known.name).to_owned().into(),
        need_reboot: 0,
        max: max.into(),
        min: min.into(),
        enum_value,
    }
}

/// Gives instances the values of a template.
pub(crate) fn apply_params_template(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ApplyParamsTemplate,
) -> Result<output::ApplyParamsTemplate, Refusal> {
    let tasks = template::apply(cloud, call, &input.instance_ids, &input.template_id)?;
    Ok(output::ApplyParamsTemplate {
        task_ids: tasks.into_iter().map(|task| int(task.0)).collect(),
    })
}
