//! Regions and zones as data.
//!
//! Numbers of regions and zones are documented for the products that name zones by number; a two-digit region `r` holds
//! the zones `r000n`. Regions that exist without selling Redis stand here with no zone, so that they are told from a
//! name that means nothing.

/// A place with its own instances. Lookups never cross from one region into another.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// `ap-guangzhou`
    pub name: &'static str,
    /// `RegionId`; 0 where no number is documented.
    pub id: u32,
    /// Financial regions are sealed off from the others.
    pub financial: bool,
    /// The short name that policies and older interfaces use, `gz`.
    pub short_name: &'static str,
    /// The city, as the console shows it.
    pub display_name: &'static str,
    /// The part of the world, as the console shows it.
    pub area: &'static str,
    /// The zones that sell Redis; none: the region has no Redis.
    pub zones: &'static [Zone],
}

/// A zone of a region that sells Redis.
#[derive(Debug, PartialEq, Eq)]
pub struct Zone {
    /// `100003`
    pub id: u32,
    /// `ap-guangzhou-3`
    pub name: &'static str,
}

impl Region {
    /// Whether it sells Redis at all.
    pub fn has_redis(&self) -> bool {
        !self.zones.is_empty()
    }

    /// Its zone of that number.
    pub fn zone(&self, id: u64) -> Option<&'static Zone> {
        self.zones.iter().find(|zone| u64::from(zone.id) == id)
    }

    /// Its zone of that name.
    pub fn zone_named(&self, name: &str) -> Option<&'static Zone> {
        self.zones.iter().find(|zone| zone.name == name)
    }
}

/// The region of that name, if there is one, with or without Redis.
pub fn find(name: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.name == name)
}

/// The region of that name or short name: policies and the names of resources have either.
pub fn find_by_any_name(name: &str) -> Option<&'static Region> {
    REGIONS
        .iter()
        .find(|region| region.name == name || region.short_name == name)
}

/// All regions, in the order in which they are listed to callers.
pub fn all() -> &'static [Region] {
    REGIONS
}

const OPEN: bool = false;
const FINANCIAL: bool = true;

const fn region(
    name: &'static str,
    id: u32,
    financial: bool,
    short_name: &'static str,
    display_name: &'static str,
    area: &'static str,
    zones: &'static [Zone],
) -> Region {
    Region {
        name,
        id,
        financial,
        short_name,
        display_name,
        area,
        zones,
    }
}

const fn z(id: u32, name: &'static str) -> Zone {
    Zone { id, name }
}

#[rustfmt::skip]
static REGIONS: &[Region] = &[
    region("ap-guangzhou",      1, OPEN,      "gz",     "广州",     "华南地区", GUANGZHOU),
    region("ap-guangzhou-open", 0, OPEN,      "gzopen", "广州Open", "华南地区", &[]),
    region("ap-shenzhen-fsi",  11, FINANCIAL, "szjr",   "深圳金融", "华南地区", SHENZHEN_FSI),
    region("ap-shanghai",       4, OPEN,      "sh",     "上海",     "华东地区", SHANGHAI),
    region("ap-shanghai-fsi",   7, FINANCIAL, "shjr",   "上海金融", "华东地区", SHANGHAI_FSI),
    region("ap-nanjing",       33, OPEN,      "nj",     "南京",     "华东地区", NANJING),
    region("ap-beijing",        8, OPEN,      "bj",     "北京",     "华北地区", BEIJING),
    region("ap-beijing-fsi",   46, FINANCIAL, "bjjr",   "北京金融", "华北地区", &[z(460_001, "ap-beijing-fsi-1")]),
    region("ap-tianjin",       36, OPEN,      "tsn",    "天津",     "华北地区", TIANJIN),
    region("ap-chengdu",       16, OPEN,      "cd",     "成都",     "西南地区", CHENGDU),
    region("ap-chongqing",     19, OPEN,      "cq",     "重庆",     "西南地区", &[z(190_001, "ap-chongqing-1")]),
    region("ap-hongkong",       5, OPEN,      "hk",     "中国香港", "港澳台地区", HONGKONG),
    region("ap-taipei",        39, OPEN,      "tpe",    "中国台北", "港澳台地区", &[z(390_001, "ap-taipei-1")]),
    region("ap-singapore",      9, OPEN,      "sg",     "新加坡",   "亚太东南", &[z(900_001, "ap-singapore-1")]),
    region("ap-bangkok",       23, OPEN,      "th",     "曼谷",     "亚太东南", &[z(230_001, "ap-bangkok-1")]),
    // The zone's number follows the rule; no document was seen that names it.
    region("ap-jakarta",       72, OPEN,      "jkt",    "雅加达",   "亚太东南", &[z(720_001, "ap-jakarta-1")]),
    region("ap-mumbai",        21, OPEN,      "in",     "孟买",     "亚太南部", MUMBAI),
    region("ap-seoul",         18, OPEN,      "kr",     "首尔",     "亚太东北", SEOUL),
    region("ap-tokyo",         25, OPEN,      "jp",     "东京",     "亚太东北", &[z(250_001, "ap-tokyo-1")]),
    region("na-siliconvalley", 15, OPEN,      "usw",    "硅谷",     "美国西部", SILICONVALLEY),
    region("na-ashburn",       22, OPEN,      "use",    "弗吉尼亚", "美国东部", ASHBURN),
    region("na-toronto",        6, OPEN,      "ca",     "多伦多",   "北美地区", &[z(400_001, "na-toronto-1")]),
    // The zone's number follows the rule; no document was seen that names it.
    region("sa-saopaulo",      74, OPEN,      "sao",    "圣保罗",   "南美地区", &[z(740_001, "sa-saopaulo-1")]),
    region("eu-frankfurt",     17, OPEN,      "de",     "法兰克福", "欧洲地区", &[z(170_001, "eu-frankfurt-1")]),
    region("eu-moscow",        24, OPEN,      "ru",     "莫斯科",   "欧洲地区", &[z(240_001, "eu-moscow-1")]),
];

static GUANGZHOU: &[Zone] = &[
    z(100_001, "ap-guangzhou-1"),
    z(100_002, "ap-guangzhou-2"),
    z(100_003, "ap-guangzhou-3"),
    z(100_004, "ap-guangzhou-4"),
    z(100_005, "ap-guangzhou-5"),
    z(100_006, "ap-guangzhou-6"),
    z(100_007, "ap-guangzhou-7"),
];
static SHENZHEN_FSI: &[Zone] = &[
    z(110_001, "ap-shenzhen-fsi-1"),
    z(110_002, "ap-shenzhen-fsi-2"),
    z(110_003, "ap-shenzhen-fsi-3"),
];
static SHANGHAI: &[Zone] = &[
    z(200_001, "ap-shanghai-1"),
    z(200_002, "ap-shanghai-2"),
    z(200_003, "ap-shanghai-3"),
    z(200_004, "ap-shanghai-4"),
    z(200_005, "ap-shanghai-5"),
    z(200_006, "ap-shanghai-6"),
    z(200_007, "ap-shanghai-7"),
];
static SHANGHAI_FSI: &[Zone] = &[
    z(700_001, "ap-shanghai-fsi-1"),
    z(700_002, "ap-shanghai-fsi-2"),
    z(700_003, "ap-shanghai-fsi-3"),
];
static NANJING: &[Zone] = &[
    z(330_001, "ap-nanjing-1"),
    z(330_002, "ap-nanjing-2"),
    z(330_003, "ap-nanjing-3"),
];
static BEIJING: &[Zone] = &[
    z(800_001, "ap-beijing-1"),
    z(800_002, "ap-beijing-2"),
    z(800_003, "ap-beijing-3"),
    z(800_004, "ap-beijing-4"),
    z(800_005, "ap-beijing-5"),
    z(800_006, "ap-beijing-6"),
    z(800_007, "ap-beijing-7"),
];
static TIANJIN: &[Zone] = &[z(360_001, "ap-tianjin-1"), z(360_002, "ap-tianjin-2")];
static CHENGDU: &[Zone] = &[z(160_001, "ap-chengdu-1"), z(160_002, "ap-chengdu-2")];
static HONGKONG: &[Zone] = &[
    z(300_001, "ap-hongkong-1"),
    z(300_002, "ap-hongkong-2"),
    z(300_003, "ap-hongkong-3"),
];
static MUMBAI: &[Zone] = &[z(210_001, "ap-mumbai-1"), z(210_002, "ap-mumbai-2")];
static SEOUL: &[Zone] = &[z(180_001, "ap-seoul-1"), z(180_002, "ap-seoul-2")];
static SILICONVALLEY: &[Zone] = &[z(150_001, "na-siliconvalley-1"), z(150_002, "na-siliconvalley-2")];
static ASHBURN: &[Zone] = &[z(220_001, "na-ashburn-1"), z(220_002, "na-ashburn-2")];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn zones_are_named_after_their_region_and_number() {
        for region in all() {
            for zone in region.zones {
                let digit = zone.id % 10;
                assert_eq!(zone.name, format!("{}-{digit}", region.name));
            }
        }
    }

    #[test]
    fn two_digit_regions_number_their_zones_after_themselves() {
        for region in all().iter().filter(|region| region.id >= 10) {
            assert!(
                region.zones.iter().all(|zone| zone.id / 10_000 == region.id),
                "{}",
                region.name
            );
        }
    }

    #[test]
    fn financial_regions_are_the_ones_called_fsi() {
        assert!(
            all()
                .iter()
                .all(|region| region.financial == region.name.ends_with("-fsi"))
        );
        assert!(!find("ap-guangzhou-open").unwrap().has_redis());
    }

    #[test]
    fn no_two_names_are_the_same() {
        let names: Vec<_> = all()
            .iter()
            .flat_map(|region| [region.name, region.short_name])
            .collect();
        let different: BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len());
        assert!(find("gz").is_none() && find_by_any_name("").is_none());
        for name in ["gz", "ap-guangzhou"] {
            assert_eq!(find_by_any_name(name).map(|region| region.id), Some(1));
        }
    }
}
