//! The parameters of an instance: what they are, and how they change.

use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::{Flow, Payload};
use crate::cloud::life::table::FlowKind;
use crate::cloud::parameter::catalogue::{Kind, MAXMEMORY_POLICY, NO_EVICTION, of_edition};
use crate::cloud::parameter::record::{ListedParam, Param, ParamRecord, name_in};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::replication::bar;
use crate::cloud::replication::bar::Deed;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

/// A parameter of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub listed: ListedParam,
    /// `CurrentValue`
    pub value: String,
    /// Whether it is being changed.
    pub changing: bool,
}

/// A row of DescribeInstanceParamRecords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    pub record: ParamRecord,
    /// Whether the change is still under way.
    pub runs: bool,
}

/// Gives parameters of an instance other values: all that are named, or none. Gives the task's number.
pub fn modify(cloud: &mut Cloud, call: &Call, id: &str, params: &[Param]) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    has_parameters(instance)?;
    if params.is_empty() {
        return Err(bad_value("InstanceParams", "it names no parameter".into()));
    }
    let own = instance.own_parameters();
    let listed = own.listed(instance.edition, !instance.nodes().is_empty());
    all_are_good("InstanceParams", params, |name| {
        listed
            .iter()
            .find(|listed| listed.name == name)
            .map(|listed| listed.kind)
    })?;
    evicts_nothing(cloud, instance, params)?;
    flow::can_begin(cloud, call, instance, FlowKind::Params)?;
    let id = instance.id.clone();
    let change = Change::now(FlowKind::Params, Payload::Params(params.to_vec()));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Refuses a list of values of which one does not fit, or is given twice.
pub(crate) fn all_are_good(
    parameter: &'static str,
    params: &[Param],
    kind_of: impl Fn(&str) -> Option<Kind>,
) -> Result<(), Refusal> {
    for (at, Param { name, value }) in params.iter().enumerate() {
        let Some(kind) = kind_of(name) else {
            return Err(bad_value(parameter, format!("there is no parameter `{name}`")));
        };
        if let Some(why) = kind.fault(value) {
            return Err(bad_value(parameter, format!("the value `{value}` of {name} {why}")));
        }
        if params[..at].iter().any(|earlier| earlier.name == *name) {
            return Err(bad_value(parameter, format!("{name} is given twice")));
        }
    }
    Ok(())
}

/// Refuses for an edition of which no parameters are known.
pub fn has_parameters(instance: &Instance) -> Result<(), Refusal> {
    let own = instance.parameters.as_deref();
    let has_extra = own.is_some_and(|own| !own.extra.is_empty());
    if has_extra || of_edition(instance.edition).next().is_some() {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: instance.edition.type_id,
        what: "have other parameters than they have",
    })
}

/// The parameters of an instance, by name.
pub fn settings(cloud: &Cloud, instance: &Instance) -> Vec<Setting> {
    let changing = changes(cloud, instance);
    let named = |name: &str| {
        changing
            .iter()
            .any(|(_, params)| params.iter().any(|one| one.name == name))
    };
    let own = instance.own_parameters();
    let listed = own.listed(instance.edition, !instance.nodes().is_empty());
    let setting = |listed: ListedParam| Setting {
        value: instance.parameter(&listed.name).to_owned(),
        changing: named(&listed.name),
        listed,
    };
    listed.into_iter().map(setting).collect()
}

/// What was changed of an instance, and what is being changed, newest first.
pub fn records(cloud: &Cloud, instance: &Instance) -> Vec<RecordRow> {
    let mut rows: Vec<RecordRow> = Vec::new();
    if let Some(own) = &instance.parameters {
        rows.extend(
            own.records
                .iter()
                .cloned()
                .map(|record| RecordRow { record, runs: false }),
        );
    }
    for (flow, params) in changes(cloud, instance) {
        let records = differing(instance, params).map(|(before, param)| record(before, param, flow.started_at, false));
        rows.extend(records.map(|record| RecordRow { record, runs: true }));
    }
    rows.reverse();
    rows
}

/// The changes of parameters that are under way.
fn changes<'a>(cloud: &'a Cloud, instance: &Instance) -> Vec<(&'a Flow, &'a [Param])> {
    let params = |flow: &'a Flow| match &flow.payload {
        Payload::Params(params) => Some((flow, params.as_slice())),
        _ => None,
    };
    cloud.flows.of(&instance.id).filter_map(params).collect()
}

/// The value that a parameter has once all is over that is under way.
pub(crate) fn value_to_come<'a>(cloud: &'a Cloud, instance: &'a Instance, name: &str) -> &'a str {
    let mut changing = changes(cloud, instance).into_iter().flat_map(|(_, params)| params);
    let last = changing.rfind(|param| param.name == name);
    last.map_or_else(|| instance.parameter(name), |param| &param.value)
}

/// Refuses for a member of a replication group to evict keys.
pub(crate) fn evicts_nothing(cloud: &Cloud, instance: &Instance, params: &[Param]) -> Result<(), Refusal> {
    let evicts = |param: &Param| param.name == MAXMEMORY_POLICY && param.value != NO_EVICTION;
    if params.iter().any(evicts) {
        bar::bars(cloud, instance, Deed::Evict)?;
    }
    Ok(())
}

/// Those that the instance has otherwise, each with what it has.
fn differing<'a>(instance: &'a Instance, params: &'a [Param]) -> impl Iterator<Item = (&'a str, &'a Param)> {
    let before = |param: &'a Param| (instance.parameter(&param.name), param);
    params
        .iter()
        .map(before)
        .filter(|(before, param)| *before != param.value)
}

fn record(before: &str, param: &Param, at: Millis, failed: bool) -> ParamRecord {
    ParamRecord {
        name: param.name.clone(),
        before: before.to_owned(),
        after: param.value.clone(),
        failed,
        at,
    }
}

/// The instance has these values now. What its edition does not know any longer, because that has changed meanwhile,
/// has failed.
pub(crate) fn apply(instance: &mut Instance, params: &[Param], began_at: Millis) {
    let mut own = instance.own_parameters();
    let edition = instance.edition;
    for param in params {
        let name = name_in(edition, &param.name).to_owned();
        let param = Param {
            value: param.value.clone(),
            name,
        };
        let before = instance.parameter(&param.name);
        if before == param.value {
            continue;
        }
        let known = own.known(edition, &param.name);
        let known = known.filter(|(kind, _)| kind.fault(&param.value).is_none());
        own.tell(record(before, &param, began_at, known.is_none()));
        if let Some((_, default)) = known {
            own.values.set(&param, &default);
        }
    }
    instance.set_parameters(own);
}

/// The change has failed, which stays on record.
pub(crate) fn undo(instance: &mut Instance, params: &[Param], began_at: Millis) {
    let mut own = instance.own_parameters();
    for (before, param) in differing(instance, params) {
        own.tell(record(before, param, began_at, true));
    }
    instance.set_parameters(own);
}
