//! The log service, as far as slow logs are delivered to it: its logsets and topics.

use crate::actions::{cut, int, strict_page};
use crate::cloud::log::topic;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, LogSet, Refusal, Topic, time};
use crate::contract::input::ClsFilter;
use crate::contract::{input, output};

/// The documented length of a page, and the longest.
const LIMIT: i64 = 20;
const LIMIT_MOST: i64 = 100;
/// So many filters may be given, and so many values of one. Documented.
const FILTERS_MOST: usize = 10;
const VALUES_MOST: usize = 5;
/// The partitions of a topic that nobody has set, and how many there may come to be: the usual ones.
const PARTITIONS: i64 = 1;
const PARTITIONS_MOST: i64 = 50;

/// Lists the logsets of a region, oldest first.
pub(crate) fn describe_logsets(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeLogsets,
) -> Result<output::DescribeLogsets, Refusal> {
    let page = strict_page(input.offset, input.limit, LIMIT, LIMIT_MOST)?;
    check(&input.filters, &["logsetName", "logsetId"])?;
    let fits = |set: &&LogSet| {
        all_fit(&input.filters, |key, value| match key {
            "logsetName" => set.name == value,
            "logsetId" => set.id == value,
            // Nothing here has tags.
            _ => false,
        })
    };
    let found: Vec<_> = topic::of_region(cloud, call.region).filter(fits).collect();
    Ok(output::DescribeLogsets {
        total_count: int(found.len() as u64),
        logsets: cut(found, page).map(show_set).collect(),
    })
}

/// Lists the topics of a region, those of the oldest logset first.
pub(crate) fn describe_topics(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeTopics,
) -> Result<output::DescribeTopics, Refusal> {
    let page = strict_page(input.offset, input.limit, LIMIT, LIMIT_MOST)?;
    check(
        &input.filters,
        &["topicName", "logsetName", "topicId", "logsetId", "assumerName"],
    )?;
    let precise = input.precise_search.unwrap_or(0);
    if precise > 3 {
        return Err(bad_value("PreciseSearch", format!("{precise} lies outside 0 to 3")));
    }
    let holds_logs = match input.biz_type.unwrap_or(0) {
        0 => true,
        1 => false,
        other => return Err(bad_value("BizType", format!("{other} is neither 0 nor 1"))),
    };
    let name_fits = |own: &str, wanted: &str, exact: bool| if exact { own == wanted } else { own.contains(wanted) };
    let fits = |(set, topic): &(&LogSet, &Topic)| {
        all_fit(&input.filters, |key, value| match key {
            "topicName" => name_fits(&topic.name, value, precise & 1 == 1),
            "logsetName" => name_fits(&set.name, value, precise & 2 == 2),
            "topicId" => topic.id == value,
            "logsetId" => set.id == value,
            _ => false,
        })
    };
    let sets = topic::of_region(cloud, call.region).filter(|_| holds_logs);
    let all = sets.flat_map(|set| set.topics.iter().map(move |topic| (set, topic)));
    let found: Vec<_> = all.filter(fits).collect();
    let total_count = int(found.len() as u64);
    Ok(output::DescribeTopics {
        topics: cut(found, page).map(|(set, topic)| show_topic(set, topic)).collect(),
        total_count,
    })
}

/// Deletes a topic.
pub(crate) fn delete_topic(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteTopic,
) -> Result<output::DeleteTopic, Refusal> {
    topic::delete_topic(cloud, call, &input.topic_id)?;
    Ok(output::DeleteTopic {})
}

/// Deletes a logset without topics.
pub(crate) fn delete_logset(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteLogset,
) -> Result<output::DeleteLogset, Refusal> {
    topic::delete_set(cloud, call, &input.logset_id)?;
    Ok(output::DeleteLogset {})
}

/// Refuses filters that are too many or not known.
fn check(filters: &[ClsFilter], known: &[&str]) -> Result<(), Refusal> {
    if filters.len() > FILTERS_MOST {
        return Err(bad_value("Filters", format!("more than {FILTERS_MOST} are given")));
    }
    for filter in filters {
        let key = filter.key.as_str();
        let of_tags = key == "tagKey" || key.strip_prefix("tag:").is_some_and(|key| !key.is_empty());
        if !of_tags && !known.contains(&key) {
            return Err(bad_value("Filters", format!("there is no filter `{key}`")));
        }
        if filter.values.len() > VALUES_MOST {
            let why = format!("`{key}` has more than {VALUES_MOST} values");
            return Err(bad_value("Filters", why));
        }
    }
    Ok(())
}

/// Whether of each filter a value fits.
fn all_fit(filters: &[ClsFilter], fits: impl Fn(&str, &str) -> bool) -> bool {
    filters
        .iter()
        .all(|filter| filter.values.iter().any(|value| fits(&filter.key, value)))
}

fn show_set(set: &LogSet) -> output::LogsetInfo {
    output::LogsetInfo {
        logset_id: set.id.clone().into(),
        logset_name: set.name.clone().into(),
        create_time: time::show(set.created_at).into(),
        assumer_uin: 0,
        assumer_name: "".into(),
        tags: Vec::new(),
        topic_count: int(set.topics.len() as u64),
        role_name: "".into(),
        metric_topic_count: 0,
    }
}

fn show_topic(set: &LogSet, topic: &Topic) -> output::TopicInfo {
    output::TopicInfo {
        logset_id: set.id.clone().into(),
        topic_id: topic.id.clone().into(),
        topic_name: topic.name.clone().into(),
        partition_count: PARTITIONS,
        index: topic.index,
        assumer_uin: 0,
        assumer_name: "".into(),
        create_time: time::show(topic.created_at).into(),
        status: true,
        tags: Vec::new(),
        role_name: "".into(),
        auto_split: true,
        max_split_partitions: PARTITIONS_MOST,
        storage_type: "hot".into(),
        period: int(topic.period_days),
        sub_assumer_name: "".into(),
        describes: "".into(),
        hot_period: 0,
        key_id: "".into(),
        custom_kms_info: output::CustomKmsInfo {
            kms_region: "".into(),
            kms_key_id: "".into(),
        },
        biz_type: 0,
        is_web_tracking: false,
        extends: output::TopicExtendInfo { anonymous_access: None },
        topic_async_task_id: "".into(),
        migration_status: 0,
        effective_date: "".into(),
        is_source_from: false,
        billing_mode: 0,
        new_billing_mode: 0,
    }
}
