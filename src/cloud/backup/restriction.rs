//! From where the backups of a region can be downloaded.

use std::net::Ipv4Addr;

use crate::cloud::backup::record::{DownloadRestriction, LimitType, LimitVpc};
use crate::cloud::catalogue::region::Region;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};

/// What is said of a restriction; what is absent is empty.
#[derive(Clone, Debug, Default)]
pub struct RestrictionChange {
    /// `LimitType`
    pub limit: Option<String>,
    pub vpc_symbol: Option<String>,
    pub ip_symbol: Option<String>,
    pub vpcs: Vec<LimitVpc>,
    pub addresses: Vec<String>,
}

const IN: &str = "In";
const NOT_IN: &str = "NotIn";

/// That of the region.
pub fn of(cloud: &Cloud, region: &'static Region) -> DownloadRestriction {
    let own = cloud.restrictions.iter().find(|own| own.region == region);
    own.cloned().unwrap_or_else(|| {
        let limit = if cloud.settings.assumed.backups_are_downloaded_from_anywhere {
            LimitType::NoLimit
        } else {
            LimitType::LimitOnlyIntranet
        };
        DownloadRestriction {
            limit,
            ..DownloadRestriction::none(region)
        }
    })
}

/// Restricts the downloads of the region.
pub fn modify(cloud: &mut Cloud, call: &Call, asked: &RestrictionChange) -> Result<(), Refusal> {
    let changed = laid_over(of(cloud, call.region), asked)?;
    cloud.restrictions.retain(|own| own.region != call.region);
    cloud.restrictions.push(changed);
    cloud.restrictions.sort_by_key(|own| own.region.name);
    Ok(())
}

/// What holds with that said beside it.
pub(crate) fn laid_over(own: DownloadRestriction, asked: &RestrictionChange) -> Result<DownloadRestriction, Refusal> {
    let limit = match &asked.limit {
        None => own.limit,
        Some(word) => LimitType::from_word(word).ok_or_else(|| {
            let all = LimitType::ALL.map(LimitType::word).join(", ");
            bad_value("LimitType", format!("`{word}` is none of {all}"))
        })?,
    };
    symbol("VpcComparisonSymbol", &asked.vpc_symbol, &[IN])?;
    symbol("IpComparisonSymbol", &asked.ip_symbol, &[IN, NOT_IN])?;
    if !asked.vpcs.iter().all(names_vpcs) {
        return Err(bad_value("LimitVpc", "a region or a VPC is empty".into()));
    }
    if let Some(text) = asked.addresses.iter().find(|text| !is_of_addresses(text)) {
        let why = format!("`{text}` is no address, no range and no block");
        return Err(bad_value("LimitIp", why));
    }
    if limit != LimitType::Customize {
        return Ok(DownloadRestriction {
            limit,
            ..DownloadRestriction::none(own.region)
        });
    }
    let given = |symbol: &Option<String>, own: String| symbol.clone().unwrap_or(own);
    let or_in = |symbol: String| if symbol.is_empty() { IN.to_owned() } else { symbol };
    let changed = DownloadRestriction {
        region: own.region,
        limit,
        vpc_symbol: or_in(given(&asked.vpc_symbol, own.vpc_symbol)),
        ip_symbol: or_in(given(&asked.ip_symbol, own.ip_symbol)),
        vpcs: if asked.vpcs.is_empty() {
            own.vpcs
        } else {
            asked.vpcs.clone()
        },
        addresses: if asked.addresses.is_empty() {
            own.addresses
        } else {
            asked.addresses.clone()
        },
    };
    if changed.vpcs.is_empty() && changed.addresses.is_empty() {
        let why = "Customize needs a `LimitVpc` or a `LimitIp`".into();
        return Err(bad_value("LimitType", why));
    }
    Ok(changed)
}

/// Whether it names a region and VPCs.
pub fn names_vpcs(limit: &LimitVpc) -> bool {
    !limit.region.is_empty() && !limit.vpcs.is_empty() && !limit.vpcs.iter().any(String::is_empty)
}

fn symbol(parameter: &'static str, given: &Option<String>, known: &[&str]) -> Result<(), Refusal> {
    match given {
        Some(word) if !known.contains(&word.as_str()) => {
            Err(bad_value(parameter, format!("`{word}` is not {}", known.join(" or "))))
        }
        _ => Ok(()),
    }
}

/// Whether it is an address, two with a dash between, or a block.
pub fn is_of_addresses(text: &str) -> bool {
    let is_address = |text: &str| text.parse::<Ipv4Addr>().is_ok();
    if let Some((address, bits)) = text.split_once('/') {
        let digits = !bits.is_empty() && bits.len() <= 2 && bits.bytes().all(|byte| byte.is_ascii_digit());
        return is_address(address) && digits && bits.parse::<u8>().is_ok_and(|bits| bits <= 32);
    }
    match text.split_once('-') {
        Some((first, last)) => {
            let both = first.parse::<Ipv4Addr>().ok().zip(last.parse::<Ipv4Addr>().ok());
            both.is_some_and(|(first, last)| first <= last)
        }
        None => is_address(text),
    }
}
