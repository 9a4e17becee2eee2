import { mkdirSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tidelockProgram } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, RECIPIENT_2 } from '../support/workspace.ts';

/** A script as people write them for sops; nothing in it knows of tidelock. */
const SCRIPT = `#!/bin/sh
set -eu
cat > .sops.yaml <<EOF
creation_rules:
  - path_regex: \\.yaml$
    age: ${RECIPIENT_1}
  - age: ${RECIPIENT_1}
EOF
printf 'user: bob\\npassword: hunter2-demo\\nports:\\n    - 80\\n    - 443\\n' > app.yaml
sops -e app.yaml > app.enc.yaml
sops --encrypt --in-place app.yaml
sops -d --extract '["password"]' app.yaml; echo
sops decrypt --extract '["ports"][1]' app.yaml
sops set app.yaml '["password"]' '"changed"'
sops --set '["user"] "eve"' app.yaml
sops -d app.yaml
sops unset app.yaml '["ports"][0]'
sops -d --output-type json app.yaml
sops rotate -i --add-age ${RECIPIENT_2} app.yaml
sops -r -i --rm-age ${RECIPIENT_2} app.yaml
sops filestatus app.yaml; echo
printf 'A=1\\nB=two\\n' | sops encrypt --filename-override x.env > x.env
sops exec-env x.env 'echo "$A-$B"'
sops exec-file x.env 'cat {}'
sops exec-env x.env 'exit 7' || echo "exit $?"
sops decrypt --input-type dotenv --output-type json < x.env
sops updatekeys -y app.yaml 2>/dev/null
EDITOR="sh -c 'printf \\"%s\\\\n\\" \\"user: new\\" > \\$0'" sops app.yaml
sops -d app.yaml
sops -d missing.yaml 2>/dev/null || echo "exit $?"
sops -d 2>/dev/null < app.yaml || echo "exit $?"
sops --version | awk '{print $1, $2}'
`;

export const EXPECTED = `hunter2-demo
443
user: eve
password: changed
ports:
    - 80
    - 443
{
	"user": "eve",
	"password": "changed",
	"ports": [
		443
	]
}
{"encrypted":true}

1-two
A=1
B=two
exit 7
{
	"A": "1",
	"B": "two"
}
user: new
exit 100
exit 100
sops 3.13.3
`;

it('a shell script written for sops runs unchanged with tidelock linked as sops', () => {
  const workspace = makeWorkspace();
  mkdirSync(workspace.path('bin'));
  symlinkSync(tidelockProgram, workspace.path('bin/sops'));
  workspace.write('job.sh', SCRIPT);
  const outcome = workspace.run('/bin/sh', ['job.sh'], {
    env: { PATH: `${workspace.path('bin')}:${workspace.env.PATH}` },
  });
  expect(outcome.stderr.replace(/exit status 7\n?/, '')).toBe('');
  expect(outcome.stdout).toBe(EXPECTED);
  expect(outcome.status).toBe(0);
});
