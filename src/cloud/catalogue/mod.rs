//! What is on sale: editions, sizes, prices, regions, periods, stock.

pub mod edition;
pub mod period;
pub mod price;
pub mod product_version;
pub mod record;
pub mod region;
pub mod spec;
pub mod stock;
