#!/usr/bin/env python3
"""Makes the corpora that fuzzing begins with, from files that are there.

    fuzz/seeds.py DIRECTORY...

Each directory is walked, the fixtures of this repository among them as a rule. What is found goes to `fuzz/corpus/TARGET/`,
a file for each text; directories that hold a Compose file become one text with all their small files, as the targets that
take a project read it.
"""
import hashlib, os, re, sys

LONGEST = 16 << 10
CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'corpus')


def kinds(name):
    """The targets that a file of this name is for."""
    if 'Dockerfile' in name or 'Containerfile' in name:
        return ['dockerfile']
    if name.endswith(('.yaml', '.yml')):
        return ['yaml', 'compose']
    if name.endswith('.json'):
        return ['json']
    if name.endswith(('.service', '.socket', '.conf')):
        return ['systemd']
    if name.endswith('.sh') or name == 'entrypoint':
        return ['shell']
    if name.endswith('.env') or name.startswith('.env'):
        return ['dotenv']
    return []


def put(target, text):
    data = text.encode()
    if not data or len(data) > LONGEST:
        return
    directory = os.path.join(CORPUS, target)
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, hashlib.sha1(data).hexdigest()), 'wb') as file:
        file.write(data)


def read(path):
    try:
        with open(path, encoding='utf-8') as file:
            return file.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError):
        return None


def joined(files):
    return ''.join(f'==== {name}\n{text}' + ('' if text.endswith('\n') else '\n') for name, text in files)


def main():
    for root in sys.argv[1:]:
        for directory, below, names in os.walk(root):
            below[:] = [name for name in below if name != '.git']
            texts = {name: text for name in sorted(names) if (text := read(os.path.join(directory, name))) is not None}
            for name, text in texts.items():
                for target in kinds(name):
                    put(target, text)
                # Pieces of files: scripts of Dockerfiles, and values with variables, and images.
                for run in re.findall(r'^(?:RUN|CMD|ENTRYPOINT)((?:.*\\\n)*.*)$', text, re.M):
                    put('shell', run)
                for value in re.findall(r'^.*\$.*$', text, re.M):
                    put('interpolation', value)
                for image in re.findall(r'^(?:FROM|\s*image:)\s+(\S+)', text, re.M):
                    put('image', image)
                if kinds(name) in (['dockerfile'], ['yaml', 'compose'], ['systemd'], ['json']):
                    for target in ('project', 'fixer', 'suppressions'):
                        put(target, joined([(name, text)]))
            if any('compose' in name for name in texts):
                whole = []
                for path, _, inner in os.walk(directory):
                    for name in sorted(inner):
                        full = os.path.join(path, name)
                        text = read(full)
                        if text is not None and len(text) < 4000 and not name.endswith('.snap'):
                            whole.append((os.path.relpath(full, directory), text))
                for target in ('project', 'fixer', 'suppressions'):
                    put(target, joined(whole))


if __name__ == '__main__':
    main()
