/** Reads YAML in which lines inside of quotes or brackets stand further left than YAML allows, as the tools of our formats do. */
import { type Event, type ParserOptions, parseEvents, type YAMLException } from 'js-yaml';

/** What `js-yaml` says of a line inside of a quoted text, or of brackets, that is not indented enough. */
const SHALLOW = 'deficient indentation';

/** With more such lines a text is left to the parser that recovers: each of them costs a reading. */
const MAX_SHALLOW = 64;

export interface Events {
  readonly events: readonly Event[];
  /** Quoted texts may run over lines where the events say that they do not. */
  readonly joined: boolean;
}

/**
 * The events of `text`, with offsets in it; `undefined` for a text that is not sound. YAML wants every line of a quoted
 * text and of brackets to stand right of the key that they belong to; libyaml, go-yaml and what is made after them
 * (GitLab, Compose, GitHub) do not ask for that. Such lines are joined to the ones before them for the reading.
 */
export function eventsOf(text: string, options: ParserOptions): Events | undefined {
  let read = text;
  for (let lines = 0; lines <= MAX_SHALLOW; lines++) {
    try {
      return { events: parseEvents(read, options), joined: lines > 0 };
    } catch (error) {
      const at = shallowLine(error);
      const joined = at === undefined ? read : joinLine(read, at);
      if (joined === read) return undefined;
      read = joined;
    }
  }
  return undefined;
}

/** Where the first word of a line that is not indented enough stands. */
function shallowLine(error: unknown): number | undefined {
  const { reason, mark } = error as Partial<YAMLException>;
  return reason === SHALLOW ? mark?.position : undefined;
}

/** Puts blanks for the line breaks before an offset, so that all other offsets stay; not where a comment would go on. */
function joinLine(text: string, at: number): string {
  let end = at;
  while (/[ \t\r\n]/.test(text[end - 1] ?? '')) end -= 1;
  const before = text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
  if (/(?:^|\s)#/.test(before)) return text;
  return text.slice(0, end) + text.slice(end, at).replace(/[\r\n]/g, ' ') + text.slice(at);
}
