use super::*;
use std::collections::BTreeSet;

#[test]
fn the_same_seed_gives_the_same_ids() {
    let (mut one, mut two) = (Ids::new(7), Ids::new(7));
    assert_eq!(one.instance_id(), two.instance_id());
    assert_eq!(one.deal_id(0), two.deal_id(0));
    assert_ne!(Ids::new(8).instance_id(), Ids::new(7).instance_id());
}

#[test]
fn a_restored_position_goes_on_alike() {
    let mut first = Ids::new(3);
    let _ = (first.instance_id(), first.task_id(), first.vip());
    let mut restored = Ids {
        seed: first.seed,
        drawn: first.drawn,
    };
    assert_eq!(first.instance_id(), restored.instance_id());
}

#[test]
fn ids_have_their_documented_form() {
    let mut ids = Ids::new(1);
    let id = ids.instance_id().to_string();
    assert!(id.len() == 12 && id.starts_with("crs-"));
    assert!(
        id[4..]
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    );
    let deal = ids.deal_id(1_541_077_925_000).to_string();
    assert!(deal.len() == 23 && deal.starts_with("20181101297"));
    assert!(deal.bytes().all(|byte| byte.is_ascii_digit()));
}

#[test]
fn a_key_that_was_made_here_is_known_by_its_form() {
    let mut ids = Ids::new(5);
    let (temporary, token) = ids.temporary_key();
    assert_eq!(made_here(&temporary.secret_id), Some(KeyKind::Temporary));
    assert_eq!((temporary.secret_key.len(), token.len()), (32, 96));
    let lasting: BTreeSet<_> = (0..10_000).map(|n| key_pair(5, n).secret_id).collect();
    assert_eq!(lasting.len(), 10_000);
    for id in &lasting {
        assert_eq!(made_here(id), Some(KeyKind::Lasting));
        assert!(id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
    assert_ne!(key_pair(6, 1), key_pair(5, 1));
    let mut other = key_pair(5, 1).secret_id;
    other.replace_range(4..5, if &other[4..5] == "A" { "B" } else { "A" });
    for id in [
        other.as_str(),
        "AKIDlocal",
        "",
        "AKID",
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        "AKID要要要要要要要要",
    ] {
        assert_eq!(made_here(id), None, "{id}");
    }
}

#[test]
fn no_id_comes_twice() {
    let mut ids = Ids::new(1);
    let made: BTreeSet<InstanceId> = (0..100_000).map(|_| ids.instance_id()).collect();
    assert_eq!(made.len(), 100_000);
}

#[test]
fn no_count_passes_the_last() {
    assert_eq!(count_on(0), 1);
    assert_eq!(count_on(COUNT_MAX - 1), COUNT_MAX);
    let mut ids = Ids {
        seed: 7,
        drawn: COUNT_MAX,
    };
    assert!(ids.task_id().0 > 0 && ids.drawn <= COUNT_MAX);
}

#[test]
fn request_ids_are_version_four() {
    for n in 0..50 {
        let id = request_id(9, n);
        assert_eq!((id >> 76) & 0xf, 4);
        assert_eq!((id >> 62) & 0x3, 2);
    }
    assert_ne!(request_id(9, 1), request_id(9, 2));
}
