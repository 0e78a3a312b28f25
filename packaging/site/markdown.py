"""As much Markdown as our documentation uses: headings, paragraphs, lists, tables, code, links, emphasis. What it does not know it shows as it stands."""

import html
import re

INLINE = re.compile(
    r"(?P<code>`+)(?P<verbatim>.+?)(?<!`)(?P=code)(?!`)"
    r"|\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<target>[^()\s]*)\)"
    r"|<(?P<bare>https?://[^<>\s]+)>"
    r"|\*\*(?P<bold>.+?)\*\*"
    r"|(?<![\w*])\*(?P<soft>[^*\s][^*]*?)\*(?![\w*])"
)


def slug(text):
    """What GitHub makes of a heading, so that links work in both places."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda m: m.group(1) or "", text)
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


class Page:
    """Markdown as HTML. `link` gets what a link says and gives where it goes."""

    def __init__(self, link):
        self.link = link
        self.headings = []
        self.ids = {}

    def inline(self, text):
        out, at = [], 0
        for match in INLINE.finditer(text):
            out.append(html.escape(text[at : match.start()], quote=False))
            at = match.end()
            if match["code"]:
                verbatim = match["verbatim"]
                if verbatim.startswith(" ") and verbatim.endswith(" ") and verbatim.strip():
                    verbatim = verbatim[1:-1]
                out.append(f"<code>{html.escape(verbatim, quote=False)}</code>")
            elif match["words"] is not None:
                out.append(f'<a href="{html.escape(self.link(match["target"]))}">{self.inline(match["words"])}</a>')
            elif match["bare"]:
                out.append(f'<a href="{html.escape(match["bare"])}">{html.escape(match["bare"])}</a>')
            elif match["bold"]:
                out.append(f"<strong>{self.inline(match['bold'])}</strong>")
            else:
                out.append(f"<em>{self.inline(match['soft'])}</em>")
        out.append(html.escape(text[at:], quote=False))
        return "".join(out)

    def heading(self, level, text):
        name = slug(text)
        count = self.ids.get(name, 0)
        self.ids[name] = count + 1
        if count:
            name = f"{name}-{count}"
        self.headings.append((level, name, text))
        return f'<h{level} id="{name}">{self.inline(text)}</h{level}>'

    def table(self, lines):
        cells = lambda line: [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        head, rows = cells(lines[0]), [cells(line) for line in lines[2:]]
        out = ['<div class="wide" tabindex="0" role="group" aria-label="Table"><table>']
        # A table whose heads are empty is a list of pairs: the first column is its head.
        is_pairs = not any(head)
        if not is_pairs:
            out.append("<thead><tr>" + "".join(f"<th>{self.inline(cell)}</th>" if cell else "<td></td>" for cell in head) + "</tr></thead>")
        out.append("<tbody>")
        for row in rows:
            first, rest = row[:1], row[1:]
            tag = '<th scope="row">{}</th>' if is_pairs else "<td>{}</td>"
            out.append("<tr>" + "".join(tag.format(self.inline(c)) for c in first) + "".join(f"<td>{self.inline(c)}</td>" for c in rest) + "</tr>")
        out.append("</tbody></table></div>")
        return "\n".join(out)

    def render(self, text, base=0):
        """HTML of a text whose headings are `base` levels deeper than they say."""
        lines = re.sub(r"<!--.*?-->\n?", "", text, flags=re.S).split("\n")
        return "\n".join(self.blocks(lines, base))

    def blocks(self, lines, base):
        out, at = [], 0
        while at < len(lines):
            line = lines[at]
            stripped = line.strip()
            fence = re.match(r"^(\s*)(`{3,})\s*([\w-]*)", line)
            item = re.match(r"^(\s*)([-*]|\d+\.)\s+(.*)", line)
            if not stripped:
                at += 1
            elif fence:
                indent, marks, language = fence.groups()
                code, at = [], at + 1
                while at < len(lines) and not lines[at].strip().startswith(marks):
                    code.append(lines[at][len(indent) :] if lines[at].startswith(indent) else lines[at].lstrip())
                    at += 1
                at += 1
                label = f' data-language="{language}"' if language else ""
                body = html.escape("\n".join(code), quote=False)
                out.append(f'<pre tabindex="0"{label}><code>{body}</code></pre>')
            elif match := re.match(r"^(#{1,6})\s+(.*)", line):
                out.append(self.heading(min(len(match[1]) + base, 6), match[2].strip()))
                at += 1
            elif stripped.startswith("|") and at + 1 < len(lines) and re.match(r"^\s*\|[\s:|-]+\|\s*$", lines[at + 1]):
                end = at
                while end < len(lines) and lines[end].strip().startswith("|"):
                    end += 1
                out.append(self.table(lines[at:end]))
                at = end
            elif item:
                items, ordered, indent = [], item[2][0].isdigit(), len(item[1])
                while at < len(lines):
                    start = re.match(r"^(\s*)([-*]|\d+\.)\s+(.*)", lines[at])
                    if not start or len(start[1]) != indent or start[2][0].isdigit() != ordered:
                        break
                    inner, width = [start[3]], len(lines[at]) - len(start[3])
                    at += 1
                    while at < len(lines):
                        more = lines[at]
                        deeper = len(more) - len(more.lstrip()) > indent
                        following = lines[at + 1] if at + 1 < len(lines) else ""
                        if not more.strip() and following.strip() and len(following) - len(following.lstrip()) > indent:
                            inner.append("")
                        elif more.strip() and (deeper or not re.match(r"^\s*([-*]|\d+\.)\s|^\s*[#|]|^\s*```", more)):
                            inner.append(more[width:] if more[:width].strip() == "" else more.lstrip())
                        else:
                            break
                        at += 1
                    blocks = self.blocks(inner, base)
                    if blocks and blocks[0].startswith("<p>"):
                        blocks[0] = blocks[0][3:-4]
                    items.append("<li>" + "\n".join(blocks) + "</li>")
                    while at < len(lines) and not lines[at].strip() and at + 1 < len(lines) and re.match(rf"^\s{{{indent}}}([-*]|\d+\.)\s", lines[at + 1]):
                        at += 1
                tag = "ol" if ordered else "ul"
                out.append(f"<{tag}>\n" + "\n".join(items) + f"\n</{tag}>")
            elif stripped.startswith(">"):
                end = at
                while end < len(lines) and lines[end].strip().startswith(">"):
                    end += 1
                inner = [re.sub(r"^\s*>\s?", "", quoted) for quoted in lines[at:end]]
                out.append("<blockquote>\n" + "\n".join(self.blocks(inner, base)) + "\n</blockquote>")
                at = end
            elif line.startswith("    ") and (at == 0 or not lines[at - 1].strip()):
                end = at
                while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
                    end += 1
                code = "\n".join(quoted[4:] for quoted in lines[at:end]).rstrip()
                out.append(f'<pre tabindex="0"><code>{html.escape(code, quote=False)}</code></pre>')
                at = end
            else:
                end = at
                while end < len(lines) and lines[end].strip() and not re.match(r"^(#{1,6}\s|\s*```|\s*\|.*\|\s*$|\s*([-*]|\d+\.)\s+\S)", lines[end]):
                    end += 1
                end = max(end, at + 1)
                out.append("<p>" + self.inline(" ".join(quoted.strip() for quoted in lines[at:end])) + "</p>")
                at = end
        return out
