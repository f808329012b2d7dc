//! Which actions the Terraform provider calls for what its suite (`tests/clients/terraform/`) configures.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What each type of resource and of data source of the provider's Redis part calls whenever it is applied, read and
/// destroyed: its name after `tencentcloud_redis_`, and the actions. What depends on the configuration is not here.
const CALLS: &[(&str, &[&str])] = &[
    (
        "account",
        &[
            "CreateInstanceAccount",
            "DeleteInstanceAccount",
            "DescribeInstanceAccount",
        ],
    ),
    ("audit_log", &["CloseLog", "DescribeLogInstanceList", "OpenLog"]),
    ("backup", &["DescribeInstanceBackups"]),
    ("backup_config", &["DescribeAutoBackupConfig", "ModifyAutoBackupConfig"]),
    ("backup_download_info", &["DescribeBackupUrl"]),
    (
        "backup_download_restriction",
        &["DescribeBackupDownloadRestriction", "ModifyBackupDownloadRestriction"],
    ),
    (
        "backup_encrypt",
        &["DescribeBackupEncryptConfig", "ModifyBackupEncrypt"],
    ),
    ("backup_operation", &["DescribeTaskInfo", "ManualBackupInstance"]),
    ("clear_instance_operation", &["ClearInstance", "DescribeTaskInfo"]),
    ("clusters", &["DescribeRedisClusters"]),
    (
        "connection_config",
        &[
            "DescribeBandwidthRange",
            "DescribeInstances",
            "DescribeTaskInfo",
            "ModifyConnectionConfig",
        ],
    ),
    (
        "instance",
        &["CreateInstances", "DescribeInstances", "DescribeProductInfo"],
    ),
    ("instance_node_info", &["DescribeInstanceNodeInfo"]),
    (
        "instance_password_policy_config",
        &["DescribeInstancePasswordPolicy", "ModifyInstancePasswordPolicy"],
    ),
    ("instance_shards", &["DescribeInstanceShards"]),
    ("instance_task_list", &["DescribeTaskList"]),
    ("instance_zone_info", &["DescribeInstanceZoneInfo"]),
    ("instances", &["DescribeInstances"]),
    (
        "log_delivery",
        &["DescribeInstanceLogDelivery", "ModifyInstanceLogDelivery"],
    ),
    (
        "maintenance_window",
        &["DescribeMaintenanceWindow", "ModifyMaintenanceWindow"],
    ),
    (
        "param",
        &["DescribeInstanceParams", "DescribeTaskInfo", "ModifyInstanceParams"],
    ),
    ("param_records", &["DescribeInstanceParamRecords"]),
    (
        "param_template",
        &[
            "CreateParamTemplate",
            "DeleteParamTemplate",
            "DescribeParamTemplateInfo",
        ],
    ),
    (
        "read_only",
        &["DescribeInstances", "DescribeTaskInfo", "ModifyInstanceReadOnly"],
    ),
    ("renew_instance_operation", &["DescribeInstances", "RenewInstance"]),
    ("replica_readonly", &["DescribeInstances", "DescribeTaskInfo"]),
    (
        "replicate_attachment",
        &[
            "AddReplicationInstance",
            "DescribeReplicationGroup",
            "RemoveReplicationInstance",
        ],
    ),
    (
        "security_group_attachment",
        &[
            "AssociateSecurityGroups",
            "DescribeDBSecurityGroups",
            "DisassociateSecurityGroups",
        ],
    ),
    ("ssl", &["DescribeSSLStatus"]),
    ("startup_instance_operation", &["DescribeInstances", "StartupInstance"]),
    ("switch_master", &["ChangeReplicaToMaster", "DescribeInstanceZoneInfo"]),
    (
        "upgrade_cache_version_operation",
        &["DescribeTaskInfo", "UpgradeSmallVersion"],
    ),
    (
        "upgrade_multi_zone_operation",
        &["DescribeTaskInfo", "UpgradeVersionToMultiAvailabilityZones"],
    ),
    (
        "upgrade_proxy_version_operation",
        &["DescribeTaskInfo", "UpgradeProxyVersion"],
    ),
    ("zone_config", &["DescribeProductInfo"]),
];

/// The actions that the provider calls for the configurations in a folder.
pub(super) fn called(folder: &Path) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            called.extend(self::called(&path));
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            let text = fs::read_to_string(&path).expect("a configuration");
            called.extend(types(&text).into_iter().flat_map(calls).map(str::to_owned));
        }
    }
    called
}

/// The types of its resources and data sources, after `tencentcloud_redis_`.
fn types(configuration: &str) -> Vec<&str> {
    let blocks = configuration.lines().filter_map(|line| {
        let of = line.strip_prefix("resource \"").or(line.strip_prefix("data \""))?;
        of.strip_prefix("tencentcloud_redis_")?.split('"').next()
    });
    blocks.collect()
}

fn calls(name: &str) -> Vec<&'static str> {
    let row = CALLS.iter().find(|(own, _)| *own == name);
    row.unwrap_or_else(|| panic!("what does a {name} call?")).1.to_vec()
}

#[test]
fn a_configuration_is_read_by_its_blocks() {
    let text = "resource \"tencentcloud_redis_ssl\" \"this\" {\n}\n  data \"tencentcloud_redis_none\" \"no\" {}\n\
                data \"tencentcloud_redis_zone_config\" \"zones\" {}\nresource \"tencentcloud_vpc\" \"v\" {}\n";
    assert_eq!(types(text), ["ssl", "zone_config"]);
}
