#!/bin/sh
# What action.yml runs, in INPUT_WORKING_DIRECTORY. Takes INPUT_PATHS and INPUT_ARGS, one argument a line,
# INPUT_CHANGED_SINCE, INPUT_SARIF and INPUT_BINARY.
set -eu

binary=${INPUT_BINARY:?}

# Lines are arguments as they are: no word is split, no pattern is expanded.
set -f
IFS='
'
# shellcheck disable=SC2086
set -- ${INPUT_ARGS:-} -- ${INPUT_PATHS:-.}
unset IFS

# Options first, since what follows `--` is a path.
[ -z "${INPUT_CHANGED_SINCE:-}" ] || set -- "--changed-since=$INPUT_CHANGED_SINCE" "$@"
if [ -n "${INPUT_SARIF:-}" ]; then
    set -- -o "sarif=$INPUT_SARIF" "$@"
    # Later steps run at the root, whatever directory this one runs in.
    report=$INPUT_SARIF
    case $report in
    /* | [A-Za-z]:*) ;;
    *) [ "${INPUT_WORKING_DIRECTORY:-.}" = . ] || report=${INPUT_WORKING_DIRECTORY%/}/$report ;;
    esac
    # Written before the linter runs: a report is there, and wanted, when there are findings too.
    echo "sarif=$report" >>"$GITHUB_OUTPUT"
fi
exec "$binary" check --output-format=github "$@"
