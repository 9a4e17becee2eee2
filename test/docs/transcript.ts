/** A command of a transcript and what it is to print. */
export interface Step {
  readonly command: string;
  readonly expected: readonly string[];
  /** The lines that show the command, as they stand. */
  readonly shown: readonly string[];
}

/** `$ command`, `> ` before each further line of it, and behind it what it prints. */
export function stepsOf(body: readonly string[]): readonly Step[] {
  const steps: { command: string[]; expected: string[]; shown: string[] }[] = [];
  for (const line of body) {
    const step = steps.at(-1);
    if (line.startsWith('$ ')) {
      steps.push({ command: [line.slice(2)], expected: [], shown: [line] });
    } else if (step === undefined) {
      throw new Error(`a transcript starts with a command, not with: ${line}`);
    } else if (line.startsWith('> ') && step.expected.length === 0) {
      step.command.push(line.slice(2));
      step.shown.push(line);
    } else step.expected.push(line);
  }
  return steps.map(({ command, ...rest }) => ({ command: command.join('\n'), ...rest }));
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * Whether the output is what the document shows. `...` within a line stands for any text of that line,
 * a line `...` for any number of lines.
 */
export function isAsShown(expected: readonly string[], output: readonly string[]): boolean {
  const pattern = expected
    .map((line) =>
      line === '...'
        ? '(?:[^\\n]*\\n)*?'
        : `${line.trimEnd().split('...').map(escaped).join('[^\\n]*?')}\\n`,
    )
    .join('');
  return new RegExp(`^${pattern}$`).test(output.map((line) => `${line.trimEnd()}\n`).join(''));
}
