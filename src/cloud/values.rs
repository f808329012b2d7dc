//! The words of the API that several rooms share: statuses, billing modes, sizes, roles, tags.

use crate::cloud::time::{DAY, HOUR, Millis};

/// An enumeration whose members are words of the API: `ALL`, in this order, `word` and `from_word`.
macro_rules! worded {
    ($(#[$of_all:meta])* pub enum $name:ident { $($(#[$of_one:meta])* $one:ident = $word:literal,)+ }) => {
        $(#[$of_all])*
        pub enum $name { $($(#[$of_one])* $one,)+ }

        impl $name {
            /// All that there are.
            pub const ALL: [$name; [$($word),+].len()] = [$($name::$one),+];

            /// Its word.
            pub const fn word(self) -> &'static str {
                match self { $($name::$one => $word,)+ }
            }

            /// The one of that word, if there is one.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|one| one.word() == word)
            }
        }
    };
}
pub(in crate::cloud) use worded;

/// The same by numbers: `ALL`, `number` and `from_number`.
macro_rules! numbered {
    ($(#[$of_all:meta])* pub enum $name:ident { $($(#[$of_one:meta])* $one:ident = $number:expr,)+ }) => {
        $(#[$of_all])*
        pub enum $name { $($(#[$of_one])* $one = $number,)+ }

        impl $name {
            /// All that there are.
            pub const ALL: [$name; [$($number),+].len()] = [$($name::$one),+];

            /// Its number.
            pub const fn number(self) -> i64 {
                self as i64
            }

            /// The one of that number, if there is one.
            pub fn from_number(number: i64) -> Option<$name> {
                $name::ALL.into_iter().find(|one| one.number() == number)
            }
        }
    };
}
pub(in crate::cloud) use numbered;

numbered! {
    /// The only statuses that DescribeInstances ever shows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Status {
        /// About to be initialised.
        Pending = 0,
        /// In a flow.
        InProcess = 1,
        Running = 2,
        Isolated = -2,
        /// To be deleted.
        Deleting = -3,
    }
}

impl Status {
    /// Whether it is that of an instance in the recycle bin.
    pub fn is_binned(self) -> bool {
        matches!(self, Status::Isolated | Status::Deleting)
    }

    /// Whether it is that of an instance with a change under way.
    pub fn is_busy(self) -> bool {
        matches!(self, Status::Pending | Status::InProcess)
    }
}

numbered! {
    /// How an instance is paid for.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Billing {
        /// By the hour, afterwards.
        Postpaid = 0,
        /// By the month, before.
        Prepaid = 1,
    }
}

impl Billing {
    /// How many instances one order can hold.
    pub const fn most_goods(self) -> u64 {
        match self {
            Billing::Postpaid => 30,
            Billing::Prepaid => 100,
        }
    }

    /// How long an isolated instance is kept, as documented for OfflineTime.
    pub fn kept_for(self) -> Millis {
        match self {
            Billing::Postpaid => 2 * HOUR,
            Billing::Prepaid => 7 * DAY,
        }
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Billing::Postpaid => "postpaid",
            Billing::Prepaid => "prepaid",
        }
    }

    /// The mode of that word, if there is one.
    pub fn from_word(word: &str) -> Option<Billing> {
        Billing::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

numbered! {
    /// `AutoRenewFlag`
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum AutoRenew {
        Manual = 0,
        Automatic = 1,
        Never = 2,
    }
}

worded! {
    /// `BackupMode`: how far back an instance can go.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum BackupMode {
        /// To each of its backups.
        Normal = "NormalLevelBackup",
        /// To any second.
        SecondLevel = "SecondLevelBackup",
    }
}

/// A tag of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub key: String,
    pub value: String,
}

numbered! {
    /// `NodeType`
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Role {
        Master = 0,
        Replica = 1,
    }
}
