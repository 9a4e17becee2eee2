$env:DB_PASSWORD = "@@random:20@@"
