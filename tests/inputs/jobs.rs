//! The jobs of each kind of pipeline.

use crate::check;

#[test]
fn of_gitlab() {
    let cases: &[(&str, &str, &[&str])] = &[
        (".gitlab-ci.yml", "image: ruby:3.4\n", &[]),
        (".gitlab-ci.yml", "image: ruby\n", &["unpinned-image: ruby"]),
        (
            ".gitlab-ci.yml",
            "default:\n  image:\n    name: ruby:latest\n    entrypoint: [\"\"]\n",
            &["unpinned-image: ruby:latest"],
        ),
        (".gitlab-ci.yml", "image: $CI_REGISTRY_IMAGE:latest\n", &[]),
        (".gitlab-ci.yml", "image: \"${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/node:24\"\n", &[]),
        (
            ".gitlab-ci.yml",
            "test:\n  image: node:24\n  services:\n    - postgres:18\n  variables:\n    POSTGRES_PASSWORD: postgres\n  script: npm test\n",
            &[],
        ),
        (
            ".gitlab-ci.yml",
            "test:\n  services:\n    - name: redis\n      alias: cache\n",
            &["unpinned-image: redis"],
        ),
        (
            ".gitlab-ci.yml",
            "test:\n  image: node:24\n  variables:\n    TOKEN: ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
            &["secret-in-environment: TOKEN", "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (
            ".gitlab-ci.yml",
            "variables:\n  TOKEN:\n    value: 'ghp_0123456789abcdefghijABCDEFGHIJ012345'\n    description: for tests\na:\n  image: a:1\n",
            &["secret-in-environment: TOKEN", "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (".gitlab-ci.yml", "variables:\n  TOKEN: $CI_JOB_TOKEN\n  GIT_DEPTH: 1\n", &["no input"]),
        (
            ".gitlab-ci.yml",
            "test:\n  services:\n    - name: a:1\n      variables: {KEY: ghp_0123456789abcdefghijABCDEFGHIJ012345}\n",
            &["hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (
            ".gitlab-ci.yml",
            "test:\n  services:\n    - name: a:1\n      command: [--token, \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"]\n",
            &["hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (
            ".gitlab-ci.yml",
            "test:\n  image: {name: a:1, docker: {user: root, platform: linux/amd64}, pull_policy: always}\n",
            &[],
        ),
        (
            ".gitlab-ci.yml",
            "build:\n  image: docker:28\n  services: ['docker:28-dind']\n  script:\n    - docker build -t $CI_REGISTRY_IMAGE .\n    - docker push $CI_REGISTRY_IMAGE\n",
            &[],
        ),
        (
            ".gitlab-ci.yml",
            "build:\n  script:\n    - docker run --rm --privileged a:1 test\n",
            &["privileged-service: --privileged"],
        ),
        (
            ".gitlab-ci.yml",
            "build:\n  script:\n    - |\n      docker run \\\n        -v /var/run/docker.sock:/s \\\n        a:1\n",
            &["engine-socket-exposed: /var/run/docker.sock"],
        ),
        (
            ".gitlab-ci.yml",
            ".run: &run\n  - docker run --pid=host a:1\nbuild:\n  before_script: *run\n",
            &["host-pid-namespace: host"],
        ),
        (
            ".gitlab-ci.yml",
            "build:\n  script:\n    - docker build --build-arg NPM_TOKEN=$NPM_TOKEN .\n",
            &["secret-in-build-argument: NPM_TOKEN"],
        ),
        (
            ".gitlab-ci.yml",
            "include:\n  - local: .gitlab-ci.yml\n  - template: Docker.gitlab-ci.yml\nstages: [build]\nworkflow:\n  rules:\n    - if: $CI_COMMIT_TAG\n",
            &["no input"],
        ),
        (".gitlab-ci.yml", "build:\n  extends: .base\n  script: [\"echo docker run --privileged x\"]\n", &[]),
        (".gitlab/ci/test.yml", "test:\n  image: python:latest\n", &["unpinned-image: python:latest"]),
        (
            ".gitlab-ci.yml",
            "pages:\n  image: alpine@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  script: [make]\n",
            &[],
        ),
    ];
    check(cases);
}

#[test]
fn of_github() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container: {image: 'a:1', env: {A: b}, volumes: [data:/data], ports: [80]}\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: a:1\n      env:\n        TOKEN: ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
            &["secret-in-environment: TOKEN", "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: a:1\n      env:\n        TOKEN: ${{ secrets.TOKEN }}\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: a:1\n      options: --cpus 1 --cap-add SYS_ADMIN\n",
            &["dangerous-capability: SYS_ADMIN"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: a:1\n      options: \"--pid=host --security-opt seccomp=unconfined\"\n",
            &["host-pid-namespace: host", "seccomp-disabled: seccomp=unconfined"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: a:1\n      options: ${{ matrix.options }} --privileged\n",
            &["privileged-service: --privileged"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: a:1\n      options: ${{ matrix.options }}\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    services:\n      db:\n        image: ghcr.io/team/db\n        options: >-\n          --health-cmd \"pg_isready -U x\"\n          --health-retries 5\n",
            &["unpinned-image: ghcr.io/team/db"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    services:\n      docker:\n        image: docker:28-dind\n        options: --privileged --name dind\n",
            &["privileged-service: --privileged"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: a:1\n      volumes:\n        - /var/run/docker.sock:/var/run/docker.sock\n        - /etc:/host/etc:ro\n",
            &["engine-socket-exposed: /var/run/docker.sock", "sensitive-host-mount: /etc"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker://ghcr.io/team/tool:1.2\n        with: {args: --privileged}\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker://ghcr.io/team/tool\n",
            &["unpinned-image: ghcr.io/team/tool"],
        ),
        ("action.yml", "runs:\n  using: docker\n  image: Dockerfile\n  args: [--privileged]\n", &[]),
        (
            "action.yml",
            "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: docker run --privileged a:1\n",
            &["privileged-service: --privileged"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: https://github.com/team/a.git#main\n",
            &["unpinned-build-context: https://github.com/team/a.git#main"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: \"{{defaultContext}}:sub\"\n          build-contexts: |\n            base=docker-image://alpine:3.22\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          build-contexts: |\n            base=docker-image://alpine:latest\n",
            &["unpinned-build-context: docker-image://alpine:latest"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/bake-action@v6\n        with:\n          targets: web\n          set: |\n            *.cache-from=type=gha\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/bake-action@v6\n        with:\n          source: https://github.com/team/a.git#main\n",
            &["unpinned-build-context: https://github.com/team/a.git#main"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - run: docker buildx bake https://github.com/team/a.git\n",
            &["unpinned-build-context: https://github.com/team/a.git"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - run: docker run --rm -v \"$PWD\":/w -w /w a:1 make\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "on: {workflow_dispatch: {}}\njobs:\n  a:\n    steps:\n      - name: \"run: docker run --privileged x\"\n        run: echo hi\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    strategy:\n      matrix:\n        image: ['node:24', node, 'python:3.14']\n    container: ${{ matrix.image }}\n",
            &["unpinned-image: node"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    strategy:\n      matrix:\n        include:\n          - {image: 'debian:latest', name: x}\n          - {image: 'debian:13'}\n    container:\n      image: ${{ matrix.image }}\n      options: --cpus 1\n",
            &["unpinned-image: 'debian:latest'"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    strategy:\n      matrix: ${{ fromJSON(needs.x.outputs.m) }}\n    container: ${{ matrix.image }}\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    strategy:\n      matrix:\n        db: [{image: postgres}, {image: 'postgres:18'}]\n    services:\n      db: {image: '${{ matrix.db.image }}'}\n",
            &["unpinned-image: postgres"],
        ),
    ];
    check(cases);
}

#[test]
fn of_others() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker:\n      - image: cimg/node:24.1\n      - image: postgres:18\n        environment: {POSTGRES_PASSWORD: x}\n",
            &[],
        ),
        (
            ".circleci/config.yml",
            "executors:\n  a:\n    docker:\n      - image: cimg/base:edge\n",
            &["unpinned-image: cimg/base:edge"],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker:\n      - image: cimg/node:<< parameters.v >>\n    steps: [checkout]\n",
            &[],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker:\n      - image: a:1\n        user: root\n        environment:\n          TOKEN: ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
            &["secret-in-environment: TOKEN", "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker:\n      - image: a:1\n        command: [\"server\", \"--token=ghp_0123456789abcdefghijABCDEFGHIJ012345\"]\n        entrypoint: [\"\"]\n",
            &[
                "secret-in-command: --token=ghp_0123456789abcdefghijABCDEFGHIJ012345",
                "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345",
            ],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    machine: true\n    steps:\n      - run: docker run --privileged a:1\n",
            &["privileged-service: --privileged"],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    machine: true\n    steps:\n      - run:\n          name: it\n          command: |\n            docker run --rm \\\n              --net host a:1\n",
            &["host-network: host"],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker: [{image: a:1}]\n    steps:\n      - setup_remote_docker\n      - run: docker build -t a .\n",
            &[],
        ),
        (
            "bitbucket-pipelines.yml",
            "image: node:24\npipelines:\n  default:\n    - step:\n        script: [npm test]\n",
            &[],
        ),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        image: node\n        script: [npm test]\n",
            &["unpinned-image: node"],
        ),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  branches:\n    main:\n      - step:\n          image: {name: a:1, run-as-user: 0, username: $U, password: $P}\n          script: [make]\n",
            &[],
        ),
        (
            "bitbucket-pipelines.yml",
            "definitions:\n  services:\n    db:\n      image: postgres:18\n      variables:\n        TOKEN: ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
            &["secret-in-environment: TOKEN", "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (
            "bitbucket-pipelines.yml",
            "definitions:\n  services:\n    db:\n      image: postgres\n      variables: {POSTGRES_PASSWORD: x}\n",
            &["unpinned-image: postgres"],
        ),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        script:\n          - pipe: docker://team/deploy:latest\n",
            &["unpinned-image: team/deploy:latest"],
        ),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        script:\n          - pipe: atlassian/ssh-run:0.8.1\n          - docker run -v /etc:/e a:1\n",
            &["writable-system-mount: /etc"],
        ),
        ("azure-pipelines.yml", "jobs:\n  - job: a\n    container: ubuntu:24.04\n", &[]),
        (
            "azure-pipelines.yml",
            "jobs:\n  - job: a\n    container:\n      image: a:1\n      options: --privileged -v /srv:/srv\n",
            &["privileged-service: --privileged"],
        ),
        (
            "azure-pipelines.yml",
            "resources:\n  containers:\n    - container: db\n      image: postgres\njobs:\n  - job: a\n    services:\n      db: db\n",
            &["unpinned-image: postgres"],
        ),
        (
            "azure-pipelines.yml",
            "jobs:\n  - job: a\n    services:\n      cache: redis:latest\n    steps:\n      - script: echo\n",
            &["unpinned-image: redis:latest"],
        ),
        (
            "azure-pipelines.yml",
            "jobs:\n  - job: a\n    container:\n      image: a:1\n      env: {TOKEN: ghp_0123456789abcdefghijABCDEFGHIJ012345}\n      ports: ['80:80']\n",
            &["secret-in-environment: TOKEN", "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (
            "azure-pipelines.yml",
            "jobs:\n  - job: a\n    steps:\n      - script: docker run --cap-add=ALL a:1\n",
            &["dangerous-capability: ALL"],
        ),
        (
            "azure-pipelines.yml",
            "jobs:\n  - job: a\n    container: ${{ parameters.image }}\n    steps:\n      - bash: docker ps\n",
            &[],
        ),
        (
            ".drone.yml",
            "kind: pipeline\nsteps:\n  - name: a\n    image: a:1\n    privileged: true\n",
            &["privileged-service: privileged: true"],
        ),
        (
            ".drone.yml",
            "kind: pipeline\nsteps:\n  - name: a\n    image: a:1\n    environment: {TOKEN: {from_secret: token}}\n",
            &[],
        ),
        (
            ".drone.yml",
            "kind: pipeline\nsteps:\n  - name: a\n    image: plugins/docker\n",
            &["unpinned-image: plugins/docker"],
        ),
        (
            ".woodpecker.yml",
            "steps:\n  a:\n    image: a:1\n    network_mode: host\n    volumes: ['/var/run/docker.sock:/var/run/docker.sock']\n",
            &["host-network: host", "engine-socket-exposed: /var/run/docker.sock"],
        ),
        (".woodpecker.yml", "steps:\n  - name: a\n    image: a:1\n    commands: [make]\n", &[]),
    ];
    check(cases);
}
