# A network of one's own with its groups and rules, an instance in it that moves about, and the data
# sources that find all of it.

terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

variable "name" {
  type    = string
  default = "network"
}

variable "tags" {
  type    = map(string)
  default = { env = "local" }
}

variable "dns_servers" {
  type    = list(string)
  default = ["119.29.29.29", "182.254.116.116"]
}

variable "ports" {
  type    = list(string)
  default = ["6379", "6380"]
}

variable "lets_out" {
  type    = bool
  default = true
}

variable "sources" {
  type    = list(string)
  default = ["ACCEPT#10.0.0.0/8#80,443#TCP", "DROP#0.0.0.0/0#ALL#ALL"]
}

variable "subnet" {
  type    = string
  default = "first"
}

# What was moved last: the provider asks for it with each new address, port or subnet.
variable "moves" {
  type    = string
  default = null
}

variable "ip" {
  type    = string
  default = null
}

variable "port" {
  type    = number
  default = 6379
}

variable "password" {
  type    = string
  default = "Local#Pass1"
}

variable "public" {
  type    = string
  default = "close"
}

variable "groups" {
  type    = list(string)
  default = ["rules"]
}

provider "tencentcloud" {}

locals {
  subnets = {
    first  = tencentcloud_subnet.this.id
    second = tencentcloud_subnet.second.id
  }
  groups = {
    rules   = tencentcloud_security_group.this.id
    clients = tencentcloud_security_group.clients.id
  }
}

resource "tencentcloud_vpc" "this" {
  name            = var.name
  cidr_block      = "10.0.0.0/16"
  dns_servers     = var.dns_servers
  is_multicast    = false
  assistant_cidrs = ["172.20.0.0/16"]
  tags            = var.tags
}

resource "tencentcloud_subnet" "this" {
  name              = var.name
  vpc_id            = tencentcloud_vpc.this.id
  availability_zone = "ap-guangzhou-4"
  cidr_block        = "10.0.1.0/24"
  is_multicast      = false
  route_table_id    = tencentcloud_vpc.this.default_route_table_id
  tags              = var.tags
}

resource "tencentcloud_subnet" "second" {
  name              = "${var.name}-second"
  vpc_id            = tencentcloud_vpc.this.id
  availability_zone = "ap-guangzhou-3"
  cidr_block        = "10.0.2.0/24"
}

resource "tencentcloud_route_table_association" "this" {
  subnet_id      = tencentcloud_subnet.this.id
  route_table_id = tencentcloud_vpc.this.default_route_table_id
}

resource "tencentcloud_security_group" "this" {
  name        = var.name
  description = "of ${var.name}"
  tags        = var.tags
}

resource "tencentcloud_security_group_rule_set" "this" {
  security_group_id = tencentcloud_security_group.this.id

  dynamic "ingress" {
    for_each = var.ports
    content {
      action      = "ACCEPT"
      cidr_block  = "10.0.0.0/16"
      protocol    = "TCP"
      port        = ingress.value
      description = "clients"
    }
  }

  ingress {
    action     = "DROP"
    cidr_block = "0.0.0.0/0"
    protocol   = "ALL"
    port       = "ALL"
  }

  dynamic "egress" {
    for_each = var.lets_out ? ["ALL"] : []
    content {
      action     = "ACCEPT"
      cidr_block = "0.0.0.0/0"
      protocol   = "ALL"
      port       = egress.value
    }
  }
}

resource "tencentcloud_security_group" "clients" {
  name = "${var.name}-clients"
}

resource "tencentcloud_security_group_lite_rule" "clients" {
  security_group_id = tencentcloud_security_group.clients.id
  ingress           = var.sources
  egress            = ["ACCEPT#172.16.0.0/16#ALL#TCP", "DROP#0.0.0.0/0#ALL#ALL"]
}

resource "tencentcloud_security_group" "single" {
  name = "${var.name}-single"
}

resource "tencentcloud_security_group_rule" "from_clients" {
  security_group_id = tencentcloud_security_group.single.id
  type              = "ingress"
  source_sgid       = tencentcloud_security_group.clients.id
  ip_protocol       = "tcp"
  port_range        = "6379"
  policy            = "accept"
}

resource "tencentcloud_security_group_rule" "rest" {
  security_group_id = tencentcloud_security_group.single.id
  type              = "ingress"
  cidr_ip           = "0.0.0.0/0"
  policy            = "drop"
  policy_index      = 1
  depends_on        = [tencentcloud_security_group_rule.from_clients]
}

resource "tencentcloud_redis_instance" "this" {
  name               = var.name
  availability_zone  = "ap-guangzhou-3"
  type_id            = 15
  mem_size           = 1024
  redis_shard_num    = 1
  redis_replicas_num = 1
  password           = var.password
  no_auth            = var.password == null
  vpc_id             = tencentcloud_vpc.this.id
  subnet_id          = local.subnets[var.subnet]
  security_groups    = [for group in var.groups : local.groups[group]]
  operation_network  = var.moves
  ip                 = var.ip
  port               = var.port
  wan_address_switch = var.public
}

data "tencentcloud_availability_zones" "all" {}

data "tencentcloud_availability_zones_by_product" "redis" {
  product = "redis"
}

data "tencentcloud_vpc_instances" "this" {
  vpc_id = tencentcloud_vpc.this.id
}

data "tencentcloud_vpc_subnets" "this" {
  vpc_id            = tencentcloud_vpc.this.id
  availability_zone = "ap-guangzhou-4"
  depends_on        = [tencentcloud_subnet.this]
}

data "tencentcloud_vpc_route_tables" "this" {
  vpc_id           = tencentcloud_vpc.this.id
  association_main = true
}

data "tencentcloud_security_groups" "this" {
  security_group_id = tencentcloud_security_group.this.id
}
