/** Medians, quantiles and paired ratios of samples, and how numbers are printed. */

/**
 * The q-quantile of the numbers, interpolated between neighbours.
 * @param {readonly number[]} numbers in any order
 * @param {number} q from 0 to 1
 * @returns {number | undefined} undefined when there are no numbers
 */
export function quantile(numbers, q) {
  if (numbers.length === 0) return undefined;
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** @param {readonly number[]} numbers */
export function median(numbers) {
  return quantile(numbers, 0.5);
}

/**
 * The values of one key over all samples, runs without it left out.
 * @param {readonly Record<string, number | undefined>[]} samples one for each run
 * @param {string} key
 */
export function values(samples, key) {
  return samples.map(sample => sample[key]).filter(value => value !== undefined);
}

/**
 * The median over the runs of `above[run][key] / below[run][belowKey]`: both sides of each ratio come from
 * the same run, so a slow spell of the machine strikes both.
 * @returns {number | undefined}
 */
export function pairedRatio(above, key, below, belowKey = key) {
  const ratios = [];
  for (const [run, sample] of above.entries()) {
    const a = sample[key];
    const b = below[run]?.[belowKey];
    if (a !== undefined && b) ratios.push(a / b);
  }
  return median(ratios);
}

/**
 * Three significant digits, whole numbers above 100 with thousands separated: `0.25`, `5.68`, `1,573`.
 * @param {number | undefined} value
 */
export function number(value) {
  if (value === undefined) return '–';
  if (value >= 99.95) return Math.round(value).toLocaleString('en-US');
  return value
    .toPrecision(value < 0.1 ? 2 : 3)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** `1.3×`, or a dash. @param {number | undefined} value */
export function times(value) {
  return value === undefined ? '–' : `${value >= 100 ? number(value) : value.toFixed(2)}×`;
}

/** `median (min–max)`, or a dash. @param {readonly number[]} numbers */
export function cell(numbers) {
  if (numbers.length === 0) return '–';
  const middle = number(median(numbers));
  if (numbers.length === 1) return middle;
  return `${middle} (${number(Math.min(...numbers))}–${number(Math.max(...numbers))})`;
}
