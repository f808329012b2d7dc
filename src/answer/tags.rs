//! The tag service's reasons: their codes and what is said beside them.

use crate::cloud::TagRefusal;
use crate::cloud::tags::TAGS_MAX;
use crate::contract::ErrorCode;

/// The candidates for a reason, best first. ModifyResourceTags has one code for all that is wrong with the name of a
/// resource; the action that takes the parts of the name one by one has one for each.
#[rustfmt::skip]
pub(super) fn ladder(refusal: &TagRefusal) -> &'static [ErrorCode] {
    use ErrorCode as C;
    match refusal {
        TagRefusal::ResourceGarbled { .. } => &[C::InvalidParameterValueResourceDescriptionError],
        TagRefusal::ServiceUnknown { .. } => &[
            C::InvalidParameterValueServiceTypeInvalid, C::InvalidParameterValueResourceDescriptionError],
        TagRefusal::PrefixUnknown { .. } => &[
            C::InvalidParameterValueResourcePrefixInvalid, C::InvalidParameterValueResourceDescriptionError],
        TagRefusal::RegionUnknown { .. } => &[
            C::InvalidParameterValueRegionInvalid, C::InvalidParameterValueResourceDescriptionError],
        TagRefusal::ResourceUnknown { .. } | TagRefusal::IdsBad { .. } => &[
            C::InvalidParameterValueResourceIdInvalid, C::InvalidParameterValueResourceDescriptionError],
        TagRefusal::NothingAsked | TagRefusal::KeyTwice { .. } => &[C::InvalidParameterTag],
        TagRefusal::TooManyChanges { .. } => &[C::LimitExceededQuota],
        TagRefusal::TooManyTags { .. } => &[C::LimitExceededResourceAttachedTags],
        TagRefusal::KeyEmpty => &[C::InvalidParameterValueTagKeyEmpty],
        TagRefusal::KeyTooLong { .. } => &[C::InvalidParameterValueTagKeyLengthExceeded],
        TagRefusal::KeyIllegal { .. } => &[C::InvalidParameterValueTagKeyCharacterIllegal],
        TagRefusal::KeyReserved { .. } => &[C::InvalidParameterReservedTagKey],
        TagRefusal::KeyInBoth { .. } => &[C::InvalidParameterValueDeleteTagsParamError],
        TagRefusal::ValueTooLong { .. } => &[C::InvalidParameterValueTagValueLengthExceeded],
        TagRefusal::ValueIllegal { .. } => &[C::InvalidParameterValueTagValueCharacterIllegal],
    }
}

/// Our own words.
#[rustfmt::skip]
pub(super) fn message(refusal: &TagRefusal) -> String {
    match refusal {
        TagRefusal::ResourceGarbled { resource, why } => format!("`Resource` `{resource}` is not valid: {why}."),
        TagRefusal::ServiceUnknown { service } => format!(
            "No resources of service `{service}` are here; `redis` is the one that has some."),
        TagRefusal::PrefixUnknown { prefix } => format!("Redis has no resources `{prefix}/…`; it has `instance/…`."),
        TagRefusal::RegionUnknown { region } => format!("No region `{region}` exists."),
        TagRefusal::ResourceUnknown { resource } => format!("No resource `{resource}` exists."),
        TagRefusal::IdsBad { why } => format!("`ResourceIds` is not valid: {why}."),
        TagRefusal::NothingAsked => "One of `ReplaceTags` and `DeleteTags` must hold something.".into(),
        TagRefusal::TooManyChanges { changes } => format!(
            "One call sets or takes off 10 tags at most; this one has {changes}."),
        TagRefusal::TooManyTags { tags } => format!(
            "A resource has {TAGS_MAX} tags at most; this one would have {tags}."),
        TagRefusal::KeyEmpty => "A `TagKey` is empty.".into(),
        TagRefusal::KeyTooLong { key } => format!("`TagKey` `{key}` is longer than 127 characters."),
        TagRefusal::KeyIllegal { key } => format!(
            "`TagKey` `{key}` holds a character that is not allowed, or begins or ends with a blank."),
        TagRefusal::KeyReserved { key } => format!(
            "`TagKey` `{key}` is reserved: keys do not begin with `qcs:`, `project` or `项目`."),
        TagRefusal::KeyTwice { key } => format!("`TagKey` `{key}` is given twice."),
        TagRefusal::KeyInBoth { key } => format!("`TagKey` `{key}` is in both `ReplaceTags` and `DeleteTags`."),
        TagRefusal::ValueTooLong { key } => format!("The value of `{key}` is longer than 255 characters."),
        TagRefusal::ValueIllegal { key } => format!(
            "The value of `{key}` holds a character that is not allowed, or begins or ends with a blank."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::refused;
    use crate::cloud::Refusal;
    use crate::contract;

    #[rustfmt::skip]
    fn samples() -> Vec<(TagRefusal, &'static str)> {
        let text = || "k".to_owned();
        vec![
            (TagRefusal::ResourceGarbled { resource: text(), why: "w" }, "InvalidParameterValue.ResourceDescriptionError"),
            (TagRefusal::ServiceUnknown { service: text() }, "InvalidParameterValue.ResourceDescriptionError"),
            (TagRefusal::PrefixUnknown { prefix: text() }, "InvalidParameterValue.ResourceDescriptionError"),
            (TagRefusal::RegionUnknown { region: text() }, "InvalidParameterValue.ResourceDescriptionError"),
            (TagRefusal::ResourceUnknown { resource: text() }, "InvalidParameterValue.ResourceDescriptionError"),
            (TagRefusal::IdsBad { why: text() }, "InvalidParameterValue.ResourceDescriptionError"),
            (TagRefusal::NothingAsked, "InvalidParameter.Tag"),
            (TagRefusal::TooManyChanges { changes: 11 }, "LimitExceeded.Quota"),
            (TagRefusal::TooManyTags { tags: 51 }, "LimitExceeded.ResourceAttachedTags"),
            (TagRefusal::KeyEmpty, "InvalidParameterValue.TagKeyEmpty"),
            (TagRefusal::KeyTooLong { key: text() }, "InvalidParameterValue.TagKeyLengthExceeded"),
            (TagRefusal::KeyIllegal { key: text() }, "InvalidParameterValue.TagKeyCharacterIllegal"),
            (TagRefusal::KeyReserved { key: text() }, "InvalidParameter.ReservedTagKey"),
            (TagRefusal::KeyTwice { key: text() }, "InvalidParameter.Tag"),
            (TagRefusal::KeyInBoth { key: text() }, "InvalidParameterValue.DeleteTagsParamError"),
            (TagRefusal::ValueTooLong { key: text() }, "InvalidParameterValue.TagValueLengthExceeded"),
            (TagRefusal::ValueIllegal { key: text() }, "InvalidParameterValue.TagValueCharacterIllegal"),
        ]
    }

    /// Whatever action gives it, the code is one that the action documents.
    #[test]
    fn every_reason_has_the_word_of_the_action() {
        let action = |name| contract::find(name, "2018-08-13").expect("an action");
        for (refusal, code) in samples() {
            let given = refused(action("ModifyResourceTags"), &Refusal::Tags(refusal.clone()));
            assert_eq!(given.code.as_str(), code, "{refusal:?}");
            assert!(!given.message.is_empty() && given.message.ends_with('.'), "{refusal:?}");
        }
        let by_ids = |refusal| {
            refused(action("DescribeResourceTagsByResourceIds"), &Refusal::Tags(refusal))
                .code
                .as_str()
        };
        let text = || "k".to_owned();
        assert_eq!(
            by_ids(TagRefusal::ServiceUnknown { service: text() }),
            "InvalidParameterValue.ServiceTypeInvalid"
        );
        assert_eq!(
            by_ids(TagRefusal::PrefixUnknown { prefix: text() }),
            "InvalidParameterValue.ResourcePrefixInvalid"
        );
        assert_eq!(
            by_ids(TagRefusal::RegionUnknown { region: text() }),
            "InvalidParameterValue.RegionInvalid"
        );
        assert_eq!(
            by_ids(TagRefusal::IdsBad { why: text() }),
            "InvalidParameterValue.ResourceIdInvalid"
        );
    }

    /// An enum's variants stand in its source; a new one without a sample would go untested.
    #[test]
    fn every_reason_has_a_sample() {
        let source = include_str!("../cloud/tags.rs");
        let from = source.find("pub enum TagRefusal").expect("the enum");
        let body = &source[from..];
        let body = &body[..body.find("\n}").expect("its end")];
        let declared = body
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
            .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
            .count();
        assert_eq!(declared, samples().len());
    }
}
