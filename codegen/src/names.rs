//! Names of the API turned into names of Rust.

/// Words that Rust keeps for itself and that `r#` can free.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// `RedisShardNum` -> `redis_shard_num`. A run of capitals is one word (`VpcID`, `SSLConfig`, `ProxyIDList`), as is
/// `IPv4` or `IPv6`; digits belong to the word before them (`Vip6`).
pub fn snake(name: &str) -> String {
    let name = name.replace("IPv", "Ipv").replace("IDs", "Ids");
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        if c.is_ascii_uppercase() && at > 0 {
            let after_word = !chars[at - 1].is_ascii_uppercase();
            let before_word = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
            if (after_word || before_word) && !out.ends_with('_') {
                out.push('_');
            }
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A member's name as a field: snake case, with `r#` where Rust keeps the word for itself.
pub fn field(name: &str) -> String {
    let snake = snake(name);
    if KEYWORDS.contains(&snake.as_str()) {
        return format!("r#{snake}");
    }
    // These four cannot be raw identifiers.
    if matches!(snake.as_str(), "self" | "super" | "crate" | "_") {
        return format!("{snake}_");
    }
    if snake.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{snake}");
    }
    snake
}

/// A shape's name as the name of a static: `RedisNodeInfo` -> `REDIS_NODE_INFO`.
pub fn upper(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// An error code as a variant: dots and words joined.
pub fn variant(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_keeps_runs_of_capitals_together() {
        for (name, expected) in [
            ("InstanceId", "instance_id"),
            ("MemSize", "mem_size"),
            ("VpcID", "vpc_id"),
            ("ID", "id"),
            ("DB", "db"),
            ("DBId", "db_id"),
            ("VIP", "vip"),
            ("VPort", "v_port"),
            ("Vip6", "vip6"),
            ("IPv6", "ipv6"),
            ("SSLConfig", "ssl_config"),
            ("EnableSSL", "enable_ssl"),
            ("SSLBindPrivateIPv4", "ssl_bind_private_ipv4"),
            ("ProxyID", "proxy_id"),
            ("ProxyIDList", "proxy_id_list"),
            ("NodeIDs", "node_ids"),
            (
                "DescribeInstanceMonitorTopNCmdTook",
                "describe_instance_monitor_top_n_cmd_took",
            ),
            ("ModfiyInstancePassword", "modfiy_instance_password"),
            ("ModifyDBInstanceSecurityGroups", "modify_db_instance_security_groups"),
            ("DescribeInstanceDTSInfo", "describe_instance_dts_info"),
            ("DescribeCommonDBInstances", "describe_common_db_instances"),
            ("OpenSSL", "open_ssl"),
            ("InstanceSlowlogDetail", "instance_slowlog_detail"),
            ("InstanceSlowLogDetail", "instance_slow_log_detail"),
            ("Appid", "appid"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
    }

    #[test]
    fn fields_step_around_the_words_rust_keeps() {
        assert_eq!(field("Type"), "r#type");
        assert_eq!(field("Override"), "r#override");
        assert_eq!(field("Self"), "self_");
        assert_eq!(field("Crate"), "crate_");
        assert_eq!(field("2Fast"), "_2_fast");
        assert_eq!(field("TypeId"), "type_id");
    }

    #[test]
    fn a_code_becomes_one_word() {
        assert_eq!(
            variant("InvalidParameterValue.MemSizeNotInRange"),
            "InvalidParameterValueMemSizeNotInRange"
        );
        assert_eq!(variant("LimitExceeded"), "LimitExceeded");
        assert_eq!(upper("RedisNodeInfo"), "REDIS_NODE_INFO");
    }
}
