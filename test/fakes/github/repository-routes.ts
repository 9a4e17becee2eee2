import { isEnough } from './accounts.ts';
import type { Protection } from './forge-state.ts';
import { page, type Route } from './rest-api.ts';

export const repositoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^$/,
    needs: [],
    handle: ({ repository, caller }) => ({
      status: 200,
      headers: caller.kind === 'user' ? { 'x-oauth-scopes': 'repo' } : {},
      body: {
        name: repository.name,
        full_name: repository.fullName,
        owner: { login: repository.owner },
        default_branch: 'main',
        archived: repository.isArchived,
        // As GitHub does: for what is no user it says nothing of use.
        permissions: {
          admin: false,
          push: caller.kind === 'user' && isEnough(caller.permissions.contents, 'write'),
          pull: caller.kind === 'user',
        },
      },
    }),
  },
  {
    method: 'GET',
    path: /^\/rules\/branches\/(.+)$/,
    needs: [],
    handle: ({ repository, url, parts: [branch = ''] }) =>
      page(url, repository.rulesFor(branch).flatMap(ruleNames)),
  },
  {
    method: 'GET',
    path: /^\/actions\/permissions\/workflow$/,
    needs: [{ administration: 'read' }],
    handle: ({ repository }) => ({
      status: 200,
      body: {
        default_workflow_permissions: 'read',
        can_approve_pull_request_reviews: repository.mayActionsOpenPulls,
      },
    }),
  },
];

function ruleNames(rule: Protection): readonly { readonly type: string }[] {
  const { requiresSignatures, blocksCreations, blocksForcePushes, requiresPullRequest } = rule;
  const types = [
    requiresSignatures === true ? 'required_signatures' : '',
    blocksCreations === true ? 'creation' : '',
    blocksForcePushes === true ? 'non_fast_forward' : '',
    requiresPullRequest === true ? 'pull_request' : '',
  ];
  return types.filter((type) => type !== '').map((type) => ({ type }));
}
