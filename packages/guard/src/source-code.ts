/**
 * Names of programs and prose: what looks like a broken sops file in there is text about one.
 */
export function isSourceCode(path: string): boolean {
  return SOURCE_CODE.test(path);
}

const SOURCE_CODE =
  /\.(?:[cm]?[jt]sx?|go|py|rb|rs|java|kt|kts|scala|php|cs?|cc|cpp|h|hpp|swift|m|pl|lua|sh|bash|zsh|ps1|ex|exs|erl|hs|clj|dart|vue|svelte|html?|css|md|mdx|rst|adoc|tex|ipynb|snap|diff|patch)$/i;
