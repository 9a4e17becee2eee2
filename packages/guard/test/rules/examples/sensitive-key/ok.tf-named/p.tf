resource "aws_ssm_parameter" "y" {
  name  = "/app/db/password"
  type  = "SecureString"
  value = var.db_password
}
set {
  name  = "auth.existingSecret"
  value = "my-secret"
}
set {
  name  = "auth.password"
  value = data.vault.x.data["pw"]
}
