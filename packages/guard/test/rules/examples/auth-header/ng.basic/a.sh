curl -H "Authorization: Basic @@b64:login@@" https://api.prod.io
