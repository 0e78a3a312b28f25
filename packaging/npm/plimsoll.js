#!/usr/bin/env node
// Runs the program of this platform, which is a package of its own: no script runs at installation, and nothing is downloaded.
"use strict";

const { spawnSync } = require("child_process");
const os = require("os");

const VERSION = require("../package.json").version;
const NAME = `@plimsoll/cli-${process.platform}-${process.arch}`;

function program() {
  if (process.env.PLIMSOLL_BINARY) return process.env.PLIMSOLL_BINARY;
  const supported = require("../package.json").optionalDependencies;
  if (!(NAME in supported)) {
    fail(
      `there is no program for ${process.platform} ${process.arch}; \`cargo install plimsoll\` builds one, and PLIMSOLL_BINARY names it`
    );
  }
  try {
    const version = require(`${NAME}/package.json`).version;
    if (version !== VERSION) fail(`plimsoll ${VERSION} found ${NAME} ${version}; install both anew`);
    return require.resolve(`${NAME}/plimsoll${process.platform === "win32" ? ".exe" : ""}`);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    fail(
      `the package ${NAME}@${VERSION} is missing. It is an optional dependency, left out by --omit=optional, by a node_modules that was ` +
        "copied from another system, or by a lock file that was written on one: delete node_modules and the lock file and install again, or add " +
        `${NAME} to your own dependencies`
    );
  }
}

function fail(message) {
  console.error(`error: ${message}`);
  // As the program itself does when it could not do its work.
  process.exit(2);
}

const run = spawnSync(program(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });
if (run.error) fail(`cannot run the program: ${run.error.message}`);
// A program that a signal ended has no code: a shell's is given, not 0.
process.exit(run.status === null ? 128 + (os.constants.signals[run.signal] || 0) : run.status);
