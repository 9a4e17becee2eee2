import { join } from 'node:path';
import { configCandidates } from '@tidelock/core';
import {
  AccessPolicy,
  CONTENT_RULES,
  CreationPolicy,
  DEPLOY_RULE_IDS,
  NOTE_RULE,
  OWN_RULE,
  POLICY_NAME,
  POLICY_RULE_IDS,
  parsePolicy,
  parseSopsCheck,
  type SopsCheckPolicy,
  type Source,
  type TidelockPolicy,
} from '@tidelock/guard';
import type { CheckPorts } from './ports.ts';

export interface PolicyFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All that says who may read what in one tree. */
export interface Policies {
  readonly creation: CreationPolicy;
  readonly access: AccessPolicy | null;
  readonly sopsCheck: SopsCheckPolicy | null;
}

/** Every file that can loosen a finding, by its path within the repository. */
const STEERING =
  /(?:^|\/)\.sops\.yaml$|^(?:\.tidelock\.yaml|\.tidelock-baseline\.json|\.sops-check\.ya?ml|\.gitleaks\.toml|\.gitleaksignore|\.secrets\.baseline)$/;

export const isPolicyPath = (path: string) => STEERING.test(path);
export const isSopsConfig = (path: string) => /(?:^|\/)\.sops\.yaml$/.test(path);

/** Those among the sources; a link in the place of one is none. */
export function policyFilesIn(sources: readonly Source[], prefix: string): readonly PolicyFile[] {
  return sources
    .filter(
      ({ path, mode }) => isPolicyPath(prefix + path) && mode !== '120000' && mode !== '160000',
    )
    .map(({ path, bytes }) => ({ path: prefix + path, bytes }));
}

/** `.sops.yaml` above the folder and `.tidelock.yaml` at the top, within the repository. */
export async function policyFilesAbove(
  ports: CheckPorts,
  root: string,
  prefix: string,
): Promise<readonly PolicyFile[]> {
  if (prefix === '') return [];
  const found: PolicyFile[] = [];
  for (const path of [...configCandidates(prefix.slice(0, -1)), POLICY_NAME, '.sops-check.yaml']) {
    const bytes = await ports.readFile(join(root, path));
    if (bytes !== null) found.push({ path, bytes });
  }
  return found;
}

/** Nothing says who may read what. */
export const isUngoverned = ({ creation, access, sopsCheck }: Policies): boolean =>
  creation.configs.length === 0 && access === null && sopsCheck === null;

const SOPS_CHECK = /^\.sops-check\.ya?ml$/;
const RULE_IDS: ReadonlySet<string> = new Set([
  ...CONTENT_RULES.map(({ id }) => id),
  ...DEPLOY_RULE_IDS,
  ...POLICY_RULE_IDS,
  OWN_RULE,
  NOTE_RULE,
]);

/** @throws TidelockError ERR_CONFIG with the place of the first mistake in `.tidelock.yaml` */
export function readPolicies(
  files: readonly PolicyFile[],
  { now, prefix }: { readonly now: Date; readonly prefix: string },
): Policies {
  const policy = tidelockPolicyIn(files, now);
  const check = files.find(({ path }) => SOPS_CHECK.test(path));
  return {
    creation: new CreationPolicy(files.filter(({ path }) => isSopsConfig(path))),
    access: policy === null ? null : new AccessPolicy(policy, { now, prefix }),
    sopsCheck: check === undefined ? null : parseSopsCheck(check.bytes, check.path),
  };
}

/** null: there is no `.tidelock.yaml`. @throws TidelockError ERR_CONFIG */
export function tidelockPolicyIn(files: readonly PolicyFile[], now: Date): TidelockPolicy | null {
  const file = files.find(({ path }) => path === POLICY_NAME);
  return file === undefined
    ? null
    : parsePolicy(file.bytes, POLICY_NAME, { ruleIds: RULE_IDS, now });
}
