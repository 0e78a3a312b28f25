// The examples of all pages, run through the module: each must say what its page says. node tests/e2e/wasm/docs.mjs PACKAGE SITE
// SITE was built by packaging/site/build.py --playground.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const [packaged, site] = process.argv.slice(2).map((argument) => path.resolve(argument));
const { load } = await import(pathToFileURL(path.join(packaged, "node.js")));
const plimsoll = await load();
const today = new Date().toISOString().slice(0, 10);
const unescaped = (text) => text.replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
let [examples, faults, pages] = [0, 0, 0];
const fault = (message) => {
  faults += 1;
  console.error(message);
};

for (const name of fs.readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html") && !name.startsWith("playground"))) {
  const text = fs.readFileSync(path.join(site, name), "utf8");
  const links = [...text.matchAll(/<a class="try" href="[^"#]*#p=([\w-]+)" data-found="([^"]*)"[^>]*>([^<]*)<\/a>/g)];
  pages += links.length > 0;
  const rule = name.startsWith("rules/") ? path.basename(name, ".html") : undefined;
  for (const { index, 1: packed, 2: told, 3: words } of links) {
    examples += 1;
    const { files } = JSON.parse(zlib.inflateRawSync(Buffer.from(packed, "base64url")).toString());
    const report = plimsoll.lint(files, { today });
    const found = report.findings.map((it) => `${it.file}:${it.range.start.line + 1}:${it.rule}`);
    const expected = unescaped(told).split(" ").filter(Boolean);
    if (found.join(" ") !== expected.join(" ")) fault(`${name}, ${words}: found ${found.join(" ") || "nothing"}, the page says ${told || "nothing"}`);
    if (report.failures.length || report.errors.length || report.unreadable.length) fault(`${name}, ${words}: ${JSON.stringify([report.failures, report.errors, report.unreadable])}`);
    const count = found.length === 1 ? "1 finding" : found.length ? `${found.length} findings` : "no findings";
    if (!words.endsWith(`(${count})`)) fault(`${name}: "${words}", and there are ${count}`);
    if (rule) {
      const own = report.findings.filter((it) => it.rule === rule);
      const others = report.findings.filter((it) => it.rule !== rule && !rule.endsWith("-ignore"));
      const isGood = text.includes("<h3>Not found</h3>") && index > text.indexOf("<h3>Not found</h3>");
      if (isGood && own.length) fault(`${name}: the good example is found`);
      if (others.length && rule !== "syntax-error") fault(`${name}: ${others[0].rule} is found where ${rule} alone was asked for`);
      if (!isGood && words.startsWith("Try it (") && !own.length) fault(`${name}: the bad example is not found`);
      // What the page quotes of each finding.
      const quoted = text.includes("What Plimsoll says of it") && words.startsWith("Try it (") && !isGood;
      for (const it of quoted ? own : []) {
        const message = it.message.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#x27;");
        if (!text.replaceAll("bad.", "").includes(message)) fault(`${name}: the page does not quote: ${it.message}`);
      }
    }
  }
}
console.log(`${examples} examples on ${pages} pages, ${faults} faults`);
process.exit(faults || examples < 100 ? 1 : 0);
