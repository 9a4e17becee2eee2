ssh_password = "@@random:20@@"
