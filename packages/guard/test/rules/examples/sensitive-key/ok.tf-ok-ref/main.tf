resource "aws_db_instance" "a" {
  password = var.db_password
  token = data.x.y.token
 k = random_password.db.result
}
