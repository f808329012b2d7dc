//! Backups: each day, by hand, before a resize; what becomes of them and of the data.

use super::*;
use crate::cloud::backup::listing::{BackupFilter, Seen, find_backup, find_backups};
use crate::cloud::backup::plan::{self, AutoBackupChange, ManualBackup};
use crate::cloud::backup::{encrypt, files, rdb, restore, second};
use crate::cloud::life::{past, task};

const ID: &str = "crs-aaaaaaaa";
const DAY: Millis = time::DAY;
const MB: u64 = 1 << 20;

fn held(type_id: u64) -> Cloud {
    let mut one = in_network(instance(ID, type_id));
    one.memory.used = 100 * MB;
    let mut cloud = with(Pace::Held, one);
    cloud.advanced_to = NOW;
    cloud
}

fn all(cloud: &Cloud, now: Millis, states: &[i64]) -> Vec<Backup> {
    let filter = BackupFilter {
        states: states.to_vec(),
        ..BackupFilter::default()
    };
    let (total, page) = find_backups(cloud, &at(now), &filter, (0, 10_000)).expect("no filter is wrong");
    assert_eq!(total, page.len());
    page.into_iter().map(|seen| seen.backup.into_owned()).collect()
}

fn by_hand(cloud: &mut Cloud, now: Millis, days: Option<i64>) -> Result<TaskId, Refusal> {
    let asked = ManualBackup {
        instance_id: ID.into(),
        remark: "mine@1".into(),
        storage_days: days,
    };
    plan::back_up_by_hand(cloud, &at(now), &asked)
}

#[test]
fn one_a_day_begins_in_its_hour_and_costs_nothing() {
    let mut cloud = held(8);
    let later = NOW + 100 * DAY;
    cloud.advance(later);
    assert!(cloud.backups.is_empty() && cloud.tasks.is_empty());
    let (good, gone) = (all(&cloud, later, &[]), all(&cloud, later, &[-1]));
    assert_eq!((good.len(), gone.len()), (7, 30));
    for pair in good.windows(2) {
        assert_eq!(time::day_of(pair[0].started_at), time::day_of(pair[1].started_at) + 1);
    }
    for backup in &good {
        let found = find_backup(&cloud, &cloud.instances[ID], &backup.id, later).unwrap();
        assert_eq!(*found.backup, *backup);
    }
    for backup in good.iter().chain(&gone) {
        assert_eq!(&time::show(backup.started_at)[11..13], "02", "the usual hour");
        assert_eq!((backup.kind, backup.used), (BackupKind::Automatic, 100 * MB));
    }
    let (tasks, _) = task::find_tasks(&cloud, &at(later), &TaskFilter::default(), (0, 1));
    assert_eq!(tasks, 30);
    assert!(cloud.backups.is_empty(), "to look keeps nothing");
}

#[test]
fn one_expires_on_the_second_and_is_listed_for_thirty_days_more() {
    let cloud = held(8);
    let first = all(&cloud, NOW + 2 * DAY, &[]).pop().expect("a backup");
    let is_in = |now, states: &[i64]| all(&cloud, now, states).iter().any(|backup| backup.id == first.id);
    let (begins, ends) = (first.started_at, first.expires_at());
    assert_eq!(ends, begins + 7 * DAY);
    assert!(!is_in(begins - 1, &[1, 2, -1]) && is_in(begins, &[1]) && !is_in(begins, &[2]));
    assert!(is_in(begins + 21 * SECOND, &[2]) && is_in(ends - 1, &[2]) && !is_in(ends, &[2]));
    assert!(is_in(ends, &[-1]) && is_in(ends + 30 * DAY - 1, &[-1]) && !is_in(ends + 30 * DAY, &[1, 2, -1]));
}

#[test]
fn a_backup_stays_what_it_was_whatever_becomes_of_its_instance() {
    for pace in [Pace::Held, Pace::Timed] {
        let mut cloud = held(8);
        cloud.settings.pace = pace;
        let mut now = NOW + 3 * DAY;
        cloud.advance(now);
        let mut known = all(&cloud, now, &[-1, 1, 2]);
        assert!(known.len() >= 2);
        for step in 0..12 {
            let id = ID.to_owned();
            let begun = match step % 4 {
                0 => {
                    let mem_mb = [2_048, 1_024][step / 4 % 2];
                    let asked = Upgrade {
                        instance_id: id,
                        mem_mb,
                        ..Upgrade::default()
                    };
                    cloud.upgrade(&at(now), &asked).map(drop)
                }
                1 => restore::clear(&mut cloud, &at(now), ID, (Some("Secret_99"), false)).map(drop),
                2 => by_hand(&mut cloud, now, None).map(drop),
                _ => {
                    let change = AutoBackupChange {
                        period: Some(AutoBackup::period(step as u8)),
                        ..AutoBackupChange::default()
                    };
                    plan::modify_auto_backup(&mut cloud, &at(now), ID, &change)
                }
            };
            begun.expect("it begins");
            now += 30 * SECOND;
            cloud.advance(now);
            cloud.drain(now);
            now += DAY + 7 * time::HOUR;
            cloud.advance(now);
            let listed = all(&cloud, now, &[-1, 1, 2]);
            for backup in &known {
                let same = listed.iter().find(|other| other.id == backup.id);
                assert_eq!(
                    same.map(|same| Backup {
                        ended_at: backup.ended_at,
                        ..same.clone()
                    }),
                    Some(backup.clone())
                );
            }
            let ids: std::collections::BTreeSet<_> = listed.iter().map(|backup| &backup.id).collect();
            assert_eq!(ids.len(), listed.len(), "none is listed twice");
            known = listed;
        }
        let mut copy = cloud.clone();
        past::note_past(&mut copy);
        cloud.advance(now + 90 * DAY);
        copy.advance(now + 90 * DAY);
        assert!(cloud == copy && cloud.backups.is_empty());
    }
}

#[test]
fn one_that_could_not_begin_begins_late() {
    let mut cloud = held(8);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        ..Upgrade::default()
    };
    cloud.upgrade(&at(NOW), &asked).unwrap();
    let later = NOW + DAY + 777;
    assert!(all(&cloud, later, &[1, 2]).is_empty(), "it is in process");
    cloud.drain(later);
    let late: Vec<_> = all(&cloud, later, &[1, 2]);
    let kinds: Vec<_> = late.iter().map(|backup| (backup.kind, backup.spec.mem_mb)).collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.contains(&(BackupKind::Resize, 1_024)) && kinds.contains(&(BackupKind::Automatic, 2_048)));
    assert_eq!(late[1].started_at % SECOND, 0);
}

#[test]
fn what_is_isolated_is_not_backed_up_and_what_is_gone_has_no_backups() {
    let mut cloud = held(8);
    let later = NOW + 3 * DAY;
    cloud.advance(later);
    let before = all(&cloud, later, &[]).len();
    cloud.destroy_postpaid(&at(later), ID).unwrap();
    cloud.drain(later);
    let hour = later + time::HOUR;
    assert_eq!(all(&cloud, hour, &[]).len(), before);
    cloud.advance(later + 3 * time::HOUR);
    assert!(cloud.instances.get(ID).is_none() && cloud.backups.is_empty());
    assert!(
        cloud.retention == {
            let mut copy = cloud.clone();
            past::note_past(&mut copy);
            copy.retention
        }
    );
}

#[test]
fn one_by_hand_runs_until_its_task_ends_and_excludes_others() {
    let mut cloud = held(8);
    let task_id = by_hand(&mut cloud, NOW, Some(30)).unwrap();
    let running = all(&cloud, NOW, &[1]);
    assert_eq!((running.len(), all(&cloud, NOW, &[]).len()), (1, 0));
    assert_eq!(running[0].ended_at, None);
    let busy = Refusal::TaskRuns { id: ID.into() };
    assert_eq!(by_hand(&mut cloud, NOW, None), Err(busy.clone()));
    let restored = restore::restore(&mut cloud, &guangzhou(), (ID, &running[0].id), Some("Secret_99"));
    assert_eq!(restored, Err(busy));
    cloud.step(task_id, NOW + SECOND).unwrap();
    let done = all(&cloud, NOW + SECOND, &[]);
    assert_eq!((done[0].ended_at, done[0].storage_days), (Some(NOW + SECOND), 30));
    assert_eq!(done[0].expires_at(), NOW + 30 * DAY);
    let failed = by_hand(&mut cloud, NOW + SECOND, Some(0)).unwrap();
    cloud.fail(failed, NOW + 2 * SECOND, "no room").unwrap();
    assert_eq!(
        all(&cloud, NOW + 2 * SECOND, &[1, 2]).len(),
        1,
        "a failed one is not there"
    );
}

#[test]
fn a_restore_puts_back_what_a_clear_took_out() {
    let mut cloud = held(8);
    by_hand(&mut cloud, NOW, None).unwrap();
    cloud.drain(NOW);
    let backup = all(&cloud, NOW, &[]).remove(0);
    restore::clear(&mut cloud, &guangzhou(), ID, (Some("Secret_99"), false)).unwrap();
    cloud.drain(NOW + SECOND);
    assert_eq!(cloud.instances[ID].memory.used, 0);
    restore::restore(&mut cloud, &at(NOW + SECOND), (ID, &backup.id), Some("Secret_99")).unwrap();
    let seen = |cloud: &Cloud| {
        let seen: Seen<'_> = find_backup(cloud, &cloud.instances[ID], &backup.id, NOW + SECOND).unwrap();
        (seen.state.number(), seen.is_locked)
    };
    assert_eq!(seen(&cloud), (1, true));
    cloud.drain(NOW + 2 * SECOND);
    assert_eq!((seen(&cloud), cloud.instances[ID].memory.used), ((2, false), 100 * MB));
}

#[test]
fn a_clone_begins_with_the_data_of_its_backup_and_reads_it_meanwhile() {
    let mut cloud = held(8);
    by_hand(&mut cloud, NOW, None).unwrap();
    cloud.drain(NOW);
    let backup_id = all(&cloud, NOW, &[])[0].id.to_string();
    let order = CloneOrder {
        instance_id: ID.into(),
        backup_id: backup_id.clone(),
        order: Order {
            goods: 1,
            months: 1,
            zone_id: Some(100_003),
            vpc: Some("vpc-abcdefgh".into()),
            subnet: Some("subnet-abcdefgh".into()),
            password: Some("crs-Local1".into()),
            ..Order::default()
        },
        ..CloneOrder::default()
    };
    let made = cloud.clone_instances(&guangzhou(), &order).unwrap();
    let again = cloud.clone_instances(&guangzhou(), &order);
    assert_eq!(again.err(), Some(Refusal::BackupLocked { id: backup_id }));
    cloud.drain(NOW + SECOND);
    assert_eq!(cloud.instances[made.instance_ids[0].as_str()].memory.used, 100 * MB);
    assert!(cloud.clone_instances(&at(NOW + SECOND), &order).is_ok());
}

#[test]
fn a_second_is_the_nearest_that_there_is() {
    let mut cloud = held(8);
    let point = |cloud: &Cloud, now, asked| second::point(cloud, &at(now), ID, asked);
    assert!(matches!(point(&cloud, NOW, None), Err(Refusal::NotOffered { .. })));
    second::modify_mode(&mut cloud, &guangzhou(), ID, Some("SecondLevelBackup")).unwrap();
    cloud.drain(NOW + SECOND);
    let (on_s, later) = (NOW / SECOND + 1, NOW + 20 * DAY);
    assert_eq!(point(&cloud, NOW + 2 * SECOND, Some(1)).unwrap().at_s, on_s);
    let week_ago_s = (later - 7 * DAY) / SECOND;
    let found = point(&cloud, later, Some(1)).unwrap();
    assert_eq!((found.at_s, found.since_s), (week_ago_s, on_s));
    assert!(find_backup(&cloud, &cloud.instances[ID], &found.backup_id, later).is_ok());
    assert_eq!(point(&cloud, later, None).unwrap().at_s, later / SECOND);
    assert!(point(&cloud, later, Some(later / SECOND + 1)).is_err());
}

#[test]
fn later_backups_are_encrypted_and_earlier_ones_stay() {
    let mut cloud = held(8);
    let later = NOW + 2 * DAY;
    let before = all(&cloud, later, &[]);
    let asked = encrypt::EncryptChange {
        on: true,
        ..encrypt::EncryptChange::default()
    };
    encrypt::modify(&mut cloud, &at(later), ID, &asked).unwrap();
    let after = all(&cloud, later + 2 * DAY, &[]);
    let (new, old) = after.split_at(after.len() - before.len());
    assert_eq!(old, before);
    assert!(!new.is_empty() && new.iter().all(|backup| backup.kms_key_id.is_some()));
}

/// Reads a file: its version, its fields, and whether its sum is right.
fn read(file: &[u8]) -> (String, Vec<(String, String)>) {
    let (body, sum) = file.split_at(file.len() - 8);
    assert_eq!(rdb::crc64(body), u64::from_le_bytes(sum.try_into().unwrap()));
    let head = String::from_utf8(body[..9].to_vec()).unwrap();
    let mut rest = &body[9..];
    let mut fields = Vec::new();
    while rest[0] == 0xfa {
        rest = &rest[1..];
        let mut text = || {
            let len = usize::from(rest[0]);
            let text = String::from_utf8(rest[1..=len].to_vec()).unwrap();
            rest = &rest[len + 1..];
            text
        };
        fields.push((text(), text()));
    }
    assert_eq!(rest, [0xff], "no data, and the end");
    (head, fields)
}

#[test]
fn each_shard_has_a_file_that_its_edition_reads() {
    let heads = [
        (2, "REDIS0006"),
        (3, "REDIS0007"),
        (4, "REDIS0007"),
        (6, "REDIS0008"),
        (7, "REDIS0008"),
        (8, "REDIS0009"),
        (9, "REDIS0009"),
        (15, "REDIS0009"),
        (16, "REDIS0009"),
        (17, "REDIS0010"),
        (18, "REDIS0010"),
        (19, "REDIS0011"),
        (20, "REDIS0011"),
        (21, "VALKEY080"),
        (22, "VALKEY080"),
    ];
    for (type_id, head) in heads {
        let mut one = instance(ID, type_id);
        one.memory.used = 3 * MB + 1;
        let backup = plan::of_now("1-2-3".into(), &one, BackupKind::Manual, NOW);
        let files = files::files(&backup);
        assert_eq!(files.len() as u64, one.spec.shards);
        let sizes: u64 = files.iter().map(|file| file.size).sum();
        assert_eq!(sizes, files::total_size(&backup), "{type_id}");
        for file in &files {
            let content = files::content(&backup, &file.name).expect("a file of that name");
            let (found, fields) = read(&content);
            assert_eq!(found, head, "{type_id}");
            assert_eq!(fields.is_empty(), head == "REDIS0006");
            assert_eq!(
                files::content(&backup, &file.name),
                Some(content),
                "the same bytes again"
            );
        }
        assert_eq!(files::content(&backup, "other.rdb"), None);
    }
}
