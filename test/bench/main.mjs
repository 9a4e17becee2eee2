import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerPath } from '../../scripts/peers.mjs';

/**
 * `npm run bench [NAME...]`: every line is a ratio to a peer on the same work in the same run.
 * Writes docs/bench/latest.json and prints a table.
 */
const SUITES = ['core', 'hook', 'check', 'kms', 'plan'];

process.env.PATH = peerPath();
const wanted = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'tidelock-bench-'));
const lines = [];
try {
  for (const suite of SUITES) {
    if (wanted.length > 0 && !wanted.includes(suite)) continue;
    const module = await import(`./${suite}.mjs`).catch((error) => {
      if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
      throw error;
    });
    if (module === null) continue;
    for await (const line of module.run(folder)) {
      lines.push(line);
      process.stdout.write(`${row(line)}\n`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const report = {
  machine: {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  },
  lines,
};
const target = fileURLToPath(new URL('../../docs/bench/', import.meta.url));
await mkdir(target, { recursive: true });
if (wanted.length === 0)
  await writeFile(join(target, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(
  `\n${lines.filter((line) => line.reached).length} of ${lines.length} figures reached (${report.machine.cores} cores, Node ${report.machine.node})\n`,
);

function row({ work, ours, against, peer, ratio, goal, reached }) {
  const mark = reached ? 'reached' : 'MISSED ';
  return `${mark} ${work.padEnd(52)} ${`${ours.toFixed(0)} ms`.padStart(9)}  ${against}: ${peer.toFixed(0)} ms  ratio ${ratio.toFixed(2)} (goal ${goal})`;
}
