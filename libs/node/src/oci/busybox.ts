import { ociArchive, type ImageFile, type OciImage } from './oci-archive';

/** The applets that busybox images link; each is a name under /bin. */
const applets =
  'sh ash cat echo ls ps sleep true false env id hostname date head tail grep sed awk cut tr sort uniq wc find xargs ' +
  'mkdir rm cp mv ln touch chmod chown stat df du mount umount kill killall test expr seq printf tee sync uname ' +
  'whoami nc httpd wget nslookup ping ip ifconfig netstat route traceroute vi less more tar gzip gunzip md5sum ' +
  'sha256sum base64 od hexdump dd mktemp readlink realpath basename dirname which time timeout watch top free ' +
  'uptime usleep yes nproc pgrep pkill stty tty setsid nohup';

/** `/bin` of an image that has busybox and nothing else, with the accounts and directories programs expect. */
export function busyboxFiles(busybox: Uint8Array): ImageFile[] {
  return [
    { path: '/bin/busybox', content: busybox, mode: 0o755 },
    ...applets.split(' ').map((applet) => ({ path: `/bin/${applet}`, link: 'busybox' })),
    { path: '/etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' },
    { path: '/etc/group', content: 'root:x:0:\nnogroup:x:65534:\n' },
    { path: '/tmp', directory: true, mode: 0o1777 },
    { path: '/root', directory: true, mode: 0o700 },
    { path: '/proc', directory: true },
    { path: '/sys', directory: true },
    { path: '/dev', directory: true },
    { path: '/var/run', directory: true },
  ];
}

/** A busybox image; `files` come after busybox' own and may replace them. */
export function busyboxArchive(busybox: Uint8Array, image: Omit<OciImage, 'files'> & Partial<OciImage>): Buffer {
  return ociArchive({ cmd: ['sh'], ...image, files: [...busyboxFiles(busybox), ...(image.files ?? [])] });
}

/**
 * The image of the container that holds a pod's namespaces. A shell as process 1 reaps what it inherits, and its traps
 * let it go at once: without them the kernel drops the TERM of a process 1.
 */
export function pauseArchive(busybox: Uint8Array, name: string, architecture?: string): Buffer {
  const script = 'trap "exit 0" TERM INT; while :; do sleep 2147483647 & wait $!; done';
  return ociArchive({
    name,
    ...(architecture && { architecture }),
    files: [
      { path: '/bin/busybox', content: busybox, mode: 0o755 },
      { path: '/bin/sh', link: 'busybox' },
      { path: '/bin/sleep', link: 'busybox' },
    ],
    entrypoint: ['/bin/sh', '-c', script],
  });
}
