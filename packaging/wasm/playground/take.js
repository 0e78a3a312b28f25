// Files from a drop, a picker or a ZIP, read here and within bounds.
import { TooLarge, through } from "./link.js";

/** The most that is read at once. A project of text has a thousandth of it. */
export const BOUNDS = { files: 3000, bytes: 24 << 20, text: 1 << 20, zip: 64 << 20, depth: 24 };

/** What no linter of containers reads, and what makes most of a folder. */
const PASSED_BY = /(^|\/)(\.git|\.hg|\.svn|node_modules|__pycache__|\.venv|\.tox|\.terraform)(\/|$)/;

/** What is being taken: files by path, and what was left out. */
export class Taken {
  files = new Map();
  said = [];
  bytes = 0;
  passed = 0;
  isFull = false;

  async add(path, size, read) {
    path = path.replaceAll("\\", "/").replace(/^(\.?\/)+/, "");
    if (!path || path.split("/").some((part) => part === "..")) {
      this.said.push(`${path || "a file without a name"}: left out, since its path leads elsewhere`);
      return;
    }
    if (PASSED_BY.test(path)) {
      this.passed += 1;
      return;
    }
    if (this.files.size >= BOUNDS.files || this.bytes > BOUNDS.bytes) {
      if (!this.isFull) {
        this.said.push(`More than ${BOUNDS.files} files, or ${BOUNDS.bytes >> 20} MB: the rest was left out`);
      }
      this.isFull = true;
      return;
    }
    if (size > BOUNDS.text) {
      this.said.push(`${path}: ${megabytes(size)}, larger than any text that is read here (1 MB); it counts as being there`);
      this.files.set(path, null);
      return;
    }
    try {
      const bytes = await read();
      this.bytes += bytes.length;
      this.files.set(path, content(path, bytes, this.said));
    } catch (error) {
      this.said.push(`${path}: not read: ${error.message}`);
    }
  }

  /** What all paths begin with is the folder that was dropped: its name, taken off. */
  name() {
    const first = [...this.files.keys()][0]?.split("/");
    if (!first || first.length < 2) return undefined;
    const folder = `${first[0]}/`;
    if (![...this.files.keys()].every((path) => path.startsWith(folder))) return undefined;
    this.files = new Map([...this.files].map(([path, content]) => [path.slice(folder.length), content]));
    return first[0];
  }
}

/** A text where it is one; `null` where bytes are none, with a word about those that should be. */
function content(path, bytes, said) {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) {
    said.push(`${path}: UTF-16 text, which Docker does not read; save it as UTF-8`);
    return bytes;
  }
  if (bytes.subarray(0, 65536).includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    said.push(`${path}: not UTF-8 text`);
    return bytes;
  }
}

/** Files of a picker or a drop. */
export async function takeFiles(list) {
  const taken = new Taken();
  for (const file of list) {
    if (/\.zip$/i.test(file.name)) await takeZip(file, taken);
    else await taken.add(file.webkitRelativePath || file.name, file.size, () => bytesOf(file));
  }
  return taken;
}

/** What was dropped: folders are walked. */
export async function takeDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return takeFiles(transfer.files);
  const taken = new Taken();
  const walk = async (entry, depth) => {
    if (taken.isFull || depth > BOUNDS.depth) return;
    const path = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      if (depth === 0 && /\.zip$/i.test(file.name)) await takeZip(file, taken);
      else await taken.add(path, file.size, () => bytesOf(file));
    } else if (entry.isDirectory) {
      if (PASSED_BY.test(`${path}/`)) {
        taken.passed += 1;
        return;
      }
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length || taken.isFull) break;
        for (const one of some) await walk(one, depth + 1);
      }
    }
  };
  for (const entry of entries) await walk(entry, 0);
  return taken;
}

/** The files of a ZIP. What it says of sizes is believed of nothing: what unpacks is counted. */
export async function takeZip(file, taken) {
  if (file.size > BOUNDS.zip) {
    taken.said.push(`${file.name}: ${megabytes(file.size)}, larger than a ZIP that is read here (${BOUNDS.zip >> 20} MB)`);
    return;
  }
  const bytes = await bytesOf(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    for (const entry of directory(view, bytes)) {
      if (taken.isFull) break;
      if (entry.name.endsWith("/")) continue;
      await taken.add(entry.name, entry.size, () => unpacked(view, bytes, entry));
    }
  } catch (error) {
    taken.said.push(`${file.name}: no ZIP that can be read: ${error instanceof RangeError ? "it ends too early" : error.message}`);
  }
}

const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;

function* directory(view, bytes) {
  let end = view.byteLength - 22;
  const least = Math.max(0, end - 0xffff);
  while (end >= least && view.getUint32(end, true) !== END) end -= 1;
  if (end < least || end < 0) throw new Error("it has no directory");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let number = 0; number < count; number += 1) {
    if (view.getUint32(at, true) !== ENTRY) throw new Error("its directory is broken");
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    yield {
      name,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
    };
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

async function unpacked(view, bytes, { flags, method, packed, size, local }) {
  if (flags & 1) throw new Error("it is encrypted");
  if (view.getUint32(local, true) !== LOCAL) throw new Error("the ZIP is broken there");
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > bytes.length) throw new Error("the ZIP ends too early");
  const raw = bytes.slice(start, start + packed);
  if (method === 0) {
    if (raw.length !== size) throw new Error("the ZIP lies about its size");
    return raw;
  }
  if (method !== 8) throw new Error(`packed in a way that is not known here (${method})`);
  try {
    const text = await through(raw, new DecompressionStream("deflate-raw"), BOUNDS.text);
    if (text.length !== size) throw new Error("the ZIP lies about its size");
    return text;
  } catch (error) {
    if (error instanceof TooLarge) throw new Error("it unpacks to more than the ZIP says, and more than 1 MB");
    if (error instanceof TypeError) throw new Error("the ZIP is broken there");
    throw error;
  }
}

async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

function megabytes(size) {
  return `${(size / (1 << 20)).toFixed(1)} MB`;
}
