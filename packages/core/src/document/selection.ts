import type { Selection } from './metadata.ts';
import { DEFAULT_SELECTION } from './metadata.ts';
import type { Place } from './path.ts';
import type { CommentChain, LeafContext } from './walk.ts';

/** Whether a leaf or comment is (to be) encrypted. */
export type Selector = (context: LeafContext, isComment: boolean) => boolean;

/** Makes a test out of a regular expression with RE2's meaning. */
export type CompileRegex = (pattern: string) => (text: string) => boolean;

/**
 * The test that one selection rule stands for (SOPS-FORMAT 3); null is sops' default rule.
 * @param compile as `compileRegex`; throws ERR_REGEX for an expression that sops would ignore
 */
export function createSelector(selection: Selection | null, compile: CompileRegex): Selector {
  const { rule, value } = selection ?? DEFAULT_SELECTION;
  switch (rule) {
    case 'encrypted_suffix':
      return someKey((key) => key.endsWith(value));
    case 'unencrypted_suffix':
      return not(someKey((key) => key.endsWith(value)));
    case 'encrypted_regex':
      return someKey(compile(value));
    case 'unencrypted_regex':
      return not(someKey(compile(value)));
    case 'encrypted_comment_regex':
      return encryptedByComment(someComment(compile(value)));
    case 'unencrypted_comment_regex':
      return plainByComment(someComment(compile(value)));
  }
}

/** Whether the rule speaks of comments: then a token, being one, must not match it (SOPS-FORMAT 3). */
export function commentMatcher(
  selection: Selection | null,
  compile: CompileRegex,
): ((text: string) => boolean) | null {
  if (selection === null || !selection.rule.endsWith('_comment_regex')) return null;
  return compile(selection.value);
}

function not(selector: Selector): Selector {
  return (context, isComment) => !selector(context, isComment);
}

/** A comment is not chosen by itself, only by those before it. */
function encryptedByComment(matches: (chain: CommentChain | null) => boolean): Selector {
  return ({ comments }, isComment) => matches(isComment ? (comments?.previous ?? null) : comments);
}

function plainByComment(matches: (chain: CommentChain | null) => boolean): Selector {
  return ({ comments }) => !matches(comments);
}

/** Any key on the way decides, so an ancestor decides for all below it; asked once for each place. */
function someKey(matches: (key: string) => boolean): Selector {
  const byKey = memoize(matches);
  const someStep = memoizedChain<Place>(
    ({ step }) => typeof step === 'string' && byKey(step),
    (place) => place.parent,
  );
  return ({ place }) => someStep(place);
}

function someComment(matches: (text: string) => boolean): (chain: CommentChain | null) => boolean {
  return memoizedChain<CommentChain>(
    ({ text }) => matches(text),
    (link) => link.previous,
  );
}

/**
 * Whether a link or one before it matches; what was found out about a chain is not asked again. The
 * last link is not remembered by itself: of a leaf, nothing follows.
 */
function memoizedChain<Link extends object>(
  matches: (link: Link) => boolean,
  before: (link: Link) => Link | null,
): (chain: Link | null) => boolean {
  const known = new WeakMap<Link, boolean>();
  return (chain) => {
    if (chain === null) return false;
    if (matches(chain)) return true;
    const asked: Link[] = [];
    let found = false;
    for (let at = before(chain); at !== null && !found; at = before(at)) {
      const memo = known.get(at);
      if (memo !== undefined) {
        found = memo;
        break;
      }
      asked.push(at);
      found = matches(at);
    }
    for (const link of asked) known.set(link, found);
    return found;
  };
}

const MAX_MEMO = 10_000;

function memoize(matches: (key: string) => boolean): (key: string) => boolean {
  const known = new Map<string, boolean>();
  return (key) => {
    const memo = known.get(key);
    if (memo !== undefined) return memo;
    const result = matches(key);
    if (known.size < MAX_MEMO) known.set(key, result);
    return result;
  };
}
