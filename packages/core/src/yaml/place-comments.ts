import type { YamlComment, YamlNode } from './nodes.ts';
import type { YamlStream } from './parse.ts';

export interface PlacedComment {
  readonly comment: YamlComment;
  /** The pair or element before which it stands; their number for the end. */
  readonly index: number;
  readonly inline: boolean;
}
export type CommentPlaces = ReadonlyMap<YamlNode, readonly PlacedComment[]>;
export function placeComments(_text: string, _stream: YamlStream): CommentPlaces {
  return new Map();
}
