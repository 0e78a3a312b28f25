// The same findings as the command line: the module in Node.js beside the program, on every fixture and on folders of one's own.
//   node tests/e2e/wasm/same.mjs PACKAGE PROGRAM [FOLDER...]
// PACKAGE is what packaging/wasm/build.sh made. Each folder below a FOLDER is a case; of fixtures/rules, each rule.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [packaged, program, ...folders] = process.argv.slice(2).map((argument) => path.resolve(argument));
const root = path.resolve(import.meta.dirname, "../../..");
const { load } = await import(pathToFileURL(path.join(packaged, "node.js")));
const plimsoll = await load();
const today = new Date().toISOString().slice(0, 10);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "plimsoll-same-"));
let findings = 0;
let differences = 0;

/** All files of a folder as bytes; a link is what it leads to. */
function filesOf(folder) {
  const files = new Map();
  const walk = (below) => {
    for (const entry of fs.readdirSync(path.join(folder, below), { withFileTypes: true })) {
      const name = below ? `${below}/${entry.name}` : entry.name;
      const stat = fs.statSync(path.join(folder, name), { throwIfNoEntry: false });
      if (stat?.isFile()) files.set(name, fs.readFileSync(path.join(folder, name)));
      else if (stat?.isDirectory() && !entry.isSymbolicLink()) walk(name);
    }
  };
  walk("");
  return files;
}

/** Line and column as the command line counts them: from 1, in code points. */
function lineColumn(bytes, offset) {
  const before = bytes.subarray(0, offset);
  const start = before.lastIndexOf(10) + 1;
  let line = 1;
  for (const byte of before) line += byte === 10 ? 1 : 0;
  return [line, [...before.subarray(start).toString("utf8")].length + 1];
}

/** What both say of a finding, in one form. */
function ofModule(finding, files) {
  const place = ({ file, bytes }) => {
    const text = files.get(file);
    const [line, column] = lineColumn(text, bytes.start);
    const [endLine, endColumn] = lineColumn(text, bytes.end);
    return { file, line, column, endLine, endColumn };
  };
  // The three ways to tell a place agree.
  const bytes = files.get(finding.file);
  const text = bytes.toString("utf8");
  const told = bytes.subarray(finding.bytes.start, finding.bytes.end).toString("utf8");
  if (text.slice(finding.span.start, finding.span.end) !== told) {
    differences += 1;
    console.error(`${finding.file}: ${finding.rule}: the units are not those of the bytes`);
  }
  return {
    ...place(finding), code: finding.rule, severity: finding.severity, level: finding.level, message: finding.message, help: finding.help,
    service: finding.service, stage: finding.stage, category: finding.category, aliases: finding.aliases, fingerprint: finding.fingerprint,
    related: finding.labels.map((label) => ({ ...place(label), message: label.message })),
    fixes: finding.fixes.map((fix) => ({
      applicability: fix.applicability, message: fix.title,
      edits: fix.edits.map((edit) => ({ ...place(edit), content: edit.text.replaceAll("\r\n", "\n") })),
    })),
  };
}

function ofProgram({ fix, url, stride, cis, cisKubernetes, ...finding }) {
  const content = (edit) => ({ ...edit, content: edit.content.replaceAll("\r\n", "\n") });
  return { ...finding, fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(content) })) };
}

const sorted = (value) => JSON.stringify(value, (_, inner) =>
  inner && typeof inner === "object" && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner);

function compare(name, folder, profile) {
  // A copy, so that nothing above counts for one of them.
  const copy = path.join(scratch, "case");
  fs.rmSync(copy, { recursive: true, force: true });
  fs.cpSync(folder, copy, { recursive: true, dereference: true });
  const output = path.join(scratch, "found.json");
  const env = { PATH: process.env.PATH, HOME: scratch, XDG_CONFIG_HOME: scratch };
  const run = spawnSync(program, ["check", "--profile", profile, "-f", "json", "-o", output, "--quiet", "."], { cwd: copy, env, encoding: "utf8" });
  // Faults of a configuration file are printed and nothing is linted.
  const isRefused = run.status === 2 && !fs.existsSync(output);
  const expected = isRefused ? [] : JSON.parse(fs.readFileSync(output, "utf8")).map(ofProgram).map(sorted);
  fs.rmSync(output, { force: true });
  const files = filesOf(copy);
  const report = plimsoll.lint(files, { options: { profile }, today, root: "case" });
  if (isRefused) {
    if (!report.errors.length) {
      differences += 1;
      console.error(`${name}: refused by the program alone: ${run.stderr}`);
    }
    return;
  }
  const found = report.findings.map((finding) => sorted(ofModule(finding, files)));
  findings += found.length;
  const missing = expected.filter((finding) => !found.includes(finding));
  const more = found.filter((finding) => !expected.includes(finding));
  if (missing.length || more.length || report.failures.length || found.length !== expected.length) {
    differences += 1;
    console.error(`${name}, ${profile}: ${missing.length} missing, ${more.length} more, ${report.failures.length} failures`);
    for (const finding of [...missing.slice(0, 2).map((it) => `- ${it}`), ...more.slice(0, 2).map((it) => `+ ${it}`)]) console.error(`  ${finding}`);
  }
}

function casesOf(folder) {
  const below = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== ".git");
  return below.length ? below.map((entry) => path.join(folder, entry.name)) : [folder];
}

const fixtures = fs.readdirSync(path.join(root, "fixtures")).map((name) => path.join(root, "fixtures", name)).filter((it) => fs.statSync(it).isDirectory());
const cases = [...fixtures, ...folders].flatMap(casesOf);
const started = Date.now();
for (const folder of cases) {
  for (const profile of ["default", "strict", "audit"]) compare(path.relative(root, folder), folder, profile);
}
fs.rmSync(scratch, { recursive: true, force: true });
const version = execFileSync(program, ["--version"], { encoding: "utf8" }).trim();
console.log(`${version}: ${cases.length} folders, three profiles, ${findings} findings, ${differences} differences, ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(differences ? 1 : 0);
