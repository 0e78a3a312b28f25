#!/usr/bin/env python3
"""Fixes real Compose projects, and asks `docker compose config` what has become of them.

    tests/e2e/fix-oracle.py ORACLE PLIMSOLL FOLDER [--count N] [--seed N] [--keep DIR] [--show N] [--profile NAME]

ORACLE is a program that takes the arguments of `docker compose`. FOLDER holds projects; each folder with a Compose file is
copied, and N of the copies are written differently first: other line ends, another indentation, comments everywhere, no last
line end, JSON, anchors, an override file. Then it must hold that

- what Compose accepts before it accepts after;
- after `--fix` it prints the same;
- after `--fix --unsafe-fixes` it prints the same but for the keys that fixes speak of;
- a second run changes nothing, there are no more findings than before, and no comment is gone but on lines that went.

Nothing in the ordinary tests needs this.
"""
import argparse, concurrent.futures, json, os, random, re, shutil, subprocess, sys, tempfile

NAMES = re.compile(r"(docker-)?compose(\.[\w.-]+)?\.ya?ml$")
# The keys of services that fixes of Compose files speak of.
KEYS = set(
    """security_opt read_only tmpfs cap_drop cap_add privileged devices mem_limit cpus pids_limit deploy restart ports image pid ipc
    uts cgroup userns_mode network_mode logging healthcheck depends_on user stop_signal container_name volumes environment secrets
    networks cgroup_parent group_add entrypoint command build post_start cpu_quota cpu_period hostname links dns mac_address
    extra_hosts""".split()
)


def run(command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def compose_files(folder):
    return sorted(name for name in os.listdir(folder) if NAMES.match(name))


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


# --- other ways to write it ---------------------------------------------------------------------------------


def lines(text, change):
    """Changes lines that are no part of a block scalar."""
    out, block = [], None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if block is not None and (not line.strip() or indent > block):
            out.append(line)
            continue
        block = indent if re.search(r"[|>][+-]?\d?\s*$", line) else None
        out.append(change(line))
    return "\n".join(out) + "\n"


def with_json(folder, name, oracle):
    code, out, _ = run([oracle, "-f", name, "config", "--format", "json", "--no-interpolate", "--no-path-resolution", "--no-normalize"], folder)
    return out if code == 0 and out.strip() else None


def anchored(text):
    """The first service of all gets an anchor and a twin."""
    match = re.search(r"^services:[ ]*\n(?:[ ]*#.*\n|[ ]*\n)*([ ]+)([\w.-]+):[ ]*\n", text, re.M)
    if not match or "container_name" in text or "ports:" in text:
        return None
    at = match.end() - 1
    twin = f"{match[1]}twin-of-it: *first\n"
    # Behind the first service, before what follows it at its column or further left.
    rest = text[match.end():]
    end = re.search(rf"^(?:[ ]{{0,{len(match[1])}}})[^\s#]", rest, re.M)
    cut = match.end() + (end.start() if end else len(rest))
    return text[:at].rstrip() + " &first" + text[at:cut].rstrip("\n") + "\n" + twin + text[cut:]


def mutations(folder, name, oracle, random):
    text = read(os.path.join(folder, name))
    made = {
        "crlf": text.replace("\r\n", "\n").replace("\n", "\r\n"),
        "no-end": text.rstrip("\n"),
        "wide": lines(text, lambda l: " " * (len(l) - len(l.lstrip(" "))) + l),
        "comments": lines(text, lambda l: l + "  # as we do" if l.strip() and "#" not in l and not re.search(r"[|>\"'\[{,][+-]?\s*$", l) else l),
        "above": lines(text, lambda l: " " * (len(l) - len(l.lstrip())) + "# about it\n" + l if l.strip() and not l.strip().startswith(("#", "}", "]", '"')) else l),
        "blank": lines(text, lambda l: l + "\n"),
        "anchor": anchored(text),
        "json": with_json(folder, name, oracle),
        "head": "# ours\n---\n" + text if not text.startswith(("---", "\ufeff")) else None,
    }
    return {style: other for style, other in made.items() if other and other != text}


# --- what is asked ------------------------------------------------------------------------------------------


def config(oracle, folder):
    code, out, error = run([oracle, "config", "--format", "json"], folder)
    return (json.loads(out) if code == 0 and out.strip() else None), error


def flat(value, path=()):
    if isinstance(value, dict) and value:
        return {k: v for key, inner in value.items() for k, v in flat(inner, (*path, key)).items()}
    if isinstance(value, list) and value:
        return {path: sorted(json.dumps(item, sort_keys=True) for item in value)}
    return {path: value}


def differences(before, after):
    one, other = flat(before), flat(after)
    return sorted({path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}, key=str)


def is_expected(path):
    return (path[0] == "services" and len(path) > 2 and path[2] in KEYS) or path[0] in ("networks", "secrets", "volumes", "configs")


def plimsoll(binary, folder, *options):
    return run([binary, "check", "--isolated", *options, "."], folder)


def findings(binary, folder, profile):
    code, out, error = plimsoll(binary, folder, "--profile", profile, "--output-format", "json", "--exit-zero")
    if not out.strip():
        raise RuntimeError(error)
    return json.loads(out)


def comments(folder):
    return {name: re.findall(r"(?:^|\s)(#[^\n\r]*)", read(os.path.join(folder, name))) for name in compose_files(folder)}


def judge(options, folder, label):
    faults, base = [], None
    before, refusal = config(options.oracle, folder)
    if before is None:
        return [], f"Compose refuses it: {refusal.strip()[:80]}"
    found = len(findings(options.plimsoll, folder, options.profile))
    noted = comments(folder)
    before_texts = {name: read(os.path.join(folder, name)) for name in compose_files(folder)}
    plimsoll(options.plimsoll, folder, "--profile", options.profile, "--fix")
    after, refusal = config(options.oracle, folder)
    if after is None:
        return [f"--fix: Compose refuses it: {refusal.strip()[:300]}"], None
    faults += [f"--fix: {'.'.join(map(str, path))} differs" for path in differences(before, after)]
    plimsoll(options.plimsoll, folder, "--profile", options.profile, "--fix", "--unsafe-fixes")
    after, refusal = config(options.oracle, folder)
    if after is None:
        return [*faults, f"--unsafe-fixes: Compose refuses it: {refusal.strip()[:300]}"], None
    faults += [f"--unsafe-fixes: {'.'.join(map(str, path))} differs" for path in differences(before, after) if not is_expected(path)]
    texts = {name: read(os.path.join(folder, name)) for name in compose_files(folder)}
    left = len(findings(options.plimsoll, folder, options.profile))
    if left > found:
        faults.append(f"{left} findings, and {found} before")
    plimsoll(options.plimsoll, folder, "--profile", options.profile, "--fix", "--unsafe-fixes")
    for name, text in texts.items():
        if read(os.path.join(folder, name)) != text:
            faults.append(f"a second run changes {name}")
        if "\r\n" in text and text.count("\n") != text.count("\r\n"):
            faults.append(f"line ends of {name} differ")
        kept = comments(folder)[name]
        was = before_texts[name].splitlines()
        still = {line.split(" #")[0].strip() for line in text.splitlines()}
        went = {c for line in was if " #" in line and line.split(" #")[0].strip() not in still for c in ["#" + line.split(" #", 1)[1]]}
        gone = [c for c in noted.get(name, []) if noted[name].count(c) > kept.count(c) and c not in ("# as we do", "# about it") and c not in went]
        faults += [f"comment gone from {name}: {c}" for c in sorted(set(gone))]
    return faults, f"{found} findings, {left} left"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("oracle")
    arguments.add_argument("plimsoll")
    arguments.add_argument("folder")
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep")
    arguments.add_argument("--show", type=int, default=40)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--profile", default="strict")
    options = arguments.parse_args()
    options.oracle, options.plimsoll = map(os.path.abspath, (options.oracle, options.plimsoll))
    chance = random.Random(options.seed)
    room = options.keep or tempfile.mkdtemp()
    cases = []
    for folder, below, names in os.walk(options.folder):
        below[:] = [name for name in below if not name.startswith(".git")]
        if any(NAMES.match(name) for name in names):
            cases.append(folder)
    made = []
    for folder in cases:
        name = os.path.relpath(folder, options.folder).replace("/", "_")
        made.append((folder, f"{name}--as-it-is", None))
        for file in compose_files(folder):
            for style, text in mutations(folder, file, options.oracle, chance).items():
                made.append((folder, f"{name}--{file}--{style}", (file, text)))
    plain, others = [m for m in made if not m[2]], [m for m in made if m[2]]
    chance.shuffle(others)
    made = plain + others[: options.count]

    def one(case):
        folder, label, change = case
        copy = os.path.join(room, label)
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        if change:
            write(os.path.join(copy, change[0]), change[1])
        try:
            faults, note = judge(options, copy, label)
        except Exception as error:
            faults, note = [f"{type(error).__name__}: {error}"], None
        return label, faults, note

    bad = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for label, faults, note in pool.map(one, made):
            skipped += bool(note and note.startswith("Compose refuses"))
            if faults:
                bad += 1
                if bad <= options.show:
                    print(label, *faults, sep="\n    ")
    print(f"{len(made)} projects, {skipped} that Compose refuses, {bad} with faults")
    if not options.keep:
        shutil.rmtree(room)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
