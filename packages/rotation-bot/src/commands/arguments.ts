import { parseArgs } from 'node:util';
import { TidelockError } from '@tidelock/core';

export interface Arguments {
  text(name: string): string | undefined;
  isOn(name: string): boolean;
  readonly positionals: readonly string[];
}

/** Flags by `node:util`, refused in our own words. @throws TidelockError ERR_ARGUMENT */
export function readArguments(
  args: readonly string[],
  names: { readonly texts?: readonly string[]; readonly switches?: readonly string[] },
): Arguments {
  const { texts = [], switches = [] } = names;
  const options = Object.fromEntries([
    ...texts.map((name) => [name, { type: 'string' }] as const),
    ...switches.map((name) => [name, { type: 'boolean' }] as const),
  ]);
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const given = new Map(Object.entries(values));
    return {
      text: (name) => {
        const value = given.get(name);
        return typeof value === 'string' ? value : undefined;
      },
      isOn: (name) => given.get(name) === true,
      positionals,
    };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw usage(said.replace(/\. To specify.*/, ''));
  }
}

export function usage(message: string): TidelockError {
  return new TidelockError('ERR_ARGUMENT', message, {
    hint: 'tidelock-rotate --help lists what there is.',
  });
}

/** `2026-12-31` or with a time, UTC. @throws TidelockError ERR_ARGUMENT */
export function readNow(text: string | undefined, clock: () => Date): Date {
  if (text === undefined) return clock();
  const form = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?$/;
  const date = new Date(text);
  if (form.test(text) && !Number.isNaN(date.getTime())) return date;
  throw usage('--now must be a day or a time in UTC, as 2026-12-31 or 2026-12-31T12:00:00Z');
}
