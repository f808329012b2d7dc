//! Encryption of an instance's connections.

use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::{Access, Instance};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::network::record::{Ssl, SslAddress};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time;
use crate::cloud::time::Millis;

/// The first proxy that encrypts.
const PROXY_LEAST: [u64; 3] = [5, 6, 0];
/// For how many months a certificate is valid.
const CERTIFICATE_MONTHS: i64 = 20 * 12;

/// Whether an instance of that edition can encrypt, with a proxy that is new enough.
fn edition_encrypts(instance: &Instance) -> bool {
    instance.edition.is_modern()
}

fn proxy_encrypts(instance: &Instance) -> bool {
    instance.software.has_proxy(PROXY_LEAST)
}

/// `FeatureSupport`
pub fn is_supported(instance: &Instance) -> bool {
    edition_encrypts(instance) && proxy_encrypts(instance)
}

fn check(instance: &Instance) -> Result<(), Refusal> {
    if !edition_encrypts(instance) {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "encrypt connections",
        });
    }
    if !proxy_encrypts(instance) {
        return Err(Refusal::ProxyTooOld {
            id: instance.id.clone(),
            version: instance.software.proxy_version.clone(),
            needs: "5.6.0",
        });
    }
    Ok(())
}

/// `AddressType`; `None`: no particular one.
fn address_of(number: Option<i64>) -> Result<Option<SslAddress>, Refusal> {
    match number {
        None | Some(-1) => Ok(None),
        Some(number) => {
            let why = || format!("{number} is none of -1, 0, 1, 2 and 3");
            let address = SslAddress::from_number(number).ok_or_else(|| bad_value("AddressType", why()))?;
            Ok(Some(address))
        }
    }
}

/// Encrypts connections. Gives the task's number; `None`: they are so already.
pub fn open(cloud: &mut Cloud, call: &Call, id: &str, address: Option<i64>) -> Result<Option<TaskId>, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let asked = address_of(address)?.filter(|address| *address != SslAddress::Any);
    check(instance)?;
    if instance.access == Access::NoPassword {
        return Err(Refusal::PasswordFree {
            id: instance.id.clone(),
        });
    }
    let missing = match asked {
        Some(SslAddress::Public) => instance.address.wan.is_none().then_some("public address"),
        Some(SslAddress::PrivateIpv6) => instance.address.ipv6.is_none().then_some("IPv6 address"),
        _ => None,
    };
    if let Some(what) = missing {
        return Err(bad_value(
            "AddressType",
            format!("instance {} has no {what}", instance.id),
        ));
    }
    let own = instance.ssl;
    let is_so = own.is_some_and(|ssl| asked.is_none_or(|asked| asked == ssl.address));
    let to = Ssl {
        address: asked.unwrap_or(SslAddress::Any),
        binds_private_ipv4: own.is_some_and(|ssl| ssl.binds_private_ipv4),
    };
    begin(cloud, call, id, FlowKind::OpenSsl, Some(to), is_so)
}

/// Ends encryption. Gives the task's number; `None`: there is none.
pub fn close(cloud: &mut Cloud, call: &Call, id: &str, address: Option<i64>) -> Result<Option<TaskId>, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    address_of(address)?;
    check(instance)?;
    let is_so = instance.ssl.is_none();
    begin(cloud, call, id, FlowKind::CloseSsl, None, is_so)
}

fn begin(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    kind: FlowKind,
    to: Option<Ssl>,
    is_so: bool,
) -> Result<Option<TaskId>, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    flow::can_begin(cloud, call, instance, kind)?;
    if is_so {
        return Ok(None);
    }
    let id = instance.id.clone();
    let change = Change::now(kind, Payload::Ssl(to));
    Ok(Some(flow::begin(cloud, call, &id, None, change)))
}

/// `EncryptAddress`: the address of the kind that is encrypted; "" where there is none.
pub fn encrypted_address(instance: &Instance) -> &str {
    let address = &instance.address;
    match instance.ssl.map(|ssl| ssl.address) {
        None => "",
        Some(SslAddress::Any | SslAddress::PrivateIpv4) => &address.vip,
        Some(SslAddress::PrivateIpv6) => address.ipv6.as_deref().unwrap_or_default(),
        Some(SslAddress::Public) => {
            let wan = address.wan.as_deref().unwrap_or_default();
            wan.rsplit_once(':').map_or(wan, |(name, _)| name)
        }
    }
}

/// Whether encryption is being turned on or off.
pub fn is_changing(cloud: &Cloud, instance: &Instance) -> bool {
    let changes = |kind| matches!(kind, FlowKind::OpenSsl | FlowKind::CloseSsl);
    cloud.flows.of(&instance.id).any(|flow| changes(flow.kind))
}

/// `UrlExpiredTime`: when the certificate expires.
pub fn certificate_ends_at(instance: &Instance) -> Millis {
    time::add_months(instance.created_at, CERTIFICATE_MONTHS)
}
