$s = ConvertTo-SecureString $env:PW -AsPlainText -Force
$t = ConvertTo-SecureString "$($args[0])" -AsPlainText -Force
