import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isPolicyPath } from '@tidelock/check';
import { TidelockError } from '@tidelock/core';
import { GitError, isAncestor } from '@tidelock/git';
import { escapeTerminal } from '@tidelock/guard';
import { applyPlan } from '../apply/apply-plan.ts';
import { type FileSource, resultsSource, rewritingSource } from '../apply/file-source.ts';
import { preflight, type Ready } from '../apply/preflight.ts';
import type { Forge } from '../forge/forge.ts';
import { type BaseTree, namedGroups, openBaseTree } from '../plan/base-tree.ts';
import { filesOf, type Plan } from '../plan/plan.ts';
import { planRepository } from '../plan/plan-repository.ts';
import { readPlan } from '../plan/read-plan.ts';
import type { BotPorts } from '../ports.ts';
import { botKeyServices } from '../rewrite/key-services.ts';
import { readResults } from '../shard/results.ts';
import { type Arguments, readArguments, readNow, usage } from './arguments.ts';
import { askerOf } from './ask-keys.ts';
import {
  connectForge,
  FORGE_SWITCHES,
  FORGE_TEXTS,
  type ForgeSettings,
  readForgeSettings,
} from './forge-settings.ts';
import { reportApplied, resultLine } from './report-applied.ts';

/**
 * `run`: plans the base branch as the forge has it, and brings its requests to what is due.
 * @returns the exit code
 * @throws GitError; TidelockError
 */
export async function runCommand(args: readonly string[], ports: BotPorts): Promise<number> {
  const given = readArguments(args, {
    texts: [...FORGE_TEXTS, 'now'],
    switches: [...FORGE_SWITCHES, 'ask-keys'],
  });
  const now = readNow(given.text('now'), () => ports.now());
  const askKeyStates = askerOf(given.isOn('ask-keys'), ports);
  return onForge(given, ports, async ({ base }) => ({
    plan: await planRepository(base, { shard: null, now, askKeyStates }),
    source: null,
  }));
}

/**
 * `apply --plan FILE` or `apply --results FILE`: the same with a plan that somebody looked at, or with
 * the files that shards rewrote. @returns the exit code
 */
export async function applyCommand(args: readonly string[], ports: BotPorts): Promise<number> {
  const given = readArguments(args, {
    texts: [...FORGE_TEXTS, 'plan', 'results'],
    switches: [...FORGE_SWITCHES],
  });
  const [planFile, resultsFile] = [given.text('plan'), given.text('results')];
  if ((planFile === undefined) === (resultsFile === undefined))
    throw usage('apply needs --plan FILE, --results FILE, or --shard i/n with --out FILE');
  const content = readText(planFile ?? resultsFile ?? '', ports);
  const results = resultsFile === undefined ? null : readResults(content);
  const plan = results?.plan ?? readPlan(content);
  return onForge({ ...given, planned: plan }, ports, async () => ({
    plan,
    source: results === null ? null : resultsSource(results),
  }));
}

export function readText(path: string, { cwd }: BotPorts): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch {
    throw usage(`${path} cannot be read`);
  }
}

interface Work {
  readonly plan: Plan;
  /** null: rewritten here, with the keys at hand. */
  readonly source: FileSource | null;
}

type Given = Arguments & { readonly planned?: Plan };

async function onForge(
  given: Given,
  ports: BotPorts,
  work: (on: { readonly base: BaseTree }) => Promise<Work>,
): Promise<number> {
  const settings = readForgeSettings(given, ports);
  if (given.positionals.length > 0) throw usage(`no such argument: ${given.positionals[0]}`);
  const forge = await connectForge(given, settings, ports);
  const ready = await preflight(forge, settings);
  const base = await openBase(given.planned ?? null, ready, ports);
  const keys = botKeyServices(ports, namedGroups(base.creation));
  try {
    const { plan, source } = await work({ base });
    const { services } = keys;
    const rewriting = rewritingSource({ readBase: base.readFile, services, clock: ports });
    const applied = await applyPlan(plan, {
      ...applyingWith({ forge, ready, settings, ports }),
      base,
      source: source ?? rewriting,
      log: (result) => ports.stderr(resultLine(result)),
    });
    return reportApplied({ plan, applied, isJson: given.isOn('json') }, ports);
  } finally {
    keys.clear();
    base.close();
  }
}

interface Connected {
  readonly forge: Forge;
  readonly ready: Ready;
  readonly settings: ForgeSettings;
  readonly ports: BotPorts;
}

function applyingWith({ forge, ready, settings, ports }: Connected) {
  const pace = settings.paceMs ?? 1000;
  return {
    forge,
    login: ready.login,
    baseBranch: ready.baseBranch,
    hasMergeQueue: ready.hasMergeQueue,
    names: ready.names,
    settings: { ...settings, isUnchecked: ready.isUnchecked },
    wait: () => new Promise<void>((done) => setTimeout(done, pace * (1 + 2 * Math.random()))),
    warn: (message: string) => ports.stderr(`${escapeTerminal(message)}\n`),
  };
}

/** The base as the forge has it, or as a plan was made from it. */
async function openBase(
  plan: Plan | null,
  { baseTip, baseBranch }: Ready,
  ports: BotPorts,
): Promise<BaseTree> {
  const missing = outdated(`this clone does not hold ${baseBranch} as the forge has it`);
  const tip = await openOr(missing, ports, baseTip);
  if (plan === null || plan.base === baseTip) return tip;
  try {
    const other = outdated(`the plan was not made from ${baseBranch}`);
    const base = await openOr(other, ports, plan.base ?? '');
    const isPast = await isAncestor(base.repository.git, base.side.commit, baseTip);
    if (isPast && isSame(plan, base, tip)) return base;
    base.close();
    throw isPast ? outdated(`${baseBranch} has changed what the plan is made of`) : other;
  } finally {
    tip.close();
  }
}

async function openOr(error: TidelockError, ports: BotPorts, commit: string): Promise<BaseTree> {
  try {
    return await openBaseTree(ports.cwd, commit, ports.env);
  } catch (cause) {
    if (!(cause instanceof GitError) || cause.code === 'ERR_GIT_NOT_A_REPOSITORY') throw cause;
    throw error;
  }
}

/** Whether the planned files and all that decides about them are still the same. */
function isSame(plan: Plan, { side: from }: BaseTree, { side: to }: BaseTree): boolean {
  const paths = new Set(filesOf(plan).map(({ path }) => path));
  for (const path of [...from.entries.keys(), ...to.entries.keys()])
    if (isPolicyPath(path)) paths.add(path);
  return [...paths].every((path) => from.entries.get(path)?.oid === to.entries.get(path)?.oid);
}

function outdated(message: string): TidelockError {
  return new TidelockError('ERR_PLAN', message, {
    hint: 'Fetch first (git fetch origin, all history), and make the plan anew.',
  });
}
