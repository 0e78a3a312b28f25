#!/usr/bin/env python3
"""Makes what a release consists of, from programs that have been built. Needs Python 3.9 and nothing else, but for the subcommands that say so.

    release.py archive  TARGET PROGRAM OUT     archive with program, completions, manual pages, licences
    release.py wheel    TARGET PROGRAM OUT     wheel for PyPI (project plimsoll-lint)
    release.py npm      OUT TARGET=PROGRAM...  npm packages: one for each target, and the one that depends on them
    release.py deb      TARGET PROGRAM OUT     Debian package
    release.py rpm      TARGET PROGRAM OUT     RPM package; needs rpmbuild
    release.py image    OUT TARGET=PROGRAM...  container image as an OCI layout, and its file system as a tar file
    release.py sbom     OUT                    CycloneDX list of what is compiled in; needs cargo
    release.py sums     DIRECTORY              SHA256SUMS, and a .sha256 beside each archive
    release.py installers DIRECTORY            install.sh and install.ps1 with the checksums of the archives there
    release.py manifests DIRECTORY OUT         Homebrew, winget, Scoop, Nix, aqua, mise, and the installers

Everything is the same whenever and wherever it is made of the same programs: times are SOURCE_DATE_EPOCH, names are sorted, owners are nobody's.
The program that runs on this machine (HOST_PROGRAM, or PROGRAM itself) writes completions and manual pages.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
VERSION = re.search(r'\[workspace\.package\]\nversion = "([^"]+)"', MANIFEST).group(1)
REPOSITORY = re.search(r'\nrepository = "([^"]+)"', MANIFEST).group(1)
SUMMARY = re.search(r'\ndescription = "([^"]+)"', MANIFEST).group(1)
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))

# What each target is called by those who do not speak Rust. One static program serves every Linux.
TARGETS = {
    "x86_64-unknown-linux-musl": {
        "wheel": "manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_2_x86_64",
        "npm": ("linux", "x64"), "deb": "amd64", "rpm": "x86_64", "oci": "amd64",
    },
    "aarch64-unknown-linux-musl": {
        "wheel": "manylinux2014_aarch64.manylinux_2_17_aarch64.musllinux_1_2_aarch64",
        "npm": ("linux", "arm64"), "deb": "arm64", "rpm": "aarch64", "oci": "arm64",
    },
    # Programs that need the C library of the system are for those who ask for them by this name.
    "x86_64-unknown-linux-gnu": {},
    "aarch64-unknown-linux-gnu": {},
    "x86_64-apple-darwin": {"wheel": "macosx_10_12_x86_64", "npm": ("darwin", "x64")},
    "aarch64-apple-darwin": {"wheel": "macosx_11_0_arm64", "npm": ("darwin", "arm64")},
    "x86_64-pc-windows-msvc": {"wheel": "win_amd64", "npm": ("win32", "x64")},
    "aarch64-pc-windows-msvc": {"wheel": "win_arm64", "npm": ("win32", "arm64")},
}
SHELLS = {"bash": "plimsoll.bash", "zsh": "_plimsoll", "fish": "plimsoll.fish", "powershell": "_plimsoll.ps1",
          "elvish": "plimsoll.elv", "nushell": "plimsoll.nu"}
LICENCES = ["LICENSE-MIT", "LICENSE-APACHE"]


def is_windows(target):
    return "windows" in target


def program_name(target):
    return "plimsoll.exe" if is_windows(target) else "plimsoll"


def archive_name(target):
    return f"plimsoll-{target}" + (".zip" if is_windows(target) else ".tar.gz")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def run_plimsoll(program, *arguments):
    host = os.environ.get("HOST_PROGRAM", str(program))
    return subprocess.run([host, *arguments], check=True, capture_output=True).stdout


def extras(program):
    """Completions and manual pages, by their paths in an archive."""
    files = {f"completions/{name}": run_plimsoll(program, "completions", shell) for shell, name in SHELLS.items()}
    with tempfile.TemporaryDirectory() as pages:
        run_plimsoll(program, "man", "--directory", pages)
        for page in sorted(Path(pages).iterdir()):
            files[f"man/{page.name}"] = page.read_bytes()
    return files


def documents():
    names = LICENCES + ["README.md", "CHANGELOG.md"]
    return {name: (ROOT / name).read_bytes() for name in names}


def tar_gz(entries):
    """A tar file that is the same every time. `entries` are (path, bytes or None for a directory, mode)."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path, data, mode in entries:
            info = tarfile.TarInfo(path)
            info.mtime, info.mode = EPOCH, mode
            if data is None:
                info.type = tarfile.DIRTYPE
                tar.addfile(info)
            else:
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return raw.getvalue(), gzip.compress(raw.getvalue(), 9, mtime=0)


def with_directories(files):
    """Entries for files given as {path: (bytes, mode)}, each directory before what lies in it."""
    entries, seen = [], set()
    for path in sorted(files):
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            directory = "/".join(parts[:depth])
            if directory not in seen:
                seen.add(directory)
                entries.append((directory, None, 0o755))
        entries.append((path, *files[path]))
    return entries


def zip_of(files):
    """A zip file that is the same every time, of {path: (bytes, mode)}."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, (data, mode) in files.items():
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return raw.getvalue()


def write(out, name, data):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / name).write_bytes(data)
    print(out / name)


def archive(target, program, out):
    top = f"plimsoll-{target}"
    files = {f"{top}/{program_name(target)}": (Path(program).read_bytes(), 0o755)}
    for name, data in {**documents(), **extras(program)}.items():
        files[f"{top}/{name}"] = (data, 0o644)
    if is_windows(target):
        write(out, archive_name(target), zip_of(dict(sorted(files.items()))))
    else:
        write(out, archive_name(target), tar_gz(with_directories(files))[1])


def wheel(target, program, out):
    tag = f"py3-none-{TARGETS[target]['wheel']}"
    name = f"plimsoll_lint-{VERSION}"
    info, scripts = f"{name}.dist-info", f"{name}.data/scripts"
    settings = (ROOT / "packaging/pypi/METADATA.in").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    metadata = settings.replace("@VERSION@", VERSION).replace("@SUMMARY@", SUMMARY).replace("@REPOSITORY@", REPOSITORY)
    files = {}
    for path in sorted((ROOT / "packaging/pypi/plimsoll_lint").glob("*.py")):
        files[f"plimsoll_lint/{path.name}"] = (path.read_bytes(), 0o644)
    data = Path(program).read_bytes()
    files[f"{scripts}/{program_name(target)}"] = (data, 0o755)
    # The other name is the project's, so that `uvx plimsoll-lint` runs it; a second copy would double the wheel.
    files[f"{info}/entry_points.txt"] = (b"[console_scripts]\nplimsoll-lint = plimsoll_lint.__main__:main\n", 0o644)
    files[f"{info}/METADATA"] = ((metadata + "\n" + readme).encode(), 0o644)
    tags = "".join(f"Tag: py3-none-{platform}\n" for platform in TARGETS[target]["wheel"].split("."))
    files[f"{info}/WHEEL"] = (f"Wheel-Version: 1.0\nGenerator: plimsoll release.py\nRoot-Is-Purelib: false\n{tags}".encode(), 0o644)
    for licence in LICENCES:
        files[f"{info}/licenses/{licence}"] = ((ROOT / licence).read_bytes(), 0o644)
    record = ""
    for path, (data, _) in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(data)}\n"
    files[f"{info}/RECORD"] = ((record + f"{info}/RECORD,,\n").encode(), 0o644)
    write(out, f"{name}-{tag}.whl", zip_of(files))


def npm_package(out, name, files):
    top = {f"package/{path}": entry for path, entry in files.items()}
    flat = name.replace("@", "").replace("/", "-")
    write(out, f"{flat}-{VERSION}.tgz", tar_gz([(path, *top[path]) for path in sorted(top)])[1])


def npm(out, *pairs):
    common = {
        "version": VERSION, "description": SUMMARY, "license": "MIT OR Apache-2.0", "homepage": REPOSITORY,
        "repository": {"type": "git", "url": f"git+{REPOSITORY}.git"},
        "bugs": {"url": f"{REPOSITORY}/issues"}, "publishConfig": {"access": "public", "provenance": True},
    }
    licences = {name: ((ROOT / name).read_bytes(), 0o644) for name in LICENCES}
    dump = lambda value: ((json.dumps(value, indent=2) + "\n").encode(), 0o644)
    for pair in pairs:
        target, program = pair.split("=", 1)
        system, processor = TARGETS[target]["npm"]
        name = f"@plimsoll/cli-{system}-{processor}"
        package = {"name": name, **common, "os": [system], "cpu": [processor], "preferUnplugged": True}
        package["description"] = f"The program of Plimsoll for {system} {processor}"
        files = {"package.json": dump(package), program_name(target): (Path(program).read_bytes(), 0o755), **licences}
        files["README.md"] = (f"# {name}\n\nThe program that the package `plimsoll` runs on {system} {processor}.\n".encode(), 0o644)
        npm_package(out, name, files)
    every = [data["npm"] for data in TARGETS.values() if "npm" in data]
    package = {
        "name": "plimsoll", **common, "keywords": ["docker", "dockerfile", "compose", "lint", "linter", "security"],
        "bin": {"plimsoll": "bin/plimsoll.js"}, "engines": {"node": ">=14"},
        "optionalDependencies": {f"@plimsoll/cli-{system}-{processor}": VERSION for system, processor in every},
    }
    shim = ((ROOT / "packaging/npm/plimsoll.js").read_bytes(), 0o755)
    readme = ((ROOT / "packaging/npm/README.md").read_bytes(), 0o644)
    npm_package(out, "plimsoll", {"package.json": dump(package), "bin/plimsoll.js": shim, "README.md": readme, **licences})


def installed(program):
    """Files as distributions lay them, by their paths from the root."""
    more = extras(program)
    files = {
        "usr/bin/plimsoll": (Path(program).read_bytes(), 0o755),
        "usr/share/bash-completion/completions/plimsoll": (more["completions/plimsoll.bash"], 0o644),
        "usr/share/zsh/vendor-completions/_plimsoll": (more["completions/_plimsoll"], 0o644),
        "usr/share/fish/vendor_completions.d/plimsoll.fish": (more["completions/plimsoll.fish"], 0o644),
    }
    for path, data in more.items():
        if path.startswith("man/"):
            files[f"usr/share/man/man1/{path[4:]}.gz"] = (gzip.compress(data, 9, mtime=0), 0o644)
    return files


def ar(members):
    raw = b"!<arch>\n"
    for name, data in members:
        raw += f"{name:<16}{EPOCH:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
    return raw


def deb(target, program, out):
    files = installed(program)
    doc = "usr/share/doc/plimsoll"
    files[f"{doc}/copyright"] = ((ROOT / "packaging/templates/copyright").read_bytes(), 0o644)
    files[f"{doc}/changelog.gz"] = (gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), 9, mtime=0), 0o644)
    size = sum(len(data) for data, _ in files.values()) // 1024 + 1
    control = render("control", {"deb": TARGETS[target]["deb"], "size": str(size)})
    sums = "".join(f"{hashlib.md5(data).hexdigest()}  {path}\n" for path, (data, _) in sorted(files.items()))
    inner = {"control": (control.encode(), 0o644), "md5sums": (sums.encode(), 0o644)}
    entries = [("./" + path, data, mode) for path, data, mode in with_directories(files)]
    # The docker command looks here for its plugins.
    link = tarfile.TarInfo("./usr/libexec/docker/cli-plugins/docker-plimsoll")
    data = tar_with_link(entries, link, "/usr/bin/plimsoll")
    members = [("debian-binary", b"2.0\n"), ("control.tar.gz", tar_gz(with_directories(inner))[1]), ("data.tar.gz", data)]
    write(out, f"plimsoll_{VERSION}-1_{TARGETS[target]['deb']}.deb", ar(members))


def tar_with_link(entries, link, to):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as tar:
        tar.addfile(directory_info("./"))
        for path, data, mode in entries:
            info = directory_info(path) if data is None else tarfile.TarInfo(path)
            info.mtime, info.mode = EPOCH, mode
            if data is None:
                tar.addfile(info)
            else:
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        for directory in ["./usr/libexec", "./usr/libexec/docker", "./usr/libexec/docker/cli-plugins"]:
            tar.addfile(directory_info(directory))
        link.type, link.linkname, link.mtime, link.mode = tarfile.SYMTYPE, to, EPOCH, 0o777
        tar.addfile(link)
    return gzip.compress(raw.getvalue(), 9, mtime=0)


def directory_info(path):
    info = tarfile.TarInfo(path)
    info.type, info.mtime, info.mode = tarfile.DIRTYPE, EPOCH, 0o755
    return info


def rpm(target, program, out):
    files = installed(program)
    with tempfile.TemporaryDirectory() as scratch:
        top = Path(scratch)
        for path, (data, mode) in files.items():
            file = top / "files" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            file.chmod(mode)
        for licence in LICENCES:
            shutil.copy(ROOT / licence, top / licence)
        spec = render("plimsoll.spec", {"files": str(top / "files"), "top": str(top)})
        (top / "plimsoll.spec").write_text(spec, encoding="utf-8")
        subprocess.run(
            ["rpmbuild", "-bb", "--quiet", "--target", TARGETS[target]["rpm"], "--define", f"_topdir {top}/build",
             "--define", "source_date_epoch_from_changelog 0", "--define", "use_source_date_epoch_as_buildtime 1",
             "--define", "_buildhost localhost", "--define", "_build_id_links none", str(top / "plimsoll.spec")],
            check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH)},
        )
        for package in (top / "build/RPMS").rglob("*.rpm"):
            write(out, package.name, package.read_bytes())


def image(out, *pairs):
    """An OCI layout with one image for each target: a program, nobody's account, and nothing else."""
    layout = Path(out) / "image"
    blobs = layout / "blobs/sha256"
    blobs.mkdir(parents=True, exist_ok=True)

    def blob(data, kind, **more):
        digest = sha256(data)
        (blobs / digest).write_bytes(data)
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data), **more}

    labels = {
        "org.opencontainers.image.title": "plimsoll", "org.opencontainers.image.version": VERSION,
        "org.opencontainers.image.description": SUMMARY, "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
        "org.opencontainers.image.source": REPOSITORY, "org.opencontainers.image.url": REPOSITORY,
    }
    images = []
    for pair in pairs:
        target, program = pair.split("=", 1)
        processor = TARGETS[target]["oci"]
        files = {"usr/local/bin/plimsoll": (Path(program).read_bytes(), 0o755)}
        files.update({f"usr/share/doc/plimsoll/{name}": ((ROOT / name).read_bytes(), 0o644) for name in LICENCES})
        entries = with_directories(files) + [("src", None, 0o755)]
        plain, packed = tar_gz(sorted(entries))
        write(out, f"plimsoll-image-{processor}.tar", plain)
        layer = blob(packed, "layer.v1.tar+gzip")
        config = {
            "architecture": processor, "os": "linux",
            "config": {
                "User": "10001:10001", "WorkingDir": "/src", "Entrypoint": ["/usr/local/bin/plimsoll"], "Cmd": ["check"],
                "Env": ["PATH=/usr/local/bin"], "Labels": labels,
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(plain)}"]},
            "history": [{"created_by": "packaging/release/release.py image"}],
        }
        manifest = {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": blob(json.dumps(config).encode(), "config.v1+json"), "layers": [layer], "annotations": labels,
        }
        platform = {"architecture": processor, "os": "linux"}
        images.append(blob(json.dumps(manifest).encode(), "manifest.v1+json", platform=platform))
    together = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": images, "annotations": labels}
    entry = blob(json.dumps(together).encode(), "index.v1+json")
    entry["annotations"] = {"org.opencontainers.image.ref.name": VERSION}
    index = {"schemaVersion": 2, "manifests": [entry]}
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}', encoding="utf-8")
    (layout / "index.json").write_text(json.dumps(index), encoding="utf-8")
    print(layout)


def sbom(out):
    """What is compiled into the program, as CycloneDX 1.5: the normal dependencies, with the default features, for every platform."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = next(id for id, package in packages.items() if package["name"] == "plimsoll")
    wanted, waiting = {}, [root]
    while waiting:
        id = waiting.pop()
        if id in wanted:
            continue
        normal = [dep["pkg"] for dep in nodes[id]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]
        wanted[id] = sorted(normal)
        waiting.extend(normal)
    reference = lambda id: f"pkg:cargo/{packages[id]['name']}@{packages[id]['version']}"

    def component(id):
        package = packages[id]
        entry = {"type": "application" if id == root else "library", "bom-ref": reference(id), "name": package["name"],
                 "version": package["version"], "purl": reference(id)}
        if package.get("license"):
            entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        return entry

    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": component(root), "tools": {"components": [{"type": "application", "name": "release.py"}]}},
        "components": sorted((component(id) for id in wanted if id != root), key=lambda entry: entry["bom-ref"]),
        "dependencies": sorted(({"ref": reference(id), "dependsOn": [reference(dep) for dep in deps]} for id, deps in wanted.items()),
                               key=lambda entry: entry["ref"]),
    }
    write(out, "plimsoll.cdx.json", (json.dumps(document, indent=2) + "\n").encode())


def sums(directory):
    lines = []
    for file in sorted(Path(directory).iterdir()):
        if not file.is_file() or file.name == "SHA256SUMS" or file.suffix == ".sha256":
            continue
        line = f"{sha256(file.read_bytes())}  {file.name}\n"
        lines.append(line)
        if file.name.endswith((".tar.gz", ".zip")):
            (Path(directory) / f"{file.name}.sha256").write_text(line, encoding="utf-8")
    (Path(directory) / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    print(Path(directory) / "SHA256SUMS")


def render(template, more=None, known=None):
    """A template with {{version}}, {{sha256 TARGET}} and {{url TARGET}} filled in. A checksum that is not known is an error."""
    text = (ROOT / "packaging/templates" / template).read_text(encoding="utf-8")
    values = {"mise": "{{version}}", "version": VERSION, "repository": REPOSITORY, "summary": SUMMARY, **(more or {})}

    def fill(match):
        words = match.group(1).split()
        if words[0] in ("sha256", "SHA256"):
            digest = (known or {})[archive_name(words[1])]
            return digest.upper() if words[0] == "SHA256" else digest
        if words[0] == "url":
            return f"{REPOSITORY}/releases/download/v{VERSION}/{archive_name(words[1])}"
        # Other tools have such braces of their own: {{.Arch}}, {{version}} of mise.
        return match.group(0) if words[0].startswith(".") else values[words[0]]

    return re.sub(r"\{\{([^{}]+)\}\}", fill, text)


# Where each manifest goes, from the directory for manifests.
MANIFESTS = {
    "plimsoll.rb": "homebrew/Formula/plimsoll.rb",
    "plimsoll.json": "scoop/bucket/plimsoll.json",
    "package.nix": "nix/package.nix",
    "registry.yaml": "aqua/pkgs/plimsoll-lint/plimsoll/registry.yaml",
    "mise.toml": "mise/registry/plimsoll.toml",
    "winget.yaml": "winget/PlimsollLint.Plimsoll.yaml",
    "winget.installer.yaml": "winget/PlimsollLint.Plimsoll.installer.yaml",
    "winget.locale.yaml": "winget/PlimsollLint.Plimsoll.locale.en-US.yaml",
}


def manifests(directory, out):
    known = {}
    for line in (Path(directory) / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        known[name] = digest
    for template, place in MANIFESTS.items():
        path = Path(out) / place
        write(path.parent, path.name, render(template, known=known).encode())
    installers(directory)


def installers(directory):
    """Installers that know the checksums of the archives in a directory."""
    table = ""
    for line in (Path(directory) / "SHA256SUMS").read_text(encoding="utf-8").splitlines(keepends=True):
        if any(line.endswith(f"  {archive_name(target)}\n") for target in TARGETS):
            table += line
    for installer in ["install.sh", "install.ps1"]:
        text = (ROOT / "packaging/install" / installer).read_text(encoding="utf-8")
        filled = text.replace("@VERSION@", VERSION).replace("@REPOSITORY@", REPOSITORY).replace("@SUMS@\n", table)
        write(directory, f"plimsoll-{installer}", filled.encode())


def main():
    commands = {"archive": archive, "wheel": wheel, "npm": npm, "deb": deb, "rpm": rpm, "image": image, "sbom": sbom,
                "sums": sums, "manifests": manifests, "installers": installers}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
