//! The reasons to refuse, told from what an answer says: the code alone does not tell them, because a ladder gives
//! several reasons one code.

use std::collections::BTreeSet;

use super::action;
use crate::harness::Answer;

/// How each reason is put into words, `*` being its facts; the first that fits counts. What the services of tags, keys,
/// metrics and networks say is told from the action, their texts are many.
#[rustfmt::skip]
const TEXTS: &[(&str, &str)] = &[
    ("Withdrawn", "The action has been withdrawn."),
    ("NoSuchInstance", "No instance * exists in this region."),
    ("Empty", "The parameter `*` is empty."),
    ("NoSuchTask", "No task * exists in this region."),
    ("NoSuchProduct", "Nothing is known here of the zones of product *"),
    ("EditionCannot", "Instances of type * cannot *"),
    ("NoProxies", "* is reached directly and has no proxies."),
    ("MemoryNotSold", "* MB is not a size that is sold *"),
    ("MemoryOutOfRange", "* MB lies outside what is sold *"),
    ("SpecNotSold", "`*` * is not sold for this type; *"),
    ("SpecMissing", "TypeId need RedisShardNum and RedisReplicasNum"),
    ("NoChange", "*; nothing would change."),
    ("SeveralChanges", "One call changes one of *"),
    ("BadMoment", "The parameter `StartTime` is not valid: *"),
    ("BadMoment", "The parameter `EndTime` is not valid: * is not a time *"),
    ("BadValue", "The parameter `*` is not valid: *"),
    ("BadAutoRenew", "`*` * is none of 0, 1 and 2."),
    ("WrongStatus", "Instance * has status *; it must have *"),
    ("ChangeWaiting", "Instance * has a change that has not taken effect yet."),
    ("Locked", "Instance * is still locked *"),
    ("NotInVpc", "Instance * stands in the base network; this needs a VPC."),
    ("PasswordFree", "Instance * is used without a password; *"),
    ("OneZone", "Instance * stands in one zone; this needs several."),
    ("NoSuchFeature", "No feature * is known; *"),
    ("ProxyTooOld", "The proxy of instance *"),
    ("AuditOff", "Instance * has no audit log."),
    ("AuditState", "The audit log of instance * has the status *"),
    ("BadFilter", "The rows cannot be chosen so: *"),
    ("NoSuchFile", "No export * exists."),
    ("NoSuchTopic", "No topic * exists in this region."),
    ("NoSuchLogset", "No logset * exists in this region."),
    ("LogsetInUse", "The logset * still holds topics."),
    ("AddressTaken", "The address * is taken."),
    ("BadCombination", "The parameters do not go together: *"),
    ("DtsAbnormal", "The addresses cannot be exchanged: *"),
    ("NoSuchTemplate", "No parameter template * exists."),
    ("SystemTemplate", "Parameter template * belongs to the system *"),
    ("UnknownType", "No type * is known."),
    ("WrongNetwork", "Instance * stands in a VPC already."),
    ("WrongNetwork", "Instance * stands in the base network."),
    ("AsItStands", "Instance * has a public address already."),
    ("AsItStands", "Instance * has no public address."),
    ("InRecycleBin", "Instance * is isolated; its settings stay as they are."),
    ("EventFixed", "Event * stays as it is: *"),
    ("NothingWaiting", "No change of instance * waits *"),
    ("WrongBilling", "Instance * is prepaid."),
    ("WrongBilling", "Instance * is postpaid."),
    ("Protected", "Instance * is protected *"),
    ("TimeIsUp", "The time of instance * is up; *"),
    ("VersionMismatch", "The version of the * does not fit: *"),
    ("TooOld", "Instance * is too old for this; *"),
    ("NoAutoRenew", "Instance * is postpaid and cannot be renewed *"),
    ("NoSuchBackup", "The instance has no backup *"),
    ("SoldOut", "Type * is sold out in *"),
    ("QuotaExceeded", "The account may have * postpaid instances *"),
    ("ShrinksTooFar", "* MB are too few: *"),
    ("BalanceTooLow", "The balance of * does not suffice; *"),
    ("TypeNotPriced", "No instances of type * are sold, and no price is known."),
    ("SaleSuspended", "The sale of * is suspended."),
    ("NotOnWhiteList", "The account is not on the white list for *."),
    ("BaseNetworkClosed", "The base network takes no new instances; *"),
    ("StaysStandard", "Instance * stands in several zones and does not become a cluster."),
    ("NoSecondLevelBackup", "Instance * goes back to its backups only; *"),
    ("BalanceTooHigh", "With * fen given back, the balance *"),
    ("TypeNotSold", "No instances of type * are sold."),
    ("NoSuchZone", "No Redis is sold in zone *"),
    ("NoRedisHere", "No Redis is sold in *"),
    ("GoodsOutOfRange", "`GoodsNum` * lies outside *"),
    ("PeriodTooLong", "`Period` * is too long *"),
    ("DeadlineTooFar", "`Period` * leads beyond *"),
    ("PeriodTooShort", "`Period` * is too short."),
    ("PeriodNotSold", "`Period` * lies between *"),
    ("PasswordMissing", "The password is empty, *"),
    ("PasswordBreaksRules", "The password breaks the rule *"),
    ("PasswordNeeded", "A password is needed: *"),
    ("PasswordWrong", "The password is not that of the instance."),
    ("PolicyBreaksRules", "`PasswordPolicy` breaks the rule *"),
    ("NoSuchAccount", "The instance has no account `*`."),
    ("RootStays", "The account `root` *"),
    ("ReplicasServeNoReads", "The replicas of instance * serve no reads, *"),
    ("BackupUnfit", "Backup * has status *; it must have 2."),
    ("BackupLocked", "Backup * is being read; *"),
    ("BackupSpec", "Backup * does not fit: *"),
    ("NotOffered", "`*` cannot be so: *"),
    ("NoWeekDay", "`WeekDays` holds `*`, *"),
    ("BadPeriod", "`TimePeriod` `*` is none of the hours *"),
    ("BadEncryption", "The encryption cannot be so: *"),
    ("KeyMissing", "`EncryptKeyType` 1 needs a `KmsKeyId`."),
    ("NotWhileSo", "Instance * does not run: *"),
    ("TaskRuns", "Instance * has a task of that kind *"),
    ("NoSuchVpc", "No VPC `*` exists."),
    ("NoSuchSubnet", "No subnet `*` exists."),
    ("VpcOnly", "* has private networks only; *"),
    ("NoAddressFree", "Of the addresses of subnet `*`, * are left."),
    ("NetworkGone", "The VPC or the subnet that instance * stood in is gone."),
    ("NoSuchSecurityGroup", "No security group `*` exists."),
    ("UnknownSecurityGroup", "No security group `*` exists in this region."),
    ("TooManyGroups", "An instance has * security groups at most."),
    ("NotRedis", "`Product` `*` is not `redis`."),
    ("TooManyIds", "* ids are given, and * are the most."),
    ("Replication", "No replication group `*` exists."),
    ("Replication", "`GroupName` `*` is not *"),
    ("Replication", "A member of replication group * joins, leaves or changes its role; *"),
    ("Replication", "Replication group * has * members, and no more."),
    ("Replication", "Replication group * has * members; *"),
    ("Replication", "Instance * is in replication group * already."),
    ("Replication", "Instance * is in replication group * and cannot * there."),
    ("Replication", "Instance * holds data, *"),
    ("Replication", "The size of instance * does not go with the replication group: *"),
    ("Replication", "Instance * does not go with the replication group: *"),
    ("Replication", "Instance * keeps its role: *"),
    ("Denied", "*you are not authorized to perform operation *"),
];

/// The reasons that no call can meet, and why not.
pub(super) const UNMET: &[(&str, &str)] = &[
    (
        "NoRedisHere",
        "the platform answers UnsupportedRegion before redis sees the call",
    ),
    ("BaseNetworkClosed", "only a choice of --assume makes it the reason"),
    ("Withdrawn", "only a choice of --assume makes it the reason"),
];

/// All reasons, as the sources declare them.
pub(super) fn all() -> BTreeSet<String> {
    let source = include_str!("../../../src/cloud/refusal.rs");
    let body = &source[source.find("pub enum Refusal").expect("the enum is there")..];
    let body = &body[..body.find("\n}").expect("its end")];
    let capital = |line: &&str| line.starts_with(|first: char| first.is_ascii_uppercase());
    body.lines()
        .filter_map(|line| line.strip_prefix("    ").filter(capital))
        .filter_map(|line| line.split([' ', ',', '(']).next())
        .map(str::to_owned)
        .collect()
}

/// The reason for which the action refused. `None`: it did not, or the platform did before it could.
pub(super) fn of(name: &str, answer: &Answer) -> Option<String> {
    let (_, message) = answer.envelope().ok()?.error?;
    let told = TEXTS.iter().find(|(_, text)| fits(text, &message));
    let beside = match action(name).service {
        "tag" => Some("Tags"),
        "monitor" => Some("Monitor"),
        "sts" => Some("Keys"),
        "vpc" => Some("Network"),
        _ => None,
    };
    told.map(|(reason, _)| *reason).or(beside).map(str::to_owned)
}

/// Whether the pieces between the stars stand in the text in that order, from its beginning to its end.
fn fits(text: &str, message: &str) -> bool {
    let mut pieces = text.split('*');
    let Some(mut rest) = message.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let (mut last, mut stars) = ("", false);
    for piece in pieces {
        stars = true;
        last = piece;
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    (stars && last.is_empty()) || message.ends_with(last) && (stars || rest.is_empty())
}

#[test]
fn each_reason_has_a_text_here() {
    let told = TEXTS.iter().map(|(reason, _)| (*reason).to_owned());
    let beside = ["Tags", "Monitor", "Keys", "Network"].map(str::to_owned);
    let told: BTreeSet<String> = told.chain(beside).collect();
    assert_eq!(told, all());
}

#[test]
fn a_text_fits_from_its_beginning_to_its_end() {
    assert!(fits("No VPC `*` exists.", "No VPC `vpc-1` exists."));
    assert!(!fits("No VPC `*` exists.", "No VPC `vpc-1` exists. Really."));
    assert!(!fits("No VPC `*` exists.", "Yes: No VPC `vpc-1` exists."));
    assert!(fits("`*` * is not sold; *", "`MemSize` 3 is not sold; [1]"));
    assert!(!fits("TypeId need *", "No TypeId need"));
    assert!(fits("Exactly this", "Exactly this") && !fits("Exactly this", "Exactly this one"));
}
