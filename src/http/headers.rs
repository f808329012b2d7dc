//! The headers that a call of the API is read from.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};

/// Those headers, found in one pass over all: to look one up by name costs a hash of the name. Of several of one name
/// the first counts.
#[derive(Clone, Copy, Default)]
pub(crate) struct ApiHeaders<'r> {
    pub(crate) authorization: Option<&'r HeaderValue>,
    pub(crate) content_encoding: Option<&'r HeaderValue>,
    pub(crate) content_type: Option<&'r HeaderValue>,
    pub(crate) host: Option<&'r HeaderValue>,
    pub(crate) action: Option<&'r HeaderValue>,
    pub(crate) client: Option<&'r HeaderValue>,
    pub(crate) language: Option<&'r HeaderValue>,
    pub(crate) region: Option<&'r HeaderValue>,
    pub(crate) timestamp: Option<&'r HeaderValue>,
    pub(crate) token: Option<&'r HeaderValue>,
    pub(crate) user_agent: Option<&'r HeaderValue>,
    pub(crate) version: Option<&'r HeaderValue>,
}

impl<'r> ApiHeaders<'r> {
    pub(crate) fn of(headers: &'r HeaderMap) -> Self {
        let mut found = Self::default();
        for (name, value) in headers {
            let place = match name.as_str() {
                "authorization" => &mut found.authorization,
                "content-encoding" => &mut found.content_encoding,
                "content-type" => &mut found.content_type,
                "host" => &mut found.host,
                "user-agent" => &mut found.user_agent,
                "x-tc-action" => &mut found.action,
                "x-tc-language" => &mut found.language,
                "x-tc-region" => &mut found.region,
                "x-tc-requestclient" => &mut found.client,
                "x-tc-timestamp" => &mut found.timestamp,
                "x-tc-token" => &mut found.token,
                "x-tc-version" => &mut found.version,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        found
    }
}

/// A header's text; `None` where it is absent or not UTF-8.
pub(crate) fn text(header: Option<&HeaderValue>) -> Option<&str> {
    std::str::from_utf8(header?.as_bytes()).ok()
}

/// As [`text`], where a parameter may be a copy too.
pub(crate) fn parameter(header: Option<&HeaderValue>) -> Option<Cow<'_, str>> {
    text(header).map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use http::header::HeaderName;

    use super::*;

    #[test]
    fn of_several_headers_of_one_name_the_first_counts() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-tc-region", "ap-guangzhou"),
            ("x-other", "1"),
            ("x-tc-region", "ap-beijing"),
            ("X-TC-Action", "DescribeInstances"),
        ] {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            headers.append(name, HeaderValue::from_static(value));
        }
        let found = ApiHeaders::of(&headers);
        assert_eq!(text(found.region), Some("ap-guangzhou"));
        assert_eq!(text(found.action), Some("DescribeInstances"));
        assert_eq!(text(found.version), None);
    }
}
