/** @param home the folder that stands in for the user's home */
export function exampleEnvironment(
  home: string,
  env?: Readonly<Record<string, string | undefined>>,
): Record<string, string>;
