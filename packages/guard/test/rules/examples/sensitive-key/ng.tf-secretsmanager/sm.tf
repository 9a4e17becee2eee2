resource "aws_secretsmanager_secret_version" "x" {
  secret_id     = aws_secretsmanager_secret.x.id
  secret_string = "@@password@@"
}
resource "aws_ssm_parameter" "y" {
  name  = "/app/db/password"
  type  = "SecureString"
  value = "@@password#2@@"
}
