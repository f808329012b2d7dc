//! The table of `--assume`: where the evidence about the real service is weak, what is assumed, why, how surely, and
//! what may be chosen instead.
//!
//! One more: a row here, a field of [`Assumed`], a line in `docs/differences.md`, and a row of `tests/it/assume.rs`
//! that shows every choice.

use std::fmt::{self, Write};
use std::str::FromStr;

use crate::cloud::assumed::{Assumed, BaseNetwork};
use crate::contract::{Action, ActionId};

/// Evidence of at least so many percent makes the default.
const SURE: u8 = 60;

/// One thing that is assumed.
pub struct Assumption {
    /// How `--assume` calls it.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// What can be chosen: first what the evidence speaks for, last what the service was held for without it.
    pub choices: &'static [&'static str],
    /// Where the evidence comes from.
    pub evidence: &'static str,
    /// How far the evidence is trusted, in percent.
    pub confidence: u8,
    /// Why the evidence makes the default although it is not sure.
    pub in_spite_of_doubt: Option<&'static str>,
    choose: fn(&mut Assumed, usize),
}

impl Assumption {
    /// The choice that holds unless another is made.
    #[must_use]
    pub fn default(&self) -> &'static str {
        let claimed = self.confidence >= SURE || self.in_spite_of_doubt.is_some();
        let choice = if claimed {
            self.choices.first()
        } else {
            self.choices.last()
        };
        choice.copied().unwrap_or_default()
    }
}

const fn row(
    (name, about): (&'static str, &'static str),
    choices: &'static [&'static str],
    (confidence, evidence): (u8, &'static str),
    choose: fn(&mut Assumed, usize),
) -> Assumption {
    Assumption {
        name,
        about,
        choices,
        evidence,
        confidence,
        in_spite_of_doubt: None,
        choose,
    }
}

const fn doubted(row: Assumption, why: &'static str) -> Assumption {
    Assumption {
        in_spite_of_doubt: Some(why),
        ..row
    }
}

/// Everything that is assumed.
pub static ASSUMPTIONS: &[Assumption] = &[
    row(
        ("whole-floats", "a whole number of a float member, as in Size"),
        &["integer", "fraction"],
        (85, "three independent public clients fail on 1024.0"),
        |assumed, choice| assumed.whole_floats_are_integers = choice == 0,
    ),
    row(
        ("startup-task-id", "the TaskId that StartupInstance answers"),
        &["none", "given"],
        (
            80,
            "public reports; the member is deprecated, and the official example has none",
        ),
        |assumed, choice| assumed.startup_has_no_task_id = choice == 0,
    ),
    row(
        (
            "redis28-512mb",
            "512 MB of Redis 2.8 master-replica, postpaid, by order",
        ),
        &["sold", "not-sold"],
        (80, "a public report of ap-hongkong; taken for all regions"),
        |assumed, choice| assumed.redis28_512mb_is_sold = choice == 0,
    ),
    row(
        ("base-network", "CreateInstances and CloneInstances without a VPC"),
        &["white-list", "access-deny", "open"],
        (
            85,
            "public reports of refused orders; which of the two documented codes is our choice",
        ),
        |assumed, choice| {
            assumed.base_network = match choice {
                0 => BaseNetwork::WhiteList,
                1 => BaseNetwork::Closed,
                _ => BaseNetwork::Open,
            }
        },
    ),
    row(
        (
            "multi-zone-to-cluster",
            "UpgradeInstanceVersion from standard to cluster over several zones",
        ),
        &["refused", "allowed"],
        (80, "public reports; which of the documented codes is our choice"),
        |assumed, choice| assumed.multi_zone_stays_standard = choice == 0,
    ),
    row(
        (
            "window-task",
            "the task of a change that waits for its maintenance window",
        ),
        &["ends-first", "ends-with-the-switch"],
        (
            65,
            "Terraform polls the task for Result 2 and gives up after 25 minutes",
        ),
        |assumed, choice| assumed.window_task_ends_first = choice == 0,
    ),
    row(
        (
            "order-title",
            "InstanceTitle of what an order adds, while it is in process",
        ),
        &["adding", "processing"],
        (60, "public reports of 添加实例中"),
        |assumed, choice| assumed.orders_show_adding = choice == 0,
    ),
    row(
        (
            "cam-task-list",
            "what CAM looks at in DescribeTaskList with an InstanceId",
        ),
        &["instance", "any"],
        (
            65,
            "public reports of policies on instances that allow it; CAM's page says *",
        ),
        |assumed, choice| assumed.cam_task_list_is_of_an_instance = choice == 0,
    ),
    row(
        (
            "cam-instance-list",
            "what CAM looks at in DescribeInstances without ids",
        ),
        &["instances", "any"],
        (60, "public reports of policies on instance/* that allow it"),
        |assumed, choice| assumed.cam_instance_list_is_of_instances = choice == 0,
    ),
    row(
        (
            "missing-replicas",
            "an order of a standard edition without RedisReplicasNum",
        ),
        &["one", "refused"],
        (
            55,
            "a public report of an accepted order of type 6; of a cluster a refusal was captured",
        ),
        |assumed, choice| assumed.missing_replicas_are_one = choice == 0,
    ),
    row(
        ("rate-log-instance-list", "calls of DescribeLogInstanceList a second"),
        &["35", "20"],
        (85, "the action's page of August 2026"),
        |assumed, choice| assumed.log_instance_list_has_newer_rate = choice == 0,
    ),
    row(
        ("rate-instance-events", "calls of DescribeInstanceEvents a second"),
        &["50", "20"],
        (85, "the action's page of August 2026"),
        |assumed, choice| assumed.instance_events_have_newer_rate = choice == 0,
    ),
    row(
        ("monitor-version", "MonitorVersion in DescribeInstances"),
        &["filters", "ignored"],
        (50, "the documents call it a filter; instances here show 5s"),
        |assumed, choice| assumed.monitor_version_filters = choice == 0,
    ),
    row(
        (
            "name-characters",
            "names in CreateInstances, CloneInstances and ModifyInstance",
        ),
        &["restricted", "any"],
        (
            85,
            "the pages of August 2026: Chinese characters, Latin letters, digits, - and _",
        ),
        |assumed, choice| assumed.names_are_restricted = choice == 0,
    ),
    row(
        (
            "zone-node-ids",
            "NodeId in ModifyInstanceAvailabilityZones of an instance over several zones",
        ),
        &["needed", "optional"],
        (80, "the action's page of August 2026"),
        |assumed, choice| assumed.zone_changes_need_node_ids = choice == 0,
    ),
    row(
        ("clone-time", "CloneTime in CloneInstances"),
        &["second-level", "any-backup-mode"],
        (
            80,
            "the page of August 2026: only where BackupMode is SecondLevelBackup",
        ),
        |assumed, choice| assumed.clone_time_needs_second_level = choice == 0,
    ),
    row(
        ("cloud-version-sale", "orders with ProductVersion cloud"),
        &["suspended", "open"],
        (70, "the page of CreateInstances of August 2026"),
        |assumed, choice| assumed.cloud_version_is_not_sold = choice == 0,
    ),
    row(
        ("security-groups-of-none", "DescribeInstanceSecurityGroup without ids"),
        &["empty", "refused"],
        (65, "the action's page of August 2026"),
        |assumed, choice| assumed.no_ids_have_no_security_groups = choice == 0,
    ),
    row(
        ("task-list-reach", "how far back DescribeTaskList tells"),
        &["thirty-days", "begin-time"],
        (65, "the action's page of August 2026"),
        |assumed, choice| assumed.task_list_ends_thirty_days_ago = choice == 0,
    ),
    row(
        ("common-list-limit", "rows of DescribeCommonDBInstances without Limit"),
        &["100", "20"],
        (60, "the action's page of August 2026"),
        |assumed, choice| assumed.common_list_shows_100 = choice == 0,
    ),
    row(
        ("never-renewed", "when a prepaid instance with AutoRenew 2 is isolated"),
        &["at-deadline", "seven-days-later"],
        (60, "the documents of August 2026 give the days of grace to AutoRenew 0"),
        |assumed, choice| assumed.never_renewed_have_no_grace = choice == 0,
    ),
    row(
        (
            "dedicated-cluster-id",
            "DedicatedClusterId of an instance ordered into a cluster",
        ),
        &["of-the-cluster", "empty"],
        (70, "the documents of August 2026"),
        |assumed, choice| assumed.orders_show_dedicated_cluster = choice == 0,
    ),
    doubted(
        row(
            (
                "encrypted-password",
                "the rules on a password that comes with EncryptPassword",
            ),
            &["unchecked", "checked"],
            (
                50,
                "the rules are on the plain text, and how it is encrypted is not documented",
            ),
            |assumed, choice| assumed.encrypted_passwords_are_not_checked = choice == 0,
        ),
        "held against the rules, hardly any encrypted password could be used",
    ),
    doubted(
        row(
            (
                "price-of-unsold-type",
                "InquiryPriceCreateInstance of a TypeId that is not sold",
            ),
            &["spec-not-exist", "system-error"],
            (55, "the action documents this one code for wrong specs"),
            |assumed, choice| assumed.unsold_types_are_wrong_specs = choice == 0,
        ),
        "clients repeat a call that is answered SystemError",
    ),
    row(
        ("replication-types", "which types can be in a replication group"),
        &["clusters", "both-architectures"],
        (
            40,
            "the text of AddReplicationInstance names 7 and 9; the page of limits has standard editions too",
        ),
        |assumed, choice| assumed.replication_is_for_clusters = choice == 0,
    ),
    row(
        (
            "replication-master-replicas",
            "replicas of an instance with the role rw in a replication group",
        ),
        &["two", "any"],
        (
            40,
            "the guides ask for two; the official example and Terraform's tests have one",
        ),
        |assumed, choice| assumed.replication_masters_have_two_replicas = choice == 0,
    ),
    row(
        (
            "replication-zones",
            "the zone of an instance that joins a replication group",
        ),
        &["listed", "any"],
        (
            40,
            "the guides list zones, and DescribeGlobalReplicationArea answers them; no code tells of another one",
        ),
        |assumed, choice| assumed.replication_zones_are_listed = choice == 0,
    ),
    row(
        (
            "network-quotas",
            "how many VPCs, subnets, security groups and rules there may be",
        ),
        &["documented", "none"],
        (65, "the guides of the VPC product; all of them are raised on request"),
        |assumed, choice| assumed.network_quotas_hold = choice == 0,
    ),
    row(
        ("long-backup-storage", "StorageDays above 7 in ManualBackupInstance"),
        &["accepted", "refused"],
        (
            60,
            "the action's page gives 0 to 1825; it also says that more than 7 needs a ticket",
        ),
        |assumed, choice| assumed.long_storage_needs_no_ticket = choice == 0,
    ),
    row(
        (
            "backup-download",
            "the download of backups in a region where nothing was set",
        ),
        &["unlimited", "intranet"],
        (
            60,
            "the Terraform provider's tests; a guide of 2026 says that the public way is off at first",
        ),
        |assumed, choice| assumed.backups_are_downloaded_from_anywhere = choice == 0,
    ),
    row(
        (
            "withdrawn-actions",
            "DescribeInstanceMonitorSIP and the three DescribeInstanceMonitorBigKey…",
        ),
        &["offline", "answered"],
        (
            50,
            "their pages call them withdrawn; the list of actions still has them",
        ),
        |assumed, choice| assumed.withdrawn_actions_are_offline = choice == 0,
    ),
];

/// What `--assume NAME=VALUE` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    row: usize,
    choice: usize,
}

impl Choice {
    /// Makes the choice; the last one of a name counts.
    pub fn make(&self, assumed: &mut Assumed) {
        if let Some(row) = ASSUMPTIONS.get(self.row) {
            (row.choose)(assumed, self.choice);
        }
    }
}

impl fmt::Display for Choice {
    /// As it is asked for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = ASSUMPTIONS.get(self.row);
        row.map_or(Ok(()), |row| write!(f, "{}={}", row.name, row.choices[self.choice]))
    }
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| format!("`{text}` names no choice; write NAME=VALUE, as in {EXAMPLE}"))?;
        let found = ASSUMPTIONS.iter().position(|row| row.name == name);
        let row = found.ok_or_else(|| {
            let all: Vec<_> = ASSUMPTIONS.iter().map(|row| row.name).collect();
            format!("nothing called `{name}` is assumed; give one of {}", all.join(", "))
        })?;
        let choices = ASSUMPTIONS[row].choices;
        let chosen = choices.iter().position(|choice| *choice == value);
        let choice = chosen.ok_or_else(|| {
            let all = choices.join(", ");
            format!("`{value}` is no choice of {name}; give one of {all}")
        })?;
        Ok(Choice { row, choice })
    }
}

const EXAMPLE: &str = "base-network=open";

/// The calls a second that the documents print for an action, as far as they are believed.
#[must_use]
pub fn documented_rate(assumed: &Assumed, action: &Action) -> u32 {
    /// What both pages printed before.
    const OLDER: u32 = 20;
    let newer = match action.id {
        ActionId::DescribeLogInstanceList => assumed.log_instance_list_has_newer_rate,
        ActionId::DescribeInstanceEvents => assumed.instance_events_have_newer_rate,
        _ => true,
    };
    if newer { action.rate_limit } else { OLDER }
}

/// The table as `crs-local assumptions` prints it.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("what is assumed; choose otherwise with --assume NAME=VALUE\n");
    for row in ASSUMPTIONS {
        let mark = |choice: &&str| {
            if *choice == row.default() {
                format!("{choice} (default)")
            } else {
                (*choice).to_owned()
            }
        };
        let choices: Vec<_> = row.choices.iter().map(mark).collect();
        let doubt = row
            .in_spite_of_doubt
            .map_or(String::new(), |why| format!("\n  default all the same: {why}"));
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            "\n{}: {}\n  choices:  {}\n  evidence: {} ({} % for {}){doubt}\n",
            row.name,
            row.about,
            choices.join(", "),
            row.evidence,
            row.confidence,
            row.choices.first().copied().unwrap_or_default(),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_choices_are_unlike_each_other() {
        for (at, row) in ASSUMPTIONS.iter().enumerate() {
            assert!(!ASSUMPTIONS[..at].iter().any(|other| other.name == row.name));
            let plain = |text: &&str| {
                text.bytes()
                    .all(|b| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit())
            };
            assert!(plain(&row.name), "{}", row.name);
            assert!(row.choices.len() > 1 && row.choices.iter().all(plain), "{}", row.name);
            for (at, choice) in row.choices.iter().enumerate() {
                assert!(!row.choices[..at].contains(choice), "{}", row.name);
            }
        }
    }

    #[test]
    fn the_defaults_of_the_table_are_those_of_the_cloud_and_every_other_choice_is_not() {
        for row in ASSUMPTIONS {
            for choice in row.choices {
                let chosen: Choice = format!("{}={choice}", row.name).parse().unwrap();
                let mut assumed = Assumed::default();
                chosen.make(&mut assumed);
                let is_default = *choice == row.default();
                assert_eq!(assumed == Assumed::default(), is_default, "{}={choice}", row.name);
            }
        }
    }

    #[test]
    fn evidence_that_is_sure_makes_the_default_and_doubtful_evidence_needs_a_reason() {
        let mut in_spite: Vec<&str> = Vec::new();
        for row in ASSUMPTIONS {
            let claimed = row.default() == row.choices[0];
            assert_eq!(
                claimed,
                row.confidence >= 60 || row.in_spite_of_doubt.is_some(),
                "{}",
                row.name
            );
            if row.in_spite_of_doubt.is_some() {
                assert!(row.confidence < 60, "{}", row.name);
                in_spite.push(row.name);
            }
        }
        assert_eq!(in_spite, ["encrypted-password", "price-of-unsold-type"]);
    }

    #[test]
    fn a_wrong_choice_is_named_with_its_remedy() {
        let fault = |text: &str| text.parse::<Choice>().unwrap_err();
        assert!(fault("base-network").contains("write NAME=VALUE, as in base-network=open"));
        assert!(fault("network=open").contains("give one of whole-floats, startup-task-id, "));
        assert!(fault("base-network=shut").contains("give one of white-list, access-deny, open"));
        assert!(EXAMPLE.parse::<Choice>().is_ok());
    }

    #[test]
    fn the_printed_table_holds_every_row() {
        let text = table();
        for row in ASSUMPTIONS {
            let default = format!("{} (default)", row.default());
            for part in [row.name, row.about, row.evidence, default.as_str()] {
                assert!(text.contains(part), "{part}");
            }
        }
    }
}
