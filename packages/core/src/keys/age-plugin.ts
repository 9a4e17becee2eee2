import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import { TidelockError } from '../errors.ts';
import { FILE_KEY_BYTES } from './age-file.ts';
import { type AgeHeader, type AgeStanza, decodeRawBase64 } from './age-format.ts';
import type { AgeIdentity } from './age-identity.ts';
import { findPlugin, type PluginSearch } from './age-plugin-path.ts';
import { PluginTalk } from './age-plugin-talk.ts';

/** What a plugin may want of the person. Its texts are the plugin's: make them safe before showing. */
export interface PluginUi {
  show(text: string): void;
  /** null when there is nobody to ask. */
  ask(question: string, secret: boolean): Promise<string | null>;
  /** null when there is nobody to ask. */
  confirm(question: string, yes: string, no: string | null): Promise<boolean | null>;
}

export interface PluginAccess extends PluginSearch {
  readonly ui?: PluginUi;
  /** How long a plugin may stay silent; five minutes unless given: people look for their tokens. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 5 * 60 * 1000;

/**
 * Has the plugin of a recipient wrap a file key (age plugin protocol, recipient-v1). The caller has
 * made sure that a person or `.sops.yaml` named this recipient.
 * @throws TidelockError ERR_IDENTITY, ERR_KEY_WRAP
 */
export async function wrapWithPlugin(
  plugin: { readonly name: string; readonly recipient: string },
  fileKey: Uint8Array,
  access: PluginAccess,
): Promise<AgeStanza> {
  const stanzas: AgeStanza[] = [];
  await converse(plugin.name, 'recipient-v1', access, {
    open: (talk) => {
      talk.say(['add-recipient', plugin.recipient]);
      talk.say(['wrap-file-key'], fileKey);
      talk.say(['done']);
    },
    answer: (stanza) => {
      if (stanza.args[0] !== 'recipient-stanza' || stanza.args.length < 3) return false;
      stanzas.push({ args: stanza.args.slice(2), body: stanza.body });
      return true;
    },
  });
  const [stanza] = stanzas;
  if (stanza !== undefined && stanzas.length === 1) return stanza;
  throw new TidelockError(
    'ERR_KEY_WRAP',
    `age-plugin-${plugin.name} made ${stanzas.length} stanzas where one is expected`,
    { hint: 'A wrapped key has exactly one reader; use one recipient for each of them.' },
  );
}

/** An `AGE-PLUGIN-NAME-1…` of the user; without access it names itself and says that it cannot run. */
export function pluginIdentity(
  plugin: { readonly name: string; readonly identity: string },
  access: PluginAccess | null,
): AgeIdentity {
  return {
    kind: 'plugin',
    asks: true,
    unwrapFileKey: async (header: AgeHeader) => {
      if (access === null) throw notFound(plugin.name);
      let fileKey: Uint8Array | null = null;
      await converse(plugin.name, 'identity-v1', access, {
        open: (talk) => {
          talk.say(['add-identity', plugin.identity]);
          for (const { args, body } of header.stanzas) {
            talk.say(['recipient-stanza', '0', ...args], body);
          }
          talk.say(['done']);
        },
        answer: (stanza) => {
          if (stanza.args[0] !== 'file-key' || stanza.args[1] !== '0') return false;
          if (stanza.body.length === FILE_KEY_BYTES) fileKey = stanza.body;
          return true;
        },
      });
      return fileKey;
    },
  };
}

interface Part {
  readonly open: (talk: PluginTalk) => void;
  /** Whether the stanza was the one this part is about. */
  readonly answer: (stanza: AgeStanza) => boolean;
}

async function converse(
  name: string,
  machine: string,
  access: PluginAccess,
  part: Part,
): Promise<void> {
  const program = await findPlugin(name, access);
  if (program === null) throw notFound(name);
  const process = access.host.start(program, [`--age-plugin=${machine}`], access.env);
  const talk = new PluginTalk(name, process, access.patienceMs ?? PATIENCE_MS);
  try {
    part.open(talk);
    for (;;) {
      const stanza = await talk.hear();
      if (stanza.args[0] === 'done') return;
      if (part.answer(stanza)) talk.say(['ok']);
      else await answerCommon(talk, stanza, access.ui);
    }
  } finally {
    talk.close();
  }
}

async function answerCommon(
  talk: PluginTalk,
  stanza: AgeStanza,
  ui: PluginUi | undefined,
): Promise<void> {
  const text = decodeUtf8(stanza.body) ?? '';
  const [command = '', first, second] = stanza.args;
  if (command === 'error') {
    talk.say(['ok']);
    throw talk.failure(`failed: ${withoutIdentities(text)}`);
  }
  if (command === 'msg') {
    ui?.show(text);
    talk.say([ui === undefined ? 'fail' : 'ok']);
  } else if (command === 'request-secret' || command === 'request-public') {
    const answer = (await ui?.ask(text, command === 'request-secret')) ?? null;
    if (answer === null) talk.say(['fail']);
    else talk.say(['ok'], encodeUtf8(answer));
  } else if (command === 'confirm') {
    const agreed = (await ui?.confirm(text, label(first) ?? 'yes', label(second))) ?? null;
    if (agreed === null) talk.say(['fail']);
    else talk.say(['ok', agreed ? 'yes' : 'no']);
  } else {
    talk.say(['unsupported']);
  }
}

function withoutIdentities(text: string): string {
  return text.slice(0, 500).replace(/AGE-(?:SECRET-KEY|PLUGIN)-[^\s]*/gi, 'AGE-…');
}

function label(argument: string | undefined): string | null {
  const bytes = argument === undefined ? null : decodeRawBase64(argument);
  return bytes === null ? null : decodeUtf8(bytes);
}

function notFound(name: string): TidelockError {
  return new TidelockError('ERR_IDENTITY', `age-plugin-${name} was not found or may not be run`, {
    hint: `Install age-plugin-${name} into a folder of PATH outside the repository.`,
  });
}
