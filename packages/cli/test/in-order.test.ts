import { expect, it } from 'vitest';
import { InOrder } from '../src/in-order.ts';

it('says what comes early once all before it have been said', () => {
  const said: string[] = [];
  const told = new InOrder((text) => said.push(text));
  told.add(2, 'c');
  told.add(1, null);
  expect(said).toEqual([]);
  told.add(0, 'a');
  told.add(3, 'd');
  expect(said).toEqual(['a', 'c', 'd']);
});
