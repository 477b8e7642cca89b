/** io.k8s.api.autoscaling.v2. Notation: see ../notation.ts. */
export const autoscalingV2 = `
ContainerResourceMetricSource
  name      string       1 required go=v1.ResourceName
  target    MetricTarget 2 required
  container string       3 required

ContainerResourceMetricStatus
  name      string            1 required go=v1.ResourceName
  current   MetricValueStatus 2 required
  container string            3 required

CrossVersionObjectReference
  kind       string 1 required
  name       string 2 required
  apiVersion string 3

ExternalMetricSource
  metric MetricIdentifier 1 required
  target MetricTarget     2 required

ExternalMetricStatus
  metric  MetricIdentifier  1 required
  current MetricValueStatus 2 required

HPAScalingPolicy
  type          string 1 required go=v2.HPAScalingPolicyType
  value         int32  2 required
  periodSeconds int32  3 required

HPAScalingRules
  stabilizationWindowSeconds *int32             3
  selectPolicy               *string            1 go=v2.ScalingPolicySelect
  policies                   *[]HPAScalingPolicy 2 list=atomic
  tolerance                  *quantity          4

HorizontalPodAutoscaler kind
  metadata meta.ObjectMeta               1
  spec     HorizontalPodAutoscalerSpec   2 required
  status   HorizontalPodAutoscalerStatus 3

HorizontalPodAutoscalerBehavior
  scaleUp   *HPAScalingRules 1
  scaleDown *HPAScalingRules 2

HorizontalPodAutoscalerCondition
  type               string 1 required go=v2.HorizontalPodAutoscalerConditionType
  status             string 2 required go=v1.ConditionStatus
  lastTransitionTime time   3
  reason             string 4
  message            string 5

HorizontalPodAutoscalerList kind
  metadata meta.ListMeta             1
  items    []HorizontalPodAutoscaler 2 required

HorizontalPodAutoscalerSpec
  scaleTargetRef CrossVersionObjectReference      1 required
  minReplicas    *int32                           2
  maxReplicas    int32                            3 required
  metrics        []MetricSpec                     4 list=atomic
  behavior       *HorizontalPodAutoscalerBehavior 5

HorizontalPodAutoscalerStatus
  observedGeneration *int64                             1
  lastScaleTime      *time                              2
  currentReplicas    int32                              3
  desiredReplicas    int32                              4 required
  currentMetrics     []MetricStatus                     5 always list=atomic
  conditions         []HorizontalPodAutoscalerCondition 6 list=map(type) patch=merge(type)

MetricIdentifier
  name     string              1 required
  selector *meta.LabelSelector 2

MetricSpec
  type              string                         1 required go=v2.MetricSourceType
  object            *ObjectMetricSource            2
  pods              *PodsMetricSource              3
  resource          *ResourceMetricSource          4
  containerResource *ContainerResourceMetricSource 7
  external          *ExternalMetricSource          5

MetricStatus
  type              string                         1 required go=v2.MetricSourceType
  object            *ObjectMetricStatus            2
  pods              *PodsMetricStatus              3
  resource          *ResourceMetricStatus          4
  containerResource *ContainerResourceMetricStatus 7
  external          *ExternalMetricStatus          5

MetricTarget
  type               string    1 required go=v2.MetricTargetType
  value              *quantity 2
  averageValue       *quantity 3
  averageUtilization *int32    4

MetricValueStatus
  value              *quantity 1
  averageValue       *quantity 2
  averageUtilization *int32    3

ObjectMetricSource
  describedObject CrossVersionObjectReference 1 required
  target          MetricTarget                2 required
  metric          MetricIdentifier            3 required

ObjectMetricStatus
  metric          MetricIdentifier            1 required
  current         MetricValueStatus           2 required
  describedObject CrossVersionObjectReference 3 required

PodsMetricSource
  metric MetricIdentifier 1 required
  target MetricTarget     2 required

PodsMetricStatus
  metric  MetricIdentifier  1 required
  current MetricValueStatus 2 required

ResourceMetricSource
  name   string       1 required go=v1.ResourceName
  target MetricTarget 2 required

ResourceMetricStatus
  name    string            1 required go=v1.ResourceName
  current MetricValueStatus 2 required
`;
