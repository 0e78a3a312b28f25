"""Links into the playground: a project in the fragment of an address, as packaging/wasm/playground/link.js reads it."""

import base64
import html
import json
import re
import subprocess
import tempfile
import zlib
from pathlib import Path

BLOCK = re.compile(r'<pre tabindex="0" data-language="(dockerfile|yaml)"><code>(.*?)</code></pre>', re.S)
# What a rule needs to be told before it can find anything.
NEEDS = {"untrusted-registry": "trusted-registries: [docker.io/library, registry.example.com, '*.corp.example', '*.cloud.example/team']\n"}


def fragment(files):
    """A project, deflated: the same bytes in every browser."""
    text = json.dumps({"v": 1, "files": files, "open": next(iter(files))}, ensure_ascii=False, separators=(",", ":"))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(text.encode("utf-8")) + deflate.flush()
    return "#p=" + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


class Tried:
    """Projects to be tried, and what the program says of them."""

    def __init__(self, program):
        self.program = program
        self.known = {}

    def found(self, files):
        """What is found in a project, as `rule@line`, by file and line."""
        with tempfile.TemporaryDirectory() as folder:
            self.lay(files, folder)
            run = subprocess.run([self.program, "check", "-f", "json", "--exit-zero", "."], cwd=folder, capture_output=True, text=True, check=True)
            return [f"{finding['file']}:{finding['line']}:{finding['code']}" for finding in json.loads(run.stdout)]

    def fixed(self, files):
        """The project after its fixes, those that may change something too; None when nothing was fixed."""
        with tempfile.TemporaryDirectory() as folder:
            self.lay(files, folder)
            subprocess.run([self.program, "check", "--fix", "--unsafe-fixes", "--exit-zero", "-q", "."], cwd=folder, capture_output=True, check=True)
            after = {name: (Path(folder) / name).read_bytes().decode("utf-8") for name in files}
        return after if after != files else None

    def lay(self, files, folder):
        for name, text in files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(text.encode("utf-8"))
        # Nothing above counts.
        (Path(folder) / ".git").mkdir(exist_ok=True)

    def link(self, words, files, up, label=None):
        """A link to a project, which says how much is found in it; the page's test reads what exactly."""
        found = self.found(files)
        count = {0: "no findings", 1: "1 finding"}.get(len(found), f"{len(found)} findings")
        label = f' aria-label="{html.escape(words)}: {html.escape(label)}, {count}"' if label else ""
        return f'<a class="try" href="{up}playground/index.html{fragment(files)}" data-found="{html.escape(" ".join(found))}"{label}>{words} ({count})</a>'

    def of_rule(self, rule, kind, file):
        """The example of a rule, and its text after the fixes. The rule runs alone, as a configuration among the files says."""
        name = re.sub(r"^(bad|good)\.", "", file.name)
        select = f"[{rule}, all]" if rule.endswith("-ignore") else f"[{rule}]"
        text = file.read_bytes().decode("utf-8")
        configuration = f"# This rule alone; take the file away to see what else there is.\nselect: {select}\n" + NEEDS.get(rule, "")
        files = {name: text, ".plimsoll.yaml": configuration}
        label = f"{rule}, {'what is found' if kind == 'bad' else 'what is not'}"
        links = [self.link("Try it", files, "../", label)]
        fixed = self.fixed(files) if kind == "bad" else None
        if fixed:
            links.append(self.link("Try it fixed", fixed, "../", label))
        return f'<p>{" · ".join(links)}</p>'

    def of_page(self, body, up):
        """A page with a link below each project in it: blocks that follow each other are files of one."""
        out, at, files = [], 0, {}
        blocks = list(BLOCK.finditer(body))
        for number, block in enumerate(blocks):
            language, text = block[1], html.unescape(block[2]) + "\n"
            is_whole = re.search(r"^FROM ", text, re.M) if language == "dockerfile" else re.search(r"^services:", text, re.M)
            out.append(body[at : block.end()])
            at = block.end()
            if not is_whole:
                continue
            named = re.match(r"# ([\w./-]*(?:compose[\w.-]*\.yaml|Dockerfile[\w.-]*))\n", text)
            files[named[1] if named else "Dockerfile" if language == "dockerfile" else "compose.yaml"] = text
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            if following and not body[block.end() : following.start()].strip():
                continue
            out.append(f"\n<p>{self.link('Try it', files, up)}</p>")
            files = {}
        out.append(body[at:])
        return "".join(out)


def examples(root):
    """What the playground offers to begin with: projects of the fixtures."""
    made = []
    for name, folder in [("A web service and its updater", "projects/quickstart"), ("Three services, hardened", "clean/ticket-desk"), ("A Python API, clean", "clean/python-api")]:
        place = root / "fixtures" / folder
        files = {}
        for file in sorted(place.rglob("*")):
            relative = file.relative_to(place).as_posix()
            if file.is_file() and file.suffix != ".snap":
                files[relative] = file.read_bytes().decode("utf-8")
        made.append({"name": name, "files": files})
    return made
