gitlab_rails['smtp_password'] = "@@password@@"
gitlab_rails['db_key_base'] = "@@random:128:hex@@"
