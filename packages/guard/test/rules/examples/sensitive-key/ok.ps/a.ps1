$Password = ConvertTo-SecureString $env:PW -AsPlainText -Force
$token = (Get-AzAccessToken).Token
$secret = Get-Secret -Name "db-prod-01"
[string]$Password
param($ApiKey = "")
