import { classifyName, mentionsSecret } from '../key-names.ts';
import { Automaton } from '../tokens/automaton.ts';
import type { TextSpan } from '../types.ts';

const WORDS = [
  'pass',
  'pwd',
  'secret',
  'token',
  'key',
  'cred',
  'auth',
  'dsn',
  'connection',
  'conn',
  'htpasswd',
  'webhook',
  'bearer',
  'psk',
  'salt',
  'seed',
  'mnemonic',
  'database',
  'redis',
  'mongo',
  'amqp',
  'rabbitmq',
  'broker',
  'hmac',
  'jwt',
  'private',
  'pat',
  'pw',
  'kennwort',
  'contrasena',
  'identified',
];

let words: Automaton | undefined;

/** Gives every name of a text that may be one of secrets, in order, each once. */
export function searchNames(text: string, found: (name: Name) => void): void {
  words ??= new Automaton(WORDS);
  let last = -1;
  words.search(text, (_, start, end) => {
    const name = nameAround(text, start, end);
    if (name === null || name.start <= last) return;
    last = name.start;
    found(name);
  });
}

export interface Name extends TextSpan {
  readonly text: string;
}

const LONGEST_NAME = 100;

function nameAround(text: string, start: number, end: number): Name | null {
  let from = start;
  while (from > 0 && isNameCode(text.charCodeAt(from - 1)) && start - from < LONGEST_NAME) from--;
  let to = end;
  while (isNameCode(text.charCodeAt(to)) && to - end < LONGEST_NAME) to++;
  const name = text.slice(from, to).replace(/^[.-]+/, '');
  if (
    name.length > LONGEST_NAME ||
    (!mentionsSecret(name) &&
      !/url|uri|dsn|conn|seed|salt|mnemonic|pw|jwt|^identified$/i.test(name) &&
      !isSecretName(name))
  )
    return null;
  return { text: name, start: to - name.length, end: to };
}

function isNameCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 45 ||
    code === 46
  );
}

export function isSecretName(name: string): boolean {
  const nameClass = classifyName(name);
  return nameClass === 'password' || nameClass === 'secret';
}
