region = "eu"
db_password = "@@weak@@"
