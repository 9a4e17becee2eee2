/** A measured amount with its unit, in three digits. */
export function amount(value, unit) {
  if (unit === 'ms' && value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(0)} ${unit}`;
}

/** `reached`, `missed`, or why there is no figure. */
export const verdict = ({ failed, goal, reached }) => {
  if (failed !== null) return 'not measured';
  if (goal === '-') return 'told';
  return reached ? 'reached' : 'missed';
};

/** Lines as a terminal shows them. */
export function rows(lines) {
  return lines
    .map((line) => {
      const start = `${verdict(line).padEnd(13)}${line.work.padEnd(50)}`;
      if (line.failed !== null) return `${start} ${line.against}: ${line.failed}`;
      const ours = amount(line.ours, line.unit).padStart(9);
      const peer = `${line.against}: ${amount(line.peer, line.unit)}`;
      const note = line.note === '' ? '' : `; ${line.note}`;
      return `${start} ${ours}  ${peer}  ratio ${line.ratio.toFixed(2)} (goal ${line.goal}${note})`;
    })
    .join('\n');
}

/** How many figures were reached, and on what machine. */
export function summary({ machine, lines }) {
  const judged = lines.filter(({ goal }) => goal !== '-');
  const reached = judged.filter((line) => line.reached).length;
  return `${reached} of ${judged.length} figures reached on ${describe(machine)}`;
}

export function describe({ cpu, cores, memoryGiB, system, node, load }) {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}; load ${load.before} before and ${load.after} after`;
}
