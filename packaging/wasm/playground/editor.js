// The editor: CodeMirror, with what the linter says in the text.
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, hoverTooltip } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";

import { el, markdown } from "./draw.js";

/** The most that is marked in one text. */
const MOST = 1000;

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.comment, tags.meta], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.atom, tags.null], color: "var(--medium)" },
  { tag: [tags.definition(tags.propertyName), tags.propertyName, tags.variableName, tags.labelName], color: "var(--mark)" },
  { tag: [tags.typeName, tags.special(tags.variableName)], color: "var(--critical)" },
]);

const THEME = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)", height: "100%", fontSize: ".9rem" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace', lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "transparent", boxShadow: "inset 3px 0 var(--line)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--code)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": { backgroundColor: "var(--chosen) !important" },
  ".cm-selectionMatch": { backgroundColor: "var(--code)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code)", outline: "1px solid var(--soft)" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: "8px", maxWidth: "min(38rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--mark)", color: "var(--paper)" },
  ".hover": { padding: ".4rem .8rem", font: '.92rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif' },
  ".hover p, .hover ul, .hover pre": { margin: ".3rem 0" },
  ".hover a": { color: "var(--link)" },
  ".hover code": { backgroundColor: "var(--code)", borderRadius: "4px", padding: ".05em .3em", fontSize: ".88em" },
  ".hover hr": { border: "0", borderTop: "1px solid var(--line)" },
  ".cm-content:focus-visible, .cm-content:focus": { outline: "none" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "-3px" },
  ".cm-tooltip-hover": { maxHeight: "22rem", overflow: "auto" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--mark)", color: "var(--paper)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--code)", color: "var(--ink)", borderColor: "var(--line)" },
});

const MARKS = { error: "error", warning: "warning", info: "info", style: "hint" };

/** One editor for all files; each keeps its own state. */
export class Editor {
  #view;
  #states = new Map();
  #path;

  /** `heard(path, text)` on every change; `hover(path, offset)` asks the linter. */
  constructor(parent, { heard, hover }) {
    this.heard = heard;
    this.hover = hover;
    // In a shadow, CodeMirror's styles are sheets that the page adopts, which a policy without inline styles allows.
    const root = parent.attachShadow({ mode: "open" });
    const inner = root.appendChild(el("div", { id: "inner" }));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("#inner { height: 100%; }");
    root.adoptedStyleSheets = [sheet];
    this.#view = new EditorView({ parent: inner, root, state: EditorState.create({ doc: "" }) });
    // What is too wide is reached with the keyboard, too.
    this.#view.scrollDOM.tabIndex = 0;
  }

  get path() {
    return this.#path;
  }

  /** Shows a file; `text` is what it holds where it was not shown before. */
  show(path, text) {
    if (this.#path !== undefined) this.#states.set(this.#path, this.#view.state);
    this.#path = path;
    this.#view.setState(this.#states.get(path) ?? this.#state(path, text));
  }

  /** Shows nothing of any file any more. */
  clear() {
    this.#states.clear();
    this.#path = undefined;
    this.#view.setState(EditorState.create({ doc: "", extensions: [EditorState.readOnly.of(true), THEME, EditorView.contentAttributes.of({ "aria-label": "No file" })] }));
  }

  forget(path) {
    this.#states.delete(path);
    if (this.#path === path) this.#path = undefined;
  }

  /** Gives a file another text as one change, which can be taken back. */
  replace(path, text) {
    if (path !== this.#path) {
      this.#states.delete(path);
      return;
    }
    const before = this.#view.state.sliceDoc();
    let start = 0;
    while (start < before.length && start < text.length && before[start] === text[start]) start += 1;
    let end = 0;
    while (end < before.length - start && end < text.length - start && before.at(-1 - end) === text.at(-1 - end)) end += 1;
    const position = this.#places(before);
    this.#view.dispatch({
      changes: { from: position(start), to: position(before.length - end), insert: this.#view.state.toText(text.slice(start, text.length - end)) },
      scrollIntoView: true,
    });
  }

  /** Marks what was found in the file that is shown. `actions(finding)` are its buttons. */
  mark(findings, { actions, name }) {
    const { doc } = this.#view.state;
    const diagnostics = findings.slice(0, MOST).map((finding) => {
      let [from, to] = [this.#at(finding.range.start), this.#at(finding.range.end)];
      // Nothing is seen of a place without a letter.
      if (from === to) to = Math.min(doc.lineAt(from).to, from + 1);
      return {
        from,
        to,
        severity: MARKS[finding.level],
        source: name(finding),
        message: finding.message,
        renderMessage: () => el("span", {}, finding.message, " ", el("b", {}, `[${name(finding)}]`)),
        actions: actions(finding),
      };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Goes to a place of the file that is shown. */
  go(range) {
    const [anchor, head] = [this.#at(range.start), this.#at(range.end)];
    this.#view.dispatch({ selection: { anchor, head: Math.min(head, this.#view.state.doc.lineAt(anchor).to) }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.#view.focus();
  }

  focus() {
    this.#view.focus();
  }

  /** A line and a column as the document counts. */
  #at({ line, character }) {
    const { doc } = this.#view.state;
    if (line + 1 > doc.lines) return doc.length;
    const { from, to } = doc.line(line + 1);
    return Math.min(from + character, to);
  }

  /** From units of the text to those of the document, in which every end of a line is one. */
  #places(text) {
    const isCrlf = text.includes("\r\n");
    return (offset) => (isCrlf ? offset - (text.slice(0, offset).match(/\r\n/g)?.length ?? 0) - (text[offset - 1] === "\r" && text[offset] === "\n" ? 1 : 0) : offset);
  }

  #state(path, text) {
    const ends = text.includes("\r\n") ? [EditorState.lineSeparator.of("\r\n")] : [];
    return EditorState.create({
      doc: text,
      extensions: [
        basicSetup,
        lintGutter(),
        ends,
        language(path),
        syntaxHighlighting(COLOURS),
        THEME,
        EditorView.contentAttributes.of({ "aria-label": path, "aria-describedby": "editor-help" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.heard(path, update.state.sliceDoc());
        }),
        hoverTooltip((view, at) => this.#tooltip(path, view, at)),
      ],
    });
  }

  async #tooltip(path, view, at) {
    const { doc } = view.state;
    const line = doc.lineAt(at);
    const ends = view.state.lineBreak.length;
    const offset = at + (line.number - 1) * (ends - 1);
    const hover = await this.hover(path, offset).catch(() => null);
    if (!hover || view.state.doc !== doc) return null;
    return {
      pos: this.#at(hover.range.start),
      end: Math.max(this.#at(hover.range.end), at),
      create: () => {
        const parts = hover.parts.flatMap((part, number) => [number ? el("hr") : undefined, ...markdown(part, 4)]);
        return { dom: el("div", { class: "hover" }, parts) };
      },
    };
  }
}

function language(path) {
  const name = path.split("/").at(-1).toLowerCase();
  if (/\.(ya?ml)$/.test(name)) return yaml();
  if (/dockerfile|containerfile/.test(name)) return StreamLanguage.define(dockerFile);
  if (/\.(sh|bash)$/.test(name)) return StreamLanguage.define(shell);
  if (/\.env|\.service$|\.socket$|\.conf$/.test(name)) return StreamLanguage.define(properties);
  return [];
}
