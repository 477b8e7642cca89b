import type { Descriptions } from './components';

const schema = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const typeTexts = {
  apiVersion: 'The group and version that the form of the object is of.',
  kind: 'The kind that the object is of.',
};

/** What definitions and fields mean that nobody else describes: a schema's, mostly, in the words of JSON Schema. */
export const ownTexts: Descriptions = {
  [`${schema}.CustomResourceSubresourceStatus`]: ['Says that there is a /status subresource; it has no settings.', {}],
  [`${schema}.ExternalDocumentation`]: [
    '',
    { description: 'What is found there.', url: 'Where the documentation is.' },
  ],
  'io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec': ['Nothing: all of it is in the status.', {}],
  'io.k8s.api.scheduling.v1alpha2.BasicSchedulingPolicy': ['Pods are placed one by one, as usual.', {}],
  [`${meta}.GroupResource`]: ['', { group: 'The API group; empty: the core group.', resource: 'The plural name.' }],
  [`${meta}.PartialObjectMetadata`]: ['An object of any kind with nothing but its metadata.', typeTexts],
  [`${meta}.PartialObjectMetadataList`]: [
    'A list of objects of any kind with nothing but their metadata.',
    { ...typeTexts, items: 'The objects.' },
  ],
  'io.k8s.apimachinery.pkg.version.Info': [
    '',
    {
      buildDate: 'When the program was built.',
      compiler: 'What compiled it; empty where nothing is compiled.',
      gitCommit: 'What it was built from.',
      gitTreeState: 'Whether that was changed: clean or dirty.',
      gitVersion: 'The version that clients go by.',
      goVersion: 'The version of Go; empty where there is none.',
      platform: 'What it runs on: the system and the processor.',
    },
  ],
  [`${meta}.WatchEvent`]: ['', { type: 'What happened to it: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.' }],
  [`${meta}.Patch`]: ['A change of an object, in the form that the media type names.', {}],
  [`${schema}.JSONSchemaProps`]: [
    '',
    {
      $ref: 'Another schema. Not allowed in the schemas of custom resources.',
      $schema: 'The dialect of the schema.',
      allOf: 'All of these schemas have to hold.',
      anyOf: 'At least one of these schemas has to hold.',
      definitions: 'Schemas to refer to. Not allowed in the schemas of custom resources.',
      dependencies: 'What has to be there when a field is. Not allowed in the schemas of custom resources.',
      description: 'What the field means; kubectl explain prints it.',
      enum: 'The values there are.',
      exclusiveMaximum: 'Whether the maximum itself is too much.',
      exclusiveMinimum: 'Whether the minimum itself is too little.',
      id: 'The name of the schema. Not allowed in the schemas of custom resources.',
      maxItems: 'The most items a list may have.',
      maxLength: 'The most characters a text may have.',
      maxProperties: 'The most fields an object may have.',
      maximum: 'The largest number allowed.',
      minItems: 'The fewest items a list may have.',
      minLength: 'The fewest characters a text may have.',
      minProperties: 'The fewest fields an object may have.',
      minimum: 'The smallest number allowed.',
      multipleOf: 'What numbers have to be multiples of.',
      nullable: 'Whether null is a value; without it null is dropped and the default takes its place.',
      oneOf: 'Exactly one of these schemas has to hold.',
      pattern: 'A regular expression that a text has to match somewhere.',
      patternProperties: 'Fields by expressions for their names. Not allowed in the schemas of custom resources.',
      properties: 'The fields of an object, by name.',
      required: 'Names of the fields that have to be there.',
      title: 'A short name of the schema.',
      type: 'object, array, string, integer, number or boolean.',
      uniqueItems: 'Whether items have to differ. Only false is allowed in the schemas of custom resources.',
      'x-kubernetes-embedded-resource': 'The value is an object with apiVersion, kind and metadata of its own.',
      'x-kubernetes-int-or-string': 'The value is an integer or a text.',
      'x-kubernetes-list-map-keys': 'The fields that together tell items of a list of type map apart.',
      'x-kubernetes-list-type': 'How lists are merged: atomic (as a whole), set (by value) or map (by keys).',
      'x-kubernetes-map-type': 'How objects are merged: granular (field by field) or atomic (as a whole).',
      'x-kubernetes-preserve-unknown-fields': 'Whether fields that the schema does not name are kept.',
      'x-kubernetes-validations': 'Rules in CEL that have to hold.',
    },
  ],
};

/** Descriptions with ours where there are none. */
export function withOwnTexts(descriptions: Descriptions): Descriptions {
  const own = Object.entries(ownTexts).map(([name, [text, fields]]) => {
    const [known = '', knownFields = {}] = descriptions[name] ?? [];
    return [name, [known || text, { ...fields, ...knownFields }]] as const;
  });
  return { ...descriptions, ...Object.fromEntries(own) };
}
