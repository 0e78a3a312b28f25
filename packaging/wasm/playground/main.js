// The playground: a project in tabs, and what the linter says of it.
import { el } from "./draw.js";
import { Editor } from "./editor.js";
import { pack, unpack } from "./link.js";
import { Linter } from "./linter.js";
import { Panels } from "./panels.js";
import { BOUNDS, takeDrop, takeFiles } from "./take.js";

const $ = (id) => document.getElementById(id);
const TABS = /(^|\/)(\.env|\.plimsoll\.ya?ml|\.dockerignore)$/;
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The project: texts by path; `null` is a file whose text does not matter, bytes one that is no text. */
let files = new Map();
/** Files that have a tab because somebody asked for it. */
let opened = new Set();
let root = "project";
let report;
let version = "";

const editor = new Editor($("editor"), {
  heard: edited,
  hover: (path, offset) => linter.ask("hover", path, offset),
});
const linter = new Linter("worker.js", told);
const panels = new Panels($, {
  ask: (...question) => linter.ask(...question),
  go: (file, range) => go(file, range),
  apply,
  say,
  current: () => editor.path,
  usesAliases: () => $("aliases").checked,
});

function setup() {
  const profile = $("profile").value;
  return { options: profile ? { profile } : {}, today: new Date().toISOString().slice(0, 10), root };
}

/** Shows another project. */
function begin(taken, { open, profile, name } = {}) {
  files = new Map(taken);
  opened = new Set();
  root = name || "project";
  if (profile !== undefined) $("profile").value = [...$("profile").options].some((option) => option.value === profile) ? profile : "";
  report = undefined;
  editor.clear();
  linter.begin(files, setup());
  const first = open !== undefined && typeof files.get(open) === "string" ? open : firstOf(files);
  if (first !== undefined) show(first);
  else drawTabs();
  document.body.dataset.files = files.size;
}

function firstOf(all) {
  const texts = [...all].filter(([, content]) => typeof content === "string").map(([path]) => path).sort();
  return texts.find((path) => /(^|\/)(docker-)?compose[^/]*\.ya?ml$/i.test(path)) ?? texts.find((path) => /dockerfile|containerfile/i.test(path)) ?? texts[0];
}

/** What the editor has to say. */
function edited(path, text) {
  if (text.length > BOUNDS.text) {
    say([`${path} is larger than 1 MB, and is not judged here: the command line does that.`]);
    files.set(path, text);
    linter.set(path, null);
    return;
  }
  if (HALF.test(text)) {
    say([`${path} holds half of a character (a lone surrogate), which no file can: it was not judged.`]);
    return;
  }
  files.set(path, text);
  linter.set(path, text);
}

/** What the worker has to say. */
function told(data) {
  document.body.dataset.state = data.type;
  if (data.type === "ready") {
    version = data.version;
    $("version").textContent = `${data.version}, ${data.rules} rules`;
  } else if (data.type === "report") {
    report = data.report;
    document.body.dataset.seq = data.seq;
    document.body.dataset.took = data.took.toFixed(1);
    drawTabs();
    mark();
    panels.show(report);
  } else if (data.type === "hung") {
    say([`${data.path ?? "The project"}: judging it took too long and was stopped. The text is kept; change it to have it judged again.`]);
  } else if (data.type === "crashed" || data.type === "failed") {
    say([`The linter failed: ${data.message}`]);
  } else if (data.type === "wrong") {
    say(data.messages);
  }
}

function mark() {
  const path = editor.path;
  if (path === undefined || !report) return;
  const own = report.findings.filter((finding) => finding.file === path);
  editor.mark(own, {
    name: panels.name,
    actions: (finding) =>
      finding.fixes.flatMap((fix, number) => (fix.applicability === "display" || !fix.edits.length ? [] : [{ name: fix.title, apply: () => panels.preview(finding, number) }])).slice(0, 2),
  });
}

// Tabs

function tabbed() {
  const sources = new Set(report?.sources.map((source) => source.file) ?? []);
  return [...files.keys()]
    .filter((path) => path === editor.path || opened.has(path) || (typeof files.get(path) === "string" && (sources.has(path) || TABS.test(path))))
    .sort();
}

function drawTabs() {
  const paths = tabbed();
  const counts = new Map();
  for (const { file } of report?.findings ?? []) counts.set(file, (counts.get(file) ?? 0) + 1);
  const hadFocus = $("tabs").contains(document.activeElement);
  $("tabs").replaceChildren(
    ...paths.map((path) => {
      const count = counts.get(path) ?? 0;
      const words = count === 1 ? "1 finding" : `${count} findings`;
      const tab = el(
        "button",
        { role: "tab", id: `tab-${paths.indexOf(path)}`, "aria-selected": String(path === editor.path), tabindex: path === editor.path ? "0" : "-1", "aria-controls": "editing", "data-path": path, onclick: () => show(path) },
        path,
        count > 0 && el("span", { class: "count", "aria-label": words }, String(count)),
      );
      return tab;
    }),
  );
  const chosen = $("tabs").querySelector('[aria-selected="true"]');
  if (chosen) $("editing").setAttribute("aria-labelledby", chosen.id);
  if (hadFocus) chosen?.focus();
  const rest = [...files.keys()].filter((path) => !paths.includes(path)).sort();
  $("more").parentElement.hidden = !rest.length;
  const labels = rest.map((path) => el("option", { value: path, disabled: typeof files.get(path) !== "string" }, path));
  $("more").replaceChildren(el("option", { value: "" }, `${rest.length} more`), ...labels);
}

function show(path) {
  const text = files.get(path);
  if (typeof text !== "string") {
    say([`${path} holds no text that can be shown.`]);
    return;
  }
  if (editor.path !== path) editor.show(path, text);
  drawTabs();
  $("tabs").querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  mark();
  if (report) panels.moved();
}

function go(file, range) {
  if (typeof files.get(file) !== "string") {
    say([`${file} is not among the files.`]);
    return;
  }
  show(file);
  editor.go(range);
}

/** Arrow keys in a list of tabs. */
function arrows(list) {
  list.addEventListener("keydown", (event) => {
    const tabs = [...list.querySelectorAll('[role="tab"]')];
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.focus();
    next.click();
    // A click may have drawn them anew.
    list.querySelector('[aria-selected="true"]')?.focus();
  });
}

// Files

/** Texts that came of a fix. */
function apply(changes) {
  const stale = changes.find(({ file, before }) => files.get(file) !== before);
  if (stale) {
    say([`${stale.file} has changed since: look at the fix again.`]);
    return;
  }
  for (const { file, after } of changes) {
    files.set(file, after);
    editor.replace(file, after);
  }
  linter.change(changes.map(({ file, after }) => [file, after]), []);
}

let naming;
/** Asks for a path, and goes on with it. */
function askName(value, then) {
  naming = then;
  $("naming").hidden = false;
  $("name").value = value;
  $("name").select();
  $("name").focus();
}

function named(event) {
  event.preventDefault();
  const path = $("name").value.trim().replaceAll("\\", "/").replace(/^(\.?\/)+/, "");
  if (!path || path.endsWith("/") || path.split("/").includes("..") || HALF.test(path)) {
    say(["A path is relative, and names a file: api/Dockerfile"]);
    return;
  }
  if (files.has(path)) {
    say([`${path} is there already.`]);
    return;
  }
  $("naming").hidden = true;
  naming(path);
}

function add(path, text) {
  files.set(path, text);
  opened.add(path);
  linter.set(path, text);
  show(path);
  editor.focus();
}

function rename(to) {
  const from = editor.path;
  const text = files.get(from);
  files.delete(from);
  files.set(to, text);
  editor.forget(from);
  opened.add(to);
  linter.change([[to, text]], [from]);
  show(to);
  editor.focus();
}

function remove() {
  const path = editor.path;
  if (path === undefined) return;
  files.delete(path);
  editor.forget(path);
  linter.change([], [path]);
  const next = tabbed()[0] ?? firstOf(files);
  if (next === undefined) {
    editor.clear();
    drawTabs();
  } else show(next);
  $("tabs").querySelector('[aria-selected="true"]')?.focus();
  say([`${path} was removed from the page.`]);
}

async function took(taking) {
  say(["Reading."]);
  const taken = await taking;
  const name = taken.name();
  const messages = taken.said;
  if (!taken.files.size) {
    say([...messages, "Nothing was read."]);
    return;
  }
  begin(taken.files, { name });
  const passed = taken.passed ? `, ${taken.passed} passed by (.git, node_modules and the like)` : "";
  say([`${taken.files.size} files were read${passed}. They have not left this page.`, ...messages]);
}

// Links and issues

/** What a link holds: every text. */
function texts() {
  return Object.fromEntries([...files].filter(([, content]) => typeof content === "string"));
}

async function link() {
  const fragment = await pack({ files: texts(), profile: $("profile").value || undefined, open: editor.path });
  history.replaceState(null, "", fragment);
  return location.href;
}

async function copyLink() {
  try {
    await copy(await link(), "The link was copied. It holds the whole project: whoever opens it sees every file of it.");
  } catch (error) {
    say([error.message]);
  }
}

async function copyIssue() {
  const address = await link().catch((error) => `none: ${error.message}`);
  const fence = (text) => "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  const language = (path) => (/ya?ml$/.test(path) ? "yaml" : /dockerfile|containerfile/i.test(path) ? "dockerfile" : "");
  const named = Object.entries(texts()).filter(([path]) => tabbed().includes(path));
  const findings = (report?.findings ?? []).slice(0, 100).map((it) => `- ${it.severity}: ${it.file}:${it.range.start.line + 1}: ${it.message} [${it.rule}]`);
  const text = [
    "What I expected:\n\n\nWhat Plimsoll says:\n",
    findings.join("\n") || "nothing",
    ...named.map(([path, content]) => `\n${path}:\n\n${fence(content)}${language(path)}\n${content.replace(/\n$/, "")}\n${fence(content)}`),
    `\nPlimsoll ${version} in the browser, profile ${$("profile").value || "as configured"}. Playground: ${address}\n`,
  ].join("\n");
  await copy(text, "The text of an issue was copied.");
}

async function copy(text, message) {
  try {
    await navigator.clipboard.writeText(text);
    say([message]);
  } catch {
    const area = el("textarea", { readonly: true, "aria-label": "To be copied" });
    area.value = text;
    const close = el("button", { type: "button", onclick: () => dialog.close() }, "Close");
    const dialog = el("dialog", { "aria-label": "Copy", onclose: () => dialog.remove() }, el("p", {}, "Copy this by hand: the browser does not let the page do it."), area, close);
    document.body.append(dialog);
    dialog.showModal();
    area.select();
  }
}

function say(messages) {
  $("said").replaceChildren(messages.length > 1 ? el("ul", {}, messages.slice(0, 40).map((message) => el("li", {}, message))) : el("p", {}, messages[0] ?? ""));
}

// The page

async function open(fragment) {
  try {
    const project = await unpack(fragment);
    if (project) {
      const large = project.files.find(([path, text]) => text.length > BOUNDS.text || HALF.test(text) || path.split("/").includes(".."));
      if (large) throw new Error(`This link holds a file that this page does not take: ${large[0]}`);
      begin(project.files, { open: project.open, profile: project.profile ?? "" });
      say([]);
      return true;
    }
  } catch (error) {
    say([error.message]);
  }
  return false;
}

async function start() {
  $("add").onclick = () => askName("Dockerfile", (path) => add(path, ""));
  $("configuration").onclick = () => {
    if (files.has(".plimsoll.yaml")) show(".plimsoll.yaml");
    else add(".plimsoll.yaml", "# As in a repository: profile, select, ignore, severity, build-args.\nprofile: default\n");
  };
  $("naming").onsubmit = named;
  $("naming-stop").onclick = () => {
    $("naming").hidden = true;
    editor.focus();
  };
  $("rename").onclick = () => editor.path !== undefined && askName(editor.path, rename);
  $("remove").onclick = remove;
  $("open-files").onclick = () => $("files").click();
  $("open-folder").onclick = () => $("folder").click();
  for (const input of [$("files"), $("folder")]) {
    input.onchange = () => {
      took(takeFiles([...input.files]));
      input.value = "";
    };
  }
  $("copy-link").onclick = copyLink;
  $("copy-issue").onclick = copyIssue;
  $("profile").onchange = () => linter.configure(setup());
  $("aliases").onchange = () => {
    mark();
    panels.show(report);
  };
  $("more").onchange = () => {
    const path = $("more").value;
    if (path) {
      opened.add(path);
      show(path);
    }
  };
  arrows($("tabs"));
  arrows($("views"));
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", () => document.body.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    took(takeDrop(event.dataTransfer));
  });
  addEventListener("hashchange", () => open(location.hash));
  const examples = await fetch("examples.json").then((response) => response.json()).catch(() => []);
  examples.forEach(({ name }, number) => $("examples").append(el("option", { value: String(number) }, name)));
  $("examples").onchange = () => {
    const example = examples[$("examples").value];
    if (example) {
      history.replaceState(null, "", location.pathname);
      begin(Object.entries(example.files), { profile: "" });
      say([]);
    }
  };
  if (!(await open(location.hash))) begin(Object.entries(examples[0]?.files ?? { Dockerfile: "FROM debian:12\n" }));
  if ("serviceWorker" in navigator && location.protocol !== "file:") {
    navigator.serviceWorker.register("sw.js").catch(() => {});
  }
}

start();

