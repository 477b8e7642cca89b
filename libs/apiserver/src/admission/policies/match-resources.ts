import type { MatchResources } from '@kubephant/schema';
import type { Form, WriteAttributes } from '../attributes';
import { newRequestMatcher, type RequestMatcher } from '../matching/criteria';
import type { Objects } from '../objects';

/** Without rules a policy or binding is about all requests. */
export function matcherOf(criteria: MatchResources = {}): RequestMatcher {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy, namespaceSelector, objectSelector } = criteria;
  return newRequestMatcher({
    excludeRules: excludeResourceRules,
    ...(resourceRules.length > 0 && { rules: resourceRules }),
    ...(matchPolicy !== undefined && { matchPolicy }),
    ...(namespaceSelector && { namespaceSelector }),
    ...(objectSelector && { objectSelector }),
  });
}

/** The form in which a policy or binding is about the request; undefined: it is not. */
export async function matchingForm(
  matcher: RequestMatcher,
  attributes: WriteAttributes,
  objects: Objects,
): Promise<Form | undefined> {
  const form = matcher.formFor(attributes);
  return form && (await matcher.inNamespace(attributes, objects)) ? form : undefined;
}
