//! The requests that are written down: the rows of `tests/data/requests` and what real clients sent. Both are signed as
//! of now, once for both servers.

use std::collections::BTreeMap;
use std::path::Path;

use super::report::Part;
use super::servers::{Build, Pair, fixture_flag, now_ms, young_second};
use crate::captures::request::{Captured, Kind};
use crate::captures::{CREDENTIALS, alter, replayed, request, signer};
use crate::harness::{FIXTURE, Raw};
use crate::table::all_rows;

/// Every row from the seed state, as often as it says.
pub(super) async fn rows(part: &mut Part, builds: &[Build; 2], folder: &Path, most: usize) {
    let mut pairs = BTreeMap::new();
    for row in all_rows().iter().take(most) {
        part.cases += 1;
        let name = &row.name;
        let start = || {
            let settings = row.settings().map(|(name, value)| format!("--{name}={value}"));
            let flags: Vec<_> = settings.chain([fixture_flag(folder, FIXTURE)]).collect();
            Pair::start(part, name, builds, &flags)
        };
        let Some(pair) = pairs.entry(row.server()).or_insert_with(start) else {
            continue;
        };
        young_second(row.repeat()).await;
        pair.reset(part, name).await;
        for call in row.controls() {
            pair.control(part, name, call).await;
        }
        let request = row.request(now_ms());
        for _ in 0..row.repeat() {
            pair.send(part, name, &request).await;
        }
        pair.look(part, name).await;
    }
}

/// What clients sent, signed anew, and signed anew with one byte changed; and what they did not sign.
pub(super) async fn captures(part: &mut Part, builds: &[Build; 2], folder: &Path, most: usize) {
    let mut pairs = BTreeMap::new();
    for mut request in request::all().into_iter().take(most) {
        part.cases += 1;
        let name = request.name.clone();
        let token = replayed::token(&request);
        for auth in ["strict", "lenient"] {
            let start = || {
                let fixture = fixture_flag(folder, &replayed::fixture(&token));
                let flags = [format!("--auth={auth}"), "--rate-limit=off".to_owned(), fixture];
                Pair::start(part, &name, builds, &flags)
            };
            let Some(pair) = pairs.entry((token.clone(), auth)).or_insert_with(start) else {
                continue;
            };
            captured(part, pair, &mut request).await;
        }
    }
}

async fn captured(part: &mut Part, pair: &mut Pair, request: &mut Captured) {
    let mut all = vec![(request.name.clone(), Raw(request.bytes()))];
    if matches!(request.kind, Kind::Tc3 | Kind::V1) {
        young_second(1).await;
        signer::sign(request, CREDENTIALS, now_ms() / 1_000);
        all.push((format!("{} signed anew", request.name), Raw(request.bytes())));
        let changes = alter::each(request).into_iter();
        all.extend(changes.map(|change| {
            (
                format!("{}, {}", request.name, change.what),
                Raw(change.request.bytes()),
            )
        }));
    }
    for (case, raw) in &all {
        pair.send(part, case, raw).await;
    }
    pair.look(part, &request.name).await;
    pair.reset(part, &request.name).await;
}
