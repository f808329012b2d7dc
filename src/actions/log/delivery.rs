//! Where slow logs go.

use crate::actions::text;
use crate::cloud::log::delivery::{self, NewDelivery};
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Begins or ends the delivery of a slow log.
pub(crate) fn modify_instance_log_delivery(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceLogDelivery,
) -> Result<output::ModifyInstanceLogDelivery, Refusal> {
    let new = NewDelivery {
        log_type: input.log_type,
        enabled: input.enabled,
        logset_id: text(input.logset_id),
        topic_id: text(input.topic_id),
        logset_name: text(input.logset_name),
        topic_name: text(input.topic_name),
        region: text(input.log_region),
        period: input.period,
        create_index: input.create_index,
    };
    delivery::modify(cloud, call, &input.instance_id, &new)?;
    Ok(output::ModifyInstanceLogDelivery {})
}

/// Where the slow log of an instance goes.
pub(crate) fn describe_instance_log_delivery(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceLogDelivery,
) -> Result<output::DescribeInstanceLogDelivery, Refusal> {
    let delivery = cloud.instance(call.region, &input.instance_id)?.delivery();
    Ok(output::DescribeInstanceLogDelivery {
        slow_log: output::LogDeliveryInfo {
            enabled: delivery.is_some(),
            logset_id: delivery.map_or(String::new(), |to| to.logset_id.clone()).into(),
            topic_id: delivery.map_or(String::new(), |to| to.topic_id.clone()).into(),
            log_region: delivery.map_or("", |to| to.region.name).into(),
        },
    })
}
