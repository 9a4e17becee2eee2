import { TidelockError } from '@tidelock/core';
import { forgeError, serverWords } from './forge-error.ts';

/** What octokit throws, by what is looked at. */
interface GithubFailure {
  readonly status: number;
  readonly message: string;
  readonly accepted: string | null;
  /** Of GraphQL: `STALE_DATA`, `FORBIDDEN`, … */
  readonly types: readonly string[];
}

/**
 * Runs a request and says what went wrong with it, and what to do.
 * @param doing completes "may not …": `write files`
 */
export async function asking<T>(doing: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw explained(doing, error);
  }
}

/** The HTTP status of an answer that is no success, or null. */
export const statusOf = (error: unknown): number | null => failureOf(error)?.status ?? null;

export const messageOf = (error: unknown): string => failureOf(error)?.message ?? '';

function explained(doing: string, error: unknown): TidelockError {
  if (error instanceof TidelockError) return error;
  const failure = failureOf(error);
  const words = failure === null ? '' : serverWords(failure.message);
  const says = words === '' ? '' : ` (it says: ${words})`;
  if (failure === null || failure.status >= 500)
    return forgeError(
      'ERR_FORGE_UNREACHABLE',
      `GitHub gave no answer when asked to ${doing}${says}`,
      {
        hint: 'Run it again later: nothing is half-done, and the next run goes on from there.',
      },
    );
  if (/secondary rate|rate limit/i.test(failure.message))
    return forgeError(
      'ERR_FORGE_LIMIT',
      `GitHub wants fewer requests than it takes to ${doing}${says}`,
      {
        hint: 'Run it again in an hour: the next run goes on from there.',
      },
    );
  if (isStale(failure))
    return forgeError(
      'ERR_FORGE_STALE',
      `another run or person changed the branch meanwhile${says}`,
      {
        hint: 'Run it again: it starts from what is there now.',
      },
    );
  if (PROTECTED.test(failure.message))
    return forgeError(
      'ERR_FORGE_PROTECTED',
      `a rule of the repository does not let the bot ${doing}${says}`,
      {
        hint: 'Let the bot make, move and delete branches below its prefix in Settings, Rules; or choose another with --branch-prefix.',
      },
    );
  if (/not permitted to create or approve pull requests/.test(failure.message))
    return forgeError('ERR_FORGE_SETTING', 'GitHub Actions may not open pull requests here', {
      hint: ACTIONS_SETTING,
    });
  return refused(doing, failure, says);
}

export const ACTIONS_SETTING =
  'Give the bot the token of a GitHub App instead; or allow it under Settings, Actions, General, "Allow GitHub Actions to create and approve pull requests", in the organization and in the repository.';

const PROTECTED =
  /protected branch|rule violations|cannot force-push|restricted|must have verified signatures|made through a pull request|not authorized to push|must not contain merge commits|required status check/i;

const isStale = ({ types, message, status }: GithubFailure) =>
  types.includes('STALE_DATA') ||
  (status === 422 &&
    /reference update failed|reference already exists|reference does not exist|not a fast.forward|expected branch to point/i.test(
      message,
    ));

function refused(doing: string, failure: GithubFailure, says: string): TidelockError {
  const { status, accepted, types } = failure;
  if (status === 401)
    return forgeError('ERR_FORGE_TOKEN', 'GitHub does not accept the token', {
      hint: 'It may have expired: make a new one, and see that it is the one for this server.',
    });
  if (status === 403 || types.includes('FORBIDDEN')) {
    const needs = accepted === null ? '' : `; it needs ${serverWords(accepted)}`;
    return forgeError('ERR_FORGE_PERMISSION', `the token may not ${doing}${needs}${says}`, {
      hint: 'The bot needs these repository permissions: contents read and write, pull requests read and write.',
    });
  }
  if (status === 404 || types.includes('NOT_FOUND'))
    return forgeError('ERR_FORGE_NOT_FOUND', `GitHub finds nothing to ${doing}${says}`, {
      hint: 'Either it is not there, or the token may not see it: install the App on this repository, or choose the repository for the token.',
    });
  return forgeError('ERR_FORGE', `GitHub would not ${doing}${says}`, {
    hint: 'If it is not clear why, run it again; then report it.',
  });
}

function failureOf(error: unknown): GithubFailure | null {
  if (!(error instanceof Error)) return null;
  const { status, response, errors } = error as Error & {
    readonly status?: unknown;
    readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
    readonly errors?: readonly { readonly type?: string; readonly message?: string }[];
  };
  // What GraphQL answers comes with 200.
  if (Array.isArray(errors) && error.name === 'GraphqlResponseError') {
    const types = errors.map(({ type }) => type ?? '');
    return {
      status: 422,
      message: errors.map(({ message }) => message ?? '').join(' '),
      // It does not say; the bot writes nothing but files this way.
      accepted: types.includes('FORBIDDEN') ? 'contents=write' : null,
      types,
    };
  }
  // The client gives failures of the network the status 500.
  if (typeof status !== 'number' || response === undefined) return null;
  const accepted = response.headers?.['x-accepted-github-permissions'];
  return {
    status,
    message: error.message.replace(/ - https?:\S+$/, ''),
    accepted: typeof accepted === 'string' ? accepted : null,
    types: [],
  };
}
