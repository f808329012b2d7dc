//! Servers that are killed under load: no write that was answered is lost, and none is found by half.
//!
//! `benches/kill` does it 200 times.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::Home;
use super::server::{Connection, Server};

const WRITERS: usize = 4;
/// So many instances are ordered at once: all of them are there, or none is.
const GOODS: usize = 3;

/// How many names are given for each order.
const ORDER_EVERY: u64 = 16;

/// What one writer knows of what it was answered.
#[derive(Clone, Default)]
struct Writer {
    /// Names that its instance was given.
    named: u64,
    /// Orders that were answered.
    deals: HashSet<String>,
    /// Whether an order was sent that was not answered.
    ordering: bool,
}

/// Numbers that are the same in each run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn seed() -> String {
    let instance = |of: usize| json!({ "InstanceId": format!("crs-writer0{of}"), "TypeId": 2, "MemSize": 1024 });
    let instances: Vec<_> = (0..WRITERS).map(instance).collect();
    let pair = json!([{ "SecretId": "AKIDlocal", "SecretKey": "local" }]);
    let account = json!({
        "Balance": 9_000_000_000_i64, "PostpaidQuota": 1_000_000, "BaseNetwork": true,
        "Credentials": pair, "Instances": instances,
    });
    json!({ "Accounts": [account] }).to_string()
}

/// Writes until the server has gone.
fn write(address: &str, of: usize, writer: &mut Writer, answered: &AtomicU64) {
    let Ok(mut client) = Connection::to(address) else {
        return;
    };
    loop {
        let number = writer.named + 1;
        let rename = json!({
            "InstanceId": format!("crs-writer0{of}"), "Operation": "rename", "InstanceName": format!("name-{number}"),
        });
        let Some(answer) = client.call("ModifyInstance", &rename) else {
            return;
        };
        assert!(answer["Error"].is_null(), "{answer}");
        writer.named = number;
        answered.fetch_add(1, Ordering::Relaxed);
        if !number.is_multiple_of(ORDER_EVERY) {
            continue;
        }
        let order = json!({
            "TypeId": 2, "MemSize": 1024, "GoodsNum": GOODS, "Period": 1, "ZoneId": 100_003, "BillingMode": 1,
            "Password": "secret-1234", "InstanceName": format!("writer-{of}"),
        });
        writer.ordering = true;
        let Some(answer) = client.call("CreateInstances", &order) else {
            return;
        };
        let deal = answer["DealId"].as_str().unwrap_or_else(|| panic!("{answer}"));
        writer.deals.insert(deal.to_owned());
        writer.ordering = false;
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

/// Holds what a server has read back against what was answered. Gives how many writes were found that were not.
fn check(state: &Value, writers: &mut [Writer]) -> u64 {
    let account = &state["Accounts"][0];
    let list = |name: &str| account[name].as_array().map_or(&[][..], Vec::as_slice);
    let names: HashMap<_, _> = list("Instances")
        .iter()
        .map(|one| (text(one, "InstanceId"), text(one, "InstanceName")))
        .collect();
    whole(&names, list("Deals"), list("Ledger"));
    let mut unanswered = 0;
    for (of, writer) in writers.iter_mut().enumerate() {
        let found = names[&*format!("crs-writer0{of}")].strip_prefix("name-");
        let found: u64 = found.map_or(0, |number| number.parse().expect("a number"));
        let named = writer.named;
        assert!(
            (named..=named + 1).contains(&found),
            "name {named} was answered, and {found} is found"
        );
        let first = |deal: &Value| deal["InstanceIds"][0].as_str().expect("an id").to_owned();
        let mine = |deal: &&Value| names[&*first(deal)] == format!("writer-{of}");
        let deals: HashSet<_> = list("Deals")
            .iter()
            .filter(mine)
            .map(|deal| text(deal, "DealId").to_owned())
            .collect();
        for deal in &writer.deals {
            assert!(deals.contains(deal), "the order {deal} is lost");
        }
        let more = deals.len() - writer.deals.len();
        assert!(more <= usize::from(writer.ordering), "{more} orders were never sent");
        unanswered += found - named + more as u64;
        *writer = Writer {
            named: found,
            deals,
            ordering: false,
        };
    }
    unanswered
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}

/// Nothing is there by half: every order has all its instances, no other is there, and each was paid once.
fn whole(names: &HashMap<&str, &str>, deals: &[Value], ledger: &[Value]) {
    for deal in deals {
        let ids = deal["InstanceIds"].as_array().expect("instances");
        assert_eq!(ids.len(), GOODS, "{deal}");
        for id in ids {
            assert!(names.contains_key(id.as_str().expect("an id")), "{id} of {deal}");
        }
    }
    assert_eq!(names.len(), WRITERS + deals.len() * GOODS);
    let number = |entry: &Value, key: &str| entry[key].as_i64().expect("a number");
    for pair in ledger.windows(2) {
        let sum = number(&pair[0], "Balance") + number(&pair[1], "Amount");
        assert_eq!(number(&pair[1], "Balance"), sum, "{}", pair[1]);
    }
    // Of many movements the oldest are told as one.
    if ledger.iter().all(|entry| entry["Kind"] != "Opening") {
        let paid = ledger.iter().filter(|entry| entry["Kind"] == "Payment").count();
        assert_eq!(paid, deals.len());
    }
}

#[test]
fn no_answered_write_is_lost_and_none_is_found_by_half() {
    let asked = |name, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
    let (kills, mut draws) = (
        asked("CRS_LOCAL_KILLS", 3),
        Draws(asked("CRS_LOCAL_KILL_SEED", 20_180_412)),
    );
    let home = Home::new();
    let fixture = home.state().with_extension("json");
    std::fs::write(&fixture, seed()).expect("a file");
    let flags = format!("--pace instant --fixture '{}'", fixture.display());
    let mut writers = vec![Writer::default(); WRITERS];
    let (mut answered_of_all, mut found_of_all, mut slowest) = (0, 0, Duration::ZERO);
    let mut server = Server::start(&home.state(), "", &flags);
    for kill in 1..=kills {
        let (answered, address) = (AtomicU64::new(0), server.address.clone());
        thread::scope(|scope| {
            for (of, writer) in writers.iter_mut().enumerate() {
                let (address, answered) = (&address, &answered);
                scope.spawn(move || write(address, of, writer, answered));
            }
            thread::sleep(Duration::from_micros(2_000 + draws.below(300_000)));
            server.kill();
        });
        server = Server::start(&home.state(), "", &flags);
        let more = check(&server.connect().state(), &mut writers);
        let (answered, took) = (answered.into_inner(), server.ready_after);
        let found = answered + more;
        println!("kill {kill}: {answered} writes answered, {found} found, ready after {took:.1?}");
        answered_of_all += answered;
        found_of_all += found;
        slowest = slowest.max(took);
    }
    let instances = WRITERS + GOODS * writers.iter().map(|writer| writer.deals.len()).sum::<usize>();
    println!(
        "{kills} kills: {answered_of_all} writes answered, {found_of_all} found, none lost; \
         {instances} instances at the end, ready after {slowest:.1?} at most"
    );
    assert!(answered_of_all > 0, "nothing was written");
    let before = server.connect().state();
    assert!(server.stop(), "it ends well");
    assert_eq!(Server::start(&home.state(), "", &flags).connect().state(), before);
}
