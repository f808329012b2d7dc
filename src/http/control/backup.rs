//! The files of backups, by the links that DescribeBackupUrl answers. Whoever holds one may fetch it: that is what the
//! signature is for, and nothing else is asked.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::{StatusCode, Uri};

use super::account::{OfAccount, read_app_id};
use super::answer::{Answer, ControlResult, Shared, Wrong};
use super::download;
use crate::accounts::Account;
use crate::aside::aside;
use crate::auth::links::BackupLink;
use crate::cloud::backup::{files, listing};
use crate::cloud::{BackupState, Millis, time};
use crate::quote::quoted;

const UNSIGNED: &str = "is no link of this server; ask DescribeBackupUrl for one, and take it as it is";

/// What a link says beside its path.
struct Signed {
    of: OfAccount,
    from_s: Millis,
    until_s: Millis,
    signature: String,
}

impl Signed {
    /// By hand, because of the semicolon.
    fn read(uri: &Uri) -> ControlResult<Self> {
        let (mut app_id, mut span, mut signature) = (None, None, None);
        for pair in uri.query().unwrap_or_default().split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "AppId" => app_id = Some(read_app_id(value)?),
                "q-sign-time" => span = times(value),
                "q-signature" => signature = Some(value.to_owned()),
                _ => {}
            }
        }
        let ((from_s, until_s), signature) = span.zip(signature).ok_or_else(|| unsigned(uri))?;
        Ok(Self {
            of: OfAccount::new(app_id),
            from_s,
            until_s,
            signature,
        })
    }
}

fn times(text: &str) -> Option<(Millis, Millis)> {
    let text = text.replace("%3B", ";").replace("%3b", ";");
    let (from_s, until_s) = text.split_once(';')?;
    from_s.parse().ok().zip(until_s.parse().ok())
}

fn unsigned(uri: &Uri) -> Wrong {
    Wrong(StatusCode::FORBIDDEN, format!("{} {UNSIGNED}", quoted(uri.path())))
}

/// A file of a backup, as long as its link lives and the backup can be used.
pub(super) async fn backup_file(
    State(emulator): Shared,
    uri: Uri,
    named: Result<Path<(String, String)>, PathRejection>,
) -> Answer {
    let Path((backup_id, file)) = named?;
    let signed = Signed::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let gone = || {
            let backup_id = quoted(&backup_id);
            Wrong::not_found(format!(
                "there is no file of a backup {backup_id} any more, or there never was"
            ))
        };
        let accounts = signed.of.accounts(&world)?;
        let is_signed = |account: &Arc<Account>| {
            let link = BackupLink {
                app_id: account.app_id,
                backup_id: &backup_id,
                file: &file,
                from_s: signed.from_s,
                until_s: signed.until_s,
            };
            link.is_signed(world.link_key, &signed.signature)
        };
        // A link without an AppId is that of the account for which it was signed.
        let account = accounts.into_iter().find(is_signed).ok_or_else(|| unsigned(&uri))?;
        let (cloud, now) = account.read_in_time();
        if !(signed.from_s..signed.until_s).contains(&now.div_euclid(time::SECOND)) {
            let until = time::show(signed.until_s.saturating_mul(time::SECOND));
            let message = format!("the link has led there until {until}; ask DescribeBackupUrl for a new one");
            return Err(Wrong(StatusCode::FORBIDDEN, message));
        }
        let seen = listing::find_any(&cloud, &backup_id, now).ok_or_else(gone)?;
        if seen.state == BackupState::Expired {
            return Err(gone());
        }
        let content = files::content(&seen.backup, &file).ok_or_else(gone)?;
        Ok(download::file("application/octet-stream", &file, content))
    })
    .await
}
