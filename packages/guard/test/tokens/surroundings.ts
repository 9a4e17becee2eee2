/** Twenty places where tokens are met. `@` is the token, `WORD` the issuer's word. */
export const SURROUNDINGS: readonly string[] = [
  '@',
  'WORD_token: @\n',
  'WORD_token: "@"\n',
  "  - 'WORD' : '@' # rotate me\n",
  'export WORD_TOKEN=@\n',
  'WORD_TOKEN="@"\r\nNEXT=1\r\n',
  '{"WORD": {"token": "@"}}',
  'curl -H "X-WORD-Token: @" https://api.example.com/v1\n',
  'WORD Authorization: Bearer @\n',
  'https://example.com/cb?from=WORD&token=@&state=1',
  'const WORD = `@`;\n',
  '<WORD token="@"/>',
  '| WORD | @ |\n',
  '"line one WORD\\n@\\nline three"',
  'WORD%20token%3D@%26x',
  '# WORD token is (@), keep it.\n',
  'WORD = [ @, 12 ]\n',
  'a: b\nWORD:\n  @\nc: d\n',
  'set WORD=@;\n',
  '\tWORD\t@\t\n',
];

export function surround(surrounding: string, token: string, word: string): string {
  return surrounding.replaceAll('WORD', word).split('@').join(token);
}
