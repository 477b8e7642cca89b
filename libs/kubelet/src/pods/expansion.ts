/**
 * Replaces `$(NAME)` by the value of NAME, `$$` by `$`, and leaves references to unknown names as they are
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/).
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (values.get(name) ?? reference),
  );
}
