import type { TextSpan } from '../types.ts';
import type { ConfigValue } from './values.ts';

const LEAD_LENGTH = 60;
/** A flag: `--password`, `-token`. */
const FLAG = /(?:^|[\s"'=,[(])--?$/;
/** What makes the word behind it a name of its own: `--set auth.password=…`, `-e PGPASSWORD=…`. */
const SETTING =
  /(?:--from-literal[= ]|--set(?:-string)?[= ]|--env[= ]|--build-arg[= ]|--var[= ]|(?:^|\s)-(?:e|var|D|P)[ =]?)["']?[\w.,=-]{0,40}$/;
/** `PGPASSWORD=… psql`, in upper case and with no space. */
const ENVIRONMENT = /(?:^|[\s"'`;|&(])(?<!\/p )$/i;

/** `host user=root password=…`, `username=app,password=…`: after another of its like. */
function isListed(lead: string): boolean {
  const items = lead.endsWith(',') ? lead.slice(0, -1) : lead.trimEnd();
  if (items.length === lead.length) return false;
  const cut = Math.max(items.lastIndexOf(' '), items.lastIndexOf('\t'), items.lastIndexOf(','));
  return /^[^=]*[\w-]=./.test(items.slice(cut + 1));
}

/** The value of a command's argument that this name introduces, or null. */
export function argumentAfter(text: string, name: TextSpan): ConfigValue | null {
  const before = text.slice(Math.max(0, name.start - LEAD_LENGTH), name.start);
  const lead = before.slice(before.lastIndexOf('\n') + 1);
  if (text.slice(name.start, name.end) === 'sshpass')
    return after(text, name.end, /[ \t]+-p[ \t]*["']?/y);
  if (FLAG.test(lead))
    return after(
      text,
      name.end,
      /(?:=|[ \t]+|["'][ \t]*,?\s{0,200}(?:- )?(?=["'])|[ \t]*\r?\n[ \t]*- )["']?/y,
    );
  if (SETTING.test(lead)) return after(text, name.end, /=["']?/y);
  if (isListed(lead)) return after(text, name.end, /=["']?/y);
  const isConstant = /^[A-Z][A-Z0-9_]+$/.test(text.slice(name.start, name.end));
  return isConstant && ENVIRONMENT.test(lead) ? after(text, name.end, /=["']?/y) : null;
}

const VALUE = /[^\s"'`,;|&<>()\\]{1,1000}/y;

/** What a shell would put in is not known here, and another flag is no value. */
function after(text: string, end: number, separator: RegExp): ConfigValue | null {
  separator.lastIndex = end;
  const found = separator.exec(text);
  if (found === null) return null;
  const start = end + found[0].length;
  VALUE.lastIndex = start;
  const value = VALUE.exec(text)?.[0].replace(/[\]}]+$/, '') ?? '';
  if (value === '' || /^[-$]|[$`]/.test(value)) return null;
  return { value, span: { start, end: start + value.length } };
}
