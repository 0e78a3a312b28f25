// What becomes of a session whose module dies: the JavaScript of the package over a module that dies as a panic, a stack that came to its
// end and a full memory would have it. node tests/e2e/wasm/panics.mjs PACKAGE
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const packaged = path.resolve(process.argv[2]);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "plimsoll-panics-"));
fs.copyFileSync(path.join(packaged, "session.js"), path.join(folder, "session.js"));
fs.writeFileSync(path.join(folder, "package.json"), '{"type": "module"}');
fs.writeFileSync(path.join(folder, "core.js"), `
export let made = 0;
export function instantiate(module, panicked) {
  made += 1;
  let dead = false;
  const alive = () => { if (dead) throw new WebAssembly.RuntimeError("unreachable"); };
  const die = (message, during, file) => { dead = true; if (during !== undefined) panicked(message, during, file); throw new WebAssembly.RuntimeError("unreachable"); };
  return {
    about: () => '{"version": "0", "rules": 1}',
    atWork: () => JSON.stringify({ during: "planning the build", file: "deep" }),
    Core: class {
      files = new Map();
      constructor(setup) { this.leftOut = JSON.parse(setup).leftOut; }
      configure(setup) { alive(); this.leftOut = JSON.parse(setup).leftOut; }
      set(path, text) { alive(); this.files.set(path, text); }
      setPresent(path) { alive(); this.files.set(path, null); }
      setBytes(path) { alive(); this.files.set(path, ""); }
      remove(path) { alive(); this.files.delete(path); }
      __destroy_into_raw() {}
      ask(question) {
        alive();
        if (JSON.parse(question).ask === "never") die("a fault", "", "");
        for (const [path, text] of this.files) {
          if (text === "rule" && !this.leftOut.includes("root-user")) die("index out of bounds", "root-user", path);
          if (text === "step") die("a step", "reading the project", path);
          if (text === "overflow") { dead = true; throw new RangeError("Maximum call stack size exceeded"); }
        }
        return JSON.stringify({ files: [...this.files.keys()], failures: [] });
      }
    },
  };
}`);
const { made } = await import(pathToFileURL(path.join(folder, "session.js")));
const core = await import(pathToFileURL(path.join(folder, "core.js")));
const session = made({}).session();

session.set("good", "x");
session.set("a", "rule");
const first = session.report();
assert.deepEqual(first.failures, [{ file: "a", during: "root-user", message: "index out of bounds" }]);
assert.deepEqual(first.files, ["good", "a"], "all files are there again");
const before = core.made;
session.report();
assert.equal(core.made, before, "what was left out is not tried again");
console.log("ok: a rule that panics is left out, and told");

session.set("b", "step");
const second = session.report();
assert.deepEqual(second.failures.map((it) => [it.during, it.file]), [["root-user", "a"], ["reading the project", "b"]]);
session.set("b", "better");
assert.equal(session.report().failures.length, 1, "another text is tried");
console.log("ok: a file that panics is left out until it is another one");

session.set("deep", "overflow");
assert.deepEqual(session.report().failures.at(-1), { file: "deep", during: "planning the build", message: "Maximum call stack size exceeded" });
session.delete("deep");
session.set("later", "x");
assert.deepEqual(session.report().files, ["good", "a", "b", "later"]);
console.log("ok: a stack that comes to its end");

session.set("c", "step");
session.report();
session.rename("c", "d");
assert.ok(session.report().failures.some((it) => it.file === "d"));
fs.rmSync(folder, { recursive: true, force: true });
