locals {
  secrets = {
    api_token = "@@random:32@@"
  }
}
