import type { TextSpan } from '../types.ts';
import { type ConfigValue, captured } from './values.ts';

/** `CREATE USER app WITH PASSWORD '…'`, `IDENTIFIED WITH mysql_native_password BY '…'`. */
const SQL_LEAD =
  /\b(?:user|role|login|with|grant|identified|encrypted|superuser|set)\b[^\n]{0,200}$/i;
const SQL_VALUE =
  /[ \t]{1,8}(?:(?:with[ \t]{1,8}[\w"'`]{1,60}[ \t]{1,8})?(?:by|as)[ \t]{1,8}(?:password[ \t]{1,8})?|for[ \t][^\n=]{1,80}=[ \t]{0,8}|=[ \t]{0,8})?(?:password\([ \t]{0,4})?\\?["']([^"'\\\n]{1,500})/iy;

/** The password that a statement of SQL gives to somebody, or null. */
export function statementValue(text: string, name: TextSpan): ConfigValue | null {
  const word = text.slice(name.start, name.end);
  if (!/^(?:password|identified)$/i.test(word)) return null;
  const before = text.slice(Math.max(0, name.start - 240), name.start);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (!/identified/i.test(word) && !SQL_LEAD.test(line)) return null;
  return captured(text, name.end, SQL_VALUE);
}
