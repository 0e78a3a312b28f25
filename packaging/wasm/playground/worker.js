// The linter, off the thread that draws.
import { load } from "@plimsoll/wasm";

let plimsoll;
let session;
let setup = {};
let seq = 0;
let due = false;

const ready = load(new URL("plimsoll.wasm", self.location.href)).then(
  (loaded) => {
    plimsoll = loaded;
    session = plimsoll.session(setup);
    postMessage({ type: "ready", version: plimsoll.version, rules: plimsoll.ruleCount });
  },
  (error) => postMessage({ type: "failed", message: error.message }),
);

self.onmessage = async ({ data }) => {
  await ready;
  if (!session) return;
  if (data.type === "ask") {
    answer(data);
    return;
  }
  seq = data.seq ?? seq;
  const wrong = [];
  const tried = (work) => {
    try {
      work();
    } catch (error) {
      wrong.push(error.message);
    }
  };
  if (data.type === "begin") {
    session.free();
    setup = data.setup;
    session = plimsoll.session();
    tried(() => session.configure(setup));
  }
  if (data.type === "configure") {
    setup = data.setup;
    tried(() => session.configure(setup));
  }
  for (const path of data.gone ?? []) tried(() => session.delete(path));
  for (const [path, content] of data.files ?? []) tried(() => session.set(path, content));
  if (wrong.length) postMessage({ type: "wrong", messages: wrong });
  if (!due) {
    // What was typed meanwhile is judged together.
    due = true;
    setTimeout(judge, 0);
  }
};

function judge() {
  due = false;
  const started = performance.now();
  try {
    const report = session.report();
    postMessage({ type: "report", seq, report, took: performance.now() - started });
  } catch (error) {
    postMessage({ type: "crashed", seq, message: error.message });
  }
}

function answer({ id, method, args }) {
  try {
    const target = method in plimsoll && method !== "session" ? plimsoll : session;
    postMessage({ type: "answer", id, value: target[method](...args) });
  } catch (error) {
    postMessage({ type: "answer", id, error: error.message });
  }
}
