import { classifyName } from '../key-names.ts';
import type { TextSpan } from '../types.ts';
import { suspectClass } from '../value-test.ts';

export interface TemplateLiteral {
  readonly name: string;
  readonly value: string;
  /** Within the text. */
  readonly span: TextSpan;
}

const LINE =
  /^[ \t]*(?:- |export |set )?["']?([A-Za-z_][A-Za-z0-9_.-]{0,99})["']?[ \t]{0,20}[:=][ \t]{0,20}["']?([^\s"'#,{}][^\s"',{}]{0,999})/gm;

/** Secrets that stand in a template as they are: `password=…` where `{{ … }}` would be. */
export function* templateLiterals(text: string): Iterable<TemplateLiteral> {
  for (const match of text.matchAll(LINE)) {
    const [whole, name = '', value = ''] = match;
    if (text.startsWith('{{', match.index + whole.length)) continue;
    const suspicion = suspectClass(classifyName(name), value);
    if (suspicion !== 'sure' && suspicion !== 'weak') continue;
    const end = match.index + whole.length;
    yield { name, value, span: { start: end - value.length, end } };
  }
}
