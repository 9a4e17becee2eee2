/** `dd_api`, `dd-api`, `dd api`, `dd.api` and `ddapi`. */
export function spellings(word: string): string[] {
  return ['_', '-', ' ', '.', ''].map((separator) => word.replaceAll('_', separator));
}
