# What can be set of one instance, by a resource each: accounts, parameters, connections, window, security
# groups, encryption. One change at a time may run on an instance, so each waits for the one before.

terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

variable "template" {
  type = object({ name = string, description = string, hz = string })
}

variable "applied" {
  type = string
}

variable "writer" {
  type = object({ password = string, routes = list(string), privilege = string, remark = string })
}

variable "params" {
  type = map(string)
}

variable "clients" {
  type = number
}

variable "bandwidth" {
  type = number
}

variable "window" {
  type = list(string)
}

variable "group" {
  type = string
}

variable "encrypted" {
  type = string
}

provider "tencentcloud" {}

resource "tencentcloud_redis_param_template" "first" {
  name         = var.template.name
  description  = var.template.description
  product_type = 15

  params_override {
    key   = "hz"
    value = var.template.hz
  }

  params_override {
    key   = "replica-lazy-flush"
    value = "no"
  }

  # Only said when it is made, and not told after an import.
  lifecycle {
    ignore_changes = [product_type]
  }
}

resource "tencentcloud_redis_param_template" "copy" {
  name        = "${var.template.name}-copy"
  template_id = tencentcloud_redis_param_template.first.id

  params_override {
    key   = "hz"
    value = "50"
  }

  lifecycle {
    ignore_changes = [template_id]
  }
}

resource "tencentcloud_redis_instance" "this" {
  name               = "settings"
  availability_zone  = "ap-guangzhou-3"
  type_id            = 15
  mem_size           = 1024
  redis_shard_num    = 1
  redis_replicas_num = 1
  password           = "Local#Pass1"
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  # What an attachment binds, too: each reads all that is bound.
  security_groups    = ["sg-local000", var.group]
  params_template_id = var.applied == "first" ? tencentcloud_redis_param_template.first.id : tencentcloud_redis_param_template.copy.id
  replicas_read_only = true
  force_delete       = true
}

resource "tencentcloud_redis_security_group_attachment" "more" {
  instance_id       = tencentcloud_redis_instance.this.id
  security_group_id = var.group
}

resource "tencentcloud_redis_maintenance_window" "this" {
  instance_id = tencentcloud_redis_instance.this.id
  start_time  = var.window[0]
  end_time    = var.window[1]
}

resource "tencentcloud_redis_account" "writer" {
  instance_id      = tencentcloud_redis_instance.this.id
  account_name     = "orders_rw"
  account_password = var.writer.password
  readonly_policy  = var.writer.routes
  privilege        = var.writer.privilege
  remark           = var.writer.remark
}

resource "tencentcloud_redis_account" "reader" {
  instance_id      = tencentcloud_redis_instance.this.id
  account_name     = "reports"
  account_password = "Reader#2027"
  readonly_policy  = ["master", "replication"]
  privilege        = "r"
  depends_on       = [tencentcloud_redis_account.writer]
}

resource "tencentcloud_redis_param" "this" {
  instance_id     = tencentcloud_redis_instance.this.id
  instance_params = var.params
  depends_on      = [tencentcloud_redis_account.reader]
}

resource "tencentcloud_redis_connection_config" "this" {
  instance_id   = tencentcloud_redis_instance.this.id
  client_limit  = var.clients
  add_bandwidth = var.bandwidth
  depends_on    = [tencentcloud_redis_param.this]
}

resource "tencentcloud_redis_ssl" "this" {
  instance_id = tencentcloud_redis_instance.this.id
  ssl_config  = var.encrypted
  depends_on  = [tencentcloud_redis_connection_config.this]
}

data "tencentcloud_redis_param_records" "this" {
  instance_id = tencentcloud_redis_param.this.id
}

data "tencentcloud_redis_instance_task_list" "params" {
  instance_id = tencentcloud_redis_param.this.id
  task_types  = ["034"]
  task_status = [2]
  result      = [2]
}
