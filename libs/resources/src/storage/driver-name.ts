import { dns1123Subdomain } from '@kubephant/api';
import { required, tooLongValue, type Causes } from '../validation/causes';
import { follows, when } from '../validation/checks';
import type { Path } from '../validation/path';

const maxBytes = 63;

/** The name of a driver of volumes or devices: a domain, in any case. */
export function validateDriverName(name: string | undefined, path: Path): Causes {
  if (!name) return [required(path)];
  return [
    ...when(Buffer.byteLength(name) > maxBytes, () => tooLongValue(path, maxBytes)),
    ...follows(name, path, (text) => dns1123Subdomain(text.toLowerCase())),
  ];
}
