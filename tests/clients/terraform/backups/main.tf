# What is kept of an instance: backups and who may download them, its audit log, where its slow logs go.
# One change at a time may run on an instance, so each waits for the one before.

terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

variable "hour" {
  type = string
}

variable "remark" {
  type = string
}

variable "restriction" {
  type = object({ type = string, vpc_symbol = string, ip_symbol = string, vpcs = list(object({ region = string, ids = list(string) })), ips = list(string) })
}

variable "audit" {
  type = object({ kind = string, days = number, strategy = number })
}

variable "delivery" {
  type = object({ set = string, topic = string, days = number })
}

variable "other_topic" {
  type = string
}

variable "other_password" {
  type = string
}

provider "tencentcloud" {}

resource "tencentcloud_redis_instance" "this" {
  name               = "backups"
  availability_zone  = "ap-guangzhou-3"
  type_id            = 15
  mem_size           = 1024
  redis_shard_num    = 1
  redis_replicas_num = 1
  password           = "Local#Pass1"
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  force_delete       = true
}

resource "tencentcloud_redis_instance" "other" {
  name               = "cleared"
  availability_zone  = "ap-guangzhou-3"
  type_id            = 16
  mem_size           = 1024
  redis_shard_num    = 3
  redis_replicas_num = 1
  password           = var.other_password
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  force_delete       = true
}

resource "tencentcloud_redis_backup_config" "this" {
  redis_id    = tencentcloud_redis_instance.this.id
  backup_time = var.hour
}

resource "tencentcloud_redis_backup_operation" "this" {
  instance_id  = tencentcloud_redis_instance.this.id
  remark       = var.remark
  storage_days = 7
}

# The days are left to the service.
resource "tencentcloud_redis_backup_operation" "other" {
  instance_id = tencentcloud_redis_instance.other.id
}

resource "tencentcloud_redis_clear_instance_operation" "other" {
  instance_id = tencentcloud_redis_backup_operation.other.instance_id
  password    = var.other_password
}

resource "tencentcloud_redis_backup_download_restriction" "this" {
  limit_type            = var.restriction.type
  vpc_comparison_symbol = var.restriction.vpc_symbol
  ip_comparison_symbol  = var.restriction.ip_symbol
  limit_ip              = var.restriction.ips

  dynamic "limit_vpc" {
    for_each = var.restriction.vpcs
    content {
      region   = limit_vpc.value.region
      vpc_list = limit_vpc.value.ids
    }
  }
}

resource "tencentcloud_redis_audit_log" "this" {
  instance_id         = tencentcloud_redis_backup_operation.this.instance_id
  log_sub_type        = var.audit.kind
  log_expire_day      = var.audit.days
  high_log_expire_day = 7
  degrade_strategy    = var.audit.strategy
}

resource "tencentcloud_redis_log_delivery" "this" {
  instance_id      = tencentcloud_redis_audit_log.this.instance_id
  logset_name      = var.delivery.set
  topic_name       = var.delivery.topic
  log_region       = "ap-guangzhou"
  period           = var.delivery.days
  create_index     = true
  is_delete_topic  = true
  is_delete_logset = true
}

resource "tencentcloud_redis_log_delivery" "other" {
  instance_id     = tencentcloud_redis_clear_instance_operation.other.instance_id
  logset_id       = tencentcloud_redis_log_delivery.this.logset_id
  topic_name      = var.other_topic
  is_delete_topic = true

  # It stays where it is when the first goes to another logset.
  lifecycle {
    ignore_changes = [logset_id]
  }
}

data "tencentcloud_redis_backup" "this" {
  instance_id = tencentcloud_redis_backup_operation.this.instance_id
  status      = [2]
}

data "tencentcloud_redis_backup_download_info" "this" {
  instance_id = tencentcloud_redis_backup_operation.this.instance_id
  backup_id   = data.tencentcloud_redis_backup.this.backup_set[0].backup_id
  depends_on  = [tencentcloud_redis_backup_download_restriction.this]
}

# A link with a restriction of its own.
data "tencentcloud_redis_backup_download_info" "alone" {
  instance_id           = tencentcloud_redis_backup_operation.this.instance_id
  backup_id             = data.tencentcloud_redis_backup.this.backup_set[0].backup_id
  limit_type            = "Customize"
  vpc_comparison_symbol = "In"
  ip_comparison_symbol  = "NotIn"
  limit_ip              = ["10.1.1.12"]

  limit_vpc {
    region   = "ap-guangzhou"
    vpc_list = ["vpc-local000"]
  }
}
