/**
 * Draws images/icon.png: a ship with two containers in a dry dock. `node scripts/draw-icon.mjs [file [size]]`;
 * without arguments the icon of the extension at 128 pixels. The same arguments give the same bytes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const SIZE = 128;
/** Samples per pixel and axis. */
const SAMPLES = 8;

const WATER = [11, 44, 84];
const DOCK = [92, 146, 196];
const DOCK_EDGE = [142, 188, 228];
const HULL = [247, 250, 253];
const KEEL = [214, 73, 62];
const ORANGE = [255, 159, 28];
const ORANGE_RIB = [204, 116, 0];
const TEAL = [46, 204, 183];
const TEAL_RIB = [13, 148, 133];

const TILE = roundedBox(0, 0, 128, 128, 24);

/** From back to front, in units of a 128 by 128 field with y downwards; all of it is cut to the tile. */
const SCENE = [
  { colour: WATER, shape: TILE },
  {
    colour: DOCK,
    shape: polygon([
      0, 54, 11, 54, 11, 82, 21, 82, 21, 107, 107, 107, 107, 82, 117, 82, 117, 54, 128, 54, 128, 128, 0, 128,
    ]),
  },
  { colour: DOCK_EDGE, shape: box(0, 54, 11, 60) },
  { colour: DOCK_EDGE, shape: box(117, 54, 128, 60) },
  { colour: DOCK_EDGE, shape: box(11, 82, 21, 88) },
  { colour: DOCK_EDGE, shape: box(107, 82, 117, 88) },
  { colour: DOCK_EDGE, shape: box(42, 96, 52, 107) },
  { colour: DOCK_EDGE, shape: box(76, 96, 86, 107) },
  { colour: HULL, shape: box(26, 39, 39, 64) },
  { colour: WATER, shape: box(29.5, 45, 35.5, 50.5) },
  { colour: HULL, shape: polygon([20, 60, 112, 60, 103, 79, 24, 79]) },
  { colour: KEEL, shape: polygon([24, 79, 103, 79, 94.5, 97, 31, 97]) },
  ...container(42, 27, 68, 57, ORANGE, ORANGE_RIB),
  ...container(72, 27, 98, 57, TEAL, TEAL_RIB),
];

/** The icon as PNG. `size` is the edge in pixels. */
export function drawIcon(size = SIZE) {
  const pixels = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      pixels.set(pixelAt(x, y, 128 / size), (y * size + x) * 4);
    }
  }
  return encodePng(size, size, pixels);
}

/** Mean of the samples within the pixel, as [red, green, blue, alpha]. */
function pixelAt(x, y, scale) {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let j = 0; j < SAMPLES; j++) {
    for (let i = 0; i < SAMPLES; i++) {
      const colour = colourAt((x + (i + 0.5) / SAMPLES) * scale, (y + (j + 0.5) / SAMPLES) * scale);
      if (colour !== undefined) {
        covered++;
        colour.forEach((value, channel) => {
          sum[channel] += value;
        });
      }
    }
  }
  const mean = sum.map(value => (covered === 0 ? 0 : Math.round(value / covered)));
  return [...mean, Math.round((255 * covered) / (SAMPLES * SAMPLES))];
}

function colourAt(x, y) {
  return TILE(x, y) ? SCENE.findLast(layer => layer.shape(x, y))?.colour : undefined;
}

function container(left, top, right, bottom, colour, rib) {
  const step = (right - left) / 4;
  const ribs = [1, 2, 3].map(n => {
    const middle = left + n * step;
    return { colour: rib, shape: box(middle - 1.5, top + 5, middle + 1.5, bottom - 5) };
  });
  return [{ colour, shape: roundedBox(left, top, right, bottom, 2.5) }, ...ribs];
}

function box(left, top, right, bottom) {
  return (x, y) => x >= left && x < right && y >= top && y < bottom;
}

function roundedBox(left, top, right, bottom, radius) {
  return (x, y) => {
    const dx = Math.max(left + radius - x, x - (right - radius), 0);
    const dy = Math.max(top + radius - y, y - (bottom - radius), 0);
    return dx * dx + dy * dy <= radius * radius;
  };
}

/** `coordinates` is x, y, x, y, …; a point is inside when a ray from it crosses the edges an odd number of times. */
function polygon(coordinates) {
  const count = coordinates.length / 2;
  return (x, y) => {
    let inside = false;
    for (let i = 0, j = count - 1; i < count; j = i++) {
      const [xi, yi, xj, yj] = [2 * i, 2 * i + 1, 2 * j, 2 * j + 1].map(n => coordinates[n]);
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) {
        inside = !inside;
      }
    }
    return inside;
  };
}

/** `pixels` holds four bytes each: red, green, blue, alpha. */
function encodePng(width, height, pixels) {
  const rows = Buffer.alloc(height * (1 + width * 4));
  for (let y = 0; y < height; y++) {
    pixels.copy(rows, y * (1 + width * 4) + 1, y * width * 4, (y + 1) * width * 4);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a channel, colour with alpha.
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = deflateSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, data) {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + content.length);
  frame.writeUInt32BE(data.length, 0);
  content.copy(frame, 4);
  frame.writeUInt32BE(crc32(content), 4 + content.length);
  return frame;
}

function main() {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  const [file = path.join(root, 'images', 'icon.png'), size] = process.argv.slice(2);
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, drawIcon(size === undefined ? SIZE : Number(size)));
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main();
}
