import { ConfigReader, type Field, type YamlNode } from '@tidelock/core';

const DAY = 24 * 60 * 60 * 1000;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['kib', 1024],
  ['mib', 1024 ** 2],
  ['gib', 1024 ** 3],
  ['kb', 1000],
  ['mb', 1000 ** 2],
  ['gb', 1000 ** 3],
]);
const SPANS: ReadonlyMap<string, number> = new Map([
  ['d', 1],
  ['w', 7],
  ['y', 365],
]);

export type Fields = ReadonlyMap<string, Field>;

/** What policy files hold beyond maps and lists: dates, ages, sizes, one of several words. */
export class PolicyReader extends ConfigReader {
  /** `2027-01-31`: midnight UTC. */
  date(field: Field | undefined): Date | null {
    if (field === undefined) return null;
    const text = this.looseText(field.value, `\`${field.name}\``) ?? '';
    const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
    if (date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text))
      return date;
    this.report('bad-value', field.value, `\`${field.name}\` must be a day, as 2027-01-31`);
    return null;
  }

  /** `90d`, `12w`, `1y`: days. */
  days(field: Field | undefined): number | null {
    if (field === undefined) return null;
    const match = /^(\d{1,5})([dwy])$/.exec(this.looseText(field.value, `\`${field.name}\``) ?? '');
    if (match !== null) return Number(match[1]) * (SPANS.get(match[2] ?? '') ?? 1);
    this.report('bad-value', field.value, `\`${field.name}\` must be a span of time, as 90d`);
    return null;
  }

  /** `5MiB`: bytes. */
  size(field: Field | undefined): number | null {
    if (field === undefined) return null;
    const text = this.looseText(field.value, `\`${field.name}\``) ?? '';
    const match = /^(\d{1,12})\s?([a-z]*)$/i.exec(text);
    const unit = UNITS.get((match?.[2] ?? '?').toLowerCase());
    if (match !== null && unit !== undefined) return Number(match[1]) * unit;
    this.report('bad-value', field.value, `\`${field.name}\` must be a size, as 5MiB`);
    return null;
  }

  /** One of several words. */
  word<T extends string>(field: Field | undefined, words: readonly T[]): T | null {
    if (field === undefined) return null;
    const text = this.text(field.value, `\`${field.name}\``);
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    if (text !== null)
      this.report('bad-value', field.value, `\`${field.name}\` must be one of ${words.join(', ')}`);
    return null;
  }

  /** A list of texts, or one text alone. */
  texts(field: Field | undefined): readonly { readonly text: string; readonly node: YamlNode }[] {
    if (field === undefined) return [];
    const isOne = field.value.kind === 'scalar' && !this.isNull(field.value);
    const nodes = isOne ? [field.value] : this.elements(field.value, `\`${field.name}\``);
    return nodes.flatMap((node) => {
      const text = this.text(node, `each entry of \`${field.name}\``);
      return text === null ? [] : [{ text, node }];
    });
  }

  count(field: Field | undefined): number | null {
    if (field === undefined) return null;
    const value = this.integer(field.value, `\`${field.name}\``);
    if (value === null || (value > 0 && value <= 10_000)) return value;
    this.report('bad-value', field.value, `\`${field.name}\` must be a number from 1`);
    return null;
  }
}

/** Whether the day is over. */
export function isOver(day: Date | null, now: Date | null): boolean {
  return day !== null && now !== null && now.getTime() >= day.getTime() + DAY;
}
