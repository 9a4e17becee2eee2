curl -X POST -d '{"username":"admin","password":"@@password@@"}' https://x.acme.io/login
