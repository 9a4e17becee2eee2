provider "x" {
  api_token = "@@random:32@@"
}
