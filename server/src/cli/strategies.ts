/** `drydock strategies`: which build strategies there are, and on which platforms. */
import { platformsOf, type StrategyInfo, strategyInfos } from '../analysis/index.js';
import type { RulesOptions } from './arguments.js';
import { type CliIo, exitCode } from './io.js';
import { toJson } from './json.js';
import { createPaint, type Paint } from './paint.js';

/** Returns the exit code. */
export function listStrategies({ format }: RulesOptions, io: CliIo): number {
  const infos = strategyInfos(io.data('strategies'));
  io.stdout.write(
    format === 'json' ? toJson({ version: 1, strategies: infos.map(listed) }) : table(infos, createPaint(io)),
  );
  return exitCode.clean;
}

function listed(info: StrategyInfo) {
  const { id, title, state, accepts } = info;
  return { id, title, state, platforms: platformsOf(info), accepts };
}

function table(infos: readonly StrategyInfo[], paint: Paint): string {
  const rows = infos.map(info => [info.id, info.title, info.state, platformsOf(info).join(', ') || '-']);
  const head = ['strategy', 'title', 'state', 'recipes for'];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map(row => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();

  return `${[paint('bold', line(head)), ...rows.map(line)].join('\n')}\n\n${infos.length} strategies. The files of one: drydock plan --platform PLATFORM --strategy STRATEGY\n`;
}
