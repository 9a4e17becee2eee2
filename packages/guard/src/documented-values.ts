/**
 * Beginnings of values that vendors print in their documentation, and of keys that emulators ship
 * with; of tokens without their mark. Parts only, so that this file holds no token.
 */
const DOCUMENTED = [
  '16C7e42F29',
  '4eC39HqLyj',
  'BQokikJOvB',
  'TYooMQauvd',
  'Eby8vdM02x',
  'C2y6yDjf5/',
  'wJalrXUtnF',
  'je7MtGbClw',
  '3ax6xnjp29',
  'IxAcTAAAAA',
  'JV_adQssw5',
  'JCYR7SRzPk',
  '57dce771-',
  'ST2EY72KQI',
  'HdqTcvCH1v',
  'C-DEF1234g',
  'bcDEF1CNTR',
  '3pu6hszjas',
  'ac0974bec3',
  '1f699f1069',
  'T00000000/',
  'f395accd24',
  'iNValIdinV',
];

/** Whether a value is one that everybody has read. */
export function isDocumented(value: string): boolean {
  return DOCUMENTED.some((part) => value.includes(part));
}
