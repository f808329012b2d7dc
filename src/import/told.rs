//! What was printed of an instance beside DescribeInstances, and where.

use super::printed::{Account, Group, Parameter, ProxyNode, RedisNode, Window};
use super::source::{below, fault};
use crate::fixture::FixtureFault;

/// Something that was printed, and where.
#[derive(Clone, Debug)]
pub(super) struct Told<T> {
    pub(super) what: T,
    pub(super) file: String,
    pub(super) path: String,
}

impl<T> Told<T> {
    /// A fault of one of its members.
    pub(super) fn fault(&self, member: &str, message: &str) -> FixtureFault {
        fault(&self.file, &below(&self.path, member), message)
    }
}

/// What was printed of an instance beside DescribeInstances.
#[derive(Debug, Default)]
pub(super) struct More {
    pub(super) accounts: Vec<Told<Account>>,
    /// How many there are.
    pub(super) accounts_total: Option<i64>,
    pub(super) params: Vec<Told<Parameter>>,
    pub(super) window: Option<Told<Window>>,
    pub(super) groups: Vec<Told<Group>>,
    /// Its Redis nodes in groups, each with one of every shard.
    pub(super) nodes: Vec<Vec<RedisNode>>,
    pub(super) proxies: Vec<ProxyNode>,
    /// Whether it is reached past proxies.
    pub(super) is_direct: bool,
}
