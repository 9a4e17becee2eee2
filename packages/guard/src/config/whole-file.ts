import { classifyName } from '../key-names.ts';
import { isPlain } from '../placeholder.ts';
import type { ConfigEntry } from './entries.ts';

const LONGEST = 1000;
const ENDING = /\.(?:txt|secret|key|pass|pw)$/i;

/** A file that is nothing but the value its name speaks of: `secrets/db_password.txt`, `.vault_pass`. */
export function wholeFile(path: string, text: string): readonly ConfigEntry[] {
  if (text.length > LONGEST) return [];
  const value = text.trim();
  if (/\s/.test(value) || !isPlain(value)) return [];
  const name = path.slice(path.lastIndexOf('/') + 1).replace(ENDING, '');
  const nameClass = classifyName(name);
  if (/\.\w{1,5}$/.test(name) || (nameClass !== 'password' && nameClass !== 'secret')) return [];
  const start = text.indexOf(value);
  const span = { start, end: start + value.length };
  return [{ name, value, span, style: 'assignments', comment: false }];
}
