resource "helm_release" "x" {
  set {
    name  = "auth.password"
    value = "@@password@@"
  }
  set_sensitive {
    name  = "auth.token"
    value = "@@random:32:b62@@"
  }
}
