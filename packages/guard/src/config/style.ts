/** How names and values are written in a file of configuration; `quoted`: in a program, in quotes. */
export type ConfigStyle =
  | 'yaml'
  | 'json'
  | 'assignments'
  | 'terraform'
  | 'shell'
  | 'xml'
  | 'sql'
  | 'quoted';

const BY_EXTENSION: readonly (readonly [RegExp, ConfigStyle])[] = [
  [/\.(?:ya?ml|sls|eyaml)$/i, 'yaml'],
  [/\.(?:json|json5|jsonc|tfvars\.json|arb|webmanifest|tf\.json)$/i, 'json'],
  [/\.(?:tf|tofu|hcl|nomad)$/i, 'terraform'],
  [
    /\.(?:sh|bash|zsh|ksh|ps1|psm1|bat|cmd|mk)$|(?:^|\/)(?:Makefile|GNUmakefile|Justfile)$/i,
    'shell',
  ],
  [/\.sql$/i, 'sql'],
  [
    /(?:^|\/)(?:wp-config|configuration|settings(?:[.-]\w{1,20})?|LocalSettings|parameters|database|config(?:[.-]\w{1,20})?|config\/[\w.-]{1,60})\.php$|\.(?:bicep|bicepparam|nix|cue|jsonnet|libsonnet|dhall|ron|gradle|kts|groovy|exs)$|(?:^|\/)(?:Jenkinsfile|Fastfile|Appfile|gitlab\.rb|(?:local_|prod_)?settings\.py|config\.py)$/,
    'quoted',
  ],
  [/\.(?:xml|config|plist|csproj|pubxml|publishsettings)$/i, 'xml'],
  [
    /(?:\.(?:env|ini|conf|cfg|cnf|properties|props|toml|tfvars|service|desktop|rc|envrc|vars|secrets?|creds|credentials|nmconnection)|(?:^|\/)\.?env(?:rc)?(?:\.[\w.-]+)?|(?:^|\/)\.[\w-]+rc|\.env\.[\w.-]+|(?:^|\/)\.htaccess|(?:^|\/)\.dev\.vars|(?:^|\/)Dockerfile[\w.-]*)$/i,
    'assignments',
  ],
];

/** Not a place for `password: "x"` of a program: source code, prose, locks, generated files. */
const NOT_CONFIGURATION =
  /(?:^|\/)(?:package-lock|composer\.lock|npm-shrinkwrap|pnpm-lock)[^/]*$|\.(?:lock|lock\.hcl|schema\.json|min\.json|map|svg)$/i;

/** The style of a file by its name and, where that says nothing, by how it begins; null: none. */
export function styleOf(path: string, text: string): ConfigStyle | null {
  if (NOT_CONFIGURATION.test(path)) return null;
  for (const [pattern, style] of BY_EXTENSION) {
    if (pattern.test(path)) return style === 'xml' ? xmlOrLines(text) : style;
  }
  return /\.(?:txt|bak|old|orig|save|tmp|dec|gotmpl|tpl|j2|tmpl|erb)$/i.test(path) ||
    !/\.[A-Za-z0-9]{1,8}$/.test(path)
    ? sniff(text.slice(0, 4000))
    : null;
}

/** `.config` is XML for some programs and lines for others. */
function xmlOrLines(text: string): ConfigStyle {
  return /^\s*</.test(text.slice(0, 1000)) ? 'xml' : 'assignments';
}

function sniff(head: string): ConfigStyle | null {
  if (/^\s*\{\s*"/.test(head)) return 'json';
  if (/^#![^\n]{0,100}\b(?:ba|z|k|da)?sh\b/.test(head)) return 'shell';
  const lines = head
    .split('\n')
    .filter((line) => /\S/.test(line) && !/^\s*(?:#|;|\[[\w.-]+\]\s*$)/.test(line))
    .slice(0, 40);
  const share = (pattern: RegExp) =>
    lines.filter((line) => pattern.test(line)).length / lines.length;
  if (lines.length === 0) return null;
  if (share(/^(?:export )?[A-Za-z_][\w.-]*[ \t]*=/) >= 0.6) return 'assignments';
  return share(/^\s*(?:- )?["']?[A-Za-z_][\w./-]*["']?:(?:\s|$)/) >= 0.6 ? 'yaml' : null;
}
