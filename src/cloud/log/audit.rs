//! The audit log of an instance: opened, changed, closed; and which instances have one.

use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::log::record::{AuditLog, AuditState, HIGH_DAYS, SubType};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{self, Millis};

/// The first proxy that records. Documented.
const PROXY_LEAST: [u64; 3] = [5, 8, 25];
/// The oldest type of Redis that has an audit log, which is of Redis 4.0. Documented.
const TYPE_LEAST: u64 = 6;
/// `LogExpireDay`. Documented.
const EXPIRE_DAYS: [i64; 2] = [7, 30];
/// `DegradeStrategy` in ms, where none is given, and what it may be. Documented.
const DEGRADE_MS: i64 = 500;
const DEGRADE_RANGE_MS: std::ops::RangeInclusive<i64> = 300..=1_000;

/// What is asked of an audit log.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub log_type: String,
    pub sub_type: String,
    pub expire_days: i64,
    pub high_days: i64,
    pub degrade_ms: Option<i64>,
}

impl Wanted {
    /// As a log that is being opened.
    fn read(&self, now: Millis) -> Result<AuditLog, Refusal> {
        check_type(&self.log_type)?;
        let sub_type = read_sub_type(&self.sub_type)?;
        let days = self.expire_days;
        if !EXPIRE_DAYS.contains(&days) {
            return Err(bad_value("LogExpireDay", format!("{days} is none of 7 and 30")));
        }
        if u64::try_from(self.high_days) != Ok(HIGH_DAYS) {
            let why = format!("{} is not {HIGH_DAYS}", self.high_days);
            return Err(bad_value("HighLogExpireDay", why));
        }
        let degrade_ms = self.degrade_ms.unwrap_or(DEGRADE_MS);
        if !DEGRADE_RANGE_MS.contains(&degrade_ms) {
            let why = format!("{degrade_ms} lies outside 300 to 1000");
            return Err(bad_value("DegradeStrategy", why));
        }
        Ok(AuditLog {
            sub_type,
            expire_days: days.unsigned_abs(),
            degrade_ms: degrade_ms.unsigned_abs(),
            created_at: now,
            opened_at: None,
            closed_at: None,
        })
    }
}

/// `LogType`: there is one kind of log.
pub fn check_type(log_type: &str) -> Result<(), Refusal> {
    match log_type {
        "auditLog" => Ok(()),
        other => Err(bad_value("LogType", format!("`{other}` is not auditLog"))),
    }
}

/// `LogSubType`
pub fn read_sub_type(word: &str) -> Result<SubType, Refusal> {
    let found = SubType::from_word(word);
    found.ok_or_else(|| bad_value("LogSubType", format!("`{word}` is none of write, read and all")))
}

/// Whether instances of that kind can have one at all.
pub fn can_be_audited(instance: &Instance) -> bool {
    instance.edition.is_modern() && instance.edition.type_id >= TYPE_LEAST
}

/// Refuses for an instance whose audit log cannot be opened, whatever is under way of it.
pub fn check(instance: &Instance) -> Result<(), Refusal> {
    if !can_be_audited(instance) {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "have an audit log",
        });
    }
    instance.has_proxy(PROXY_LEAST)
}

/// The audit log of an instance that is open.
pub fn open_log(instance: &Instance) -> Result<&AuditLog, Refusal> {
    let id = || instance.id.clone();
    let audit = instance.audit().ok_or_else(|| Refusal::AuditOff { id: id() })?;
    match audit.state() {
        AuditState::Open => Ok(audit),
        state => Err(Refusal::AuditState { id: id(), state }),
    }
}

/// Opens the audit log of an instance.
pub fn open(cloud: &mut Cloud, call: &Call, id: &str, wanted: &Wanted) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let audit = wanted.read(call.now)?;
    check(instance)?;
    if let Some(audit) = instance.audit() {
        let state = audit.state();
        let id = instance.id.clone();
        return Err(Refusal::AuditState { id, state });
    }
    flow::can_begin(cloud, call, instance, FlowKind::OpenLog)?;
    let id = instance.id.clone();
    cloud.instances.update(&id, |instance| {
        instance.change_logs(|logs| logs.audit = Some(audit));
    });
    let change = Change::now(FlowKind::OpenLog, Payload::OpenAudit);
    flow::begin(cloud, call, &id, None, change);
    Ok(())
}

/// Changes an audit log that is open: at once, for what is recorded already too.
pub fn modify(cloud: &mut Cloud, call: &Call, id: &str, wanted: &Wanted) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let wanted = wanted.read(call.now)?;
    let old = open_log(instance)?;
    let audit = AuditLog {
        created_at: old.created_at,
        opened_at: old.opened_at,
        ..wanted
    };
    let id = instance.id.clone();
    cloud.instances.update(&id, |instance| {
        instance.change_logs(|logs| logs.audit = Some(audit));
    });
    Ok(())
}

/// Closes an audit log that is open. What it has recorded is gone.
pub fn close(cloud: &mut Cloud, call: &Call, id: &str, log_type: &str) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    check_type(log_type)?;
    open_log(instance)?;
    flow::can_begin(cloud, call, instance, FlowKind::CloseLog)?;
    let id = instance.id.clone();
    cloud
        .instances
        .update(&id, |instance| set_closed(instance, Some(call.now)));
    let change = Change::now(FlowKind::CloseLog, Payload::CloseAudit);
    flow::begin(cloud, call, &id, None, change);
    Ok(())
}

/// The end of the opening.
pub fn apply_open(instance: &mut Instance, at: Millis) {
    instance.change_logs(|logs| {
        if let Some(audit) = &mut logs.audit {
            audit.opened_at = Some(at);
            time::begun_by(&mut audit.created_at, at);
        }
    });
}

/// The end of the closing, and of an opening that failed.
pub fn turn_off(instance: &mut Instance) {
    instance.change_logs(|logs| logs.audit = None);
}

/// A closing that failed: it records again.
pub fn undo_close(instance: &mut Instance) {
    set_closed(instance, None);
}

fn set_closed(instance: &mut Instance, at: Option<Millis>) {
    instance.change_logs(|logs| {
        if let Some(audit) = &mut logs.audit {
            audit.closed_at = at;
        }
    });
}

/// What instances with or without an audit log are looked for by.
#[derive(Clone, Debug)]
pub struct LogList {
    /// `LogSwitch`
    pub switched_on: bool,
    pub sub_type: Option<SubType>,
    pub filters: Vec<ListFilter>,
}

/// A filter of that list: one of its values fits.
#[derive(Clone, Debug)]
pub struct ListFilter {
    pub by: ListBy,
    pub values: Vec<String>,
    /// Whether the whole must fit, and not a part.
    pub exact: bool,
}

/// What such a filter looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListBy {
    Id,
    Name,
    TagKey,
    /// `key&value`
    Tag,
}

impl ListFilter {
    /// The filter of that name, which looks for the whole or for a part as is said, or as is usual for it. Terraform
    /// says `instance-id`.
    pub fn new(name: &str, values: Vec<String>, exact: Option<bool>) -> Result<ListFilter, Refusal> {
        let by = match name {
            "InstanceId" | "instance-id" => ListBy::Id,
            "InstanceName" => ListBy::Name,
            "TagKey" => ListBy::TagKey,
            "InstanceTags" => ListBy::Tag,
            other => return Err(bad_value("Filters", format!("there is no filter `{other}`"))),
        };
        let exact = exact.unwrap_or(by != ListBy::Name);
        Ok(ListFilter { by, values, exact })
    }

    fn fits(&self, instance: &Instance) -> bool {
        let is = |own: &str| {
            let fits = |wanted: &String| {
                if self.exact {
                    own == wanted
                } else {
                    own.contains(wanted.as_str())
                }
            };
            self.values.iter().any(fits)
        };
        match self.by {
            ListBy::Id => is(&instance.id),
            ListBy::Name => is(&instance.name),
            ListBy::TagKey => instance.tags.iter().any(|tag| is(&tag.key)),
            ListBy::Tag => instance
                .tags
                .iter()
                .any(|tag| is(&format!("{}&{}", tag.key, tag.value))),
        }
    }
}

/// The instances of the called region whose audit log is on, or is off and could be on; newest first. `None`: the read
/// gave up.
pub fn list<'a>(cloud: &'a Cloud, call: &Call, asked: &LogList) -> Option<Vec<&'a Instance>> {
    if !call.may_look_at(cloud.instances.len()) {
        return None;
    }
    let is_listed = |instance: &&Instance| {
        let audit = instance.audit();
        let sub_type = audit.map(|audit| audit.sub_type);
        instance.region.name == call.region.name
            && can_be_audited(instance)
            && audit.is_some() == asked.switched_on
            && asked.sub_type.is_none_or(|wanted| sub_type == Some(wanted))
            && asked.filters.iter().all(|filter| filter.fits(instance))
    };
    let mut found: Vec<_> = cloud.instances.values().filter(is_listed).collect();
    found.sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
    Some(found)
}
