import { StatusError, codeOf, type StatusReason } from '@kubephant/api';
import type { FileInfo, HostFiles, Ownership, ReadableFile } from '../host';

interface Directory {
  readonly type: 'directory';
  readonly entries: Map<string, Node>;
  info: Meta;
}
interface File {
  readonly type: 'file';
  data: Buffer;
  info: Meta;
}
interface Link {
  readonly type: 'symlink';
  readonly target: string;
  info: Meta;
}
type Node = Directory | File | Link;
interface Meta {
  mode: number;
  uid: number;
  gid: number;
  modifiedAtMs: number;
  readonly inode: string;
}

/** Files in memory that behave like a disk's, links included; `append` is for whoever plays the writing process. */
export interface MemoryFiles extends HostFiles {
  append(path: string, data: string | Uint8Array): void;
}

const maxLinks = 40;
const parts = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
const fail = (reason: StatusReason, path: string, what: string): StatusError =>
  new StatusError(reason, `${path}: ${what}`, undefined, { code: codeOf[reason] });
const missing = (path: string): StatusError => fail('NotFound', path, 'no such file or directory');

/** `now` stamps modification times. */
export function newMemoryFiles(now: () => number): MemoryFiles {
  const tree = new Tree(now);
  return {
    stat: async (path) => {
      const node = tree.find(path, false);
      return node && infoOf(node);
    },
    realPath: async (path) => tree.realPath(path),
    makeDirectory: async (path, ownership = {}) => {
      own(tree.makeDirectory(path).info, ownership);
    },
    writeFile: async (path, data, ownership = {}) => {
      const file = tree.file(path);
      own(file.info, ownership);
      file.data = Buffer.from(data);
      file.info.modifiedAtMs = now();
    },
    append: (path, data) => {
      const file = tree.file(path);
      file.data = Buffer.concat([file.data, Buffer.from(data)]);
      file.info.modifiedAtMs = now();
    },
    readFile: async (path, maxBytes) => Buffer.from(tree.existing(path, 'file').data.subarray(0, maxBytes)),
    open: async (path) => readable(tree.existing(path, 'file')),
    list: async (path) => {
      const node = tree.find(path, true);
      return node?.type === 'directory' ? [...node.entries.keys()].sort() : [];
    },
    symlink: async (target, path) => tree.add(path, { type: 'symlink', target, info: tree.meta(0o777) }),
    readLink: async (path) => {
      const node = tree.find(path, false);
      if (node?.type !== 'symlink') throw missing(path);
      return node.target;
    },
    rename: async (from, to) => tree.rename(from, to),
    remove: async (path) => tree.remove(path),
    setGroup: async (path, gid) => {
      for (const node of everything(tree.find(path, true))) node.info.gid = gid;
    },
    compress: async (from, to) => {
      tree.file(to).data = tree.existing(from, 'file').data;
    },
    usage: async (path) => {
      const nodes = [...everything(tree.find(path, false))];
      const usedBytes = nodes.reduce((sum, node) => sum + (node.type === 'file' ? node.data.length : 0), 0);
      return { usedBytes, inodesUsed: nodes.length };
    },
  };
}

class Tree {
  readonly #now: () => number;
  #inodes = 0;
  readonly #root: Directory;

  constructor(now: () => number) {
    this.#now = now;
    this.#root = { type: 'directory', entries: new Map(), info: this.meta(0o755) };
  }

  meta(mode: number): Meta {
    return { mode, uid: 0, gid: 0, modifiedAtMs: this.#now(), inode: String(++this.#inodes) };
  }

  /** Walks to a node; links in the middle are always followed, the last one when `follow`. */
  #walk(path: string, follow: boolean): { node: Node | undefined; real: string } {
    let links = 0;
    let real: string[] = [];
    const ahead = parts(path);
    while (ahead.length > 0) {
      const part = ahead.shift() ?? '';
      const next = part === '..' ? real.slice(0, -1) : [...real, part];
      const node = this.#at(next);
      if (node?.type !== 'symlink' || (!follow && ahead.length === 0)) {
        real = next;
        continue;
      }
      if (++links > maxLinks) throw fail('BadRequest', path, 'too many levels of symbolic links');
      ahead.unshift(...parts(node.target));
      if (node.target.startsWith('/')) real = [];
    }
    return { node: this.#at(real), real: `/${real.join('/')}` };
  }

  #at(names: readonly string[]): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const part of names) node = node?.type === 'directory' ? node.entries.get(part) : undefined;
    return node;
  }

  find(path: string, follow: boolean): Node | undefined {
    return this.#walk(path, follow).node;
  }

  realPath(path: string): string {
    const { node, real } = this.#walk(path, true);
    if (!node) throw missing(path);
    return real;
  }

  existing<T extends Node['type']>(path: string, type: T): Extract<Node, { type: T }> {
    const node = this.find(path, true);
    if (!node) throw missing(path);
    if (node.type !== type) throw fail('BadRequest', path, `not a ${type}`);
    return node as Extract<Node, { type: T }>;
  }

  #parent(path: string): { directory: Directory; name: string } {
    const slash = path.lastIndexOf('/');
    return { directory: this.existing(path.slice(0, slash) || '/', 'directory'), name: path.slice(slash + 1) };
  }

  makeDirectory(path: string): Directory {
    let directory = this.#root;
    let walked = '';
    for (const part of parts(path)) {
      walked += `/${part}`;
      const next = this.find(walked, true) ?? this.#newDirectory(directory, part);
      if (next.type !== 'directory') throw fail('BadRequest', path, 'not a directory');
      directory = next;
    }
    return directory;
  }

  #newDirectory(parent: Directory, name: string): Directory {
    const directory: Directory = { type: 'directory', entries: new Map(), info: this.meta(0o755) };
    parent.entries.set(name, directory);
    return directory;
  }

  /** The file, made empty when it is not there. */
  file(path: string): File {
    if (this.find(path, true)) return this.existing(path, 'file');
    const file: File = { type: 'file', data: Buffer.alloc(0), info: this.meta(0o644) };
    this.add(path, file);
    return file;
  }

  add(path: string, node: Node): void {
    const { directory, name } = this.#parent(path);
    if (directory.entries.has(name)) throw fail('AlreadyExists', path, 'file exists');
    directory.entries.set(name, node);
  }

  rename(from: string, to: string): void {
    const source = this.#parent(from);
    const node = source.directory.entries.get(source.name);
    if (!node) throw missing(from);
    const destination = this.#parent(to);
    source.directory.entries.delete(source.name);
    destination.directory.entries.set(destination.name, node);
  }

  remove(path: string): void {
    if (!this.find(path, false)) return;
    const { directory, name } = this.#parent(path);
    directory.entries.delete(name);
  }
}

function own(meta: Meta, { mode, uid, gid }: Ownership): void {
  Object.assign(meta, mode !== undefined && { mode }, uid !== undefined && { uid }, gid !== undefined && { gid });
}

function infoOf(node: Node): FileInfo {
  return { ...node.info, type: node.type, sizeBytes: node.type === 'file' ? node.data.length : 0 };
}

function readable(file: File): ReadableFile {
  return {
    info: async () => infoOf(file),
    read: async (position, length) => Buffer.from(file.data.subarray(position, position + length)),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function* everything(node: Node | undefined): Generator<Node> {
  if (!node) return;
  yield node;
  if (node.type === 'directory') for (const child of node.entries.values()) yield* everything(child);
}
