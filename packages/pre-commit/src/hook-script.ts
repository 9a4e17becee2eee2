import type { Stage } from './hook-options.ts';

const MARK = '# tidelock hook, version 1';

/** Where a hook that was there before is kept. */
export function chainedName(stage: Stage): string {
  return `${stage}.before-tidelock`;
}

export function isOurScript(text: string): boolean {
  return text.split('\n', 2)[1] === MARK;
}

/** Runs the hook that was there before, then ours: what was judged is what is committed. */
export function hookScript(stage: Stage, node: string, program: string): string {
  // By the shell alone: without dirname on PATH the hook before ours would be passed over.
  const chained = `"\${0%/*}/${chainedName(stage)}"`;
  const isPush = stage === 'pre-push';
  const feed = isPush ? `printf '%s\\n' "$lines" | ` : '';
  return [
    '#!/bin/sh',
    MARK,
    '# `tidelock-pre-commit --uninstall` restores what was here before.',
    ...(isPush ? ['lines=$(cat)'] : []),
    `if [ -x ${chained} ]; then`,
    `  ${feed}${chained} "$@" || exit $?`,
    'fi',
    `node=${quote(node)}`,
    '[ -x "$node" ] || node=node',
    `program=${quote(program)}`,
    'if [ ! -f "$program" ]; then',
    '  echo "tidelock: nothing was examined: $program is gone." >&2',
    '  echo "hint: Install @tidelock/pre-commit again, then: tidelock-pre-commit --install" >&2',
    '  exit 3',
    'fi',
    `${feed}${isPush ? '' : 'exec '}"$node" "$program" --stage ${stage} -- "$@"`,
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
