import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { deployRules, judgeDeployment } from '../../src/deploy/index.ts';
import { DEPLOY_INFOS } from '../../src/deploy/rule-info.ts';
import { Source } from '../../src/source.ts';
import { listExamples } from './load.ts';

const source = (path: string, text: string) => new Source(path, Buffer.from(text));
const judge = (sources: readonly Source[]) =>
  check(
    sources,
    deployRules((all) => judgeDeployment(all)),
  );

const KINDS = [
  'kustomize.toolkit.fluxcd.io/v1 Kustomization',
  'kustomize.config.k8s.io/v1beta1 Kustomization',
  'external-secrets.io/v1 ExternalSecret',
  'external-secrets.io/v1 ClusterSecretStore',
  'bitnami.com/v1alpha1 SealedSecret',
  'argoproj.io/v1alpha1 Application',
  'viaduct.ai/v1 ksops',
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding',
  'apiserver.config.k8s.io/v1 EncryptionConfiguration',
  'v1 Secret',
];
const KEYS = fc.constantFrom(
  ...'spec,metadata,data,stringData,name,namespace,path,resources,sourceRef,decryption,provider,providers,secretRef,secretGenerator,files,envs,patches,target,template,annotations,encryptedData,conditions,namespaceRegexes,roleRef,subjects,source,helm,valueFiles,remoteRef,version,__proto__,constructor,0'.split(
    ',',
  ),
);
const SCALARS = fc.oneof(
  fc.constantFrom('.', '..', './a', '../../..', 'sops', 'true', '0', '$(X)', '(((((', '[a-', '*a'),
  fc.constantFrom('secrets://$ref/a', '<path:', '<path:a>', 'ENC[AES256_GCM,', '=', 'a=', '\0'),
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    SCALARS,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(KEYS, tie('value'), { maxKeys: 5 }),
  ),
}));
const MANIFEST = fc
  .tuple(fc.constantFrom(...KINDS), fc.dictionary(KEYS, value, { maxKeys: 6 }))
  .map(([type, fields]) => {
    const [apiVersion, kind] = type.split(' ');
    return JSON.stringify({ apiVersion, kind, ...fields });
  });
const PATH = fc.constantFrom('a/x.yaml', 'a/kustomization.yaml', 'kustomization.yaml', 'b.json');

describe('manifests of any shape', () => {
  it('are judged without an error of ours', () => {
    const files = fc.uniqueArray(fc.tuple(PATH, MANIFEST), { selector: ([path]) => path });
    fc.assert(
      fc.property(files, (all) => {
        const found = judge(all.map(([path, text]) => source(path, text)));
        for (const { range } of found) expect(range?.startLine ?? 1).toBeGreaterThan(0);
      }),
    );
  });

  it('may refer to themselves', () => {
    const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n';
    const found = judge([
      source('a.yaml', `${flux}spec: &s\n  path: *s\n  decryption: &d [*d]\n`),
      source('b.yaml', `${flux}metadata: &m {name: *m}\nspec: {path: ./a, sourceRef: [*m]}\n`),
    ]);
    expect(found.every(({ severity }) => severity !== 'error')).toBe(true);
  });
});

describe('folders that include each other', () => {
  const FLUX = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: a, namespace: flux-system }
spec: { path: ./f0, sourceRef: { kind: GitRepository, name: flux-system } }
`;

  it('end, however their names grow', () => {
    const ring = Array.from({ length: 50 }, (_, i) =>
      source(`f${i}/kustomization.yaml`, `namePrefix: p${i}-\nresources: [../f${(i + 1) % 50}]\n`),
    );
    expect(judge([source('flux.yaml', FLUX), ...ring])).toEqual([]);
  });

  it('cost in line with their number', () => {
    const cost = (n: number) => {
      const sources = [
        source('base/kustomization.yaml', `resources: [${names(n, (i) => `s${i}.yaml`)}]\n`),
        ...range(n).map((i) => source(`base/s${i}.yaml`, `apiVersion: v1\nkind: ConfigMap\n`)),
        ...range(n).map((i) => source(`f${i}/kustomization.yaml`, overlay(i))),
        ...range(n).map((i) => source(`flux/${i}.yaml`, FLUX.replace('f0', `f${i}`))),
      ];
      const started = process.cpuUsage();
      judge(sources);
      return process.cpuUsage(started).user;
    };
    cost(100);
    const small = cost(300);
    // Generous: a quadratic cost shows as 16 times, and other work runs beside this test.
    expect(cost(1200)).toBeLessThan(small * 9 + 200_000);
  });
});

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const names = (n: number, name: (i: number) => string) => range(n).map(name).join(', ');
const overlay = (i: number) => `namespace: n${i}\nresources: [../base]\n`;

describe('rules', () => {
  it('have an example, a fix and directories of examples each', () => {
    const shown = new Set(
      listExamples().flatMap(({ name, bad }) => (bad ? name.split('/')[0] : [])),
    );
    for (const [id, { example, why, fix }] of Object.entries(DEPLOY_INFOS)) {
      expect(id).toMatch(/^deploy\/[a-z-]+$/);
      expect(
        [example, why, fix].every((text) => text.length > 10),
        id,
      ).toBe(true);
      expect(shown, id).toContain(id.slice('deploy/'.length));
    }
  });
});
