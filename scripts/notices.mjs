import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i;

/** The licences of everything a program was made of, as its users are owed them. */
export function noticesOf(packages) {
  return `This program contains parts of these packages.\n\n${packages.map(chapter).join('\n')}`;
}

function chapter({ folder, name, version, license }) {
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const body = texts.length > 0 ? texts.join('\n\n') : `Licence: ${license}`;
  return `${'='.repeat(79)}\n${name} ${version} (${license})\n\n${body}\n`;
}
