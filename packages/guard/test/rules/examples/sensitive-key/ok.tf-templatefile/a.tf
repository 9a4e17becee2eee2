resource "x" "y" {
  password = templatefile("x.tpl", { token = var.token })
  connection_string = "postgres://${var.u}:${var.p}@${var.h}/db"
}
