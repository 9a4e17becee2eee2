curl -H "Authorization: Bearer $TOKEN" https://x
