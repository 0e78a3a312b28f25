#!/usr/bin/env python3
"""Turns researched tables of public images and of releases into the data the linter carries.

    packaging/facts/import.py images IMAGES.tsv
    packaging/facts/import.py end-of-life END-OF-LIFE.tsv --on 2026-11-29

IMAGES.tsv: repository, tags, user, steps_down_to, accounts, base, env_user, healthcheck, exposes, volumes, stopsignal,
workdir, writes, source. END-OF-LIFE.tsv: product, image repositories, cycle, released, ends, latest known, code name, lts.
Columns are separated by tabs, `#` begins a comment, `-` is none or unknown. `--on` is the day of the table: what ends later
is left out, since the linter has no clock.

Written are `images.txt`, `image-sources.txt`, `end-of-life.txt` and `end-of-life-images.txt` in crates/lint-core/data; the
README there says what they hold. What was read by nobody stands in `image-families.txt`, which is kept by hand.
"""
import argparse
import os
import re
import sys
from collections import defaultdict

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../crates/lint-core/data")

# --- images -------------------------------------------------------------------------------------------------

# Images whose users are all known: those of the base and those named in the table. Of any other image a user that
# is not named may still be there.
COMPLETE = set(
    """alpine debian ubuntu busybox fedora rockylinux almalinux oraclelinux amazonlinux bash python node golang
    rust ruby php gcc pypy erlang elixir haskell julia composer dart nginx httpd caddy traefik postgres redis ghost
    registry""".split()
)
# Where a cell is prose, what it comes to.
STEPS_DOWN = {
    "flink cmd:jobmanager (and taskmanager, standalone-job, others)": "flink",
    "neo4j (su-exec neo4j:neo4j for every command)": "neo4j",
    "node cmd:node current/index.js": "node@node",
    "redmine cmd:rails (and rake, passenger)": "redmine@rails,rake,passenger",
    "www-data cmd:php-fpm or apache2": "www-data@php-fpm,apache2*",
    "mysql cmd:mariadbd": "mysql@mariadbd,mysqld",
    "minecraft (UID, GID variables)": "1000",
    "1000 (PUID)": "1000",
    "daemon user, by passenger --user": "daemon",
    "znc (su-exec in the start sequence)": "znc",
    "couchbase cmd:couchbase-server (chpst in the run script)": "couchbase@couchbase-server",
    "clickhouse cmd:clickhouse-server (clickhouse su; CLICKHOUSE_RUN_AS_ROOT=1 keeps root)": "clickhouse",
    "cmd:vault (vault)": "vault@vault,server",
    "cmd:consul (consul)": "consul@consul,agent",
    "cmd:valkey-server (valkey)": "valkey@valkey-server",
    "zookeeper cmd:zkServer.sh": "zookeeper@zkServer.sh",
}
SETS = [("alpine", "@alpine"), ("debian", "@debian"), ("ubuntu", "@ubuntu"), ("busybox", "@busybox"),
        ("rpm", "@rpm"), ("distroless", "@distroless")]


def table(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line.split("\t")


def user(cell, steps):
    if cell.startswith("ContainerAdministrator"):
        return ["administrator", "windows"]
    if cell.startswith("ContainerUser"):
        return ["user=ContainerUser", "windows"]
    if cell != "root":
        return ["user=" + cell]
    # A start script nobody has read may leave root.
    return ["unknown"] if steps.startswith("?") else ["root"]


# Programs that leave root by themselves, whatever their entrypoint does: mosquitto.conf(5), "When run as root, change to this
# user and its primary group on startup."
PROGRAMS = {"docker.io/library/eclipse-mosquitto": "steps-down=mosquitto@mosquitto"}


def steps_down(cell):
    if cell in STEPS_DOWN:
        return ["steps-down=" + STEPS_DOWN[cell]]
    match = re.fullmatch(r"([\w-]+)(?: cmd:([\w*.-]+))?", cell)
    if not match or cell == "-":
        if cell != "-" and not cell.startswith(("-", "?")):
            sys.exit(f"cannot read steps_down_to: {cell}")
        return []
    return ["steps-down=" + match[1] + ("@" + match[2] if match[2] else "")]


def accounts(repository, cell, base):
    # A base that was not read has users nobody has counted, and so has an image that installs packages.
    sets = [name for word, name in SETS if re.search(rf"\b{word}", base)]
    known = "not read" not in base and base not in ("-", "?", "scratch") and "windows" not in base
    names = [] if cell == "-" else [n.strip() for n in re.sub(r"\s*\(.*?\)", "", cell).split(",")]
    names = [n[:-2] if n.endswith(":?") else n for n in names]
    # In the Debian variants www-data is the distribution's own, with uid 33.
    if "www-data:82" in names and "@debian" in sets:
        names = ["www-data" if n == "www-data:82" else n for n in names]
    if not names and not (sets and known):
        return []
    complete = repository.removeprefix("docker.io/library/") in COMPLETE and known and "ubuntu" not in base.split(" or ")[1:]
    return [("accounts=" if complete else "accounts+=") + ",".join(sets + names)]


def image_line(row):
    (repository, tags, who, steps, added, base, env, health, exposes, volumes, stop, workdir, _writes, _source) = row
    leaves = [PROGRAMS[repository]] if repository in PROGRAMS else steps_down(steps)
    facts = user(who, steps) + leaves + accounts(repository, added, base)
    if env != "-":
        facts += ["env=" + pair.replace("=", ":", 1) for pair in env.split(",")]
    facts.append({"yes": "healthcheck", "no": "unhealthy"}[health])
    facts.append("exposes" if exposes == "-" else "exposes=" + exposes)
    if re.fullmatch(r"(/[^\s,]+)(,/[^\s,]+)*", volumes):
        facts.append("volumes=" + volumes)
    if stop not in ("-", "SIGTERM"):
        facts.append("stop=" + stop)
    if re.fullmatch(r"/[^\s]+", workdir):
        facts.append("workdir=" + workdir)
    return f"{repository} {tags} " + " ".join(facts)


def images(path):
    head = [
        "# Generated by packaging/facts/import.py from a table of images whose published build files were read on 2026-11-29.",
        "# README.md says what the words mean, image-sources.txt where each line was read. Sorted by repository; the first line",
        "# of a repository whose tags fit wins.",
    ]
    rows = [row for row in table(path) if row[0] != "repository" and "*" not in row[0]]
    rows.sort(key=lambda row: (row[0] + " ").encode())
    write("images.txt", head + [image_line(row) for row in rows])
    short = [re.sub(r"\s*\(root filesystem.*", "", row[13]) for row in rows]
    head = ["# Generated. Where each line of images.txt was read: owner/repository@commit:path."]
    write("image-sources.txt", head + [f"{row[0]} {row[1]} {source}" for row, source in zip(rows, short)])


# --- end of life --------------------------------------------------------------------------------------------

# Products whose tags are not their release cycles, whose dates mean something else than the end of public fixes
# (WordPress repairs old lines as well), or whose image has its own end (openjdk, by hand below).
LEFT_OUT = set("wordpress openjdk mssql oracle-database db2 ibm-mq dotnet-framework silverstripe sles centos".split())
# Dates where the projects' own announcements say otherwise than the table, which rounds them.
DATES = {
    ("ubuntu", "14.04"): "2019-04-25", ("ubuntu", "16.04"): "2021-04-30", ("ubuntu", "19.10"): "2020-07-17",
    ("ubuntu", "12.04"): "2017-04-28", ("node", "11"): "2019-06-01", ("golang", "1.19"): "2023-08-08",
    ("mysql", "5.6"): "2021-02-05", ("debian", "9"): "2022-06-30",
}
NAMES = {
    "dotnet": ".NET", "golang": "Go", "node": "Node.js", "php": "PHP", "mysql": "MySQL", "mariadb": "MariaDB",
    "mongo": "MongoDB", "postgres": "PostgreSQL", "amazonlinux": "Amazon Linux", "opensuse": "openSUSE Leap",
    "almalinux": "AlmaLinux", "rockylinux": "Rocky Linux", "oraclelinux": "Oracle Linux", "rhel": "Red Hat UBI",
    "centos": "CentOS", "centos-stream": "CentOS Stream", "activemq": "ActiveMQ", "amazoncorretto": "Amazon Corretto",
    "apisix": "Apache APISIX", "arangodb": "ArangoDB", "argo-cd": "Argo CD", "azul-zulu": "Azul Zulu",
    "cert-manager": "cert-manager", "clamav": "ClamAV", "clearlinux": "Clear Linux", "clickhouse": "ClickHouse",
    "cockroachdb": "CockroachDB", "couchdb": "CouchDB", "dependency-track": "Dependency-Track", "docker": "Docker",
    "eclipse-temurin": "Eclipse Temurin", "elasticsearch": "Elasticsearch", "etcd": "etcd", "fluent-bit": "Fluent Bit",
    "gitlab": "GitLab", "gitlab-runner": "GitLab Runner", "graalvm-ce": "GraalVM CE", "haproxy": "HAProxy",
    "haskell": "GHC", "httpd": "Apache HTTP Server", "icinga2": "Icinga", "icingaweb2": "Icinga Web",
    "influxdb": "InfluxDB", "jruby": "JRuby", "kibana": "Kibana", "mediawiki": "MediaWiki",
    "microsoft-openjdk": "Microsoft OpenJDK", "neo4j": "Neo4j", "nexus": "Nexus Repository", "nginx": "nginx",
    "nifi": "NiFi", "openbao": "OpenBao", "opensearch": "OpenSearch", "opentofu": "OpenTofu",
    "oracle-graalvm": "Oracle GraalVM", "oracle-jdk": "Oracle JDK", "phpmyadmin": "phpMyAdmin",
    "powershell": "PowerShell", "privatebin": "PrivateBin", "rabbitmq": "RabbitMQ", "rocketchat": "Rocket.Chat",
    "ros": "ROS", "ros-2": "ROS 2", "sapmachine": "SapMachine", "semeru": "IBM Semeru",
    "sonarqube-community": "SonarQube", "sonarqube-server": "SonarQube", "typo3": "TYPO3", "youtrack": "YouTrack",
    "logstash": "Logstash", "keycloak": "Keycloak", "kubernetes": "Kubernetes", "kafka": "Kafka",
    "rke2": "RKE2", "k3s": "K3s", "lldap": "LLDAP",
}
# What the table lacks.
BY_HAND = [
    ("centos", "5", "2017-03-31"), ("centos", "6", "2020-11-30"), ("centos", "7", "2024-06-30"), ("centos", "8", "2021-12-31"),
    ("centos", "latest", "2021-12-31", "8"), ("centos", "centos5", "2017-03-31", "5"), ("centos", "centos6", "2020-11-30", "6"),
    ("centos", "centos7", "2024-06-30", "7"), ("centos", "centos8", "2021-12-31", "8"),
    ("centos", "stream8", "2024-05-31", "Stream 8"), ("amazonlinux", "1", "2023-12-31"), ("node", "0", "2016-12-31", "0.12"),
    ("node", "argon", "2018-04-30", "4"), ("node", "boron", "2019-04-30", "6"), ("node", "carbon", "2019-12-31", "8"),
    ("node", "dubnium", "2021-04-30", "10"), ("node", "erbium", "2022-04-30", "12"), ("node", "fermium", "2023-04-30", "14"),
    ("node", "gallium", "2023-09-11", "16"), ("node", "hydrogen", "2025-04-30", "18"), ("node", "iron", "2026-04-30", "20"),
    ("dotnet", "2", "2021-08-21", "Core 2"), ("dotnet", "3", "2022-12-13", "Core 3"),
] + [("openjdk", str(n), "2022-07-31") for n in range(7, 19)]
HAND_IMAGES = [("docker.io/library/openjdk", "openjdk"), ("docker.io/library/centos", "centos"),
               ("quay.io/centos/centos", "centos")]
# The first word of a code name, as tags have it.
CODE_NAMES = {"debian", "ubuntu", "devuan", "node"}


def numbers(version):
    return [int(part) if part.isdigit() else -1 for part in version.split(".")]


def end_of_life(path, on):
    products, repositories = defaultdict(list), {}
    for product, where, cycle, released, ends, _latest, code, _lts in table(path):
        if product in LEFT_OUT or product == "product" or not re.fullmatch(r"[0-9a-z.]+", cycle):
            continue
        # A plan to end tomorrow has not ended; a day nobody wrote down has.
        ended = ends == "ended?" or (ends != "-" and ends <= on)
        date = DATES.get((product, cycle), "-" if ends == "ended?" else ends)
        products[product].append((cycle, released, date if ended else None, code))
        for repository in where.split(","):
            repositories.setdefault(repository, []).append(product)
    lines, named = {}, set()
    for product, cycles in products.items():
        if not any(date for _, _, date, _ in cycles):
            continue
        named.add(product)
        lines[product, "!"] = [NAMES.get(product) or product.replace("-", " ").capitalize()]
        newest = max(cycles, key=lambda cycle: (numbers(cycle[0]), cycle[1]))[0]
        for cycle, _released, date, code in cycles:
            if not date:
                continue
            name = code.split()[0].lower() if product in CODE_NAMES and code != "-" else ""
            label = [f"{cycle} ({name})"] if name and product != "node" else []
            if product == "dotnet" and numbers(cycle)[0] < 5:
                label = [f"Core {cycle}"]
            lines[product, cycle] = [date] + label
            if re.fullmatch(r"[a-z]+", name):
                lines[product, name] = [date] + (label or [cycle])
        # `php:7` is the newest 7: ended when all below it have, and something newer than all of them is there.
        for cycle, *_ in cycles:
            for length in range(1, cycle.count(".") + 1):
                short = ".".join(cycle.split(".")[:length])
                below = [c for c in cycles if (c[0] + ".").startswith(short + ".")]
                if (product, short) not in lines and all(c[2] for c in below) and newest not in [c[0] for c in below]:
                    lines[product, short] = [max(c[2] for c in below)]
    for product, version, *rest in BY_HAND:
        lines[product, version] = rest
    lines["centos", "!"] = ["CentOS"]
    lines["openjdk", "!"] = ["The deprecated image openjdk"]
    named |= {"centos", "openjdk"}
    for repository, product in HAND_IMAGES:
        repositories.setdefault(repository, []).append(product)
    head = [
        f"# Generated by packaging/facts/import.py: releases whose public security support had ended on {on}, from",
        "# endoflife-date/endoflife.date@a70eca337600 (2026-08-22) and, where the script says so, the projects' announcements.",
        "# README.md says what the words mean. Sorted by product and version.",
    ]
    rows = sorted(lines.items(), key=lambda item: (" ".join(item[0]) + " ").encode())
    write("end-of-life.txt", head + [" ".join([*key, *rest]) for key, rest in rows])
    head = ["# Generated. Which products an image's tags name the releases of. Sorted by repository."]
    where = {r: [p for p in dict.fromkeys(ps) if p in named] for r, ps in repositories.items()}
    rows = sorted(((r, ps) for r, ps in where.items() if ps), key=lambda item: (item[0] + " ").encode())
    write("end-of-life-images.txt", head + [f"{r} {','.join(ps)}" for r, ps in rows])


def write(name, lines):
    with open(os.path.join(DATA, name), "w", encoding="utf-8", newline="\n") as out:
        out.write("\n".join(lines) + "\n")
    print(f"{name}: {len(lines)} lines")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=["images", "end-of-life"])
    arguments.add_argument("table")
    arguments.add_argument("--on", help="the day of the table, as 2026-11-29")
    options = arguments.parse_args()
    if options.what == "images":
        images(options.table)
    elif not options.on:
        arguments.error("--on: which day is the table of?")
    else:
        end_of_life(options.table, options.on)


if __name__ == "__main__":
    main()
