//! What each sample is drawn from, and who is asked.

pub struct Sample {
    pub name: &'static str,
    pub seed: u64,
    pub rooms: &'static [&'static str],
    /// Which tests of `it` are asked behind the unit tests.
    pub tests: &'static [&'static str],
}

/// Mutants in a sample.
pub const COUNT: usize = 60;

const ANSWERS: &[&str] = &["answers", "corpus", "fixtures"];

pub const SAMPLES: [Sample; 4] = [
    Sample {
        name: "harness",
        seed: 20,
        rooms: &[
            "src/faults.rs src/faults",
            "src/journal.rs src/journal",
            "src/accounts.rs src/accounts",
            "src/store.rs src/store",
            "src/emulator/making.rs src/emulator/keep.rs",
            "src/world/members.rs src/world/replay.rs src/world/kept.rs src/world/keeping.rs",
        ],
        tests: &[
            "accounts",
            "builder",
            "checkpoints",
            "doors",
            "events",
            "faults",
            "isolation",
            "journal",
            "kept",
            "parallel",
            "told",
        ],
    },
    Sample {
        name: "settings",
        seed: 21,
        rooms: &[
            "src/cloud/network",
            "src/cloud/access",
            "src/cloud/parameter",
            "src/cloud/security_group",
            "src/cloud/vpc",
            "src/cloud/maintenance",
            "src/actions/network src/actions/access src/actions/parameter src/actions/security_group \
             src/actions/companions/vpc src/actions/maintenance.rs",
            "src/fixture/network.rs src/fixture/addresses.rs src/fixture/parameter.rs src/fixture/param.rs \
             src/fixture/security_group.rs",
        ],
        tests: ANSWERS,
    },
    Sample {
        name: "backups",
        seed: 22,
        rooms: &[
            "src/cloud/backup",
            "src/cloud/topology",
            "src/cloud/replication",
            "src/actions/backup",
            "src/actions/topology",
            "src/actions/replication",
            "src/fixture/backup.rs",
            "src/fixture/node.rs src/fixture/instance/topology.rs",
            "src/fixture/replication.rs",
        ],
        tests: &["answers", "backups", "corpus", "fixtures"],
    },
    Sample {
        name: "proof",
        seed: 23,
        rooms: &[
            "src/cloud/rules.rs src/cloud/order/rules.rs",
            "src/http/checks.rs",
            "src/auth",
            "src/limits.rs src/http/rate_limit.rs",
            "src/answer.rs src/answer",
            "src/contract",
            "src/cloud/life",
            "src/fixture/table.rs src/fixture/codec.rs",
            "src/cloud/catalogue",
            "src/cloud/monitor",
            "src/cloud/log",
            "src/actions/monitor src/actions/log",
        ],
        tests: &["answers", "corpus", "fixtures", "gateway", "logs", "monitor", "table"],
    },
];
