//! How one gets in, as plain data.

use crate::cloud::ids::KeyPair;
use crate::cloud::time::Millis;
use crate::cloud::values::worded;

/// `PasswordPolicy`: how many of each kind a new password needs, where it is enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    pub enabled: bool,
    /// `MinLetterCount`
    pub letters: i64,
    /// `MinDigitCount`
    pub digits: i64,
    /// `MinSpecialCount`
    pub symbols: i64,
    /// `MinLength`
    pub length: i64,
}

impl PasswordPolicy {
    /// That of an instance of which nothing else was said.
    pub const USUAL: PasswordPolicy = PasswordPolicy {
        enabled: false,
        letters: 1,
        digits: 1,
        symbols: 1,
        length: 8,
    };
}

/// A Redis account of an instance: one of its own, or what is told of `root`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisAccount {
    /// `AccountName`
    pub name: String,
    /// `AccountPassword`, where it is known. That of `root` is the instance's.
    pub password: Option<String>,
    /// `Privilege`
    pub privilege: Privilege,
    /// `ReadonlyPolicy`
    pub route: Route,
    /// `Remark`
    pub remark: String,
    /// `CreateTime`; `None` for `root`.
    pub created_at: Option<Millis>,
    /// `PasswordLastModifiedTime`; `None`: it never was.
    pub password_changed_at: Option<Millis>,
}

impl RedisAccount {
    /// The account that every instance has.
    pub const ROOT: &'static str = "root";

    /// `root` as it is until something of it changes.
    pub fn root() -> RedisAccount {
        RedisAccount {
            name: RedisAccount::ROOT.to_owned(),
            password: None,
            privilege: Privilege::ReadWrite,
            route: Route::Master,
            remark: "default".to_owned(),
            created_at: None,
            password_changed_at: None,
        }
    }

    /// Whether it is `root`.
    pub fn is_root(&self) -> bool {
        self.name == RedisAccount::ROOT
    }
}

worded! {
    /// `Privilege`
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Privilege {
        Read = "r",
        Write = "w",
        ReadWrite = "rw",
    }
}

/// `ReadonlyPolicy`: which nodes serve what an account reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Master,
    Replication,
    Both,
}

impl Route {
    const MASTER: &'static str = "master";
    const REPLICATION: &'static str = "replication";

    /// The words on the wire.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Route::Master => &[Route::MASTER],
            Route::Replication => &[Route::REPLICATION],
            Route::Both => &[Route::MASTER, Route::REPLICATION],
        }
    }

    /// The one of those words, in any order; `None`: there are none, or others.
    pub fn from_words<T: AsRef<str>>(words: &[T]) -> Option<Route> {
        let known = |word: &T| [Route::MASTER, Route::REPLICATION].contains(&word.as_ref());
        let has = |wanted: &str| words.iter().any(|word| word.as_ref() == wanted);
        match (has(Route::MASTER), has(Route::REPLICATION)) {
            _ if !words.iter().all(known) => None,
            (true, true) => Some(Route::Both),
            (true, false) => Some(Route::Master),
            (false, true) => Some(Route::Replication),
            (false, false) => None,
        }
    }

    /// Whether replicas serve it.
    pub fn reads_replicas(self) -> bool {
        self != Route::Master
    }
}

/// A key pair for a while, as an action hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemporaryKey {
    pub pair: KeyPair,
    /// What must come with it.
    pub token: String,
    /// When it ends, in seconds of real time since 1970.
    pub expires_at_s: i64,
    /// The policy that it is narrowed to, in CAM's syntax.
    pub policy: Option<String>,
}
