import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FAKES = fileURLToPath(new URL('../fakes/', import.meta.url));

/**
 * Starts a fake of test/fakes in a process of its own, so that it answers while programs are timed.
 * @param {{ folder: string, file: string, start: string, latencyMs: number }} fake
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export async function startFakeProcess({ folder, file, start, latencyMs }) {
  const outfile = join(folder, `${start}.mjs`);
  await build({
    stdin: {
      contents: `import { ${start} } from './${file}'; const fake = await ${start}({ latencyMs: ${latencyMs} }); console.log(fake.url);`,
      resolveDir: FAKES,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    outfile,
  });
  const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(String(line).trim()));
    child.once('exit', (code) => reject(new Error(`the fake ended with ${code}`)));
  });
  return { url, stop: () => child.kill() };
}
