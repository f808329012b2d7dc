//! Changes of accounts, as plain data.

use crate::cloud::access::record::{Privilege, Route};
use crate::cloud::instance::record::Access;

/// A change of one of an instance's accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// `AccountName`
    pub name: String,
    pub step: AccountStep,
}

/// What becomes of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountStep {
    /// It is there from the beginning, and can be used at the end.
    Make,
    Modify(AccountEdit),
    Delete,
}

/// What changes of an account. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountEdit {
    /// Its password, or for `root` that there is none.
    pub access: Option<Access>,
    pub privilege: Option<Privilege>,
    pub route: Option<Route>,
    pub remark: Option<String>,
}
