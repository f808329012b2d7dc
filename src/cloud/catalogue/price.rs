//! What things cost: rates as data, exact arithmetic, and the rounding that reproduces the official samples.
//!
//! The rates are those of the price pages of 2019 to 2022, per gigabyte, node (master or replica) and month. A price is
//! counted in millionths of a fen, so nothing is lost on the way to the answer.

use crate::cloud::catalogue::edition::Fact::{Assumed, Documented};
use crate::cloud::catalogue::edition::{Arch, Edition, Fact};
use crate::cloud::catalogue::region::Region;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::time;
use crate::cloud::time::Millis;

/// An amount in millionths of a fen (0.01 CNY). Negative: money comes back. The dearest spec there is, to the last
/// deadline there is, comes to far less than the type holds, so nothing here overflows or is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price {
    /// Millionths of a fen.
    pub micro_fen: i128,
}

const MICRO: i128 = 1_000_000;
/// A month has thirty days wherever hours are counted.
const HOURS_A_MONTH: i128 = 720;
/// Postpaid is dearer at first: each tier's hours, counted from the start, and how many halves of the monthly rate one
/// of them costs. The last one does not end.
const TIERS: [(i64, i128); 3] = [(4 * 24, 4), (15 * 24, 3), (i64::MAX, 2)];

impl Price {
    /// Whole fen, half of one rounded away from zero.
    pub fn fen(self) -> i64 {
        whole(round_div(self.micro_fen, MICRO))
    }

    /// Fen with their fraction, as `HighPrecisionPrice` shows them.
    pub fn exact_fen(self) -> f64 {
        self.micro_fen as f64 / MICRO as f64
    }

    /// The difference.
    pub fn less(self, other: Price) -> Price {
        Price {
            micro_fen: self.micro_fen - other.micro_fen,
        }
    }

    /// So many of it.
    pub fn times(self, count: u64) -> Price {
        Price {
            micro_fen: self.micro_fen * i128::from(count),
        }
    }

    /// What a stretch of time costs, this being the price of a month: whole months count back from its end, and the
    /// rest as its part of the month before them. So what was just bought is worth its price, on whatever day of the
    /// calendar and in however many orders, and nothing that is given back exceeds what was paid.
    pub fn for_time(self, from: Millis, until: Millis) -> Price {
        let (months, part, month) = time::months_between(from, until);
        let exact = self.micro_fen * (i128::from(months) * i128::from(month) + i128::from(part));
        Price {
            micro_fen: round_div(exact, i128::from(month)),
        }
    }
}

/// The number of fen in an i64, which every price that can be asked for fits: see the test of the dearest.
fn whole(fen: i128) -> i64 {
    i64::try_from(fen).unwrap_or(if fen > 0 { i64::MAX } else { i64::MIN })
}

/// What an hour costs, postpaid, in each of the tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tariff([Price; TIERS.len()]);

impl Tariff {
    /// What one of the first hours costs, which are the dearest.
    pub(crate) fn first(&self) -> Price {
        self.0[0]
    }

    /// What the first so many hours cost together.
    pub fn for_hours(&self, hours: i64) -> Price {
        let mut micro_fen = 0;
        let mut counted = 0;
        for (price, (until, _)) in self.0.iter().zip(TIERS) {
            let own = hours.min(until) - counted;
            micro_fen += price.micro_fen * i128::from(own.max(0));
            counted = until;
        }
        Price { micro_fen }
    }
}

/// What hours of that spec cost, postpaid.
///
/// The documents count a cluster by the second and the others by the hour, each with eight decimals of a CNY; the order
/// of multiplying and rounding is what makes the samples of both InquiryPrice actions come out to the last digit.
pub fn tariff(region: &Region, edition: &Edition, spec: &Spec) -> Tariff {
    let rate = i128::from(rate_fen(region, edition)) * MICRO;
    Tariff(TIERS.map(|(_, halves)| {
        let dearer = rate * halves / 2;
        let unit = if edition.arch == Arch::Cluster {
            round_div(dearer, HOURS_A_MONTH * 3_600) * 3_600
        } else {
            round_div(dearer, HOURS_A_MONTH)
        };
        by_size(unit, spec)
    }))
}

/// What one hour of that spec costs, postpaid, in its first tier.
pub fn hour(region: &Region, edition: &Edition, spec: &Spec) -> Price {
    tariff(region, edition, spec).first()
}

/// What one month of that spec costs, prepaid.
pub fn month(region: &Region, edition: &Edition, spec: &Spec) -> Price {
    by_size(i128::from(rate_fen(region, edition)) * MICRO, spec)
}

fn by_size(unit_micro_fen: i128, spec: &Spec) -> Price {
    let mb = i128::from(spec.total_mb()) * (i128::from(spec.replicas) + 1);
    Price {
        micro_fen: round_div(unit_micro_fen * mb, 1_024),
    }
}

/// `numerator / denominator`, half away from zero.
fn round_div(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2;
    if numerator >= 0 {
        (numerator + half) / denominator
    } else {
        (numerator - half) / denominator
    }
}

/// Fen per gigabyte, node and month.
fn rate_fen(region: &Region, edition: &Edition) -> i64 {
    let row = RATES.iter().find(|row| row.region == region.name);
    let fact = match (row, edition.arch) {
        (Some(row), Arch::Cluster) => row.cluster_fen,
        (Some(row), _) => row.standard_fen,
        (None, Arch::Cluster) => Assumed(4_200),
        (None, _) => Assumed(3_800),
    };
    fact.get().unwrap_or(0)
}

struct Rate {
    region: &'static str,
    /// Published for a master and one replica together; here half of that, for one node.
    standard_fen: Fact<i64>,
    cluster_fen: Fact<i64>,
}

const fn rate(region: &'static str, standard_fen: Fact<i64>, cluster_fen: Fact<i64>) -> Rate {
    Rate {
        region,
        standard_fen,
        cluster_fen,
    }
}

/// Where a page names no rate for a region, it has the rate of Guangzhou, or that of its nearest neighbour abroad.
#[rustfmt::skip]
static RATES: &[Rate] = &[
    rate("ap-guangzhou",     Documented(3_800),  Documented(4_200)),
    rate("ap-shanghai",      Documented(3_800),  Documented(4_200)),
    rate("ap-beijing",       Documented(3_800),  Documented(4_200)),
    rate("ap-chengdu",       Documented(3_800),  Documented(4_200)),
    rate("ap-chongqing",     Assumed(3_800),     Documented(4_200)),
    rate("ap-nanjing",       Assumed(3_800),     Assumed(4_200)),
    rate("ap-tianjin",       Assumed(3_800),     Assumed(4_200)),
    rate("ap-shenzhen-fsi",  Documented(6_400),  Documented(7_000)),
    rate("ap-shanghai-fsi",  Documented(6_400),  Documented(7_000)),
    rate("ap-beijing-fsi",   Documented(6_400),  Documented(7_000)),
    rate("ap-hongkong",      Documented(4_950),  Documented(4_500)),
    rate("ap-taipei",        Assumed(4_950),     Assumed(4_500)),
    rate("ap-singapore",     Documented(4_950),  Documented(6_000)),
    rate("ap-bangkok",       Assumed(4_950),     Documented(5_600)),
    rate("ap-jakarta",       Assumed(4_950),     Assumed(6_000)),
    rate("ap-mumbai",        Documented(5_600),  Documented(7_000)),
    rate("ap-seoul",         Documented(6_600),  Documented(6_500)),
    rate("ap-tokyo",         Assumed(6_600),     Documented(7_200)),
    rate("na-siliconvalley", Documented(7_200),  Documented(5_600)),
    rate("na-ashburn",       Documented(4_000),  Documented(4_200)),
    rate("na-toronto",       Assumed(4_000),     Documented(4_900)),
    rate("sa-saopaulo",      Assumed(7_200),     Assumed(5_600)),
    rate("eu-frankfurt",     Documented(10_750), Documented(6_800)),
    rate("eu-moscow",        Assumed(10_750),    Documented(4_400)),
];

#[cfg(test)]
mod tests {
    use super::super::{edition, region};
    use super::*;

    fn guangzhou() -> &'static Region {
        region::find("ap-guangzhou").unwrap()
    }

    fn spec(mem_mb: u64, shards: u64, replicas: u64) -> Spec {
        Spec {
            mem_mb,
            shards,
            replicas,
        }
    }

    #[test]
    fn the_sample_of_inquiry_price_create_instance() {
        let price = hour(guangzhou(), edition::find(9).unwrap(), &spec(4_096, 1, 1)).times(3);
        assert_eq!(price.exact_fen(), 280.0224);
        assert_eq!(price.fen(), 280);
    }

    #[test]
    fn the_sample_of_inquiry_price_upgrade_instance() {
        let price = hour(guangzhou(), edition::find(2).unwrap(), &spec(1_024, 1, 1));
        assert_eq!(price.exact_fen(), 21.111112);
        assert_eq!(price.fen(), 21);
    }

    #[test]
    fn the_samples_of_inquiry_price_renew_instance() {
        assert_eq!(
            month(guangzhou(), edition::find(9).unwrap(), &spec(4_096, 3, 1)).fen(),
            100_800
        );
        assert_eq!(
            month(guangzhou(), edition::find(8).unwrap(), &spec(4_096, 1, 1)).fen(),
            30_400
        );
    }

    #[test]
    fn half_a_month_costs_half_and_a_month_its_price() {
        let price = Price {
            micro_fen: 30_400 * MICRO,
        };
        let at = |text| time::read(text).unwrap();
        let (start, end) = (at("2027-04-01 00:00:00"), at("2027-05-01 00:00:00"));
        assert_eq!(price.for_time(at("2027-04-16 00:00:00"), end).fen(), 15_200);
        assert_eq!(price.for_time(start, end).fen(), 30_400);
        assert_eq!(price.for_time(at("2027-03-01 00:00:00"), end).fen(), 60_800);
        assert_eq!(price.for_time(end, start).fen(), 0);
    }

    #[test]
    fn an_hour_is_cheaper_after_four_days_and_again_after_fifteen() {
        let tariff = tariff(guangzhou(), edition::find(2).unwrap(), &spec(1_024, 1, 1));
        let one_more = |hours| tariff.for_hours(hours + 1).less(tariff.for_hours(hours)).exact_fen();
        assert_eq!([0, 95].map(one_more), [21.111112; 2]);
        assert_eq!([96, 359].map(one_more), [15.833334; 2]);
        assert_eq!([360, 10_000].map(one_more), [10.555556; 2]);
        // Thirty days: four, eleven and fifteen of them.
        assert_eq!(tariff.for_hours(720).fen(), 2_027 + 4_180 + 3_800);
        assert_eq!(tariff.for_hours(0), Price::default());
    }

    #[test]
    fn rounding_is_to_the_nearest() {
        assert_eq!(Price { micro_fen: 1_499_999 }.fen(), 1);
        assert_eq!(Price { micro_fen: -1_500_000 }.fen(), -2);
    }

    #[test]
    fn every_region_with_redis_has_rates() {
        for region in region::all().iter().filter(|region| region.has_redis()) {
            assert!(RATES.iter().any(|row| row.region == region.name), "{}", region.name);
        }
    }
}
