import { globToRegExp } from '@tidelock/guard';
import { ActionError } from './action-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

const SOURCES = ['base', 'head', 'both'] as const;
const FAIL_ON = ['error', 'weakened', 'warning', 'never'] as const;
const COMMENT = ['never', 'on-findings', 'always'] as const;

export interface Inputs {
  /** Path of the policy file within the repository. */
  readonly policy: string;
  readonly policySource: (typeof SOURCES)[number];
  /** null: the base. */
  readonly policyRef: string | null;
  /** null: every file. */
  readonly isWanted: ((path: string) => boolean) | null;
  readonly failOn: (typeof FAIL_ON)[number];
  readonly comment: (typeof COMMENT)[number];
  /** null: a file of the temporary folder. */
  readonly sarifFile: string | null;
  readonly verify: boolean;
  readonly annotations: boolean;
  readonly token: string | null;
}

/** @throws ActionError naming the input that is none of what it may be */
export function readInputs(env: Env): Inputs {
  const text = (name: string) => {
    const value = env[`INPUT_${name.toUpperCase()}`]?.trim() ?? '';
    return value === '' ? null : value;
  };
  const word = <T extends string>(name: string, words: readonly T[], otherwise: T): T => {
    const value = text(name);
    const found = value === null ? otherwise : words.find((one) => one === value);
    if (found === undefined)
      throw new ActionError(
        `the input ${name} is none of its words`,
        `It is one of ${words.join(', ')}.`,
      );
    return found;
  };
  const flag = (name: string, otherwise: boolean) =>
    word(name, ['true', 'false'], otherwise ? 'true' : 'false') === 'true';
  const globs = (text('paths') ?? '')
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(globToRegExp);
  return {
    policy: text('policy') ?? '.tidelock.yaml',
    policySource: word('policy-source', SOURCES, 'base'),
    policyRef: text('policy-ref'),
    isWanted: globs.length === 0 ? null : (path) => globs.some((glob) => glob.test(path)),
    failOn: word('fail-on', FAIL_ON, 'error'),
    comment: word('comment', COMMENT, 'never'),
    sarifFile: text('sarif-file'),
    verify: flag('verify', false),
    annotations: flag('annotations', true),
    token: text('token'),
  };
}
