//! From a reason to a documented code.
//!
//! The cloud refuses with a reason. Each reason has a ladder of codes; the answer takes the first rung that the action
//! documents, so the same fault is `InvalidParameterValue.MemSizeNotInRange` in UpgradeInstance and
//! `LimitExceeded.MemSizeNotInRange` in its price. A [`DocumentedCode`] can be made nowhere else, and only that can be
//! put into an answer.

mod reasons;

use crate::cloud::Refusal;
use crate::contract::{Action, ErrorCode};
use reasons::{ROWS, reason};

/// A code that the action documents, or one of the common ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentedCode(ErrorCode);

impl DocumentedCode {
    pub(crate) fn code(self) -> ErrorCode {
        self.0
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.0.as_str()
    }
}

/// An error as it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: DocumentedCode,
    pub(crate) message: String,
}

/// What the cloud refused, in the words of that action.
pub(crate) fn refused(action: &Action, refusal: &Refusal) -> Refused {
    let reason = reason(refusal);
    Refused {
        code: climb(action, reason.codes),
        message: reason.message,
    }
}

/// One of the codes that every action may answer; anything else becomes InternalError, so that nothing undocumented
/// leaves through this door.
pub(crate) fn common(code: ErrorCode, message: String) -> Refused {
    let code = if code.is_common() {
        code
    } else {
        ErrorCode::InternalError
    };
    Refused {
        code: DocumentedCode(code),
        message,
    }
}

/// A code that a fault rule asks for. `None`: the action does not document it, and it is not a common one. Where the
/// action's list is unknown, nothing but the common codes is documented.
pub(crate) fn injected(action: &Action, code: ErrorCode, message: Option<String>) -> Option<Refused> {
    let documented = code.is_common() || action.documents(code);
    let message = message.unwrap_or_else(|| format!("{} was asked for by a fault rule.", code.as_str()));
    documented.then_some(Refused {
        code: DocumentedCode(code),
        message,
    })
}

/// The first rung that the action documents; else the first common one; else the action's own word for "it failed".
/// With an unknown list the first rung is the best guess.
fn climb(action: &Action, ladder: &[ErrorCode]) -> DocumentedCode {
    let first = if action.codes.is_none() {
        ladder.first().copied()
    } else {
        None
    };
    let code = first
        .or_else(|| ladder.iter().copied().find(|code| action.documents(*code)))
        .or_else(|| ladder.iter().copied().find(|code| code.is_common()))
        .or_else(|| CATCH_ALL.iter().copied().find(|code| action.documents(*code)))
        .unwrap_or(ErrorCode::FailedOperation);
    DocumentedCode(code)
}

/// What can bring a code about in an action, as its reasons tell it: for each reason whose ladder has a rung that the
/// action documents, that code and the text with the names of what is put in.
pub(crate) fn causes(action: &Action) -> impl Iterator<Item = (ErrorCode, &'static str)> + use<'_> {
    ROWS.iter()
        .filter(|row| concerns(row.refusal, action.service))
        .filter_map(|row| {
            let mut rungs = row.codes.iter().copied();
            let code = rungs.find(|code| action.documents(*code))?;
            Some((code, row.text))
        })
}

/// Whether a refusal of this pattern comes up in that service: those beside redis have reasons of their own.
fn concerns(refusal: &str, service: &str) -> bool {
    const OWN: [(&str, &str); 4] = [
        ("R::Tags(", "tag"),
        ("R::Monitor(", "monitor"),
        ("R::Keys(", "sts"),
        ("R::Network(", "vpc"),
    ];
    let own = OWN.iter().find(|(pattern, _)| refusal.starts_with(pattern));
    own.is_none_or(|(_, of)| *of == service)
}

/// What an action says when its list has no word for the reason, best first.
const CATCH_ALL: &[ErrorCode] = &[
    ErrorCode::FailedOperationSystemError,
    ErrorCode::InternalErrorInternalError,
    ErrorCode::FailedOperationUnknown,
];

#[cfg(test)]
mod tests;
