import type { PodTemplate } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { containerImages, containerNames, formatLabels, nameColumn, text } from '../print/columns';

export const podTemplates: ResourceDefinition = defineResource<PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  scope: 'Namespaced',
  names: { plural: 'podtemplates', singular: 'podtemplate' },
  schema: 'io.k8s.api.core.v1.PodTemplate',
  createOnUpdate: true,
  deleteReturnsObject: true,
  generation: true,
  columns: [
    nameColumn,
    text('Containers', 'Names of the containers.', ({ template }) => containerNames(template)),
    text('Images', 'Images of the containers.', ({ template }) => containerImages(template)),
    text('Pod Labels', 'Labels the pods get.', ({ template }) => formatLabels(template?.metadata?.labels)),
  ],
});
