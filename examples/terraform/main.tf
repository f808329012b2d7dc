# An instance of each architecture. Change a variable and apply again to scale: one at a time, since
# the API takes one change at a time.

variable "mem_size" {
  description = "Memory in MB; of one shard with the cluster."
  type        = number
  default     = 1024
}

variable "replicas" {
  description = "Replicas of each shard. (Redis 2.8 always has one.)"
  type        = number
  default     = 1
}

variable "shards" {
  description = "Shards of the cluster."
  type        = number
  default     = 3
}

variable "password" {
  description = "Password of all three."
  type        = string
  sensitive   = true
  default     = "Local#Pass1"
}

locals {
  tags = {
    team  = "orders"
    stage = "local"
  }
}

data "tencentcloud_redis_zone_config" "sold" {
  type_id = 15
}

resource "tencentcloud_redis_instance" "standard" {
  name               = "standard"
  availability_zone  = "ap-guangzhou-3"
  type_id            = 15 # Redis 6.2
  mem_size           = var.mem_size
  redis_shard_num    = 1
  redis_replicas_num = var.replicas
  password           = var.password
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  tags               = local.tags
  force_delete       = true
}

resource "tencentcloud_redis_instance" "cluster" {
  name               = "cluster"
  availability_zone  = "ap-guangzhou-3"
  type_id            = 16 # Redis 6.2, cluster
  mem_size           = var.mem_size
  redis_shard_num    = var.shards
  redis_replicas_num = var.replicas
  password           = var.password
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  tags               = local.tags
  force_delete       = true
}

resource "tencentcloud_redis_instance" "master_replica" {
  name              = "master-replica"
  availability_zone = "ap-guangzhou-3"
  type_id           = 2 # Redis 2.8
  mem_size          = var.mem_size
  password          = var.password
  vpc_id            = "vpc-local000"
  subnet_id         = "subnet-local000"
  tags              = local.tags
  force_delete      = true
}

output "addresses" {
  value = {
    standard       = "${tencentcloud_redis_instance.standard.ip}:${tencentcloud_redis_instance.standard.port}"
    cluster        = "${tencentcloud_redis_instance.cluster.ip}:${tencentcloud_redis_instance.cluster.port}"
    master_replica = "${tencentcloud_redis_instance.master_replica.ip}:${tencentcloud_redis_instance.master_replica.port}"
  }
}

output "sold_zones" {
  value = distinct([for row in data.tencentcloud_redis_zone_config.sold.list : row.zone])
}
