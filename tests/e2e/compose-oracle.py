#!/usr/bin/env python3
"""Compares `plimsoll project` with `docker compose config` on projects made up at random.

    tests/e2e/compose-oracle.py ORACLE PLIMSOLL [--seed N] [--count N] [--only ATTRIBUTE] [--keep DIR] [--jobs N] [--show N]

ORACLE is a program that takes the arguments of `docker compose`: `docker-compose`, or a wrapper of it that clears the
environment. Each project is loaded by both. They must agree whether it can be loaded, and on every value of it; where only
known decisions of ours differ (ARCHITECTURE.md, "The canonical form"), the difference is taken out before. What differs is
printed with the number that makes the project again; `--keep` writes it there. Nothing in the ordinary tests needs this.
"""
import argparse, concurrent.futures, json, os, random, subprocess, sys, tempfile

# --- YAML --------------------------------------------------------------------------------------------------------------


class Raw(str):
    """A scalar, or a key, that is written as it is: `1e6`, `*alias`, `<<`."""


class Tag:
    """A value behind a tag or an anchor."""

    def __init__(self, tag, value):
        self.tag, self.value = tag, value


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
        return self.r.choice(options)

    def maybe(self, chance=0.5):
        return self.r.random() < chance

    def some(self, options, most=3, least=0):
        count = self.r.randint(least, most)
        return [self.one(o) for o in self.r.choices(options, k=count)]

    def one(self, option):
        return option() if callable(option) else option

    def wrong(self):
        return self.pick(None, True, 1, 1.5, -1, '', 'x', [], {}, ['x'], {'a': 1}, [None], [1], {'': 1}, Raw('2001-01-01'))

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
            made['x-note'] = self.wrong()
        return made

    # scalars

    def text(self):
        return self.pick('a', 'b-c', 'x y', 'nginx:1.27', '${SET}', '${UNSET:-d}', '${UNSET-}', '$$x', '${SET:+r}', '${EMPTY:-e}',
                         '${EMPTY-e}', '$DERIVED', 'a', 'b', 'é', '"q"', "it's", 'a#b', 'a: b', 'true', '1', '1.0', '~', 'null',
                         '$FROMUNSET', '${UNSET}', 'line\nbreak\n', ' pad ', '-x', '${COMPOSE_PROJECT_NAME}')

    def word(self):
        return self.pick('a', 'b', 'c', 'd-e', '${SET}', '${UNSET:-d}', '$TAG')

    def boolean(self):
        return self.pick(True, False, True, False, 'true', 'no', Raw('yes'), Raw('on'), Raw('off'), Raw('y'), '${TRUE}', '${UNSET:-false}',
                         Raw('True'), Raw('FALSE'), '${UNSET}')

    def integer(self):
        return self.pick(0, 1, 2, 10, -1, '3', '${NUM}', '${UNSET:-4}', Raw('0x10'), Raw('010'), Raw('0o17'), Raw('1e1'), 1.0, 2.5, '1.0', '0x10',
                         '-2', Raw('1_0'), '+5', '07', '${UNSET}', Raw('1e3'))

    def number(self):
        return self.pick(0, 1, 2, 0.5, 1.5, 2.0, '0.25', '1', '1e3', Raw('1e6'), Raw('1e-7'), Raw('.5'), Raw('1e21'), Raw('1234567.89'),
                         Raw('.inf'), Raw('.nan'), '${NUM}', -1, Raw('0x10'), '0x1p-2', '1_000', 'inf', Raw('1e400'))

    def size(self):
        return self.pick('64m', '1g', '1.5k', 1024, '512 MiB', '10', '0', 0, 1.5, 1e6, '64kb', '1GiB', '${SIZE}', '${UNSET:-1k}', '-1', -1, '1t',
                         '2b', Raw('1e3'), 'x', '1x', '', '1 kb', Raw('0x10'))

    def duration(self):
        return self.pick('10s', '1m30s', '0', '0s', '1.5s', '100ms', '1h', '1d', '1w', '90s', '${UNSET:-5s}', '-5s', '10', 'x', '1us', '1h0m', '1500ms', '1ns',
                         '+1s')

    def mode(self):
        return self.pick(0o444, '0444', '444', Raw('0444'), Raw('0o444'), 'x', Raw('444'), 0, 1.0, '')

    def any_scalar(self):
        return self.pick(self.text(), 1, 1.0, 1.5, True, False, None, Raw('1e6'), Raw('1e20'), Raw('1e21'), Raw('1234567.89'), Raw('.inf'), Raw('-.inf'),
                         Raw('.nan'), Raw('0x1F'), Raw('0o17'), Raw('017'), Raw('1_000'), Raw('yes'), Raw('~'), '', Raw('1e-5'), Raw('1e-4'),
                         Raw('0.0001'), Raw('123456789012'), Raw('1.0e+2'), Raw('+1'), Raw('-0'), Raw('-0.0'), Raw('2001-01-01'), Raw('12:30:45'),
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
            item = lambda: self.pick(f'{self.key()}={self.text()}', f'{self.key()}=', self.key())
        return [self.value(item) for _ in range(self.r.randint(0, 3))]

    def options(self):
        return {self.pick('a', 'b', 'max-size', 'o', 'device', 'type'): self.value(self.text, 1, 1.5, '10m', 2.0, './x', 'bind', Raw('1e6'), None)
                for _ in range(self.r.randint(0, 3))}

    def texts(self, *options, most=3):
        return [self.value(*(options or (self.word,))) for _ in range(self.r.randint(0, most))]

    def one_or_list(self, *options):
        return self.value(*options) if self.maybe() else self.texts(*options)

    def command(self):
        return self.value('run it', ['run', 'it'], 'sh -c "a b"', '', [], None, ['$$x', '${SET}'], "a 'b c' d", 'a && b', 'x "unclosed', ['a b', ''], '${UNSET}',
                          "a\\ b", 'a # b', 'echo $$HOME')

    # what services refer to

    def address(self):
        return self.pick('10.0.0.5', '::1', 'host-gateway', '[::1]', '${UNSET:-1.1.1.1}', '')

    def hosts(self):
        if self.maybe():
            return {self.pick('h1', 'h2', 'h3'): self.value(self.address, lambda: [self.address(), self.address()]) for _ in range(self.r.randint(0, 3))}
        return [self.value(lambda: f"{self.pick('h1', 'h2')}{self.pick(':', '=')}{self.address()}", 'h4', 'h5=') for _ in range(self.r.randint(0, 3))]

    def port(self):
        target = self.pick('80', '443', '80', '8000-8002', '53')
        if self.maybe(0.6):
            host = self.pick('', '8080:', '80:', '9000-9002:', '${PORT}:', '127.0.0.1:8080:', '127.0.0.1::', '0.0.0.0:80:', '[::1]:80:', '::1:80:', '${UNSET}:',
                             '${UNSET:-8081}:', '8000-8001:', 'localhost:80:', '0:', '[::]:80:', ':80:', '127.0.0.1:8000-8002:', '65536:')
            return self.pick(host + target, host + target, host + target + '/udp', host + target + '/TCP', host + target + '/x', 80, 443, host + '80-80')
        return self.mapping({'target': lambda: self.pick(80, '80', 443, '8000-8002', 0, '0', 80.0), 'published': lambda: self.pick(8080, '8080', '8080-8081', '', 0, '${PORT}', '80-'),
                             'host_ip': lambda: self.pick('127.0.0.1', '', '::1', '[::1]', 'x', '${UNSET}'), 'protocol': lambda: self.pick('tcp', 'udp', 'TCP', '', 'x'),
                             'mode': lambda: self.pick('host', 'ingress', ''), 'name': self.word, 'app_protocol': self.word}, most=5) | (
            {'target': self.value(80, 443)} if self.maybe(0.9) else {})

    def mount(self):
        target = self.pick('/a', '/b', '/c/', '/a/../b', '/a', '//d', 'rel', '/${SET}', '/')
        if self.maybe(0.55):
            source = self.pick('', './src:', '../up:', '/abs:', 'data:', 'cache:', '~/x:', '~:', '${DIR}:', '${UNSET}:', '${UNSET:-./d}:', '.:', '..:', 'undeclared:', './src/:',
                               './a/../b:', 'c:\\win:', '\\\\.\\pipe\\x:', '/:', 'sub/dir:', 'D:', '~user/x:', '/a//b:', './:')
            options = self.pick('', '', '', ':ro', ':rw', ':z', ':Z,ro', ':nocopy', ':rshared', ':x', ':', ':ro,rslave', ':ro:rw', ':cached', ':ro,ro', ':private,nocopy,z',
                                ':volume-subpath=p', ':delegated', ':consistent', ':volume-opt=x')
            return source + target + options
        made = self.mapping({
            'source': lambda: self.pick('data', './src', '/abs', '~/x', '../up', 'undeclared', '', '.', 'src', '${UNSET}', '${DIR}', './a/../b', 'nginx'),
            'read_only': self.boolean, 'consistency': self.word,
            'bind': lambda: self.value(lambda: self.mapping({'propagation': lambda: self.pick('rshared', 'x', ''), 'create_host_path': self.boolean, 'recursive': lambda: self.pick('enabled', 'x', 'readonly'),
                                                             'selinux': lambda: self.pick('z', 'Z', 'x')}, least=0), None),
            'volume': lambda: self.value(lambda: self.mapping({'nocopy': self.boolean, 'subpath': self.word, 'labels': self.pairs}, least=0), None),
            'tmpfs': lambda: self.value(lambda: self.mapping({'size': self.size, 'mode': self.mode}, least=0), None),
            'image': lambda: self.value(lambda: self.mapping({'subpath': self.word}, least=0), None)})
        made['type'] = self.value('bind', 'volume', 'tmpfs', 'bind', 'volume', 'tmpfs', 'image', 'npipe', 'cluster', 'x')
        if self.maybe(0.95):
            made['target'] = self.value(target)
        return made

    def device(self):
        if self.maybe(0.6):
            return self.pick('/dev/a', '/dev/a:/dev/b', '/dev/a:/dev/b:rwm', '/dev/a:r', '/dev/b:/dev/b:x', 'vendor.com/class=x', '/dev/c:/dev/d:r:w', '', ':', '/dev/a:', '${UNSET}:/dev/x',
                             '${UNSET}', 'vendor.com/class=x:/dev/z')
        return self.mapping({'source': lambda: self.pick('/dev/a', '/dev/b', 'vendor.com/class=x'), 'target': lambda: self.pick('/dev/x', '/dev/b', ''), 'permissions': lambda: self.pick('r', 'rwm', '', 'x')}, least=1)

    def grant(self, names):
        if self.maybe():
            return self.pick(*names)
        made = self.mapping({'target': lambda: self.pick('/run/t', 't', '${SET}', ''), 'uid': lambda: self.pick('1', '0', 1), 'gid': lambda: self.pick('1', ''), 'mode': self.mode}, least=0)
        if self.maybe(0.95):
            made['source'] = self.value(*names)
        return made

    def ulimits(self):
        return {self.pick('nofile', 'nproc', 'core'): self.value(self.integer, lambda: self.mapping({'soft': self.integer, 'hard': self.integer}, least=2), {'soft': 1, 'hard': 2}) for _ in range(self.r.randint(0, 2))}

    def request(self):
        return self.mapping({'capabilities': lambda: self.texts('gpu', 'tpu', 'gpu'), 'count': lambda: self.pick('all', 1, -1, '2', 'x', 0), 'device_ids': lambda: self.texts('0', '1'), 'driver': self.word,
                             'options': self.pairs}, most=3) | ({'capabilities': ['gpu']} if self.maybe(0.7) else {})

    def hook(self):
        return self.mapping({'user': self.word, 'privileged': self.boolean, 'working_dir': self.word, 'environment': self.pairs}, least=0) | ({'command': self.command()} if self.maybe(0.95) else {})

    def build(self):
        if self.maybe(0.25):
            return self.value('.', './ctx', '..', 'https://github.com/a/b.git', '${DIR}', '', 'ctx', '/abs', '~/x', '${UNSET}', 'git@github.com:a/b.git', './ctx/')
        keys = {
            'context': lambda: self.pick('.', './ctx', '..', 'https://github.com/a/b.git', '${DIR}', '', 'ctx', './ctx/', '/abs', 'oci://x', 'ssh://a/b'),
            'dockerfile': lambda: self.pick('Dockerfile', 'sub/D', '/abs/D', '../D', '', '${UNSET}'), 'dockerfile_inline': lambda: self.pick('FROM a\n', '', 'FROM ${SET}'),
            'args': self.pairs, 'labels': self.pairs, 'ssh': lambda: self.pick(['default'], ['a=b', 'default'], {'a': 'b'}, {'a': None}, ['a=~/k'], [], {}),
            'cache_from': self.texts, 'cache_to': self.texts, 'no_cache': self.boolean, 'no_cache_filter': lambda: self.one_or_list(self.word), 'entitlements': self.texts,
            'additional_contexts': lambda: self.pick({'a': './x'}, ['a=./x', 'b=service:web'], {'a': 'docker-image://x'}, ['a'], {'a': '/abs', 'b': 'https://x'}, {'a': ''}, {'a': None}, {'a': '~/x'}, {'a': 'target:x'}),
            'network': self.word, 'provenance': lambda: self.pick(True, 'mode=max', 'false', '', 'no'), 'sbom': lambda: self.pick(True, 'generator=x', False), 'pull': self.boolean, 'target': self.word, 'shm_size': self.size,
            'extra_hosts': self.hosts, 'isolation': self.word, 'privileged': self.boolean, 'secrets': lambda: self.texts(lambda: self.grant(['s1', 's2'])), 'tags': lambda: self.texts('a:1', 'b:2', 'a:1'), 'ulimits': self.ulimits,
            'platforms': lambda: self.texts('linux/amd64', 'linux/arm64')}
        return self.mapping(keys, most=3)

    def limits(self):
        return self.mapping({'cpus': self.number, 'memory': lambda: self.pick('64m', '1g', 1024, '${SIZE}', '0', '', '-1'), 'pids': self.integer}, least=0)

    def reservations(self):
        return self.mapping({'cpus': self.number, 'memory': lambda: self.pick('64m', '1g'), 'devices': lambda: self.texts(self.request), 'generic_resources': lambda: self.texts(
            lambda: {'discrete_resource_spec': self.mapping({'kind': self.word, 'value': self.integer}, least=0)}, {}, most=2)}, least=0)

    def update(self):
        return self.mapping({'parallelism': self.integer, 'delay': self.duration, 'failure_action': self.word, 'monitor': self.duration, 'max_failure_ratio': self.number,
                             'order': lambda: self.pick('start-first', 'stop-first', 'x')}, least=0)

    def deploy(self):
        return self.mapping({
            'mode': lambda: self.pick('replicated', 'global', 'x'), 'endpoint_mode': self.word, 'replicas': self.integer, 'labels': self.pairs, 'rollback_config': self.update, 'update_config': self.update,
            'resources': lambda: self.value(lambda: self.mapping({'limits': self.limits, 'reservations': self.reservations}, least=0), {}, {'limits': {}}, {'reservations': {}}),
            'restart_policy': lambda: self.mapping({'condition': self.word, 'delay': self.duration, 'max_attempts': self.integer, 'window': self.duration}, least=0),
            'placement': lambda: self.mapping({'constraints': lambda: self.texts('node.role==x', 'a'), 'preferences': lambda: self.texts({'spread': 'x'}, {}, most=2), 'max_replicas_per_node': self.integer}, least=0)}, least=0, most=3)

    def health(self):
        return self.mapping({'disable': self.boolean, 'interval': self.duration, 'timeout': self.duration, 'retries': self.integer, 'start_period': self.duration, 'start_interval': self.duration,
                             'test': lambda: self.pick('curl x', ['CMD', 'a'], ['CMD-SHELL', 'a b'], ['NONE'], 'NONE', [], ['a'], '', ['CMD'], None, ['NONE', 'x'], ['CMD-SHELL', 'a', 'b'], ['CMD', '$$x'])}, most=4, least=0)

    def depends(self):
        others = self.services + (['gone'] if self.maybe(0.05) else [])
        if self.maybe():
            return [self.value(*others) for _ in range(self.r.randint(0, 2))]
        return {self.pick(*others): self.value(lambda: self.mapping({'condition': lambda: self.pick('service_started', 'service_healthy', 'service_completed_successfully', 'x'), 'restart': self.boolean, 'required': self.boolean}, least=0) | (
            {'condition': 'service_started'} if self.maybe(0.8) else {})) for _ in range(self.r.randint(0, 2))}

    def attachment(self):
        return self.value(lambda: self.mapping({'aliases': self.texts, 'ipv4_address': lambda: self.pick('10.0.0.1', 'x', ''), 'ipv6_address': lambda: '::5', 'link_local_ips': lambda: self.texts('1.1.1.1', '2.2.2.2'),
                                                'mac_address': lambda: '02:42:ac:11:65:43', 'priority': self.integer, 'gw_priority': self.integer, 'driver_opts': self.options, 'interface_name': lambda: 'eth0'}, least=0), None, {})

    def networks(self):
        if self.maybe():
            return self.texts('front', 'back', 'default', 'front', 'outside')
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
            'blkio_config': lambda: self.mapping({'weight': self.integer, 'weight_device': lambda: self.texts(lambda: self.mapping({'path': lambda: '/dev/a', 'weight': self.integer}, least=0)),
                                                  'device_read_bps': lambda: self.texts(lambda: self.mapping({'path': lambda: '/dev/a', 'rate': self.size}, least=0)),
                                                  'device_write_iops': lambda: self.texts(lambda: self.mapping({'path': lambda: '/dev/a', 'rate': self.size}, least=0))}),
            'build': self.build, 'cap_add': lambda: self.texts('ALL', 'NET_ADMIN', 'ALL'), 'cap_drop': lambda: self.texts('ALL', 'NET_ADMIN'), 'cgroup': lambda: self.pick('host', 'private', 'x'), 'cgroup_parent': self.word,
            'command': self.command, 'configs': lambda: self.texts(lambda: self.grant(['c1', 'c2'])), 'container_name': lambda: self.pick('name1', 'name2', 'x', '', '${UNSET}', '${SET}-n', 'a b', '_x', 'é', 'a$$b'),
            'cpu_count': self.integer, 'cpu_percent': self.number, 'cpu_period': lambda: self.pick(self.integer(), self.duration()), 'cpu_quota': lambda: self.pick(self.integer(), self.duration()),
            'cpu_rt_period': lambda: self.pick(self.integer(), self.duration()), 'cpu_rt_runtime': lambda: self.pick(self.integer(), self.duration(), '95ms'), 'cpu_shares': self.integer, 'cpus': self.number, 'cpuset': lambda: self.pick('0-3', '0,1', 0, ''),
            'credential_spec': lambda: self.mapping({'file': self.word, 'registry': self.word, 'config': lambda: 'c1'}, most=2), 'depends_on': self.depends, 'deploy': self.deploy,
            'develop': lambda: self.value(lambda: {'watch': self.texts(lambda: self.mapping({'path': lambda: self.pick('./src', '.', '/abs', '~/x', ''), 'action': lambda: self.pick('sync', 'rebuild', 'restart', 'sync+restart', 'sync+exec', 'x'), 'target': lambda: '/app',
                                                                                              'ignore': lambda: self.one_or_list(self.word), 'include': lambda: self.one_or_list(self.word), 'exec': self.hook, 'initial_sync': self.boolean}, least=3, most=5))}, None, {}),
            'device_cgroup_rules': lambda: self.texts('c 1:3 mr', 'a 7:* rmw'), 'devices': lambda: self.texts(self.device), 'dns': lambda: self.one_or_list('8.8.8.8', '1.1.1.1', '${UNSET}'), 'dns_opt': lambda: self.texts('use-vc', 'rotate', 'use-vc'),
            'dns_search': lambda: self.one_or_list('a.com', 'b.com', 'a.com'), 'domainname': self.word, 'entrypoint': self.command, 'env_file': self.env_file, 'environment': self.pairs, 'expose': lambda: self.texts('80', 80, '3000-3002', '53/udp', '${PORT}', 'x', '', '80/tcp'),
            'external_links': lambda: self.texts('a', 'b:c', 'a'), 'extra_hosts': self.hosts, 'gpus': lambda: self.value('all', lambda: self.texts(self.request), 'x'), 'group_add': lambda: self.texts('staff', 1000, '1000', 'a', 1.5),
            'healthcheck': self.health, 'hostname': lambda: self.pick('h', 'a.b', '', 'a_b', '${UNSET}', 'é', '-x', 'x' * 64), 'image': lambda: self.pick('nginx', 'nginx:1.27', '', '${UNSET}', 'a:${UNSET}', 'A/B', '${SET}:x', 'x@sha256:' + 'a' * 64, ' x'), 'init': self.boolean, 'ipc': lambda: self.pick('host', 'shareable', 'service:db', 'service:gone', 'container:x', '', 'x'),
            'isolation': self.word, 'label_file': lambda: self.one_or_list('labels.txt', 'labels.txt', 'gone.txt'), 'labels': self.pairs, 'links': lambda: self.texts('db', 'db:alias', 'web', 'db', 'gone'),
            'logging': lambda: self.mapping({'driver': lambda: self.pick('json-file', 'syslog', ''), 'options': self.options}, least=0), 'mac_address': lambda: self.pick('02:42:ac:11:65:43', ''), 'mem_limit': self.size, 'mem_reservation': self.size, 'mem_swappiness': self.size, 'memswap_limit': self.size,
            'models': lambda: self.pick(['m1'], {'m1': {'endpoint_var': 'E', 'model_var': 'M'}}, {'m1': None}, ['m1', 'm2'], {'m2': {}}, []), 'network_mode': lambda: self.pick('host', 'none', 'bridge', 'service:db', 'service:gone', 'container:x', '', '${UNSET}', 'x'),
            'networks': self.networks, 'oom_kill_disable': self.boolean, 'oom_score_adj': self.integer, 'pid': lambda: self.pick('host', 'service:db', '', None, 'x', 'container:y'), 'pids_limit': self.integer, 'platform': lambda: self.pick('linux/amd64', '', 'x/y/z', 'LINUX/AMD64', 'windows'),
            'ports': lambda: self.texts(self.port), 'post_start': lambda: self.texts(self.hook, most=2), 'pre_stop': lambda: self.texts(self.hook, most=2), 'privileged': self.boolean, 'profiles': lambda: self.texts('a', 'b', '', '*', 'a b', '-x', 'a.b_c', '1'),
            'provider': lambda: self.mapping({'type': self.word, 'options': lambda: {'a': self.any_scalar(), 'b': self.value(['x', 'y'], [1], True)}}), 'pull_policy': lambda: self.pick('always', 'never', 'build', 'missing', 'daily', 'weekly', 'every_1d', 'every_', 'x', 'if_not_present', 'every_12h3m', ''), 'read_only': self.boolean,
            'restart': lambda: self.pick('always', 'no', False, 'on-failure:3', '', 'x', 'unless-stopped'), 'runtime': self.word, 'scale': self.integer, 'secrets': lambda: self.texts(lambda: self.grant(names)),
            'security_opt': lambda: self.texts('no-new-privileges:true', 'seccomp:./s.json', 'label=x', 'seccomp=unconfined'), 'shm_size': self.size, 'stdin_open': self.boolean, 'stop_grace_period': self.duration, 'stop_signal': lambda: self.pick('SIGTERM', '9', ''), 'storage_opt': self.options,
            'sysctls': self.pairs, 'tmpfs': lambda: self.one_or_list('/tmp', '/run:size=1m', '/tmp', '/var/x', ''), 'tty': self.boolean, 'ulimits': self.ulimits, 'use_api_socket': self.boolean, 'user': lambda: self.pick('1000', '1000:1000', 'a', 1000, '', '${UNSET}', '${SET}'), 'userns_mode': lambda: self.pick('host', 'x', ''),
            'uts': lambda: self.pick('host', 'x', ''), 'volumes': lambda: self.texts(self.mount), 'volumes_from': lambda: self.texts('db', 'db:ro', 'container:x', 'web', 'gone'), 'working_dir': lambda: self.pick('/app', 'rel', '', '${SET}', '/a/../b'),
            'x-note': self.wrong,
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
        external = lambda: self.pick(True, True, 'yes', False, {'name': 'out'})
        network = {'name': lambda: self.pick('n', '${COMPOSE_PROJECT_NAME}_n', ''), 'driver': lambda: self.pick('bridge', ''), 'driver_opts': self.options, 'internal': self.boolean, 'enable_ipv4': self.boolean, 'enable_ipv6': self.boolean, 'attachable': self.boolean, 'labels': self.pairs,
                   'external': external, 'ipam': lambda: self.value(lambda: self.mapping({'driver': lambda: 'default', 'options': self.options, 'config': lambda: self.texts(lambda: self.mapping(
                       {'subnet': lambda: self.pick('10.0.0.0/24', '10.1.0.0/24', 'x'), 'gateway': lambda: '10.0.0.1', 'ip_range': lambda: '10.0.0.0/25', 'aux_addresses': lambda: self.pick({'a': '10.0.0.2'}, {}, {'a': None})}, least=0))}, least=0), {}, None)}
        volume = {'name': lambda: self.pick('v', '', '${SET}'), 'driver': lambda: self.pick('local', 'x'), 'driver_opts': self.options, 'labels': self.pairs, 'external': external}
        secret = {'name': lambda: 'sn', 'environment': lambda: self.pick('SET', 'UNSET', 'X'), 'file': lambda: self.pick('./s.txt', '/abs', '~/s', '../s', '', '${UNSET}', 's'), 'labels': self.pairs, 'external': external, 'driver': self.word, 'driver_opts': self.options, 'template_driver': self.word}
        config = {'name': lambda: 'cn', 'content': self.text, 'environment': lambda: self.pick('SET', 'UNSET'), 'file': lambda: self.pick('./c.txt', '/abs', ''), 'labels': self.pairs, 'external': external, 'template_driver': self.word}
        model = {'model': lambda: self.pick('ai/x', ''), 'context_size': self.integer, 'runtime_flags': self.texts, 'name': self.word}
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
                    tree['name'] = self.value('proj', 'proj', 'Proj', '${SET}', '${UNSET:-p}', 'a b', '${COMPOSE_PROJECT_NAME}', '')
                if self.maybe(0.1):
                    tree['version'] = self.value('3.8', 3, None)
                self.shape(tree, files, focus)
            elif self.maybe(0.05):
                tree['name'] = self.pick('other', '${SET}2')
            if self.maybe(0.03):
                tree['x-ext'] = self.wrong()
            name = 'compose.yaml' if at == 0 else f'over{at}.yaml'
            files[name] = document(tree)
            if at:
                order.append(name)
        if self.maybe(0.08) and depth:
            # The same as documents of one file.
            files['compose.yaml'] = '---\n'.join(files.pop(name) for name in order)
            order = order[:1]
        files['.env'] = ENV + self.pick('', '', '', 'COMPOSE_PROJECT_NAME=fromenv\n', 'COMPOSE_PROJECT_NAME=\n' if self.maybe(0.2) else '')
        for name in ('s.txt', 'c.txt'):
            files[name] = 'x\n'
        files.update(ENV_FILES)
        return files, order

    def shape(self, tree, files, focus):
        """Anchors, `extends` and `include`."""
        services = tree['services']
        first = self.services[0]
        shape = self.r.random()
        if shape < 0.1:
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
            other = {'services': {self.pick('inc', 'inc', first): self.service(focus, True)}}
            for section, declared in self.DECLARED.items():
                if self.maybe(0.5) and section not in tree:
                    other[section] = declared
            if self.maybe(0.2):
                other['name'] = 'included'
            files['sub/inc.yaml'] = document(other)
            if self.maybe(0.5):
                files['sub/.env'] = 'SET=sub\nONLYSUB=1\n'
            files.update({f'sub/{name}': text for name, text in ENV_FILES.items()})
            files['sub/s.txt'] = files['sub/c.txt'] = 'x\n'
            tree['include'] = self.value(['sub/inc.yaml'], [{'path': 'sub/inc.yaml'}], [{'path': ['sub/inc.yaml'], 'project_directory': '.'}], [{'path': 'sub/inc.yaml', 'env_file': 'a.env'}], [{'path': './sub/inc.yaml', 'project_directory': 'sub'}],
                                         lambda: [{'path': 'sub/inc.yaml', self.pick('env_file', 'project_directory', 'nonsense'): self.wrong()}])


# --- comparing ----------------------------------------------------------------------------------------------------------


def run(command, directory):
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None, 'takes more than a minute'
    return (json.loads(done.stdout), done.stderr) if done.returncode == 0 else (None, done.stderr + done.stdout)


def without_decisions(tree):
    """Takes out what we print otherwise on purpose: `build.ssh`."""
    for service in (tree.get('services') or {}).values():
        build = service.get('build') or {}
        build.pop('ssh', None)
    return tree


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
        if not (isinstance(theirs, (int, float)) and isinstance(ours, (int, float)) and theirs == ours and not isinstance(theirs, bool) and not isinstance(ours, bool)):
            yield f'{path}: theirs {theirs!r}, ours {ours!r}'


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
        theirs, refusal = run([options.oracle, *named, '--profile', '*', 'config', '--no-path-resolution', '--format', 'json'], directory)
        ours, report = run([options.plimsoll, 'project', '--isolated', *named, '--output-format', 'json'], directory)
        if theirs is None or ours is None:
            found = []
            if ours is not None:
                found = [f'REFUSED by theirs: {refusal.strip().splitlines()[-1][:300] if refusal.strip() else "?"}']
            elif theirs is not None:
                lines = [line for line in report.splitlines() if line.strip()]
                found = ['REFUSED by ours: ' + ' | '.join(line.strip() for line in lines[:6])[:400]]
        else:
            found = list(differences(without_decisions(theirs), without_decisions(ours)))
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
