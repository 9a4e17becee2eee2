resource "aws_db_instance" "a" {
  password = "@@random:20@@"
}
