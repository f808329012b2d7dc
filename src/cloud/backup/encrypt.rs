//! Whether the backups of an instance are encrypted, and with which key.

use crate::cloud::backup::daily;
use crate::cloud::backup::record::BackupEncrypt;
use crate::cloud::ids;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::Status;

/// What ModifyBackupEncrypt asks for.
#[derive(Clone, Debug, Default)]
pub struct EncryptChange {
    pub on: bool,
    /// `EncryptKeyType`: 0 the cloud's key, 1 one's own.
    pub key_type: Option<i64>,
    pub key_id: Option<String>,
    /// `KmsRegion`
    pub region: Option<String>,
}

/// Whether it has the form of a key of the key service.
pub fn is_key_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(|group| hex(group))
}

/// Encrypts the backups of an instance from now on, or does not any more.
pub fn modify(cloud: &mut Cloud, call: &Call, id: &str, asked: &EncryptChange) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let own_key = match asked.key_type {
        None | Some(0) => false,
        Some(1) => true,
        Some(other) => {
            let why = format!("is {other}, which is neither 0 nor 1");
            return Err(Refusal::BadEncryption {
                parameter: "EncryptKeyType",
                why,
            });
        }
    };
    let key_id = asked.key_id.as_deref().filter(|id| !id.is_empty());
    if let Some(id) = key_id.filter(|id| !is_key_id(id)) {
        let why = format!("is `{id}`, which is no id of a key");
        return Err(Refusal::BadEncryption {
            parameter: "KmsKeyId",
            why,
        });
    }
    if own_key && asked.on && key_id.is_none() {
        return Err(Refusal::KeyMissing);
    }
    if instance.status != Status::Running {
        return Err(Refusal::NotWhileSo {
            id: instance.id.clone(),
            status: instance.status,
        });
    }
    let region = asked.region.clone().filter(|region| !region.is_empty());
    let encrypt = asked.on.then(|| BackupEncrypt {
        own_key,
        key_id: match (own_key, key_id, &instance.backup_encrypt) {
            (true, Some(id), _) => id.to_owned(),
            // The cloud's key stays the same while it is on.
            (false, _, Some(now)) if !now.own_key => now.key_id.clone(),
            _ => ids::key_id(cloud.ids.seed, &instance.id, call.now),
        },
        region: region.unwrap_or_else(|| instance.region.name.to_owned()),
    });
    let id = instance.id.clone();
    daily::settle(cloud, &id, call.now);
    cloud
        .instances
        .update(&id, |instance| instance.backup_encrypt = encrypt.map(Box::new));
    Ok(())
}
