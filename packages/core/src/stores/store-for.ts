import type { Format } from '../document/document.ts';
import { binaryStore } from './binary.ts';
import { dotenvStore } from './dotenv.ts';
import { iniStore } from './ini.ts';
import { jsonStore } from './json.ts';
import type { Store } from './store.ts';
import { yamlStore } from './yaml.ts';

const SUFFIXES: readonly (readonly [suffix: string, format: Format])[] = [
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.json', 'json'],
  ['.env', 'dotenv'],
  ['.ini', 'ini'],
];

/** The format that a path's suffix says, case-sensitive; `binary` for any other (SOPS-FORMAT 4.0). */
export function formatOf(path: string): Format {
  return SUFFIXES.find(([suffix]) => path.endsWith(suffix))?.[1] ?? 'binary';
}

export function storeFor(format: Format): Store {
  switch (format) {
    case 'yaml':
      return yamlStore;
    case 'json':
      return jsonStore;
    case 'dotenv':
      return dotenvStore;
    case 'ini':
      return iniStore;
    case 'binary':
      return binaryStore;
  }
}
