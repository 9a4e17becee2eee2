import { fromBase64, TidelockError, toBase64 } from '@tidelock/core';
import { mergePlans } from '../plan/merge-plans.ts';
import { filesOf, type Plan } from '../plan/plan.ts';
import { planOf } from '../plan/read-plan.ts';
import type { Rewritten } from '../rewrite/rewritten.ts';

/** A plan and what became of its files, wherever they were rewritten. */
export interface Results {
  readonly plan: Plan;
  /** By path: one for each planned file. Ciphertext alone. */
  readonly files: ReadonlyMap<string, Rewritten>;
}

/*
 * Results are lines of JSON: the plan first, then one line for each file, in order of paths. So they
 * can be written and read line by line, and hold no more than a pull request will show.
 */

const HEAD = '{"tidelock":"rotation results 1",';

export const isResults = (text: string) => text.startsWith(HEAD);

function planLine(plan: Plan): string {
  return `${HEAD}"plan":${JSON.stringify(plan)}}\n`;
}

function fileLine(path: string, result: Rewritten): string {
  const { kind } = result;
  const rest =
    kind === 'rewritten' ? { contents: toBase64(result.bytes) } : { reason: result.reason };
  return `${JSON.stringify({ path, kind, ...rest })}\n`;
}

/** @throws TidelockError ERR_PLAN when a line is none of ours, or the files are not those of the plan */
export function readResults(text: string): Results {
  if (!isResults(text)) throw notResults('it begins otherwise');
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const plan = planOf(parseLine(head).plan);
  const files = new Map<string, Rewritten>();
  for (const line of lines) {
    const { path, result } = readFileLine(line);
    if (files.has(path)) throw notResults('a file is there twice');
    files.set(path, result);
  }
  const planned = filesOf(plan);
  if (planned.length !== files.size || planned.some(({ path }) => !files.has(path)))
    throw notResults('its files are not those of its plan');
  return { plan, files };
}

/** The results of all shards as those of one process. @throws TidelockError ERR_PLAN */
export function mergeResults(parts: readonly Results[]): Results {
  return {
    plan: mergePlans(parts.map(({ plan }) => plan)),
    files: new Map(parts.flatMap(({ files }) => [...files])),
  };
}

export function formatResults({ plan, files }: Results): string {
  const paths = filesOf(plan).map(({ path }) => path);
  const lines = paths.flatMap((path) => {
    const result = files.get(path);
    return result === undefined ? [] : [fileLine(path, result)];
  });
  return [planLine(plan), ...lines].join('');
}

function readFileLine(line: string): { readonly path: string; readonly result: Rewritten } {
  const { path, kind, contents, reason } = parseLine(line);
  if (typeof path !== 'string') throw notResults('a file has no path');
  if (kind === 'left-out' && typeof reason === 'string') return { path, result: { kind, reason } };
  const bytes = typeof contents === 'string' ? fromBase64(contents) : null;
  if (kind !== 'rewritten' || bytes === null) throw notResults('a file has no contents');
  return { path, result: { kind, bytes } };
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    throw notResults('a line is no JSON');
  }
  throw notResults('a line is no object');
}

function notResults(why: string): TidelockError {
  return new TidelockError('ERR_PLAN', `that are no results of tidelock-rotate: ${why}`, {
    hint: 'Make them anew: tidelock-rotate apply --shard i/n --out FILE.',
  });
}
