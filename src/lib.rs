//! crs-local: TencentDB for Redis (CRS) control plane on a laptop.

pub mod contract;
#[doc(hidden)]
pub mod http;

// STUB, gone when the cloud and the actions land: just enough for the generated dispatch to compile.
pub mod cloud {
    pub struct Cloud;
    pub struct Call;
    pub enum Refusal {}
    /// Keeps the dispatch from being dead code until the shell calls it.
    pub fn stub(
        id: crate::contract::ActionId,
        cloud: &mut Cloud,
        fields: crate::contract::Fields,
    ) -> bool {
        crate::contract::dispatch(
            id,
            cloud,
            &Call,
            fields,
            &mut crate::contract::Writer::new(),
        )
        .is_some()
    }
}
mod actions {
    use crate::cloud::{Call, Cloud, Refusal};
    use crate::contract::{input, output};
    macro_rules! stub { ($($f:ident $t:ident,)*) => {$(
        pub(crate) fn $f(_: &Cloud, _: &Call, _: input::$t) -> Result<output::$t, Refusal> { loop {} }
    )*}; }
    stub! {
        upgrade_instance UpgradeInstance, describe_instances DescribeInstances,
        describe_instance_deal_detail DescribeInstanceDealDetail, describe_task_info DescribeTaskInfo,
        describe_task_list DescribeTaskList, describe_product_info DescribeProductInfo,
        inquiry_price_upgrade_instance InquiryPriceUpgradeInstance, create_instances CreateInstances,
    }
}
