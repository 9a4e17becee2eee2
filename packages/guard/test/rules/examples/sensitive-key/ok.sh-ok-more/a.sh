pass=0
fail=0
pass=$((pass+1))
key="name"
token_url="https://x.io/token"
SECRET_NAME=db-credentials-2024x
KEY_FILE=/etc/ssl/key.pem
SSH_KEY="${HOME}/.ssh/id_ed25519"
AUTH="basic"
KEYS=($(ls))
PASSWORD_LENGTH=32
echo "password: $PASSWORD"
read -rsp "Password: " PASSWORD
curl --user "$U:$P" x
if [[ $TOKEN == "" ]]; then exit; fi
for token in a b; do :; done
API_KEY=abc
