dsn := fmt.Sprintf("%s:%s@tcp(%s:3306)/app", user, pass, host)
