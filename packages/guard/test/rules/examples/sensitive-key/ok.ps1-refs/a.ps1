$password = Read-Host -AsSecureString
$env:TOKEN = $token
$cred = Get-Credential
