import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './program.ts';
import { runBeside } from './run-beside.ts';
import type { Workspace } from './workspace.ts';

/** What a run did, counted by V8: the same on every machine, however busy. */
export interface Work {
  readonly status: number;
  /**
   * How often a function ran, in all processes and threads of the run. A script is `core/yaml/parse`
   * or `node:fs`. A function that no longer exists is never called: some test has to count it.
   */
  calls(script: string, name: string): number;
  /** Functions entered and branches taken in the scripts whose names begin so: cost without a clock. */
  steps(prefix: string): number;
}

export interface Program {
  readonly package: 'cli' | 'pre-commit';
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

const OWN = /\/([\w-]+)\/dist\/(?:library\/)?(.*)\.js$/;
const packages = pathToFileURL(join(repositoryRoot, 'packages')).href;

/** Runs a program as it is before it is bundled, where functions still have their names. */
export async function countWork(workspace: Workspace, program: Program): Promise<Work> {
  const folder = mkdtempSync(join(workspace.home, 'coverage-'));
  const main = join(repositoryRoot, 'packages', program.package, 'dist/library/main.js');
  const { status, stderr } = await runBeside(process.execPath, [main, ...program.args], {
    cwd: workspace.folder,
    env: { ...workspace.env, ...program.env, NODE_V8_COVERAGE: folder },
  });
  const reports = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  rmSync(folder, { recursive: true });
  if (reports.length === 0) throw new Error(`nothing was counted: ${stderr}`);
  return { status, ...workOf(reports) };
}

function workOf(reports: readonly string[]): Omit<Work, 'status'> {
  const functions = new Map<string, Map<string, number>>();
  const steps = new Map<string, number>();
  for (const report of reports) {
    for (const script of (JSON.parse(report) as Coverage).result) {
      const name = scriptName(script.url);
      const counts = functions.get(name) ?? new Map<string, number>();
      functions.set(name, counts);
      for (const { functionName, ranges } of script.functions) {
        counts.set(functionName, (counts.get(functionName) ?? 0) + (ranges[0]?.count ?? 0));
        const sum = ranges.reduce((total, { count }) => total + count, 0);
        steps.set(name, (steps.get(name) ?? 0) + sum);
      }
    }
  }
  return {
    calls: (script, name) => functions.get(script)?.get(name) ?? 0,
    steps: (prefix) =>
      [...steps].reduce((sum, [name, count]) => (name.startsWith(prefix) ? sum + count : sum), 0),
  };
}

function scriptName(url: string): string {
  const own = url.startsWith(packages) ? OWN.exec(url) : null;
  return own === null ? url : `${own[1]}/${own[2]}`;
}
