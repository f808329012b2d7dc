# What Terraform can do without any provider: enough to prove the driver.

variable "size" {
  type = number
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "terraform_data" "this" {
  input = {
    size = var.size
    tags = var.tags
  }
}
