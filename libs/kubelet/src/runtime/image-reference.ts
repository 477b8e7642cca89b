const format = 'invalid reference format';
const maxNameLength = 255;
const label = '[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*';
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const reference = new RegExp(`^${domain}/(${component}(?:/${component})*)(?::\\w[\\w.-]{0,127})?(?:@${digest})?$`);

/**
 * Why an image reference cannot be one, in the words upstream has for it; undefined when it can
 * (https://pkg.go.dev/github.com/distribution/reference: the grammar, and how short names are completed).
 */
export function referenceError(image: string): string | undefined {
  if (/^[a-f0-9]{64}$/.test(image)) {
    return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`;
  }
  const { host, rest } = completed(image);
  const [repository = ''] = rest.split(':', 1);
  if (repository.toLowerCase() !== repository) {
    return `${format}: repository name (${repository}) must be lowercase`;
  }
  const [, path] = reference.exec(`${host}/${rest}`) ?? [];
  if (path === undefined) return format;
  return path.length > maxNameLength ? `repository name must not be more than ${maxNameLength} characters` : undefined;
}

/** What comes before the first slash is a registry only when it cannot be anything else. */
function completed(image: string): { readonly host: string; readonly rest: string } {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(0, slash));
  const isHost = first === 'localhost' || /[.:A-Z]/.test(first);
  const host = isHost && first !== 'index.docker.io' ? first : 'docker.io';
  const rest = isHost ? image.slice(slash + 1) : image;
  return { host, rest: host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest };
}
