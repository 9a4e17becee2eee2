import { type ConfigEntry, configEntries } from '../config/entries.ts';
import { classifyName } from '../key-names.ts';
import { keyName, mask, say } from '../mask.ts';
import { ENCRYPT_HINT } from '../secret-leaf.ts';
import { isSopsFile, kubernetesObjects } from '../sops-file.ts';
import type { Source } from '../source.ts';
import { mergeSpans, touches } from '../spans.ts';
import { structureOf } from '../structure/structure.ts';
import type { FileRule, Problem, Severity, TextSpan } from '../types.ts';
import { isSecretLike, suspectClass } from '../value-test.ts';

/** Values in configuration whose names say that they are secret. */
export const sensitiveKey: FileRule = {
  id: 'plaintext/sensitive-key',
  severity: 'error',
  yields: true,
  title: 'A secret value in configuration, by the name of its key',
  docs: {
    why: 'Passwords have no form of their own: the name of the key is what tells them, to us and to whoever searches for them.',
    fix: 'Change the value, then encrypt the file, or refer to a secret instead.',
  },
  *check(source) {
    if (source.text === null || isSopsFile(source)) return;
    const manifests = source.derive(secretManifestSpans);
    for (const entry of configEntries(source)) {
      if (touches(manifests, entry.span)) continue;
      const severity = judge(entry);
      if (severity === null || isTranslated(entry, source)) continue;
      yield toProblem(entry, severity, isExample(source.path));
    }
  },
};

/** Kubernetes Secrets are judged value by value, decoded: see kubernetes-secret. */
function secretManifestSpans(source: Source): readonly TextSpan[] {
  const text = source.text;
  if (text === null || !text.includes('Secret') || !/["']?kind["']?\s{0,8}:/.test(text)) return [];
  const isSecret = (kind: string, version: string) =>
    kind === 'Secret' && (version === 'v1' || version === '');
  const spans = structureOf(source).documents.flatMap((document) =>
    [...kubernetesObjects(document, isSecret)].map(({ map }) => map.span),
  );
  return mergeSpans(spans.sort((a, b) => a.start - b.start));
}

function judge({ name, value: text, comment, loose, literal }: ConfigEntry): Severity | null {
  const value = literal === true ? text.replaceAll('$', '_') : text;
  if (isDocument(value)) return null;
  if (loose && (/\s/.test(value) || !isSecretLike(value))) return null;
  const nameClass = classifyName(name);
  const suspicion = suspectClass(nameClass, value);
  if (suspicion === 'sure') return comment ? 'warning' : 'error';
  if (suspicion === 'weak') return comment ? null : 'error';
  return suspicion === 'hash' ? 'warning' : null;
}

function toProblem(entry: ConfigEntry, severity: Severity, example: boolean): Problem {
  return {
    span: entry.span,
    value: entry.value,
    severity: example && severity === 'error' ? 'warning' : severity,
    kind: entry.style,
    message: say`a value in plain text under ${keyName(entry.name)}, a name of secrets (${mask(entry.value)})`,
    hint: ENCRYPT_HINT,
  };
}

/** JSON or a key in armour: what is in them is found by itself. */
function isDocument(value: string): boolean {
  const text = value.trim();
  if (text.startsWith('-----BEGIN ') || /^[{[]$/.test(text)) return true;
  const isClosed =
    (text.startsWith('{') && text.endsWith('}')) || (text.startsWith('[') && text.endsWith(']'));
  return isClosed && /["'\w]\s{0,4}[:,]|[{"]/.test(text.slice(1, 400));
}

/** Texts of a program in some language: there `password` is a word like any other. */
function isTranslated({ value }: ConfigEntry, { path, text }: Source): boolean {
  if (!isTranslation(path) || /^["']?apiVersion/m.test(text ?? '')) return false;
  return !/^[^\s]*[0-9][^\s]*$/.test(value);
}

function isTranslation(path: string): boolean {
  return /(?:^|\/)(?:i18n|l10n|locales?|lang|languages|translations?|nls)\/|(?:^|[/._-])(?:messages|strings|i18n|locale|translations?)(?:[._-][a-z]{2}(?:[._-][A-Za-z]{2,4})?)?\.(?:json|ya?ml|properties|xml|arb)$|(?:^|\/)(?:en|de|fr|es|it|pt|nl|pl|cs|sk|sv|da|fi|nb|nn|ru|uk|ja|ko|zh|ar|he|tr|hu|ro|bg|el|hi|vi|th|fa|hr|sr|sl|lt|lv|et)(?:[-_][A-Za-z]{2,4})?\.(?:json|ya?ml|properties|arb)$/.test(
    path,
  );
}

/** Files that show how a file is written. What is in them is meant to be replaced. */
function isExample(path: string): boolean {
  const slash = path.lastIndexOf('/') + 1;
  return (
    /[._-](?:example|sample|template|tmpl|tpl|dist|defaults?|schema)(?:[._-]|$)/i.test(
      path.slice(slash),
    ) || /(?:^|\/)(?:examples?|samples?)\//i.test(path.slice(0, slash))
  );
}
