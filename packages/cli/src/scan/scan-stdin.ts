import { pathFromBytes } from '@tidelock/git';
import type { Ports } from '../ports.ts';
import type { ScanPlace } from './scan-batch.ts';

/** Standard input as one file of that name; no creation rule is looked up for it. */
export async function scanStdin(ports: Ports, name: string): Promise<ScanPlace> {
  const path = pathFromBytes(Buffer.from(name));
  const file = { path, bytes: await ports.stdin(), reason: null, covered: null };
  return {
    root: ports.cwd,
    top: ports.cwd,
    prefix: '',
    batches: (async function* () {
      yield { commit: null, files: [file] };
    })(),
    leftOut: () => [],
    problems: () => [],
  };
}
