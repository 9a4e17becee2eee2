$pw = ConvertTo-SecureString "@@password@@" -AsPlainText -Force
$env:API_TOKEN = "@@random:40:b62@@"
