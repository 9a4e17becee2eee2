import { escapeLogLine } from '@tidelock/guard';

/** Lines for people. In a job of GitHub Actions none of them is taken for a command to the runner. */
export function logText(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return env.GITHUB_ACTIONS === 'true' ? text.split('\n').map(escapeLogLine).join('\n') : text;
}
