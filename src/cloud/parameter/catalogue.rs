//! The parameters that something here depends on, with their defaults. No action changes one yet, so the default is
//! what holds.

use crate::cloud::catalogue::edition::Edition;

/// What is removed when the memory is full.
pub const MAXMEMORY_POLICY: &str = "maxmemory-policy";
/// Commands that take so many milliseconds or more go to the slow log.
pub const SLOWLOG_SLOWER_THAN: &str = "slowlog-log-slower-than";

/// The policy by which nothing is removed: writes fail instead.
pub const NO_EVICTION: &str = "noeviction";

/// A parameter: its name and its default, as text.
type Row = (&'static str, &'static str);

/// The same for every edition. Documented: the official example of DescribeInstanceParams (documents 239/39796 and
/// 239/110465 describe the parameters), and the defaults that the test of Terraform's redis_param compares with.
const DEFAULTS: &[Row] = &[(MAXMEMORY_POLICY, NO_EVICTION), (SLOWLOG_SLOWER_THAN, "10")];

/// The default of a parameter in an edition; empty for one that is not known.
pub fn default_of(_edition: &Edition, name: &str) -> &'static str {
    let found = DEFAULTS.iter().find(|(own, _)| *own == name);
    found.map_or("", |(_, default)| default)
}
