import * as vscode from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  State,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node";

import { Pages, SCHEME, showReport } from "./pages";
import { program } from "./server";

const INSTALL = "https://github.com/plimsoll-lint/plimsoll#install";

/** What the server is asked about. It says nothing of YAML and JSON that is not its own. */
const SELECTOR = ["file", "untitled"].flatMap((scheme) => [
  ...["dockerfile", "dockercompose", "yaml"].map((language) => ({ scheme, language })),
  { scheme, language: "json", pattern: "**/{daemon,docker-compose,compose}.json" },
  { scheme, pattern: "**/{docker,containerd}.{service,socket}" },
  { scheme, pattern: "**/{devcontainer,.devcontainer}.json" },
  { scheme, pattern: "**/{docker-bake*.json,*bake*.hcl}" },
  { scheme, pattern: "**/{*.{container,pod,kube,build,image,volume,network,quadlets},*.{container,pod,kube,build,image,volume,network}.d/*.conf}" },
]);

let client: LanguageClient | undefined;
let log: vscode.LogOutputChannel;
let status: vscode.LanguageStatusItem;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  log = vscode.window.createOutputChannel("Plimsoll", { log: true });
  status = vscode.languages.createLanguageStatusItem("plimsoll", SELECTOR);
  status.name = "Plimsoll";
  status.command = { command: "plimsoll.showLog", title: "Show the log" };
  const pages = new Pages();
  context.subscriptions.push(log, status, vscode.workspace.registerTextDocumentContentProvider(SCHEME, pages));
  const command = (name: string, run: () => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(`plimsoll.${name}`, run));
  command("restart", () => restart(context));
  command("showLog", () => log.show());
  command("showEffectiveProject", () => effectiveProject(pages));
  command("showAuditReport", async () => {
    const page = await ask<{ html: string }>("plimsoll.auditReport", folderOf(vscode.window.activeTextEditor));
    if (page) {
      showReport(page.html);
    }
  });
  command("explainRule", async () => {
    const rule = await vscode.window.showInputBox({ prompt: "A rule, or what another linter calls it", placeHolder: "missing-user, DL3002" });
    if (rule) {
      await ask("plimsoll.explain", rule);
    }
  });
  command("fixFile", () => ask("plimsoll.fixAll", uriOf(vscode.window.activeTextEditor)));
  command("fixWorkspace", () => ask("plimsoll.fixAll"));
  command("writeBaseline", () => ask("plimsoll.baseline", folderOf(vscode.window.activeTextEditor)));
  command("showDebugInformation", async () => {
    const text = await ask<string>("plimsoll.debug");
    await pages.show("debug.txt", "plaintext", text ?? "");
  });
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("plimsoll.path")) {
        void restart(context);
      }
    }),
    vscode.languages.onDidChangeDiagnostics(tellProblems),
    vscode.window.onDidChangeActiveTextEditor(tellProblems),
  );
  await start(context);
}

export function deactivate(): Promise<void> | undefined {
  return client?.stop();
}

async function restart(context: vscode.ExtensionContext): Promise<void> {
  await client?.dispose();
  client = undefined;
  await start(context);
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const found = program({
    configured: vscode.workspace.getConfiguration("plimsoll").get<string>("path", ""),
    extension: context.extensionPath,
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    platform: process.platform,
    searched: process.env["PATH"] ?? "",
  });
  if (found === undefined) {
    status.severity = vscode.LanguageStatusSeverity.Error;
    status.text = "plimsoll not found";
    const choice = await vscode.window.showErrorMessage(
      "Plimsoll: the program `plimsoll` is neither in this extension nor in PATH.",
      "How to Install It",
      "Open Settings",
    );
    if (choice === "How to Install It") {
      await vscode.env.openExternal(vscode.Uri.parse(INSTALL));
    } else if (choice === "Open Settings") {
      await vscode.commands.executeCommand("workbench.action.openSettings", "plimsoll.path");
    }
    return;
  }
  const server: ServerOptions = { command: found, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: SELECTOR,
    outputChannel: log,
    initializationOptions: vscode.workspace.getConfiguration("plimsoll"),
    // What is not named here is off.
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
  };
  client = new LanguageClient("plimsoll", "Plimsoll", server, options);
  client.onDidChangeState((change) => {
    status.busy = change.newState === State.Starting;
    const isRunning = change.newState === State.Running;
    status.severity = isRunning ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Warning;
    status.detail = isRunning ? `version ${client?.initializeResult?.serverInfo?.version ?? "?"}, ${found}` : "not running";
    tellProblems();
  });
  try {
    await client.start();
  } catch (error) {
    log.error(String(error));
    status.severity = vscode.LanguageStatusSeverity.Error;
    status.text = "Plimsoll did not start";
  }
}

/** Says in the status how much was found in the file at hand. */
function tellProblems(): void {
  if (client?.state !== State.Running) {
    status.text = "Plimsoll is not running";
    return;
  }
  const uri = vscode.window.activeTextEditor?.document.uri;
  const found = uri ? vscode.languages.getDiagnostics(uri).filter((it) => it.source === "plimsoll").length : 0;
  status.text = found === 1 ? "1 finding" : `${found} findings`;
}

async function effectiveProject(pages: Pages): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const project = await ask<{ language: string; text: string; refused: boolean }>("plimsoll.effectiveProject", uriOf(editor));
  if (project) {
    await pages.show(project.refused ? "refused.txt" : "effective.compose.yaml", project.language, project.text);
  }
}

function uriOf(editor: vscode.TextEditor | undefined): string | undefined {
  return editor && client?.code2ProtocolConverter.asUri(editor.document.uri);
}

/** The folder that an editor's document is in, or the first. */
function folderOf(editor: vscode.TextEditor | undefined): string | undefined {
  const own = editor && vscode.workspace.getWorkspaceFolder(editor.document.uri);
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  return folder && client?.code2ProtocolConverter.asUri(folder.uri);
}

/** Has the server carry out a command; what it answers. */
async function ask<T>(command: string, argument?: string): Promise<T | undefined> {
  if (client?.state !== State.Running) {
    void vscode.window.showWarningMessage("Plimsoll is not running.");
    return undefined;
  }
  try {
    const params = { command, arguments: argument === undefined ? [] : [argument] };
    return (await client.sendRequest(ExecuteCommandRequest.type, params)) as T;
  } catch (error) {
    void vscode.window.showErrorMessage(`Plimsoll: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
