import { type FileChange, readTarget } from './file-change.ts';
import type { HookManager } from './hook-manager.ts';
import { ACTION_REPOSITORY, RELEASE } from './release.ts';
import { appended, entryOf, insertBehind, rootOf } from './yaml-insertion.ts';

/** How the hook comes into a repository. */
export interface HookChanges {
  readonly changes: readonly FileChange[];
  /** Whether Git's own hooks folder, which is not committed, gets it. */
  readonly isBare: boolean;
  /** What a person has to add, in words and lines. */
  readonly byHand: readonly string[];
  /** What every clone runs once. */
  readonly afterwards: readonly string[];
}

const PROGRAM = 'tidelock-pre-commit';
const LINES = {
  'pre-commit': PROGRAM,
  'pre-merge-commit': `${PROGRAM} --stage pre-merge-commit`,
  'pre-push': `${PROGRAM} --stage pre-push -- "$@"`,
} as const;
type Stage = keyof typeof LINES;
const STAGES: readonly Stage[] = ['pre-commit', 'pre-merge-commit', 'pre-push'];

const NOTHING: HookChanges = { changes: [], isBare: false, byHand: [], afterwards: [] };

export function proposeHook(root: string, manager: HookManager): HookChanges {
  switch (manager.kind) {
    case 'none':
      return { ...NOTHING, isBare: true };
    case 'husky':
      return { ...scripts(root, '.husky'), afterwards: needsProgram(root) };
    case 'committed-folder':
      return scripts(root, manager.folder);
    case 'lefthook':
      return {
        ...lefthook(root, manager.file),
        afterwards: [...needsProgram(root), 'lefthook install'],
      };
    case 'pre-commit':
      return preCommit(root);
    case 'simple-git-hooks':
      return { ...NOTHING, byHand: [`add to "simple-git-hooks" in package.json: ${oneLiners()}`] };
    case 'machine-folder':
      return {
        ...NOTHING,
        byHand: [
          `core.hooksPath of this machine is ${manager.folder}: call \`${PROGRAM}\` from the hook pre-commit there`,
        ],
      };
  }
}

const oneLiners = () =>
  STAGES.map((stage) => `"${stage}": "${LINES[stage].replaceAll('"', '')}"`).join(', ');

/** Managers look for the program in node_modules and on PATH. */
function needsProgram(root: string): string[] {
  const manifest = readTarget(root, 'package.json') ?? '';
  if (manifest.includes('"@tidelock/pre-commit"')) return [];
  return manifest === ''
    ? ['npm install --global @tidelock/pre-commit']
    : [`npm install --save-dev @tidelock/pre-commit@${RELEASE}`];
}

/** One shell script a hook: ours is the last line, so that what was judged is what is committed. */
function scripts(root: string, folder: string): HookChanges {
  const changes: FileChange[] = [];
  const byHand: string[] = [];
  for (const stage of STAGES) {
    const path = `${folder}/${stage}`;
    const before = readTarget(root, path);
    if (before?.includes(PROGRAM)) continue;
    if (before !== null && (stage === 'pre-push' || !isShell(before))) {
      // What stands there may read standard input, which holds what is pushed.
      byHand.push(`call \`${LINES[stage]}\` from ${path}`);
      continue;
    }
    const head = before ?? (folder === '.husky' ? '' : '#!/bin/sh\n');
    const gap = head === '' || head.endsWith('\n') ? '' : '\n';
    changes.push({
      path,
      before,
      after: `${head}${gap}${LINES[stage]}\n`,
      context: 0,
      isProgram: folder !== '.husky',
    });
  }
  return { ...NOTHING, changes, byHand };
}

function isShell(text: string): boolean {
  const first = text.split('\n', 1)[0] ?? '';
  if (first.startsWith('#!') && !/\b(?:ba|da|z|k)?sh\b/.test(first)) return false;
  return !/^\s*(?:exec|exit)\b/m.test(text);
}

function lefthook(root: string, path: string): HookChanges {
  const before = readTarget(root, path) ?? '';
  if (before.includes(PROGRAM)) return NOTHING;
  let after: string | null = /\.ya?ml$/.test(path) ? before : null;
  for (const stage of STAGES) if (after !== null) after = withJob(after, stage);
  if (after !== null) return { ...NOTHING, changes: [{ path, before, after, context: 0 }] };
  return {
    ...NOTHING,
    byHand: [
      `add to ${path}: a job with \`run: ${PROGRAM}\` for pre-commit, and one with \`run: ${PROGRAM} --stage pre-push -- {0}\` and \`use_stdin: true\` for pre-push`,
    ],
  };
}

function withJob(text: string, stage: Stage): string | null {
  const run = stage === 'pre-push' ? `${PROGRAM} --stage pre-push -- {0}` : LINES[stage];
  const fields = [`run: ${run}`, ...(stage === 'pre-push' ? ['use_stdin: true'] : [])];
  const root = rootOf(text);
  const hook = entryOf(root, stage);
  const element = ['- name: tidelock', ...fields.map((field) => `  ${field}`)];
  const entry = ['tidelock:', ...fields.map((field) => `  ${field}`)];
  if (hook === undefined) {
    return appended(text, `${stage}:\n  jobs:\n${element.map((line) => `    ${line}\n`).join('')}`);
  }
  const jobs = entryOf(hook, 'jobs');
  if (jobs !== undefined) return insertBehind(text, jobs, element);
  const commands = entryOf(hook, 'commands');
  if (commands !== undefined) return insertBehind(text, commands, entry);
  return null;
}

function preCommit(root: string): HookChanges {
  const path = '.pre-commit-config.yaml';
  const before = readTarget(root, path) ?? '';
  const types = STAGES.map((stage) => `--hook-type ${stage}`).join(' ');
  const afterwards = [`pre-commit install ${types}`];
  if (/id:\s*['"]?tidelock\b/.test(before)) return { ...NOTHING, afterwards: [] };
  const lines = [
    `- repo: https://github.com/${ACTION_REPOSITORY}`,
    `  rev: v${RELEASE}`,
    '  hooks:',
    '    - id: tidelock',
  ];
  const after = insertBehind(before, entryOf(rootOf(before), 'repos'), lines);
  if (after === null)
    return { ...NOTHING, byHand: [`add to ${path}: ${lines.join(' ')}`], afterwards };
  return { ...NOTHING, changes: [{ path, before, after, context: 0 }], afterwards };
}
