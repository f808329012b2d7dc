terraform {
  required_version = ">= 1.5"

  required_providers {
    tencentcloud = {
      source  = "tencentcloudstack/tencentcloud"
      version = "~> 1.83"
    }
  }
}

# Everything else comes from the environment (see README.md):
#   TENCENTCLOUD_PROTOCOL=HTTP HTTP_PROXY=http://127.0.0.1:8239
provider "tencentcloud" {
  # Or without a proxy, once the hosts file holds
  #   127.0.0.1 redis.tc.test region.tc.test tag.tc.test
  # because the provider always puts the service in front of the domain:
  #
  # protocol = "HTTP"
  # domain   = "tc.test:8239"
}
