import { posix } from 'node:path';
import { TidelockError } from '@tidelock/core';
import { check } from '../check.ts';
import { Source } from '../source.ts';
import type { FileRule, Finding } from '../types.ts';
import { type GitleaksConfig, readGitleaksConfig } from './gitleaks-config.ts';
import { parseGitleaksIgnore } from './gitleaks-ignore.ts';
import { notesOf, ownRuleNotes } from './gitleaks-notes.ts';
import { ownRules } from './gitleaks-rules.ts';
import { parseSecretsBaseline } from './secrets-baseline.ts';
import type { ForeignFiles } from './silence.ts';

/** The text of a file of the folder, by its path within it; null where there is none. */
export type ReadText = (path: string) => string | null | Promise<string | null>;

/** What the files of other scanners in the folder add to a scan. */
export interface Foreign {
  readonly files: ForeignFiles;
  readonly rules: readonly FileRule[];
  /** What of them is judged otherwise than there. */
  readonly findings: readonly Finding[];
}

const CONFIG = '.gitleaks.toml';
const IGNORE = '.gitleaksignore';
const BASELINE = '.secrets.baseline';
/** As in gitleaks: an extended file may extend one more. */
const DEEPEST = 2;

/**
 * `.gitleaks.toml` with what it extends, `.gitleaksignore` and `.secrets.baseline`.
 * @throws TidelockError with path and position for what is not understood
 */
export async function readForeignFiles(read: ReadText): Promise<Foreign> {
  const configs = await readConfigs(read);
  const ignore = await read(IGNORE);
  const baseline = await read(BASELINE);
  const disabled = new Set(configs.flatMap(({ config }) => config.disabledRules));
  const ownIds = new Set(configs.flatMap(({ config }) => config.rules.map(({ id }) => id)));
  const known = new Set<string>();
  const rules = configs
    .flatMap(({ config }) => config.rules)
    .filter(({ id }) => {
      // The file that extends comes first and wins.
      if (disabled.has(id) || known.has(id)) return false;
      known.add(id);
      return true;
    });
  return {
    files: {
      configs: configs.map(({ config }) => config),
      ignored: ignore === null ? [] : parseGitleaksIgnore(ignore, IGNORE),
      baseline: baseline === null ? new Set() : parseSecretsBaseline(baseline, BASELINE),
    },
    rules: rules.length === 0 ? [] : [ownRules(rules)],
    findings: configs.flatMap(({ source, config }) =>
      check([source], [ownRuleNotes(notesOf(config, ownIds))]),
    ),
  };
}

interface ReadConfig {
  readonly source: Source;
  readonly config: GitleaksConfig;
}

async function readConfigs(read: ReadText): Promise<ReadConfig[]> {
  const configs: ReadConfig[] = [];
  let name = CONFIG;
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const text = await read(name);
    if (text === null && depth === 0) return [];
    if (text === null) throw wrongExtend(`the extended file ${name} does not exist`);
    const config = readGitleaksConfig(text, name);
    configs.push({ source: new Source(name, Buffer.from(text)), config });
    if (config.extendPath === null) return configs;
    name = posix.normalize(config.extendPath.replaceAll('\\', '/'));
    if (name.startsWith('..') || posix.isAbsolute(name))
      throw wrongExtend('it extends a file outside of the folder');
  }
  throw wrongExtend(`more than ${DEEPEST} files extend one another`);
}

function wrongExtend(what: string): TidelockError {
  return new TidelockError('ERR_CONFIG', what, {
    path: CONFIG,
    hint: 'Correct path under [extend].',
  });
}
