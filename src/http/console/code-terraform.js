// Actions that a resource of the provider stands for, and what its arguments are called.

import { quoted, schemeOf } from "./code-words.js";

/** @typedef {[string, string]} Pair a member and its argument */
/** @type {Record<string, { resource: string, pairs: Pair[], fixed?: string[] }>} */
const RESOURCES = {
  CreateInstances: {
    resource: "tencentcloud_redis_instance",
    pairs: [
      ["InstanceName", "name"], ["ZoneName", "availability_zone"], ["TypeId", "type_id"], ["MemSize", "mem_size"],
      ["RedisShardNum", "redis_shard_num"], ["RedisReplicasNum", "redis_replicas_num"], ["Password", "password"],
      ["NoAuth", "no_auth"], ["UniqVpcId", "vpc_id"], ["VpcId", "vpc_id"], ["SubnetId", "subnet_id"], ["VPort", "port"],
      ["ProjectId", "project_id"], ["SecurityGroupIdList", "security_groups"], ["TemplateId", "params_template_id"],
      ["ProductVersion", "product_version"], ["Period", "prepaid_period"], ["ReplicasReadonly", "replicas_read_only"],
    ],
  },
  CreateInstanceAccount: {
    resource: "tencentcloud_redis_account",
    pairs: [
      ["InstanceId", "instance_id"], ["AccountName", "account_name"], ["AccountPassword", "account_password"],
      ["ReadonlyPolicy", "readonly_policy"], ["Privilege", "privilege"], ["Remark", "remark"],
    ],
  },
  ModifyConnectionConfig: {
    resource: "tencentcloud_redis_connection_config",
    pairs: [["InstanceId", "instance_id"], ["ClientLimit", "client_limit"], ["Bandwidth", "add_bandwidth"]],
  },
  ModifyMaintenanceWindow: {
    resource: "tencentcloud_redis_maintenance_window",
    pairs: [["InstanceId", "instance_id"], ["StartTime", "start_time"], ["EndTime", "end_time"]],
  },
  CreateParamTemplate: {
    resource: "tencentcloud_redis_param_template",
    pairs: [["Name", "name"], ["Description", "description"], ["ProductType", "product_type"], ["TemplateId", "template_id"]],
  },
  ModifyAutoBackupConfig: {
    resource: "tencentcloud_redis_backup_config",
    pairs: [["InstanceId", "redis_id"], ["TimePeriod", "backup_time"]],
  },
  ManualBackupInstance: {
    resource: "tencentcloud_redis_backup_operation",
    pairs: [["InstanceId", "instance_id"], ["Remark", "remark"], ["StorageDays", "storage_days"]],
  },
  OpenSSL: { resource: "tencentcloud_redis_ssl", pairs: [["InstanceId", "instance_id"]], fixed: [`ssl_config = "enabled"`] },
  CloseSSL: { resource: "tencentcloud_redis_ssl", pairs: [["InstanceId", "instance_id"]], fixed: [`ssl_config = "disabled"`] },
  RenewInstance: {
    resource: "tencentcloud_redis_renew_instance_operation",
    pairs: [["InstanceId", "instance_id"], ["Period", "period"], ["ModifyPayMode", "modify_pay_mode"]],
  },
  StartupInstance: { resource: "tencentcloud_redis_startup_instance_operation", pairs: [["InstanceId", "instance_id"]] },
  ClearInstance: {
    resource: "tencentcloud_redis_clear_instance_operation",
    pairs: [["InstanceId", "instance_id"], ["Password", "password"]],
  },
  AssociateSecurityGroups: {
    resource: "tencentcloud_redis_security_group_attachment",
    pairs: [["InstanceIds", "instance_id"], ["SecurityGroupId", "security_group_id"]],
  },
  ModifyInstanceReadOnly: {
    resource: "tencentcloud_redis_read_only",
    pairs: [["InstanceId", "instance_id"], ["InputMode", "input_mode"]],
  },
};

/** @param {string} action */
export const hasResource = (action) => action in RESOURCES;

/** A list where the argument is none: its first. @param {string} argument @param {unknown} value */
const single = (argument, value) => (Array.isArray(value) && argument.endsWith("_id") ? value[0] : value);

/** @param {unknown} value @returns {string} */
function hcl(value) {
  if (typeof value === "string") return quoted(value).replace(/[$%](?=\{)/g, (sign) => sign + sign);
  if (Array.isArray(value)) return `[${value.map(hcl).join(", ")}]`;
  return String(value);
}

/** The resource of the provider. @type {import("./code.js").Writer} */
export function terraform(call) {
  const row = RESOURCES[call.action.Name];
  if (!row) return "";
  const lines = row.pairs
    .filter(([member]) => member in call.params)
    .map(([member, argument]) => [argument, hcl(single(argument, call.params[member]))]);
  lines.push(...(row.fixed ?? []).map((line) => line.split(" = ")));
  const width = Math.max(0, ...lines.map(([argument]) => argument.length));
  const named = new Set(row.pairs.map(([member]) => member));
  const left = Object.keys(call.params).filter((member) => !named.has(member));
  const notes = left.length > 0 ? `  # No argument of the resource says: ${left.join(", ")}\n` : "";
  const provider = call.real
    ? `provider "tencentcloud" {\n  region = ${quoted(call.region)}\n}\n`
    : `# export TENCENTCLOUD_SECRET_ID=${call.secretId} TENCENTCLOUD_SECRET_KEY=${call.secretKey}
# export TENCENTCLOUD_PROTOCOL=HTTP HTTP_PROXY=${schemeOf(call)}://${call.host}
provider "tencentcloud" {\n  region = ${quoted(call.region)}\n}\n`;
  return `terraform {
  required_providers {
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}

${provider}
resource "${row.resource}" "this" {
${lines.map(([argument, value]) => `  ${argument.padEnd(width)} = ${value}\n`).join("")}${notes}}
`;
}
