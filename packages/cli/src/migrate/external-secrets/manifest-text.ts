import { entriesOf, isVariable, type Tree, textOf } from '@tidelock/guard';
import { LeftToHand } from './remote-secret.ts';

/** A text that is known before the cluster is. null: there is none. @throws LeftToHand for a variable */
export function plainText(tree: Tree | undefined, key: string): string | null {
  const text = textOf(tree, key);
  if (text === undefined || text === '') return null;
  if (isVariable(text)) throw new LeftToHand(`${key} is a variable or a template`);
  return text;
}

/** @throws LeftToHand where it is missing */
export function requiredText(tree: Tree | undefined, key: string): string {
  const text = plainText(tree, key);
  if (text === null) throw new LeftToHand(`${key} is missing`);
  return text;
}

/** One of the words that the field takes, the first where it is not written. */
export function wordOf<W extends string>(
  tree: Tree | undefined,
  key: string,
  words: readonly [W, ...W[]],
): W {
  const text = plainText(tree, key);
  const word = text === null ? words[0] : words.find((one) => one === text);
  if (word === undefined) throw new LeftToHand(`${key} has a value that is not known`);
  return word;
}

/** Labels or annotations. @throws LeftToHand for a template within */
export function textMap(tree: Tree | undefined): ReadonlyMap<string, string> {
  return new Map(
    entriesOf(tree).map(({ key, value }) => {
      if (value.kind !== 'scalar' || isVariable(value.value) || isVariable(key))
        throw new LeftToHand(`the label or annotation ${key} is a template`);
      return [key, value.value] as const;
    }),
  );
}
