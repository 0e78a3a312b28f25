// Uses the playground in Chromium as somebody does: types, looks at findings, applies a fix, opens a link, drops files, uses the keyboard
// alone, and measures. node tests/e2e/wasm/playground.mjs SITE [PICTURES]
// SITE was built by packaging/site/build.py --playground. Needs chromium, and what packaging/wasm/package.json names.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";

const root = path.resolve(import.meta.dirname, "../../..");
const tools = createRequire(path.join(root, "packaging/wasm/package.json"));
const puppeteer = await import(tools.resolve("puppeteer-core"));
const [site, pictures] = process.argv.slice(2).map((argument) => path.resolve(argument));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };
let isOnline = true;
const server = http.createServer((request, response) => {
  if (!isOnline) return request.destroy();
  const name = decodeURIComponent(new URL(request.url, "http://x").pathname);
  const file = path.join(site, name.endsWith("/") ? `${name}index.html` : name);
  if (name === "/favicon.ico") return response.writeHead(204).end();
  if (!file.startsWith(site) || !fs.existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream" });
  fs.createReadStream(file).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const home = `http://127.0.0.1:${server.address().port}/playground/index.html`;
const profile = fs.mkdtempSync(path.join(os.tmpdir(), "plimsoll-chromium-"));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  userDataDir: profile,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
/** The editor stands in a shadow. */
const IN = "#editor >>> ";
const faults = [];
let context;

async function open(fragment = "", { width = 1280, height = 900, scheme = "light", fresh = true } = {}) {
  if (fresh) {
    await context?.close();
    context = await browser.createBrowserContext();
  }
  const page = await context.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  page.on("pageerror", (error) => faults.push(`${error.message}`));
  page.on("console", (message) => isOnline && ["error", "warn"].includes(message.type()) && faults.push(`console: ${message.text()}`));
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && hostname !== "127.0.0.1") faults.push(`asked elsewhere: ${request.url()}`);
  });
  await page.evaluateOnNewDocument(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
  });
  await page.goto(home + fragment);
  await settled(page);
  return page;
}

/** Waits for the report on what was done last. */
async function settled(page, after = -1) {
  await page.waitForFunction((seq) => Number(document.body.dataset.seq ?? -1) > seq, { timeout: 30_000 }, after);
}
const seq = (page) => page.evaluate(() => Number(document.body.dataset.seq ?? -1));
const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
const rules = (page) => page.$$eval(".found > li", (items) => items.map((item) => item.dataset.rule));
async function done(page, work) {
  const before = await seq(page);
  await work();
  await settled(page, before);
}
const step = (name) => console.log(`ok: ${name}`);

/** Drops files on the page, as from a folder on disk. */
async function drop(page, files) {
  await page.evaluate((files) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of files) transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files.map(([name, content]) => [name, Buffer.from(content).toString("base64")]));
}

/** A ZIP of files; `lie` is what its directory says of the size of each. */
function zip(files, lie) {
  const [parts, entries] = [[], []];
  let at = 0;
  for (const [name, content] of files) {
    const packed = zlib.deflateRawSync(content);
    const size = lie ?? content.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    entries.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

const fragmentOf = (files, more = {}) => `#p=${zlib.deflateRawSync(JSON.stringify({ v: 1, files, ...more })).toString("base64url")}`;

async function typing() {
  const page = await open();
  assert.ok((await rules(page)).includes("privileged-service"), "the example has its finding");
  assert.match(await text(page, "#summary"), /high/);
  await page.click('#tabs [data-path="Dockerfile"]');
  await page.click(IN + ".cm-content");
  await page.keyboard.down("Control");
  await page.keyboard.press("End");
  await page.keyboard.up("Control");
  const before = await rules(page);
  await done(page, () => page.keyboard.type("\nRUN apt-get install curl\nRUN apt-get install wget"));
  await page.waitForFunction(() => [...document.querySelectorAll(".found > li")].filter((it) => it.dataset.rule === "install-awaiting-answer").length === 2);
  assert.ok(!before.includes("install-awaiting-answer"));
  assert.ok((await page.$$(IN + ".cm-lintRange")).length, "it is marked in the text");
  step("a finding comes while somebody types");
  const fix = await page.$('li[data-rule="install-awaiting-answer"] details.fix');
  await (await fix.$("summary")).click();
  await fix.waitForSelector(".difference .come");
  assert.match(await fix.$eval(".difference .come", (it) => it.textContent), /apt-get install -y curl/);
  await done(page, async () => (await fix.$(".apply")).click());
  assert.equal((await rules(page)).filter((rule) => rule === "install-awaiting-answer").length, 1, "the fix removes one");
  assert.match(await text(page, IN + ".cm-content"), /apt-get install -y curl/);
  step("a fix shows its difference and is applied");
  await page.click("#fix-all");
  await page.waitForSelector("#fix-all-preview .difference .come");
  await done(page, () => page.click("#fix-all-apply"));
  assert.match(await text(page, IN + ".cm-content"), /apt-get install -y wget/);
  assert.ok(!(await rules(page)).includes("install-awaiting-answer"));
  await page.click("#view-project");
  await page.click('#tabs [data-path="compose.yaml"]');
  await page.waitForFunction(() => document.querySelector("#project")?.textContent.includes("services:"));
  assert.match(await text(page, "#project"), /privileged: true/);
  await page.click("#view-containers");
  await page.waitForFunction(() => document.querySelector("#containers")?.textContent.includes("as it would run"));
  step("the effective project and the containers");
  await page.click("#view-findings");
  await page.click('li[data-rule="privileged-service"] .rule');
  await page.waitForFunction(() => document.querySelector("#rule h2, #rule h3"));
  assert.match(await text(page, "#rule"), /privileged-service/);
  await page.click("#view-findings");
  await page.click("#aliases");
  assert.match(await text(page, 'li[data-rule="missing-user"]'), /DL|CKV|CIS|DS/);
  step("pages of rules, and the names of other linters");
  await done(page, () => page.select("#profile", "strict"));
  assert.ok((await rules(page)).length > before.length, "a stricter profile finds more");
  await done(page, () => page.click("#configuration"));
  await page.waitForFunction(() => document.querySelector('[data-path=".plimsoll.yaml"]')?.getAttribute("aria-selected") === "true");
  await page.click(IN + ".cm-content");
  await page.keyboard.down("Control");
  await page.keyboard.press("End");
  await page.keyboard.up("Control");
  await done(page, () => page.keyboard.type("ignore: [privileged-service]\n"));
  await page.waitForFunction(() => ![...document.querySelectorAll(".found > li")].some((it) => it.dataset.rule === "privileged-service"));
  await page.keyboard.type("nonsense: 1\n");
  await page.waitForFunction(() => document.querySelector(".faults")?.textContent.includes("unknown key"));
  step("profile and configuration");
  const hover = await page.evaluate(() => document.querySelector('[data-path="compose.yaml"]').click());
  assert.equal(hover, undefined);
  const word = await page.evaluateHandle(() => [...document.querySelector("#editor").shadowRoot.querySelectorAll(".cm-line")].find((line) => line.textContent.includes("image: registry")));
  const box = await word.boundingBox();
  await page.mouse.move(box.x + 120, box.y + box.height / 2);
  await page.waitForSelector(IN + ".cm-tooltip .hover", { timeout: 5000 });
  step("hovering tells of a place");
}

async function links() {
  const page = await open(fragmentOf({ "a/Dockerfile": "FROM debian:12\nUSER root\n", "b.txt": "x" }, { open: "a/Dockerfile" }));
  assert.deepEqual(await rules(page), ["root-user"]);
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void (document.body.dataset.copied = text);
  });
  await page.click("#copy-link");
  await page.waitForFunction(() => document.body.dataset.copied);
  const link = await page.evaluate(() => document.body.dataset.copied);
  const again = await open(new URL(link).hash);
  assert.deepEqual(await rules(again), ["root-user"]);
  await again.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void (document.body.dataset.copied = text);
  });
  await again.click("#copy-issue");
  await again.waitForFunction(() => document.body.dataset.copied);
  assert.match(await again.evaluate(() => document.body.dataset.copied), /root-user[\s\S]*```dockerfile\nFROM debian:12/);
  step("a project in a link, and as an issue");
  const long = await open(fragmentOf({ Dockerfile: "FROM debian:12\n", noise: [...Array(20_000)].map((_, at) => Math.imul(at + 7, 2654435761) >>> 0).join(" ") }));
  await long.click("#copy-link");
  await long.waitForFunction(() => document.querySelector("#said").textContent.includes("too large for a link"));
  for (const [broken, words] of [["#p=AAAA", "broken"], ["#p=§", "broken"], [fragmentOf({}), "no project"], [`#p=${zlib.deflateRawSync(Buffer.alloc(50 << 20, 32)).toString("base64url")}`, "more than 4 MB"]]) {
    const page = await open(broken);
    assert.ok((await text(page, "#said")).includes(words), `${words}: ${await text(page, "#said")}`);
    assert.ok((await rules(page)).length, "the page lives on");
  }
  step("links that are too long, broken, or a bomb");
}

async function hostile() {
  const page = await open();
  const dockerfile = "FROM debian:12\nUSER root\n";
  await done(page, () => drop(page, [["p.zip", zip([["app/Dockerfile", dockerfile], ["app/.git/config", "x"], ["app/compose.yaml", "services:\n  web:\n    build: .\n"]])]]));
  assert.match(await text(page, "#said"), /2 files were read, 1 passed by/);
  assert.ok((await page.$$('[data-path="Dockerfile"]')).length);
  await done(page, () => drop(page, [["liar.zip", zip([["Dockerfile", dockerfile], ["big.txt", Buffer.alloc(80 << 20, 65)]], 10)], ["Dockerfile", dockerfile]]));
  assert.match(await text(page, "#said"), /lies about its size|more than the ZIP says/);
  assert.deepEqual(await rules(page), ["root-user"]);
  step("a ZIP, and one that lies about its size");
  await drop(page, [["cut.zip", zip([["Dockerfile", dockerfile]]).subarray(0, 60)]]);
  await page.waitForFunction(() => document.querySelector("#said").textContent.includes("no ZIP"));
  await done(page, () => drop(page, [["huge.yaml", Buffer.alloc(10 << 20, "a: b\n")], ["Dockerfile", dockerfile]]));
  assert.match(await text(page, "#said"), /huge\.yaml: 10\.0 MB, larger/);
  assert.deepEqual(await rules(page), ["root-user"]);
  await done(page, () => drop(page, [["compose.yaml", Buffer.from("\ufeffservices: {}\n", "utf16le")], ["Dockerfile", dockerfile]]));
  assert.match(await text(page, "#said"), /UTF-16/);
  await done(page, () => drop(page, [["Dockerfile", Buffer.concat([Buffer.from(dockerfile), Buffer.from([0xff, 0xfe, 0x41])])], ["b/Dockerfile", dockerfile]]));
  assert.match(await text(page, "#said"), /not UTF-8/);
  step("a text of 10 MB, UTF-16 and bytes that are no text");
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]", ...[...Array(40)].map((_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(", ")}]`), "services: {web: {image: *a40}}"].join("\n");
  await done(page, () => drop(page, [["compose.yaml", bomb], ["Dockerfile", dockerfile]]));
  assert.ok((await rules(page)).includes("root-user"));
  const deep = `services: ${"[".repeat(100_000)}`;
  await done(page, () => drop(page, [["compose.yaml", deep], ["Dockerfile", `${dockerfile}RUN ${"$(".repeat(50_000)}\n`]]));
  await done(page, () => drop(page, [["Dockerfile", dockerfile]]));
  assert.deepEqual(await rules(page), ["root-user"]);
  step("a bomb of anchors, and depth without end");
  await page.evaluate(() => {
    const content = document.querySelector("#editor").shadowRoot.querySelector(".cm-content");
    content.focus();
    document.execCommand("insertText", false, "# \ud83d");
  });
  await page.waitForFunction(() => document.querySelector("#said").textContent.includes("half of a character") || document.querySelector("#editor").shadowRoot.querySelector(".cm-content").textContent.includes("\ufffd"));
  await done(page, () => page.select("#examples", "0"));
  assert.ok((await rules(page)).includes("privileged-service"));
  step("half of a character");
}

async function keyboard() {
  const page = await open();
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.dataset?.path || document.activeElement?.className || document.activeElement?.tagName);
  const tabTo = async (wanted) => {
    for (let at = 0; at < 80; at += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), wanted)) return;
    }
    assert.fail(`the keyboard does not reach ${wanted}: ${await focused()}`);
  };
  await tabTo("#add");
  await page.keyboard.press("Enter");
  await page.keyboard.type("api/Dockerfile");
  await done(page, () => page.keyboard.press("Enter"));
  await page.waitForFunction(() => document.activeElement?.id === "editor");
  await done(page, () => page.keyboard.type("FROM debian:12\nRUN sudo apt-get install -y x\nUSER root\n"));
  await page.waitForFunction(() => [...document.querySelectorAll(".found > li")].some((it) => it.textContent.includes("api/Dockerfile:3")));
  await page.keyboard.press("F8");
  await page.keyboard.press("Escape");
  await tabTo("#rename");
  await tabTo('#views [role="tab"]');
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "view-project");
  await page.keyboard.press("ArrowLeft");
  await tabTo("details.fix summary");
  await page.keyboard.press("Enter");
  await page.waitForSelector("details[open] .apply, details[open] .small");
  await page.focus('#tabs [aria-selected="true"]');
  const before = await text(page, '#tabs [aria-selected="true"]');
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((before) => document.activeElement?.getAttribute("aria-selected") === "true" && document.activeElement.textContent !== before, {}, before);
  step("with the keyboard alone");
}

async function offline() {
  const page = await open();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (let at = 0; at < 100 && !navigator.serviceWorker.controller; at += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  isOnline = false;
  server.closeAllConnections();
  const again = await open("", { fresh: false });
  assert.ok((await rules(again)).includes("privileged-service"));
  isOnline = true;
  step("offline, once it was loaded");
}

async function looks() {
  const axe = tools.resolve("axe-core/axe.min.js");
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  let count = 0;
  for (const width of [1280, 390]) {
    for (const scheme of ["light", "dark"]) {
      const page = await open("", { width, height: width === 390 ? 844 : 900, scheme });
      const source = fs.readFileSync(axe, "utf8");
      for (const view of ["findings", "project", "containers", "rule"]) {
        await page.click(`#view-${view}`);
        if (view === "findings") {
          await page.$eval("details.fix summary", (it) => it.click()).catch(() => {});
          await page.$eval("details.accepting summary", (it) => it.click());
        }
        if (view === "rule") {
          await page.click("#view-findings");
          await page.click("li[data-rule] .rule");
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
        await page.evaluate(source);
        const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), tags);
        count += 1;
        for (const violation of violations) {
          faults.push(`axe, ${width} ${scheme} ${view}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(" | ")}`);
        }
        if (pictures) {
          fs.mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: path.join(pictures, `playground-${view}-${width}-${scheme}.png`), fullPage: width === 390 });
        }
      }
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) faults.push(`${width}: wider than the window by ${over}`);
    }
  }
  step(`axe looked ${count} times`);
}

async function speed() {
  const page = await open();
  const first = await page.evaluate(() => {
    const wasm = performance.getEntriesByType("resource").find((entry) => entry.name.endsWith(".wasm"));
    return { report: performance.now(), wasm: wasm?.responseEnd };
  });
  // In a worker of its own, so that the page is no part of it: from the module's bytes to the first report, and each keystroke after it.
  const measured = await page.evaluate(async () => {
    const files = (await (await fetch("examples.json")).json())[0].files;
    const bytes = await (await fetch("plimsoll.wasm")).arrayBuffer();
    const worker = new Worker("measure.js", { type: "module" });
    worker.postMessage({ bytes, files });
    const told = await new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
    worker.terminate();
    return told;
  });
  console.log(`first report ${measured.first.toFixed(0)} ms after the module's bytes; a keystroke ${measured.median.toFixed(1)} ms, the slowest of 200 ${measured.worst.toFixed(1)} ms; memory ${measured.memory.join(", ")} bytes after 0, 5,000 and 10,000 edits`);
  assert.ok(first.report > 0);
  if (!process.env.SLOW) {
    assert.ok(measured.first < 300, "the first report comes within 300 ms");
    assert.ok(measured.median < 30, "a keystroke takes less than 30 ms");
  }
  assert.equal(measured.memory[1], measured.memory[2], "memory does not grow");
  step("speed and memory");
}

/** What measures: it lies beside the page for the time of the test. */
const measure = path.join(site, "playground/measure.js");
fs.writeFileSync(measure, `import { load } from "./measured.js";
onmessage = async ({ data: { bytes, files } }) => {
  const started = performance.now();
  const plimsoll = await load(bytes);
  const session = plimsoll.session();
  for (const [path, text] of Object.entries(files)) session.set(path, text);
  session.report();
  const first = performance.now() - started;
  const times = [];
  const type = (at) => {
    session.set("Dockerfile", files.Dockerfile + "RUN echo " + "x".repeat(at % 40) + "\\n");
    session.report();
  };
  for (let at = 0; at < 200; at += 1) {
    const begun = performance.now();
    type(at);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const memory = [session.memory];
  for (let at = 0; at < 10000; at += 1) {
    type(at);
    if (at % 5000 === 4999) memory.push(session.memory);
  }
  postMessage({ first, median: times[100], worst: times[199], memory });
};
`);
await (await import(tools.resolve("esbuild"))).build({
  stdin: { contents: 'export { load } from "@plimsoll/wasm";', resolveDir: site },
  bundle: true, format: "esm", outfile: path.join(site, "playground/measured.js"), logLevel: "error",
  alias: { "@plimsoll/wasm": path.resolve(process.env.PACKAGE ?? "target/wasm-package", "web.js") },
});
try {
  const wanted = process.env.ONLY?.split(",");
  for (const part of [typing, links, hostile, keyboard, offline, looks, speed]) {
    if (!wanted || wanted.includes(part.name)) await part();
  }
} catch (error) {
  faults.push(error.stack);
  const page = (await context?.pages())?.at(-1);
  if (page && pictures) {
    fs.mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, "failed.png") });
  }
} finally {
  await browser.close();
  server.close();
  fs.rmSync(profile, { recursive: true, force: true });
  for (const name of ["measure.js", "measured.js"]) fs.rmSync(path.join(site, "playground", name), { force: true });
}
for (const fault of new Set(faults)) console.error(fault);
console.log(`${new Set(faults).size} faults`);
process.exit(faults.length ? 1 : 0);
