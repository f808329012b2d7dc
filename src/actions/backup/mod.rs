//! Backups: made, found, downloaded, encrypted, put back; and all data taken out.

mod config;
mod download;
mod listing;
mod restore;

pub(crate) use config::{
    describe_auto_backup_config, describe_backup_encrypt_config, describe_second_level_backup_info,
    manual_backup_instance, modify_auto_backup_config, modify_backup_encrypt, modify_instance_backup_mode,
};
pub(crate) use download::{
    describe_backup_download_restriction, describe_backup_url, modify_backup_download_restriction,
};
pub(crate) use listing::{describe_backup_detail, describe_instance_backups};
pub(crate) use restore::{clear_instance, restore_instance};
