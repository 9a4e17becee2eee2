curl -u "$USER:$PASS" https://x
curl -u user:password https://x
