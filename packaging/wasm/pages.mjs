// What there is to read about the rules is not needed to lint, and a tenth of the module: node packaging/wasm/pages.mjs CORE.js MODULE.wasm OUT.js
// asks a module for it, writes it down as OUT.js, and leaves a mark in its place, which session.js knows.
import fs from "node:fs";
import path from "node:path";

const [core, file, out] = process.argv.slice(2);
const bytes = fs.readFileSync(file);
const { instantiate } = await import(path.resolve(core));
const pages = JSON.parse(instantiate(new WebAssembly.Module(bytes), () => {}).about('{"ask": "pages"}'));

/** Puts something in the place of a text, wherever it stands, and blanks behind it. */
function replace(what, text, other) {
  const [old, put] = [Buffer.from(text), Buffer.from(other)];
  let found = 0;
  for (let at = bytes.indexOf(old); at >= 0; at = bytes.indexOf(old, at + old.length)) {
    put.copy(bytes.fill(" ", at, at + old.length), at);
    found += 1;
  }
  if (!found) throw new Error(`the module does not hold ${what}`);
}

for (const [name, docs] of Object.entries(pages.rules)) {
  const [summary, rest] = docs.split(/\n([^]*)/);
  const mark = `${summary}\n\n## Why\n\x01${name}\x01`;
  if (!summary || Buffer.byteLength(mark) > Buffer.byteLength(docs)) {
    delete pages.rules[name];
    continue;
  }
  replace(`the page of ${name}`, docs, mark);
  pages.rules[name] = rest.replace(/^ /gm, "").trim();
}
replace("the table of other linters", fs.readFileSync(path.join(import.meta.dirname, "../../crates/lint-core/data/other-linters.txt"), "utf8"), "");
fs.writeFileSync(file, bytes);
// As a text, since a script that is one large object is read more slowly.
fs.writeFileSync(out, `// Made by packaging/wasm/pages.mjs: the pages of the rules, and why others are left out.\nexport default JSON.parse(${JSON.stringify(JSON.stringify(pages))});\n`);
