//! The tag service: tags of instances and of networks, in whatever region they live.

use md5::{Digest, Md5};

use crate::actions::{cut, place, text};
use crate::cloud::refusal::bad_value;
use crate::cloud::tags;
use crate::cloud::{Call, Cloud, Refusal, Tag, TagFilter, TagRow};
use crate::contract::{Text, input, output};

/// Documented: the rows of a page unless the call says otherwise.
const LIMIT: u64 = 15;

/// Sets and takes off tags of one resource.
pub(crate) fn modify_resource_tags(
    cloud: &mut Cloud,
    _call: &Call,
    input: input::ModifyResourceTags,
) -> Result<output::ModifyResourceTags, Refusal> {
    let categories = input.replace_tags.iter().map(|tag| &tag.category);
    for category in categories {
        if !is_custom(category.as_deref())? {
            let why = "the cloud's own tags cannot be set".to_owned();
            return Err(bad_value("Category", why));
        }
    }
    let set = input.replace_tags.into_iter().map(|tag| Tag {
        key: tag.tag_key,
        value: tag.tag_value,
    });
    let take_off: Vec<String> = input.delete_tags.into_iter().map(|tag| tag.tag_key).collect();
    tags::change_tags(cloud, &input.resource, set.collect(), &take_off)?;
    Ok(output::ModifyResourceTags {})
}

/// The tags of several resources of one kind and region.
pub(crate) fn describe_resource_tags_by_resource_ids(
    cloud: &Cloud,
    _call: &Call,
    input: input::DescribeResourceTagsByResourceIds,
) -> Result<output::DescribeResourceTagsByResourceIds, Refusal> {
    let mut rows = tags::tags_of_ids(
        cloud,
        &input.service_type,
        &input.resource_prefix,
        &input.resource_region,
        &input.resource_ids,
    )?;
    if !is_custom(input.category.as_deref())? {
        rows.clear();
    }
    let page = page(&rows, input.offset, input.limit)?;
    Ok(output::DescribeResourceTagsByResourceIds {
        total_count: rows.len() as u64,
        offset: page.offset,
        limit: page.limit,
        tags: page.shown,
    })
}

/// The tags that the filters leave.
pub(crate) fn describe_resource_tags(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeResourceTags,
) -> Result<output::DescribeResourceTags, Refusal> {
    let id = text(input.resource_id);
    let of_cos = match input.cos_resource_id {
        None | Some(0) => false,
        Some(1) if id.is_some() => true,
        Some(1) => return Err(bad_value("CosResourceId", "1 needs a `ResourceId`".to_owned())),
        Some(other) => return Err(bad_value("CosResourceId", format!("{other} is neither 0 nor 1"))),
    };
    let mut rows = tags::tags_where(
        cloud,
        call,
        &TagFilter {
            service: input.service_type,
            prefix: input.resource_prefix,
            region: input.resource_region,
            id,
            creator: input.create_uin,
        },
    );
    // Those are of the object storage, of which nothing is here.
    if of_cos {
        rows.clear();
    }
    let page = page(&rows, input.offset, input.limit)?;
    Ok(output::DescribeResourceTags {
        total_count: rows.len() as u64,
        offset: page.offset,
        limit: page.limit,
        rows: page.shown,
    })
}

/// Whether tags that callers made are meant. There are none that the cloud makes of itself.
fn is_custom(category: Option<&str>) -> Result<bool, Refusal> {
    match category {
        None | Some("" | "All" | "Custom") => Ok(true),
        Some("System") => Ok(false),
        Some(other) => {
            let why = format!("`{other}` is none of Custom, System and All");
            Err(bad_value("Category", why))
        }
    }
}

struct Page {
    offset: u64,
    limit: u64,
    shown: Vec<output::TagResource>,
}

/// Documented: the offset is a whole number of pages. How long a page may be is not; here it may be any.
fn page(rows: &[TagRow<'_>], offset: Option<u64>, limit: Option<u64>) -> Result<Page, Refusal> {
    let (offset, limit) = (offset.unwrap_or(0), limit.unwrap_or(LIMIT));
    if limit == 0 {
        return Err(bad_value("Limit", "a page has one row at least".to_owned()));
    }
    if !offset.is_multiple_of(limit) {
        let why = format!("{offset} is no multiple of `Limit`, which is {limit}");
        return Err(bad_value("Offset", why));
    }
    let shown = cut(rows, (place(offset), place(limit)));
    Ok(Page {
        offset,
        limit,
        shown: shown.map(show).collect(),
    })
}

fn show(TagRow { kind, id, tag }: &TagRow<'_>) -> output::TagResource {
    output::TagResource {
        tag_key: tag.key.clone().into(),
        tag_value: tag.value.clone().into(),
        resource_id: (*id).to_owned().into(),
        tag_key_md5: md5(&tag.key),
        tag_value_md5: md5(&tag.value),
        service_type: kind.service.into(),
        category: "Custom".into(),
    }
}

fn md5(text: &str) -> Text {
    let digest = Md5::digest(text.as_bytes());
    digest
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>()
        .into()
}
