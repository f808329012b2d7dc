//! Whose cloud it is, and its money.

/// The owner of everything in one [`Cloud`](super::Cloud).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// `Appid`
    pub app_id: u64,
    /// The main account's number, which is `Creater` of its orders.
    pub uin: String,
    /// What can be spent, in fen (0.01 CNY). Below zero the account is in arrears.
    pub balance_fen: i64,
}

impl Account {
    /// Whether more was spent than was there.
    pub fn in_arrears(&self) -> bool {
        self.balance_fen < 0
    }
}
