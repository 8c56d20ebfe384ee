/** Says in sentences what a trace found out, for hovers. */
import type { Trace } from '../trace/types.js';
import type { CheckedSite } from './run-rules.js';

const VERDICTS: Readonly<Record<Trace['verdict'], string>> = {
  reaches: 'works',
  fails: 'fails',
  'no-daemon-needed': 'needs no daemon',
  'cannot-tell': 'cannot be told from the files alone',
};

/** Markdown: the verdict, then the chain of facts as a list. */
export function explainSite({ site, traces }: CheckedSite): string {
  const [trace] = traces;
  if (!trace) return `Job \`${site.name}\` uses no container tool.`;
  const runner = trace.runner
    ? ` on runner \`${trace.runner.runner.name}\`${trace.runner.how === 'only-one' ? ', the only one here' : ''}`
    : '';
  const head = `Job \`${site.name}\`: docker **${VERDICTS[trace.verdict]}**${runner}.`;
  return [
    trace.verdict === 'no-daemon-needed' ? head.replace('docker **', '**') : head,
    '',
    ...lines(trace),
  ].join('\n');
}

function lines(trace: Trace): readonly string[] {
  const certain = trace.faults.filter(fault => fault.certain);
  return [
    ...(trace.client?.endpoint === undefined && trace.verdict === 'cannot-tell'
      ? []
      : trace.because.map(({ message }) => `- ${message}`)),
    ...certain.map(fault => `- ${fault.because} (\`${fault.id}\`)`),
    ...(trace.missing.length > 0 ? [`- Not known: ${trace.missing.join('; ')}.`] : []),
    ...(trace.assumptions.length > 0 && trace.verdict !== 'no-daemon-needed'
      ? [`- Assumed: ${trace.assumptions.join('; ')}.`]
      : []),
  ];
}
