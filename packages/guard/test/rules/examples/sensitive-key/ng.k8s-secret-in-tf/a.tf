resource "kubernetes_secret" "a" {
  data = {
    password = "@@random:20@@"
  }
}
