# What is done once, to instances that are there already: each a resource that nothing reads or undoes.

terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

provider "tencentcloud" {}

resource "tencentcloud_redis_renew_instance_operation" "this" {
  instance_id     = "crs-prepaid0"
  period          = 1
  modify_pay_mode = "prepaid"
}

resource "tencentcloud_redis_startup_instance_operation" "this" {
  instance_id = "crs-isolated"
}

resource "tencentcloud_redis_upgrade_cache_version_operation" "this" {
  instance_id               = "crs-oldminor"
  current_redis_version     = "6.0.0"
  upgrade_redis_version     = "6.1.0"
  instance_type_upgrade_now = 1
}

resource "tencentcloud_redis_upgrade_proxy_version_operation" "this" {
  instance_id               = "crs-oldminor"
  current_proxy_version     = "5.7.0"
  upgrade_proxy_version     = "5.8.0"
  instance_type_upgrade_now = 1
  depends_on                = [tencentcloud_redis_upgrade_cache_version_operation.this]
}

resource "tencentcloud_redis_upgrade_multi_zone_operation" "this" {
  instance_id                    = "crs-oldtype0"
  upgrade_proxy_and_redis_server = false
}

data "tencentcloud_redis_clusters" "this" {
  cluster_name = "fleet"
}

data "tencentcloud_redis_instance_task_list" "spread" {
  task_types = ["047"]
  result     = [2]
  depends_on = [tencentcloud_redis_upgrade_multi_zone_operation.this]
}
