import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { unfinished } from './figure.mjs';

const RUN_GROUP = fileURLToPath(new URL('run-group.mjs', import.meta.url));

/**
 * Measures a group in processes of its own, so that a failure or a hang costs its figures alone.
 * @param {{ name: string, folder: string, seconds: number, onLine: (line: object) => void }} group
 * @returns {Promise<void>} when all its processes have ended
 */
export function measureGroup({ name, folder, seconds, onLine }) {
  return new Promise((resolve) => {
    const child = fork(RUN_GROUP, [name, folder], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
    });
    let said = '';
    let isLate = false;
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // All have ended.
      }
    };
    const late = setTimeout(() => {
      isLate = true;
      end();
    }, seconds * 1000);
    process.once('exit', end);
    child.on('message', onLine);
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-4000);
    });
    child.on('exit', (code) => {
      clearTimeout(late);
      end();
      process.removeListener('exit', end);
      if (isLate) onLine(unfinished(name, new Error(`not finished within ${seconds} s`)));
      else if (code !== 0) onLine(unfinished(name, new Error(errorIn(said) ?? `exit ${code}`)));
      resolve();
    });
  });
}

const errorIn = (said) => /^\w*Error.*$/m.exec(said)?.[0];
