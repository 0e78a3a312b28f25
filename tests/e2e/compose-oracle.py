#!/usr/bin/env python3
"""Compares `plimsoll project` with `docker compose config` on projects made up at random.

    tests/e2e/compose-oracle.py ORACLE PLIMSOLL [--seed N] [--count N] [--only ATTRIBUTE] [--keep DIR] [--jobs N] [--show N]

ORACLE is a program that takes the arguments of `docker compose`: `docker-compose`, or a wrapper of it that clears the
environment. Each project is loaded by both. They must agree whether it can be loaded, and on every value of it; where only
known decisions of ours differ (ARCHITECTURE.md, "The canonical form"), the difference is taken out before. What differs is
printed with the number that makes the project again; `--keep` writes it there. Nothing in the ordinary tests needs this.
"""
import argparse, concurrent.futures, json, math, os, random, re, subprocess, sys, tempfile

# --- YAML --------------------------------------------------------------------------------------------------------------


class Raw(str):
    """A scalar, or a key, that is written as it is: `1e6`, `*alias`, `<<`."""


class Tag:
    """A value behind a tag or an anchor."""

    def __init__(self, tag, value):
        self.tag, self.value = tag, value


class Bad:
    """An option that Compose refuses, or that it may: left out of projects that are to be right."""

    def __init__(self, value):
        self.value = value


def bad(*values):
    return [Bad(value) for value in values]


def scalar(value):
    if value is None:
        return 'null'
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def emit(value, indent=0):
    """What follows `key:` or `-`, with its leading blank and the end of its line."""
    pad = ' ' * indent
    if isinstance(value, Tag):
        inner = value.value
        if isinstance(inner, (dict, list)) and inner:
            return f' {value.tag}' + emit(inner, indent)
        return f' {value.tag}' + emit(inner, indent)
    if isinstance(value, dict) and value:
        return '\n' + ''.join(f'{pad}{key if isinstance(key, Raw) else json.dumps(key)}:' + emit(v, indent + 2)
                              for key, v in value.items())
    if isinstance(value, list) and value:
        return '\n' + ''.join(f'{pad}-' + emit(v, indent + 2) for v in value)
    if isinstance(value, dict):
        return ' {}\n'
    if isinstance(value, list):
        return ' []\n'
    return f' {scalar(value)}\n'


def document(value):
    return emit(value).lstrip('\n') if value else '{}\n'


# --- what may be written ------------------------------------------------------------------------------------------------

ENV = 'SET=s\nEMPTY=\nNUM=3\nTRUE=true\nPORT=8080\nTAG=1.27\nSIZE=64m\nDIR=./src\nDERIVED=${SET}-x\nFROMUNSET=a${UNSET}b\n'
ENV_FILES = {
    'a.env': 'A=file\nSHARED=a\nexport X = "1\\n2"\n# c\nREF=${SET}/${UNSET:-d}/$A\nNAMEONLY\n',
    'b.env': "SHARED=b\nQUOTED='a b'\nNUMBER=1.0\nTRAIL=x # c\n",
    'raw.env': 'RAW="kept"\nDOLLAR=$SET\n',
    'labels.txt': 'from.file=1\nshared=file\n',
}


class Make:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.services = ['web', 'db', 'job'][: self.r.choice([1, 2, 2, 3])]
        self.wrongness = self.r.choice([0, 0, 0.02, 0.1, 0.3])

    def pick(self, *options):
        if self.wrongness == 0:
            return self.r.choice([option for option in options if not isinstance(option, Bad)])
        option = self.r.choice(options)
        return option.value if isinstance(option, Bad) else option

    def maybe(self, chance=0.5):
        return self.r.random() < chance

    def one(self, option):
        return option() if callable(option) else option

    def wrong(self):
        return self.pick(None, True, 1, 1.5, -1, '', 'x', [], {}, ['x'], {'a': 1}, [None], [1], {'': 1}, Raw('2001-01-01'))

    def variables(self):
        """The lines of a file of variables."""
        names = lambda: self.pick('A', 'B', 'SHARED', 'K_1', 'x.y', 'lower')
        value = lambda: self.pick('v', '', '"a b"', "'a $SET'", '"x\\ty\\n"', '"a\nb"', '${SET}', '$SET-x', '${UNSET:-d}', '"${NUM}"', "'#no'", 'a#b', 'v # c', '"q" # c', ' lead', 'é',
                                  '\\$SET', '"\\$SET"', '$$SET', 'a\\nb', '"a\\\\b"', '{"a": 1}', '[1]', "it's", '1.0', 'true', '~', '$A', *bad('"un', "'un", '${', '"a" b', '"a"b'))
        line = lambda: self.pick(f'{names()}={value()}', f'{names()}={value()}', f'{names()}={value()}', f'export {names()}={value()}', f'{names()} = {value()}', f'{names()}: {value()}', '# c', '', names(),
                                 f'  {names()}={value()}', *bad('=x', 'a b=c', 'export', '1', '!x=1'))
        return ''.join(line() + self.pick('\n', '\n', '\n', '\r\n') for _ in range(self.r.randint(0, 6)))

    def value(self, *options):
        """One of the options, or now and then something that does not belong there."""
        if self.r.random() < self.wrongness:
            return self.wrong()
        return self.one(self.pick(*options))

    def mapping(self, keys, most=4, least=1):
        count = min(len(keys), self.r.randint(least, most))
        chosen = self.r.sample(list(keys), count)
        made = {key: self.value(keys[key]) for key in chosen}
        if self.r.random() < self.wrongness / 4:
            made['nonsense'] = 1
        if self.maybe(0.03):
            made['x-note'] = self.pick(1, 'x', {'a': 1}, True)
        return made

    # scalars

    def text(self):
        return self.pick('a', 'b-c', 'x y', 'nginx:1.27', '${SET}', '${UNSET:-d}', '${UNSET-}', '$$x', '${SET:+r}', '${EMPTY:-e}',
                         '${EMPTY-e}', '$DERIVED', 'a', 'b', 'é', '"q"', "it's", 'a#b', 'a: b', 'true', '1', '1.0', '~', 'null',
                         '$FROMUNSET', '${UNSET}', 'line\nbreak\n', ' pad ', '-x', '${COMPOSE_PROJECT_NAME}', '${UNSET:-${SET}}', '${SET:+${UNSET:-q}}',
                         '${UNSET:-a:b}', '${UNSET:-}', '${SET:?no}', '${UNSET-${EMPTY:-z}}', 'a$$${SET}', '${SET}${NUM}', '${EMPTY:+x}', '${EMPTY+x}', '${UNSET:-{a}}',
                         *bad('${UNSET:?no}', '${SET', '${}', '${UNSET?}', '$', 'a $ b', '${SET:=x}', '${1A}'))

    def word(self):
        return self.pick('a', 'b', 'c', 'd-e', '${SET}', '${UNSET:-d}', '$TAG')

    def boolean(self):
        return self.pick(True, False, True, False, 'true', 'no', Raw('yes'), Raw('on'), Raw('off'), Raw('y'), '${TRUE}', '${UNSET:-false}',
                         Raw('True'), Raw('FALSE'), Bad('${UNSET}'), Bad('maybe'))

    def integer(self):
        return self.pick(0, 1, 2, 10, '3', '${NUM}', '${UNSET:-4}', Raw('0x10'), Raw('010'), Raw('0o17'), Raw('1_0'), '+5', '07',
                         *bad(-1, Raw('1e1'), 1.0, 2.5, '1.0', '0x10', '-2', '${UNSET}', Raw('1e3')))

    def number(self):
        return self.pick(0, 1, 2, 0.5, 1.5, 2.0, '0.25', '1', '1e3', Raw('1e6'), Raw('1e-7'), Raw('.5'), Raw('1e21'), Raw('1234567.89'),
                         Raw('.inf'), '${NUM}', -1, Raw('0x10'), '0x1p-2', 'inf', *bad('1_000', Raw('1e400'), Raw('.nan'), '', 'x'))

    def size(self):
        return self.pick('64m', '1g', '1.5k', 1024, '512 MiB', '10', '0', 0, '64kb', '1GiB', '${SIZE}', '${UNSET:-1k}', -1, '1t', '2b', '1 kb',
                         Raw('0x10'), 1e6, Raw('1e3'), *bad(1.5, '-1', 'x', '1x', ''))

    def duration(self):
        return self.pick('10s', '1m30s', '0', '0s', '1.5s', '100ms', '1h', '1d', '1w', '90s', '${UNSET:-5s}', '1us', '1h0m', '1500ms', '1ns',
                         '+1s', '-5s', *bad('10', 'x', ''))

    def mode(self):
        return self.pick(0o444, '0444', '444', Raw('0444'), Raw('0o444'), Raw('444'), 0, *bad('x', 1.0, ''))

    def any_scalar(self):
        return self.pick(self.text(), 1, 1.0, 1.5, True, False, None, Raw('1e6'), Raw('1e20'), Raw('1e21'), Raw('1234567.89'), Raw('.inf'), Raw('-.inf'),
                         Raw('.nan'), Raw('0x1F'), Raw('0o17'), Raw('017'), Raw('1_000'), Raw('yes'), Raw('~'), '', Raw('1e-5'), Raw('1e-4'),
                         Raw('0.0001'), Raw('123456789012'), Raw('1.0e+2'), Raw('+1'), Raw('-0'), Raw('-0.0'), Bad(Raw('2001-01-01')), Raw('12:30:45'),
                         Raw('0b11'), Raw('100000.0'), Raw('1e5'), Raw('9223372036854775808'), Raw('18446744073709551616'), Raw('1.10'))

    def key(self):
        return self.pick('A', 'B', 'C', 'SHARED', 'D_E', 'x.y', '$SET', '${UNSET}')

    def pairs(self):
        if self.maybe():
            made = {self.key(): self.any_scalar() if self.maybe() else self.text() for _ in range(self.r.randint(0, 3))}
            if self.r.random() < self.wrongness / 3:
                made[self.pick('', 'w', 'SHARED')] = self.wrong()
            return made
        item = lambda: self.pick(f'{self.key()}={self.text()}', f'{self.key()}=', self.key(), f'{self.key()}={self.text()}', 'A=b=c', '=x', 'A =x',
                                 '${SET}=1', '"A=1"', '', 'A="q"')
        if self.wrongness == 0:
            item = lambda: self.pick(f'{self.key()}={self.text()}', f'{self.key()}=', self.key(), '"A=1"', 'A="q"', 'A=b=c')
        made = [self.value(item) for _ in range(self.r.randint(0, 3))]
        if self.wrongness == 0:
            made = list({text.split('=')[0]: text for text in made}.values())
        return made

    def options(self):
        return {self.pick('a', 'b', 'max-size', 'o', 'device', 'type'): self.value(self.text, 1, 1.5, '10m', 2.0, './x', 'bind', Raw('1e6'), None)
                for _ in range(self.r.randint(0, 3))}

    def driver_options(self):
        return {self.pick('a', 'o', 'device', 'type'): self.value(self.text, 1, 1.5, 2.0, './x', 'bind', Raw('1e6'), Bad(None)) for _ in range(self.r.randint(0, 3))}

    def texts(self, *options, most=3):
        return [self.value(*(options or (self.word,))) for _ in range(self.r.randint(0, most))]

    def one_or_list(self, *options):
        return self.value(*options) if self.maybe() else self.texts(*options)

    def command(self):
        return self.value('run it', ['run', 'it'], 'sh -c "a b"', '', [], None, ['$$x', '${SET}'], "a 'b c' d", 'a && b', Bad('x "unclosed'), ['a b', ''], '${UNSET}',
                          "a\\ b", 'a # b', 'echo $$HOME')

    # what services refer to

    def address(self):
        return self.pick('10.0.0.5', '::1', 'host-gateway', '[::1]', '${UNSET:-1.1.1.1}', '')

    def hosts(self):
        if self.maybe():
            return {self.pick('h1', 'h2', 'h3'): self.value(self.address, lambda: [self.address(), self.address()]) for _ in range(self.r.randint(0, 3))}
        return [self.value(lambda: f"{self.pick('h1', 'h2')}{self.pick(':', '=')}{self.address()}", Bad('h4'), 'h5=') for _ in range(self.r.randint(0, 3))]

    def port(self):
        target = self.pick('80', '443', '80', '8000-8002', '53')
        if self.maybe(0.6):
            host = self.pick('', '8080:', '80:', '${PORT}:', '127.0.0.1:8080:', '127.0.0.1::', '0.0.0.0:80:', '[::1]:80:', '${UNSET}:', '${UNSET:-8081}:',
                             '0:', '[::]:80:', ':80:', *bad('::1:80:', 'localhost:80:', '65536:'))
            if target == '8000-8002':
                host = self.pick('', '9000-9002:', '8000-8002:', '127.0.0.1:8000-8002:', *bad('8000-8001:', '80:'))
            elif self.maybe(0.2):
                host = self.pick('9000-9002:', '127.0.0.1:8000-8002:')
            return self.pick(host + target, host + target, host + target + '/udp', host + target + '/TCP', 80, 443, *bad(host + target + '/x', host + '80-80', Raw('80.0')))
        return self.mapping({'target': lambda: self.pick(80, '80', 443, *bad('8000-8002', 0, '0', 80.0)), 'published': lambda: self.pick(8080, '8080', '8080-8081', '', 0, '${PORT}'),
                             'host_ip': lambda: self.pick('127.0.0.1', '::1', *bad('', '[::1]', 'x', '${UNSET}')), 'protocol': lambda: self.pick('tcp', 'udp', 'TCP', ''),
                             'mode': lambda: self.pick('host', 'ingress', ''), 'name': self.word, 'app_protocol': self.word}, most=5) | (
            {'target': self.value(80, 443)} if self.maybe(0.9) else {})

    def mount(self):
        target = self.pick('/a', '/b', '/c/', '/a/../b', '/a', '//d', 'rel', '/${SET}')
        if self.maybe(0.55):
            source = self.pick('', './src:', '../up:', '/abs:', 'data:', 'cache:', '~/x:', '~:', '${DIR}:', '${UNSET:-./d}:', '.:', '..:', './src/:', *bad('${UNSET}:', 'undeclared:', 'sub/dir:', '/:'),
                               './a/../b:', 'c:\\win:', '\\\\.\\pipe\\x:', 'D:', '/a//b:', './:')
            options = self.pick('', '', '', ':ro', ':rw', ':z', ':Z,ro', ':nocopy', ':rshared', ':x', ':ro,rslave', ':cached', *bad(':', ':ro:rw'), ':ro,ro', ':private,nocopy,z',
                                ':volume-subpath=p', ':delegated', ':consistent', ':volume-opt=x')
            return source + target + options
        made = self.mapping({
            'source': lambda: self.pick('data', 'data', 'cache', *bad('undeclared', '', '${UNSET}', './src')),
            'read_only': self.boolean, 'consistency': self.word,
            'bind': lambda: self.value(lambda: self.mapping({'propagation': lambda: self.pick('rshared', 'x', ''), 'create_host_path': self.boolean, 'recursive': lambda: self.pick('enabled', 'readonly', Bad('x')),
                                                             'selinux': lambda: self.pick('z', 'Z', Bad('x'))}, least=0), Bad(None)),
            'volume': lambda: self.value(lambda: self.mapping({'nocopy': self.boolean, 'subpath': self.word, 'labels': self.pairs}, least=0), Bad(None)),
            'tmpfs': lambda: self.value(lambda: self.mapping({'size': self.size, 'mode': lambda: self.pick(0o755, Raw('0755'), 511, *bad('0755', 1.0))}, least=0), Bad(None)),
            'image': lambda: self.value(lambda: self.mapping({'subpath': self.word}, least=0), Bad(None))})
        made['type'] = self.value('bind', 'volume', 'tmpfs', 'bind', 'volume', 'tmpfs', 'image', 'npipe', 'cluster', Bad('x'))
        if made['type'] != 'volume' and self.maybe(0.8):
            made['source'] = self.pick('./src', '/abs', '~/x', '../up', '.', 'src', '${DIR}', './a/../b', 'nginx')
        if self.maybe(0.95) or self.wrongness == 0:
            made['target'] = self.value(target)
        return made

    def device(self):
        if self.maybe(0.6):
            return self.pick('/dev/a', '/dev/a:/dev/b', '/dev/a:/dev/b:rwm', '/dev/a:r', '/dev/b:/dev/b:x', 'vendor.com/class=x', '/dev/a:', '${UNSET}:/dev/x',
                             'vendor.com/class=x:/dev/z', *bad('/dev/c:/dev/d:r:w', '', ':', '${UNSET}'))
        return self.mapping({'source': lambda: self.pick('/dev/a', '/dev/b', 'vendor.com/class=x'), 'target': lambda: self.pick('/dev/x', '/dev/b', ''), 'permissions': lambda: self.pick('r', 'rwm', '', 'x')}, least=1) | (
            {'source': '/dev/y', 'target': '/dev/z'} if self.wrongness == 0 else {})

    def grant(self, names):
        if self.maybe():
            return self.pick(*names)
        made = self.mapping({'target': lambda: self.pick('/run/t', 't', '${SET}', ''), 'uid': lambda: self.pick('1', '0', Bad(1)), 'gid': lambda: self.pick('1', ''), 'mode': self.mode}, least=0)
        if self.maybe(0.95) or self.wrongness == 0:
            made['source'] = self.value(*names)
        return made

    def ulimits(self):
        return {self.pick('nofile', 'nproc', 'core'): self.value(self.integer, lambda: self.mapping({'soft': lambda: self.pick(1, -1, '2', Raw('0x10'), Bad('x')), 'hard': lambda: self.pick(0, 5, '7', Bad(None))}, least=2), {'soft': 1, 'hard': 2}) for _ in range(self.r.randint(0, 2))}

    def request(self):
        return self.mapping({'capabilities': lambda: self.pick(['gpu'], ['gpu', 'tpu'], [], Bad(['gpu', 'gpu'])), **({'device_ids': lambda: self.texts('0', '1')} if self.wrongness else {}), 'driver': self.word,
                             'options': self.pairs}, most=3) | ({'capabilities': ['gpu']} if self.maybe(0.7) or self.wrongness == 0 else {}) | (
            {'count': self.pick('all', 1, -1, '2', 0, '${NUM}', *bad('x', None))} if self.maybe(0.4) else {})

    def hook(self):
        return self.mapping({'user': self.word, 'privileged': self.boolean, 'working_dir': self.word, 'environment': self.pairs}, least=0) | ({'command': self.command()} if self.maybe(0.95) or self.wrongness == 0 else {})

    def build(self):
        if self.maybe(0.25):
            return self.value('.', './ctx', '..', 'https://github.com/a/b.git', '${DIR}', '', 'ctx', '/abs', '~/x', 'git@github.com:a/b.git', './ctx/', '${UNSET}')
        keys = {
            'context': lambda: self.pick('.', './ctx', '..', 'https://github.com/a/b.git', '${DIR}', '', 'ctx', './ctx/', '/abs', 'oci://x', 'ssh://a/b'),
            'dockerfile': lambda: self.pick('Dockerfile', 'sub/D', '/abs/D', '../D', '', '${UNSET}'), **({'dockerfile_inline': lambda: self.pick('FROM a\n', '', 'FROM ${SET}')} if self.maybe(0.3) else {}),
            'args': self.pairs, 'labels': self.pairs, 'ssh': lambda: self.pick(['default'], ['a=b', 'default'], {'a': 'b'}, {'a': None}, ['a=~/k'], [], {}, *bad(['x'], ['a=b', 'a=b'])),
            'cache_from': self.texts, 'cache_to': self.texts, 'no_cache': self.boolean, 'entitlements': self.texts,
            'additional_contexts': lambda: self.pick({'a': './x'}, ['a=./x', 'b=sub/y'], {'a': 'docker-image://x'}, {'a': '/abs', 'b': 'https://x'}, {'a': '~/x'}, {'a': 'target:x'}, *bad(['a'], {'a': ''}, {'a': None}, {'a': 'service:web'})),
            'network': self.word, 'provenance': lambda: self.pick(True, 'mode=max', 'false', '', 'no'), 'sbom': lambda: self.pick(True, 'generator=x', False), 'pull': self.boolean, 'target': self.word, 'shm_size': self.size,
            'extra_hosts': self.hosts, 'isolation': self.word, 'privileged': self.boolean, 'secrets': lambda: self.texts(lambda: self.grant(['s1', 's2'])), 'tags': lambda: self.texts('a:1', 'b:2', 'a:1'), 'ulimits': self.ulimits,
            'platforms': lambda: self.texts('linux/amd64', 'linux/arm64')}
        return self.mapping(keys, most=3)

    def limits(self):
        return self.mapping({'cpus': self.number, 'memory': lambda: self.pick('64m', '1g', '${SIZE}', '0', *bad(1024, '', '-1')), 'pids': self.integer}, least=0)

    def reservations(self):
        return self.mapping({'cpus': self.number, 'memory': lambda: self.pick('64m', '1g'), 'devices': lambda: self.texts(self.request), 'generic_resources': lambda: self.texts(
            lambda: {'discrete_resource_spec': self.mapping({'kind': self.word, 'value': self.integer}, least=0)}, {}, most=2)}, least=0)

    def update(self):
        return self.mapping({'parallelism': self.integer, 'delay': self.duration, 'failure_action': self.word, 'monitor': self.duration, 'max_failure_ratio': self.number,
                             'order': lambda: self.pick('start-first', 'stop-first', Bad('x'))}, least=0)

    def deploy(self):
        return self.mapping({
            'mode': lambda: self.pick('replicated', 'global', 'x'), 'endpoint_mode': self.word, 'replicas': self.integer, 'labels': self.pairs, 'rollback_config': self.update, 'update_config': self.update,
            'resources': lambda: self.value(lambda: self.mapping({'limits': self.limits, 'reservations': self.reservations}, least=0), {}, {'limits': {}}, {'reservations': {}}),
            'restart_policy': lambda: self.mapping({'condition': self.word, 'delay': self.duration, 'max_attempts': self.integer, 'window': self.duration}, least=0),
            'placement': lambda: self.mapping({'constraints': lambda: self.texts('node.role==x', 'a'), 'preferences': lambda: self.texts({'spread': 'x'}, {}, most=2), 'max_replicas_per_node': self.integer}, least=0)}, least=0, most=3)

    def health(self):
        return self.mapping({'disable': self.boolean, 'interval': self.duration, 'timeout': self.duration, 'retries': self.integer, 'start_period': self.duration, 'start_interval': self.duration,
                             'test': lambda: self.pick('curl x', ['CMD', 'a'], ['CMD-SHELL', 'a b'], ['NONE'], 'NONE', [], '', ['CMD'], *bad(['a'], None), ['NONE', 'x'], ['CMD-SHELL', 'a', 'b'], ['CMD', '$$x'])}, most=4, least=0)

    def depends(self):
        others = self.services[:1] + bad(*self.services[1:], 'gone')
        if self.maybe():
            return [self.value(*others) for _ in range(self.r.randint(0, 2 if self.wrongness else 1))]
        return {self.pick(*others): self.value(lambda: self.mapping({'condition': lambda: self.pick('service_started', 'service_healthy', 'service_completed_successfully', Bad('x')), 'restart': self.boolean, 'required': lambda: self.pick(True, False, Bad('yes'))}, least=0) | (
            {'condition': 'service_started'} if self.maybe(0.8) or self.wrongness == 0 else {})) for _ in range(self.r.randint(0, 2))}

    def attachment(self):
        return self.value(lambda: self.mapping({'aliases': self.texts, 'ipv4_address': lambda: self.pick('10.0.0.1', 'x', ''), 'ipv6_address': lambda: '::5', 'link_local_ips': lambda: self.pick(['1.1.1.1'], ['1.1.1.1', '2.2.2.2'], ['1.1.1.1', '1.1.1.1']),
                                                'mac_address': lambda: '02:42:ac:11:65:43', 'priority': lambda: self.pick(0, 1, 100, -1, 1.0, Bad('1')), 'gw_priority': lambda: self.pick(1, 2, Bad('x')), 'driver_opts': self.driver_options, 'interface_name': lambda: 'eth0'}, least=0), None, {})

    def networks(self):
        if self.maybe():
            return self.pick(['front'], ['front', 'back'], ['default'], ['back', 'outside'], [], Bad(['front', 'front']))
        return {self.pick('front', 'back', 'default', 'outside'): self.attachment() for _ in range(self.r.randint(0, 2))}

    def env_file(self):
        item = lambda: self.pick('a.env', './b.env', 'a.env', {'path': 'raw.env', 'format': 'raw'}, {'path': 'gone.env', 'required': False}, {'path': 'b.env', 'required': 'yes'}, 'gone.env',
                                 {'path': 'a.env', 'format': 'x'}, {'path': 'b.env', 'format': ''}, {'path': './a.env'}, {}, '', '${UNSET}', {'path': '${UNSET}', 'required': False}, {'path': ''}, {'path': 'a.env', 'format': None})
        if self.wrongness == 0:
            item = lambda: self.pick('a.env', './b.env', {'path': 'raw.env', 'format': 'raw'}, {'path': 'gone.env', 'required': False}, {'path': 'a.env'})
        return self.pick(item, lambda: [self.value(item) for _ in range(self.r.randint(0, 3))], lambda: [item(), item()])()

    def attributes(self):
        names = ['s1', 's2', 's3']
        return {
            'annotations': self.pairs, 'attach': self.boolean,
            'blkio_config': lambda: self.mapping({'weight': lambda: self.pick(10, 500, *bad('10', 70000, -1)), 'weight_device': lambda: self.texts(lambda: self.mapping({'path': lambda: '/dev/a', 'weight': lambda: self.pick(10, *bad('5', -1))}, least=0)),
                                                  'device_read_bps': lambda: self.texts(lambda: self.mapping({'path': lambda: '/dev/a', 'rate': self.size}, least=0)),
                                                  'device_write_iops': lambda: self.texts(lambda: self.mapping({'path': lambda: '/dev/a', 'rate': self.size}, least=0))}),
            'build': self.build, 'cap_add': lambda: self.texts('ALL', 'NET_ADMIN', 'ALL'), 'cap_drop': lambda: self.texts('ALL', 'NET_ADMIN'), 'cgroup': lambda: self.pick('host', 'private', Bad('x')), 'cgroup_parent': self.word,
            'command': self.command, 'configs': lambda: self.texts(lambda: self.grant(['c1', 'c2'])), 'container_name': lambda: self.pick('name1', 'name2', '${SET}-n', 'ab c', '_xy', 'abé', 'ab$$b', *bad('x', '', '${UNSET}', 'é')),
            'cpu_count': self.integer, 'cpu_percent': lambda: self.pick(0, 50, '25', '1e1', *bad(101, -1, 1.5, '1.5', 'x')), 'cpu_period': lambda: self.pick(self.integer(), Bad(self.duration())), 'cpu_quota': lambda: self.pick(self.integer(), Bad(self.duration())),
            'cpu_rt_period': lambda: self.pick(self.integer(), Bad(self.duration())), 'cpu_rt_runtime': lambda: self.pick(self.integer(), Bad('95ms')), 'cpu_shares': self.integer, 'cpus': self.number, 'cpuset': lambda: self.pick('0-3', '0,1', '', Bad(0)),
            'credential_spec': lambda: self.mapping({'file': self.word, 'registry': self.word, 'config': lambda: 'c1'}, most=2), 'depends_on': self.depends, 'deploy': self.deploy,
            'develop': lambda: self.value(lambda: {'watch': self.texts(lambda: self.mapping({'path': lambda: self.pick('./src', '.', '/abs', '~/x', Bad('')), 'action': lambda: self.pick('sync', 'rebuild', 'restart', 'sync+restart', 'sync+exec', Bad('x')), 'target': lambda: '/app',
                                                                                              'ignore': lambda: self.one_or_list(self.word), 'include': lambda: self.one_or_list(self.word), 'exec': self.hook, 'initial_sync': lambda: self.pick(True, False, Bad('yes'))}, least=1, most=5) | ({'path': './src', 'action': 'rebuild'} if self.wrongness == 0 or self.maybe(0.6) else {}))}, None, {}),
            'device_cgroup_rules': lambda: self.pick(['c 1:3 mr'], ['c 1:3 mr', 'a 7:* rmw'], Bad(['a 7:* rmw', 'a 7:* rmw'])), 'devices': lambda: self.texts(self.device), 'dns': lambda: self.one_or_list('8.8.8.8', '1.1.1.1', '${UNSET}'), 'dns_opt': lambda: self.texts('use-vc', 'rotate', 'use-vc'),
            'dns_search': lambda: self.one_or_list('a.com', 'b.com', 'a.com'), 'domainname': self.word, 'entrypoint': self.command, 'env_file': self.env_file, 'environment': self.pairs, 'expose': lambda: self.texts('80', 80, '3000-3002', '53/udp', '${PORT}', 'x', '', '80/tcp', Bad(1.5)),
            'external_links': lambda: self.pick(['a'], ['a', 'b:c'], Bad(['a', 'a'])), 'extra_hosts': self.hosts, 'gpus': lambda: self.value('all', lambda: self.texts(self.request), Bad('x')), 'group_add': lambda: self.pick(['staff', 1000], ['a'], [1], ['1000', 'b'], *bad([1000, '1000'], [1.5], ['a', 'a'])),
            'healthcheck': self.health, 'hostname': lambda: self.pick('h', 'a.b', '', 'a_b', '${UNSET}', 'é', '-x', 'x' * 64), 'image': lambda: self.pick('nginx', 'nginx:1.27', 'a:${UNSET}', 'A/B', '${SET}:x', 'x@sha256:' + 'a' * 64, ' x', *bad('', '${UNSET}')), 'init': self.boolean, 'ipc': lambda: self.pick('host', 'shareable', 'container:x', '', 'x', *bad('service:db', 'service:gone')),
            'isolation': self.word, 'label_file': lambda: self.one_or_list('labels.txt', 'labels.txt', Bad('gone.txt')), 'labels': self.pairs, 'links': lambda: self.pick([], ['web:w'] if self.wrongness else [], *bad(['db', 'db:alias'], ['web'], ['gone'], ['db', 'db'], ['a:b:c'])),
            'logging': lambda: self.mapping({'driver': lambda: self.pick('json-file', 'syslog', ''), 'options': self.options}, least=0), 'mac_address': lambda: self.pick('02:42:ac:11:65:43', ''), 'mem_limit': self.size, 'mem_reservation': self.size, 'mem_swappiness': self.size, 'memswap_limit': self.size,
            'models': lambda: self.pick(['m1'], {'m1': {'endpoint_var': 'E', 'model_var': 'M'}}, {'m1': None}, ['m1', 'm2'], {'m2': {}}, []), 'network_mode': lambda: self.pick('host', 'none', 'bridge', 'container:x', '', '${UNSET}', 'x', *bad('service:db', 'service:gone')),
            'networks': self.networks, 'oom_kill_disable': self.boolean, 'oom_score_adj': self.integer, 'pid': lambda: self.pick('host', '', 'x', 'container:y', Bad('service:db')), 'pids_limit': self.integer, 'platform': lambda: self.pick('linux/amd64', '', 'x/y/z', 'LINUX/AMD64', 'windows'),
            'ports': lambda: self.texts(self.port), 'post_start': lambda: self.texts(self.hook, most=2), 'pre_stop': lambda: self.texts(self.hook, most=2), 'privileged': self.boolean, 'profiles': lambda: self.texts('a', 'b', 'a b', 'a.b_c', '1'),
            'provider': lambda: self.mapping({'type': self.word, 'options': lambda: {'a': self.any_scalar(), 'b': self.value(['x', 'y'], [1], True)}} if self.maybe(0.3) else {'type': lambda: 'x', 'options': lambda: {'a': self.text(), 'b': self.pick(1, 1.5, True, [1, 'x', 1e6])}}, least=2), 'pull_policy': lambda: self.pick('always', 'never', 'build', 'missing', 'daily', 'weekly', 'every_1d', 'if_not_present', 'every_12h3m', *bad('every_', 'x', '')), 'read_only': self.boolean,
            'restart': lambda: self.pick('always', 'no', 'on-failure:3', '', 'x', 'unless-stopped', Bad(False)), 'runtime': self.word, 'scale': lambda: self.pick(0, 1, 3, '2', *bad(-1, 'x', 1.5)), 'secrets': lambda: self.texts(lambda: self.grant(names)),
            'security_opt': lambda: self.pick(['no-new-privileges:true'], ['seccomp:./s.json', 'label=x'], ['seccomp=unconfined'], Bad(['a', 'a'])), 'shm_size': self.size, 'stdin_open': self.boolean, 'stop_grace_period': self.duration, 'stop_signal': lambda: self.pick('SIGTERM', '9', ''), 'storage_opt': lambda: {self.pick('size', 'o'): self.value('1g', 1, None, *bad(1.5, True, [])) for _ in range(2)},
            'sysctls': self.pairs, 'tmpfs': lambda: self.one_or_list('/tmp', '/run:size=1m', '/tmp', '/var/x', ''), 'tty': self.boolean, 'ulimits': self.ulimits, 'use_api_socket': lambda: self.pick(True, False, Bad('yes')), 'user': lambda: self.pick('1000', '1000:1000', 'a', '', '${UNSET}', '${SET}', Bad(1000)), 'userns_mode': lambda: self.pick('host', 'x', ''),
            'uts': lambda: self.pick('host', 'x', ''), 'volumes': lambda: self.texts(self.mount), 'volumes_from': lambda: self.pick(['container:x'], [], *bad(['db', 'db:ro'], ['web'], ['gone'], ['container:x', 'container:x'])), 'working_dir': lambda: self.pick('/app', 'rel', '', '${SET}', '/a/../b'),
            'x-note': lambda: self.pick(1, 'x', {'a': 1e6}, ['${SET}']),
        }

    def service(self, focus, base):
        table = self.attributes()
        made = {}
        if base and self.maybe(0.97):
            made['image'] = 'img'
        for name in focus:
            if not base and self.maybe(0.15):
                made[name] = Tag('!reset', self.pick(None, [], {}, 'x'))
                continue
            if self.maybe(0.85 if base else 0.6):
                value = self.value(table[name])
                if not base and self.maybe(0.12):
                    value = Tag('!override', value)
                made[name] = value
        return made

    def top(self, section):
        external = lambda: self.pick(True, True, 'yes', *bad(False, {'name': 'out'}, ''))
        network = {'name': lambda: self.pick('n', '${COMPOSE_PROJECT_NAME}_n', ''), 'driver': lambda: self.pick('bridge', ''), 'driver_opts': self.driver_options, 'internal': self.boolean, 'enable_ipv4': self.boolean, 'enable_ipv6': self.boolean, 'attachable': self.boolean, 'labels': self.pairs,
                   'external': external, 'ipam': lambda: self.value(lambda: self.mapping({'driver': lambda: 'default', 'options': self.options, 'config': lambda: self.texts(lambda: self.mapping(
                       {'subnet': lambda: self.pick('10.0.0.0/24', '10.1.0.0/24', Bad('x')), 'gateway': lambda: '10.0.0.1', 'ip_range': lambda: '10.0.0.0/25', 'aux_addresses': lambda: self.pick({'a': '10.0.0.2'}, {}, Bad({'a': None}))}, least=0))}, least=0), {}, Bad(None))}
        volume = {'name': lambda: self.pick('v', '', '${SET}'), 'driver': lambda: self.pick('local', 'x'), 'driver_opts': self.driver_options, 'labels': self.pairs, 'external': external}
        secret = {'name': lambda: 'sn', 'environment': lambda: self.pick('SET', 'UNSET', 'X'), 'file': lambda: self.pick('./s.txt', '/abs', '~/s', '../s', 's', *bad('', '${UNSET}')), 'labels': self.pairs, 'external': external, 'driver': self.word, 'driver_opts': lambda: {'a': self.pick('x', 1, Bad(1.5))}, 'template_driver': self.word}
        if self.wrongness == 0:
            secret.pop(self.pick('environment', 'file'))
        config = {'name': lambda: 'cn', 'content': self.text, 'environment': lambda: self.pick('SET', 'UNSET'), 'file': lambda: self.pick('./c.txt', '/abs', Bad('')), 'labels': self.pairs, 'external': external, 'template_driver': self.word}
        model = {'model': lambda: self.pick('ai/x', ''), 'context_size': lambda: self.pick(1, 1024, *bad('1', 1.5)), 'runtime_flags': self.texts, 'name': self.word}
        if self.wrongness == 0:
            model = {**model, 'model': lambda: 'ai/x'}
        if section == 'networks':
            return {name: self.value(None, {}, lambda: self.mapping(network)) for name in self.r.sample(['front', 'back', 'default'], self.r.randint(1, 3))}
        if section == 'volumes':
            return {name: self.value(None, {}, lambda: self.mapping(volume)) for name in self.r.sample(['data', 'cache'], self.r.randint(1, 2))}
        if section == 'secrets':
            return {name: self.value(lambda: self.mapping(secret, least=0), {'file': './s.txt'}, {'environment': 'SET'}) for name in self.r.sample(['s1', 's2'], self.r.randint(1, 2))}
        if section == 'configs':
            return {name: self.value(lambda: self.mapping(config, least=0), {'file': './c.txt'}, {'content': 'x'}) for name in self.r.sample(['c1', 'c2'], self.r.randint(1, 2))}
        return {'m1': self.value(lambda: self.mapping(model), {'model': 'ai/x'}), 'm2': {'model': 'ai/y'}}

    DECLARED = {
        'networks': {'front': None, 'back': {}, 'outside': {'external': True}}, 'volumes': {'data': None, 'cache': {}},
        'secrets': {'s1': {'file': './s.txt'}, 's2': {'environment': 'SET'}, 's3': {'external': True}}, 'configs': {'c1': {'file': './c.txt'}, 'c2': {'content': 'x'}},
        'models': {'m1': {'model': 'ai/x'}, 'm2': {'model': 'ai/y'}}}
    USES = {'networks': ('networks', ['front', 'back', 'default']), 'volumes': ('volumes', ['data:/data', 'cache:/cache']), 'secrets': ('secrets', ['s1', 's2']), 'configs': ('configs', ['c1', 'c2']), 'models': ('models', ['m1', 'm2'])}

    def project(self, only):
        """The files of a project, and what Compose is asked."""
        names = list(self.attributes())
        focus = [only] if only in names else self.r.sample(names, self.pick(1, 1, 2, 3, 4))
        sections = [only] if only in self.DECLARED and self.maybe() else self.r.sample(list(self.DECLARED), 1) if self.maybe(0.2) else []
        files, order, depth = {}, ['compose.yaml'], self.pick(0, 0, 1, 1, 2)
        for at in range(depth + 1):
            tree = {'services': {name: self.service(focus, at == 0) for name in self.services if at == 0 or self.maybe(0.8)}}
            for section, declared in self.DECLARED.items():
                if section in sections:
                    if at == 0 or self.maybe():
                        tree[section] = self.top(section)
                        if at == 0:
                            attribute, uses = self.USES[section]
                            first = tree['services'][self.services[0]]
                            if attribute not in focus:
                                first[attribute] = list(uses)
                elif at == 0:
                    tree[section] = declared
            if at == 0:
                if self.maybe(0.2):
                    tree['name'] = self.value('proj', 'proj', 'Proj', '${SET}', '${UNSET:-p}', 'a b', *bad('${COMPOSE_PROJECT_NAME}', '', '${UNSET}'))
                if self.maybe(0.1):
                    tree['version'] = self.value('3.8', *bad(3, None))
                self.shape(tree, files, focus)
            elif self.maybe(0.05):
                tree['name'] = self.pick('other', '${SET}2')
            if self.maybe(0.03):
                tree['x-ext'] = self.pick(1, 'x', [], {'a': [1.5]})
            # The second file is one that Compose finds by itself, and so does `check`.
            name = ['compose.yaml', 'compose.override.yaml', 'over.yaml'][at]
            files[name] = document(tree)
            if at:
                order.append(name)
        if self.maybe(0.08) and depth:
            # The same as documents of one file.
            files['compose.yaml'] = '---\n'.join(files.pop(name) for name in order)
            order = order[:1]
        files['.env'] = ENV + self.pick('', '', '', 'COMPOSE_PROJECT_NAME=fromenv\n', *bad('COMPOSE_PROJECT_NAME=\n', 'COMPOSE_PROJECT_NAME=A b\n'))
        for name in ('s.txt', 'c.txt'):
            files[name] = 'x\n'
        files.update(ENV_FILES)
        if self.maybe(0.3):
            files['a.env'] = self.variables()
        if self.maybe(0.15):
            files['.env'] += self.variables()
        return files, order

    def shape(self, tree, files, focus):
        """Anchors, `extends` and `include`."""
        services = tree['services']
        first = self.services[0]
        shape = self.r.random()
        if shape < 0.05:
            # Fragments, and several of them in one merge.
            tree['x-one'], tree['x-two'] = Tag('&one', self.service(focus, True)), Tag('&two', self.service(focus, False))
            tree['services'] = services = {name: {Raw('<<'): self.pick(Raw('*one'), [Raw('*one'), Raw('*two')], [Raw('*two'), Raw('*one')]), **service} for name, service in services.items()}
            for key in list(tree):
                # Anchors come before what uses them.
                if not key.startswith('x-'):
                    tree[key] = tree.pop(key)
        elif shape < 0.1:
            tree_first = services[first]
            services[first] = Tag('&base', tree_first)
            for name in self.services[1:]:
                services[name] = {Raw('<<'): self.pick(Raw('*base'), [Raw('*base')]), **services[name]} if self.maybe(0.8) else Raw('*base')
        elif shape < 0.25 and len(self.services) > 1:
            for name in self.services[1:]:
                services[name]['extends'] = self.value(first, {'service': first})
                if self.maybe():
                    services[name].pop('image', None)
                for key in list(services[name]):
                    if key in focus and self.maybe(0.1):
                        services[name][key] = Tag(self.pick('!reset', '!override'), services[name][key])
        elif shape < 0.4:
            base = {'services': {'common': self.service(focus, True)}}
            if self.maybe(0.3):
                base['services']['mid'] = {'extends': 'common', **self.service(focus, False)}
            files['sub/base.yaml'] = document(base)
            files['sub/a.env'] = 'SUB=1\nSHARED=sub\n'
            for name in ('b.env', 'raw.env', 'labels.txt'):
                files[f'sub/{name}'] = ENV_FILES[name]
            services[first]['extends'] = self.value({'file': 'sub/base.yaml', 'service': self.pick(*base['services'])}, {'file': './sub/base.yaml', 'service': 'common'})
        elif shape < 0.55:
            other = {'services': {'inc': self.service(focus, True)}}
            # Versions differ on what stands in both files.
            for section in list(self.DECLARED):
                if self.maybe() and section in tree:
                    other[section] = tree.pop(section)
            if self.maybe(0.2):
                other['name'] = 'included'
            files['sub/inc.yaml'] = document(other)
            if self.maybe(0.5):
                files['sub/.env'] = 'SET=sub\nONLYSUB=1\n'
            files.update({f'sub/{name}': text for name, text in ENV_FILES.items()})
            files['sub/s.txt'] = files['sub/c.txt'] = 'x\n'
            if self.maybe(0.25):
                files['sub/deep/more.yaml'] = document({'services': {'deep': self.service(focus, True)}})
                files.update({f'sub/deep/{name}': text for name, text in ENV_FILES.items()})
                files['sub/inc.yaml'] = document({**other, 'include': self.pick(['deep/more.yaml'], [{'path': './deep/more.yaml', 'project_directory': self.pick('.', 'deep', '..')}])})
            if self.maybe(0.2):
                files['sub/over.yaml'] = document({'services': {'inc': self.service(focus, False)}})
                tree['include'] = [{'path': ['sub/inc.yaml', './sub/over.yaml']}]
                return
            tree['include'] = self.value(['sub/inc.yaml'], [{'path': 'sub/inc.yaml'}], [{'path': ['sub/inc.yaml'], 'project_directory': '.'}], [{'path': 'sub/inc.yaml', 'env_file': 'a.env'}], [{'path': './sub/inc.yaml', 'project_directory': 'sub'}],
                                         Bad(lambda: [{'path': 'sub/inc.yaml', self.pick('env_file', 'project_directory', 'nonsense'): self.wrong()}]))


# --- comparing ----------------------------------------------------------------------------------------------------------


def run(command, directory):
    """What a command prints, and what it complains of."""
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None, 'takes more than a minute'
    return (done.stdout, done.stderr) if done.returncode == 0 else (None, done.stderr + done.stdout)


def read(text, form):
    if form == 'json':
        return json.loads(text)
    import yaml

    # PyYAML knows YAML 1.1 alone, and takes `1e+06` for a text.
    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {}

    Loader.add_implicit_resolver('tag:yaml.org,2002:null', re.compile(r'^(?:~|null|)$'), list('~n') + [''])
    Loader.add_implicit_resolver('tag:yaml.org,2002:bool', re.compile(r'^(?:true|false)$'), list('tf'))
    Loader.add_implicit_resolver('tag:yaml.org,2002:int', re.compile(r'^[-+]?[0-9]+$'), list('-+0123456789'))
    number = re.compile(r'^[-+]?(?:[0-9]+\.?[0-9]*(?:e[-+]?[0-9]+)?|\.inf|\.nan)$')
    Loader.add_implicit_resolver('tag:yaml.org,2002:float', number, list('-+.0123456789'))
    return yaml.load(text, Loader)


def without_decisions(tree, form):
    """Takes out what we print otherwise on purpose."""
    for service in (tree.get('services') or {}).values():
        # As Compose reads it, `id=path`.
        (service.get('build') or {}).pop('ssh', None)
        # Compose's JSON has these in capitals.
        for limits in (service.get('blkio_config') or {}).values():
            for limit in limits if isinstance(limits, list) else []:
                for key in ('Path', 'Rate', 'Weight'):
                    if key in limit:
                        limit[key.lower()] = limit.pop(key)
                for key in ('path', 'rate', 'weight'):
                    if limit.get(key) in ('', 0, '0'):
                        limit.pop(key)
    if form == 'json':
        # Compose's JSON lacks these.
        tree.pop('models', None)
        for section in ('services', 'networks', 'volumes', 'secrets', 'configs'):
            without_extensions(tree.get(section) or {}, section)
    # An empty list without a type is nothing to Compose.
    for key in [key for key in tree if key.startswith('x-')]:
        tree[key] = without_empty_lists(tree[key])
    return tree


def without_empty_lists(value):
    if isinstance(value, dict):
        return {key: without_empty_lists(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_empty_lists(inner) for inner in value] or None
    return value


def without_extensions(value, path):
    if isinstance(value, dict):
        for key in list(value):
            if key.startswith('x-') and '.' in path:
                value.pop(key)
            else:
                without_extensions(value[key], f'{path}.{key}')
    elif isinstance(value, list):
        for item in value:
            without_extensions(item, path + '.')


def differences(theirs, ours, path=''):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys()):
            if key not in ours:
                yield f'{path}.{key}: theirs {theirs[key]!r}, ours missing'
            elif key not in theirs:
                yield f'{path}.{key}: theirs missing, ours {ours[key]!r}'
            else:
                yield from differences(theirs[key], ours[key], f'{path}.{key}')
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for at, (one, other) in enumerate(zip(theirs, ours)):
            yield from differences(one, other, f'{path}[{at}]')
    elif type(theirs) is not type(ours) or theirs != ours:
        if not all(isinstance(value, float) and math.isnan(value) for value in (theirs, ours)):
            yield f'{path}: theirs {theirs!r}, ours {ours!r}'


REFUSING = 'invalid-compose,syntax-error,duplicate-key'


def check(options, directory, files, is_accepted):
    """What `check` says that it must not, or does not say that it must."""
    command = [options.plimsoll, 'check', '--isolated', '--select', REFUSING, '--output-format', 'json', '.']
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60)
    try:
        # A file that nothing names (`include: [null]`) is a project of its own.
        unnamed = [name for name in files if name.startswith('sub/') and not any(name in text for text in files.values())]
        said = [finding['message'] for finding in json.loads(done.stdout) if finding['file'] not in unnamed]
        # What the engine refuses is said too.
        said = [message for message in said if 'invalid mount config' not in message]
    except ValueError:
        return [f'check: exit {done.returncode}: {done.stderr[:200]}']
    if is_accepted:
        return [f'check refuses: {message}' for message in said]
    # What depends on the variables of somebody's shell is left to `project`.
    open_ends = ('UNSET', 'COMPOSE_PROJECT_NAME')
    if said or any(end in text for text in files.values() for end in open_ends if text is not files['.env']):
        return []
    return ['check accepts what Compose refuses']


def compare(seed, options):
    files, order = Make(seed).project(options.only)
    kept = options.keep and os.path.join(options.keep, str(seed))
    with tempfile.TemporaryDirectory() as temporary:
        # The directory names a project that has no name.
        directory = os.path.join(temporary, 'Some.Dir')
        for name, text in files.items():
            path = os.path.join(directory, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as file:
                file.write(text)
        named = [word for name in order for word in ('-f', name)]
        form = 'json' if seed % 2 else 'yaml'
        oracle = [options.oracle, *named, '--profile', '*', 'config']
        theirs, refusal = run([*oracle, '--no-path-resolution', '--format', form], directory)
        # In files that are included and extended it resolves paths all the same; where a home lies is nothing the files say.
        home = os.environ.get('HOME', '')
        theirs = theirs and re.sub(re.escape(home) + r'(?=[/"\s])', '~', theirs)
        ours, report = run([options.plimsoll, 'project', '--isolated', *named, '--output-format', form], directory)
        found = []
        if theirs is None and ('goroutine ' in refusal or 'unsupported value' in refusal or 'MarshalJSON' in refusal):
            pass  # It panicked, which is no verdict, or has something that JSON cannot say.
        elif theirs is None and ours is not None:
            found = [f'REFUSED by theirs: {refusal.strip().splitlines()[-1][:300] if refusal.strip() else "?"}']
        elif ours is None and theirs is not None:
            # Some of it is refused only where paths are resolved.
            if run([*oracle, '--quiet'], directory)[0] is not None:
                found = ['REFUSED by ours: ' + ' | '.join(line.strip() for line in report.splitlines() if line.strip())[:300]]
        elif ours is not None:
            found = list(differences(without_decisions(read(theirs, form), form), without_decisions(read(ours, form), form)))
        if not found and len(order) < 3 and 'goroutine ' not in refusal:
            found = check(options, directory, files, theirs is not None)
        if found and kept:
            os.makedirs(options.keep, exist_ok=True)
            if not os.path.exists(kept):
                os.rename(directory, kept)
            with open(os.path.join(kept, 'command'), 'w') as file:
                file.write(' '.join(named) + '\n')
        return seed, found, theirs is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('oracle')
    parser.add_argument('plimsoll')
    parser.add_argument('--seed', type=int, default=0, help='the first number')
    parser.add_argument('--count', type=int, default=1000, help='how many projects')
    parser.add_argument('--only', help='one attribute of services, or one section')
    parser.add_argument('--keep', help='where to write the projects that differ')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--show', type=int, default=40, help='how many differences to print')
    options = parser.parse_args()
    options.oracle, options.plimsoll = os.path.abspath(options.oracle), os.path.abspath(options.plimsoll)
    differing = loaded = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        seeds = range(options.seed, options.seed + options.count)
        for seed, found, loads in pool.map(lambda seed: compare(seed, options), seeds):
            loaded += loads
            if not found:
                continue
            differing += 1
            if differing <= options.show:
                print(f'{seed}:')
                for line in found[:4]:
                    print(f'    {line}')
    print(f'{differing} of {options.count} differ; {loaded} can be loaded')
    return differing != 0


if __name__ == '__main__':
    sys.exit(main())
