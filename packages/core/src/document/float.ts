import { TidelockError } from '../errors.ts';

/**
 * The plaintext form of a float (SOPS-FORMAT 1.2): shortest digits that read back as the same value,
 * never an exponent. Not-a-number and the infinities are `NaN`, `+Inf`, `-Inf`.
 */
export function floatFixed(value: number): string {
  if (!Number.isFinite(value)) return goSpecial(value);
  const { sign, digits, exponent } = decompose(value);
  const point = exponent + 1;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits.padEnd(point, '0')}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A float in YAML (SOPS-FORMAT 4.1): `1e+06`, `100000.5`, `.inf`, `-.inf`, `.nan`. */
export function floatYaml(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return floatGeneral(value);
}

/**
 * A float in JSON (SOPS-FORMAT 4.2): `1e+21`, `1e-7`, `-0`.
 * @throws TidelockError ERR_EMIT for not-a-number and the infinities
 */
export function floatJson(value: number): string {
  if (!Number.isFinite(value)) {
    throw new TidelockError('ERR_EMIT', `JSON cannot hold the number ${goSpecial(value)}.`, {
      hint: 'Write this document as YAML, or turn the value into a string.',
    });
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A float in dotenv and INI (SOPS-FORMAT 4.4): `1E+06`, and `2.0` where nothing marks it as a float. */
export function floatDotenv(value: number): string {
  if (!Number.isFinite(value)) return goSpecial(value);
  const text = floatGeneral(value).toUpperCase();
  return /[.E]/.test(text) ? text : `${text}.0`;
}

/**
 * The value of a float's plaintext as Go's ParseFloat reads it (decimal forms, `_` between digits,
 * NaN and Inf in any case); null for anything else and for what is out of the range of a float64.
 * Hexadecimal floats, which no writer of the format makes, are not read.
 */
export function parseGoFloat(text: string): number | null {
  const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(text);
  if (special !== null) {
    if (special[2] !== undefined) return special[1] === '-' ? -Infinity : Infinity;
    return special[1] === '' ? Number.NaN : null;
  }
  const plain = text.includes('_') ? withoutUnderscores(text) : text;
  if (plain === null || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

function withoutUnderscores(text: string): string | null {
  if (/^_|_$|[^\d]_|_[^\d]/.test(text)) return null;
  return text.replaceAll('_', '');
}

/** Go's 'g' with the shortest digits: an exponent when it is below -4 or at least 6. */
function floatGeneral(value: number): string {
  const { sign, digits, exponent } = decompose(value);
  if (exponent >= -4 && exponent < 6) return floatFixed(value);
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
}

interface Decimal {
  readonly sign: '' | '-';
  /** Shortest round-trip digits without a point, no trailing zero unless it is all there is. */
  readonly digits: string;
  /** Of the first digit: the value is d.ddd × 10^exponent. */
  readonly exponent: number;
}

function decompose(value: number): Decimal {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { sign, digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function goSpecial(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
