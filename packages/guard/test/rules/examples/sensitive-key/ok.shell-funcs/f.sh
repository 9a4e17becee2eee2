get_token() { curl -s "$URL" | jq -r .token; }
token=$(get_token)
password=$1
secret="${2:-}"
key=$(cut -d: -f2 <<<"$line")
echo "token: $token"
local pass; pass="$(gopass show x)"
export KEYCLOAK_PASSWORD="$(kubectl get secret x -o jsonpath='{.data.password}' | base64 -d)"
