/**
 * A glob over a whole path: `?` and `*` within one name, `**` over any number of folders, `{a,b}` for
 * alternatives. The expression has no nested repetition: runs of stars are one.
 */
export function globToRegExp(glob: string): RegExp {
  const parts = glob
    .replace(/^\.?\//, '')
    .replace(/\*{3,}/g, '**')
    .replace(/(?:\*\*\/)+/g, '**/')
    .split(/(\*\*\/|\*\*|\*|\?|\{[^{}]*\})/);
  return new RegExp(`^${parts.map(toPattern).join('')}$`, 's');
}

function toPattern(part: string): string {
  switch (part) {
    case '**/':
      return '(?:[^/]*/)*?';
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    default:
      return part.startsWith('{') && part.endsWith('}')
        ? `(?:${part.slice(1, -1).split(',').map(literal).join('|')})`
        : literal(part);
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
