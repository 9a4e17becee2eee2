import type { MasterKey } from '@tidelock/core';
import { isSopsFile, type Source } from '@tidelock/guard';
import { type CreationConfig, proposeCreationConfig } from '../init/creation-config.ts';
import { findingsOf, type Survey, surveyRepository } from '../init/survey.ts';
import type { Ports } from '../ports.ts';
import { type History, searchHistory } from './history.ts';
import { placeOf } from './place-of.ts';
import { type ChosenRule, ruleForPath } from './rule-for-path.ts';
import { ValueSearch } from './value-search.ts';
import { type Way, wayToEncrypt } from './way-to-encrypt.ts';

/** One file that is to be encrypted. */
export interface PlannedFile extends ChosenRule {
  readonly source: Source;
  /** What is encrypted in its place; the file itself, unless given. */
  readonly plain?: Uint8Array;
  /** Names of the values. */
  readonly values: readonly string[];
}

/** One file that encryption does not help, and why. */
export interface ByHand {
  readonly path: string;
  readonly reason: string;
  readonly values: readonly string[];
}

export interface CleartextPlan {
  readonly survey: Survey;
  readonly creation: CreationConfig;
  readonly files: readonly PlannedFile[];
  readonly byHand: readonly ByHand[];
  readonly history: History;
  /** Finds the values that are moved in anything that would be committed. */
  readonly search: ValueSearch;
}

export interface PlanRequest {
  readonly root: string;
  readonly keys: readonly MasterKey[];
  /** Only what lies below it; `''` or with a final `/`. */
  readonly prefix: string;
}

/** What is to be done so that nothing is in plain text any more; nothing of it is done. */
export async function planCleartext(ports: Ports, request: PlanRequest): Promise<CleartextPlan> {
  const survey = await surveyRepository(ports, request.root);
  const ways = waysOf(survey, request.prefix);
  const toEncrypt = ways.flatMap(({ source, way }) =>
    way.kind === 'encrypt' ? [{ path: source.path, selection: way.selection }] : [],
  );
  const creation: CreationConfig =
    toEncrypt.length === 0
      ? { change: null, byHand: [], config: null, without: [] }
      : proposeCreationConfig({
          survey,
          keys: request.keys,
          local: null,
          toEncrypt,
          now: ports.now(),
        });
  const files: PlannedFile[] = [];
  const byHand: ByHand[] = [];
  for (const one of ways) {
    const { source, way, values } = one;
    if (way.kind === 'by-hand') byHand.push({ path: source.path, reason: way.reason, values });
    else {
      const planned = plannedFile(one, survey, creation);
      if ('reason' in planned) byHand.push({ path: source.path, values, ...planned });
      else files.push(planned);
    }
  }
  const search = searchFor(survey, files);
  byHand.push(...mentions(survey, search));
  const history = await searchHistory(ports, {
    root: request.root,
    paths: new Set(
      [...files.map(({ source }) => source), ...survey.encrypted].map(({ path }) => path),
    ),
    values: valuesOf(survey, ways),
    kept: new Set(byHand.map(({ path }) => path)),
  });
  return { survey, creation, files, byHand, history, search };
}

interface FileWay {
  readonly source: Source;
  readonly way: Way;
  readonly values: readonly string[];
}

function waysOf(survey: Survey, prefix: string): readonly FileWay[] {
  return survey.sources.flatMap((source) => {
    const found = survey.plaintext.get(source.path);
    if (found === undefined || !source.path.startsWith(prefix)) return [];
    const findings = findingsOf(found);
    // That a rule names the file adds nothing where its values are known.
    const placed = findings.filter(({ range }) => range !== null);
    const values = (placed.length > 0 ? placed : findings).map((finding) =>
      placeOf(finding, source),
    );
    return [{ source, way: wayToEncrypt(source, findings), values: [...new Set(values)] }];
  });
}

function plannedFile(
  { source, values }: FileWay,
  survey: Survey,
  creation: CreationConfig,
): PlannedFile | { readonly reason: string } {
  const chosen = ruleForPath(source.path, survey, creation);
  return 'reason' in chosen ? chosen : { source, values, ...chosen };
}

function valuesOf(survey: Survey, ways: readonly FileWay[]): ReadonlySet<string> {
  const all = ways.flatMap(({ source }) => survey.plaintext.get(source.path) ?? []);
  return new Set(all.flatMap(({ value }) => (value === undefined ? [] : [value])));
}

function searchFor(survey: Survey, files: readonly PlannedFile[]): ValueSearch {
  const all = files.flatMap(({ source }) => survey.plaintext.get(source.path) ?? []);
  return new ValueSearch(all.flatMap(({ value }) => value ?? []));
}

/** Files that nobody would accuse, and that hold a value which is secret elsewhere. */
function mentions({ sources, plaintext }: Survey, search: ValueSearch): ByHand[] {
  return sources
    .filter((source) => !plaintext.has(source.path) && !isSopsFile(source))
    .filter(({ bytes }) => search.isIn(bytes))
    .map(({ path }) => ({
      path,
      reason: 'it holds a value that another file keeps secret: take it out',
      values: [],
    }));
}
