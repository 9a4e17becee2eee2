/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

type Alphabet = 'digits' | 'hex' | 'base36' | 'base64';

/** Length, and the entropy that 99 of 100 random strings of that length and alphabet reach. */
const FLOORS: Readonly<Record<Alphabet, readonly (readonly [number, number])[]>> = {
  digits: [
    [16, 2.35],
    [20, 2.49],
    [24, 2.61],
    [32, 2.81],
    [40, 2.91],
    [64, 3.06],
    [128, 3.2],
  ],
  hex: [
    [16, 2.7],
    [20, 2.9],
    [24, 3.07],
    [32, 3.26],
    [40, 3.41],
    [48, 3.51],
    [64, 3.64],
    [128, 3.83],
  ],
  base36: [
    [16, 3.16],
    [20, 3.38],
    [24, 3.61],
    [32, 3.91],
    [40, 4.1],
    [48, 4.25],
    [64, 4.48],
    [128, 4.82],
  ],
  base64: [
    [16, 3.33],
    [20, 3.65],
    [24, 3.89],
    [32, 4.22],
    [40, 4.45],
    [48, 4.65],
    [64, 4.91],
    [128, 5.4],
  ],
};

function alphabetOf(text: string): Alphabet {
  if (/^[0-9]+$/.test(text)) return 'digits';
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) return 'hex';
  if (/^(?:[0-9a-z_-]+|[0-9A-Z_-]+)$/.test(text)) return 'base36';
  return 'base64';
}

/**
 * The entropy below which a string of this length and alphabet is not random (1 in 100 random ones
 * is below). Under 16 characters entropy tells nothing: the floor falls with log2 of the length.
 */
export function entropyFloor(text: string): number {
  const points = FLOORS[alphabetOf(text)];
  const [first, ...rest] = points;
  if (first === undefined) return 0;
  if (text.length <= first[0]) {
    return first[1] * (Math.log2(Math.max(2, text.length)) / Math.log2(first[0]));
  }
  let [length, floor] = first;
  for (const [nextLength, nextFloor] of rest) {
    if (text.length < nextLength) {
      const share = (text.length - length) / (nextLength - length);
      return floor + share * (nextFloor - floor);
    }
    [length, floor] = [nextLength, nextFloor];
  }
  return floor;
}

/**
 * About as much entropy as a random string would have; 0.9 because not every source is uniform
 * (hexadecimal of both cases, fixed parts).
 */
export function looksRandom(text: string): boolean {
  return text.length > 0 && entropy(text) >= entropyFloor(text) * 0.9;
}
