import { createHash } from 'node:crypto';

/** What the bot remembers of a request, in the request itself. */
export interface RequestState {
  /** The group's id. */
  readonly group: string;
  /** Of the group's plan: what a person decided about. */
  readonly digest: string;
  /** The commit that the text speaks of. */
  readonly tip: string;
  /** Of the files left out. */
  readonly leftOut: string;
  /** The bot closed it, not a person. */
  readonly isDone: boolean;
  /** It was due by what keys' own places said: a run that does not know that cannot call it done. */
  readonly needsKeyStates: boolean;
}

const MARKER = /<!-- tidelock-rotate:1 ([A-Za-z0-9_-]+) -->\s*$/;

/** A line that people do not see. Nothing in it can end it early. */
export function stateMarker(state: RequestState): string {
  return `<!-- tidelock-rotate:1 ${Buffer.from(JSON.stringify(state)).toString('base64url')} -->`;
}

/** null: there is none, or one that nobody of ours wrote. */
export function readState(body: string): RequestState | null {
  const encoded = MARKER.exec(body)?.[1];
  if (encoded === undefined) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return isState(value) ? value : null;
  } catch {
    return null;
  }
}

function isState(value: unknown): value is RequestState {
  if (typeof value !== 'object' || value === null) return false;
  const { group, digest, tip, leftOut, isDone, needsKeyStates } = value as Partial<
    Record<keyof RequestState, unknown>
  >;
  const texts = [group, digest, tip, leftOut];
  const answers = [isDone, needsKeyStates];
  return (
    texts.every((text) => typeof text === 'string') &&
    answers.every((answer) => typeof answer === 'boolean')
  );
}

/** The body with another state in the place of its own. */
export const withState = (body: string, state: RequestState): string =>
  body.replace(MARKER, () => stateMarker(state));

export interface LeftOut {
  readonly path: string;
  /** One sentence without a value of the file; not escaped. */
  readonly reason: string;
}

/** By their names alone: reasons may hold what changes from run to run. */
export function leftOutDigest(leftOut: readonly LeftOut[]): string {
  const paths = leftOut.map(({ path }) => path).sort();
  return createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 16);
}
