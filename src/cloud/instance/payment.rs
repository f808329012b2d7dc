//! How an instance is paid for.

use crate::cloud::time::Millis;
use crate::cloud::values::Billing;

/// How an instance is paid for, with what goes with that alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// By the hour, afterwards.
    Postpaid {
        /// What is held for it, in fen, where that is not the price of an hour of its size; see
        /// [`super::record::Instance::held_fen`].
        frozen_fen: Option<i64>,
    },
    /// By the month, before.
    Prepaid {
        /// When it runs out; `None`: never.
        deadline_at: Option<Millis>,
        /// Whether an automatic renewal of this deadline found the balance too low.
        renewal_failed: bool,
    },
}

impl Payment {
    /// Prepaid until then; `None`: for ever.
    pub fn prepaid_until(deadline_at: Option<Millis>) -> Payment {
        Payment::Prepaid {
            deadline_at,
            renewal_failed: false,
        }
    }

    /// `BillingMode`
    pub fn mode(&self) -> Billing {
        match self {
            Payment::Postpaid { .. } => Billing::Postpaid,
            Payment::Prepaid { .. } => Billing::Prepaid,
        }
    }

    /// What is held for what is postpaid, where that is stated.
    pub fn frozen_fen(&self) -> Option<i64> {
        match self {
            Payment::Postpaid { frozen_fen } => *frozen_fen,
            Payment::Prepaid { .. } => None,
        }
    }

    /// Whether an automatic renewal of its deadline found the balance too low.
    pub fn renewal_failed(&self) -> bool {
        matches!(
            self,
            Payment::Prepaid {
                renewal_failed: true,
                ..
            }
        )
    }

    /// The balance did not suffice for another month.
    pub(crate) fn note_failed_renewal(&mut self) {
        if let Payment::Prepaid { renewal_failed, .. } = self {
            *renewal_failed = true;
        }
    }

    /// When what is prepaid runs out.
    pub fn deadline_at(&self) -> Option<Millis> {
        match self {
            Payment::Postpaid { .. } => None,
            Payment::Prepaid { deadline_at, .. } => *deadline_at,
        }
    }
}
