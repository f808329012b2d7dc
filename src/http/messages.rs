//! What the gateway says when it refuses, word for word where the real words are known.
//!
//! "Seen" means quoted from the real service by its documentation or in public reports of its users; the other texts
//! are ours and say so. Where the Chinese text of a message is not known the English one stands in for both languages.

use std::time::Duration;

use super::signature::WINDOW_S;
use crate::answer::{self, Refused};
use crate::contract::{ErrorCode, Rejection};

/// The language of messages, by the `X-TC-Language` header or the `Language` parameter. Without one, and with one that
/// is not known, the real service speaks English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    pub(crate) fn parse(text: Option<&str>) -> Self {
        match text {
            Some("zh-CN") => Self::Chinese,
            _ => Self::English,
        }
    }

    pub(crate) fn is_chinese(self) -> bool {
        self == Self::Chinese
    }

    fn pick(self, english: String, chinese: String) -> String {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// Seen.
pub(crate) fn missing(parameter: &str) -> Refused {
    answer::common(
        ErrorCode::MissingParameter,
        format!("The request is missing a required parameter `{parameter}`."),
    )
}

/// Seen.
pub(crate) fn unknown(parameter: &str) -> Refused {
    answer::common(
        ErrorCode::UnknownParameter,
        format!("The parameter `{parameter}` is not recognized."),
    )
}

/// Seen, with the type `string`; that the other types are named alike is our guess.
pub(crate) fn wrong_type(language: Language, parameter: &str, wants: &str) -> Refused {
    answer::common(
        ErrorCode::InvalidParameter,
        language.pick(
            format!(
                "The value type of parameter `{parameter}` is not valid, input type should be \
                 `{wants}` "
            ),
            format!("参数 `{parameter}` 取值类型错误。参数类型应为 `{wants}` "),
        ),
    )
}

/// Ours: no document tells of such a call.
fn too_long(path: &str, len: usize, most: usize, unit: &str) -> Refused {
    answer::common(
        ErrorCode::InvalidParameterValue,
        format!("The parameter `{path}` has {len} {unit}; a call carries {most} at most."),
    )
}

/// What the contract holds against the parameters.
pub(crate) fn rejected(language: Language, rejection: &Rejection) -> Refused {
    match rejection {
        Rejection::Missing { path } => missing(path),
        Rejection::Unknown { path } => unknown(path),
        Rejection::WrongType { path, wants } => wrong_type(language, path, wants),
        Rejection::TooLong { path, len, most, unit } => too_long(path, *len, *most, unit),
    }
}

/// A form that cannot be read; see [`super::form::Fault`] for which texts are seen.
pub(crate) fn unreadable_form(fault: &super::form::Fault) -> Refused {
    answer::common(ErrorCode::InvalidParameter, fault.to_string())
}

/// Seen in Chinese, for the body `[]`; the English is ours.
pub(crate) fn not_json(language: Language, why: &str) -> Refused {
    answer::common(
        ErrorCode::InvalidParameter,
        language.pick(
            format!("The request body is not a JSON object: {why}."),
            "请求内容不是合法的 Json 格式".to_owned(),
        ),
    )
}

/// Seen.
pub(crate) fn no_such_version(version: &str) -> Refused {
    answer::common(
        ErrorCode::NoSuchVersion,
        format!("The specified api version=`{version}` does not exist in service=`redis`."),
    )
}

/// Seen.
pub(crate) fn invalid_action(action: &str, version: &str) -> Refused {
    answer::common(
        ErrorCode::InvalidAction,
        format!(
            "The request action=`{action}` is invalid or not found in service=`redis` and \
             version=`{version}`."
        ),
    )
}

/// Seen.
pub(crate) fn unsupported_content(content_type: &str) -> Refused {
    answer::common(
        ErrorCode::UnsupportedProtocol,
        format!("this action does not support Content-Type=`{content_type}` "),
    )
}

/// Ours: the documentation says that only GET and POST are served.
pub(crate) fn unsupported(what: &str) -> Refused {
    answer::common(ErrorCode::UnsupportedProtocol, what.to_owned())
}

/// Ours: the limits are documented (a query 32 KB, a form 1 MB, a JSON body 10 MB), the text is not.
pub(crate) fn too_large(what: &str, limit: &str) -> Refused {
    answer::common(
        ErrorCode::RequestSizeLimitExceeded,
        format!("The {what} is larger than {limit}, the most that is accepted."),
    )
}

/// Ours: so many large bodies are under way that this one cannot be held beside them.
pub(crate) fn crowded() -> Refused {
    answer::common(
        ErrorCode::RequestSizeLimitExceeded,
        "The request bodies under way are larger together than is accepted; send this one again \
         when others have ended."
            .to_owned(),
    )
}

/// Ours: what the real service does with a body that stops coming is not known.
pub(crate) fn body_stalled(within: Duration) -> Refused {
    answer::common(
        ErrorCode::InvalidRequest,
        format!("The request body did not arrive within {within:?}."),
    )
}

/// Ours: mostly the caller has gone, and nobody reads it.
pub(crate) fn body_broken() -> Refused {
    answer::common(ErrorCode::InvalidRequest, "The request body broke off.".to_owned())
}

/// The frame is seen, and so is the reason that names the service; other reasons are ours.
pub(crate) fn invalid_authorization(reason: &str) -> Refused {
    answer::common(
        ErrorCode::AuthFailureInvalidAuthorization,
        format!(
            "The request `Authorization` header does not conform to tencentcloud standards: \
             {reason}."
        ),
    )
}

/// Ours: the window of five minutes is documented, the text is not.
pub(crate) fn expired(timestamp: i64, now: i64) -> Refused {
    answer::common(
        ErrorCode::AuthFailureSignatureExpire,
        format!(
            "The request has expired: its Timestamp {timestamp} is more than {WINDOW_S} seconds away \
             from the server's {now}."
        ),
    )
}

/// Seen, in both languages.
pub(crate) fn secret_id_not_found(language: Language) -> Refused {
    answer::common(
        ErrorCode::AuthFailureSecretIdNotFound,
        language.pick(
            "The SecretId is not found, please ensure that your SecretId is correct.".to_owned(),
            "SecretId不存在，请输入正确的密钥。".to_owned(),
        ),
    )
}

/// Seen, in both languages.
pub(crate) fn signature_failure(language: Language) -> Refused {
    answer::common(
        ErrorCode::AuthFailureSignatureFailure,
        language.pick(
            "The provided credentials could not be validated. Please check your signature is \
             correct."
                .to_owned(),
            "请求签名验证失败，请检查您的签名计算是否正确。".to_owned(),
        ),
    )
}

/// Seen.
pub(crate) fn token_failure() -> Refused {
    answer::common(
        ErrorCode::AuthFailureTokenFailure,
        "Token verification failed. Please check your Token is correct.".to_owned(),
    )
}

/// Seen, in both languages. `name` is `X-TC-Region` or `Region`, as the request wrote it.
pub(crate) fn invalid_region(language: Language, name: &str) -> Refused {
    answer::common(
        ErrorCode::InvalidParameterValue,
        language.pick(
            format!("A value specified in `{name}` is not valid, is unsupported, or cannot be used."),
            format!("参数 `{name}` 取值错误。"),
        ),
    )
}

/// Seen.
pub(crate) fn unsupported_region() -> Refused {
    answer::common(
        ErrorCode::UnsupportedRegion,
        "The action not support this region.".to_owned(),
    )
}

/// Seen, as the documented example of an internal error.
pub(crate) fn internal_error() -> Refused {
    answer::common(
        ErrorCode::InternalError,
        "An internal error has occurred. Retry your request, but if the problem persists, contact \
         us."
        .to_owned(),
    )
}
