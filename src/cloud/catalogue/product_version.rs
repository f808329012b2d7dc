//! What instances run on, in the words of `ProductVersion`, as documented for CreateInstances.

/// General, the first generation.
pub const LOCAL: &str = "local";
/// General, the second generation.
pub const LOCAL_V2: &str = "localv2";
/// A dedicated cluster.
pub const CDC: &str = "cdc";
/// Cloud-native.
pub const CLOUD: &str = "cloud";

/// All of them.
pub const ALL: [&str; 4] = [LOCAL, LOCAL_V2, CDC, CLOUD];
