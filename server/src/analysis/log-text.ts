/** Takes out of a job log what programs and platforms put around the words: colours, timestamps, section markers. */

/** A log as plain lines, and the way back to where they came from. */
export interface LogText {
  /** Lines end with LF; a CR stands between the states of a line that was drawn again. */
  readonly text: string;
  /** How many lines of the source come before an offset of `text`. */
  lineAt(offset: number): number;
}

/**
 * Colours and other escape sequences, also where the escape character was lost in a copy; GitLab's section markers;
 * the stamps that GitLab Runner (helpers/timestamper: time, stream, `O` or `E`, `+` for a line that goes on) and GitHub
 * put before each line.
 */
const AROUND =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\-_])|\[\d{1,3}(?:;\d{1,3})*m|\[0K|section_(?:start|end):\d+:[^\r\n\x1b]*\r?|^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ?(?:[0-9a-f]{2}[OE][ +])?/gm;

/** A line break and the stamp of a line that goes on. */
const GOES_ON = /\r?\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z [0-9a-f]{2}[OE]\+/g;

/** Stands in for a line break that was none, until offsets are those of the result. */
const JOINT = '\ue000';

/** Never throws, whatever the text holds. */
export function plainLog(log: string): LogText {
  const joined = log.replace(GOES_ON, JOINT);
  const plain = joined.replace(AROUND, '').replaceAll('\r\n', '\n');
  const joints: number[] = [];
  if (joined.length !== log.length) {
    for (let at = plain.indexOf(JOINT); at >= 0; at = plain.indexOf(JOINT, at + 1))
      joints.push(at - joints.length);
  }
  const text = joints.length > 0 ? plain.replaceAll(JOINT, '') : plain;
  return { text, lineAt: lineCounter(text, joints) };
}

/** Counts on from the last answer, since questions mostly come in order. */
function lineCounter(text: string, joints: readonly number[]): (offset: number) => number {
  let counted = 0;
  let lines = 0;
  return offset => {
    if (offset < counted) {
      counted = 0;
      lines = 0;
    }
    for (let at = text.indexOf('\n', counted); at >= 0 && at < offset; at = text.indexOf('\n', at + 1))
      lines += 1;
    counted = offset;
    return lines + joints.filter(joint => joint <= offset).length;
  };
}
