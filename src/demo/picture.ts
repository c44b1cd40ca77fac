/** Pictures without a camera: a shore under a sky, drawn from a name, the same one each time. */
import { sha256 } from '../core/digest.ts';

const WIDTH = 1200;
const HEIGHT = 675;
/** Hues that skies have: morning, noon, evening, dusk. */
const SKIES = [35, 205, 18, 265, 195, 340];

const tone = (hue: number, saturation: number, light: number): string => `hsl(${hue} ${saturation}% ${light}%)`;

function ridge(bytes: readonly number[], top: number, roughness: number): string {
  const step = WIDTH / (bytes.length - 1);
  const points = bytes.map(
    (byte, index) => `${Math.round(index * step)},${top - Math.round((byte / 255) * roughness)}`,
  );
  return `M0,${HEIGHT} L${points.join(' L')} L${WIDTH},${HEIGHT} Z`;
}

/** An SVG of 1200 by 675. */
export function picture(name: string): string {
  const bytes = [...Buffer.from(sha256(name), 'hex')];
  const sky = SKIES[(bytes[0] ?? 0) % SKIES.length] ?? 0;
  const sun = { x: 150 + (bytes[1] ?? 0) * 3, y: 140 + (bytes[2] ?? 0) / 2, r: 38 + (bytes[3] ?? 0) / 8 };
  const waves = [0, 1, 2, 3].map((row) => {
    const y = 520 + row * 38;
    return `<path d="M0,${y} q60,-14 120,0 t120,0 t120,0 t120,0 t120,0 t120,0 t120,0 t120,0 t120,0 t120,0" fill="none" stroke="${tone(200, 45, 68 - row * 5)}" stroke-width="3"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">`,
    `<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${tone(sky, 48, 62)}"/><stop offset="1" stop-color="${tone(45, 70, 88)}"/></linearGradient></defs>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#s)"/>`,
    `<circle cx="${sun.x}" cy="${Math.round(sun.y)}" r="${Math.round(sun.r)}" fill="${tone(48, 95, 93)}"/>`,
    `<path d="${ridge(bytes.slice(4, 13), 430, 150)}" fill="${tone(sky, 16, 46)}"/>`,
    `<path d="${ridge(bytes.slice(13, 22), 490, 90)}" fill="${tone(sky, 20, 30)}"/>`,
    `<rect y="490" width="${WIDTH}" height="185" fill="${tone(203, 42, 36)}"/>`,
    ...waves,
    `</svg>`,
  ].join('\n');
}
