import { createHash } from 'node:crypto';
import { TidelockError } from '@tidelock/core';
import type { Shard } from '../plan/plan.ts';

/** A path's share among `count`: by its bytes alone, so the same on every machine and in every run. */
export function shardIndexOf(path: string, count: number): number {
  return createHash('sha256').update(path).digest().readUInt32BE(0) % count;
}

export function isInShard(path: string, shard: Shard | null): boolean {
  return shard === null || shardIndexOf(path, shard.count) === shard.index;
}

const MOST_SHARDS = 10_000;

/** `i/n`, counted from 0. @throws TidelockError ERR_SHARD */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && count > 0 && count <= MOST_SHARDS && index < count) return { index, count };
  throw new TidelockError('ERR_SHARD', 'that is not a shard', {
    hint: `Write --shard i/n, with i from 0 to n-1 and n at most ${MOST_SHARDS}.`,
  });
}
