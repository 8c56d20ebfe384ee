/** Measures what tests compute, so that a busy machine fails none that only have to end in bounded time. */

/** Starts now; what it returns gives the milliseconds that this process has computed since, on all of its threads. */
export function cpuTimer(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
