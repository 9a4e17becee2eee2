import type { TextSpan } from '../types.ts';
import { type ConfigValue, captured } from './values.ts';

/** `<password>…</password>`, `<key>Password</key><string>…</string>`. */
const ELEMENT = /(?:[^<>]{0,200})?>\s{0,40}(?:<!\[CDATA\[)?([^<>]{1,2000}?)(?:\]\]>)?\s{0,40}<\//y;
const PLIST = /\s{0,20}<\/key>\s{0,40}<string>([^<>]{1,2000}?)<\/string>/y;
/** `password="…"`. */
const ATTRIBUTE = /\s{0,4}=\s{0,4}["']([^"'<>\n]{1,2000})["']/y;
/** `<add key="ApiSecret" value="…"/>`, `<property name="password">…</property>`. */
const NAMED =
  /["']\s{1,40}(?:type=["'][^"'<>]{0,100}["']\s{1,4})?value\s{0,4}=\s{0,4}["']([^"'<>\n]{1,2000})["']/y;
const NAMED_ELEMENT = /["'][^<>]{0,200}>\s{0,40}(?:<value>)?([^<>]{1,2000}?)\s{0,40}<\//y;

/** The value that belongs to this name in XML, or null. */
export function xmlValue(text: string, name: TextSpan): ConfigValue | null {
  const before = text.slice(Math.max(0, name.start - 40), name.start);
  if (/<[\w.-]{0,40}:?$/.test(before)) return captured(text, name.end, ELEMENT);
  if (/<key>\s{0,20}$/.test(before)) return captured(text, name.end, PLIST);
  if (/(?:key|name)\s{0,4}=\s{0,4}["'][\w.:-]{0,30}$/i.test(before)) {
    return (
      captured(text, name.end, NAMED) ??
      captured(text, name.end, NAMED_ELEMENT) ??
      valueBefore(text, name.start)
    );
  }
  return /\s$/.test(before) ? captured(text, name.end, ATTRIBUTE) : null;
}

/** `<add value="…" key="ApiSecret"/>`. */
function valueBefore(text: string, at: number): ConfigValue | null {
  const before = text.slice(Math.max(0, at - 600), at);
  const found =
    /\svalue\s{0,4}=\s{0,4}["']([^"'<>\n]{1,500})["']\s{1,40}[\w:]{1,40}\s{0,4}=\s{0,4}["'][\w.:-]{0,30}$/.exec(
      before,
    );
  const value = found?.[1];
  if (found === null || value === undefined) return null;
  const start = at - before.length + found.index + found[0].indexOf(value);
  return { value, span: { start, end: start + value.length } };
}
