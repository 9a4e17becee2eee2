package main
const passwordKey = "password"
var token = os.Getenv("TOKEN")
type T struct { Password string `json:"password"` }
func f() { cfg.Password = "x"; secret := r.Secret("prod-secret-name") }
