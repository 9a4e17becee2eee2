import { dirname, relative, resolve } from 'node:path';
import {
  configCandidates,
  keyGroupsOf,
  masterKeyId,
  matchCreationRule,
  parseSopsConfig,
  relativeToConfig,
} from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { type FoundConfig, findConfig } from '../config-lookup.ts';
import { repositoryOf } from '../files/repository.ts';
import type { Ports } from '../ports.ts';
import { printable } from '../terminal.ts';

export const explainCommand: Command = {
  name: 'explain',
  usage: 'explain FILE',
  summary: 'say which creation rule is for a file, from where, and why',
  flags: [],
  async run({ ports, flags, positionals }) {
    const [path] = positionals;
    if (path === undefined) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified',
        'Name the file; it need not exist yet.',
      );
    }
    const name = resolve(ports.cwd, path);
    const used = await findConfig(ports, flags);
    ports.stdout(`${printable(path)}\n${describe(used, name)}`);
    const judging = await judgingConfig(ports, name);
    if (judging !== undefined && judging?.path !== used?.path) {
      ports.stdout(
        `\nThe check, the hook and the bot judge this file by another configuration, the nearest\nabove the file in its repository (the command looks from the working directory, as sops does):\n${describe(judging, name)}`,
      );
    }
    return 0;
  },
};

/** undefined outside of a repository. */
async function judgingConfig(ports: Ports, name: string): Promise<FoundConfig | null | undefined> {
  const repository = repositoryOf(dirname(name));
  if (repository === null) return undefined;
  for (const candidate of configCandidates(relative(repository, name))) {
    const path = resolve(repository, candidate);
    const bytes = await ports.readFile(path);
    if (bytes !== null) return { path, config: parseSopsConfig(bytes, path) };
  }
  return null;
}

function describe(found: FoundConfig | null, name: string): string {
  if (found === null) return '  No .sops.yaml applies: keys must be given on the command line.\n';
  const path = relativeToConfig(found.path, name);
  const lines = [
    `  configuration  ${printable(found.path)}`,
    `  matched as     ${printable(path)}`,
  ];
  const rules = found.config.creationRules;
  if (rules === null) return `${lines.join('\n')}\n  It has no creation rules.\n`;
  const rule = matchCreationRule(found.config, path);
  const tried = rules.slice(0, rule === null ? rules.length : rule.index);
  lines.push(
    ...tried.map(
      (other) =>
        `  not rule ${other.index + 1}     line ${other.position.line}: ${printable(other.pathRegex ?? '')} does not match`,
    ),
  );
  if (rule === null)
    return `${lines.join('\n')}\n  No rule matches: the file cannot be encrypted by rule.\n`;
  const why =
    rule.pathRegex === null
      ? 'it has no path_regex and matches everything'
      : `path_regex ${printable(rule.pathRegex)} matches`;
  lines.push(`  rule ${rule.index + 1}         line ${rule.position.line}: ${why}`);
  const groups = keyGroupsOf(rule, { createdAt: '' });
  groups.forEach((group, index) => {
    for (const key of group.keys)
      lines.push(
        `  ${groups.length > 1 ? `group ${index + 1}        ` : 'key            '}${key.type} ${printable(masterKeyId(key))}`,
      );
  });
  if (groups.length === 0) lines.push('  It names no keys.');
  if (rule.shamirThreshold !== null && groups.length > 1)
    lines.push(`  threshold      ${rule.shamirThreshold} of ${groups.length} groups`);
  const selection = rule.selection ?? {
    rule: 'unencrypted_suffix',
    value: '_unencrypted (sops’ default)',
  };
  lines.push(`  selection      ${selection.rule}: ${printable(selection.value)}`);
  if (rule.macOnlyEncrypted === true) lines.push('  MAC            over encrypted values alone');
  return `${lines.join('\n')}\n`;
}
