curl -u admin:@@random:14@@ https://api.prod.io
