import * as vscode from "vscode";

/** The scheme of texts that the server makes. */
export const SCHEME = "plimsoll";

/** Texts that are no files: the effective project, debug information. */
export class Pages implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** Shows a text beside what is open; the same name is the same page. */
  async show(name: string, language: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, language);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true });
  }
}

/** Shows a page of HTML. It holds no scripts, and none are let run. */
export function showReport(html: string): void {
  const panel = vscode.window.createWebviewPanel("plimsoll.audit", "Plimsoll: Audit", vscode.ViewColumn.Active, {
    enableScripts: false,
    localResourceRoots: [],
  });
  panel.webview.html = html;
}
