//! What is on sale.

mod product;

pub(crate) use product::describe_product_info;
