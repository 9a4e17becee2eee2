variable "secret_name" {
  default = "prod-db-credentials"
}
variable "password_length" {
 default = 32
}
