export * from './bytes.ts';
export * from './cipher/data-key.ts';
export { rfc3339Seconds } from './cipher/rfc3339.ts';
export { isToken, parseToken, splitToken, tokenType } from './cipher/token.ts';
export type { ConfigProblem, ConfigProblemCode, Field } from './config/config-reader.ts';
export { ConfigReader, followAlias, nearestWord } from './config/config-reader.ts';
export type * from './config/creation-rule.ts';
export { CONFIG_NAME, configCandidates, discoverSopsConfig } from './config/discover.ts';
export { type KeyGroupOptions, keyGroupsOf } from './config/key-groups.ts';
export { matchDestinationRule } from './config/match-destination.ts';
export { matchCreationRule, relativeToConfig } from './config/match-rule.ts';
export { compileRegex, type Matches } from './config/regex.ts';
export {
  parseSopsConfig,
  type ReadConfig,
  readSopsConfig,
  type SopsConfig,
} from './config/sops-config.ts';
export * from './document/document.ts';
export { getAt, setAt, unsetAt } from './document/edit.ts';
export { floatDotenv, floatFixed } from './document/float.ts';
export * from './document/metadata.ts';
export {
  aadOf,
  formatTreePath,
  parseTreePath,
  type TreePath,
  treePathOf,
} from './document/path.ts';
export { LineIndex, positionAt } from './document/position.ts';
export { createSelector, type Selector } from './document/selection.ts';
export { isCommentToken, type LeafContext, mapLeaves, walkLeaves } from './document/walk.ts';
export * from './errors.ts';
export { type AgeKeyServiceOptions, ageKeyService } from './keys/age-key-service.ts';
export { nodePluginHost } from './keys/age-plugin-host.ts';
export { parseAgeRecipient } from './keys/age-recipient.ts';
export { decodeBech32 } from './keys/bech32.ts';
export { cachedKeyService } from './keys/cached.ts';
export { DataKeyError } from './keys/data-key-error.ts';
export { parseDecryptionOrder } from './keys/decryption-order.ts';
export { parseEncryptionContext } from './keys/encryption-context.ts';
export { generateAgeIdentity } from './keys/generate-identity.ts';
export { keyKindName, MASTER_KEY_TYPES } from './keys/key-kinds.ts';
export { parseKey, parseKeyList } from './keys/key-spec.ts';
export type { KeyService } from './keys/keyservice.ts';
export { checkLabel, type LabelCheck } from './keys/label.ts';
export { createLimiter, type Limiter } from './keys/limiter.ts';
export { readPgpKeyIds } from './keys/pgp-key-ids.ts';
export { pgpKeyService } from './keys/pgp-key-service.ts';
export { type PgpKeyState, readPgpKeyState } from './keys/pgp-key-state.ts';
export { readPgpRecipients } from './keys/pgp-recipients.ts';
export { createLabelProver, type ProveLabel } from './keys/prove-label.ts';
export { type RecordedKeys, recordKeys } from './keys/recording.ts';
export { completeKeys, effectiveThreshold, unwrapDataKey, wrapDataKey } from './keys/resolve.ts';
export { splitShellWords } from './keys/shell-words.ts';
export { type AllowList, createAllowList, isCi, vaultPlace } from './kms/allow-list.ts';
export { createKeyStateAsker } from './kms/ask-key-state.ts';
export { type AwsService, failureOfAws } from './kms/aws-failure.ts';
export { withoutVersionWarning } from './kms/aws-version-warning.ts';
export { callServer, jsonAt } from './kms/call.ts';
export type { CloudOptions } from './kms/cloud-key-service.ts';
export { cloudKeyServices } from './kms/cloud-key-services.ts';
export { crc32c } from './kms/crc32c.ts';
export { KmsFailure } from './kms/failure.ts';
export { createGcpTokenSource } from './kms/gcp-token.ts';
export type { Connect } from './kms/http.ts';
export type { CloudKeyState } from './kms/key-state.ts';
export { nodeConnect } from './kms/node-connect.ts';
export { tunnelThroughProxies } from './kms/node-proxy.ts';
export { loadPackage } from './kms/optional-package.ts';
export { proxyFromEnvironment } from './kms/proxy.ts';
export { DEFAULT_RETRY, withRetry } from './kms/retry.ts';
export { createVaultSession } from './kms/vault-session.ts';
export { vaultKeyVersion } from './kms/vault-version.ts';
export { readMetadata, selectionOf } from './metadata/read.ts';
export { isVersion, SOPS_VERSION } from './metadata/version.ts';
export { writeMetadata } from './metadata/write.ts';
export * from './operations/decrypt.ts';
export * from './operations/edit-groups.ts';
export * from './operations/edit-value.ts';
export * from './operations/encrypt.ts';
export * from './operations/encrypt-against.ts';
export { type OpenedDocument, openDocument } from './operations/opened-document.ts';
export { withOwnLineComments } from './operations/own-line-comments.ts';
export { parseSetValue } from './operations/parse-set-value.ts';
export * from './operations/plan-key-update.ts';
export { proveEncrypted } from './operations/prove.ts';
export { reencrypt } from './operations/reencrypt.ts';
export { type RotateOptions, rotate, rotateOpened, stampKey } from './operations/rotate.ts';
export * from './operations/status.ts';
export * from './operations/update-keys.ts';
export { verify } from './operations/verify.ts';
export type { OnWarning, Warning } from './operations/warning.ts';
export type * from './ports.ts';
export { TIDELOCK_VERSION } from './product-version.ts';
export { openSealedValue } from './sealed-secrets/open-value.ts';
export {
  isPrivateKeyPem,
  type RecoveryKey,
  readRecoveryKeys,
} from './sealed-secrets/recovery-key.ts';
export * from './sealed-secrets/scope.ts';
export { sealValue } from './sealed-secrets/seal-value.ts';
export { parseSealedValue, type SealedValue } from './sealed-secrets/sealed-value.ts';
export {
  readSealingCertificate,
  requireValid,
  type SealingCertificate,
} from './sealed-secrets/sealing-certificate.ts';
export { plainBinary } from './stores/binary.ts';
export type { CanonicalOptions, Store } from './stores/store.ts';
export { formatOf, storeFor } from './stores/store-for.ts';
export type { YamlNode } from './yaml/nodes.ts';
export { parseYamlStream } from './yaml/parse.ts';
export { resolveScalar } from './yaml/resolve-scalar.ts';
