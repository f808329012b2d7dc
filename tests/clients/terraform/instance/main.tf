# One instance, every attribute that can change a variable, and the data sources.

terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

# Null leaves it to the environment.
variable "domain" {
  type    = string
  default = null
}

variable "name" {
  type    = string
  default = "terraform"
}

variable "type_id" {
  type    = number
  default = 15
}

variable "mem_size" {
  type    = number
  default = 1024
}

variable "shards" {
  type    = number
  default = 1
}

variable "replicas" {
  type    = number
  default = 1
}

variable "password" {
  type    = string
  default = "Local#Pass1"
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "project_id" {
  type    = number
  default = 0
}

variable "charge_type" {
  type    = string
  default = "POSTPAID"
}

variable "prepaid_period" {
  type    = number
  default = null
}

provider "tencentcloud" {
  domain = var.domain
}

resource "tencentcloud_redis_instance" "this" {
  name               = var.name
  availability_zone  = "ap-guangzhou-3"
  type_id            = var.type_id
  mem_size           = var.mem_size
  redis_shard_num    = var.shards
  redis_replicas_num = var.replicas
  password           = var.password
  vpc_id             = "vpc-local000"
  subnet_id          = "subnet-local000"
  project_id         = var.project_id
  charge_type        = var.charge_type
  prepaid_period     = var.prepaid_period
  tags               = var.tags
  force_delete       = true
}

data "tencentcloud_redis_zone_config" "sold" {
  type_id = var.type_id
}

data "tencentcloud_redis_instances" "all" {
  zone       = "ap-guangzhou-3"
  depends_on = [tencentcloud_redis_instance.this]
}

output "listed" {
  value = [for instance in data.tencentcloud_redis_instances.all.instance_list : instance.redis_id]
}
