#!/usr/bin/env python3
"""Makes the corpora that fuzzing begins with, from files that are there.

    fuzz/seeds.py DIRECTORY...

Each directory is walked, the fixtures of this repository among them as a rule. What is found goes to `fuzz/corpus/TARGET/`,
a file for each text; directories that hold a Compose file become one text with all their small files, as the targets that
take a project read it.
"""
import hashlib, os, re, sys

LONGEST = 16 << 10
WHOLE = ('project', 'fixer', 'suppressions', 'diff', 'session')
CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'corpus')


def kinds(name):
    """The targets that a file of this name is for."""
    last = name.rsplit('/', 1)[-1]
    if 'Dockerfile' in last or 'Containerfile' in last:
        return ['dockerfile']
    if last == 'devcontainer.json':
        return ['devcontainer']
    if 'bake' in last:
        return ['bake'] if last.endswith(('.hcl', '.json')) else []
    if '.github/' in name or last in ('.gitlab-ci.yml', 'azure-pipelines.yml', 'Jenkinsfile'):
        return ['pipeline']
    if last.endswith('plimsoll.yaml'):
        return ['policies']
    if last.endswith(('.yaml', '.yml')):
        return ['yaml', 'compose']
    if last.endswith('.json'):
        return ['json']
    if last.endswith(('.container', '.pod', '.build', '.image', '.volume', '.kube')):
        return ['quadlet', 'systemd']
    if last.endswith(('.service', '.socket', '.conf')):
        return ['systemd']
    if last.endswith(('.sh', '.mk')) or last in ('entrypoint', 'Makefile', 'justfile'):
        return ['shell', 'commands']
    if last.endswith('.env') or last.startswith('.env'):
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
    own = os.path.join(os.path.dirname(CORPUS), 'seeds')
    for target in os.listdir(own):
        for name in os.listdir(os.path.join(own, target)):
            put(target, read(os.path.join(own, target, name)))
    for root in sys.argv[1:]:
        for directory, below, names in os.walk(root):
            below[:] = [name for name in below if name != '.git']
            texts = {name: text for name in sorted(names) if (text := read(os.path.join(directory, name))) is not None}
            for name, text in texts.items():
                known = kinds(os.path.relpath(os.path.join(directory, name), root))
                for target in known:
                    put(target, text)
                if 'compose' in known and re.search(r'^apiVersion:', text, re.M):
                    put('kubernetes', text)
                # What tests have written down: a name, and its text.
                for inner, quoted in re.findall(r'"([\w./-]+)",\s*"((?:[^"\\]|\\.)+)"', text) if name.endswith('.rs') else []:
                    unquoted = re.sub(r'\\(.)', lambda c: {'n': '\n', 't': '\t'}.get(c[1], c[1]), re.sub(r'\\\n\s*', '', quoted))
                    for target in kinds(inner):
                        put(target, unquoted)
                    if 'apiVersion:' in unquoted:
                        put('kubernetes', unquoted)
                # Pieces of files: scripts of Dockerfiles, and values with variables, and images.
                for run in re.findall(r'^(?:RUN|CMD|ENTRYPOINT)((?:.*\\\n)*.*)$', text, re.M):
                    put('shell', run)
                for value in re.findall(r'^.*\$.*$', text, re.M):
                    put('interpolation', value)
                for image in re.findall(r'^(?:FROM|\s*image:)\s+(\S+)', text, re.M):
                    put('image', image)
                if known in (['dockerfile'], ['yaml', 'compose'], ['systemd'], ['json']):
                    for target in WHOLE:
                        put(target, joined([(name, text)]))
            if any('compose' in name for name in texts):
                whole = []
                for path, _, inner in os.walk(directory):
                    for name in sorted(inner):
                        full = os.path.join(path, name)
                        text = read(full)
                        if text is not None and len(text) < 4000 and not name.endswith('.snap'):
                            whole.append((os.path.relpath(full, directory), text))
                for target in WHOLE:
                    put(target, joined(whole))


if __name__ == '__main__':
    main()
