/** How bad a finding is. */
export type Severity = "style" | "low" | "medium" | "high" | "critical";

/** The same, as editors have it. */
export type Level = "style" | "info" | "warning" | "error";

/** How far a fix can be trusted: `display` is shown and never applied, `unsafe` may change what the container does. */
export type Applicability = "display" | "unsafe" | "safe";

/** What a file is. */
export type SourceKind = "dockerfile" | "compose" | "daemon-json" | "systemd-unit" | (string & {});

/** A text, bytes that should be UTF-8, or `null`: the file is there, and what it holds is not told. */
export type Content = string | Uint8Array | ArrayBuffer | null;

/** Options as in `.plimsoll.yaml`: https://github.com/plimsoll-lint/plimsoll/blob/main/docs/schema/config-v1.json is their JSON Schema. */
export interface Options {
  profile?: "default" | "strict" | "audit";
  select?: string[];
  "extend-select"?: string[];
  ignore?: string[];
  severity?: Record<string, Severity | "off">;
  "rules-as-of"?: string;
  preview?: boolean;
  "build-args"?: Record<string, string>;
  "trusted-registries"?: string[];
  [key: string]: unknown;
}

/** How a session is set up. A `.plimsoll.yaml` among the files counts besides, and these have the last word. */
export interface Setup {
  /** As in a configuration file. */
  options?: Options;
  /** The text of a configuration file, in the place of `options`. */
  configuration?: string;
  /** Today, as `2027-01-31`: for comments that accept something until a day. There is no clock in here. */
  today?: string;
  /** The name of the directory that paths start from: that of a project which nothing else names. */
  root?: string;
}

/** From the first unit to before the last. */
export interface Stretch<T> {
  start: T;
  end: T;
}

/** A line and a column, both from 0; columns are units of UTF-16. */
export interface Position {
  line: number;
  character: number;
}

/** A place in a file, told three ways. */
export interface Place {
  file: string;
  /** Units of UTF-16 from the beginning, as strings of JavaScript count. */
  span: Stretch<number>;
  range: Stretch<Position>;
  /** Bytes of UTF-8. */
  bytes: Stretch<number>;
}

/** A further place that explains a finding. */
export interface Label extends Place {
  message: string;
}

/** Puts `text` in the place of what is there. */
export interface Edit extends Place {
  text: string;
}

export interface Fix {
  title: string;
  applicability: Applicability;
  /** They do not overlap. */
  edits: Edit[];
}

export interface Finding extends Place {
  rule: string;
  severity: Severity;
  level: Level;
  message: string;
  help: string | null;
  service: string | null;
  stage: string | null;
  labels: Label[];
  /** The one to prefer first. */
  fixes: Fix[];
  category: string;
  stride: string[];
  /** Recommendations of the CIS Docker Benchmark that it breaks. */
  cis: string[];
  /** What other linters call the rule. */
  aliases: string[];
  url: string;
  /** Whether a comment may accept it. */
  suppressible: boolean;
  /** What recognises it in a later run. */
  fingerprint: string;
}

export interface Message {
  file: string;
  message: string;
}

/** A fault of ours: what was at work, and on which file. It is left out from then on. */
export interface Failure extends Message {
  during: string;
}

export interface Accepted {
  finding: Finding;
  by: "comment" | "configuration";
  reason: string | null;
}

export interface Report {
  /** By file, place and rule. */
  findings: Finding[];
  accepted: Accepted[];
  baselined: Finding[];
  /** What could not be seen, so that nobody takes silence for safety. */
  notes: Message[];
  /** Files that could not be linted at all. */
  unreadable: Message[];
  failures: Failure[];
  /** What is wrong with configuration files. */
  errors: string[];
  /** Files that are called like ours and are none. */
  skipped: Message[];
  /** What was linted. */
  sources: { file: string; kind: SourceKind }[];
  /** The files of which something else may be said than in the report before. */
  changed: string[];
}

export interface Hover extends Place {
  /** Markdown, part by part. */
  parts: string[];
}

export interface Hint extends Place {
  label: string;
  /** Markdown. */
  tooltip: string;
}

export interface Link extends Place {
  target: Place;
}

export interface FileSymbol extends Place {
  name: string;
  detail: string;
  kind: "stage" | "instruction" | "section" | "service" | "attribute";
  children: FileSymbol[];
}

/** A service, or an image that a Dockerfile builds, as it would run. */
export interface Container extends Place {
  name: string;
  isService: boolean;
  /** `runs as root`; empty where it is not known. */
  runsAs: string;
  /** Markdown. */
  description: string;
}

export interface Facts {
  hints: Hint[];
  links: Link[];
  symbols: FileSymbol[];
  containers: Container[];
}

export interface EffectiveProject {
  /** YAML, with the place of every value that is not from the first file; or what Compose refuses. */
  text: string;
  refused: boolean;
}

/** A file with another text. */
export interface Changed {
  file: string;
  before: string;
  after: string;
}

export interface Rule {
  name: string;
  summary: string;
  severity: Severity;
  profile: "default" | "strict" | "opt-in";
  category: string;
  stride: string[];
  references: { kind: string; id: string; versions?: Record<string, string> }[];
  fixable: "never" | "sometimes" | "always";
  applicability: Applicability[];
  since: string;
  preview: boolean;
  changes: { version: string; what: string }[];
  url: string;
}

/** What a name stands for: pages of rules, or why there is none. Both are empty for a name that nobody knows. */
export interface Explained {
  rules: { name: string; markdown: string; url: string }[];
  leftOut: { check: string; why: string } | null;
}

/** The files of a project, and what is found in them. What has not changed is not judged again. */
export interface Session {
  /** Puts a file under a path, `/`-separated and relative. Throws a `TypeError` for text with half a surrogate pair in it. */
  set(path: string, content: Content): void;
  delete(path: string): void;
  rename(from: string, to: string): void;
  paths(): string[];
  text(path: string): string | undefined;
  /** Throws what is wrong with the options; then those before stay. */
  configure(setup: Setup): void;
  report(): Report;
  findings(file: string): Finding[];
  /** What there is to say of a place, as an editor shows it. Offsets are units of UTF-16. */
  hover(file: string, offset: number): Hover | null;
  facts(file: string): Facts;
  definitions(file: string, offset: number): Place[];
  references(file: string, offset: number): Place[];
  /** The project that a file belongs to, as `docker compose config` would print it; `null` when there is none. */
  effectiveProject(file: string): EffectiveProject | null;
  /** Texts after fixes, each of which was verified by linting again. */
  fixAll(what?: { file?: string; atLeast?: "safe" | "unsafe" }): Changed[];
  /** Texts after one fix of a finding, by its index. */
  fixed(finding: Pick<Finding, "file" | "fingerprint">, fix?: number): Changed[];
  /** The text with a comment that accepts a finding. Throws where there is no place for one. */
  accept(finding: Pick<Finding, "file" | "fingerprint">, reason: string, how?: { wholeFile?: boolean }): Changed;
  /** A baseline file that accepts all that is found. */
  baseline(): string;
  free(): void;
  [Symbol.dispose](): void;
  /** How much memory it has, in bytes. */
  readonly memory: number;
}

/** The linter. */
export interface Plimsoll {
  readonly version: string;
  readonly ruleCount: number;
  /** To be sent to a worker, which passes it to its own `load`. */
  readonly module: WebAssembly.Module;
  rules(): Rule[];
  /** Explains a rule, or what another linter calls one. */
  explain(name: string): Explained;
  session(setup?: Setup): Session;
  /** Lints files once. */
  lint(files: Record<string, Content> | Map<string, Content>, setup?: Setup): Report;
}

/** Something in the linter has panicked, and it could not be left out. The session can be asked again. */
export class PlimsollError extends Error {
  during: string;
  file: string;
}

/** Where `plimsoll.wasm` is, or what is in it, or the module that was made of it. */
export type Source = string | URL | Response | BufferSource | WebAssembly.Module | Promise<Response | BufferSource | WebAssembly.Module>;

/**
 * Loads the linter: the module beside the package's own files, or `source`. Bundlers that do not follow
 * `new URL("./plimsoll.wasm", import.meta.url)` are told where `@plimsoll/wasm/plimsoll.wasm` is.
 */
export function load(source?: Source): Promise<Plimsoll>;

/**
 * The bytes of the linter's module, unpacked: for a host that compiles no WebAssembly while it runs. Write them to a file where the program is
 * built, and give `load` the module that the host makes of it.
 */
export function plain(source?: Source): Promise<Uint8Array>;

/** A text after the edits of a fix; with `file`, those of other files are passed by. */
export function applyEdits(text: string, edits: readonly Edit[], file?: string): string;
