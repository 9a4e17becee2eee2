import type { Format } from '@tidelock/core';
import { type Document, parseAllDocuments, parse as parseYaml } from 'yaml';
import type { Source } from '../../src/source.ts';
import { decryptAs, type Keys } from './encrypt-example.ts';

/**
 * Builds a folder as Flux' kustomize-controller does, by its documented rules and by none of ours:
 * files that generators and patches name are decrypted first, then kustomize builds, then every
 * object with a sops block, then what is encrypted within the data of Secrets.
 */
export class FluxDriver {
  readonly #files: Map<string, Content>;
  readonly #keys: Keys;

  constructor(sources: readonly Source[], keys: Keys) {
    this.#keys = keys;
    this.#files = new Map(
      sources.map(({ path, bytes, mode }) => [
        path,
        { bytes: Buffer.from(bytes), link: mode === '120000' },
      ]),
    );
  }

  /** What is applied to the cluster. @throws whatever keeps the build from ending */
  async build(folder: string, decrypt: boolean): Promise<Thing[]> {
    const at = clean(folder);
    if (decrypt) await this.#decryptFiles(at, new Set());
    const things = this.#kustomize(at);
    if (decrypt) for (const thing of things) await this.#decryptThing(thing);
    return things;
  }

  async #decryptFiles(folder: string, seen: Set<string>): Promise<void> {
    const kustomization = this.#kustomization(folder);
    if (kustomization === null || seen.has(folder)) return;
    seen.add(folder);
    for (const { files = [], envs = [] } of kustomization.secretGenerator ?? []) {
      for (const file of files) {
        const [key, path] = keyAndPath(file);
        await this.#decryptFile(join(folder, path), formatOf(key));
      }
      for (const path of envs) {
        const format = formatOf(path);
        await this.#decryptFile(join(folder, path), format === 'binary' ? 'dotenv' : format);
      }
    }
    for (const { path } of kustomization.patches ?? [])
      if (path !== undefined) await this.#decryptFile(join(folder, path), formatOf(path));
    for (const path of [...(kustomization.resources ?? []), ...(kustomization.components ?? [])])
      if (!this.#files.has(join(folder, path))) await this.#decryptFiles(join(folder, path), seen);
  }

  async #decryptFile(path: string, format: Format): Promise<void> {
    const content = this.#files.get(path);
    if (content === undefined || content.link || content.bytes.length > 5 << 20) return;
    if (!content.bytes.includes(MARKERS[format])) return;
    content.bytes = await decryptAs(this.#keys, content.bytes, { from: format, to: format });
  }

  #kustomize(folder: string): Thing[] {
    const kustomization = this.#kustomization(folder);
    if (kustomization === null) return this.#generatedBuild(folder);
    const things = [
      ...(kustomization.resources ?? []),
      ...(kustomization.components ?? []),
    ].flatMap((path) => {
      const at = join(folder, path);
      return this.#files.has(at) ? this.#resource(at) : this.#kustomize(at);
    });
    for (const one of kustomization.secretGenerator ?? []) things.push(this.#secret(folder, one));
    for (const one of kustomization.configMapGenerator ?? []) {
      const data = this.#data(folder, one).map(([key, bytes]) => [key, bytes.toString('utf8')]);
      const metadata = { name: one.name };
      things.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data: Object.fromEntries(data),
      });
    }
    const patches = [
      ...(kustomization.patches ?? []).flatMap(({ path }) => path ?? []),
      ...(kustomization.patchesStrategicMerge ?? []),
    ];
    for (const path of patches)
      for (const patch of this.#resource(join(folder, path))) merge(things, patch);
    if ((kustomization.helmCharts ?? []).length > 0) throw new Error('helm is not enabled');
    return things;
  }

  /** Without a kustomization every manifest below the folder is one of its resources. */
  #generatedBuild(folder: string): Thing[] {
    const below = folder === '' ? '' : `${folder}/`;
    const found = [...this.#files.keys()].filter((path) => path.startsWith(below)).sort();
    const explicit = found.filter((path) => NAMES.includes(path.slice(path.lastIndexOf('/') + 1)));
    const built = explicit.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    return [
      ...found
        .filter((path) => /\.ya?ml$/.test(path) && !/(?:^|\/)\.sops\.yaml$/.test(path))
        .filter((path) => !built.some((inner) => path.startsWith(`${inner}/`)))
        .flatMap((path) => this.#resource(path)),
      ...built.flatMap((inner) => this.#kustomize(inner)),
    ];
  }

  #resource(path: string): Thing[] {
    const documents = parseAllDocuments(this.#read(path).toString('utf8')) as Document[];
    return documents
      .map((document) => document.toJS() as Thing | null)
      .filter((thing) => thing !== null)
      .map((thing) => {
        const named = thing.metadata?.name ?? '';
        if (![thing.apiVersion, thing.kind, named].every(isPlainText))
          throw new Error(`${path} holds no object of Kubernetes`);
        return thing;
      });
  }

  #secret(folder: string, generator: Generator): Thing {
    const data = this.#data(folder, generator).map(([key, bytes]) => [
      key,
      bytes.toString('base64'),
    ]);
    const metadata = { name: generator.name };
    return { apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(data) };
  }

  #data(folder: string, { files = [], envs = [], env }: Generator): [string, Buffer][] {
    const ofFiles = files.map((file): [string, Buffer] => {
      const [key, path] = keyAndPath(file);
      return [key, this.#read(join(folder, path))];
    });
    const ofEnvs = [...envs, ...(env === undefined ? [] : [env])].flatMap((path) =>
      this.#read(join(folder, path))
        .toString('utf8')
        .split('\n')
        .filter((line) => /\S/.test(line) && !line.startsWith('#'))
        .map((line): [string, Buffer] => {
          const equals = line.indexOf('=');
          if (equals < 1) throw new Error(`${path} is no dotenv file`);
          return [line.slice(0, equals), Buffer.from(line.slice(equals + 1))];
        }),
    );
    return [...ofFiles, ...ofEnvs];
  }

  async #decryptThing(thing: Thing): Promise<void> {
    const { annotations = {}, labels = {} } = thing.metadata ?? {};
    const mark = 'kustomize.toolkit.fluxcd.io/decrypt';
    if ([annotations[mark], labels[mark]].some((value) => value?.toLowerCase() === 'disabled'))
      return;
    if (thing.sops?.mac) {
      const bytes = Buffer.from(JSON.stringify(thing));
      const plain = await decryptAs(this.#keys, bytes, { from: 'json', to: 'json' });
      for (const key of Object.keys(thing)) delete thing[key];
      Object.assign(thing, JSON.parse(plain.toString('utf8')));
    } else if (thing.kind === 'Secret') {
      for (const [key, value] of Object.entries(thing.data ?? {})) {
        const bytes = Buffer.from(String(value), 'base64');
        const from = (['yaml', 'json', 'dotenv', 'ini'] as const).find((format) =>
          bytes.includes(MARKERS[format]),
        );
        if (from === undefined) continue;
        const to = formatOf(key);
        const plain = await decryptAs(this.#keys, bytes, { from: asked(from, to), to });
        (thing.data ?? {})[key] = plain.toString('base64');
      }
    }
  }

  #kustomization(folder: string): KustomizationFile | null {
    for (const name of NAMES) {
      const content = this.#files.get(join(folder, name));
      if (content !== undefined)
        return parseYaml(content.bytes.toString('utf8')) as KustomizationFile;
    }
    return null;
  }

  #read(path: string): Buffer {
    const content = this.#files.get(path);
    if (content === undefined) throw new Error(`there is no ${path}`);
    if (!content.link) return content.bytes;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    return this.#read(join(folder, content.bytes.toString('utf8').trim()));
  }
}

interface Content {
  bytes: Buffer;
  readonly link: boolean;
}

/** An object as it is applied. */
export interface Thing {
  [key: string]: unknown;
  apiVersion?: unknown;
  kind?: unknown;
  metadata?: {
    name?: unknown;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  data?: Record<string, unknown>;
  sops?: { mac?: string };
}

interface Generator {
  readonly name: string;
  readonly files?: string[];
  readonly envs?: string[];
  readonly env?: string;
}

interface KustomizationFile {
  readonly resources?: string[];
  readonly components?: string[];
  readonly secretGenerator?: Generator[];
  readonly configMapGenerator?: Generator[];
  readonly patches?: { readonly path?: string }[];
  readonly patchesStrategicMerge?: string[];
  readonly helmCharts?: unknown[];
}

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const MARKERS: Readonly<Record<Format, string>> = {
  yaml: 'mac: ENC[',
  json: '"mac": "ENC[',
  binary: '"mac": "ENC[',
  dotenv: 'sops_mac=ENC[',
  ini: '[sops]',
};
const SUFFIXES: Readonly<Record<string, Format>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  env: 'dotenv',
  ini: 'ini',
};

const formatOf = (path: string): Format =>
  path.endsWith('.dockerconfigjson')
    ? 'json'
    : (SUFFIXES[/\.([^./]+)$/.exec(path)?.[1] ?? ''] ?? 'binary');
/** A binary file is JSON to look at: what it is asked for decides. */
const asked = (from: Format, to: Format): Format =>
  from === 'json' && to === 'binary' ? 'binary' : from;
const isPlainText = (value: unknown) => typeof value === 'string' && !value.startsWith('ENC[');

function keyAndPath(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals !== -1) return [text.slice(0, equals), text.slice(equals + 1)];
  return [text.slice(text.lastIndexOf('/') + 1), text];
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const join = (folder: string, path: string) => clean(`${folder}/${path}`);

/** Enough of a strategic merge for objects of one kind and name. */
function merge(things: readonly Thing[], patch: Thing): void {
  const target = things.find(
    ({ kind, metadata }) => kind === patch.kind && metadata?.name === patch.metadata?.name,
  );
  if (target === undefined) throw new Error('a patch of nothing');
  for (const [key, value] of Object.entries(patch)) {
    const old = target[key];
    const both = [old, value].every((one) => typeof one === 'object' && one !== null);
    target[key] = both ? { ...(old as object), ...(value as object) } : value;
  }
}
