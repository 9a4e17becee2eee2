headers = {"Authorization": "Token @@random:40@@"}
