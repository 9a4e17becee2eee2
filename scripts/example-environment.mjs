/**
 * The environment of programs that play in a repository of their own: none of the variables by
 * which Git tells its hooks of the repository that is being committed to, so that a build started
 * by a hook leaves that repository's index alone.
 */
export function exampleEnvironment(home, env = process.env) {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_CONFIG_GLOBAL: '/dev/null', HOME: home };
}
