import { dns1123Label, dns1123Subdomain } from '@kubephant/api';
import { invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

const maxDomainBytes = 253;
/** A domain, a slash, and a label of a resource's name before a subdomain. */
const maxBytes = 571;

const notQualified = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
const tooFewParts = 'should be a domain with at least two segments separated by dots';

type Rule = (label: string) => readonly string[];

/** Of the labels of a segment only the first that is wrong is told. */
function validateLabels(segment: string, path: Path, rule: Rule): Causes {
  const label = segment.split('.').find((each) => rule(each).length > 0);
  if (label === undefined) return none;
  return rule(label).map((detail) =>
    invalidValue(path, segment, `validating label ${JSON.stringify(label)}: ${detail}`),
  );
}

/** `example.com/signer-name`: whoever signs, by domain and path. */
export function validateSignerName(name: string | undefined, path: Path): Causes {
  if (!name) return [required(path)];
  const [domain = '', rest, ...others] = name.split('/');
  if (rest === undefined || others.length > 0) return [invalidValue(path, name, notQualified)];
  return [
    ...when(domain.length > maxDomainBytes, () => tooLongValue(path, maxDomainBytes)),
    ...validateLabels(domain, path, dns1123Label),
    ...(domain.includes('.') ? none : [invalidValue(path, domain, tooFewParts)]),
    ...validateLabels(rest, path, (label) => dns1123Subdomain(label)),
    ...when(name.length > maxBytes, () => tooLongValue(path, maxBytes)),
  ];
}
