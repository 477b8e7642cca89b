/** A web server that says its pod's name, several times, behind a node port. */
export function web(replicas: number, nodePort?: number): readonly object[] {
  const labels = { app: 'web' };
  const serve = 'mkdir /www; hostname > /www/index.html; echo serving; exec httpd -f -p 8080 -h /www';
  const container = { name: 'web', image: 'kubephant.local/busybox:1', command: ['sh', '-c', serve] };
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } };
  const port = { port: 80, targetPort: 8080, ...(nodePort !== undefined && { nodePort }) };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas, selector: { matchLabels: labels }, template },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { ...(nodePort !== undefined && { type: 'NodePort' }), selector: labels, ports: [port] },
    },
  ];
}
