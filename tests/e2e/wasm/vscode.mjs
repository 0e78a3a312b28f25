// The extension of VS Code in its flavour for browsers, run over as much of VS Code's interface as it uses: a folder is read, findings are told,
// a text that is typed is judged, a fix is an edit. node tests/e2e/wasm/vscode.mjs PACKAGE
// Needs the packages of editors/vscode (npm ci there).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

const root = path.resolve(import.meta.dirname, "../../..");
const packaged = path.resolve(process.argv[2]);
const extension = path.join(root, "editors/vscode");
const tools = createRequire(path.join(extension, "package.json"));
const out = fs.mkdtempSync(path.join(os.tmpdir(), "plimsoll-vscode-"));
execFileSync("node", [tools.resolve("typescript/bin/tsc"), "--noEmit"], { cwd: extension, stdio: "inherit" });
await tools("esbuild").build({
  absWorkingDir: extension, entryPoints: ["src/web.ts"], bundle: true, external: ["vscode"], format: "cjs", platform: "browser", target: "es2022",
  outfile: path.join(out, "out/web.js"), alias: { "@plimsoll/wasm": path.join(packaged, "web.js") }, define: { "import.meta.url": "undefined" }, logLevel: "error",
});
fs.copyFileSync(path.join(packaged, "plimsoll.wasm"), path.join(out, "out/plimsoll.wasm"));

// A virtual file system, as vscode.dev has it, and the rest of the editor.
const files = new Map([
  ["/app/Dockerfile", "FROM debian:12\nRUN apt-get install x\nUSER 1000\n"],
  ["/app/compose.yaml", "services:\n  web:\n    build: .\n    privileged: ${P}\n"],
  ["/app/.env", "P=true\n"],
  ["/app/.plimsoll.yaml", "ignore: [missing-healthcheck]\n"],
]);
class Uri {
  constructor(scheme, path) { Object.assign(this, { scheme, authority: "", path }); }
  static joinPath(uri, ...parts) { return new Uri(uri.scheme, path.posix.join(uri.path, ...parts)); }
  static from({ scheme, path }) { return new Uri(scheme, path); }
  static parse(text) { return new Uri(text.split(":")[0], text); }
  toString() { return `${this.scheme}:${this.path}`; }
}
class Position { constructor(line, character) { Object.assign(this, { line, character }); } }
class Range {
  constructor(a, b, c, d) { [this.start, this.end] = c === undefined ? [a, b] : [new Position(a, b), new Position(c, d)]; }
  contains({ line }) { return this.start.line <= line && line <= this.end.line; }
  intersection(other) { return this.start.line <= other.end.line && other.start.line <= this.end.line ? this : undefined; }
}
class Document {
  constructor(uri, text) { Object.assign(this, { uri, text, isClosed: false }); }
  getText() { return this.text; }
  offsetAt({ line, character }) { return this.text.split("\n").slice(0, line).join("\n").length + (line ? 1 : 0) + character; }
  positionAt(offset) { const lines = this.text.slice(0, offset).split("\n"); return new Position(lines.length - 1, lines.at(-1).length); }
}
const told = new Map();
const [commands, providers, listeners, logged, applied] = [new Map(), {}, {}, [], []];
const disposable = { dispose() {} };
const on = (name) => (listener) => { (listeners[name] ??= []).push(listener); return disposable; };
const config = { get: (_, fallback) => fallback };
const vscode = {
  Uri, Position, Range,
  Location: class { constructor(uri, range) { Object.assign(this, { uri, range }); } },
  Diagnostic: class { constructor(range, message, severity) { Object.assign(this, { range, message, severity }); } },
  DiagnosticRelatedInformation: class { constructor(location, message) { Object.assign(this, { location, message }); } },
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  MarkdownString: class { constructor(value) { this.value = value; } },
  Hover: class { constructor(contents, range) { Object.assign(this, { contents, range }); } },
  InlayHint: class { constructor(position, label) { Object.assign(this, { position, label }); } },
  CodeAction: class { constructor(title, kind) { Object.assign(this, { title, kind }); } },
  CodeActionKind: { QuickFix: "quickfix" },
  EventEmitter: class { event = () => disposable; fire() {} dispose() {} },
  RelativePattern: class { constructor(base, pattern) { Object.assign(this, { base, pattern }); } },
  ViewColumn: { Active: 1, Beside: 2 },
  WorkspaceEdit: class { edits = []; replace(uri, range, text) { this.edits.push({ uri, range, text }); } },
  commands: { registerCommand: (name, run) => (commands.set(name, run), disposable) },
  languages: {
    createDiagnosticCollection: () => ({ set: (uri, all) => told.set(uri.path, all), clear: () => told.clear(), ...disposable }),
    createLanguageStatusItem: () => ({ ...disposable }),
    registerHoverProvider: (_, it) => ((providers.hover = it), disposable),
    registerCodeActionsProvider: (_, it) => ((providers.actions = it), disposable),
    registerDefinitionProvider: (_, it) => ((providers.definition = it), disposable),
    registerInlayHintsProvider: (_, it) => ((providers.hints = it), disposable),
    setTextDocumentLanguage: async (document) => document,
  },
  window: {
    createOutputChannel: () => ({ error: (it) => logged.push(it), warn() {}, debug() {}, show() {}, ...disposable }),
    onDidChangeActiveTextEditor: on("active"),
    showTextDocument: async (document) => { vscode.shown = document; },
    showErrorMessage: (it) => logged.push(it), showInformationMessage() {}, showInputBox: async () => "a reason",
  },
  workspace: {
    workspaceFolders: [{ uri: new Uri("vscode-vfs", "/app") }],
    textDocuments: [],
    getConfiguration: () => config,
    findFiles: async () => [...files.keys()].map((name) => new Uri("vscode-vfs", name)),
    createFileSystemWatcher: () => ({ onDidCreate: on("created"), onDidChange: on("saved"), onDidDelete: on("deleted"), ...disposable }),
    fs: {
      stat: async (uri) => ({ size: files.get(uri.path).length }),
      readFile: async (uri) => (uri.path.endsWith(".wasm") ? fs.readFileSync(uri.path) : new TextEncoder().encode(files.get(uri.path))),
    },
    registerTextDocumentContentProvider: (_, pages) => ((vscode.pages = pages), disposable),
    openTextDocument: async (uri) => new Document(uri, files.get(uri.path) ?? vscode.pages.provideTextDocumentContent(uri)),
    applyEdit: async (edit) => void applied.push(edit),
    onDidOpenTextDocument: on("opened"), onDidChangeTextDocument: on("changed"), onDidCloseTextDocument: on("closed"),
    onDidChangeWorkspaceFolders: on("folders"), onDidChangeConfiguration: on("configured"),
  },
};
const module = { exports: {} };
new Function("require", "module", "exports", fs.readFileSync(path.join(out, "out/web.js"), "utf8"))((name) => {
  assert.equal(name, "vscode", "nothing of Node.js is asked for");
  return vscode;
}, module, module.exports);
const context = { extensionUri: new Uri("file", out), subscriptions: [] };
await module.exports.activate(context);
const wait = () => new Promise((resolve) => setTimeout(resolve, 200));
await wait();
const rules = (name) => (told.get(name) ?? []).map((it) => it.code.value);
assert.ok(rules("/app/compose.yaml").includes("privileged-service"), "the .env beside the file counts");
assert.ok(rules("/app/Dockerfile").includes("install-awaiting-answer"));
assert.deepEqual(logged, []);

const dockerfile = new Document(new Uri("vscode-vfs", "/app/Dockerfile"), "FROM debian:12\nRUN apt-get install x\nUSER root\n");
vscode.workspace.textDocuments.push(dockerfile);
listeners.changed.forEach((listener) => listener({ document: dockerfile }));
await wait();
assert.ok(rules("/app/Dockerfile").includes("root-user"), "what is typed is judged before it is saved");
const actions = providers.actions.provideCodeActions(dockerfile, new Range(1, 0, 1, 5));
const fix = actions.find((action) => action.edit);
assert.equal(fix.edit.edits[0].text.trim(), "-y");
assert.equal(fix.isPreferred, true);
await actions.find((action) => action.command).command && (await commands.get("plimsoll.accept")(...actions.find((action) => action.command).command.arguments));
assert.match(applied.at(-1).edits[0].text, /# plimsoll: ignore\[install-awaiting-answer\] a reason/);
assert.ok(providers.hover.provideHover(dockerfile, new Position(2, 6)).contents.some((it) => it.value.includes("root-user")));
assert.ok(providers.hints.provideInlayHints(dockerfile, new Range(0, 0, 9, 0)).length);
vscode.window.activeTextEditor = { document: new Document(new Uri("vscode-vfs", "/app/compose.yaml"), files.get("/app/compose.yaml")) };
await commands.get("plimsoll.showEffectiveProject")();
assert.match(vscode.shown.text, /name: app[\s\S]*privileged: true/);
files.set("/app/.env", "P=false\n");
listeners.saved.forEach((listener) => listener(new Uri("vscode-vfs", "/app/.env")));
await wait();
assert.ok(!rules("/app/compose.yaml").includes("privileged-service"), "a file that was saved elsewhere is read again");
context.subscriptions.forEach((it) => it.dispose());
fs.rmSync(out, { recursive: true, force: true });
console.log("ok: the extension in a browser");
