locals {
  grafana_password = "@@password@@"
  api_keys = { prod = "@@random:32:b62@@" }
}
