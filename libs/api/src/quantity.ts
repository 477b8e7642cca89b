import { remembered } from '@kubephant/base';
import { badRequest } from './status';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

const formatText = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericText = 'unable to parse numeric part of quantity';
const suffixText = "unable to parse quantity's suffix";

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const powerOfTen = new Map(decimalSuffixes.map((suffix, index) => [suffix, (index - 3) * 3]));
const powerOfTwo = new Map(binarySuffixes.slice(1).map((suffix, index) => [suffix, (index + 1) * 10]));

const nano = -9;
const largest = 2n ** 63n - 1n;
/** Beyond these a text is no amount of anything, and arithmetic on it would cost without bound. */
const maxLength = 1024;
const maxExponent = 308;

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
const tenTo = (power: number): bigint => 10n ** BigInt(power);

/** Divides rounding away from zero: whoever asks for a little gets some. */
function divideUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (quotient * divisor === value) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/** `unscaled · 10^scale`, printed in the family of suffixes it was written in. */
interface Amount {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
  /** The text it was read from, where upstream keeps that as it is. */
  readonly text?: string;
}

interface Written {
  readonly negative: boolean;
  readonly digits: string;
  readonly fraction: string;
  readonly format: QuantityFormat;
  readonly exponent: number;
}

function readSuffix(rest: string): { readonly format: QuantityFormat; readonly exponent: number } {
  const ten = powerOfTen.get(rest);
  if (ten !== undefined) return { format: 'DecimalSI', exponent: ten };
  const two = powerOfTwo.get(rest);
  if (two !== undefined) return { format: 'BinarySI', exponent: two };
  if (!/^[eE][-+]?\d{1,9}$/.test(rest)) throw badRequest(suffixText);
  return { format: 'DecimalExponent', exponent: Number(rest.slice(1)) };
}

function read(text: string): Written {
  const found = /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (!found || text === '' || text.length > maxLength) throw badRequest(formatText);
  const [, sign, digits, fraction = '', suffix = ''] = found;
  return {
    negative: sign === '-',
    digits: digits === undefined || digits === '' ? '0' : digits,
    fraction,
    ...readSuffix(suffix),
  };
}

/** Whether upstream takes the short way through int64: only there are texts kept and may digits be missing. */
function isSmall({ digits, fraction, format, exponent }: Written, unscaled: bigint): boolean {
  if (format !== 'BinarySI') return digits.length + fraction.length <= 18 && exponent - fraction.length >= nano;
  return fraction === '' && digits.length + Math.trunc((exponent * 3) / 10) <= 14 && unscaled <= largest;
}

/** Texts close enough to canonical, which stay as they were written: `1E3`, `+1`, `1.500`, `100Ki`. */
function keepsText({ digits, fraction, format, exponent }: Written): boolean {
  if (format === 'BinarySI') return BigInt(digits) % 8n !== 0n;
  const shifted = digits + fraction;
  return (exponent - fraction.length) % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
}

function readAmount(text: string): Amount {
  const written = read(text);
  const { negative, digits, fraction, format, exponent } = written;
  const binary = format === 'BinarySI';
  const unscaled = BigInt(digits + fraction) * (binary ? 2n ** BigInt(exponent) : 1n);
  const scale = (binary ? 0 : exponent) - fraction.length;
  const small = isSmall(written, unscaled);
  if (!small && !/^[+-]?(\d|\.\d)/.test(text)) throw badRequest(numericText);
  const amount = limit({ unscaled, scale, format });
  const kept = small && amount.scale === scale && keepsText(written) ? { text } : {};
  return { ...amount, ...kept, unscaled: negative ? -amount.unscaled : amount.unscaled };
}

/** Rounds what is finer than nano up, and caps binary amounts at 2^63-1. */
function limit({ unscaled, scale, format }: Amount): Amount {
  if (unscaled === 0n) return { unscaled, scale: 0, format };
  if (scale + `${unscaled}`.length - 1 > maxExponent) return { unscaled: largest, scale: 0, format };
  if (scale < nano) {
    const fine = scale < nano - 2 * maxLength ? 1n : divideUp(unscaled, tenTo(nano - scale));
    return capped({ unscaled: fine, scale: nano, format });
  }
  return capped({ unscaled, scale, format });
}

function capped(amount: Amount): Amount {
  const over = amount.format === 'BinarySI' && compareMagnitudes(amount, { unscaled: largest, scale: 0 }) > 0;
  return over ? { ...amount, unscaled: largest, scale: 0 } : amount;
}

type Scaled = Pick<Amount, 'unscaled' | 'scale'>;

/** Brings both to the finer scale. Both scales lie within ±maxExponent, so the cost is bounded. */
function align(a: Scaled, b: Scaled): readonly [bigint, bigint, number] {
  const scale = Math.min(a.scale, b.scale);
  return [a.unscaled * tenTo(a.scale - scale), b.unscaled * tenTo(b.scale - scale), scale];
}

function compareMagnitudes(a: Scaled, b: Scaled): number {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * resource.Quantity: an exact amount with upstream's forms (`1500m`, `1.5Gi`, `1e3`) and canonical text. Immutable.
 * What is finer than nano rounds up; binary amounts, and any beyond 10^308, are capped at 2^63-1.
 */
export class Quantity {
  readonly format: QuantityFormat;
  readonly #unscaled: bigint;
  readonly #scale: number;
  readonly #text: string | undefined;

  private constructor({ unscaled, scale, format, text }: Amount) {
    this.#unscaled = unscaled;
    this.#scale = unscaled === 0n ? 0 : scale;
    this.format = format;
    this.#text = text;
  }

  /** Reads a text, surrounding space allowed as when decoding JSON. Throws BadRequest with upstream's message. */
  static parse(text: string | number): Quantity {
    return Quantity.#read(String(text).trim());
  }

  /** The same few amounts are in every object. */
  static readonly #read = remembered((text: string): Quantity => new Quantity(readAmount(text)));

  /** The amount `value · 10^scale`; scale -3 is milli. */
  static of(value: number | bigint, scale = 0, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity({ unscaled: BigInt(value), scale, format });
  }

  static readonly zero: Quantity = new Quantity({ unscaled: 0n, scale: 0, format: 'DecimalSI' });

  get sign(): -1 | 0 | 1 {
    return this.#unscaled === 0n ? 0 : this.#unscaled < 0n ? -1 : 1;
  }

  /** Negative, zero or positive, as for `Array.sort`. */
  compare(other: Quantity): number {
    return compareMagnitudes(this.#amount, other.#amount);
  }

  equals(other: Quantity): boolean {
    return this.compare(other) === 0;
  }

  /** The sum, in this quantity's format unless it is zero. */
  add(other: Quantity): Quantity {
    const [left, right, scale] = align(this.#amount, other.#amount);
    return new Quantity({ unscaled: left + right, scale, format: this.sign === 0 ? other.format : this.format });
  }

  subtract(other: Quantity): Quantity {
    return this.add(other.times(-1));
  }

  times(factor: number | bigint): Quantity {
    return new Quantity({ ...this.#amount, unscaled: this.#unscaled * BigInt(factor) });
  }

  /** Whole units, rounded away from zero. */
  value(): bigint {
    return this.scaledValue(0);
  }

  /** Thousandths, rounded away from zero: `100m` is 100. */
  milliValue(): bigint {
    return this.scaledValue(-3);
  }

  /** Units of 10^scale, rounded away from zero. */
  scaledValue(scale: number): bigint {
    return this.#scale >= scale
      ? this.#unscaled * tenTo(this.#scale - scale)
      : divideUp(this.#unscaled, tenTo(scale - this.#scale));
  }

  /** The nearest floating-point number: for metrics and ratios, never for accounting. */
  toNumber(): number {
    return Number(`${this.#unscaled}e${this.#scale}`);
  }

  /** The canonical text: no fraction, the largest suffix that keeps the value exact; some texts stay as written. */
  toString(): string {
    if (this.#unscaled === 0n) return '0';
    if (this.#text !== undefined) return this.#text;
    return this.format === 'BinarySI' && this.#fitsBinary() ? this.#binaryText() : this.#decimalText();
  }

  toJSON(): string {
    return this.toString();
  }

  get #amount(): Amount {
    return { unscaled: this.#unscaled, scale: this.#scale, format: this.format };
  }

  /** Small and fractional amounts print as decimals, so that nothing is rounded. */
  #fitsBinary(): boolean {
    const whole = this.value();
    return magnitude(whole) >= 1024n && compareMagnitudes(this.#amount, { unscaled: whole, scale: 0 }) === 0;
  }

  #binaryText(): string {
    let value = this.value();
    let power = 0;
    for (; value % 1024n === 0n && power < binarySuffixes.length - 1; power++) value /= 1024n;
    return `${value}${binarySuffixes[power] ?? ''}`;
  }

  #decimalText(): string {
    let value = this.#unscaled;
    let exponent = this.#scale;
    for (; value % 10n === 0n; exponent++) value /= 10n;
    const excess = ((exponent % 3) + 3) % 3;
    exponent -= excess;
    const suffix = this.format === 'DecimalExponent' ? undefined : decimalSuffixes[exponent / 3 + 3];
    return `${value * tenTo(excess)}${suffix ?? (exponent === 0 ? '' : `e${exponent}`)}`;
  }
}

/** The canonical form of a quantity's text: `1000m` is `1`, `1.5Gi` is `1536Mi`. */
export function canonicalQuantity(text: string | number): string {
  return typeof text === 'string' && /^[1-9]\d{0,2}$/.test(text) ? text : Quantity.parse(text).toString();
}
