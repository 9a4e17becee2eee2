import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Value } from '../../src/document/document.ts';
import { TidelockError } from '../../src/errors.ts';
import type { YamlNode } from '../../src/yaml/nodes.ts';
import { parseYamlStream } from '../../src/yaml/parse.ts';
import { readYaml } from '../../src/yaml/read.ts';
import type { YamlSyntax } from '../../src/yaml/syntax.ts';
import { randomYaml } from './random-yaml.ts';
import { showNode } from './show-tree.ts';

const RUNS = { numRuns: 400 };

/** Untyped content as nested arrays: both parsers agree on it whatever their schemas. */
type Content = string | readonly ['list', ...Content[]] | readonly ['map', ...Content[]];

function ours(node: YamlNode): Content {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'alias':
      return ours(node.target);
    case 'list':
      return ['list', ...node.elements.map(ours)];
    case 'map':
      return ['map', ...node.pairs.flatMap(({ key, value }) => [ours(key), ours(value)])];
  }
}

function theirs(value: unknown): Content {
  if (Array.isArray(value)) return ['list', ...value.map(theirs)];
  if (value instanceof Map) return ['map', ...[...value].flat().map(theirs)];
  return value === null || value === undefined ? '' : String(value);
}

/**
 * What the other parser finds; null where it is stricter than sops: flow lines that are indented
 * less, aliases of anchors in an earlier document.
 */
function oracle(text: string): Content[] | null {
  // Its YAML 1.1 would bring a schema of its own, and it knows the tags of the core schema in any.
  const known = text.replace('%YAML 1.1', '%YAML 1.2').replace(/!!(?:int|float|binary)/g, '!x');
  // It counts a byte order mark as a column of the first line; sops and we do not.
  const plain = known.replace(/^\ufeff/, '');
  const documents = [
    ...parseAllDocuments(plain, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' }),
  ];
  if (documents.some(({ errors }) => errors.length > 0)) return null;
  try {
    return documents.map((document) =>
      theirs(document.toJS({ mapAsMap: true, maxAliasCount: -1 })),
    );
  } catch (error) {
    if (error instanceof ReferenceError) return null;
    throw error;
  }
}

test('a byte order mark takes no column of its line, as in sops', () => {
  const [document] = parseYamlStream('\ufeff  k0:\n  k1: a\n').documents;
  expect(document && ours(document.root)).toEqual(['map', 'k0', '', 'k1', 'a']);
});

describe('a random document', () => {
  test('has the content that another parser finds in it', () => {
    fc.assert(
      fc.property(randomYaml(true), (random) => {
        // At the end of a text without a line break the parsers differ over block scalars.
        const text = `${random}\n`;
        const documents = parseYamlStream(text).documents.map(({ root }) => ours(root));
        const expected = oracle(text);
        fc.pre(expected !== null);
        expect(documents).toEqual(expected);
      }),
      RUNS,
    );
  });

  test('has every comment of its text in its trees, once where nothing is aliased', () => {
    fc.assert(
      fc.property(randomYaml(true), (text) => {
        const { branches } = readYaml(text);
        const placed = new Set(branches.flatMap((branch) => commentStarts(branch)));
        const written = parseYamlStream(text).comments.map(({ span }) => span.start);
        expect([...placed].sort((a, b) => a - b)).toEqual(written);
      }),
      RUNS,
    );
  });

  test('has spans that read as the same scalars on their own', () => {
    fc.assert(
      fc.property(randomYaml(true), (text) => {
        for (const branch of readYaml(text).branches) checkSpans(text, branch);
      }),
      RUNS,
    );
  });

  test('has spans of its lists and maps that contain those of their content, in order', () => {
    fc.assert(
      fc.property(randomYaml(true), (text) => {
        for (const { root } of parseYamlStream(text).documents) checkOrder(root);
      }),
      RUNS,
    );
  });
});

function commentStarts(node: Value): number[] {
  if (node.kind === 'leaf') return [];
  const children = node.kind === 'map' ? node.items : node.elements;
  return children.flatMap((child) => {
    if (child.kind === 'comment')
      return child.syntax === undefined ? [] : [child.syntax.span.start];
    return commentStarts(child.kind === 'entry' ? child.value : child);
  });
}

function checkSpans(text: string, node: Value): void {
  if (node.kind === 'map') {
    for (const item of node.items) if (item.kind === 'entry') checkSpans(text, item.value);
    return;
  }
  if (node.kind === 'list') {
    for (const item of node.elements) if (item.kind !== 'comment') checkSpans(text, item);
    return;
  }
  const syntax = node.syntax as YamlSyntax | undefined;
  if (syntax === undefined || syntax.style === 'alias' || syntax.block?.indicator) return;
  const outer = text.slice(syntax.outerStart, syntax.span.end).replace(/&\S+/, '');
  // Flow style, since a plain scalar ends there where it does not in block style.
  const alone = syntax.inFlow ? `a: [${outer}]` : `a: ${outer}`;
  const [first] = readYaml(alone).branches[0]?.items.filter((item) => item.kind === 'entry') ?? [];
  const value = first?.value.kind === 'list' ? first.value.elements[0] : first?.value;
  expect(value === undefined ? 'null' : showNode(value)).toBe(showNode(node));
}

function checkOrder(node: YamlNode): void {
  if (node.kind === 'scalar' || node.kind === 'alias') {
    expect(node.span.end).toBeGreaterThanOrEqual(node.span.start);
    return;
  }
  const children =
    node.kind === 'list' ? node.elements : node.pairs.flatMap(({ key, value }) => [key, value]);
  let from = node.span.start;
  for (const child of children) {
    expect(child.outerStart).toBeGreaterThanOrEqual(from);
    from = child.span.end;
    checkOrder(child);
  }
  expect(node.span.end).toBeGreaterThanOrEqual(from);
}

const PIECES = [
  'a',
  'key',
  ': ',
  ':',
  '- ',
  '-',
  '? ',
  '\n',
  '\n  ',
  '\n    ',
  ' ',
  '\t',
  '[',
  ']',
  '{',
  '}',
  ', ',
  '&x ',
  '*x',
  '!!str ',
  '!<',
  '|',
  '>',
  '|+2',
  '"',
  "'",
  '\\',
  '\\u00',
  '# c',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '%TAG ! x\n',
  '<<: ',
  '\r',
  '\r\n',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\0',
  '\ud800',
  '0x',
  '1_',
  '2001-1-1',
  '~',
  '@',
  '`',
  '%',
  '💧',
];

test('any text is read or refused, never anything else', () => {
  const soup = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 40 })
    .map((parts) => parts.join(''));
  const text = fc.oneof(soup, fc.string({ unit: 'binary' }), fc.string());
  fc.assert(
    fc.property(text, (source) => {
      try {
        const { branches, layout } = readYaml(source);
        expect(layout.documents).toHaveLength(branches.length);
      } catch (error) {
        expect(error).toBeInstanceOf(TidelockError);
      }
    }),
    { numRuns: 3000 },
  );
});

test('an error names no content of the file', () => {
  const secret = ['tok', 'en', '-', 'canary'].join('');
  const broken = [
    `a: "${secret}`,
    `a: [${secret}`,
    `a: *${secret}`,
    `a: ${secret}: x`,
    `- ${secret}`,
    secret,
    `a: &${secret} [*${secret}]`,
    `${secret}: 1\n${secret}: 2`,
    `[${secret}]: 1`,
    `!!int ${secret}: 1`,
    `a: !!int ${secret}`,
    `a: !${secret}!x y`,
    `%${secret}\n---\n`,
    `a: "\\q${secret}"`,
  ];
  for (const text of broken) {
    let message = '';
    try {
      readYaml(text);
    } catch (error) {
      if (error instanceof TidelockError) message = `${error.message} ${error.hint}`;
    }
    expect(message).not.toBe('');
    expect(message).not.toContain(secret);
  }
});
