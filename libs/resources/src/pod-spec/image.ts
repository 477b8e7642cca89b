const digest = /@[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-f]{32,}$/i;
const path = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const domain = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d+)?$/;
/** Of the whole name: with domain, without tag and digest. */
const maxName = 255;
const tagPattern = /^[\w][\w.-]{0,127}$/;

function splitTag(reference: string): { readonly name: string; readonly tag: string | undefined } {
  const colon = reference.lastIndexOf(':');
  if (colon < 0 || reference.indexOf('/', colon) >= 0) return { name: reference, tag: undefined };
  return { name: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

function isName(name: string): boolean {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasDomain = slash > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  return hasDomain ? domain.test(first) && path.test(name.slice(slash + 1)) : path.test(name);
}

/**
 * Whether an image reference means "whatever is newest" (distribution reference grammar): tag `latest`, or neither tag
 * nor digest. What cannot be parsed does not.
 */
export function isLatest(image: string): boolean {
  const hasDigest = digest.test(image);
  const { name, tag } = splitTag(image.replace(digest, ''));
  if (name.length > maxName || !isName(name) || (tag !== undefined && !tagPattern.test(tag))) return false;
  return tag === 'latest' || (tag === undefined && !hasDigest);
}
