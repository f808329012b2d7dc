//! Which door a request came through: what its Host says about the region it may reach.
//!
//! Documented for every action: financial zones are isolated from ordinary ones, and a request for a financial region
//! must go to a domain that carries a financial region, for instance `redis.ap-shanghai-fsi.tencentcloudapi.com`. The
//! region table itself is not here: the caller passes what it knows of a region.

use std::borrow::Cow;

use super::host::Host;

/// The door that a Host names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door<'a> {
    /// `localhost`, an address, a domain of the user's own: leads everywhere.
    Neutral,
    /// A Tencent domain without a region: leads to every ordinary region.
    Ordinary,
    /// A Host whose second label is a region, in lower case. An ordinary one leads to every ordinary region (as
    /// documented, the nearest entry and the regional one answer alike), a financial one only to itself.
    Regional { region: Cow<'a, str>, financial: bool },
}

impl<'a> Door<'a> {
    /// The door that a Host names, if there is one.
    ///
    /// `is_region` says of a name in lower case whether it is a region, and then whether a financial one.
    pub(super) fn of(host: Option<Host<'a>>, is_region: impl Fn(&str) -> Option<bool>) -> Self {
        let Some(host) = host else {
            return Self::Neutral;
        };
        if let Some(label) = host.name.split('.').nth(1) {
            let region = lower(label);
            if let Some(financial) = is_region(&region) {
                return Self::Regional { region, financial };
            }
        }
        if host.is_tencent() {
            Self::Ordinary
        } else {
            Self::Neutral
        }
    }

    /// The region in which the call arrives, as far as the Host tells: the dimension in which the frequency limit
    /// counts. Empty where the Host names none.
    #[must_use]
    pub fn access_region(&self) -> &str {
        match self {
            Door::Neutral | Door::Ordinary => "",
            Door::Regional { region, .. } => region,
        }
    }

    /// Whether a known region can be reached through this door. If not, the answer is `UnsupportedRegion`.
    #[must_use]
    pub fn leads_to(&self, region: &str, financial: bool) -> bool {
        match self {
            Door::Neutral => true,
            Door::Ordinary => !financial,
            Door::Regional { financial: false, .. } => !financial,
            Door::Regional {
                region: own,
                financial: true,
            } => financial && **own == *region,
        }
    }
}

/// The door that a Host header as sent leads through: port, capitals and a scheme in front (TCCLI sends
/// `http://127.0.0.1:8080`) do not matter.
///
/// `is_region` says of a name in lower case whether it is a region, and then whether a financial one.
#[cfg(feature = "internals")]
pub fn door(host: &str, is_region: impl Fn(&str) -> Option<bool>) -> Door<'_> {
    Door::of(Host::read(host), is_region)
}

/// The service that a Host of Tencent's names: its first label. `None` for any other Host.
#[must_use]
pub fn tencent_service(host: &str) -> Option<&str> {
    let host = Host::read(host).filter(|host| host.is_tencent())?;
    host.name.split('.').next()
}

fn lower(label: &str) -> Cow<'_, str> {
    if label.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(label.to_ascii_lowercase())
    } else {
        Cow::Borrowed(label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<bool> {
        match name {
            "ap-guangzhou" | "ap-beijing" => Some(false),
            "ap-shanghai-fsi" | "ap-shenzhen-fsi" => Some(true),
            _ => None,
        }
    }

    fn leads(host: &str, region: &str) -> bool {
        door(host, known).leads_to(region, known(region).unwrap())
    }

    #[test]
    fn neutral_hosts_lead_everywhere() {
        for host in [
            "localhost",
            "localhost:8239",
            "127.0.0.1",
            "127.0.0.1:8239",
            "[::1]:8239",
            "http://127.0.0.1:8239",
            "http://127.0.0.1:8239/",
            "redis.tc.test",
            "redis.tc.test:8239",
            "tencentcloudapi.com.evil.test",
            "nottencentcloudapi.com",
            "redis.nottencentcloudapi.com",
            "ap-shanghai-fsi.test",
            "",
            ".",
            "..",
            ":",
        ] {
            assert_eq!(door(host, known), Door::Neutral, "{host}");
            assert!(leads(host, "ap-guangzhou") && leads(host, "ap-shanghai-fsi"), "{host}");
        }
    }

    #[test]
    fn tencent_domains_without_a_region_lead_to_ordinary_regions() {
        for host in [
            "redis.tencentcloudapi.com",
            "REDIS.TencentCloudApi.COM:443",
            "redis.tencentcloudapi.cn",
            "redis.tencentcloudapi.com.cn",
            "redis.internal.tencentcloudapi.com",
            "redis.ai.tencentcloudapi.com",
            "redis.intl.tencentcloudapi.com",
            "http://redis.tencentcloudapi.com",
            "redis.tencentcloudapi.com.",
        ] {
            assert_eq!(door(host, known), Door::Ordinary, "{host}");
            assert!(leads(host, "ap-guangzhou"), "{host}");
            assert!(!leads(host, "ap-shanghai-fsi"), "{host}");
        }
    }

    #[test]
    fn a_regional_host_leads_to_ordinary_regions_only() {
        let host = "redis.ap-guangzhou.tencentcloudapi.com";
        assert_eq!(door(host, known).access_region(), "ap-guangzhou");
        assert!(leads(host, "ap-guangzhou"));
        assert!(leads(host, "ap-beijing"));
        assert!(!leads(host, "ap-shanghai-fsi"));
    }

    #[test]
    fn a_financial_host_leads_to_its_own_region_only() {
        for host in [
            "redis.ap-shanghai-fsi.tencentcloudapi.com",
            "redis.AP-SHANGHAI-FSI.tencentcloudapi.com:443",
            "redis.ap-shanghai-fsi.tc.test:8239",
            "http://redis.ap-shanghai-fsi.anything:1",
            "redis.ap-shanghai-fsi",
        ] {
            assert_eq!(door(host, known).access_region(), "ap-shanghai-fsi", "{host}");
            assert!(leads(host, "ap-shanghai-fsi"), "{host}");
            assert!(!leads(host, "ap-shenzhen-fsi"), "{host}");
            assert!(!leads(host, "ap-guangzhou"), "{host}");
        }
    }

    #[test]
    fn only_a_tencent_host_names_a_service() {
        assert_eq!(tencent_service("redis.tencentcloudapi.com"), Some("redis"));
        assert_eq!(tencent_service("tag.ap-guangzhou.tencentcloudapi.com:443"), Some("tag"));
        assert_eq!(tencent_service("tencentcloudapi.com"), None);
        assert_eq!(tencent_service("localhost:8239"), None);
    }
}
