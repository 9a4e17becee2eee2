import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chart } from './chart.mjs';
import { amount, summary, verdict } from './table.mjs';

const BEGIN = '<!-- figures -->';
const END = '<!-- /figures -->';

/** Puts what was measured into benchmarks.md, between its marks, and draws benchmarks.svg. */
export async function writeDocs(folder, report) {
  const path = join(folder, 'benchmarks.md');
  const text = await readFile(path, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${path} lacks ${BEGIN} or ${END}`);
  const measured = `${BEGIN}\n${table(report)}\n${text.slice(to)}`;
  await writeFile(path, text.slice(0, from) + measured);
  await writeFile(join(folder, 'benchmarks.svg'), chart(report.lines));
}

function table(report) {
  const head = ['work', 'tidelock', 'beside', 'takes', 'ratio', 'goal', ''];
  const body = report.lines.map((line) => {
    if (line.failed !== null) return [line.work, '', line.against, '', '', line.goal, line.failed];
    const note = line.note === '' ? '' : `; ${line.note}`;
    const { unit } = line;
    return [
      line.work,
      amount(line.ours, unit),
      line.against,
      amount(line.peer, unit),
      line.ratio.toFixed(2),
      line.goal,
      verdict(line) + note,
    ];
  });
  const rule = head.map((_, i) => ([1, 3, 4].includes(i) ? '--:' : '---'));
  const lines = [head, rule, ...body].map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  const peers = Object.entries(report.peers).map(([name, version]) => `${name} ${version}`);
  return `${lines.join('\n')}\n\n${summary(report)}. Peers: ${peers.join(', ')}.`;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
