mysql -u root -p"$MYSQL_PWD" -h db app
mysql -uroot -p app < dump.sql
docker login -u x -p $TOKEN ghcr.io
docker login -u x --password-stdin < pw
redis-cli -a "$REDIS_PASSWORD" ping
mkdir -p /var/lib/mysql -p
echo "$TOKEN" | docker login ghcr.io --password-stdin
docker login -p "${{ secrets.PW }}" -u x
curl -fsSL -u "${USER}:${PASS}" https://x
ssh -p 2222 root@login.acme.io
