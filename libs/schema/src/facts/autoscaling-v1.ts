/** io.k8s.api.autoscaling.v1. Notation: see ../notation.ts. */
export const autoscalingV1 = `
CrossVersionObjectReference atomic
  kind       string 1 required
  name       string 2 required
  apiVersion string 3

HorizontalPodAutoscaler kind
  metadata meta.ObjectMeta               1
  spec     HorizontalPodAutoscalerSpec   2 required
  status   HorizontalPodAutoscalerStatus 3

HorizontalPodAutoscalerList kind
  metadata meta.ListMeta             1
  items    []HorizontalPodAutoscaler 2 required

HorizontalPodAutoscalerSpec
  scaleTargetRef                 CrossVersionObjectReference 1 required
  minReplicas                    *int32                      2
  maxReplicas                    int32                       3 required
  targetCPUUtilizationPercentage *int32                      4

HorizontalPodAutoscalerStatus
  observedGeneration              *int64 1
  lastScaleTime                   *time  2
  currentReplicas                 int32  3 required
  desiredReplicas                 int32  4 required
  currentCPUUtilizationPercentage *int32 5

Scale kind
  metadata meta.ObjectMeta 1
  spec     ScaleSpec       2
  status   ScaleStatus     3

ScaleSpec
  replicas int32 1 default=0

ScaleStatus
  replicas int32  1 required
  selector string 2
`;
