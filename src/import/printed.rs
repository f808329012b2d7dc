//! What TCCLI prints, as types: the answers that an import reads, bare or in their `Response`. Any member may be
//! missing or null, as old answers have it; one that the API does not know is a fault.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One printed answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Printed {
    pub(super) response: Option<Box<Printed>>,
    pub(super) error: Option<ApiError>,
    pub(super) request_id: Option<String>,
    pub(super) total_count: Option<i64>,
    pub(super) instance_set: Option<Vec<Entry>>,
    pub(super) proxy_count: Option<i64>,
    pub(super) proxy: Option<Vec<ProxyNode>>,
    pub(super) redis_count: Option<i64>,
    pub(super) redis: Option<Vec<RedisNode>>,
    pub(super) tendis_count: Option<i64>,
    pub(super) tendis: Option<Vec<Value>>,
    pub(super) accounts: Option<Vec<Account>>,
    pub(super) instance_enum_param: Option<Vec<Parameter>>,
    pub(super) instance_integer_param: Option<Vec<Parameter>>,
    pub(super) instance_multi_param: Option<Vec<Parameter>>,
    pub(super) instance_text_param: Option<Vec<Parameter>>,
    pub(super) start_time: Option<String>,
    pub(super) end_time: Option<String>,
    pub(super) instance_security_groups_detail: Option<Vec<BoundGroups>>,
}

impl RedisNode {
    pub(super) fn is_master(&self) -> bool {
        self.node_role.as_deref() == Some("master")
    }
}

impl Printed {
    /// The action that it answers, if that does not say of which instance.
    pub(super) fn action_of_one(&self) -> Option<&'static str> {
        let params = [
            &self.instance_enum_param,
            &self.instance_integer_param,
            &self.instance_multi_param,
            &self.instance_text_param,
        ];
        if self.redis.is_some() || self.proxy.is_some() || self.tendis.is_some() {
            Some("DescribeInstanceNodeInfo")
        } else if self.accounts.is_some() {
            Some("DescribeInstanceAccount")
        } else if params.iter().any(|list| list.is_some()) {
            Some("DescribeInstanceParams")
        } else if self.start_time.is_some() || self.end_time.is_some() {
            Some("DescribeMaintenanceWindow")
        } else {
            None
        }
    }
}

/// What stands in place of an answer when the call was refused.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct ApiError {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

/// A proxy of DescribeInstanceNodeInfo.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct ProxyNode {
    pub(super) node_id: Option<String>,
    pub(super) zone_id: Option<i64>,
}

/// A Redis node of DescribeInstanceNodeInfo.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct RedisNode {
    pub(super) node_id: Option<String>,
    pub(super) node_role: Option<String>,
    /// The shard it belongs to.
    pub(super) cluster_id: Option<i64>,
    pub(super) zone_id: Option<i64>,
}

/// A Redis account, of DescribeInstanceAccount.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Account {
    pub(super) instance_id: Option<String>,
    pub(super) account_name: Option<String>,
    pub(super) remark: Option<String>,
    pub(super) privilege: Option<String>,
    pub(super) readonly_policy: Option<Vec<String>>,
    pub(super) status: Option<i64>,
    pub(super) create_time: Option<String>,
    pub(super) password_last_modified_time: Option<String>,
}

/// A parameter, of any list of DescribeInstanceParams.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Parameter {
    pub(super) param_name: Option<String>,
    pub(super) value_type: Option<String>,
    pub(super) need_restart: Option<String>,
    pub(super) default_value: Option<String>,
    pub(super) current_value: Option<String>,
    pub(super) tips: Option<String>,
    pub(super) status: Option<i64>,
    pub(super) enum_value: Option<Vec<String>>,
    pub(super) text_value: Option<Vec<String>>,
    pub(super) min: Option<String>,
    pub(super) max: Option<String>,
    pub(super) unit: Option<String>,
}

impl Parameter {
    pub(super) fn name(&self) -> &str {
        self.param_name.as_deref().unwrap_or_default()
    }
}

/// What DescribeMaintenanceWindow answers.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Window {
    pub(super) start_time: Option<String>,
    pub(super) end_time: Option<String>,
}

/// The groups of one instance, of DescribeInstanceSecurityGroup.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct BoundGroups {
    pub(super) instance_id: Option<String>,
    pub(super) security_group_details: Option<Vec<Group>>,
}

/// A security group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Group {
    pub(super) project_id: Option<i64>,
    pub(super) create_time: Option<String>,
    pub(super) security_group_id: Option<String>,
    pub(super) security_group_name: Option<String>,
    pub(super) security_group_remark: Option<String>,
    pub(super) inbound_rule: Option<Vec<Rule>>,
    pub(super) outbound_rule: Option<Vec<Rule>>,
}

/// A rule of a group.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Rule {
    pub(super) action: Option<String>,
    pub(super) ip: Option<String>,
    pub(super) port: Option<String>,
    pub(super) proto: Option<String>,
}

/// A tag of an instance.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Tag {
    pub(super) tag_key: Option<String>,
    pub(super) tag_value: Option<String>,
}

/// A node of an instance over several zones.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Node {
    pub(super) node_type: Option<i64>,
    pub(super) node_id: Option<i64>,
    pub(super) zone_id: Option<i64>,
    pub(super) zone_name: Option<String>,
}

/// An instance as DescribeInstances shows it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(super) struct Entry {
    pub(super) instance_name: Option<String>,
    pub(super) instance_id: Option<String>,
    pub(super) appid: Option<i64>,
    pub(super) project_id: Option<i64>,
    pub(super) region_id: Option<i64>,
    pub(super) zone_id: Option<i64>,
    pub(super) vpc_id: Option<i64>,
    pub(super) subnet_id: Option<i64>,
    pub(super) status: Option<i64>,
    pub(super) wan_ip: Option<String>,
    pub(super) port: Option<i64>,
    pub(super) createtime: Option<String>,
    pub(super) size: Option<f64>,
    pub(super) size_used: Option<f64>,
    #[serde(rename = "Type")]
    pub(super) type_id: Option<i64>,
    pub(super) auto_renew_flag: Option<i64>,
    pub(super) deadline_time: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) product_type: Option<String>,
    pub(super) uniq_vpc_id: Option<String>,
    pub(super) uniq_subnet_id: Option<String>,
    pub(super) billing_mode: Option<i64>,
    pub(super) instance_title: Option<String>,
    pub(super) offline_time: Option<String>,
    pub(super) sub_status: Option<i64>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) instance_node: Option<Vec<Value>>,
    pub(super) redis_shard_size: Option<i64>,
    pub(super) redis_shard_num: Option<i64>,
    pub(super) redis_replicas_num: Option<i64>,
    pub(super) price_id: Option<i64>,
    pub(super) close_time: Option<String>,
    pub(super) slave_read_weight: Option<i64>,
    pub(super) instance_tags: Option<Vec<Tag>>,
    pub(super) project_name: Option<String>,
    pub(super) no_auth: Option<bool>,
    pub(super) client_limit: Option<i64>,
    pub(super) dts_status: Option<i64>,
    pub(super) net_limit: Option<i64>,
    pub(super) password_free: Option<i64>,
    pub(super) vip6: Option<String>,
    #[serde(rename = "IPv6")]
    pub(super) ipv6: Option<String>,
    pub(super) read_only: Option<i64>,
    pub(super) remain_bandwidth_duration: Option<String>,
    pub(super) disk_size: Option<i64>,
    pub(super) monitor_version: Option<String>,
    pub(super) client_limit_min: Option<i64>,
    pub(super) client_limit_max: Option<i64>,
    pub(super) node_set: Option<Vec<Node>>,
    pub(super) region: Option<String>,
    pub(super) wan_address: Option<String>,
    pub(super) polaris_server: Option<String>,
    pub(super) redis_cluster_id: Option<String>,
    pub(super) dedicated_cluster_id: Option<String>,
    pub(super) product_version: Option<String>,
    pub(super) current_proxy_version: Option<String>,
    pub(super) current_redis_version: Option<String>,
    pub(super) upgrade_proxy_version: Option<String>,
    pub(super) upgrade_redis_version: Option<String>,
    pub(super) backup_mode: Option<String>,
    pub(super) delete_protection_switch: Option<i64>,
}

/// Whether a printed moment is one; a zero date stands where none has come.
pub(super) fn has_come(text: &str) -> bool {
    !text.is_empty() && !text.starts_with("0000-00-00")
}
