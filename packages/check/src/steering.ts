import {
  type Baseline,
  type Foreign,
  LARGEST_FILE,
  parseBaseline,
  type ReadText,
  readForeignFiles,
} from '@tidelock/guard';
import { type Policies, type PolicyFile, readPolicies } from './policy-files.ts';

const BASELINE = '.tidelock-baseline.json';

/** All that decides about findings, as one tree has it: who may read what, and what is silenced. */
export interface Steering {
  readonly policies: Policies;
  readonly baseline: Baseline | null;
  readonly foreign: Foreign;
  /** Bytes beyond which a file is not looked into. */
  readonly largestFile: number;
}

export interface SteeringPlace {
  readonly now: Date;
  /** Folder of the files within the repository, `''` or with a final `/`. */
  readonly prefix: string;
  /** Reads baseline and files of other scanners from the folder. */
  readonly read: ReadText;
}

/** @throws TidelockError ERR_CONFIG with the place of the first mistake */
export async function readSteering(
  files: readonly PolicyFile[],
  { now, prefix, read }: SteeringPlace,
): Promise<Steering> {
  const policies = readPolicies(files, { now, prefix });
  const baseline = await read(BASELINE);
  return {
    policies,
    baseline: baseline === null ? null : parseBaseline(baseline, BASELINE),
    foreign: await readForeignFiles(read),
    largestFile: policies.access?.policy.largestFile ?? LARGEST_FILE,
  };
}
