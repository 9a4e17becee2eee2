const u = "postgres://app:@@random:16@@@db.prod.io/x";
