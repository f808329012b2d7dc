//! Audit logs opened, changed, closed and listed.

use super::page;
use crate::actions::{cut, int, text};
use crate::cloud::life::look;
use crate::cloud::log::audit::{self, ListFilter, LogList, Wanted};
use crate::cloud::log::trail::stored;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Instance, Refusal, time};
use crate::contract::{input, output};

/// `DegradeStrategy` of an instance without an audit log, as the official example shows it.
const DEGRADE_MS: i64 = 500;

/// Opens an audit log.
pub(crate) fn open_log(cloud: &mut Cloud, call: &Call, input: input::OpenLog) -> Result<output::OpenLog, Refusal> {
    let wanted = Wanted {
        log_type: input.log_type,
        sub_type: input.log_sub_type,
        expire_days: input.log_expire_day,
        high_days: input.high_log_expire_day,
        degrade_ms: input.degrade_strategy,
    };
    audit::open(cloud, call, &input.instance_id, &wanted)?;
    Ok(output::OpenLog {})
}

/// Changes an audit log that is open.
pub(crate) fn modify_log(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyLog,
) -> Result<output::ModifyLog, Refusal> {
    let wanted = Wanted {
        log_type: input.log_type,
        sub_type: input.log_sub_type,
        expire_days: input.log_expire_day,
        high_days: input.high_log_expire_day,
        degrade_ms: Some(input.degrade_strategy),
    };
    audit::modify(cloud, call, &input.instance_id, &wanted)?;
    Ok(output::ModifyLog {})
}

/// Closes an audit log, which ends its history.
pub(crate) fn close_log(cloud: &mut Cloud, call: &Call, input: input::CloseLog) -> Result<output::CloseLog, Refusal> {
    audit::close(cloud, call, &input.instance_id, &input.log_type)?;
    Ok(output::CloseLog {})
}

/// Lists instances by whether their audit log is on.
pub(crate) fn describe_log_instance_list(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeLogInstanceList,
) -> Result<output::DescribeLogInstanceList, Refusal> {
    audit::check_type(&input.log_type)?;
    let page = page(input.offset, input.limit)?;
    let filter = |one: input::RedisFilter| ListFilter::new(&one.name, one.values, one.exact_match);
    let asked = LogList {
        switched_on: is_on(text(input.log_switch))?,
        sub_type: text(input.log_sub_type)
            .map(|word| audit::read_sub_type(&word))
            .transpose()?,
        filters: input.filters.into_iter().map(filter).collect::<Result<_, _>>()?,
    };
    let found = audit::list(cloud, call, &asked).unwrap_or_default();
    Ok(output::DescribeLogInstanceList {
        total_count: int(found.len() as u64),
        items: cut(found, page).map(|instance| show(cloud, call, instance)).collect(),
    })
}

/// `LogSwitch`; the newest page gives off as the default.
fn is_on(word: Option<String>) -> Result<bool, Refusal> {
    match word.as_deref() {
        Some("on") => Ok(true),
        None | Some("off") => Ok(false),
        Some(other) => Err(bad_value("LogSwitch", format!("`{other}` is neither on nor off"))),
    }
}

fn show(cloud: &Cloud, call: &Call, instance: &Instance) -> output::LogInstance {
    look::look_at(cloud, call, instance);
    let audit = instance.audit();
    let (high, low) = audit.map_or((0.0, 0.0), |audit| stored(cloud, instance, audit, call.now));
    let days = |days: u64| audit.map_or(0, |_| int(days));
    output::LogInstance {
        instance_id: instance.id.clone().into(),
        status: audit.map_or("", |audit| audit.state().word()).into(),
        enable_query: audit.map_or("", |_| "yes").into(),
        create_at: audit.map_or(String::new(), |audit| time::show(audit.created_at)).into(),
        high_log_expire_day: days(crate::cloud::log::record::HIGH_DAYS),
        low_log_expire_day: audit.map_or(0, |audit| int(audit.low_days())),
        log_expire_day: audit.map_or(0, |audit| int(audit.expire_days)),
        high_storage: high,
        low_storage: low,
        // Of tenths, each of which is a little more or less than it says.
        log_storage: ((high + low) * 10.0).round() / 10.0,
        deliver: audit.map_or("", |_| "OFF").into(),
        deliver_summary: None,
        instance_info: info(instance),
        log_sub_type: audit.map_or("", |audit| audit.sub_type.word()).into(),
    }
}

fn info(instance: &Instance) -> output::InstanceInfo {
    let zone = instance.region.zone(instance.zone_id().into());
    let degrade_ms = instance.audit().map_or(DEGRADE_MS, |audit| int(audit.degrade_ms));
    let tags = instance.tags.iter().map(|tag| output::InstanceTagInfo {
        tag_key: tag.key.clone().into(),
        tag_value: tag.value.clone().into(),
    });
    output::InstanceInfo {
        instance_name: Some(instance.name.clone().into()),
        project_id: Some(instance.project_id),
        status: Some(instance.status.number()),
        sub_status: instance.sub_status,
        region: Some(instance.region.name.into()),
        zone: Some(zone.map_or("", |zone| zone.name).into()),
        degrade_strategy: Some(degrade_ms),
        instance_tags: Some(tags.collect()),
        r#type: Some(int(instance.edition.type_id)),
    }
}
