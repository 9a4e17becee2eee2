import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chart } from './chart.mjs';
import { amount, summary, verdict } from './table.mjs';

const BEGIN = '<!-- figures: written by npm run bench -->';
const END = '<!-- end of figures -->';

/**
 * Puts what was measured between the marks of docs/benchmarks.md (all of it) and of README.md (a
 * line a figure), and draws docs/benchmarks.svg.
 */
export async function writeDocs(root, report) {
  await replaceFigures(join(root, 'docs/benchmarks.md'), table(report));
  await replaceFigures(join(root, 'README.md'), overview(report));
  await writeFile(join(root, 'docs/benchmarks.svg'), chart(report.lines));
}

async function replaceFigures(path, figures) {
  const text = await readFile(path, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${path} lacks ${BEGIN} or ${END}`);
  await writeFile(path, `${text.slice(0, from)}${BEGIN}\n${figures}\n${text.slice(to)}`);
}

/** Ratios to other programs; how we do beside ourselves is in docs/benchmarks.md. */
function overview({ lines }) {
  const isOther = ({ against }) => !/^\d/.test(against);
  const judged = lines.filter(
    (line) => line.failed === null && line.goal !== '-' && line.unit === 'ms' && isOther(line),
  );
  const body = judged.map((line) => [line.work, line.against, line.ratio.toFixed(2), line.goal]);
  const missed = judged.filter(({ reached }) => !reached).length;
  const verdict =
    missed === 0 ? 'All reach their goals.' : `${missed} of ${judged.length} miss their goal.`;
  return `${markdownTable(['work', 'beside', 'ratio', 'goal'], body, [2])}\n\n${verdict} What was measured, on what, and where the time goes: [benchmarks](docs/benchmarks.md).`;
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
  const peers = Object.entries(report.peers).map(([name, version]) => `${name} ${version}`);
  const rows = markdownTable(head, body, [1, 3, 4]);
  return `${rows}\n\n${summary(report)}. Peers: ${peers.join(', ')}.`;
}

/** @param {readonly number[]} numeric columns that are set to the right */
function markdownTable(head, body, numeric) {
  const rule = head.map((_, i) => (numeric.includes(i) ? '--:' : '---'));
  return [head, rule, ...body].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
