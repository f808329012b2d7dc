//! Templates of parameters: those of the account, and one of each edition that every account has.

use crate::cloud::catalogue::edition;
use crate::cloud::catalogue::edition::Edition;
use crate::cloud::ids::{InstanceId, TaskId, TemplateId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::parameter::catalogue;
use crate::cloud::parameter::modify::{all_are_good, evicts_nothing, has_parameters};
use crate::cloud::parameter::record::{Param, ParamTemplate, Values};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::rules::text;
use crate::cloud::state::{Call, Cloud};

/// The documented length of a name, in characters.
pub const NAME_CHARS_MIN: usize = 2;
/// As [`NAME_CHARS_MIN`].
pub const NAME_CHARS_MAX: usize = 64;
/// The documented most of `TemplateNames` and of `TemplateIds`.
const FILTER_MOST: usize = 50;

/// What CreateParamTemplate is told.
#[derive(Clone, Debug, Default)]
pub struct NewTemplate {
    pub name: String,
    pub description: String,
    /// `ProductType`
    pub type_id: Option<u64>,
    /// `TemplateId`: the one to copy.
    pub source: Option<String>,
    pub params: Vec<Param>,
}

/// What ModifyParamTemplate is told; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TemplateChange {
    pub name: Option<String>,
    pub description: Option<String>,
    /// Values to come; the others stay.
    pub params: Vec<Param>,
}

/// What DescribeParamTemplates asks for; all that is not empty must hold.
#[derive(Clone, Debug, Default)]
pub struct TemplateFilter {
    pub type_ids: Vec<i64>,
    pub names: Vec<String>,
    pub ids: Vec<String>,
}

/// The template of that id: one of the account's, or one that every account has.
pub fn find(cloud: &Cloud, id: &str) -> Result<ParamTemplate, Refusal> {
    let own = cloud.param_templates.iter().find(|own| own.id == *id).cloned();
    let found = own.or_else(|| system().find(|system| system.id == *id));
    found.ok_or_else(|| Refusal::NoSuchTemplate { id: id.to_owned() })
}

/// The templates that every account has, one of each edition whose parameters are known.
fn system() -> impl Iterator<Item = ParamTemplate> {
    let known = edition::EDITIONS.iter().filter(|edition| is_templated(edition));
    known.map(|edition| ParamTemplate {
        id: edition.template_id().into(),
        name: format!("Default-{}", edition.type_id),
        description: String::new(),
        edition,
        values: Values::default(),
    })
}

/// Whether an edition has templates: its parameters are known.
pub fn is_templated(edition: &Edition) -> bool {
    catalogue::of_edition(edition).next().is_some()
}

/// Makes a template, from an edition's defaults or from another template.
pub fn create(cloud: &mut Cloud, new: &NewTemplate) -> Result<TemplateId, Refusal> {
    name_is_good(cloud, &new.name, None)?;
    let source = text(&new.source).map(|id| find(cloud, id)).transpose()?;
    let stated = new.type_id.map(edition_of).transpose()?;
    let (edition, mut values) = match (source, stated) {
        (Some(source), Some(stated)) if source.edition != stated => {
            let why = format!("{} is not the type of {}", stated.type_id, source.id);
            return Err(bad_value("ProductType", why));
        }
        (Some(source), _) => (source.edition, source.values),
        (None, Some(stated)) => (stated, Values::default()),
        (None, None) => {
            let why = "ProductType or TemplateId must be given";
            return Err(Refusal::BadCombination { why });
        }
    };
    take(&mut values, edition, &new.params)?;
    let id = loop {
        let id = cloud.ids.template_id();
        if cloud.param_templates.iter().all(|own| own.id != id) {
            break id;
        }
    };
    cloud.param_templates.push(ParamTemplate {
        id: id.clone(),
        name: new.name.clone(),
        description: new.description.clone(),
        edition,
        values,
    });
    Ok(id)
}

/// Changes what is given of a template. Instances that were made with it stay as they are.
pub fn modify(cloud: &mut Cloud, id: &str, change: &TemplateChange) -> Result<(), Refusal> {
    let at = own(cloud, id)?;
    if let Some(name) = &change.name {
        name_is_good(cloud, name, Some(id))?;
    }
    let template = &cloud.param_templates[at];
    let mut values = template.values.clone();
    take(&mut values, template.edition, &change.params)?;
    let template = &mut cloud.param_templates[at];
    template.values = values;
    if let Some(name) = &change.name {
        template.name.clone_from(name);
    }
    if let Some(description) = &change.description {
        template.description.clone_from(description);
    }
    Ok(())
}

/// Deletes a template. Instances that were made with it stay as they are.
pub fn delete(cloud: &mut Cloud, id: &str) -> Result<(), Refusal> {
    let at = own(cloud, id)?;
    cloud.param_templates.remove(at);
    Ok(())
}

/// The account's templates that a filter asks for, newest first. Those of the system are found by name and id only.
pub fn list(cloud: &Cloud, filter: &TemplateFilter) -> Result<Vec<ParamTemplate>, Refusal> {
    for (parameter, given) in [("TemplateNames", &filter.names), ("TemplateIds", &filter.ids)] {
        if given.len() > FILTER_MOST {
            let why = format!("it names {}, and {FILTER_MOST} are the most", given.len());
            return Err(bad_value(parameter, why));
        }
    }
    let by_name = !filter.names.is_empty() || !filter.ids.is_empty();
    let is_asked = |template: &ParamTemplate| {
        let of_type = |type_id: &i64| u64::try_from(*type_id) == Ok(template.edition.type_id);
        (filter.type_ids.is_empty() || filter.type_ids.iter().any(of_type))
            && (filter.names.is_empty() || filter.names.contains(&template.name))
            && (filter.ids.is_empty() || filter.ids.iter().any(|id| template.id == *id))
    };
    let own = cloud.param_templates.iter().rev().cloned();
    let all = own.chain(system().filter(|_| by_name));
    Ok(all.filter(is_asked).collect())
}

/// Gives instances the values of a template. All are looked at before the first begins; each then has a task of its
/// own, in that order.
pub fn apply(cloud: &mut Cloud, call: &Call, ids: &[String], template_id: &str) -> Result<Vec<TaskId>, Refusal> {
    let template = find(cloud, template_id)?;
    if ids.is_empty() {
        return Err(bad_value("InstanceIds", "it names no instance".into()));
    }
    let mut changes: Vec<(InstanceId, Vec<Param>)> = Vec::with_capacity(ids.len());
    for id in ids {
        let instance = cloud.instance(call.region, id)?;
        has_parameters(instance)?;
        if instance.edition != template.edition {
            return Err(Refusal::EditionCannot {
                type_id: instance.edition.type_id,
                what: "have the parameters of a template of another type",
            });
        }
        if changes.iter().any(|(earlier, _)| *earlier == instance.id) {
            return Err(bad_value("InstanceIds", format!("it names {id} twice")));
        }
        let params = wanted(instance, &template);
        evicts_nothing(cloud, instance, &params)?;
        flow::can_begin(cloud, call, instance, FlowKind::Template)?;
        changes.push((instance.id.clone(), params));
    }
    let begin = |(id, params)| {
        let change = Change::now(FlowKind::Template, Payload::Params(params));
        flow::begin(cloud, call, &id, None, change)
    };
    Ok(changes.into_iter().map(begin).collect())
}

/// What an instance lists and the template has otherwise.
fn wanted(instance: &Instance, template: &ParamTemplate) -> Vec<Param> {
    let own = instance.own_parameters();
    let listed = own.listed(instance.edition, !instance.nodes().is_empty());
    let templated = listed
        .into_iter()
        .filter(|listed| catalogue::find(template.edition, &listed.name).is_some());
    let param = |name: String| Param {
        value: template.value(&name).to_owned(),
        name,
    };
    let differs = |param: &Param| instance.parameter(&param.name) != param.value;
    templated.map(|listed| param(listed.name)).filter(differs).collect()
}

/// The place of a template that the account may change.
fn own(cloud: &Cloud, id: &str) -> Result<usize, Refusal> {
    match cloud.param_templates.iter().position(|own| own.id == *id) {
        Some(at) => Ok(at),
        None => find(cloud, id).and_then(|system| Err(Refusal::SystemTemplate { id: system.id.into() })),
    }
}

/// Puts values over those of a template.
fn take(values: &mut Values, edition: &'static Edition, params: &[Param]) -> Result<(), Refusal> {
    let known = |name: &str| catalogue::find(edition, name);
    all_are_good("ParamList", params, |name| known(name).map(|known| known.kind))?;
    for param in params {
        values.set(param, catalogue::default_of(edition, &param.name));
    }
    Ok(())
}

fn edition_of(type_id: u64) -> Result<&'static Edition, Refusal> {
    let found = edition::find(type_id).filter(|edition| is_templated(edition));
    found.ok_or_else(|| bad_value("ProductType", format!("{type_id} is no type that has templates")))
}

/// Of the documented length, and that of no other template of the account.
fn name_is_good(cloud: &Cloud, name: &str, own_id: Option<&str>) -> Result<(), Refusal> {
    if !has_name_length(name) {
        let why = format!("it has {NAME_CHARS_MIN} to {NAME_CHARS_MAX} characters");
        return Err(bad_value("Name", why));
    }
    let other = |template: &&ParamTemplate| own_id.is_none_or(|id| template.id != *id);
    if cloud
        .param_templates
        .iter()
        .filter(other)
        .any(|template| template.name == name)
    {
        return Err(bad_value("Name", format!("`{name}` is that of another template")));
    }
    Ok(())
}

/// Whether a name is as long as one may be.
pub fn has_name_length(name: &str) -> bool {
    (NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.chars().count())
}
