data "x" "token" {
  name = "prod-token-name"
}
resource "aws_ssm_parameter" "db_password" {
  name  = "/prod/db/password"
  type  = "SecureString"
  value = random_password.db.result
}
variable "api_key" {
  description = "API key for 1234abcd service"
  type        = string
}
