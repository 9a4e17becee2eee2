const RULES = 'https://tidelock.dev/rules';

/** The page about a rule. */
export function docsUrl(ruleId: string): string {
  return `${RULES}/${ruleId}`;
}
