@secure()
param adminPassword string
param secretName string = 'db-password'
var keyVaultName = 'kv-${uniqueString(resourceGroup().id)}'
resource s 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = { name: 'db-password' }
