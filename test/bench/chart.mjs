import { TOLD } from './figure.mjs';

const WIDTH = 970;
const LABELS = 540;
const ROW = 26;
const TOP = 44;
const SMALLEST = 0.02;
const LARGEST = 5;
const TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Bars of our time by the peer's, on a logarithmic scale: left of the line at 1 tidelock is faster. */
export function chart(lines) {
  const shown = lines.filter(({ failed, unit }) => failed === null && unit === 'ms');
  const height = TOP + shown.length * ROW + 16;
  const bottom = TOP + shown.length * ROW;
  const ticks = TICKS.map((tick) => {
    const kind = tick === 1 ? 'one' : 'tick';
    return `<line class="${kind}" x1="${at(tick)}" x2="${at(tick)}" y1="${TOP - 8}" y2="${bottom}"/><text class="scale" x="${at(tick)}" y="${TOP - 14}">${tick}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Time of tidelock divided by the time of its peers">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.scale, .ratio { font-size: 11px; fill: #57606a; }
.scale { text-anchor: middle; }
.peer { fill: #57606a; }
.tick { stroke: #d0d7de; }
.one { stroke: #57606a; stroke-width: 2; }
.reached { fill: #1a7f64; }
.missed { fill: #bc4c00; }
.told { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .scale, .ratio, .peer { fill: #9198a1; }
  .tick { stroke: #3d444d; }
  .one { stroke: #9198a1; }
  .reached { fill: #3fb68b; }
  .missed { fill: #e3823f; }
}
</style>
<text class="peer" x="8" y="16">time of tidelock / time of the peer; left of 1 is faster; orange misses its goal, grey has none</text>
${ticks.join('\n')}
${shown.map(bar).join('\n')}
</svg>
`;
}

function at(ratio) {
  const within = Math.min(LARGEST, Math.max(SMALLEST, ratio));
  const share = Math.log(within / SMALLEST) / Math.log(LARGEST / SMALLEST);
  return Math.round(LABELS + share * (WIDTH - LABELS - 50));
}

function bar({ work, against, ratio, reached, goal }, row) {
  const y = TOP + row * ROW;
  const [from, to] = [at(1), at(ratio)].sort((a, b) => a - b);
  const width = Math.max(2, to - from);
  const kind = goal === TOLD.text ? 'told' : reached ? 'reached' : 'missed';
  return `<text x="8" y="${y + 16}">${escaped(work)} <tspan class="peer">/ ${escaped(against)}</tspan></text><rect class="${kind}" x="${from}" y="${y + 4}" width="${width}" height="${ROW - 10}"/><text class="ratio" x="${Math.max(from + width, at(1)) + 6}" y="${y + 16}">${ratio.toFixed(2)}</text>`;
}

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
