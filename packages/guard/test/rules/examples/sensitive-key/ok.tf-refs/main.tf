resource "x" "y" {
  password = each.value.password
  token = jsondecode(data.aws_secretsmanager_secret_version.x.secret_string)["token"]
  secret_key = local.secrets["key"]
  api_key = file("${path.module}/key")
  auth_token = "${var.token}"
  sensitive = true
}
variable "password" { type = string }
variable "token" {
  default = ""
}
output "password" {
  value = random_password.x.result
  sensitive = true
}
