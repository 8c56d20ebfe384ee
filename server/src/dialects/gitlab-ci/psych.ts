/** What Ruby's YAML reader makes of a plain scalar before GitLab turns it into the text of a variable. */
import type { ScalarNode } from '../../syntax/tree.js';

const TRUE = /^(?:yes|true|on)$/i;
const FALSE = /^(?:no|false|off)$/i;
const FLOAT = /^[-+]?(?=\.?\d)(?:\d[\d_,]*)?\.\d*(?:[eE][-+]\d+)?$/;
const INFINITE = /^([-+]?)\.inf$/i;
const INTEGER = /^[-+]?(?:0|[1-9](?:[_,]?\d)*)$/;
const OCTAL = /^([-+]?)0[0-7_,]+$/;
const HEXADECIMAL = /^([-+]?)0x[\da-fA-F_,]+$/;
const BINARY = /^([-+]?)0b[01_,]+$/;
const SEXAGESIMAL = /^[-+]?\d[\d_]*(?::[0-5]?\d){1,2}(?:\.[\d_]*)?$/;
const NOT_A_NUMBER = /^\.nan$/i;
const NOTHING = /^(?:null|~|)$/i;
const NOT_TEXT = [
  ...[TRUE, FALSE, FLOAT, INFINITE, NOT_A_NUMBER],
  ...[INTEGER, OCTAL, HEXADECIMAL, BINARY, SEXAGESIMAL],
];
const SYMBOL = /^:(?:(["'])(?<quoted>.*)\1|.)/;

/** Whether Ruby takes a scalar for a text, and not for a number, a truth value or nothing. */
export function isText({ text, style }: ScalarNode): boolean {
  return style !== 'plain' || !(NOTHING.test(text) || NOT_TEXT.some(pattern => pattern.test(text)));
}

/**
 * The text of a scalar as GitLab hands it on: `20.10` becomes `20.1`, `yes` becomes `true`, `012` becomes `10`,
 * and `:latest`, a symbol, `latest`.
 * Quoted scalars stay as they are. Source: ruby/psych lib/psych/scalar_scanner.rb, and `to_s` of its results.
 */
export function psychText({ text, style }: ScalarNode): string {
  if (style !== 'plain' || !/^[-+.:\dyntfoYNTFO]/.test(text)) return text;
  if (TRUE.test(text)) return 'true';
  if (FALSE.test(text)) return 'false';
  const digits = text.replace(/[_,]/g, '');
  if (INTEGER.test(text)) return withoutZeros(digits);
  if (OCTAL.test(text)) return based(digits, 0, 8);
  if (HEXADECIMAL.test(text)) return based(digits, 2, 16);
  if (BINARY.test(text)) return based(digits, 2, 2);
  if (SEXAGESIMAL.test(text)) return sexagesimal(text);
  if (FLOAT.test(text)) return float(digits);
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === '-' ? '-Infinity' : 'Infinity';
  if (NOT_A_NUMBER.test(text)) return 'NaN';
  const symbol = SYMBOL.exec(text);
  return symbol ? (symbol.groups?.quoted ?? text).replace(/^:/, '') : text;
}

function withoutZeros(digits: string): string {
  return digits.replace(/^\+/, '').replace(/^-0$/, '0');
}

function based(digits: string, prefix: number, base: number): string {
  const sign = digits.startsWith('-') ? -1n : 1n;
  const bare = digits.replace(/^[-+]/, '').slice(prefix);
  let value = 0n;
  for (const digit of bare) value = value * BigInt(base) + BigInt(Number.parseInt(digit, base));
  return String(sign * value);
}

/** Hours, minutes, seconds; where the seconds are left out, Psych counts hours and minutes all the same. */
function sexagesimal(text: string): string {
  const parts = text.replaceAll('_', '').split(':').map(Number);
  const sum = parts.reduce((so, part, i) => so + part * 60 ** (2 - i), 0);
  return text.includes('.') ? float(String(sum)) : String(sum);
}

/** Ruby writes whole floats with one zero, and very large or small ones with an exponent of two digits. */
function float(digits: string): string {
  const value = Number(digits);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e16) return `${Object.is(value, -0) ? '-0' : value}.0`;
  if (size >= 1e16 || size < 1e-4) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${sign}${exponent.slice(1).padStart(2, '0')}`;
  }
  return String(value);
}
