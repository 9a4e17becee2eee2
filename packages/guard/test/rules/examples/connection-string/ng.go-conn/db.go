dsn := "root:@@password@@@tcp(db.acme.io:3306)/app"
