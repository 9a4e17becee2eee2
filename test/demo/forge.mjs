import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The fake GitHub of the tests, a real Git server in a process of its own: this one waits for each
 * command it shows.
 */
export async function startForge() {
  // Where Node finds the packages that are left out.
  const folder = `${root}node_modules/.cache/tidelock-demo`;
  await mkdir(folder, { recursive: true });
  const program = `${folder}/forge-${process.pid}.mjs`;
  await build({
    entryPoints: [`${root}test/fakes/github/serve.ts`],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.20',
    packages: 'external',
    logLevel: 'warning',
  });
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [first] = await once(child.stdout, 'data');
  await rm(program);
  const { apiUrl, cloneUrl, person, bot } = JSON.parse(String(first));
  const ask = async (method, path, body) => {
    const answer = await fetch(`${apiUrl}/repos/acme/shop${path}`, {
      method,
      headers: { authorization: `token ${person}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.json();
  };
  return {
    apiUrl,
    cloneUrl,
    bot,
    requests: () => ask('GET', '/pulls?state=open'),
    merge: (number) => ask('PUT', `/pulls/${number}/merge`, {}),
    async stop() {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
