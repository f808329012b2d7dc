//! Of what an instance is made: Redis nodes and proxies.

pub mod nodes;
