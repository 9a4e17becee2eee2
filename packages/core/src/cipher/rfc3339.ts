/** A moment as Go's `time` keeps it: the clock's reading and its zone, to the nanosecond. */
export interface Rfc3339 {
  /** `2006-01-02T15:04:05` */
  readonly clock: string;
  /** `.5`, without trailing zeros and at most 9 digits; '' for whole seconds. */
  readonly fraction: string;
  /** `Z` or `±hh:mm`; an offset of zero is `Z`. */
  readonly zone: string;
}

const SHAPE =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,64}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Reads RFC 3339 as Go does; null when it is not that or names a day or hour that does not exist. */
export function parseRfc3339(text: string): Rfc3339 | null {
  if (text.length > 100) return null;
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, digits, sign, zoneHour, zoneMinute] = match;
  if (!isDate(Number(year), Number(month), Number(day))) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(zoneHour ?? 0) > 23 || Number(zoneMinute ?? 0) > 59) return null;
  const fraction = (digits ?? '').slice(0, 9).replace(/0+$/, '');
  const offset = sign === undefined ? 'Z' : `${sign}${zoneHour}:${zoneMinute}`;
  return {
    clock: text.slice(0, 19),
    fraction: fraction === '' ? '' : `.${fraction}`,
    zone: offset.slice(1) === '00:00' ? 'Z' : offset,
  };
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day <= days;
}

/** The form that enters the MAC (SOPS-FORMAT 1.2, type `time`). */
export function formatNano(time: Rfc3339): string {
  return time.clock + time.fraction + time.zone;
}

/** Whole seconds, zone kept: the form in which `lastmodified` authenticates the MAC. */
export function formatSeconds(time: Rfc3339): string {
  return time.clock + time.zone;
}

/** `lastmodified` and `created_at` for a moment: RFC 3339, whole seconds, UTC. */
export function rfc3339Seconds(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
