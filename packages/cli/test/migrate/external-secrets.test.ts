import { parseYamlStream, type YamlNode } from '@tidelock/core';
import { readDeployment, Source } from '@tidelock/guard';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValue } from '../../src/migrate/external-secrets/decode-value.ts';
import { fieldsOf, jsonObject, propertyOf } from '../../src/migrate/external-secrets/json-value.ts';
import { kustomizationChanges } from '../../src/migrate/external-secrets/kustomization-edit.ts';
import { applyTemplate } from '../../src/migrate/external-secrets/read-template.ts';

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');

describe('the values of a JSON object', () => {
  it('are its texts as they are and everything else as it is written', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.integer()),
    );
    const object = fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), value, {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2), (wanted, indent) => {
        const found = jsonObject(Buffer.from(JSON.stringify(wanted, null, indent)));
        if (found === null) throw new Error('not read');
        const fields = fieldsOf(found, 'x');
        expect([...fields.keys()].sort()).toEqual(Object.keys(wanted).sort());
        for (const [key, one] of Object.entries(wanted)) {
          const bytes = fields.get(key);
          expect(text(bytes)).toBe(text(propertyOf(found, key, 'x')));
          if (typeof one === 'string') expect(text(bytes)).toBe(Buffer.from(one).toString('utf8'));
          else expect(JSON.parse(text(bytes))).toEqual(one);
        }
      }),
    );
  });

  it.each(['', '[1]', '"x"', '{"a":1,}', '{a: 1}', '{"a":1}}'])('are none of %j', (json) => {
    expect(jsonObject(Buffer.from(json))).toBeNull();
  });
});

it('whatever was encoded is decoded again, and only that', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const standard = Buffer.from(bytes).toString('base64');
      const url = standard.replaceAll('+', '-').replaceAll('/', '_');
      expect(decodeValue(Buffer.from(standard), 'Base64', 'x')).toEqual(Buffer.from(bytes));
      expect(decodeValue(Buffer.from(url), 'Base64URL', 'x')).toEqual(Buffer.from(bytes));
      expect(decodeValue(Buffer.from(url), 'Auto', 'x')).toEqual(Buffer.from(bytes));
      expect(decodeValue(bytes, 'None', 'x')).toBe(bytes);
    }),
  );
});

it('a template puts values in as they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const template = new Map([['out', 'a {{ .key }}$&{{.key | toString}} z']]);
      const values = new Map([['key', Buffer.from(value)]]);
      const plain = Buffer.from(value).toString('utf8');
      const filled = applyTemplate({ template, keepsOthers: false }, values);
      expect([...filled].map(([key, bytes]) => [key, text(bytes)])).toEqual([
        ['out', `a ${plain}$&${plain} z`],
      ]);
    }),
  );
});

describe('a kustomization', () => {
  const name = fc.stringMatching(/^(?:\.\/)?[a-z]{1,8}\.yaml$/);
  const names = fc.uniqueArray(name, {
    minLength: 1,
    maxLength: 5,
    selector: (one) => one.replace('./', ''),
  });
  const layouts: readonly ((list: readonly string[]) => string)[] = [
    (list) => `resources:\n${list.map((one) => `  - ${one}\n`).join('')}# end\n`,
    (list) => `resources:\r\n${list.map((one) => `- "${one}" # note\r\n`).join('')}`,
    (list) => `resources: [${list.join(', ')}]\nnamespace: a\n`,
    (list) => `resources:\n${list.map((one) => `-   '${one}'`).join('\n')}`,
  ];

  it('names new files beside or instead of one, and keeps every other', () => {
    fc.assert(
      fc.property(
        names,
        fc.nat(4),
        fc.constantFrom(...layouts),
        fc.boolean(),
        (list, at, layout, isKept) => {
          const index = at % list.length;
          const moved = list[index] ?? '';
          const sources = [
            new Source('d/kustomization.yaml', Buffer.from(layout(list))),
            ...list.map((one) => new Source(`d/${one.replace('./', '')}`, Buffer.from('a: 1\n'))),
          ];
          const [change] = kustomizationChanges(readDeployment(sources), [
            { source: sourceAt(sources, index + 1), paths: ['d/N1.yaml', 'd/N2.yaml'], isKept },
          ]);
          const lead = moved.startsWith('./') ? './' : '';
          const wanted = list.flatMap((one) =>
            one === moved ? [...(isKept ? [one] : []), `${lead}N1.yaml`, `${lead}N2.yaml`] : [one],
          );
          expect(resourcesOf(change?.after ?? '')).toEqual(wanted);
          expect((change?.after ?? '').split('#').length).toBe(layout(list).split('#').length);
        },
      ),
    );
  });
});

function resourcesOf(yaml: string): string[] {
  const root = parseYamlStream(yaml).documents[0]?.root;
  const pair = root?.kind === 'map' ? root.pairs[0] : undefined;
  const list: YamlNode | undefined = pair?.value;
  if (list?.kind !== 'list') return [];
  return list.elements.flatMap((one) => (one.kind === 'scalar' ? [one.value] : []));
}

function sourceAt(sources: readonly Source[], index: number): Source {
  const source = sources[index];
  if (source === undefined) throw new Error('no such source');
  return source;
}
