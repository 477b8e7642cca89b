import type { PodTemplate } from '@kubephant/schema';
import { isNewGeneration } from '../apps/template';
import { defineResource, type ResourceDefinition } from '../definition';
import { setTemplateDefaults } from '../pod-spec/defaults';
import { validateTemplate } from '../pod-spec/validate';
import { podWarnings } from '../pod-spec/warnings';
import { containerImages, containerNames, formatLabels, nameColumn, text } from '../print/columns';
import type { Causes } from '../validation/causes';
import { equal } from '../validation/checks';
import { at } from '../validation/path';

const validate = ({ template = {} }: PodTemplate): Causes => validateTemplate(template, at('template'));

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
  generationChanged: (obj, old) => !equal(obj.template, old.template),
  columns: [
    nameColumn,
    text('Containers', 'Names of the containers.', ({ template }) => containerNames(template)),
    text('Images', 'Images of the containers.', ({ template }) => containerImages(template)),
    text('Pod Labels', 'Labels the pods get.', ({ template }) => formatLabels(template?.metadata?.labels)),
  ],
  defaults: ({ template }) => setTemplateDefaults(template),
  strategy: {
    validate,
    validateUpdate: validate,
    warnings: (obj, old) =>
      obj.template && isNewGeneration(obj, old) ? podWarnings(obj.template, at('template')) : [],
  },
});
