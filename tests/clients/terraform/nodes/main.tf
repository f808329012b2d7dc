# What instances are made of, who writes and who reads, and a replication group, which no resource makes.
# One change at a time may run on an instance, so each waits for the one before.

terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

variable "main" {
  type        = number
  description = "Which of the two groups holds the master."
}

variable "input" {
  type = string
}

variable "reading" {
  type = string
}

variable "master" {
  type = number
}

variable "members" {
  type = list(number)
}

provider "tencentcloud" {}

resource "tencentcloud_redis_instance" "spread" {
  name               = "spread"
  availability_zone  = "ap-guangzhou-6"
  type_id            = 15
  mem_size           = 1024
  redis_shard_num    = 1
  redis_replicas_num = 1
  replica_zone_ids   = [100007]
  password           = "Local#Pass1"
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  force_delete       = true

  # The zones of replicas move with the master.
  lifecycle {
    ignore_changes = [replica_zone_ids]
  }
}

resource "tencentcloud_redis_instance" "cluster" {
  name               = "cluster"
  availability_zone  = "ap-guangzhou-3"
  type_id            = 16
  mem_size           = 1024
  redis_shard_num    = 3
  redis_replicas_num = 2
  password           = "Local#Pass1"
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  force_delete       = true
}

resource "tencentcloud_redis_instance" "member" {
  count              = 3
  name               = "member-${count.index}"
  availability_zone  = "ap-guangzhou-3"
  type_id            = 7
  mem_size           = 4096
  redis_shard_num    = 1
  redis_replicas_num = 1
  password           = "Local#Pass1"
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  force_delete       = true
}

data "tencentcloud_redis_instance_zone_info" "spread" {
  instance_id = tencentcloud_redis_instance.spread.id
}

resource "tencentcloud_redis_switch_master" "spread" {
  instance_id = tencentcloud_redis_instance.spread.id
  group_id    = data.tencentcloud_redis_instance_zone_info.spread.replica_groups[var.main].group_id
}

resource "tencentcloud_redis_read_only" "spread" {
  instance_id = tencentcloud_redis_switch_master.spread.instance_id
  input_mode  = var.input
}

resource "tencentcloud_redis_replica_readonly" "cluster" {
  instance_id     = tencentcloud_redis_instance.cluster.id
  readonly_policy = ["master"]
  operate         = var.reading
}

resource "tencentcloud_redis_replicate_attachment" "this" {
  group_id           = "crs-rpl-orfiwmn5"
  master_instance_id = tencentcloud_redis_instance.member[var.master].id
  # The one that writes is one of them.
  instance_ids = [for member in var.members : tencentcloud_redis_instance.member[member].id]
}

data "tencentcloud_redis_instance_node_info" "spread" {
  instance_id = tencentcloud_redis_switch_master.spread.instance_id
}

data "tencentcloud_redis_instance_node_info" "cluster" {
  instance_id = tencentcloud_redis_replica_readonly.cluster.instance_id
}

data "tencentcloud_redis_instance_shards" "all" {
  instance_id = tencentcloud_redis_instance.cluster.id
}

data "tencentcloud_redis_instance_shards" "masters" {
  instance_id  = tencentcloud_redis_instance.cluster.id
  filter_slave = true
}
