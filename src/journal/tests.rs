//! What is kept, for how long, and what it takes.

use uuid::Uuid;

use super::*;

/// A call with that number as its cloud's time, of this account, with these parameters.
fn note(time: Millis, app_id: u64, params: &[u8]) -> Note<'_> {
    Note {
        request_id: Uuid::nil(),
        time,
        real_time: 0,
        app_id: Some(app_id),
        action: Some(ActionId::UpgradeInstance),
        name: Some("UpgradeInstance"),
        version: Some("2018-04-12"),
        region: Some("ap-guangzhou"),
        secret_id: None,
        client: Some(""),
        params,
        source: Source::Json,
        read: Some(|bytes| Tree::from_json(bytes).ok()),
        code: None,
        fault_id: None,
        micros: 1,
    }
}

fn times(picture: &Picture) -> Vec<Millis> {
    picture.calls().map(|kept| kept.entry.time).collect()
}

fn with(most: usize, calls: i64) -> Journal {
    let journal = Journal::new(most);
    (0..calls).for_each(|time| journal.note(&note(time, 1, b"{}")));
    journal
}

#[test]
fn the_last_calls_are_kept_and_no_more() {
    for (most, calls) in [
        (1, 3),
        (10, 9),
        (10, 10),
        (10, 1_000),
        (300, 299),
        (300, 2_000),
        (1_000, 5_000),
    ] {
        let journal = with(most, calls);
        let first = (calls - most as i64).max(0);
        let picture = journal.picture();
        assert_eq!(
            times(&picture),
            (first..calls).collect::<Vec<_>>(),
            "{calls} calls, {most} kept"
        );
        assert_eq!(picture.last_id(), calls as u64);
        let pages = journal.lock();
        assert!(pages.calls <= most + PAGE_CALLS, "{} calls are held", pages.calls);
    }
    let off = with(0, 5);
    assert!(!off.is_on());
    assert_eq!(times(&off.picture()), [0; 0]);
}

#[test]
fn the_calls_take_no_more_than_64_mb() {
    let journal = Journal::new(1_000_000);
    let body = vec![b' '; 10 << 20];
    for time in 0..20 {
        journal.note(&note(time, 1, &body));
        let pages = journal.lock();
        assert!(pages.bytes + pages.open.bytes() <= BYTES_MAX);
    }
    assert_eq!(times(&journal.picture()), [14, 15, 16, 17, 18, 19]);
    let name = "x".repeat(1 << 20);
    for time in 20..100 {
        journal.note(&Note {
            action: None,
            name: Some(&name),
            ..note(time, 1, b"")
        });
        let pages = journal.lock();
        assert!(pages.bytes + pages.open.bytes() <= BYTES_MAX);
    }
    (100..400_000).for_each(|time| journal.note(&note(time, 1, b"{\"MemSize\":1024,\"InstanceId\":\"crs-5qlrlhux\"}")));
    let picture = journal.picture();
    let kept = times(&picture);
    assert!(kept.len() > 300_000, "{} small calls are kept", kept.len());
    assert_eq!(kept.last(), Some(&399_999));
    let held: usize = picture.pages.iter().map(|page| page.bytes()).sum();
    assert!(held <= BYTES_MAX + (1 << 20), "{held} bytes are held");
}

#[test]
fn a_picture_has_what_came_after_an_id_and_does_not_change() {
    let journal = with(100, 50);
    let picture = journal.picture_after(48);
    assert_eq!(times(&picture), [48, 49]);
    journal.note(&note(50, 1, b"{}"));
    assert_eq!(times(&picture), [48, 49]);
    assert_eq!(times(&journal.picture_after(picture.last_id())), [50]);
    assert_eq!(times(&journal.picture_after(51)), [0; 0]);
    assert_eq!(times(&journal.picture()).len(), 51);
    (51..1_000).for_each(|time| journal.note(&note(time, 1, b"{}")));
    assert_eq!(
        times(&journal.picture_after(2)),
        (900..1_000).collect::<Vec<_>>(),
        "the oldest are gone"
    );
    assert_eq!(times(&picture), [48, 49]);
}

#[test]
fn what_is_forgotten_is_gone_and_the_rest_is_as_it_was() {
    let journal = Journal::new(700);
    for time in 0..1_000 {
        journal.note(&note(
            time,
            time as u64 % 2,
            format!("{{\"MemSize\":{time}}}").as_bytes(),
        ));
    }
    journal.forget(|kept| kept.entry.app_id == Some(1));
    let even = (300..1_000).filter(|time| time % 2 == 0);
    assert_eq!(times(&journal.picture()), even.clone().collect::<Vec<_>>());
    for kept in journal.picture().calls() {
        let record = kept.record();
        assert_eq!(record.params, Some(serde_json::json!({ "MemSize": kept.entry.time })));
        assert_eq!(record.region.as_deref(), Some("ap-guangzhou"));
        assert_eq!((record.secret_id, record.client), (None, Some(String::new())));
    }
    (1_000..1_400).for_each(|time| journal.note(&note(time, 0, b"{}")));
    let left: Vec<_> = even.chain(1_000..1_400).collect();
    assert_eq!(times(&journal.picture()), left[left.len() - 700..]);
    journal.forget(|_| true);
    assert_eq!(times(&journal.picture()), [0; 0]);
    assert_eq!(journal.lock().calls, 0);
    journal.note(&note(7, 1, b"{}"));
    assert_eq!(times(&journal.picture()), [7]);
    journal.clear();
    assert_eq!(times(&journal.picture()), [0; 0]);
    journal.note(&note(8, 1, b"{}"));
    assert_eq!(
        journal.picture().calls().next().map(|kept| kept.entry.id),
        Some(1_402),
        "ids go on"
    );
}

#[test]
fn a_form_and_a_json_body_say_the_same() {
    let form = Note {
        source: Source::Form,
        read: Some(|_| {
            let member = |name: &str, text: &str| (name.to_owned(), Tree::String(text.to_owned()));
            Some(Tree::Object(vec![
                member("InstanceId", "crs-1"),
                member("MemSize", "2048"),
            ]))
        }),
        ..note(0, 1, b"")
    };
    let journal = Journal::new(10);
    journal.note(&form);
    journal.note(&note(
        0,
        1,
        br#"{"MemSize":2048,"InstanceId":"crs-1","RedisShardNum":null}"#,
    ));
    journal.note(&note(0, 1, br#"{"MemSize":"2048"}"#));
    journal.note(&note(0, 1, b"{"));
    journal.note(&Note {
        read: None,
        ..note(0, 1, b"")
    });
    let params: Vec<_> = journal.picture().calls().map(|kept| kept.record().params).collect();
    let right = Some(serde_json::json!({ "InstanceId": "crs-1", "MemSize": 2048 }));
    let wrong = Some(serde_json::json!({ "MemSize": "2048" }));
    assert_eq!(params, [right.clone(), right, wrong, None, None]);
}

#[test]
fn no_input_has_a_member_that_a_pattern_is_written_with() {
    fn walk(shape: &'static crate::contract::shape::Shape, seen: &mut Vec<&'static str>) {
        for member in shape.members {
            assert_ne!(member.name, pattern::LIKE, "{}", shape.name);
            let mut ty = member.ty;
            while let crate::contract::shape::Type::List(item) = ty {
                ty = *item;
            }
            if let crate::contract::shape::Type::Object(inner) = ty
                && !seen.contains(&inner.name)
            {
                seen.push(inner.name);
                walk(inner, seen);
            }
        }
    }
    let mut seen = Vec::new();
    crate::contract::ACTIONS
        .iter()
        .for_each(|action| walk(action.input, &mut seen));
}
