// A project in the fragment of an address, which browsers send to nobody: JSON, deflated, in letters that need no escaping.

/** The longest fragment that is made, in characters. Programs that show links cut longer ones off. */
export const LONGEST = 60_000;

/** The largest project that is unpacked, in bytes. A few letters can unpack to anything. */
const LARGEST = 4 << 20;

const MOST_FILES = 200;

/** The fragment of a project: `{files, profile, open}`. Throws with a message where it is too large. */
export async function pack(project) {
  const json = new TextEncoder().encode(JSON.stringify({ v: 1, ...project }));
  const packed = await through(json, new CompressionStream("deflate-raw"));
  const text = toLetters(packed);
  if (text.length > LONGEST) {
    throw new Error(`The project is too large for a link: ${text.length} characters, and ${LONGEST} are the most. Leave out what does not matter.`);
  }
  return `#p=${text}`;
}

/** The project in a fragment; undefined where there is none. Throws with a message where it is broken. */
export async function unpack(fragment) {
  const match = /^#p=([A-Za-z0-9_-]*)$/.exec(fragment);
  if (!match) {
    if (fragment.startsWith("#p=")) throw new Error("This link is broken: it holds letters that are none of ours.");
    return undefined;
  }
  let project;
  try {
    const bytes = await through(fromLetters(match[1]), new DecompressionStream("deflate-raw"), LARGEST);
    project = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TooLarge) throw new Error("This link unpacks to more than 4 MB, and is not opened.");
    throw new Error("This link is broken: perhaps its end was cut off.");
  }
  const files = Object.entries(project?.files ?? {});
  if (project?.v !== 1 || !files.length || files.length > MOST_FILES || !files.every(([, text]) => typeof text === "string")) {
    throw new Error("This link holds no project that this page can read.");
  }
  const isWord = (word) => (typeof word === "string" ? word : undefined);
  return { files, profile: isWord(project.profile), open: isWord(project.open) };
}

export class TooLarge extends Error {}

/** Bytes after a stream, at most so many. */
export async function through(bytes, stream, most = Infinity) {
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => {});
  const reader = stream.readable.getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      reader.cancel().catch(() => {});
      throw new TooLarge();
    }
    parts.push(value);
  }
  await written;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function toLetters(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x2000) text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromLetters(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
