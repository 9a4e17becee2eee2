const RULES = 'https://github.com/tidelock/tidelock/blob/main/docs/reference/rules.md';

/** The rule's own part of the reference: `docs/reference/rules.md` has an anchor for each id. */
export function docsUrl(ruleId: string): string {
  return ruleId === '' ? RULES : `${RULES}#${ruleAnchor(ruleId)}`;
}

/** `plaintext/private-key` as `plaintext-private-key`. */
export function ruleAnchor(ruleId: string): string {
  return ruleId.replaceAll('/', '-');
}
