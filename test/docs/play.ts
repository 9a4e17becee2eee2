import { CLOUDS } from '../support/clouds.ts';
import { type Fence, fencesOf, replaceBodies } from './fences.ts';
import { PROPS } from './props.ts';
import { type SecretStores as Fake, startSecretStores } from './secret-stores.ts';
import { Stage } from './stage.ts';
import { emptyTools, shippedTools } from './tools.ts';
import { isAsShown, type Step, stepsOf } from './transcript.ts';

export interface Played {
  /** The document with what its commands really print. */
  readonly text: string;
  /** A text for each command that printed something else than the document says. */
  readonly differences: readonly string[];
  /** A text for each command that ended otherwise: no rewriting mends that. */
  readonly failures: readonly string[];
}

export interface PlayOptions {
  /** Also run what needs the network, on a machine with Node, npm and Git alone. */
  readonly emptyMachine?: boolean;
}

/** Runs the transcripts of a document in order, in one fresh repository. */
export async function play(
  markdown: string,
  { emptyMachine = false }: PlayOptions = {},
): Promise<Played> {
  const stage = new Stage(emptyMachine ? emptyTools : shippedTools);
  const fakes: Fake[] = [];
  const bodies = new Map<Fence, readonly string[]>();
  const differences: string[] = [];
  const failures: string[] = [];
  try {
    for (const fence of fencesOf(markdown)) {
      const { attributes, language, body, start } = fence;
      const file = attributes.get('file');
      if (file !== undefined) stage.write(file, body);
      const fake = attributes.get('fake');
      if (fake !== undefined) fakes.push(await startFake(fake, stage));
      if (language !== 'console' || (attributes.has('network') && !emptyMachine)) continue;
      const played = await playBlock(stage, fence);
      differences.push(...played.differences.map((text) => `line ${start}: ${text}`));
      failures.push(...played.failures.map((text) => `line ${start}: ${text}`));
      bodies.set(fence, played.body);
    }
  } finally {
    stage.close();
    await Promise.all(fakes.map((fake) => fake.close()));
  }
  return { text: replaceBodies(markdown, bodies), differences, failures };
}

async function startFake(name: string, stage: Stage): Promise<Fake> {
  const prop = PROPS.get(name);
  if (prop !== undefined) return prop(stage);
  const kind = CLOUDS.find((candidate) => candidate.name === name.replaceAll('-', ' '));
  if (kind === undefined && name !== 'secret-stores') throw new Error(`no fake is called ${name}`);
  const fake = kind === undefined ? await startSecretStores() : await kind.start();
  stage.addEnvironment(fake.env);
  return fake;
}

/** `status=N` is the exit status of the block's last command; all others end with 0. */
async function playBlock(
  stage: Stage,
  { body, attributes }: Fence,
): Promise<{ body: string[]; differences: string[]; failures: string[] }> {
  const steps = stepsOf(body);
  const shown: string[] = [];
  const differences: string[] = [];
  const failures: string[] = [];
  for (const [index, step] of steps.entries()) {
    const wanted = index === steps.length - 1 ? Number(attributes.get('status') ?? 0) : 0;
    const { status, lines } = await stage.run(step.command);
    if (status !== wanted)
      failures.push(`exit ${status}, not ${wanted}: ${step.command}\n${lines.join('\n')}`);
    shown.push(...step.shown);
    if (isAsShown(step.expected, lines)) shown.push(...step.expected);
    else {
      differences.push(difference(step, lines));
      shown.push(...lines);
    }
  }
  return { body: shown, differences, failures };
}

const difference = ({ command, expected }: Step, lines: readonly string[]) =>
  `${command}\n  is to print:\n${expected.join('\n')}\n  prints:\n${lines.join('\n')}`;
