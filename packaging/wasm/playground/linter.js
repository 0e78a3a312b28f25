// The worker, from the page's side: it is told of files, and asked; when it hangs, another one takes its place.

/** How long a report may take. A text that takes longer is one that nobody types. */
const PATIENCE = 20_000;

export class Linter {
  #worker;
  #files = new Map();
  #setup = {};
  #seq = 0;
  #asked = new Map();
  #number = 0;
  #timer;
  #last;

  /** `tell` hears of everything that the worker says. */
  constructor(address, tell) {
    this.address = address;
    this.tell = tell;
    this.#start();
  }

  begin(files, setup) {
    this.#files = new Map(files);
    this.#setup = setup;
    this.#last = undefined;
    this.#send({ type: "begin", setup, files: [...files] });
  }

  configure(setup) {
    this.#setup = setup;
    this.#send({ type: "configure", setup });
  }

  set(path, content) {
    this.#files.set(path, content);
    this.#last = path;
    this.#send({ type: "edit", files: [[path, content]] });
  }

  change(files, gone) {
    for (const path of gone) this.#files.delete(path);
    for (const [path, content] of files) this.#files.set(path, content);
    this.#last = files.at(-1)?.[0];
    this.#send({ type: "edit", files, gone });
  }

  ask(method, ...args) {
    return new Promise((resolve, reject) => {
      const id = (this.#number += 1);
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ type: "ask", id, method, args });
    });
  }

  #send(message) {
    this.#seq += 1;
    this.#worker.postMessage({ ...message, seq: this.#seq });
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hangs(), PATIENCE);
  }

  #start() {
    this.#worker = new Worker(this.address, { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.tell({ type: "failed", message: event.message || "the linter could not be started" });
    };
  }

  #hear(data) {
    if (data.type === "answer") {
      const waiting = this.#asked.get(data.id);
      this.#asked.delete(data.id);
      if (data.error === undefined) waiting?.resolve(data.value);
      else waiting?.reject(new Error(data.error));
      return;
    }
    if (data.type === "report" || data.type === "crashed" || data.type === "failed") {
      if (data.seq === undefined || data.seq === this.#seq) clearTimeout(this.#timer);
      if (data.seq !== undefined && data.seq < this.#seq) return;
    }
    this.tell(data);
  }

  /** Ends what does not end by itself, and goes on without the text that it was about. */
  #hangs() {
    this.#worker.terminate();
    for (const { reject } of this.#asked.values()) reject(new Error("the linter was stopped"));
    this.#asked.clear();
    const path = this.#last;
    this.#start();
    const files = [...this.#files].map(([name, content]) => [name, name === path || path === undefined ? null : content]);
    this.tell({ type: "hung", path });
    this.#send({ type: "begin", setup: this.#setup, files });
  }
}
