//! What flags are read as, and what a wrong one is told.

use super::*;
use crate::cloud::assumed::BaseNetwork;
use clap::Parser;

#[derive(clap::Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

#[test]
fn without_flags_the_defaults_hold() {
    let parsed = Flags::parse_from(["crs-local"]).config;
    assert_eq!(format!("{parsed:?}"), format!("{:?}", Config::default()));
}

#[test]
fn an_address_that_is_none_says_what_to_write() {
    for (given, message) in [
        ("localhost:0", "127.0.0.1:0"),
        ("localhost:8239", "127.0.0.1:8239"),
        ("8239", "127.0.0.1:8239"),
        (":9000", "127.0.0.1:9000"),
        ("*:80", "127.0.0.1:80"),
        ("10.0.0.2", "add a port, as 10.0.0.2:8239"),
        ("[::1]", "add a port, as [::1]:8239"),
        ("http://127.0.0.1:8239", "127.0.0.1:8239"),
        ("127.0.0.1:99999", "127.0.0.1:8239"),
        ("", "127.0.0.1:8239"),
    ] {
        for flag in ["--listen", "--tls-listen"] {
            let refused = Flags::try_parse_from(["crs-local", flag, given]);
            let refused = refused.err().expect(given).to_string();
            assert!(refused.contains(message), "{given}: {refused}");
        }
    }
    assert!(listen_address("127.0.0.1:0").is_ok() && listen_address("[::]:1").is_ok());
}

#[test]
fn a_limit_may_differ_for_single_actions() {
    let limits: RateLimits = "documented,UpgradeInstance=5,DescribeInstances=off".parse().unwrap();
    let of = |name| {
        let action = contract::find(name, "2018-04-12").unwrap();
        limits.per_second(action, &Assumed::default())
    };
    assert_eq!(of("UpgradeInstance"), Some(5));
    assert_eq!(of("DescribeInstances"), None);
    assert_eq!(of("DescribeDBSecurityGroups"), Some(100));
    assert_eq!(of("CreateInstances"), Some(20));
}

#[test]
fn the_last_choice_of_a_name_counts() {
    let parsed = |arguments: &[&str]| {
        let all = [&["crs-local"], arguments].concat();
        Flags::try_parse_from(all).map(|flags| flags.config.assumed())
    };
    let open = parsed(&["--assume", "base-network=open"]).unwrap();
    assert_eq!(open.base_network, BaseNetwork::Open);
    let several = "clone-time=any-backup-mode,base-network=open";
    let several = parsed(&["--assume", several, "--assume", "base-network=access-deny"]);
    let several = several.unwrap();
    assert_eq!(several.base_network, BaseNetwork::Closed);
    assert!(!several.clone_time_needs_second_level);
    let message = parsed(&["--assume", "base-network=shut"]).unwrap_err().to_string();
    assert!(
        message.contains("give one of white-list, access-deny, open"),
        "{message}"
    );
}

#[test]
fn a_wrong_limit_is_named_with_its_remedy() {
    assert!(
        "many"
            .parse::<RateLimits>()
            .unwrap_err()
            .contains("documented, off or a number")
    );
    assert!(
        "NoSuch=1"
            .parse::<RateLimits>()
            .unwrap_err()
            .contains("`NoSuch` is no action")
    );
}

#[test]
fn the_journal_has_a_size_or_is_off() {
    for (text, calls) in [("off", 0), ("1", 1), ("10000", 10_000)] {
        let size: JournalSize = text.parse().unwrap();
        assert_eq!((size.calls(), size.to_string().as_str()), (calls, text));
    }
    assert_eq!(JournalSize::default().calls(), 10_000);
    for text in ["0", "-1", "many", "Off", ""] {
        let wrong = text.parse::<JournalSize>().unwrap_err();
        assert!(wrong.contains("write off, or 1 or more"), "{text}: {wrong}");
    }
}

#[test]
fn an_allowed_host_covers_itself_or_all_below_it() {
    let covers = |allowed: &str, name| allowed.parse::<AllowedHost>().unwrap().covers(name);
    assert!(covers("crs.default", "crs.default"));
    assert!(covers("CRS.Default", "crs.dEFAULT"));
    assert!(!covers("crs.default", "x.crs.default"));
    assert!(!covers("crs.default", "crs.default.evil"));
    assert!(covers("*.example.com", "a.example.com"));
    assert!(covers("*.example.com", "a.b.EXAMPLE.com"));
    assert!(!covers("*.example.com", "example.com"));
    assert!(!covers("*.example.com", ".example.com"));
    assert!(!covers("*.example.com", "notexample.com"));
    assert!(!covers("localhost", ""));
}

#[test]
fn what_is_no_host_name_is_refused_with_the_remedy() {
    for text in [
        "",
        "*",
        "*.",
        ".example.com",
        "*example.com",
        "a..b",
        "example.com.",
        "example.com:8239",
        "http://example.com",
        "example.com/x",
        "*.*.com",
        "a b",
    ] {
        let wrong = text.parse::<AllowedHost>().unwrap_err();
        assert!(wrong.contains("give it without scheme"), "{text}: {wrong}");
    }
}

#[test]
fn a_token_is_shown_nowhere() {
    let token: ControlToken = "s3cret".parse().unwrap();
    assert_eq!(format!("{token:?}"), "ControlToken(…)");
    for text in ["", "two words", "line\nfeed", "schlüssel"] {
        let wrong = text.parse::<ControlToken>().unwrap_err();
        assert!(wrong.contains("visible ASCII"), "{text}: {wrong}");
    }
}
