/** Digits and years of other scripts and calendars, brought to those of ISO 8601. */

/** Zero of each row of decimal digits that news pages write dates with. */
const ZEROES = [
  0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x1040, 0x17e0,
  0xff10,
];
const OTHER_DIGITS =
  /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u1040-\u1049\u17e0-\u17e9\uff10-\uff19]/g;

/** `text` with Arabic, Persian, Indian, Thai and wide digits as 0 to 9; of the same length. */
export function withPlainDigits(text: string): string {
  return text.replace(OTHER_DIGITS, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (ZEROES.findLast((zero) => zero <= code) as number));
  });
}

/** Thai pages count the years of the Buddhist era. */
const BUDDHIST_OFFSET = 543;
export const gregorianYear = (year: number): number => (year > 2400 && year < 2700 ? year - BUDDHIST_OFFSET : year);

/** First years of Japanese eras and of the Republic of China, less one. */
const ERAS: Readonly<Record<string, number>> = { 令和: 2018, 平成: 1988, 昭和: 1925, 民國: 1911, 民国: 1911 };

/** Years of eras written as `令和6年`, `民國113年`, each as the year of our count, of which the text is made anew. */
export const withCommonEra = (text: string): string =>
  text.replace(/(令和|平成|昭和|民國|民国)\s*(\d{1,3}|元)\s*年/g, (_, era: string, year: string) => {
    return `${(ERAS[era] as number) + (year === '元' ? 1 : Number(year))}年`;
  });

const BREAKS = [
  -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178,
];

/** Day of March on which a year of the Persian calendar begins (K. M. Borkowski, The Persian calendar for 3000 years, 1996). */
function nowruz(year: number): number {
  const gregorian = year + 621;
  let leaps = -14;
  let before = BREAKS[0] as number;
  let jump = 0;
  for (const next of BREAKS.slice(1)) {
    jump = next - before;
    if (year < next) break;
    leaps += Math.floor(jump / 33) * 8 + Math.floor((jump % 33) / 4);
    before = next;
  }
  const n = year - before;
  leaps += Math.floor(n / 33) * 8 + Math.floor(((n % 33) + 3) / 4);
  if (jump % 33 === 4 && jump - n === 4) leaps++;
  const gregorianLeaps = Math.floor(gregorian / 4) - Math.floor(((Math.floor(gregorian / 100) + 1) * 3) / 4) - 150;
  return 20 + leaps - gregorianLeaps;
}

/** A day of the Persian (Solar Hijri) calendar as year, month and day of the Gregorian. */
export function fromPersian(year: number, month: number, day: number): readonly [y: number, m: number, d: number] {
  const daysBefore = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  const start = Date.UTC(year + 621, 2, nowruz(year));
  const at = new Date(start + (daysBefore + day - 1) * 86_400_000);
  return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
}
