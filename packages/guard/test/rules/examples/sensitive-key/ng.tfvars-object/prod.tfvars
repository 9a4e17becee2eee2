db = {
  user = "bob"
  password = "@@random:20@@"
}
