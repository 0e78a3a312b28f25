"""`python -m plimsoll_lint`, and `plimsoll-lint`: runs the program that lies among the scripts."""

import os
import subprocess
import sys
import sysconfig


def find_plimsoll():
    """The path of the program, where pip, pipx, uv and virtual environments put scripts."""
    name = "plimsoll" + (sysconfig.get_config_var("EXE") or "")
    user = sysconfig.get_preferred_scheme("user") if sys.version_info >= (3, 10) else None
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    places = [
        sysconfig.get_path("scripts"),
        os.path.join(sys.base_prefix, "Scripts" if os.name == "nt" else "bin"),
        sysconfig.get_path("scripts", scheme=user) if user else None,
        # `pip install --target` puts scripts beside the package, `--prefix` a few directories above it.
        os.path.join(package, "bin"),
        os.path.join(package, os.pardir, os.pardir, os.pardir, "bin"),
    ]
    for place in filter(None, places):
        path = os.path.join(place, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError("the program `plimsoll` is not installed beside this package: " + ", ".join(filter(None, places)))


def main():
    program = find_plimsoll()
    arguments = [program] + sys.argv[1:]
    if os.name == "nt":
        try:
            sys.exit(subprocess.run(arguments).returncode)
        except KeyboardInterrupt:
            sys.exit(130)
    os.execv(program, arguments)


if __name__ == "__main__":
    main()
