// What `load` gives: the linter over a compiled module. Every session is an instance of its own, with a memory of its own.
import { instantiate } from "./core.js";

/** How often one question may be asked again after a rule or a file was left out. */
const MOST_RESTARTS = 16;

/** A fault of ours: something in the linter has panicked. The session goes on, and can be asked again. */
export class PlimsollError extends Error {
  constructor(message, during, file) {
    super(message);
    this.name = "PlimsollError";
    this.during = during;
    this.file = file;
  }
}

/** The linter, made of a module and of the pages that are kept beside it. */
export function made(module, pages = { rules: {}, leftOut: {} }) {
  const about = (question) => JSON.parse(new Instance(module).core.about(JSON.stringify(question)));
  const { version, rules: count } = about({ ask: "version" });
  let rules;
  return Object.freeze({
    version,
    ruleCount: count,
    module,
    rules: () => (rules ??= about({ ask: "rules" })),
    explain: (name) => {
      name = wellFormed(String(name), "the name").trim();
      const leftOut = of(pages.leftOut, name.toLowerCase());
      if (leftOut) return { rules: [], leftOut: { ...leftOut } };
      const { rules } = about({ ask: "explain", name });
      return { rules: rules.map((rule) => ({ ...rule, markdown: whole(rule.markdown, pages) })), leftOut: null };
    },
    session: (setup) => new Session(module, pages, setup),
    lint: (files, setup) => {
      const session = new Session(module, pages, setup);
      try {
        for (const [path, content] of entriesOf(files)) {
          session.set(path, content);
        }
        return session.report();
      } finally {
        session.free();
      }
    },
  });
}

/** An instance of the module, and what it said when it died. */
class Instance {
  constructor(module) {
    this.panic = undefined;
    this.core = instantiate(module, (message, during, file) => {
      this.panic = { message, during, file };
    });
  }
}

class Session {
  #module;
  #pages;
  #instance;
  #core;
  #setup;
  #files = new Map();
  /** What panicked, and is left out since: rules by name, files by path. */
  #rules = new Map();
  #left = new Map();

  constructor(module, pages, setup = {}) {
    this.#module = module;
    this.#pages = pages;
    this.#setup = checked(setup);
    this.#start();
  }

  /** Puts a file under a path: its text, its bytes, or `null` where it is enough that it is there. */
  set(path, content) {
    path = wellFormed(String(path), "a path");
    if (typeof content === "string") {
      content = wellFormed(content, path);
    } else if (content instanceof ArrayBuffer) {
      content = new Uint8Array(content);
    } else if (content !== null && !(content instanceof Uint8Array)) {
      throw new TypeError(`${path}: neither text nor bytes nor null`);
    }
    this.#alive();
    this.#files.set(path, content);
    // Another text may do better.
    if (this.#left.delete(path)) {
      this.#restart();
    } else {
      this.#guarded(() => put(this.#core, path, content), true);
    }
  }

  /** Takes a file away. */
  delete(path) {
    path = String(path);
    this.#alive();
    this.#left.delete(path);
    if (this.#files.delete(path)) {
      this.#guarded(() => this.#core.remove(path), true);
    }
  }

  /** Gives a file another path. */
  rename(from, to) {
    if (!this.#files.has(from)) {
      throw new Error(`${from}: no such file`);
    }
    const content = this.#files.get(from);
    this.delete(from);
    this.set(to, content);
  }

  /** The paths of all files. */
  paths() {
    return [...this.#files.keys()].sort();
  }

  /** The text of a file; undefined where there is none. */
  text(path) {
    const content = this.#files.get(path);
    return typeof content === "string" ? content : undefined;
  }

  /** Has other options count from now on. */
  configure(setup) {
    setup = checked(setup);
    this.#alive();
    this.#core.configure(this.#told(setup));
    this.#setup = setup;
  }

  report() {
    const report = this.#ask({ ask: "report" });
    for (const failure of [...this.#rules.values(), ...this.#left.values()]) {
      report.failures.push(failure);
    }
    return report;
  }

  findings(file) {
    return this.#ask({ ask: "findings", file: String(file) });
  }

  hover(file, offset) {
    const hover = this.#ask({ ask: "hover", file: String(file), offset: counted(offset) });
    return hover && { ...hover, parts: hover.parts.map((part) => whole(part, this.#pages)) };
  }

  facts(file) {
    return this.#ask({ ask: "facts", file: String(file) });
  }

  definitions(file, offset) {
    return this.#ask({ ask: "definitions", file: String(file), offset: counted(offset) });
  }

  references(file, offset) {
    return this.#ask({ ask: "references", file: String(file), offset: counted(offset) });
  }

  effectiveProject(file) {
    return this.#ask({ ask: "effective", file: String(file) });
  }

  fixAll({ file, atLeast } = {}) {
    return this.#ask({ ask: "fixAll", file, atLeast });
  }

  fixed(finding, fix = 0) {
    return this.#ask({ ask: "fixed", file: finding.file, fingerprint: finding.fingerprint, fix: counted(fix) });
  }

  accept(finding, reason, { wholeFile = false } = {}) {
    reason = wellFormed(String(reason), "the reason");
    return this.#ask({ ask: "accept", file: finding.file, fingerprint: finding.fingerprint, reason, wholeFile })[0];
  }

  baseline() {
    return JSON.stringify(this.#ask({ ask: "baseline" }), null, 2) + "\n";
  }

  /** Lets go of the memory. */
  free() {
    this.#files.clear();
    this.#instance = this.#core = undefined;
  }

  get memory() {
    return this.#core === undefined ? 0 : this.#instance.core.ownMemory().buffer.byteLength;
  }

  #alive() {
    if (this.#core === undefined) {
      throw new Error("the session was freed");
    }
  }

  #told(setup) {
    return JSON.stringify({ ...setup, leftOut: [...this.#rules.keys()] });
  }

  #start() {
    this.#instance = new Instance(this.#module);
    this.#core = new this.#instance.core.Core(this.#told(this.#setup));
    for (const [path, content] of this.#files) {
      put(this.#core, path, this.#left.has(path) ? null : content);
    }
  }

  #restart() {
    // Nothing of what is dead is to be called again, not even to be freed.
    this.#core?.__destroy_into_raw();
    this.#start();
  }

  #ask(question) {
    this.#alive();
    const json = JSON.stringify(question);
    return this.#guarded(() => JSON.parse(this.#core.ask(json)), false);
  }

  /** Does something. When the instance dies of it, another one takes its place, without what it died of. */
  #guarded(work, isDoneByRestart) {
    for (let tries = 0; ; tries += 1) {
      try {
        return work();
      } catch (error) {
        if (!isDeath(error)) {
          throw error;
        }
        const died = this.#instance.panic ?? this.#overflowed(error);
        const isKnown = this.#leaveOut(died);
        this.#restart();
        if (isKnown && tries < MOST_RESTARTS) {
          if (isDoneByRestart) {
            return undefined;
          }
          continue;
        }
        const place = [died.during && `in ${died.during}`, died.file && `at ${died.file}`].filter(Boolean).join(" ");
        throw new PlimsollError(`internal error${place && ` ${place}`}: ${died.message}`, died.during, died.file);
      }
    }
  }

  /** What was at work when the stack or the memory came to its end, of which nobody hears. */
  #overflowed(error) {
    let work = { during: "", file: "" };
    try {
      work = JSON.parse(this.#instance.core.atWork());
    } catch {
      // It is as dead as that.
    }
    return { message: error.message, ...work };
  }

  /** Leaves out the rule that panicked, or the file where it was none. Whether that can help. */
  #leaveOut({ message, during, file }) {
    const failure = { file, during, message };
    const isRule = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(during) && during !== "reading";
    if (isRule && !this.#rules.has(during)) {
      this.#rules.set(during, failure);
      return true;
    }
    if (this.#files.has(file) && this.#files.get(file) !== null && !this.#left.has(file)) {
      this.#left.set(file, failure);
      return true;
    }
    return false;
  }
}

if (Symbol.dispose) {
  Session.prototype[Symbol.dispose] = Session.prototype.free;
}

/** A text after edits, as they come in a fix: those of other files are passed by. */
export function applyEdits(text, edits, file) {
  const own = edits.filter((edit) => file === undefined || edit.file === file);
  own.sort((a, b) => b.span.start - a.span.start || b.span.end - a.span.end);
  for (const { span, text: inserted } of own) {
    text = text.slice(0, span.start) + inserted + text.slice(span.end);
  }
  return text;
}

function put(core, path, content) {
  if (typeof content === "string") {
    core.set(path, content);
  } else if (content === null) {
    core.setPresent(path);
  } else {
    core.setBytes(path, content);
  }
}

function entriesOf(files) {
  return files instanceof Map ? files.entries() : Object.entries(files);
}

/** Options as they are sent, so that what is no JSON is said here. */
function checked(setup) {
  const { options, configuration, today, root } = setup ?? {};
  return JSON.parse(JSON.stringify({ options, configuration, today, root }));
}

/** A trap, or a stack that came to its end: the memory may be in any state. */
function isDeath(error) {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** What stands under a name. */
function of(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** A text with what pages say in the place of their marks: after a heading all of it, elsewhere why the rule is there. */
function whole(text, pages) {
  return text.replace(/(## Why\n)?\x01([^\x01]*)\x01/g, (_, isPage, name) => {
    const page = of(pages.rules, name) ?? "";
    return isPage ? page : (/^## Why\n([^]*?)(?:\n## |$(?![^]))/m.exec(page)?.[1].trim() ?? "");
  });
}

function counted(number) {
  if (!Number.isSafeInteger(number) || number < 0 || number > 0xffffffff) {
    throw new TypeError(`${number}: no offset`);
  }
  return number;
}

/** Text that can be UTF-8: half a surrogate pair cannot, and would be replaced without a word. */
function wellFormed(text, name) {
  const at = text.isWellFormed?.() === true ? -1 : text.search(LONE);
  if (at >= 0) {
    throw new TypeError(`${name}: not text: half of a surrogate pair at offset ${at}, which has no UTF-8`);
  }
  return text;
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
