/**
 * RFC 3339 text, nanoseconds trimmed, of a timestamp in one of the forms that sops reads: `Y-M-D`,
 * `Y-M-DTh:m:s[.f]` with `Z` or `±hh:mm`, `Y-M-D h:m:s[.f]` (SOPS-FORMAT 1.6 and 4.1). Null for
 * everything else, dates that do not exist included.
 */
export function parseTimestamp(text: string): string | null {
  const parts = TIMESTAMP.exec(text);
  if (parts === null) return null;
  const [, year = '', month = '', day = '', separator, hour = '0', minute = '0', second = '0'] =
    parts;
  const [fraction = '', zone] = [parts[8], parts[9]];
  if (!isDate(Number(year), Number(month), Number(day))) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const isLetter = separator === 'T' || separator === 't';
  if (separator !== undefined && isLetter !== (zone !== undefined)) return null;
  const offset = zone === undefined ? 'Z' : formatZone(zone);
  if (offset === null) return null;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}:${second.padStart(2, '0')}`;
  return `${date}T${time}${formatFraction(fraction)}${offset}`;
}

/** Anchored, each part bounded by its own characters: linear. */
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?)?$/;

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(year: number, month: number, day: number): boolean {
  const days = MONTH_DAYS[month - 1];
  if (days === undefined || day < 1) return false;
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (isLeap ? 29 : days);
}

function formatFraction(digits: string): string {
  let end = Math.min(digits.length, 9);
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--;
  return end === 0 ? '' : `.${digits.slice(0, end)}`;
}

/** As sops normalises it: `+05:60` is `+06:00`, a zero offset is `Z`. */
function formatZone(zone: string): string | null {
  if (zone === 'Z') return 'Z';
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 24 || minutes > 60) return null;
  const total = hours * 60 + minutes;
  if (total === 0) return 'Z';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${zone.charAt(0)}${two(Math.floor(total / 60))}:${two(total % 60)}`;
}
