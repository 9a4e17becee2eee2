import { classifyName } from '../key-names.ts';
import type { Source } from '../source.ts';
import type { Scalar } from '../structure/tree.ts';
import type { TextSpan } from '../types.ts';
import { suspectClass } from '../value-test.ts';

export interface TemplateLiteral {
  readonly name: string;
  readonly value: string;
  /** In the file: the value itself, or the whole scalar where that is escaped. */
  readonly span: TextSpan;
}

const LINE =
  /^[ \t]*(?:- |export |set )?["']?([A-Za-z_][A-Za-z0-9_.-]{0,99})["']?[ \t]{0,20}[:=][ \t]{0,20}["']?([^\s"'#,{}][^\s"',{}]{0,999})/gm;

/**
 * Secrets that stand in a template as they are: `password=…` where `{{ … }}` would be.
 * @param text what the template is after unwrapping; the scalar's value when not given
 */
export function* templateLiterals(
  source: Source,
  scalar: Scalar,
  text = scalar.value,
): Iterable<TemplateLiteral> {
  const written = (source.text ?? '').slice(scalar.span.start, scalar.span.end);
  let from = 0;
  for (const match of text.matchAll(LINE)) {
    const [whole, name = '', value = ''] = match;
    if (text.startsWith('{{', match.index + whole.length)) continue;
    const suspicion = suspectClass(classifyName(name), value);
    if (suspicion !== 'sure' && suspicion !== 'weak') continue;
    // What is escaped is not found; one miss is enough to stop looking.
    const found = from === -1 ? -1 : written.indexOf(value, from);
    from = found === -1 ? -1 : found + value.length;
    const start = scalar.span.start + found;
    yield {
      name,
      value,
      span: found === -1 ? scalar.span : { start, end: start + value.length },
    };
  }
}
