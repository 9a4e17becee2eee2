import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { repositoryRoot, run } from '../support/program.ts';
import { documents, readDocument } from './documents.ts';
import { fencesOf } from './fences.ts';
import { isKnownCommand } from './known-commands.ts';
import { stepsOf } from './transcript.ts';

const fences = documents.flatMap((name) =>
  fencesOf(readDocument(name)).map((fence) => ({ ...fence, at: `${name}:${fence.start}` })),
);
const ATTRIBUTES = new Set(['file', 'status', 'network', 'fake']);
const LANGUAGES = new Set(['console', 'yaml', 'json', 'js', 'ini', 'dotenv', 'text', 'hcl', 'sh']);

describe('a fenced block of the documents', () => {
  it('is of a kind that a test knows', () => {
    const unknown = fences.filter(
      ({ language, attributes }) =>
        !LANGUAGES.has(language) || [...attributes.keys()].some((name) => !ATTRIBUTES.has(name)),
    );
    expect(unknown.map(({ at }) => at)).toEqual([]);
  });

  it('that shows commands is a transcript, which is run', () => {
    const commands = /^\s*(?:\$ )?(?:npx )?(?:tidelock|tidelock-rotate|git|npm|sops) /m;
    const plain = fences.filter(
      ({ language, body, at }) =>
        (language === 'sh' || language === 'text') &&
        commands.test(body.join('\n')) &&
        !at.startsWith('CONTRIBUTING.md'),
    );
    expect(plain.map(({ at }) => at)).toEqual([]);
  });

  it('of commands for the network holds whole commands with flags that there are', () => {
    const wrong = fences
      .filter(({ language, attributes }) => language === 'console' && attributes.has('network'))
      .flatMap(({ body, at }) =>
        stepsOf(body)
          .filter(
            ({ command }) =>
              run('/bin/sh', ['-n'], { input: command }).status !== 0 || !isKnownCommand(command),
          )
          .map(({ command }) => `${at} ${command}`),
      );
    expect(wrong).toEqual([]);
  });

  it('of YAML or JSON is well-formed', () => {
    const broken = fences.filter(({ language, body }) => {
      const text = body.join('\n');
      if (language === 'json') return !isJson(text);
      return language === 'yaml' && parseAllDocuments(text).some(({ errors }) => errors.length > 0);
    });
    expect(broken.map(({ at }) => at)).toEqual([]);
  });

  it('uses the action with inputs that it has', () => {
    const { inputs } = parse(
      readFileSync(join(repositoryRoot, 'packages/action/action.yml'), 'utf8'),
    ) as { inputs: Record<string, unknown> };
    const unknown = fences.flatMap(({ language, body, at }) =>
      language === 'yaml' ? givenInputs(body.join('\n')).map((name) => ({ name, at })) : [],
    );
    expect(unknown.filter(({ name }) => !(name in inputs))).toEqual([]);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Workflow {
  readonly jobs?: Record<string, { steps?: { uses?: string; with?: Record<string, unknown> }[] }>;
}

function givenInputs(text: string): string[] {
  const workflow = parseAllDocuments(text)[0]?.toJS() as Workflow | null | undefined;
  return Object.values(workflow?.jobs ?? {})
    .flatMap(({ steps }) => steps ?? [])
    .filter(({ uses }) => uses?.includes('packages/action@') === true)
    .flatMap((step) => Object.keys(step.with ?? {}));
}
