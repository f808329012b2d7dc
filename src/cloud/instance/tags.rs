//! Tags as the tag service sees them: over all regions, by the six-part names of what they stand on.

use std::collections::BTreeSet;

use crate::cloud::catalogue::region;
use crate::cloud::catalogue::region::Region;
use crate::cloud::instance::record::Instance;
use crate::cloud::money::record::Account;
use crate::cloud::refusal::{Refusal, TagRefusal};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::Tag;

/// The one service whose resources are here: the third part of a name.
pub const SERVICE: &str = "redis";
/// The one kind of resource that it has: what stands before the `/` in the sixth part.
pub const PREFIX: &str = "instance";

// Documented limits (Use Limits, document 651/13354; the action pages).
/// Most tags of one resource.
pub const TAGS_MAX: usize = 50;
/// Longest key, in characters.
pub const KEY_CHARS_MAX: usize = 127;
/// Longest value, in characters.
pub const VALUE_CHARS_MAX: usize = 255;
/// Most tags that one call sets or takes off.
pub const CHANGES_MAX: usize = 10;
const IDS_MAX: usize = 50;
/// Beginnings of keys that are kept for the cloud itself.
const RESERVED: [&str; 3] = ["qcs:", "project", "项目"];
/// What keys and values may hold beside letters, digits and, inside, blanks.
const SPECIAL: &str = "+-=._:/@()[],;><＋－＝／＠（）【】：";

/// Which tags are asked for; what is `None` or empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagFilter {
    /// The third part of the name.
    pub service: Option<String>,
    /// What stands before the `/` in the sixth part.
    pub prefix: Option<String>,
    /// The name of a region.
    pub region: Option<String>,
    /// An InstanceId.
    pub id: Option<String>,
    /// Who made it.
    pub creator: Option<u64>,
}

/// A tag and what it stands on.
pub type TagRow<'c> = (&'c Instance, &'c Tag);

/// Sets and takes off tags of the resource of that six-part name, wherever it lives. A key that it has gets the new
/// value; taking off a key that it has not is no fault.
pub fn change_tags(cloud: &mut Cloud, resource: &str, set: Vec<Tag>, take_off: &[String]) -> Result<(), Refusal> {
    let instance = tagged(cloud, resource)?;
    check_changes(&set, take_off)?;
    let mut tags = instance.tags.clone();
    tags.retain(|tag| !take_off.contains(&tag.key));
    for new in set {
        match tags.iter_mut().find(|tag| tag.key == new.key) {
            Some(tag) => tag.value = new.value,
            None => tags.push(new),
        }
    }
    if tags.len() > TAGS_MAX {
        return Err(TagRefusal::TooManyTags { tags: tags.len() }.into());
    }
    let id = instance.id.clone();
    cloud.instances.update(&id, |instance| instance.tags = tags);
    Ok(())
}

/// The tags of these instances of one region, in the order asked. An id that names nothing has none.
pub fn tags_of_ids<'a>(
    cloud: &'a Cloud,
    service: &str,
    prefix: &str,
    region: &str,
    ids: &[String],
) -> Result<Vec<TagRow<'a>>, Refusal> {
    of_redis(service, prefix)?;
    let region = region_named(region)?;
    if ids.is_empty() || ids.len() > IDS_MAX {
        let why = format!("there are {} ids, not 1 to {IDS_MAX}", ids.len());
        return Err(TagRefusal::IdsBad { why }.into());
    }
    if ids.iter().any(String::is_empty) {
        let why = "one of the ids is empty".to_owned();
        return Err(TagRefusal::IdsBad { why }.into());
    }
    let mut seen = BTreeSet::new();
    let found = ids
        .iter()
        .filter(|id| seen.insert(id.as_str()))
        .filter_map(|id| cloud.instance(region, id).ok());
    Ok(found.flat_map(rows).collect())
}

/// The tags that the filter leaves, by InstanceId.
pub fn tags_where<'a>(cloud: &'a Cloud, call: &Call, filter: &TagFilter) -> Vec<TagRow<'a>> {
    let is = |wanted: &Option<String>, has: &str| {
        wanted
            .as_deref()
            .is_none_or(|wanted| wanted.is_empty() || wanted == has)
    };
    let creator = filter.creator.is_none_or(|uin| cloud.account.uin == uin.to_string());
    if !(creator && is(&filter.service, SERVICE) && is(&filter.prefix, PREFIX)) {
        return Vec::new();
    }
    let here = |instance: &&Instance| is(&filter.region, instance.region.name);
    if let Some(id) = filter.id.as_deref().filter(|id| !id.is_empty()) {
        return cloud
            .instances
            .get(id)
            .filter(here)
            .into_iter()
            .flat_map(rows)
            .collect();
    }
    if !call.may_look_at(cloud.instances.len()) {
        return Vec::new();
    }
    cloud.instances.values().filter(here).flat_map(rows).collect()
}

/// The instance of that six-part name.
fn tagged<'a>(cloud: &'a Cloud, resource: &str) -> Result<&'a Instance, Refusal> {
    let (region, id) = named(resource, &cloud.account)?;
    cloud.instance(region, id).map_err(|_| {
        let resource = resource.to_owned();
        TagRefusal::ResourceUnknown { resource }.into()
    })
}

fn rows(instance: &Instance) -> impl Iterator<Item = TagRow<'_>> {
    instance.tags.iter().map(move |tag| (instance, tag))
}

fn of_redis(service: &str, prefix: &str) -> Result<(), TagRefusal> {
    if service != SERVICE {
        let service = service.to_owned();
        return Err(TagRefusal::ServiceUnknown { service });
    }
    if prefix != PREFIX {
        let prefix = prefix.to_owned();
        return Err(TagRefusal::PrefixUnknown { prefix });
    }
    Ok(())
}

fn region_named(name: &str) -> Result<&'static Region, TagRefusal> {
    region::find(name).ok_or_else(|| TagRefusal::RegionUnknown {
        region: name.to_owned(),
    })
}

/// Reads `qcs:<project>:redis:<region>:uin/<uin>:instance/<id>`. The account may be left out, wholly or behind `uin/`
/// (the Terraform provider does), and the region may have its short name, as in policies. The project is kept by the
/// cloud for old policies only, and not looked at.
fn named<'r>(resource: &'r str, account: &Account) -> Result<(&'static Region, &'r str), TagRefusal> {
    let garbled = |why| TagRefusal::ResourceGarbled {
        resource: resource.to_owned(),
        why,
    };
    let parts: Vec<&str> = resource.split(':').collect();
    let ["qcs", _, service, region, owner, last] = parts[..] else {
        return Err(garbled("it is not qcs::redis:<region>:uin/<uin>:instance/<InstanceId>"));
    };
    let Some((prefix, id)) = last.split_once('/') else {
        return Err(garbled("its last part is not instance/<InstanceId>"));
    };
    of_redis(service, prefix)?;
    let own = match owner.strip_prefix("uin/") {
        Some(uin) => uin.is_empty() || uin == account.uin,
        None => owner.is_empty(),
    };
    if !own {
        return Err(garbled("it is not the caller's: give uin/ or the caller's own"));
    }
    let region = region::find_by_any_name(region).ok_or_else(|| TagRefusal::RegionUnknown {
        region: region.to_owned(),
    })?;
    if id.is_empty() {
        return Err(garbled("it names no instance"));
    }
    Ok((region, id))
}

fn check_changes(set: &[Tag], take_off: &[String]) -> Result<(), TagRefusal> {
    if set.is_empty() && take_off.is_empty() {
        return Err(TagRefusal::NothingAsked);
    }
    let changes = set.len().max(take_off.len());
    if changes > CHANGES_MAX {
        return Err(TagRefusal::TooManyChanges { changes });
    }
    if take_off.iter().any(String::is_empty) {
        return Err(TagRefusal::KeyEmpty);
    }
    let mut keys = BTreeSet::new();
    for tag in set {
        check_tag(tag)?;
        let key = || tag.key.clone();
        if !keys.insert(tag.key.as_str()) {
            return Err(TagRefusal::KeyTwice { key: key() });
        }
        if take_off.contains(&tag.key) {
            return Err(TagRefusal::KeyInBoth { key: key() });
        }
    }
    Ok(())
}

/// An empty value is taken: no code is documented for one.
fn check_tag(tag: &Tag) -> Result<(), TagRefusal> {
    let key = || tag.key.clone();
    if tag.key.is_empty() {
        return Err(TagRefusal::KeyEmpty);
    }
    if tag.key.chars().count() > KEY_CHARS_MAX {
        return Err(TagRefusal::KeyTooLong { key: key() });
    }
    if !is_legal(&tag.key) {
        return Err(TagRefusal::KeyIllegal { key: key() });
    }
    if RESERVED.iter().any(|start| tag.key.starts_with(start)) {
        return Err(TagRefusal::KeyReserved { key: key() });
    }
    if tag.value.chars().count() > VALUE_CHARS_MAX {
        return Err(TagRefusal::ValueTooLong { key: key() });
    }
    if !is_legal(&tag.value) {
        return Err(TagRefusal::ValueIllegal { key: key() });
    }
    Ok(())
}

fn is_legal(text: &str) -> bool {
    let of_the_set = |c: char| c.is_alphanumeric() || c == ' ' || SPECIAL.contains(c);
    text.trim() == text && text.chars().all(of_the_set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account::new(1, "100000000001".into(), 0)
    }

    #[test]
    fn a_name_is_read_with_and_without_its_account() {
        for owner in ["", "uin/", "uin/100000000001"] {
            for region in ["ap-beijing", "bj"] {
                for project in ["", "id/0"] {
                    let name = format!("qcs:{project}:redis:{region}:{owner}:instance/crs-1");
                    let (region, id) = named(&name, &account()).expect("a name");
                    assert_eq!((region.name, id), ("ap-beijing", "crs-1"), "{name}");
                }
            }
        }
        let fault = named("qcs::redis::uin/:instance/crs-1", &account());
        assert!(matches!(fault, Err(TagRefusal::RegionUnknown { .. })), "{fault:?}");
    }

    #[test]
    fn keys_and_values_up_to_their_limits_are_taken() {
        let tag = |key: &str, value: &str| Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        for good in [
            tag("k", ""),
            tag(&"字".repeat(KEY_CHARS_MAX), &"值".repeat(VALUE_CHARS_MAX)),
            tag("a b", "+-=._:/@()[],;><"),
            tag("（a）【b】", "＋－＝／＠："),
            tag("my-project", "qcs:a"),
        ] {
            assert_eq!(check_tag(&good), Ok(()), "{good:?}");
        }
        for text in ["a\tb", "a*", "a!", "a?b", "a#", " a", "a ", "\u{1f600}"] {
            assert!(!is_legal(text), "{text:?}");
        }
        for key in ["qcs:", "qcs:a", "project", "projects", "项目一"] {
            let refused = check_tag(&tag(key, "v"));
            assert!(matches!(refused, Err(TagRefusal::KeyReserved { .. })), "{key}");
        }
    }
}
