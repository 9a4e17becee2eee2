import { escapeTerminal, plural } from '@tidelock/guard';
import { type PlannedObject, type ResealPlan, type SealState, valuesIn } from './reseal-plan.ts';

export interface FailedFile {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
}

export interface ResealState {
  readonly plan: ResealPlan;
  readonly failed: readonly FailedFile[];
  readonly isApplied: boolean;
}

/** For programs: names, places and fingerprints, never a value. */
export function resealJson({ plan, failed, isApplied }: ResealState): string {
  const { certificate } = plan;
  const document = {
    version: 1,
    digest: plan.digest,
    applied: isApplied,
    certificate: {
      key: certificate.fingerprint,
      not_before: certificate.notBefore.toISOString(),
      not_after: certificate.notAfter.toISOString(),
    },
    objects: plan.objects.map(({ object, values }) => ({
      path: object.file.label,
      name: object.name,
      namespace: object.namespace,
      scope: object.place.scope,
      values: values.map(({ entry, state, openedBy }) => ({
        key: entry.key,
        state,
        opened_by: openedBy,
      })),
    })),
    failed,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** For people. */
export function resealText({ plan, failed, isApplied }: ResealState): string {
  const { certificate } = plan;
  const until = certificate.notAfter.toISOString().slice(0, 10);
  const count = (state: SealState) => plural(valuesIn(plan, state).length, 'value');
  return [
    `Certificate: ${certificate.fingerprint}, valid until ${until}\n`,
    section(`${isApplied ? 'Sealed anew' : 'To seal anew'}: ${count('due')}`, plan, 'due'),
    section(`Opened by no key that is given: ${count('unknown')}`, plan, 'unknown'),
    valuesIn(plan, 'current').length === 0 ? '' : `Up to date: ${count('current')}\n`,
    failed.length === 0 ? '' : `Left as they are: ${plural(failed.length, 'file')}\n`,
  ].join('');
}

function section(title: string, plan: ResealPlan, state: SealState): string {
  const lines = plan.objects.flatMap((planned) => objectLines(planned, state));
  return lines.length === 0 ? '' : `${[title, ...lines].join('\n')}\n`;
}

function objectLines({ object, values }: PlannedObject, state: SealState): readonly string[] {
  const chosen = values.filter((value) => value.state === state);
  if (chosen.length === 0) return [];
  const { name, namespace, place, file } = object;
  const where = namespace === null ? name : `${namespace}/${name}`;
  return [
    `  ${escapeTerminal(file.label)}: ${escapeTerminal(where)}, ${place.scope}`,
    ...chosen.map(
      ({ entry, openedBy }) =>
        `    ${escapeTerminal(entry.key)}${openedBy === null ? '' : `: opened by ${openedBy}`}`,
    ),
  ];
}
