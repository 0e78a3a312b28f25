// Small things that are drawn: elements, Markdown, differences. Text is only ever put in as text.

/** An element with attributes and children; `on…` are listeners. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const INLINE = /(`+)(.+?)\1|\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((https?:\/\/[^()\s]*)\)|\*\*(.+?)\*\*/g;

/** Words with code, links and emphasis in them. */
export function inline(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[1]) parts.push(el("code", {}, match[2].trim() || match[2]));
    else if (match[4]) parts.push(el("a", { href: match[4], rel: "noreferrer" }, inline(match[3])));
    else parts.push(el("strong", {}, inline(match[5])));
  }
  parts.push(text.slice(at));
  return parts;
}

/** As much Markdown as rules, hovers and containers use. `level` is what a first heading becomes. */
export function markdown(text, level = 3) {
  const blocks = [];
  const lines = text.split("\n");
  const isBlockStart = (line) => /^(#{1,6} |\s*[-*] |```|---$| {4})/.test(line);
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    const heading = /^(#{1,6}) (.*)/.exec(line);
    if (!line.trim()) at += 1;
    else if (heading) {
      blocks.push(el(`h${Math.min(6, heading[1].length + level - 1)}`, {}, inline(heading[2])));
      at += 1;
    } else if (line === "---") {
      blocks.push(el("hr"));
      at += 1;
    } else if (line.startsWith("```") || line.startsWith("    ")) {
      const isFenced = line.startsWith("```");
      const code = [];
      if (isFenced) at += 1;
      while (at < lines.length && (isFenced ? !lines[at].startsWith("```") : lines[at].startsWith("    ") || (!lines[at].trim() && lines[at + 1]?.startsWith("    ")))) {
        code.push(isFenced ? lines[at] : lines[at].slice(4));
        at += 1;
      }
      if (isFenced) at += 1;
      blocks.push(el("pre", { tabindex: "0" }, el("code", {}, code.join("\n"))));
    } else if (/^\s*[-*] /.test(line)) {
      const items = [];
      while (at < lines.length && /^\s*[-*] /.test(lines[at])) {
        let item = lines[at].replace(/^\s*[-*] /, "");
        at += 1;
        while (at < lines.length && lines[at].trim() && !isBlockStart(lines[at])) item += ` ${lines[at++].trim()}`;
        items.push(el("li", {}, inline(item)));
      }
      blocks.push(el("ul", {}, items));
    } else {
      let words = line.trim();
      at += 1;
      while (at < lines.length && lines[at].trim() && !isBlockStart(lines[at])) words += ` ${lines[at++].trim()}`;
      blocks.push(el("p", {}, inline(words)));
    }
  }
  return blocks;
}

/** The lines of two texts that differ, with some around them. Beyond some thousand lines the middle is told as one change. */
export function difference(before, after) {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle = x.length * y.length > 1_000_000 ? [...x.map((line) => ["-", line]), ...y.map((line) => ["+", line])] : aligned(x, y);
  const all = [...a.slice(0, start).map((line) => [" ", line]), ...middle, ...a.slice(a.length - end).map((line) => [" ", line])];
  const isNear = (at) => all.slice(Math.max(0, at - 2), at + 3).some(([mark]) => mark !== " ");
  const shown = [];
  all.forEach((line, at) => {
    if (isNear(at)) shown.push(line);
    else if (shown.length && shown.at(-1)[0] !== "…") shown.push(["…", ""]);
  });
  if (shown.at(-1)?.[0] === "…") shown.pop();
  return shown;
}

/** The longest common lines of both. */
function aligned(x, y) {
  const common = Array.from({ length: x.length + 1 }, () => new Uint32Array(y.length + 1));
  for (let i = x.length - 1; i >= 0; i -= 1) {
    for (let j = y.length - 1; j >= 0; j -= 1) {
      common[i][j] = x[i] === y[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  let [i, j] = [0, 0];
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      lines.push([" ", x[i]]);
      i += 1;
      j += 1;
    } else if (i < x.length && (j >= y.length || common[i + 1][j] >= common[i][j + 1])) lines.push(["-", x[i++]]);
    else lines.push(["+", y[j++]]);
  }
  return lines;
}

/** The difference of two texts, drawn. */
export function drawnDifference({ file, before, after }) {
  const kinds = { "-": "gone", "+": "come", "…": "between" };
  const words = { "-": "removed: ", "+": "added: " };
  const lines = difference(before, after).map(([mark, text]) =>
    el("span", { class: kinds[mark] ?? "same" }, words[mark] && el("span", { class: "hidden" }, words[mark]), `${mark} ${text}\n`),
  );
  return el("figure", { class: "difference" }, el("figcaption", {}, file), el("pre", { tabindex: "0" }, el("code", {}, lines)));
}
