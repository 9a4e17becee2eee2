import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchPath, peerVersions } from '../../scripts/bench-peers.mjs';
import { writeDocs } from './document.mjs';
import { unfinished } from './figure.mjs';
import { measureGroup } from './groups.mjs';
import { rows, summary } from './table.mjs';

/**
 * `npm run bench [-- NAME...] [--write-docs]`: every line is a ratio to a peer on the same work in the
 * same run. Prints a table and writes bench-results.json; `--write-docs` puts the table and a chart
 * into docs. A group that fails and a peer that is missing are said, and the rest goes on.
 */
const GROUPS = ['core', 'hook', 'check', 'kms', 'plan', 'memory'];
const LONGEST_GROUP_S = 150;
const LONGEST_S = 440;

const args = process.argv.slice(2);
const named = args.filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !GROUPS.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no group ${unknown.join(', ')}; there are ${GROUPS.join(', ')}\n`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

process.env.PATH = benchPath();
const load = loadavg()[0];
const folder = await mkdtemp(join(tmpdir(), 'tidelock-bench-'));
const end = performance.now() + LONGEST_S * 1000;
const lines = [];
const onLine = (line) => {
  lines.push(line);
  process.stdout.write(`${rows([line])}\n`);
};
try {
  for (const name of GROUPS.filter((group) => named.length === 0 || named.includes(group))) {
    const left = Math.round((end - performance.now()) / 1000);
    const seconds = Math.min(left, LONGEST_GROUP_S);
    if (seconds <= 0) {
      onLine(unfinished(name, new Error('no time was left')));
      continue;
    }
    const own = join(folder, name);
    await mkdir(own);
    await measureGroup({ name, folder: own, seconds, onLine });
    await rm(own, { recursive: true, force: true });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const report = {
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    load: { before: round(load), after: round(loadavg()[0]) },
  },
  peers: peerVersions(),
  lines,
};
const root = fileURLToPath(new URL('../../', import.meta.url));
await writeFile(join(root, 'bench-results.json'), `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(`\n${summary(report)}\n`);
if (args.includes('--write-docs')) await writeDocs(root, report);

function round(number) {
  return Math.round(number * 10) / 10;
}
