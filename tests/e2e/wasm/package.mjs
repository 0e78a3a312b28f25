// Installs the npm package from its tarball into a clean project and uses it from everywhere: an ES module, CommonJS, TypeScript, a worker
// thread, bundlers, and a page that has none. node tests/e2e/wasm/package.mjs PACKAGE
// Needs npm, chromium, and what packaging/wasm/package.json names; Vite comes from the registry.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");
const tools = createRequire(path.join(root, "packaging/wasm/package.json"));
const packaged = path.resolve(process.argv[2]);
const project = fs.mkdtempSync(path.join(os.tmpdir(), "plimsoll-package-"));
const run = (program, ...args) => execFileSync(program, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const write = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
  fs.writeFileSync(path.join(project, name), text);
};
const step = (name) => console.log(`ok: ${name}`);
const LINT = `plimsoll.lint({ Dockerfile: "FROM debian:12\\nUSER root\\n" }).findings.map((it) => it.rule + "@" + it.range.start.line).join()`;
const FOUND = "root-user@1";

const tarball = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", project], { cwd: packaged, encoding: "utf8" }))[0];
assert.ok(tarball.files.some((file) => file.path === "plimsoll.wasm") && !tarball.files.some((file) => /node_modules|\.map$/.test(file.path)));
write("package.json", JSON.stringify({ name: "clean", private: true }));
run("npm", "install", "--no-audit", "--no-fund", `./${tarball.filename}`);
step(`installed ${tarball.filename}, ${tarball.size} bytes packed`);

write("a.mjs", `import { load, applyEdits } from "@plimsoll/wasm"; const plimsoll = await load(); console.log(${LINT});
const text = "RUN apt-get install x\\n"; const all = "FROM debian:12\\nUSER 1\\n" + text;
const [finding] = plimsoll.lint({ Dockerfile: all }).findings.filter((it) => it.fixes.length); console.log(applyEdits(all, finding.fixes[0].edits).includes("-y x"));`);
assert.equal(run("node", "a.mjs"), `${FOUND}\ntrue\n`);
step("an ES module");

// What there is to read lies beside the module, and comes with it.
write("pages.mjs", `import { load } from "@plimsoll/wasm"; const plimsoll = await load(); const [{ markdown }] = plimsoll.explain("DL3002").rules;
const session = plimsoll.session(); session.set("Dockerfile", "FROM debian:12\\nUSER root\\n");
const hover = session.hover("Dockerfile", 21).parts.join();
const empty = plimsoll.rules().filter((it) => it.summary.length < 10 || !plimsoll.explain(it.name).rules[0]?.markdown.includes("## Why"));
console.log(/^# root-user\\n[^]*## Why\\n[^]*## Instead\\n/.test(markdown), hover.length > 200, /\\x01/.test(markdown + hover), empty.length, plimsoll.explain("dl3049").leftOut.why.length > 20);`);
assert.equal(run("node", "pages.mjs"), "true true false 0 true\n");
step("the pages of the rules");

// What comes is packed; what does not arrive whole is said to be broken, and does not hang.
write("broken.mjs", `import { load } from "@plimsoll/wasm"; import fs from "node:fs"; import { createRequire } from "node:module";
const whole = fs.readFileSync(createRequire(import.meta.url).resolve("@plimsoll/wasm/plimsoll.wasm"));
const of = (bytes) => load(bytes).then((plimsoll) => ${LINT}, (error) => error.message);
const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(whole), "packed");
const at = whole.length - section.byteLength;
const changed = (from) => Uint8Array.from(whole, (byte, index) => (index >= at + from && index < at + from + 64 ? byte ^ 0x55 : byte));
const { module } = await load();
const said = [await of(whole), await of(new Uint8Array(whole)), await of(module)];
for (const from of [0, 8, 300_000]) said.push(await of(changed(from)));
console.log(said.map((it) => (/broken|CompileError|WebAssembly/.test(it) ? "refused" : it)).join(" "), (await of(whole.subarray(0, 200_000))).length > 10);`);
assert.equal(run("node", "broken.mjs"), `${FOUND} ${FOUND} ${FOUND} refused refused refused true\n`);
step("a module that has been damaged on its way");

// A host that compiles nothing takes the module as it would be without being packed.
write("plain.mjs", `import { load, plain } from "@plimsoll/wasm"; const module = new WebAssembly.Module(await plain());
WebAssembly.compile = WebAssembly.instantiate = () => { throw new Error("not here"); };
const plimsoll = await load(module); console.log(${LINT}, await plain(module).catch((error) => error.message));`);
assert.equal(run("node", "plain.mjs"), `${FOUND} this module is not packed\n`);
step("a host that compiles nothing");

write("b.cjs", `const { load, PlimsollError } = require("@plimsoll/wasm"); load().then((plimsoll) => console.log(${LINT}, typeof PlimsollError));`);
assert.equal(run("node", "b.cjs"), `${FOUND} function\n`);
step("CommonJS");

write("c.mjs", `import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads"; import { load } from "@plimsoll/wasm";
if (isMainThread) { const { module } = await load(); const worker = new Worker(new URL(import.meta.url), { workerData: module }); worker.on("message", (said) => { console.log(said); worker.terminate(); }); }
else { const plimsoll = await load(workerData); parentPort.postMessage(${LINT}); }`);
assert.equal(run("node", "c.mjs"), `${FOUND}\n`);
step("a worker thread, with the module of another");

const readme = fs.readFileSync(path.join(packaged, "README.md"), "utf8");
write("readme.mjs", /```js\n([\s\S]*?)```/.exec(readme)[1]);
const said = run("node", "readme.mjs");
assert.match(said, /critical compose\.yaml:4: .*\[privileged-service\]/);
assert.match(said, /apt-get install -y curl/);
step("the lines of the README");

write("d.ts", `import { load, PlimsollError, type Finding, type Report, type Session, type Setup } from "@plimsoll/wasm";
const setup: Setup = { options: { profile: "strict", severity: { "root-user": "low" } }, today: "2027-01-31", root: "app" };
const plimsoll = await load();
const session: Session = plimsoll.session(setup);
session.set("Dockerfile", "FROM debian:12\\n"); session.set("x.bin", new Uint8Array(2)); session.set("big", null);
const report: Report = session.report();
const worst: Finding | undefined = report.findings[0];
if (worst) { const after: string = session.accept(worst, "why", { wholeFile: true }).after; console.log(after, session.fixed(worst, 0)[0]?.before); }
try { session.configure({ options: { nonsense: 1 } }); } catch (error) { if (error instanceof PlimsollError) console.log(error.during); }
// @ts-expect-error a number is no file
session.set("a", 1);
for (const { name, description } of session.facts("Dockerfile").containers) console.log(name, description);
console.log(plimsoll.explain("DL3002").rules[0]?.markdown, plimsoll.rules().length, session.hover("Dockerfile", 6)?.parts);
session.free();
`);
for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
  write("tsconfig.json", JSON.stringify({ compilerOptions: { strict: true, noEmit: true, target: "es2022", lib: ["es2022", "dom", "esnext.disposable"], module, moduleResolution: resolution, types: [] }, files: ["d.ts"] }));
  fs.writeFileSync(path.join(project, "package.json"), JSON.stringify({ ...JSON.parse(fs.readFileSync(path.join(project, "package.json"), "utf8")), type: "module" }));
  run("node", tools.resolve("typescript/bin/tsc"), "-p", ".");
}
step("TypeScript, as Node.js and as bundlers resolve it");

// Bundlers, and what comes of them in a browser.
const esbuild = await import(tools.resolve("esbuild"));
write("page.js", `import { load } from "@plimsoll/wasm"; const plimsoll = await load(); document.body.textContent = ${LINT};`);
write("esbuild.js", `import wasm from "@plimsoll/wasm/plimsoll.wasm"; import { load } from "@plimsoll/wasm"; const plimsoll = await load(wasm); document.body.textContent = ${LINT};`);
await esbuild.build({ absWorkingDir: project, entryPoints: ["esbuild.js"], bundle: true, format: "esm", target: "es2022", loader: { ".wasm": "binary" }, outdir: "esbuild" });
write("esbuild/index.html", `<!doctype html><title>esbuild</title><script type="module" src="esbuild.js"></script>`);
write("bare/index.html", `<!doctype html><title>bare</title><script type="module">import { load } from "./package/web.js"; const plimsoll = await load(); document.body.textContent = ${LINT};</script>`);
fs.cpSync(path.join(project, "node_modules/@plimsoll/wasm"), path.join(project, "bare/package"), { recursive: true });
write("worker/index.html", `<!doctype html><title>worker</title><script type="module">new Worker("worker.js", { type: "module" }).onmessage = ({ data }) => (document.body.textContent = data);</script>`);
write("worker/worker.js", `import { load } from "../bare/package/web.js"; const plimsoll = await load(); postMessage(${LINT});`);
run("npm", "install", "--no-audit", "--no-fund", "vite");
write("index.html", `<!doctype html><title>vite</title><script type="module" src="/page.js"></script>`);
run("npx", "vite", "build", "--outDir", "vite", "--base", "./", "--logLevel", "warn");
assert.ok(fs.readdirSync(path.join(project, "vite/assets")).some((name) => name.endsWith(".wasm")), "Vite takes the module along");

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const server = http.createServer((request, response) => {
  const name = new URL(request.url, "http://x").pathname;
  const file = path.join(project, name.endsWith("/") ? `${name}index.html` : name);
  if (!fs.existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream" });
  fs.createReadStream(file).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const puppeteer = await import(tools.resolve("puppeteer-core"));
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"] });
try {
  for (const name of ["esbuild", "vite", "bare", "worker"]) {
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(name, error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/${name}/`);
    await page.waitForFunction((found) => document.body?.textContent === found, { timeout: 20_000 }, FOUND);
    step(`in Chromium: ${name}`);
  }
} finally {
  await browser.close();
  server.close();
  fs.rmSync(project, { recursive: true, force: true });
}
