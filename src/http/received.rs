//! A request as it came off the wire, whole.

use std::net::IpAddr;

use bytes::Bytes;
use http::request::Parts;

use super::door::Entry;
use super::region::Door;
use crate::cloud;

/// A request as it came off the wire, whole.
pub(crate) struct Received<'r> {
    pub(crate) head: &'r Parts,
    pub(crate) body: Bytes,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) entry: Entry<'r>,
}

impl<'r> Received<'r> {
    /// What the Host says about the regions to be reached.
    pub(crate) fn door(&self) -> Door<'r> {
        Door::of(self.entry.host, |name| {
            cloud::region::find(name).map(|region| region.financial)
        })
    }

    /// The region whose entry the call came through, for the rate limit; "" where the Host names none.
    pub(crate) fn access_region(&self) -> &'static str {
        cloud::region::find(self.door().access_region()).map_or("", |region| region.name)
    }
}
