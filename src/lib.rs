//! placeholder front door
#[doc(hidden)]
pub mod http;
