import { child, elementsOf, entriesOf, type Tree } from '@tidelock/guard';
import { plainText, textMap, wordOf } from './manifest-text.ts';
import { LeftToHand, type RemoteSecret } from './remote-secret.ts';

export type TemplatePart = Pick<
  RemoteSecret,
  'type' | 'labels' | 'annotations' | 'template' | 'keepsOthers'
>;

/** One action that only puts a value there, in either engine. */
const VALUE = /\{\{\s*\.([A-Za-z_][A-Za-z0-9_]*)\s*(?:\|\s*toString\s*)?\}\}/g;
const TO_STRING = /\{\{\s*\.[A-Za-z_][A-Za-z0-9_]*\s*\|\s*toString\s*\}\}/g;

/** What `target.template` makes of the values. @throws LeftToHand for what is more than putting them in */
export function readTemplate(target: Tree | undefined, metadata: Tree | undefined): TemplatePart {
  const template = child(target, 'template');
  if (template === undefined)
    return {
      type: 'Opaque',
      labels: withoutTools(textMap(child(metadata, 'labels'))),
      annotations: withoutTools(textMap(child(metadata, 'annotations'))),
      template: null,
      keepsOthers: true,
    };
  const own = child(template, 'metadata');
  if (elementsOf(child(template, 'templateFrom')).length > 0)
    throw new LeftToHand('its template comes from another object (templateFrom)');
  if (child(own, 'finalizers') !== undefined) throw new LeftToHand('its template sets finalizers');
  const texts = templateTexts(template);
  return {
    type: plainText(template, 'type') ?? 'Opaque',
    labels: textMap(child(own, 'labels')),
    annotations: textMap(child(own, 'annotations')),
    template: texts.size === 0 ? null : texts,
    keepsOthers: wordOf(template, 'mergePolicy', ['Replace', 'Merge']) === 'Merge',
  };
}

/** Written by tools into the manifest that they applied; they say nothing of the Secret. */
const OF_TOOLS = /^(?:kubectl\.kubernetes\.io|(?:reconcile\.)?external-secrets\.io)\/|^force-sync$/;

const withoutTools = (map: ReadonlyMap<string, string>) =>
  new Map([...map].filter(([key]) => !OF_TOOLS.test(key)));

function templateTexts(template: Tree): ReadonlyMap<string, string> {
  const pattern = wordOf(template, 'engineVersion', ['v2', 'v1']) === 'v2' ? VALUE : TO_STRING;
  return new Map(
    entriesOf(child(template, 'data')).map(({ key, value }) => {
      if (value.kind !== 'scalar' || value.value.replace(pattern, '').includes('{{'))
        throw new LeftToHand(`its template computes ${key}, which is more than a copy`);
      return [key, value.value] as const;
    }),
  );
}

/**
 * The values as the template has them.
 * @throws LeftToHand for a key that nothing fills, or bytes that are no text
 */
export function applyTemplate(
  { template, keepsOthers }: Pick<RemoteSecret, 'template' | 'keepsOthers'>,
  values: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, Uint8Array> {
  if (template === null) return values;
  const texts = [...template].map(([key, text]) => {
    const filled = text.replace(VALUE, (_, name: string) => textValue(name, values.get(name)));
    return [key, Buffer.from(filled)] as const;
  });
  return new Map([...(keepsOthers ? values : []), ...texts]);
}

function textValue(name: string, bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new LeftToHand(`its template names ${name}, which nothing fills`);
  const text = Buffer.from(bytes).toString('utf8');
  if (Buffer.from(text).equals(bytes)) return text;
  throw new LeftToHand(`its template puts ${name} into a text, and it is no text`);
}
