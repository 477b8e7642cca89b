import { forbidden, StatusError } from '@kubephant/api';
import type { Container, Pod, PodSpec } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes } from '@kubephant/serving';
import { isCore, refuse } from '../refuse';
import { aggregate } from '../several';

const always = 'Always';

/** Nobody uses an image that is on a node already and that he could not pull. */
export const alwaysPullImages: AdmissionPlugin = {
  name: 'AlwaysPullImages',
  handles: (info, operation) => isCore(info, 'pods') && (operation === 'CREATE' || operation === 'UPDATE'),
  async admit(attributes) {
    if (isOfOldImages(attributes)) return;
    const { spec } = attributes.object as unknown as Pod;
    for (const [container] of containersIn(spec)) container.imagePullPolicy = always;
    for (const { image } of spec.volumes ?? []) if (image) image.pullPolicy = always;
  },
  async validate(attributes) {
    if (isOfOldImages(attributes)) return;
    const { spec } = attributes.object as unknown as Pod;
    const given = [
      ...containersIn(spec).map(([{ imagePullPolicy }, path]) => [`${path}.imagePullPolicy`, imagePullPolicy] as const),
      ...(spec.volumes ?? []).flatMap(({ image }, index) =>
        image ? [[`spec.volumes[${index}].image.pullPolicy`, image.pullPolicy] as const] : [],
      ),
    ];
    const problems = given.flatMap(([path, policy = '']) =>
      policy === always ? [] : [`${path}: Unsupported value: ${JSON.stringify(policy)}: supported values: "${always}"`],
    );
    if (problems.length === 0) return;
    const texts = problems.map((problem) => refuse(attributes, problem).message);
    const { status } = forbidden({ group: '', resource: 'pods' }, attributes.object?.metadata.name ?? '', '');
    throw StatusError.fromStatus({ ...status, message: aggregate(texts) });
  },
};

/** All containers, each with where it is. */
const containersIn = (spec: PodSpec): readonly (readonly [Container, string])[] =>
  (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index) => [container, `spec.${list}[${index}]`] as const),
  );

/** An update that brings no new image needs no new look. */
function isOfOldImages({ operation, object, old }: Attributes): boolean {
  if (operation !== 'UPDATE') return false;
  const imagesOf = (pod: Pod): readonly (string | undefined)[] => containersIn(pod.spec).map(([{ image }]) => image);
  const before = new Set(imagesOf(old as unknown as Pod));
  return imagesOf(object as unknown as Pod).every((image) => before.has(image));
}
