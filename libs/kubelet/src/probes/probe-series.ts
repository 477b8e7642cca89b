import type { KubeletMetrics } from '../metrics/kubelet-metrics';
import type { ProbeSubject } from './probe-worker';

/** What metrics say of one probe of one container; they end with the probe, or there would be ever more of them. */
export interface ProbeSeries {
  /** `ok` undefined: it could not be asked. */
  count(subject: ProbeSubject, ok: boolean | undefined, seconds: number): void;
  remove(): void;
}

const results = { true: 'successful', false: 'failed', undefined: 'unknown' } as const;

export function newProbeSeries(
  title: string,
  { probes, probeSeconds }: Pick<KubeletMetrics, 'probes' | 'probeSeconds'>,
): ProbeSeries {
  let last: ProbeSubject | undefined;
  const labelsOf = ({ pod, container }: ProbeSubject) => ({
    probe_type: title,
    container: container.spec.name,
    pod: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
  });
  return {
    count(subject, ok, seconds) {
      last = subject;
      const labels = labelsOf(subject);
      probes.inc({ ...labels, pod_uid: subject.pod.metadata.uid, result: results[`${ok}`] });
      probeSeconds.observe(labels, seconds);
    },
    remove() {
      if (!last) return;
      const labels = labelsOf(last);
      for (const result of Object.values(results)) probes.remove({ ...labels, pod_uid: last.pod.metadata.uid, result });
      probeSeconds.remove(labels);
    },
  };
}
