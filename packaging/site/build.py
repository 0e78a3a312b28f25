#!/usr/bin/env python3
"""Builds the documentation site: `packaging/site/build.py --program target/debug/plimsoll OUT`. Needs Python 3.9 and nothing else.

A page for each file of docs/, one for each rule with its examples from fixtures/, one for each name that another linter has for a rule, and a search over all of them. Every link
inside is followed when all is written, and one that leads nowhere is an error. With `--playground`, what packaging/wasm/playground/build.sh made is part of it, and examples can be tried.
"""

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from markdown import Page
from playground import Tried, examples

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REPOSITORY = "https://github.com/plimsoll-lint/plimsoll"

# The order of the pages, and what they are called in the navigation.
PAGES = [
    ("Begin", [("install", "Installing"), ("guides/first-hour", "The first hour"), ("guides/monorepo", "A monorepo"),
               ("guides/hardening", "Hardening a Compose project"), ("guides/migrating", "Coming from another linter")]),
    ("Use", [("configuration", "Configuration"), ("suppressions", "Suppressions"), ("baseline", "Baselines"), ("rule-sets", "Upgrading"),
             ("fixes", "Fixes"), ("outputs", "Output formats"), ("ci", "Continuous integration"), ("editors", "Editors"), ("browser", "In the browser"), ("audit", "Audits")]),
    ("Know", [("files", "Which files"), ("host-files", "Files of the host"), ("shell", "Shell scripts"), ("accuracy", "Accuracy"),
              ("performance", "Performance"), ("left-out", "What was left out")]),
]
CATEGORIES = {"supply-chain": "Supply chain"}


def escape(text):
    return html.escape(str(text), quote=True)


class Site:
    def __init__(self, program, out, playground=None):
        self.program, self.out = program, Path(out)
        # Without the playground there is nothing to try examples in.
        self.playground = playground and Path(playground)
        self.tried = Tried(program) if playground else None
        self.rules = json.loads(self.run("rules", "-f", "json"))
        self.by_name = {rule["name"]: rule for rule in self.rules}
        self.search = []
        self.version = self.run("--version").split()[1]

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], check=True, capture_output=True, text=True).stdout

    def write(self, path, title, body, headings=(), description=""):
        """A page around a body. `path` is from the root of the site."""
        up = "../" * path.count("/")
        navigation = []
        for group, pages in PAGES:
            items = "".join(
                f'<li><a href="{up}{page}.html"{" aria-current=page" if path == page + ".html" else ""}>{escape(name)}</a></li>' for page, name in pages
            )
            navigation.append(f"<h2>{group}</h2><ul>{items}</ul>")
        rules = [("rules/index.html", "All rules"), ("changes.html", "Changes by rule")]
        items = "".join(f'<li><a href="{up}{page}"{" aria-current=page" if path == page else ""}>{name}</a></li>' for page, name in rules)
        navigation.append(f"<h2>Rules</h2><ul>{items}</ul>")
        if self.tried:
            navigation.append(f'<h2>Try</h2><ul><li><a href="{up}playground/index.html">Playground</a></li></ul>')
        inside = [(name, text) for level, name, text in headings if level == 2]
        contents = ""
        if len(inside) > 2:
            links = "".join(f'<li><a href="#{name}">{Page(str).inline(text)}</a></li>' for name, text in inside)
            contents = f'<nav class="contents" aria-label="On this page"><ul>{links}</ul></nav>'
        page = (HERE / "page.html").read_text(encoding="utf-8")
        values = {"title": escape(title), "up": up, "navigation": "\n".join(navigation), "contents": contents, "body": body,
                  "description": escape(description or title), "version": self.version, "repository": REPOSITORY}
        page = re.sub(r"\{\{(\w+)\}\}", lambda match: values[match.group(1)], page)
        target = self.out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page, encoding="utf-8")

    def link(self, source):
        """Where a link in a file of the repository goes, from the page that is made of the file."""
        def resolve(target):
            if re.match(r"^[a-z]+:", target) or target.startswith("#"):
                return target
            path, _, fragment = target.partition("#")
            file = os.path.normpath(os.path.join(os.path.dirname(source), path))
            here = os.path.dirname(source.removeprefix("docs/"))
            if file == "rules.md":
                place = f"rules/{fragment}.html" if fragment in self.by_name else "rules/index.html"
                return os.path.relpath(place, here or ".")
            if file == "README.md":
                return os.path.relpath("index.html", here or ".")
            if file.startswith("docs/") and file.endswith(".md"):
                place = os.path.relpath(file.removeprefix("docs/")[:-3] + ".html", here or ".")
                return place + (f"#{fragment}" if fragment else "")
            if not (ROOT / file).exists():
                raise SystemExit(f"{source}: the link to {target} leads nowhere")
            kind = "tree" if (ROOT / file).is_dir() else "blob"
            return f"{REPOSITORY}/{kind}/main/{file}" + (f"#{fragment}" if fragment else "")

        return resolve

    def document(self, source, place):
        text = (ROOT / source).read_text(encoding="utf-8")
        page = Page(self.link(source))
        body = page.render(text)
        if self.tried:
            body = self.tried.of_page(body, "../" * place.count("/"))
        title = page.headings[0][2] if page.headings else place
        self.write(place, title, body, page.headings)
        self.search.append({"t": title, "u": place, "k": "guide" if "guides/" in place else "page"})
        for level, name, heading in page.headings[1:]:
            if level <= 3:
                self.search.append({"t": f"{title}: {heading}".replace("`", ""), "u": f"{place}#{name}", "k": "section"})

    def home(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        page = Page(self.link("README.md"))
        # Links of the README are from the root of the repository, which is the root of the site as well.
        body = page.render(text.split("\n## Reading on")[0])
        if self.tried:
            body = self.tried.of_page(body, "")
        self.write("index.html", "Plimsoll", body, page.headings, "A linter for Dockerfiles and Compose files")

    def example(self, rule, kind):
        """The example that rules.md shows: one file."""
        for name, language in [(f"{kind}.Dockerfile", "Dockerfile"), (f"{kind}.compose.yaml", "Compose file"), (f"{kind}.daemon.json", "daemon.json"),
                               (f"{kind}.docker.service", "unit")]:
            file = ROOT / "fixtures/rules" / rule / name
            if file.exists():
                text = file.read_text(encoding="utf-8", errors="replace").rstrip()
                said = ""
                snapshot = file.with_name(file.name + ".snap")
                if kind == "bad" and snapshot.exists():
                    content = snapshot.read_text(encoding="utf-8", errors="replace").split("---\n", 2)[-1].rstrip()
                    said = f'<details><summary>What Plimsoll says of it</summary><pre tabindex="0"><code>{escape(content)}</code></pre></details>'
                tried = self.tried.of_rule(rule, kind, file) if self.tried else ""
                return f'<pre tabindex="0" data-language="{language}"><code>{escape(text)}</code></pre>{tried}{said}'
        return ""

    def others(self, rule):
        """What other linters call it."""
        skip = {"cis", "cwe", "owasp", "nist", "url"}
        return [(reference["kind"], reference["id"]) for reference in rule["references"] if reference["kind"] not in skip]

    def rule(self, rule):
        name = rule["name"]
        text = self.run("rule", name, "-f", "markdown")
        page = Page(self.link("docs/rules/x.md"))
        title, summary, _, rest = (text.split("\n\n", 3) + [""] * 4)[:4]
        stride = ", ".join(word.replace("-", " ") for word in rule["stride"])
        badges = [("severity " + rule["severity"], rule["severity"]), ("", f"{rule['profile']} profile"), ("", rule["category"].replace("-", " "))]
        if rule["fixable"] != "never":
            badges.append(("good", "fixable" if rule["fixable"] == "always" else "fixable in part"))
        if rule["preview"]:
            badges.append(("", "preview"))
        body = [f'<p class="crumb"><a href="index.html">Rules</a> / {escape(rule["category"].replace("-", " "))}</p>', f'<h1 id="{name}">{name}</h1>',
                f'<p class="lead">{page.inline(summary)}</p>', '<p class="badges">' + "".join(f'<span class="badge {c}">{escape(w)}</span>' for c, w in badges) + "</p>"]
        body.append(page.render(rest, base=0))
        bad, good = self.example(name, "bad"), self.example(name, "good")
        if bad or good:
            page.headings.append((2, "example", "Example"))
            body.append('<h2 id="example">Example</h2>')
            if bad:
                body.append("<h3>Found</h3>" + bad)
            if good:
                body.append("<h3>Not found</h3>" + good)
        others = self.others(rule)
        facts = [("Since", escape(rule["since"]) + "".join(f"; changed in {escape(c['version'])}: {escape(c['what'])}" for c in rule["changes"]))]
        if stride:
            facts.append(("Stops", escape(stride)))
        cis = [f"{r['id']}" for r in rule["references"] if r["kind"] == "cis"]
        if cis:
            facts.append(("CIS Docker Benchmark", escape(", ".join(cis)) + " (1.8.0)"))
        more = [r["id"] for r in rule["references"] if r["kind"] in ("cwe", "owasp", "nist")]
        if more:
            facts.append(("Also", escape(", ".join(more))))
        if others:
            facts.append(("Elsewhere", ", ".join(f"{escape(kind)} <code>{escape(id)}</code>" for kind, id in others)))
        facts.append(("Accept it", f"<code># plimsoll: ignore[{name}] why</code> on the line or above it (<a href=\"../suppressions.html\">more</a>)"))
        facts.append(("Configure it", f"<code>severity: {{{name}: low}}</code>, or <code>off</code> (<a href=\"../configuration.html\">more</a>)"))
        source = f"crates/lint-core/src/rules/{rule['category'].replace('-', '_')}/{name.replace('-', '_')}.rs"
        places = [f'<a href="{REPOSITORY}/issues?q=%22{name}%22">issues</a>']
        if (ROOT / source).exists():
            places.insert(0, f'<a href="{REPOSITORY}/blob/main/{source}">source</a>')
        if (ROOT / "fixtures/rules" / name).is_dir():
            places.insert(1, f'<a href="{REPOSITORY}/tree/main/fixtures/rules/{name}">every case it is tested with</a>')
        facts.append(("See", ", ".join(places)))
        body.append('<h2 id="facts">Facts</h2><div class="wide" tabindex="0" role="group" aria-label="Facts"><table><tbody>')
        body.extend(f'<tr><th scope="row">{head}</th><td>{cell}</td></tr>' for head, cell in facts)
        body.append("</tbody></table></div>")
        self.write(f"rules/{name}.html", name, "\n".join(body), page.headings, re.sub(r"`", "", summary))
        aliases = [id for _, id in others] + [f"CIS {id}" for id in cis]
        self.search.append({"t": name, "s": summary.replace("`", ""), "u": f"rules/{name}.html", "k": "rule", "a": aliases})

    def index(self):
        body = ['<h1 id="rules">Rules</h1>', f"<p>{len(self.rules)} rules. Type a word, a rule's name, or what another linter calls it.</p>",
                '<p><label for="filter">Filter</label> <input id="filter" type="search" autocomplete="off"> <span id="filtered" role="status"></span></p>']
        categories = []
        for rule in self.rules:
            if rule["category"] not in categories:
                categories.append(rule["category"])
        headings = []
        for category in categories:
            name = CATEGORIES.get(category, category.capitalize())
            headings.append((2, category, name))
            body.append(f'<section class="rules"><h2 id="{category}">{name}</h2><div class="wide" tabindex="0" role="group" aria-label="{name}"><table><thead><tr><th>Rule</th><th>Severity</th><th>Profile</th><th>What it finds</th></tr></thead><tbody>')
            for rule in (rule for rule in self.rules if rule["category"] == category):
                words = " ".join([rule["name"], rule["summary"]] + [f"{kind} {id}" for kind, id in self.others(rule)] + [f"CIS-{r['id']}" for r in rule["references"] if r["kind"] == "cis"])
                body.append(f'<tr data-words="{escape(words.lower())}"><td><a href="{rule["name"]}.html">{rule["name"]}</a></td><td><span class="severity {rule["severity"]}">{rule["severity"]}</span></td>'
                            f'<td>{rule["profile"]}</td><td>{Page(str).inline(rule["summary"])}</td></tr>')
            body.append("</tbody></table></div></section>")
        self.write("rules/index.html", "Rules", "\n".join(body), headings)

    def aliases(self):
        """A page for each name that another linter has for a rule, so that its address can be guessed."""
        names = {}
        for rule in self.rules:
            for kind, id in self.others(rule):
                if re.fullmatch(r"[A-Za-z][\w.-]*", id) and id not in self.by_name:
                    names.setdefault(id, (kind, []))[1].append(rule)
        for id, (kind, rules) in names.items():
            items = "".join(f'<li><a href="{rule["name"]}.html">{rule["name"]}</a>: {Page(str).inline(rule["summary"])}</li>' for rule in rules)
            self.write(f"rules/{id}.html", f"{id} of {kind}", f'<h1 id="{escape(id)}">{escape(id)}</h1><p>What {escape(kind)} calls {escape(id)} is found here by:</p><ul>{items}</ul>')
        return names

    def left_out(self):
        """Names that no rule answers to, with the reason."""
        text = (ROOT / "crates/lint-core/data/other-linters.txt").read_text(encoding="utf-8")
        reasons, key = {}, None
        for line in text.splitlines():
            if match := re.match(r"^why (\S+)", line):
                key = match[1]
            elif line.startswith("    ") and key:
                reasons.setdefault(key, []).append(line.strip())
            elif match := re.match(r"^([a-z-]+) (\S+) ([a-z-]+)$", line):
                if match[3] in reasons:
                    what, why = (reasons[match[3]] + [""])[:2]
                    self.search.append({"t": match[2], "s": f"left out: {what}. {why}".replace("`", ""), "u": "left-out.html", "k": match[1]})

    def changes(self):
        text = "# Changes by rule\n\nWhat each version brought. `rules-as-of` keeps to the rules of one: [upgrading without surprises](rule-sets.md).\n\n"
        text += re.sub(r"\]\(https://[^)]*#([a-z0-9-]+)\)", r"](../rules.md#\1)", self.run("rules", "--since", "0.0.0", "-f", "markdown"))
        page = Page(self.link("docs/changes.md"))
        self.write("changes.html", "Changes by rule", page.render(text), page.headings)

    def build(self):
        shutil.rmtree(self.out, ignore_errors=True)
        for name in ["site.css", "site.js"]:
            self.out.mkdir(parents=True, exist_ok=True)
            shutil.copy(HERE / name, self.out / name)
        # A page that is in no group yet comes last.
        listed = {page for _, pages in PAGES for page, _ in pages} | {"guides"}
        for file in sorted((ROOT / "docs").rglob("*.md")):
            place = file.relative_to(ROOT / "docs").as_posix()[:-3]
            if place not in listed:
                PAGES[-1][1].append((place, file.read_text(encoding="utf-8").split("\n")[0].lstrip("# ")))
        for file in sorted((ROOT / "docs").rglob("*.md")):
            place = file.relative_to(ROOT / "docs").as_posix()[:-3]
            self.document(f"docs/{place}.md", f"{place}.html")
        self.home()
        self.index()
        for rule in self.rules:
            self.rule(rule)
        self.aliases()
        self.left_out()
        self.changes()
        if self.playground:
            shutil.copytree(self.playground, self.out / "playground")
            (self.out / "playground/examples.json").write_text(json.dumps(examples(ROOT), ensure_ascii=False), encoding="utf-8")
            self.search.append({"t": "Playground", "s": "Try it in the browser: nothing leaves the page", "u": "playground/index.html", "k": "page"})
        (self.out / "search.js").write_text("window.SEARCH = " + json.dumps(self.search, separators=(",", ":")) + ";\n", encoding="utf-8")
        (self.out / ".nojekyll").write_text("", encoding="utf-8")
        return self.check()

    def check(self):
        """Follows every link inside; the number of those that lead nowhere."""
        pages = {path.relative_to(self.out).as_posix(): path.read_text(encoding="utf-8") for path in self.out.rglob("*.html")}
        ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
        broken = 0
        targets = [(name, html.unescape(target)) for name, text in pages.items() for target in re.findall(r'\b(?:href|src)="([^"]*)"', text)]
        targets += [("search.js", entry["u"]) for entry in self.search]
        for name, target in targets:
            if re.match(r"^[a-z]+:", target):
                continue
            path, _, fragment = target.partition("#")
            place = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            exists = place in pages or (self.out / place).is_file()
            is_project = place == "playground/index.html" and fragment.startswith("p=")
            if not exists or (fragment and place in ids and fragment not in ids[place] and not is_project):
                print(f"{name}: the link to {target} leads nowhere", file=sys.stderr)
                broken += 1
        print(f"{len(pages)} pages, {len(targets)} links followed, {broken} broken")
        return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--playground", help="what packaging/wasm/playground/build.sh made")
    parser.add_argument("out")
    arguments = parser.parse_args()
    sys.exit(1 if Site(os.path.abspath(arguments.program), arguments.out, arguments.playground).build() else 0)


if __name__ == "__main__":
    main()
