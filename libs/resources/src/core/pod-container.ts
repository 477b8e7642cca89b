import { badRequest } from '@kubephant/api';
import type { Pod } from '@kubephant/schema';
import { containersOf } from '../pod-spec/defaults';

const listed = (containers: readonly { readonly name: string }[]): string =>
  `[${containers.map(({ name }) => name).join(' ')}]`;

/** The container that is meant: the named one, or the only one. Throws BadRequest when that is none or many. */
export function chooseContainer({ metadata, spec }: Pod, wanted: string): string {
  if (wanted !== '') {
    if (containersOf(spec).some(({ name }) => name === wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${metadata.name}`);
  }
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const [only, ...others] = containers;
  if (only && others.length === 0) return only.name;
  const choices = [
    containers.length > 0 && `, choose one of: ${listed(containers)}`,
    initContainers.length > 0 && ` or one of the init containers: ${listed(initContainers)}`,
    ephemeralContainers.length > 0 && ` or one of the ephemeral containers: ${listed(ephemeralContainers)}`,
  ];
  const text = choices.filter(Boolean).join('');
  throw badRequest(`a container name must be specified for pod ${metadata.name}${text}`);
}
