import type { Document, Format, MapNode } from '../../src/document/document.ts';
import type { EncryptOptions } from '../../src/operations/encrypt.ts';
import { FakeKeyService, groupOf } from './fake-key-service.ts';

export function plainDocument(branches: readonly MapNode[], format: Format = 'yaml'): Document {
  return { format, branches, block: null, origin: null };
}

export const NOW = new Date('2026-11-24T01:02:03.999Z');
export const LATER = new Date('2026-11-25T01:02:03Z');

/** Options to encrypt for one key `r:1`, which the service holds. */
export function options(changes: Partial<EncryptOptions> = {}): EncryptOptions {
  return {
    keyGroups: [groupOf('r:1')],
    selection: null,
    macOnlyEncrypted: false,
    shamirThreshold: 0,
    services: [new FakeKeyService('r:1', 'r:2', 'r:3')],
    now: NOW,
    ...changes,
  };
}

/** A tree as comparable data, without what ties nodes to a text. */
export function data(branches: readonly MapNode[]): unknown {
  return JSON.parse(
    JSON.stringify(branches, (key, value: unknown) => {
      if (key === 'syntax') return undefined;
      if (typeof value === 'bigint') return `${value}n`;
      if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
      return value;
    }),
  );
}
