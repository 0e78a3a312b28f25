// The extension where no program can be started: vscode.dev, and other editors in a browser. The linter is WebAssembly, in the same worker.
import { load, type Edit, type Finding, type Place, type Plimsoll, type Session } from "@plimsoll/wasm";
import * as vscode from "vscode";

import { Pages, SCHEME } from "./pages";

/** How much of a folder is read. */
const MOST_FILES = 3000;
const LARGEST = 1 << 20;
const PASSED_BY = "**/{.git,node_modules,.venv,__pycache__}/**";

const LANGUAGES = ["dockerfile", "dockercompose", "yaml"].map((language) => ({ language }));
const SEVERITIES = ["style", "low", "medium", "high", "critical"];

/** A folder of the workspace, or what stands for one where there is none. */
interface Folder {
  readonly uri: vscode.Uri | undefined;
  session: Session;
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, "out", "plimsoll.wasm"));
  const linter = new Web(await load(new Uint8Array(bytes)));
  context.subscriptions.push(linter);
  linter.register(context);
  await linter.begin();
}

class Web implements vscode.Disposable {
  private folders: Folder[] = [];
  private readonly found = vscode.languages.createDiagnosticCollection("plimsoll");
  private readonly findings = new Map<string, Finding[]>();
  private readonly status = vscode.languages.createLanguageStatusItem("plimsoll", LANGUAGES);
  private readonly log = vscode.window.createOutputChannel("Plimsoll", { log: true });
  private readonly pages = new Pages();
  private due: ReturnType<typeof setTimeout> | undefined;
  private readonly dirty = new Set<Folder>();
  private readonly hintsChanged = new vscode.EventEmitter<void>();

  constructor(private readonly plimsoll: Plimsoll) {
    this.status.name = "Plimsoll";
    this.status.detail = `version ${plimsoll.version}, in the browser`;
    this.status.command = { command: "plimsoll.showLog", title: "Show the log" };
  }

  register(context: vscode.ExtensionContext): void {
    const { workspace, languages, commands } = vscode;
    const command = (name: string, run: (...args: never[]) => unknown) => context.subscriptions.push(commands.registerCommand(`plimsoll.${name}`, run));
    const hover = { provideHover: (document: vscode.TextDocument, at: vscode.Position) => this.hover(document, at) };
    const actions = { provideCodeActions: (document: vscode.TextDocument, range: vscode.Range) => this.actions(document, range) };
    const definitions = { provideDefinition: (document: vscode.TextDocument, at: vscode.Position) => this.definitions(document, at) };
    const hints = {
      onDidChangeInlayHints: this.hintsChanged.event,
      provideInlayHints: (document: vscode.TextDocument, range: vscode.Range) => this.hints(document, range),
    };
    context.subscriptions.push(
      workspace.registerTextDocumentContentProvider(SCHEME, this.pages),
      workspace.onDidOpenTextDocument((document) => this.edit(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.edit(document)),
      workspace.onDidCloseTextDocument((document) => this.reread(document.uri)),
      workspace.onDidChangeWorkspaceFolders(() => this.begin()),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("plimsoll") && this.begin()),
      vscode.window.onDidChangeActiveTextEditor(() => this.tell()),
      languages.registerHoverProvider(LANGUAGES, hover),
      languages.registerCodeActionsProvider(LANGUAGES, actions, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
      languages.registerDefinitionProvider(LANGUAGES, definitions),
      languages.registerInlayHintsProvider(LANGUAGES, hints),
    );
    const watcher = workspace.createFileSystemWatcher("**/*");
    context.subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => this.reread(uri)),
      watcher.onDidChange((uri) => this.reread(uri)),
      watcher.onDidDelete((uri) => this.forget(uri)),
    );
    command("restart", () => this.begin());
    command("showLog", () => this.log.show());
    command("showEffectiveProject", () => this.effectiveProject());
    command("explainRule", () => this.explain());
    command("fixFile", () => this.fixFile());
    command("fixWorkspace", () => this.fixWorkspace());
    command("showDebugInformation", () => this.pages.show("debug.txt", "plaintext", this.debug()));
    for (const name of ["showAuditReport", "writeBaseline"]) {
      command(name, () => vscode.window.showInformationMessage("In the browser there is no report of this kind: the program `plimsoll` has it."));
    }
    command("accept", (finding: Finding, folder: Folder) => this.accept(finding, folder));
  }

  /** Reads the workspace anew. */
  async begin(): Promise<void> {
    this.folders.forEach((folder) => folder.session.free());
    this.found.clear();
    this.findings.clear();
    const uris = vscode.workspace.workspaceFolders?.map((folder) => folder.uri) ?? [];
    try {
      this.folders = [...uris, undefined].map((uri) => ({ uri, session: this.plimsoll.session(this.setup(uri)) }));
    } catch (error) {
      this.folders = [];
      void vscode.window.showErrorMessage(`Plimsoll: ${text(error)}`);
      return;
    }
    this.status.busy = true;
    for (const folder of this.folders) {
      await this.readFolder(folder);
    }
    this.status.busy = false;
    vscode.workspace.textDocuments.forEach((document) => this.edit(document));
  }

  private async readFolder(folder: Folder): Promise<void> {
    if (folder.uri === undefined) {
      return;
    }
    const pattern = new vscode.RelativePattern(folder.uri, "**/*");
    const uris = await vscode.workspace.findFiles(pattern, PASSED_BY, MOST_FILES);
    if (uris.length === MOST_FILES) {
      this.log.warn(`${folder.uri.path}: more than ${MOST_FILES} files; what is beyond was not read`);
    }
    await Promise.all(uris.map((uri) => this.read(folder, uri)));
    this.judge(folder);
  }

  private setup(uri: vscode.Uri | undefined) {
    const settings = vscode.workspace.getConfiguration("plimsoll", uri);
    const options: Record<string, unknown> = {};
    const profile = settings.get<string>("profile", "");
    if (profile !== "") {
      options["profile"] = profile;
    }
    for (const [name, key] of [["select", "select"], ["extendSelect", "extend-select"], ["ignore", "ignore"]] as const) {
      const rules = settings.get<string[]>(name, []);
      if (rules.length > 0) {
        options[key] = rules;
      }
    }
    return { options, today: new Date().toISOString().slice(0, 10), root: uri?.path.split("/").at(-1) ?? "untitled" };
  }

  /** The folder of a document, and its name there. */
  private located(uri: vscode.Uri): { folder: Folder; name: string } | undefined {
    if (uri.scheme === SCHEME || uri.scheme === "output" || uri.scheme === "git") {
      return undefined;
    }
    const inside = (folder: Folder) =>
      folder.uri !== undefined && folder.uri.scheme === uri.scheme && folder.uri.authority === uri.authority && uri.path.startsWith(`${folder.uri.path.replace(/\/$/, "")}/`);
    const folder = this.folders.filter(inside).sort((a, b) => (b.uri?.path.length ?? 0) - (a.uri?.path.length ?? 0))[0];
    if (folder?.uri !== undefined) {
      return { folder, name: uri.path.slice(folder.uri.path.replace(/\/$/, "").length + 1) };
    }
    const loose = this.folders.find((other) => other.uri === undefined);
    return loose && { folder: loose, name: `${uri.scheme}${uri.path}` };
  }

  private uriOf(folder: Folder, name: string): vscode.Uri {
    if (folder.uri !== undefined) {
      return vscode.Uri.joinPath(folder.uri, name);
    }
    const at = name.indexOf("/");
    return vscode.Uri.from({ scheme: name.slice(0, at), path: name.slice(at) });
  }

  private edit(document: vscode.TextDocument): void {
    const located = this.located(document.uri);
    if (located === undefined) {
      return;
    }
    const content = document.getText();
    this.set(located.folder, located.name, content.length > LARGEST ? null : content);
  }

  private async read(folder: Folder, uri: vscode.Uri): Promise<void> {
    const located = this.located(uri);
    if (located?.folder !== folder) {
      return;
    }
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      this.set(folder, located.name, size > LARGEST ? null : await vscode.workspace.fs.readFile(uri));
    } catch (error) {
      this.log.debug(`${uri.path}: ${text(error)}`);
    }
  }

  private async reread(uri: vscode.Uri): Promise<void> {
    const located = this.located(uri);
    const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString() && !document.isClosed);
    if (located === undefined || isOpen || /\/(\.git|node_modules)\//.test(uri.path)) {
      return;
    }
    if (located.folder.uri === undefined) {
      this.forget(uri);
    } else {
      await this.read(located.folder, uri);
    }
  }

  private forget(uri: vscode.Uri): void {
    const located = this.located(uri);
    if (located !== undefined) {
      located.folder.session.delete(located.name);
      this.later(located.folder);
    }
  }

  private set(folder: Folder, name: string, content: string | Uint8Array | null): void {
    try {
      folder.session.set(name, content);
    } catch (error) {
      this.log.error(text(error));
    }
    this.later(folder);
  }

  /** What is typed in one go is judged together. */
  private later(folder: Folder): void {
    this.dirty.add(folder);
    this.due ??= setTimeout(() => {
      this.due = undefined;
      const folders = [...this.dirty].filter((it) => this.folders.includes(it));
      this.dirty.clear();
      folders.forEach((it) => this.judge(it));
    }, 20);
  }

  private judge(folder: Folder): void {
    if (!vscode.workspace.getConfiguration("plimsoll", folder.uri).get("enable", true)) {
      return;
    }
    const least = vscode.workspace.getConfiguration("plimsoll", folder.uri).get<string>("minSeverity", "");
    try {
      const report = folder.session.report();
      [...report.errors, ...report.failures.map((it) => `${it.during}: ${it.message}`)].forEach((message) => this.log.error(message));
      const byFile = new Map<string, Finding[]>(report.changed.map((file) => [file, []]));
      for (const finding of report.findings) {
        if (SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(least)) {
          byFile.get(finding.file)?.push(finding);
        }
      }
      for (const [file, findings] of byFile) {
        const uri = this.uriOf(folder, file);
        this.findings.set(uri.toString(), findings);
        this.found.set(uri, findings.map((finding) => this.diagnostic(folder, finding)));
      }
      this.hintsChanged.fire();
      this.tell();
    } catch (error) {
      this.log.error(text(error));
    }
  }

  private diagnostic(folder: Folder, finding: Finding): vscode.Diagnostic {
    const { Error, Warning, Information, Hint } = vscode.DiagnosticSeverity;
    const severity = { error: Error, warning: Warning, info: Information, style: Hint }[finding.level];
    const diagnostic = new vscode.Diagnostic(range(finding), finding.message, severity);
    diagnostic.source = "plimsoll";
    diagnostic.code = { value: finding.rule, target: vscode.Uri.parse(finding.url) };
    diagnostic.relatedInformation = finding.labels
      .slice(0, 20)
      .map((label) => new vscode.DiagnosticRelatedInformation(new vscode.Location(this.uriOf(folder, label.file), range(label)), label.message));
    return diagnostic;
  }

  /** Answers of the linter; nothing where it has none. */
  private ask<T>(document: vscode.TextDocument, question: (session: Session, name: string, folder: Folder) => T): T | undefined {
    const located = this.located(document.uri);
    try {
      return located && question(located.folder.session, located.name, located.folder);
    } catch (error) {
      this.log.debug(text(error));
      return undefined;
    }
  }

  private hover(document: vscode.TextDocument, at: vscode.Position): vscode.Hover | undefined {
    const hover = this.ask(document, (session, name) => session.hover(name, document.offsetAt(at)));
    return hover ? new vscode.Hover(hover.parts.map((part) => new vscode.MarkdownString(part)), range(hover)) : undefined;
  }

  private definitions(document: vscode.TextDocument, at: vscode.Position): vscode.Location[] | undefined {
    return this.ask(document, (session, name, folder) =>
      session.definitions(name, document.offsetAt(at)).map((place) => new vscode.Location(this.uriOf(folder, place.file), range(place))),
    );
  }

  private hints(document: vscode.TextDocument, within: vscode.Range): vscode.InlayHint[] | undefined {
    if (!vscode.workspace.getConfiguration("plimsoll").get("inlayHints", true)) {
      return [];
    }
    return this.ask(document, (session, name) =>
      session
        .facts(name)
        .hints.map((it) => {
          const hint = new vscode.InlayHint(range(it).start, it.label);
          hint.tooltip = new vscode.MarkdownString(it.tooltip);
          hint.paddingLeft = true;
          return hint;
        })
        .filter((hint) => within.contains(hint.position)),
    );
  }

  private actions(document: vscode.TextDocument, at: vscode.Range): vscode.CodeAction[] {
    const located = this.located(document.uri);
    const findings = this.findings.get(document.uri.toString()) ?? [];
    if (located === undefined) {
      return [];
    }
    return findings
      .filter((finding) => range(finding).intersection(at) !== undefined)
      .slice(0, 40)
      .flatMap((finding) => {
        const diagnostics = [this.diagnostic(located.folder, finding)];
        const fixes = finding.fixes.filter((fix) => fix.edits.length > 0 && fix.applicability !== "display");
        const made = fixes.map((fix, number) => {
          const action = new vscode.CodeAction(`${fix.title} (${finding.rule})`, vscode.CodeActionKind.QuickFix);
          action.edit = this.edits(located.folder, fix.edits);
          action.isPreferred = number === 0 && fix.applicability === "safe";
          return action;
        });
        if (finding.suppressible) {
          const accept = new vscode.CodeAction(`Accept here with a comment (${finding.rule})`, vscode.CodeActionKind.QuickFix);
          accept.command = { command: "plimsoll.accept", title: "Accept", arguments: [finding, located.folder] };
          made.push(accept);
        }
        made.forEach((action) => (action.diagnostics = diagnostics));
        return made;
      });
  }

  private edits(folder: Folder, edits: readonly Edit[]): vscode.WorkspaceEdit {
    const all = new vscode.WorkspaceEdit();
    edits.forEach((edit) => all.replace(this.uriOf(folder, edit.file), range(edit), edit.text));
    return all;
  }

  private async accept(finding: Finding, folder: Folder): Promise<void> {
    const reason = await vscode.window.showInputBox({ prompt: `Why is ${finding.rule} accepted here?` });
    if (reason === undefined) {
      return;
    }
    try {
      await this.change(folder, [folder.session.accept(finding, reason)]);
    } catch (error) {
      void vscode.window.showErrorMessage(`Plimsoll: ${text(error)}`);
    }
  }

  /** Gives files other texts, as one edit that can be taken back. */
  private async change(folder: Folder, changes: readonly { file: string; after: string }[]): Promise<void> {
    const all = new vscode.WorkspaceEdit();
    for (const { file, after } of changes) {
      const document = await vscode.workspace.openTextDocument(this.uriOf(folder, file));
      all.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), after);
    }
    await vscode.workspace.applyEdit(all);
  }

  private async fixFile(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const located = document && this.located(document.uri);
    if (located) {
      await this.change(located.folder, located.folder.session.fixAll({ file: located.name }));
    }
  }

  private async fixWorkspace(): Promise<void> {
    for (const folder of this.folders) {
      await this.change(folder, folder.session.fixAll());
    }
  }

  private async effectiveProject(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const project = document && this.ask(document, (session, name) => session.effectiveProject(name));
    if (project) {
      await this.pages.show(project.refused ? "refused.txt" : "effective.compose.yaml", project.refused ? "plaintext" : "yaml", project.text);
    } else {
      void vscode.window.showInformationMessage("Plimsoll: this file is part of no Compose project.");
    }
  }

  private async explain(): Promise<void> {
    const name = await vscode.window.showInputBox({ prompt: "A rule, or what another linter calls it", placeHolder: "missing-user, DL3002" });
    if (name === undefined || name === "") {
      return;
    }
    const { rules, leftOut } = this.plimsoll.explain(name);
    const left = leftOut ? `No rule here: ${leftOut.check}.\n\n${leftOut.why}\n` : `No rule is called ${name}.\n`;
    await this.pages.show("rule.md", "markdown", rules.map((rule) => rule.markdown).join("\n") || left);
  }

  private debug(): string {
    const folders = this.folders.map(({ uri, session }) => `${uri?.toString() ?? "files in no folder"}: ${session.paths().length} files, ${session.memory} bytes of memory`);
    return [`plimsoll ${this.plimsoll.version} as WebAssembly`, ...folders, ""].join("\n");
  }

  /** Says in the status how much was found in the file at hand. */
  private tell(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const count = (uri && this.findings.get(uri.toString())?.length) ?? 0;
    this.status.text = count === 1 ? "1 finding" : `${count} findings`;
  }

  dispose(): void {
    clearTimeout(this.due);
    this.folders.forEach((folder) => folder.session.free());
    [this.found, this.status, this.log, this.hintsChanged].forEach((it) => it.dispose());
  }
}

function range({ range: { start, end } }: Pick<Place, "range">): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
