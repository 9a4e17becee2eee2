variable "db_password" {
  type = string
  default = "@@random:20@@"
}
