import { externalSecretLiteral } from '../deploy/external-secrets/literal-rule.ts';
import { vaultAgentLiteral } from '../deploy/kubernetes/vault-agent-rule.ts';
import type { Rule } from '../types.ts';
import { authHeader } from './auth-header.ts';
import { besideCiphertext } from './beside-ciphertext.ts';
import { brokenMetadata, macMissing } from './broken-metadata.ts';
import { brokenToken } from './broken-token.ts';
import { nothingEncrypted, plainComment, plainValue } from './broken-values.ts';
import { connectionString } from './connection-string.ts';
import { credentialsDocument } from './credentials-document.ts';
import { credentialsLines } from './credentials-lines.ts';
import { decryptedCopy } from './decrypted-copy.ts';
import { embeddedManifest } from './embedded-manifest.ts';
import { kubernetesSecret } from './kubernetes-secret.ts';
import { ansibleVault, gitCrypt } from './lost-encryption.ts';
import { mergeConflict } from './merge-conflict.ts';
import { notEncrypted } from './not-encrypted.ts';
import { notExaminedRule } from './not-examined.ts';
import { privateKey } from './private-key.ts';
import { secretGenerator } from './secret-generator.ts';
import { secretTemplate } from './secret-template.ts';
import { sensitiveKey } from './sensitive-key.ts';
import { terraformState } from './terraform-state.ts';
import { token } from './token.ts';

/** Rules that need no policy: what is plain, and what is broken. In order of their ids. */
export const CONTENT_RULES: readonly Rule[] = [
  ansibleVault,
  gitCrypt,
  macMissing,
  mergeConflict,
  brokenMetadata,
  nothingEncrypted,
  plainComment,
  plainValue,
  brokenToken,
  externalSecretLiteral,
  vaultAgentLiteral,
  notExaminedRule,
  authHeader,
  besideCiphertext,
  connectionString,
  credentialsDocument,
  credentialsLines,
  decryptedCopy,
  embeddedManifest,
  kubernetesSecret,
  notEncrypted,
  privateKey,
  secretGenerator,
  secretTemplate,
  sensitiveKey,
  terraformState,
  token,
];
