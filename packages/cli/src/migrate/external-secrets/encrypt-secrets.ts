import { join } from 'node:path';
import { KmsFailure } from '@tidelock/core';
import { CommandError } from '../../command-error.ts';
import { Flags } from '../../flags.ts';
import { encryptSecret } from '../../kubernetes/encrypt-secret.ts';
import { checkType } from '../../kubernetes/secret-types.ts';
import type { Ports } from '../../ports.ts';
import {
  type Chosen,
  chooseRules,
  type PlannedSecret,
  type RulesContext,
  wholeOf,
} from './choose-rules.ts';
import type { ExternalSecretsPlan } from './external-secrets-plan.ts';
import type { Values } from './fetch-values.ts';
import { type LeftSecret, leftSecret } from './left-secret.ts';
import { LeftToHand, type RemoteSecret } from './remote-secret.ts';

export interface EncryptedSecret {
  readonly planned: PlannedSecret;
  readonly bytes: Uint8Array;
}

export interface Encrypted extends Pick<Chosen, 'creation'> {
  readonly done: readonly EncryptedSecret[];
  readonly left: readonly LeftSecret[];
}

/**
 * Every planned Secret read and encrypted in memory; nothing is written yet. One that cannot be read
 * does not hold up the others, and gets no rule.
 */
export async function encryptSecrets(
  ports: Ports,
  { secrets }: Pick<ExternalSecretsPlan, 'secrets'>,
  { fetch, ...rules }: RulesContext & { readonly fetch: (secret: RemoteSecret) => Promise<Values> },
): Promise<Encrypted> {
  const left: LeftSecret[] = [];
  const values = new Map<RemoteSecret, Values>();
  const outcomes = await Promise.all(
    secrets.map(async (planned) => ({
      planned,
      found: await orReason(read(planned.secret, fetch)),
    })),
  );
  for (const { planned, found } of outcomes) {
    if (found instanceof Error) left.push(leftSecret(planned.manifest, reasonOf(found)));
    else values.set(planned.secret, found);
  }
  const readable = secrets.filter(({ secret }) => values.has(secret));
  const { creation, secrets: chosen } = chooseRules(wholeOf(readable, secrets), rules);
  const done: EncryptedSecret[] = [];
  for (const planned of chosen) {
    const { secret, path, found, manifest } = planned;
    const name = join(rules.survey.root, path);
    const place = { ports, flags: new Flags(new Map()), path: name, label: path, found };
    const request = { ...secret, values: values.get(secret) ?? new Map() };
    const bytes = await orReason(encryptSecret(request, place));
    if (bytes instanceof Error) left.push(leftSecret(manifest, reasonOf(bytes)));
    else done.push({ planned, bytes });
  }
  const whole = new Set(
    wholeOf(
      done.map(({ planned }) => planned),
      secrets,
    ),
  );
  return { creation, left, done: done.filter(({ planned }) => whole.has(planned)) };
}

async function read(
  secret: RemoteSecret,
  fetch: (secret: RemoteSecret) => Promise<Values>,
): Promise<Values> {
  const values = await fetch(secret);
  for (const key of values.keys())
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key))
      throw new LeftToHand('a key from the store is none that Kubernetes takes');
  if (values.size === 0) throw new LeftToHand('nothing was found for it');
  checkType(secret.type, values, secret.namespace);
  return values;
}

/** What concerns this one Secret alone; everything else ends the run. */
async function orReason<T>(work: Promise<T>): Promise<T | Error> {
  try {
    return await work;
  } catch (error) {
    const isOwn =
      error instanceof LeftToHand || error instanceof KmsFailure || error instanceof CommandError;
    if (isOwn) return error;
    throw error;
  }
}

function reasonOf(error: Error): string {
  const hint =
    error instanceof KmsFailure || error instanceof CommandError ? error.hint : undefined;
  return hint === undefined ? error.message : `${error.message}. ${hint}`;
}
