/** Undoes the escapes of `$'…'` strings. */

const SINGLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c(.)|(.))/gs;

/** The text that the inside of `$'…'` stands for, as the bash manual lists its escapes; unknown ones stay as written. */
export function decodeAnsi(inside: string): string {
  if (!inside.includes('\\')) return inside;
  return inside.replace(ESCAPE, (written, hex, short, long, octal, control, letter) => {
    const digits = hex ?? short ?? long;
    if (digits !== undefined) return character(Number.parseInt(digits, 16), written);
    if (octal !== undefined) return character(Number.parseInt(octal, 8) & 255, written);
    if (control !== undefined) return character(control.charCodeAt(0) & 31, written);
    if (`\\'"?`.includes(letter)) return letter;
    return SINGLE[letter] ?? written;
  });
}

function character(code: number, written: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : written;
}
