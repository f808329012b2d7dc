//! Tags as the tag service sees them: over all regions and kinds of thing, by the six-part names of what they stand on.

use std::collections::BTreeSet;

use crate::cloud::catalogue::region;
use crate::cloud::catalogue::region::Region;
use crate::cloud::money::record::Account;
use crate::cloud::refusal::{Refusal, TagRefusal};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::Tag;

/// The service whose instances are here: the third part of a name.
pub const SERVICE: &str = "redis";

/// A kind of thing that has tags.
#[derive(Debug)]
pub struct Kind {
    /// The third part of a name.
    pub service: &'static str,
    /// What stands before the `/` in the sixth part.
    pub prefix: &'static str,
    /// The one of that id.
    of: for<'c> fn(&'c Cloud, &str) -> Option<Tagged<'c>>,
    set: fn(&mut Cloud, &str, Vec<Tag>),
    /// All of them, by id.
    all: for<'c> fn(&'c Cloud) -> Box<dyn Iterator<Item = Tagged<'c>> + 'c>,
    count: fn(&Cloud) -> usize,
}

/// Something that has tags: its id, its region and its tags.
type Tagged<'c> = (&'c str, &'static Region, &'c [Tag]);

/// A kind whose records stand in that store of the cloud.
macro_rules! kind {
    ($service:expr, $prefix:literal, $store:ident) => {
        kind!($service, $prefix, $store, |cloud, id, tags| {
            if let Some(one) = cloud.$store.get_mut(id) {
                one.tags = tags;
            }
        })
    };
    ($service:expr, $prefix:literal, $store:ident, $set:expr) => {
        Kind {
            service: $service,
            prefix: $prefix,
            of: |cloud, id| {
                let one = cloud.$store.get(id)?;
                Some((one.id.as_str(), one.region, one.tags.as_slice()))
            },
            set: $set,
            all: |cloud| {
                let all = cloud.$store.values();
                Box::new(all.map(|one| (one.id.as_str(), one.region, one.tags.as_slice())))
            },
            count: |cloud| cloud.$store.len(),
        }
    };
}

/// Every kind. Security groups belong to `cvm` here, though `vpc` makes them.
static KINDS: [Kind; 5] = [
    kind!(SERVICE, "instance", instances, |cloud, id, tags| {
        cloud.instances.update(id, |instance| instance.tags = tags);
    }),
    kind!("vpc", "vpc", vpcs),
    kind!("vpc", "subnet", subnets),
    kind!("vpc", "rtb", route_tables),
    kind!("cvm", "sg", security_groups),
];

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
    /// The id of what has them.
    pub id: Option<String>,
    /// Who made it.
    pub creator: Option<u64>,
}

/// A tag and what it stands on.
#[derive(Clone, Copy, Debug)]
pub struct TagRow<'c> {
    pub kind: &'static Kind,
    pub id: &'c str,
    pub tag: &'c Tag,
}

/// Sets and takes off tags of the resource of that six-part name, wherever it lives. A key that it has gets the new
/// value; taking off a key that it has not is no fault.
pub fn change_tags(cloud: &mut Cloud, resource: &str, set: Vec<Tag>, take_off: &[String]) -> Result<(), Refusal> {
    let (kind, region, id) = named(resource, &cloud.account)?;
    let Some((_, _, tags)) = found(cloud, kind, region, id) else {
        let resource = resource.to_owned();
        return Err(TagRefusal::ResourceUnknown { resource }.into());
    };
    let mut tags = tags.to_vec();
    check_changes(&set, take_off)?;
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
    (kind.set)(cloud, id, tags);
    Ok(())
}

/// The one of that id in that region.
fn found<'c>(cloud: &'c Cloud, kind: &Kind, region: &Region, id: &str) -> Option<Tagged<'c>> {
    (kind.of)(cloud, id).filter(|(_, own, _)| own.name == region.name)
}

/// What is wrong with the tags that something is made with.
pub(crate) fn check_new(tags: &[Tag]) -> Result<(), Refusal> {
    if tags.len() > TAGS_MAX {
        return Err(TagRefusal::TooManyTags { tags: tags.len() }.into());
    }
    Ok(check_tags(tags, &[])?)
}

/// The tags of these instances of one region, in the order asked. An id that names nothing has none.
pub fn tags_of_ids<'a>(
    cloud: &'a Cloud,
    service: &str,
    prefix: &str,
    region: &str,
    ids: &[String],
) -> Result<Vec<TagRow<'a>>, Refusal> {
    let kind = kind_of(service, prefix)?;
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
    let found_here = ids
        .iter()
        .filter(|id| seen.insert(id.as_str()))
        .filter_map(|id| found(cloud, kind, region, id));
    Ok(found_here.flat_map(|(id, _, tags)| rows(kind, id, tags)).collect())
}

/// The tags that the filter leaves, by kind and id.
pub fn tags_where<'a>(cloud: &'a Cloud, call: &Call, filter: &TagFilter) -> Vec<TagRow<'a>> {
    let is = |wanted: &Option<String>, has: &str| {
        wanted
            .as_deref()
            .is_none_or(|wanted| wanted.is_empty() || wanted == has)
    };
    let creator = filter.creator.is_none_or(|uin| cloud.account.uin == uin.to_string());
    let fits = |kind: &&Kind| creator && is(&filter.service, kind.service) && is(&filter.prefix, kind.prefix);
    let kinds = || KINDS.iter().filter(fits);
    let here = |region: &Region| is(&filter.region, region.name);
    if let Some(id) = filter.id.as_deref().filter(|id| !id.is_empty()) {
        let of = |kind: &'static Kind| Some((kind, (kind.of)(cloud, id)?));
        let found = kinds().filter_map(of).filter(|(_, (_, region, _))| here(region));
        return found.flat_map(|(kind, (id, _, tags))| rows(kind, id, tags)).collect();
    }
    if !call.may_look_at(kinds().map(|kind| (kind.count)(cloud)).sum()) {
        return Vec::new();
    }
    let all = kinds().flat_map(|kind| (kind.all)(cloud).map(move |one| (kind, one)));
    let all = all.filter(|(_, (_, region, _))| here(region));
    all.flat_map(|(kind, (id, _, tags))| rows(kind, id, tags)).collect()
}

fn rows<'c>(kind: &'static Kind, id: &'c str, tags: &'c [Tag]) -> impl Iterator<Item = TagRow<'c>> {
    tags.iter().map(move |tag| TagRow { kind, id, tag })
}

fn kind_of(service: &str, prefix: &str) -> Result<&'static Kind, TagRefusal> {
    let of_service = || KINDS.iter().filter(|kind| kind.service == service);
    let kind = of_service().find(|kind| kind.prefix == prefix);
    kind.ok_or_else(|| match of_service().next() {
        None => TagRefusal::ServiceUnknown {
            service: service.to_owned(),
        },
        Some(_) => TagRefusal::PrefixUnknown {
            service: service.to_owned(),
            prefix: prefix.to_owned(),
        },
    })
}

fn region_named(name: &str) -> Result<&'static Region, TagRefusal> {
    region::find(name).ok_or_else(|| TagRefusal::RegionUnknown {
        region: name.to_owned(),
    })
}

/// Reads `qcs:<project>:<service>:<region>:uin/<uin>:<prefix>/<id>`. The account may be left out, wholly or behind
/// `uin/` (the Terraform provider does), and the region may have its short name, as in policies. The project is kept by
/// the cloud for old policies only, and not looked at.
fn named<'r>(resource: &'r str, account: &Account) -> Result<(&'static Kind, &'static Region, &'r str), TagRefusal> {
    let garbled = |why| TagRefusal::ResourceGarbled {
        resource: resource.to_owned(),
        why,
    };
    let parts: Vec<&str> = resource.split(':').collect();
    let ["qcs", _, service, region, owner, last] = parts[..] else {
        return Err(garbled("it is not qcs::<service>:<region>:uin/<uin>:<prefix>/<id>"));
    };
    let Some((prefix, id)) = last.split_once('/') else {
        return Err(garbled("its last part is not <prefix>/<id>"));
    };
    let kind = kind_of(service, prefix)?;
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
        return Err(garbled("it names nothing"));
    }
    Ok((kind, region, id))
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
    check_tags(set, take_off)
}

fn check_tags(set: &[Tag], take_off: &[String]) -> Result<(), TagRefusal> {
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
                    let (kind, region, id) = named(&name, &account()).expect("a name");
                    let found = (kind.prefix, region.name, id);
                    assert_eq!(found, ("instance", "ap-beijing", "crs-1"), "{name}");
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
