resource "cloudflare_zero_trust_tunnel_cloudflared" "x" {
  secret = base64sha256(random_password.t.result)
}
resource "x" "y" {
  token   = one(data.x.y[*].token)
  api_key = coalesce(var.key, local.key)
  password = file("${path.module}/pw.txt")
  secret   = try(var.s, null)
  private_key = tls_private_key.k.private_key_pem
  auth_token  = join("-", [var.a, "b"])
}
