import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapOf, stringLeaf } from '../../src/document/document.ts';
import { TidelockError } from '../../src/errors.ts';
import { yamlStore } from '../../src/stores/yaml.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const text = (value: Uint8Array): string => Buffer.from(value).toString('utf8');

describe('parse', () => {
  it('splits the sops block off every document', () => {
    const document = yamlStore.parse(bytes('a: 1\nsops:\n  mac: x\n---\nsops:\n  mac: y\nb: 2\n'));
    expect(document.branches.map((branch) => branch.items.length)).toEqual([1, 1]);
    expect(document.origin?.blocks.map((block) => block?.items.length)).toEqual([1, 1]);
    expect(document.block).toBe(document.origin?.blocks[0]);
  });

  it('leaves a plain file without one', () => {
    expect(yamlStore.parse(bytes('a: 1\n')).block).toBeNull();
    expect(yamlStore.parse(bytes('')).branches).toEqual([]);
  });

  it('keeps a comment right above the block in the document', () => {
    const [branch] = yamlStore.parse(bytes('a: 1\n# mine\nsops:\n  mac: x\n')).branches;
    expect(branch?.items.at(-1)).toMatchObject({ kind: 'comment', text: ' mine' });
  });

  it.each([
    ['sops: 1\n', 'ERR_METADATA'],
    ['a: 1\nsops: [x]\n', 'ERR_METADATA'],
    ['a: [\n', 'ERR_PARSE'],
  ])('refuses %j', (source, code) => {
    expect(() => yamlStore.parse(bytes(source))).toThrow(expect.objectContaining({ code }));
  });

  it('refuses what is not UTF-8', () => {
    expect(() => yamlStore.parse(new Uint8Array([97, 58, 32, 255]))).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_UTF8', hint: expect.stringContaining('binary') }),
    );
  });

  it('throws nothing but its own errors, and emits what it read', () => {
    const odd = fc
      .array(
        fc.constantFrom(
          'a',
          ': ',
          '\n',
          '- ',
          '  ',
          '{',
          '}',
          '[',
          ',',
          '"',
          "'",
          '#',
          '|',
          '>',
          '&x ',
          '*x',
          '---\n',
          'sops:',
          '\r\n',
          '!t ',
          '? ',
          '\t',
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(odd, fc.string({ unit: 'binary' })), (source) => {
        let document: ReturnType<typeof yamlStore.parse>;
        try {
          document = yamlStore.parse(bytes(source));
        } catch (error) {
          expect(error).toBeInstanceOf(TidelockError);
          return;
        }
        expect(yamlStore.emit(document)).toEqual(Buffer.from(bytes(source)));
        // Everything that can be read can take a block and lose it again.
        const block = mapOf([['mac', stringLeaf('x')]]);
        const there = yamlStore.parse(yamlStore.emit({ ...document, block }));
        if (document.branches.length === 0) return;
        expect(there.block?.items).toHaveLength(1);
        const back = yamlStore.parse(yamlStore.emit({ ...there, block: null }));
        expect(text(yamlStore.emitCanonical(back))).toBe(
          text(yamlStore.emitCanonical({ ...document, block: null })),
        );
      }),
      { numRuns: Number(process.env.RUNS ?? 500) },
    );
  });
});

describe('emit', () => {
  it('is canonical for a document that was not parsed', () => {
    const document = {
      format: 'yaml',
      branches: [mapOf([['a', mapOf([['b', stringLeaf('x')]])]])],
      block: mapOf([['mac', stringLeaf('m')]]),
      origin: null,
    } as const;
    expect(text(yamlStore.emit(document))).toBe('a:\n    b: x\nsops:\n    mac: m\n');
    expect(text(yamlStore.emitCanonical(document, { indent: 2 }))).toBe(
      'a:\n  b: x\nsops:\n  mac: m\n',
    );
  });

  it('treats keys such as __proto__ as any other, in their order', () => {
    const source = '__proto__: a\nconstructor: b\n"10": c\n"2": d\n';
    const document = yamlStore.parse(bytes(source));
    expect(text(yamlStore.emit({ ...document, block: mapOf([['mac', stringLeaf('m')]]) }))).toBe(
      `${source}sops:\n    mac: m\n`,
    );
    expect(text(yamlStore.emitCanonical(document))).toBe(source);
  });

  it('keeps a byte order mark', () => {
    const source = '\ufeffa: 1\n';
    const document = yamlStore.parse(bytes(source));
    expect(text(yamlStore.emit({ ...document, block: mapOf([['mac', stringLeaf('m')]]) }))).toBe(
      `${source}sops:\n    mac: m\n`,
    );
  });
});

describe('emitValue', () => {
  const value = (source: string): string => {
    const item = yamlStore.parse(bytes(source)).branches[0]?.items[0];
    if (item?.kind !== 'entry') throw new Error('no entry');
    return text(yamlStore.emitValue(item.value));
  };

  it.each([
    ['a: "x"\n', 'x'],
    ['a: |\n  x\n', 'x\n'],
    ['a: 1\n', '1\n'],
    ['a: null\n', 'null\n'],
    ['a: {}\n', '{}\n'],
    ['a: []\n', '[]\n'],
    ['a: {b: {c: 1}}\n', 'b:\n    c: 1\n'],
    ['a: [x, [y], {b: [1]}]\n', '- x\n- - "y"\n- b:\n    - 1\n'],
  ])('prints %j as %j', (source, expected) => {
    expect(value(source)).toBe(expected);
  });
});
