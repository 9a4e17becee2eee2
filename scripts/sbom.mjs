/**
 * A bill of materials (CycloneDX 1.5) of one program: what is really in its files, which the lock of
 * a workspace does not tell. Without a date or a serial number, so that two builds give the same.
 */
export function sbomOf(packages, { name, version }) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        name,
        version,
        'bom-ref': purl({ name, version }),
        purl: purl({ name, version }),
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components: packages.map((one) => ({
      type: 'library',
      name: one.name,
      version: one.version,
      'bom-ref': purl(one),
      purl: purl(one),
      licenses: [{ license: { id: one.license } }],
    })),
  };
}

const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
