#!/bin/sh
export TOKEN=$(cat /run/secrets/token)
PASSWORD="$1"
API_KEY=${API_KEY:?missing}
TOKEN=`vault read x`
DB_PASSWORD=$(openssl rand -base64 32)
read -s PASSWORD
PASSWORD_FILE=/run/secrets/pw
TOKEN=""
[ -z "$TOKEN" ] && echo "TOKEN=unset"
