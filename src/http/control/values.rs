//! What may stand in a member of an input, as far as that can be told without the state: the words and ranges that the
//! rules of the actions take. It is told, not checked: the rules themselves say no.

use serde_json::{Value, json};

use crate::cloud::catalogue::period::PERIODS;
use crate::cloud::edition::EDITIONS;
use crate::cloud::{Billing, Status, product_version, tags};
use crate::contract::Action;
use crate::contract::shape::{Member, Type};

/// What is known of a member's values.
#[derive(Debug, PartialEq)]
pub(super) enum Known {
    /// These alone, each with what it means.
    OneOf(Vec<(Value, String)>),
    Between(i64, i64),
    /// Any of this form.
    Like(&'static str),
}

/// Words with their meanings; a row whose actions are none is for all of them.
struct Words {
    member: &'static str,
    of: &'static [&'static str],
    words: &'static [(&'static str, &'static str)],
}

const fn words(
    member: &'static str,
    of: &'static [&'static str],
    words: &'static [(&'static str, &'static str)],
) -> Words {
    Words { member, of, words }
}

#[rustfmt::skip] // a row is a line
static WORDS: &[Words] = &[
    words("Operation", &["ModifyInstance"], &[("rename", ""), ("modifyProject", ""), ("modifyAutoRenew", ""), ("modifyDeleteProtectionSwitch", "")]),
    words("Operation", &["ModifyNetworkConfig"], &[("changeVip", "another private address or port"), ("changeVpc", "another VPC and subnet"), ("changeBaseToVpc", "out of the base network"), ("changeVPort", "another port")]),
    words("Product", &[], &[(tags::SERVICE, "")]),
    words("OrderBy", &["DescribeInstances"], &[("projectId", ""), ("createtime", ""), ("instancename", ""), ("type", ""), ("curDeadline", "")]),
    words("OrderByType", &[], &[("asc", ""), ("desc", "")]),
    words("BillingMode", &["DescribeInstances"], &[(Billing::Postpaid.word(), ""), (Billing::Prepaid.word(), "")]),
    words("ProductVersion", &[], &[(product_version::LOCAL, "general, first generation"), (product_version::LOCAL_V2, "general, second generation"), (product_version::CDC, "dedicated cluster"), (product_version::CLOUD, "suspended")]),
    words("AzMode", &[], &[("singleaz", "one zone"), ("multiaz", "several zones")]),
    words("Privilege", &[], &[("r", "reads"), ("rw", "reads and writes")]),
    words("ReadonlyPolicy", &[], &[("master", ""), ("replication", "a replica")]),
    words("InstanceRole", &[], &[("r", "read-only"), ("rw", "read and write")]),
    words("LimitType", &[], &[("NoLimit", "private and public"), ("LimitOnlyIntranet", "private alone"), ("Customize", "as the other members say")]),
    words("WeekDays", &[], &[("Monday", ""), ("Tuesday", ""), ("Wednesday", ""), ("Thursday", ""), ("Friday", ""), ("Saturday", ""), ("Sunday", "")]),
    words("ModifyPayMode", &[], &[(Billing::Prepaid.word(), "turns a postpaid instance")]),
];

/// Numbers with their meanings, likewise.
struct Numbers {
    member: &'static str,
    of: &'static [&'static str],
    numbers: &'static [(i64, &'static str)],
}

const fn numbers(
    member: &'static str,
    of: &'static [&'static str],
    numbers: &'static [(i64, &'static str)],
) -> Numbers {
    Numbers { member, of, numbers }
}

#[rustfmt::skip] // a row is a line
static NUMBERS: &[Numbers] = &[
    numbers("NodeType", &[], &[(0, "master"), (1, "replica")]),
    numbers("AutoRenew", &[], &[(0, "as by default"), (1, "renews by itself"), (2, "does not")]),
    numbers("AutoRenews", &[], &[(0, "as by default"), (1, "renews by itself"), (2, "does not")]),
    numbers("DeleteProtectionSwitches", &[], &[(0, "off"), (1, "on")]),
    numbers("SwitchOption", &[], &[(1, "in the maintenance window"), (2, "now")]),
    numbers("InstanceTypeUpgradeNow", &[], &[(0, "in the maintenance window"), (1, "now")]),
    numbers("OrderType", &["DescribeInstances"], &[(1, "descending"), (0, "ascending")]),
    numbers("TypeVersion", &[], &[(1, ""), (2, ""), (3, "")]),
    numbers("ConnectionMode", &[], &[(0, "by proxies"), (1, "direct")]),
    numbers("AddressType", &["OpenSSL", "CloseSSL"], &[(0, "any"), (1, "private IPv4"), (2, "private IPv6"), (3, "public")]),
    numbers("Recycle", &[], &[(0, "free at once"), (1, "days"), (2, "days"), (3, "days"), (7, "days"), (15, "days")]),
    numbers("PayMode", &[], &[(0, Billing::Postpaid.word()), (1, Billing::Prepaid.word())]),
];

/// Texts of a form.
#[rustfmt::skip] // a row is a line
static FORMS: &[(&str, &str)] = &[
    ("BeginTime", "2027-01-01 00:00:00"), ("EndTime", "2027-01-02 00:00:00"), ("Date", "20270101"),
    ("CloneTime", "2027-01-01 00:00:00"), ("TimePeriod", "01:00-02:00"), ("VpcId", "vpc-…"), ("SubnetId", "subnet-…"),
];

/// What is known of the values of this member in the input of that action. Of a list, of its items.
pub(super) fn known(action: &Action, member: &Member) -> Option<Known> {
    if action.service != tags::SERVICE {
        return None;
    }
    let is_text = matches!(member.ty, Type::String | Type::List(Type::String));
    let holds = |of: &[&str]| of.is_empty() || of.contains(&action.name);
    if is_text {
        let row = WORDS.iter().find(|row| row.member == member.name && holds(row.of));
        let listed = row.map(|row| {
            row.words
                .iter()
                .map(|(word, says)| (json!(word), (*says).to_owned()))
                .collect()
        });
        let form = || FORMS.iter().find(|(name, _)| *name == member.name);
        return listed
            .map(Known::OneOf)
            .or_else(|| form().map(|(_, form)| Known::Like(form)));
    }
    let row = NUMBERS.iter().find(|row| row.member == member.name && holds(row.of));
    row.map(|row| {
        Known::OneOf(
            row.numbers
                .iter()
                .map(|(number, says)| (json!(number), (*says).to_owned()))
                .collect(),
        )
    })
    .or_else(|| sold(action, member.name))
}

/// What the tables of what is sold say.
fn sold(action: &Action, member: &str) -> Option<Known> {
    let is_order = !action.reads || action.name.starts_with("Inquiry");
    let most_goods = Billing::ALL.into_iter().map(Billing::most_goods).max().unwrap_or(1);
    let modes = || {
        Billing::ALL
            .into_iter()
            .map(|mode| (json!(mode.number()), mode.word().to_owned()))
            .collect()
    };
    match member {
        "TypeId" => Some(Known::OneOf(
            EDITIONS
                .iter()
                .map(|edition| (json!(edition.type_id), edition.type_name().to_owned()))
                .collect(),
        )),
        "BillingMode" => Some(Known::OneOf(modes())),
        "GoodsNum" => Some(Known::Between(1, i64::try_from(most_goods).unwrap_or(i64::MAX))),
        "Period" if is_order && !action.name.contains("Log") => Some(Known::OneOf(
            PERIODS
                .iter()
                .map(|months| (json!(months), "months".to_owned()))
                .collect(),
        )),
        "Status" if action.name == "DescribeInstances" => Some(Known::OneOf(
            [
                (Status::Pending, "to be initialised"),
                (Status::InProcess, "in process"),
                (Status::Running, "running"),
                (Status::Isolated, "isolated"),
                (Status::Deleting, "to be deleted"),
            ]
            .map(|(status, says)| (json!(status.number()), says.to_owned()))
            .to_vec(),
        )),
        "VPort" => Some(Known::Between(1_024, 65_535)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ACTIONS;
    use crate::contract::shape::Shape;

    /// Every member of the shape and of what is in it.
    fn members(shape: &'static Shape, found: &mut Vec<&'static Member>) {
        for member in shape.members {
            found.push(member);
            match member.ty {
                Type::Object(inner) => members(inner, found),
                Type::List(Type::Object(inner)) => members(inner, found),
                _ => {}
            }
        }
    }

    #[test]
    fn every_row_is_told_of_some_member() {
        let mut told = Vec::new();
        for action in ACTIONS.iter().filter(|action| action.service == tags::SERVICE) {
            let mut all = Vec::new();
            members(action.input, &mut all);
            for member in all {
                told.extend(known(action, member).map(|_| (action.name, member.name)));
            }
        }
        let rows = WORDS.iter().map(|row| (row.member, row.of));
        let rows = rows.chain(NUMBERS.iter().map(|row| (row.member, row.of)));
        let rows = rows.chain(FORMS.iter().map(|(member, _)| (*member, &[] as &[&str])));
        for (member, of) in rows {
            let tells = |action: &str| {
                told.iter()
                    .any(|(of, name)| *name == member && (action.is_empty() || *of == action))
            };
            assert!(tells(""), "{member}");
            assert!(of.iter().all(|action| tells(action)), "{member} of {of:?}");
        }
    }

    #[test]
    fn a_port_and_a_period_have_bounds() {
        let of = |action: &str, member: &str| {
            let action = crate::contract::named(action).expect("an action");
            let member = action.input.members.iter().find(|own| own.name == member);
            known(action, member.expect("a member"))
        };
        assert_eq!(of("CreateInstances", "VPort"), Some(Known::Between(1_024, 65_535)));
        assert!(matches!(of("RenewInstance", "Period"), Some(Known::OneOf(months)) if months.len() == 14));
        assert_eq!(of("ModifyInstanceLogDelivery", "Period"), None);
        assert_eq!(of("DescribeInstances", "InstanceId"), None);
    }
}
