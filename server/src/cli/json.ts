/** How every json report is written. */

export function toJson(report: unknown): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
