//! What can go wrong in a test's hand, each as a value.

use std::fmt;

use crate::fixture::FixtureFault;

/// Why an emulator did not start. It is shown the same way by `unwrap()`.
#[derive(Clone, PartialEq, Eq)]
pub struct StartError(pub(super) String);

impl StartError {
    pub(super) fn of(faults: Vec<FixtureFault>) -> Self {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        Self(lines.join("\n"))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StartError {}

/// Why a call of the control API was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlError {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, and the remedy.
    pub message: String,
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (status {})", self.message, self.status)
    }
}

impl std::error::Error for ControlError {}

/// Why a call got no answer but an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// A code that the action documents, or a common one. Empty where what came was no answer of the API, as a fault
    /// rule may have it.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The call's RequestId.
    pub request_id: String,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code.as_str() {
            "" => f.write_str(&self.message),
            code => write!(f, "{code}: {} (RequestId {})", self.message, self.request_id),
        }
    }
}

impl std::error::Error for ApiError {}
