/** io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1. Notation: see ../notation.ts. */
export const apiextensionsV1 = `
CustomResourceColumnDefinition
  name        string 1 required
  type        string 2 required
  format      string 3
  description string 4
  priority    int32  5
  jsonPath    string 6 required

CustomResourceConversion
  strategy string             1 required go=v1.ConversionStrategyType
  webhook  *WebhookConversion 2

CustomResourceDefinition kind
  metadata meta.ObjectMeta                1
  spec     CustomResourceDefinitionSpec   2 required
  status   CustomResourceDefinitionStatus 3

CustomResourceDefinitionCondition
  type               string 1 required go=v1.CustomResourceDefinitionConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5
  observedGeneration int64  6

CustomResourceDefinitionList kind
  metadata meta.ListMeta              1
  items    []CustomResourceDefinition 2 required

CustomResourceDefinitionNames
  plural     string   1 required
  singular   string   2
  shortNames []string 3 list=atomic
  kind       string   4 required
  listKind   string   5
  categories []string 6 list=atomic

CustomResourceDefinitionSpec
  group                 string                             1 required
  names                 CustomResourceDefinitionNames      3 required
  scope                 string                             4 required go=v1.ResourceScope
  versions              []CustomResourceDefinitionVersion  7 required list=atomic
  conversion            *CustomResourceConversion          9
  preserveUnknownFields bool                              10

CustomResourceDefinitionStatus
  conditions         []CustomResourceDefinitionCondition 1 always list=map(type)
  acceptedNames      CustomResourceDefinitionNames       2
  storedVersions     []string                            3 always list=atomic
  observedGeneration int64                               4

CustomResourceDefinitionVersion
  name                     string                           1 required
  served                   bool                             2 required
  storage                  bool                             3 required
  deprecated               bool                             7
  deprecationWarning       *string                          8
  schema                   *CustomResourceValidation        4
  subresources             *CustomResourceSubresources      5
  additionalPrinterColumns []CustomResourceColumnDefinition 6 list=atomic
  selectableFields         []SelectableField                9 list=atomic

CustomResourceSubresourceScale
  specReplicasPath   string  1 required
  statusReplicasPath string  2 required
  labelSelectorPath  *string 3

CustomResourceSubresourceStatus

CustomResourceSubresources
  status *CustomResourceSubresourceStatus 1
  scale  *CustomResourceSubresourceScale  2

CustomResourceValidation
  openAPIV3Schema *JSONSchemaProps 1

ExternalDocumentation
  description string 1
  url         string 2

JSONSchemaProps
  id                                   string                  1
  $schema                              string                  2 go=v1.JSONSchemaURL
  $ref                                 *string                 3
  description                          string                  4
  type                                 string                  5
  format                               string                  6
  title                                string                  7
  default                              *json                   8
  maximum                              *double                 9
  exclusiveMaximum                     bool                   10
  minimum                              *double                11
  exclusiveMinimum                     bool                   12
  maxLength                            *int64                 13
  minLength                            *int64                 14
  pattern                              string                 15
  maxItems                             *int64                 16
  minItems                             *int64                 17
  uniqueItems                          bool                   18
  multipleOf                           *double                19
  enum                                 []json                 20 list=atomic
  maxProperties                        *int64                 21
  minProperties                        *int64                 22
  required                             []string               23 list=atomic
  items                                *schemaOrList          24
  allOf                                []JSONSchemaProps      25 list=atomic
  oneOf                                []JSONSchemaProps      26 list=atomic
  anyOf                                []JSONSchemaProps      27 list=atomic
  not                                  *JSONSchemaProps       28
  properties                           map:JSONSchemaProps    29
  additionalProperties                 *schemaOrBool          30
  patternProperties                    map:JSONSchemaProps    31
  dependencies                         map:schemaOrStrings    32 go=v1.JSONSchemaDependencies
  additionalItems                      *schemaOrBool          33
  definitions                          map:JSONSchemaProps    34 go=v1.JSONSchemaDefinitions
  externalDocs                         *ExternalDocumentation 35
  example                              *json                  36
  nullable                             bool                   37
  x-kubernetes-preserve-unknown-fields *bool                  38
  x-kubernetes-embedded-resource       bool                   39
  x-kubernetes-int-or-string           bool                   40
  x-kubernetes-list-map-keys           []string               41 list=atomic
  x-kubernetes-list-type               *string                42
  x-kubernetes-map-type                *string                43
  x-kubernetes-validations             []ValidationRule       44 go=v1.ValidationRules list=map(rule) patch=merge(rule)

SelectableField
  jsonPath string 1 required

ServiceReference
  namespace string  1 required
  name      string  2 required
  path      *string 3
  port      *int32  4

ValidationRule
  rule              string  1 required
  message           string  2
  messageExpression string  3
  reason            *string 4 go=v1.FieldValueErrorReason
  fieldPath         string  5
  optionalOldSelf   *bool   6

WebhookClientConfig
  url      *string           3
  service  *ServiceReference 1
  caBundle bytes             2

WebhookConversion
  clientConfig             *WebhookClientConfig 2
  conversionReviewVersions []string             3 required list=atomic
`;
