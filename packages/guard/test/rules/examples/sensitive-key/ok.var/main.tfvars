password = var.db_password
token    = data.vault_generic_secret.x.data["token"]
