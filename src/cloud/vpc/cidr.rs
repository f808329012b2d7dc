//! Blocks of IPv4 addresses.

use std::fmt;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

/// A block of addresses, `10.0.1.0/24`: the first of them and how many of its bits all of them share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    first: u32,
    bits: u32,
}

/// Where VPCs may lie, with the bits that they may have.
const PRIVATE: [(Cidr, RangeInclusive<u32>); 3] = [
    (block([10, 0, 0, 0], 8), 12..=28),
    (block([172, 16, 0, 0], 12), 12..=28),
    (block([192, 168, 0, 0], 16), 16..=28),
];
/// The bits that subnets may have; the console of 2026 takes 29 as well.
const SUBNET_BITS: RangeInclusive<u32> = 16..=29;
/// Of each block these many addresses are nobody's: the network's own, the gateway's and the last.
const RESERVED: u32 = 3;

const fn block(first: [u8; 4], bits: u32) -> Cidr {
    let first = u32::from_be_bytes(first);
    Cidr { first, bits }
}

impl Cidr {
    /// The block of that text. `None`: it is of another form, or has bits behind those that are shared.
    pub fn parse(text: &str) -> Option<Cidr> {
        let (first, bits) = text.split_once('/')?;
        let first = u32::from(first.parse::<Ipv4Addr>().ok()?);
        let plain = bits == "0" || !bits.starts_with('0') && bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = bits.parse().ok().filter(|bits| plain && *bits <= 32)?;
        let cidr = Cidr { first, bits };
        (first & !cidr.mask() == 0).then_some(cidr)
    }

    fn mask(self) -> u32 {
        u32::MAX.checked_shl(32 - self.bits).unwrap_or(0)
    }

    fn last(self) -> u32 {
        self.first | !self.mask()
    }

    /// Whether that address lies in it.
    pub fn holds(self, address: u32) -> bool {
        address & self.mask() == self.first
    }

    /// Whether all of the other lies in it.
    pub fn contains(self, other: Cidr) -> bool {
        self.bits <= other.bits && self.holds(other.first)
    }

    /// Whether some address lies in both.
    pub fn overlaps(self, other: Cidr) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// Whether a VPC may have it.
    pub fn is_private(self) -> bool {
        let fits = |(range, bits): &(Cidr, RangeInclusive<u32>)| range.contains(self) && bits.contains(&self.bits);
        PRIVATE.iter().any(fits)
    }

    /// Whether it is as large as a subnet may be.
    pub fn is_of_a_subnet(self) -> bool {
        SUBNET_BITS.contains(&self.bits)
    }

    /// The addresses that instances can have, lowest first.
    pub fn usable(self) -> RangeInclusive<u32> {
        self.first.saturating_add(RESERVED - 1)..=self.last().saturating_sub(1)
    }

    /// `TotalIpAddressCount`: how many addresses instances can have.
    pub fn total(self) -> u64 {
        self.usable().size_hint().0 as u64
    }

    /// Its first address, without its bits, as some examples write a block.
    pub fn first_address(self) -> String {
        Ipv4Addr::from(self.first).to_string()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.first), self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).expect("a block")
    }

    #[test]
    fn a_block_is_written_as_it_was_read() {
        for text in [
            "10.0.0.0/8",
            "10.0.1.0/24",
            "0.0.0.0/0",
            "255.255.255.255/32",
            "172.16.0.0/12",
        ] {
            assert_eq!(cidr(text).to_string(), text);
        }
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0.1/24",
            "10.0.0/24",
            "10.0.0.0/24 ",
            " 10.0.0.0/24",
            "10.00.0.0/24",
            "a/8",
            "fd00::/8",
            "10.0.0.0/8/8",
        ] {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_vpc_lies_in_a_private_range() {
        for text in [
            "10.0.0.0/12",
            "10.201.0.0/16",
            "10.255.255.240/28",
            "172.16.0.0/12",
            "172.31.0.0/16",
            "192.168.0.0/16",
            "192.168.255.240/28",
        ] {
            assert!(cidr(text).is_private(), "{text}");
        }
        for text in [
            "10.0.0.0/8",
            "10.0.0.0/11",
            "10.0.0.0/29",
            "11.0.0.0/16",
            "172.32.0.0/16",
            "192.168.0.0/15",
            "192.169.0.0/16",
            "172.0.0.0/12",
            "0.0.0.0/0",
        ] {
            assert!(!cidr(text).is_private(), "{text}");
        }
    }

    #[test]
    fn three_addresses_of_a_block_are_nobodys() {
        for (text, total) in [
            ("10.0.1.0/24", 253),
            ("10.0.16.0/20", 4_093),
            ("10.0.0.0/19", 8_189),
            ("10.0.0.0/29", 5),
        ] {
            assert_eq!(cidr(text).total(), total, "{text}");
        }
        let usable = cidr("10.0.1.0/24").usable();
        assert_eq!(Ipv4Addr::from(*usable.start()).to_string(), "10.0.1.2");
        assert_eq!(Ipv4Addr::from(*usable.end()).to_string(), "10.0.1.254");
    }

    #[test]
    fn blocks_overlap_where_one_contains_the_other() {
        let whole = cidr("10.0.0.0/16");
        assert!(whole.contains(whole) && whole.contains(cidr("10.0.255.0/24")));
        assert!(!whole.contains(cidr("10.1.0.0/24")) && !cidr("10.0.0.0/24").contains(whole));
        assert!(cidr("10.0.0.0/24").overlaps(whole) && !cidr("10.1.0.0/16").overlaps(whole));
        assert!(cidr("0.0.0.0/0").contains(whole));
    }
}
