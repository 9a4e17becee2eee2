import { resolve } from 'node:path';
import { createAllowList, type KeyGroup, TidelockError, vaultPlace } from '@tidelock/core';
import { baseConfig } from '../base-config.ts';
import { CommandError } from '../command-error.ts';
import { type FoundConfig, findConfig } from '../config-lookup.ts';
import { inFile, inFileAsync } from '../documents.ts';
import { errorText } from '../error-text.ts';
import { askYesOrNo } from '../files/ask.ts';
import { readInput } from '../files/input.ts';
import type { Flags } from '../flags.ts';
import { cancelOnInterrupt } from '../interrupt.ts';
import { connectByNode, httpsAgent, localKeyServices } from '../key-services.ts';
import type { Ports } from '../ports.ts';
import { Progress } from '../progress.ts';
import { printable } from '../terminal.ts';
import { trustedGroups } from '../trusted-groups.ts';
import { placeText, secretNameOf, vaultAddressOf } from './place.ts';
import { type PrepareContext, prepare } from './prepare.ts';
import type { Publication } from './publication.ts';
import { createPublish } from './publishers.ts';
import { type Selected, selectFiles } from './select-files.ts';
import { MAX_SECRET_BYTES } from './to-secrets-manager.ts';

interface Run extends PrepareContext {
  readonly publish: (publication: Publication) => Promise<'written' | 'unchanged'>;
  readonly progress: Progress;
}

/**
 * Sends every file to its destination, one after the other. A failure does not hold up the others.
 * @throws the error of the one file; CommandError exit 1 when one of several failed
 */
export async function publishFiles(
  paths: readonly string[],
  { ports, flags }: { readonly ports: Ports; readonly flags: Flags },
): Promise<void> {
  const found = await requireConfig(ports, flags);
  const selected = await selectFiles(paths, { ports, flags, found });
  const trusted = await trustedGroups(ports, flags, found);
  const cancel = cancelOnInterrupt();
  const run: Run = {
    ports,
    flags,
    found,
    services: (groups: readonly KeyGroup[]) =>
      localKeyServices({ ...ports, isTerminal: false }, flags, [...trusted, ...groups]),
    publish: createPublish({
      environment: ports,
      connect: connectByNode(ports.env),
      httpsAgent: () => httpsAgent(ports.env),
      allowList: createAllowList({
        env: ports.env,
        named: vaultsOf(found, ports),
        entries: flags.list('kms-allowlist'),
      }),
      cancel,
    }),
    progress: new Progress(ports),
  };
  let failures = 0;
  for (const file of selected) {
    try {
      await publishOne(file, run);
    } catch (error) {
      if (selected.length === 1 || cancel.aborted) throw error;
      failures++;
      ports.stderr(errorText(error));
    }
  }
  if (failures === 0) return;
  throw new CommandError(
    'ERR_SOME_FAILED',
    1,
    `failed publishing ${failures} of ${selected.length} files`,
    'The messages above name them; the others are published.',
  );
}

async function requireConfig(ports: Ports, flags: Flags): Promise<FoundConfig> {
  const found = await findConfig(ports, flags);
  const trusted = await baseConfig(ports, found);
  if (trusted !== null) return trusted;
  if (found !== null) {
    throw new TidelockError('ERR_CONFIG_NOT_FOUND', 'the base branch has no such config file', {
      path: found.path,
      hint: 'In CI a pull request is published by the destination rules of its base branch: fetch that branch.',
    });
  }
  throw new TidelockError('ERR_CONFIG_NOT_FOUND', 'config file not found', {
    hint: 'publish takes destinations from .sops.yaml: write destination_rules, or run it below one.',
  });
}

/** The Vaults that destination rules or VAULT_ADDR name are as good as those of creation rules. */
function vaultsOf({ config }: FoundConfig, { env }: Ports) {
  return config.destinationRules.flatMap(({ destination }) =>
    destination.kind === 'vault' ? [vaultPlace(vaultAddressOf(destination, env))] : [],
  );
}

async function publishOne({ path, rule, objectName }: Selected, run: Run): Promise<void> {
  const { ports, flags, progress } = run;
  const { destination } = rule;
  const input = await readInput(ports, flags, [path]);
  const preparing = prepare(input, rule, run);
  const { bytes, contentId, note } = await progress.during(() => 'asking key services', preparing);
  const publication = { destination, objectName, bytes, contentId };
  inFile(path, () => requireFit(publication));
  const place = printable(placeText(destination, objectName, ports.env));
  ports.stdout(note);
  if (flags.isOn('dry-run')) {
    ports.stdout(`${printable(path)} would go to ${place} (${bytes.length} bytes)\n`);
    return;
  }
  const question = `uploading ${printable(resolve(ports.cwd, path))} to ${place} ? (y/n): `;
  if (!flags.isOn('yes') && !(await askYesOrNo(ports, question))) {
    throw new CommandError('ERR_CANCELED', 1, `Publication of ${path} canceled`);
  }
  const sending = inFileAsync(path, () => run.publish(publication));
  const outcome = await progress.during(() => `sending to ${place}`, sending);
  const said = outcome === 'unchanged' ? 'is up to date at' : 'published to';
  ports.stderr(`File ${printable(path)} ${said} ${place} (${bytes.length} bytes)\n`);
}

/** Said before anything is sent. */
function requireFit({ destination, objectName, bytes }: Publication): void {
  if (destination.kind !== 'secrets-manager' || bytes.length <= MAX_SECRET_BYTES) return;
  const name = secretNameOf(destination.name, objectName);
  throw new TidelockError(
    'ERR_TOO_LARGE',
    `its ${bytes.length} bytes do not fit into the secret ${name}: AWS Secrets Manager holds ${MAX_SECRET_BYTES}`,
    { hint: 'Split the file, or publish it to a bucket.' },
  );
}
