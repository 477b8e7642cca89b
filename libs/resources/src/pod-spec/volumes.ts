import { dns1123Label, dns1123Subdomain } from '@kubephant/api';
import type { Volume } from '@kubephant/schema';
import { duplicate, forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, when } from '../validation/checks';
import type { Path } from '../validation/path';
import type { Volumes } from './mounts';
import { sourceNames, validateSource } from './volume-sources';

/** The name of the claim that is made for an ephemeral volume. */
const claimName = (podName: string, volume: string): string => `${podName}-${volume}`;

function validateOne(volume: Volume, path: Path, podName: string): Causes {
  const [first, ...others] = sourceNames.filter((name) => volume[name] !== undefined);
  if (!first) return [required(path, 'must specify a volume type')];
  const claim = claimName(podName, volume.name);
  return [
    ...validateSource(volume, first, path),
    ...others.map((name) => forbidden(path.child(name), 'may not specify more than 1 volume type')),
    ...(first === 'ephemeral' && podName && volume.name
      ? dns1123Subdomain(claim).map((detail) =>
          invalidValue(path.child('name'), volume.name, `PVC name ${JSON.stringify(claim)}: ${detail}`),
        )
      : none),
  ];
}

function validateName(name: string, path: Path, taken: ReadonlyMap<string, unknown>): Causes {
  if (!name) return [required(path)];
  const wrong = follows(name, path, dns1123Label);
  return wrong.length > 0 ? wrong : when(taken.has(name), () => duplicate(path, name));
}

/** What is wrong with the volumes, and those that containers may mount: the ones nothing is wrong with. */
export function validateVolumes(
  list: readonly Volume[] | undefined,
  path: Path,
  podName: string,
): { readonly causes: Causes; readonly volumes: Volumes } {
  const volumes = new Map<string, Volume>();
  const causes = each(list, path, (volume, where) => {
    const wrong = [...validateOne(volume, where, podName), ...validateName(volume.name, where.child('name'), volumes)];
    if (wrong.length === 0) volumes.set(volume.name, volume);
    return wrong.length === 0 ? none : wrong;
  });
  return { causes, volumes };
}
