#!/usr/bin/env bash
# Runs the language server with the files of editors/, and the setups of docs/editors.md, in the editors they are for: `tests/e2e/editors.sh`, or `tests/e2e/editors.sh vim ale`.
#
# An editor that is not installed is skipped with a message; `--all` makes that a failure. On Debian:
# `apt-get install neovim vim vim-ale emacs-nox elpa-flycheck elpa-eglot efm-langserver nodejs npm unzip`. Set PLIMSOLL to a binary, or target/debug is used.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
page="$repository/docs/editors.md"
plimsoll=$(realpath "${PLIMSOLL:-$repository/target/debug/plimsoll}")
[ -x "$plimsoll" ] || { echo "no $plimsoll; run cargo build, or set PLIMSOLL" >&2 && exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/home" "$scratch/snippets"
ln -s "$plimsoll" "$scratch/bin/plimsoll"
export PATH="$scratch/bin:$PATH" HOME="$scratch/home" XDG_CONFIG_HOME="$scratch/home/.config" LC_ALL=C.UTF-8
unset XDG_DATA_HOME XDG_STATE_HOME "${!PLIMSOLL_@}"

# A finding of each level, two of them after characters of two and four bytes, in a directory with a space in its name that is
# reached through a symbolic link; and a Compose file whose run also finds what is wrong with the Dockerfile.
mkdir -p "$scratch/real/a project"
ln -s real "$scratch/link"
project="$scratch/link/a project"
cat >"$project/.plimsoll.yaml" <<'YAML'
select: [unpinned-base-image, sudo-in-run, root-user, privileged-service]
severity: { sudo-in-run: style, root-user: low }
YAML
cat >"$project/Dockerfile" <<'DOCKERFILE'
FROM debian
RUN echo "ü𝄞" && sudo apt-get update
USER root
DOCKERFILE
cat >"$project/compose.yaml" <<'YAML'
services:
  web: { x-note: "ü𝄞", privileged: true, build: . }
YAML
printf 'a: b\n' >"$project/values.yaml"

# line:column-endLine:endColumn level code, columns in code points from 1, ends exclusive.
dockerfile='1:6-1:12 warning unpinned-base-image
2:18-2:22 style sudo-in-run
3:1-3:10 info root-user'
compose='2:36-2:40 error privileged-service'
# The same with columns in bytes, as Vim and Neovim count.
dockerfile_bytes=${dockerfile/2:18-2:22/2:22-2:26}
compose_bytes=${compose/2:36-2:40/2:40-2:44}

# snippet NAME: writes the block below `<!-- snippet: NAME -->` to a file and says which.
snippet() {
    awk -v marker="<!-- snippet: $1 -->" '
        $0 == marker { wanted = 1; next }
        wanted && /^```/ { if (inside) exit; inside = 1; next }
        inside' "$page" >"$scratch/snippets/$1"
    [ -s "$scratch/snippets/$1" ] || { echo "no snippet $1 in $page" >&2 && exit 1; }
    printf '%s\n' "$scratch/snippets/$1"
}

passed=() skipped=() failed=()

# compare WHAT EXPECTED ACTUAL
compare() {
    if [ "$2" = "$3" ]; then
        echo "ok       $1"
        passed+=("$1")
    else
        printf 'FAILED   %s\n' "$1"
        diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed 's/^/         /' || true
        failed+=("$1")
    fi
}

# needs WHAT PROGRAM
needs() {
    command -v "$2" >/dev/null && return
    echo "skipped  $1: $2 is not installed"
    skipped+=("$1")
    return 1
}

# Columns are not compared where an editor has no end of a finding: 1:6-1:12 becomes 1:6.
# shellcheck disable=SC2001
starts() { sed 's/-[0-9]*:[0-9]*//' <<<"$1"; }

test_nvim() {
    needs nvim nvim || return 0
    local filetype plain
    filetype=$(snippet nvim-filetype) plain=$(snippet nvim-plain)
    cat >"$scratch/nvim.lua" <<'LUA'
local levels = { 'error', 'warning', 'info', 'style' }
vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end, 20)
local found = vim.diagnostic.get(0)
table.sort(found, function(a, b) return a.lnum < b.lnum end)
for _, d in ipairs(found) do
  assert(d.source == 'plimsoll' and d.message ~= '')
  io.stdout:write(('%d:%d-%d:%d %s %s\n'):format(
    d.lnum + 1, d.col + 1, d.end_lnum + 1, d.end_col + 1, levels[d.severity], d.code))
end
LUA
    local nvim=(nvim --headless -n -i NONE -u NONE --cmd "luafile $filetype" --cmd "luafile $plain")
    cd "$repository"
    compare 'nvim: Dockerfile' "$dockerfile_bytes" \
        "$("${nvim[@]}" "$project/Dockerfile" -c "luafile $scratch/nvim.lua" -c 'qa!' 2>&1)"
    compare 'nvim: compose.yaml' "$compose_bytes" \
        "$("${nvim[@]}" "$project/compose.yaml" -c "luafile $scratch/nvim.lua" -c 'qa!' 2>&1)"
    # What is in the buffer counts, not what was saved.
    compare 'nvim: as you type' '1:6-1:12 warning unpinned-base-image' "$("${nvim[@]}" "$project/Dockerfile" \
        -c 'lua vim.wait(10000, function() return #vim.diagnostic.get(0) == 3 end, 20)' -c '2,3d' -c 'doautocmd TextChanged' \
        -c 'lua vim.wait(10000, function() return #vim.diagnostic.get(0) == 1 end, 20)' \
        -c "luafile $scratch/nvim.lua" -c 'qa!' 2>&1 | grep -v 'fewer lines')"
    cat >"$scratch/filetype.lua" <<'LUA'
for _, name in ipairs({ 'compose.yaml', 'compose.prod.yml', 'docker-compose.yml', 'docker-compose.a.yaml', 'composer.yaml' }) do
  vim.cmd('silent edit /nowhere/' .. name)
  io.stdout:write(name, ' ', vim.bo.filetype, '\n')
end
LUA
    compare 'nvim: file types' 'compose.yaml yaml.docker-compose
compose.prod.yml yaml.docker-compose
docker-compose.yml yaml.docker-compose
docker-compose.a.yaml yaml.docker-compose
composer.yaml yaml' "$(nvim --headless -n -i NONE --clean --cmd 'let g:do_filetype_lua = 1' --cmd 'let g:did_load_filetypes = 0' \
        -c "luafile $filetype" -c "luafile $scratch/filetype.lua" -c 'qa!' 2>&1)"
}

# The functions that the plug-ins call, without the plug-ins.
test_nvim_lint() {
    needs nvim-lint nvim || return 0
    cat >"$scratch/lint.lua" <<'LUA'
local lint = { linters = {}, try_lint = function() end }
package.preload['lint'] = function() return lint end
dofile(vim.env.SNIPPET)
assert(vim.tbl_contains(lint.linters_by_ft.dockerfile, 'plimsoll'))
local linter = lint.linters.plimsoll()
assert(linter.stdin and linter.ignore_exitcode)
local command = { linter.cmd, unpack(linter.args) }
local output = ''
local job = vim.fn.jobstart(command, {
  cwd = linter.cwd, stdout_buffered = true, on_stdout = function(_, lines) output = table.concat(lines, '\n') end,
})
vim.fn.chansend(job, vim.api.nvim_buf_get_lines(0, 0, -1, true))
vim.fn.chanclose(job, 'stdin')
vim.fn.jobwait({ job })
vim.wait(10000, function() return output ~= '' end, 20)
vim.diagnostic.set(vim.api.nvim_create_namespace('test'), 0, linter.parser(output, vim.api.nvim_get_current_buf()))
assert(#linter.parser('', 0) == 0 and #linter.parser('[]\n', 0) == 0)
LUA
    SNIPPET=$(snippet nvim-lint)
    export SNIPPET
    local file expected
    for file in Dockerfile compose.yaml; do
        expected=$dockerfile_bytes
        [ $file = Dockerfile ] || expected=$compose_bytes
        compare "nvim-lint: $file" "$expected" "$(nvim --headless -n -i NONE -u NONE "$project/$file" \
            -c "luafile $scratch/lint.lua" -c "luafile $scratch/nvim.lua" -c 'qa!' 2>&1)"
    done
}

test_none_ls() {
    needs none-ls nvim || return 0
    cat >"$scratch/none-ls.lua" <<'LUA'
local builtin
package.preload['null-ls'] = function()
  return { methods = { DIAGNOSTICS = 1 }, register = function(made) builtin = made end }
end
package.preload['null-ls.helpers'] = function() return { make_builtin = function(made) return made end } end
dofile(vim.env.SNIPPET)
local opts = builtin.generator_opts
assert(opts.to_stdin and opts.check_exit_code(1) and not opts.check_exit_code(2))
local params = { bufname = vim.api.nvim_buf_get_name(0) }
local command = { opts.command }
for _, arg in ipairs(opts.args(params)) do table.insert(command, arg) end
vim.cmd('cd ' .. vim.fn.fnameescape(opts.cwd(params)))
params.output = vim.json.decode(vim.fn.system(command, vim.fn.getline(1, '$')))
local levels = { 'error', 'warning', 'info', 'style' }
for _, d in ipairs(opts.on_output(params)) do
  io.stdout:write(('%d:%d-%d:%d %s %s\n'):format(d.row, d.col, d.end_row, d.end_col, levels[d.severity], d.code))
end
LUA
    SNIPPET=$(snippet none-ls)
    export SNIPPET
    local file expected
    for file in Dockerfile compose.yaml; do
        expected=$dockerfile
        [ $file = Dockerfile ] || expected=$compose
        compare "none-ls: $file" "$expected" \
            "$(nvim --headless -n -i NONE -u NONE "$project/$file" -c "luafile $scratch/none-ls.lua" -c 'qa!' 2>&1)"
    done
}

# vim_run COMMAND...: the commands in Vim as it comes; what is in g:out is printed.
vim_run() {
    : >"$scratch/vim.out"
    local arguments=() command
    for command in "$@" "call writefile(g:out, '$scratch/vim.out')" 'qa!'; do
        arguments+=(--cmd "$command")
    done
    vim -es -N -n -i NONE -u NONE "${arguments[@]}" </dev/null >"$scratch/vim.log" 2>&1 || cat "$scratch/vim.log"
    cat "$scratch/vim.out"
}

# What an errorformat makes of a whole run, as "file line:column level rule".
quickfix="let g:out = map(filter(getqflist(), {_, d -> d.valid}), {_, d -> fnamemodify(bufname(d.bufnr), ':t') . ' ' . d.lnum . ':' . d.col . ' ' . \
get({'e': 'error', 'w': 'warning', 'i': 'info'}, d.type, 'style') . ' ' . matchstr(d.text, '\[\zs[a-z-]*\ze\]\$')})"
both="$(starts "$dockerfile" | sed 's/^/Dockerfile /')
$(starts "$compose" | sed 's/^/compose.yaml /')"

test_vim() {
    needs vim vim || return 0
    cd "$project"
    compare 'vim: :make' "$both" "$(vim_run "source $(snippet vim-make)" 'silent make!' "$quickfix")"
}

# efm-langserver's formats are Vim's.
test_efm() {
    needs efm-langserver vim || return 0
    cd "$project"
    local formats
    formats=$(sed -n "s/^      - '\(%f.*\)'\$/\1/p" "$(snippet efm)" | paste -sd,)
    plimsoll check --color never --output-format concise . >"$scratch/concise" || true
    compare 'efm-langserver: formats' "$both" \
        "$(vim_run "let &errorformat = '$formats'" "cgetfile $scratch/concise" "$quickfix")"
    # The command, as efm-langserver gives it to a shell.
    local command
    command=$(sed -n 's/^    lint-command: "\(.*\)"$/\1/p' "$(snippet efm)")
    sh -c "${command//'${INPUT}'/$project/Dockerfile}" <Dockerfile >"$scratch/concise" || true
    compare 'efm-langserver: command' "$(grep ^Dockerfile <<<"$both")" \
        "$(vim_run "let &errorformat = '$formats'" "cgetfile $scratch/concise" "$quickfix")"
}

# The language server itself, asked as an editor asks it.
test_efm_live() {
    needs 'efm-langserver, live' efm-langserver && needs 'efm-langserver, live' node || return 0
    cat >"$scratch/efm.js" <<'JS'
const { spawn } = require('child_process');
const { readFileSync } = require('fs');
const { pathToFileURL } = require('url');
const { basename, dirname } = require('path');
const [config, file] = process.argv.slice(2);
const uri = pathToFileURL(file).href;
const server = spawn('efm-langserver', ['-c', config], { stdio: ['pipe', 'pipe', 'ignore'] });
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};
const end = (text) => { console.log(text); server.kill(); process.exit(0); };
setTimeout(() => end('efm-langserver did not answer'), 10000);
let input = Buffer.alloc(0);
server.stdout.on('data', (data) => {
  input = Buffer.concat([input, data]);
  for (;;) {
    const head = input.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/.exec(input.subarray(0, head))[1]);
    if (input.length < head + 4 + length) return;
    const message = JSON.parse(input.subarray(head + 4, head + 4 + length));
    input = input.subarray(head + 4 + length);
    if (message.id === 1) {
      send({ method: 'initialized', params: {} });
      const languageId = basename(file) === 'Dockerfile' ? 'dockerfile' : 'dockercompose';
      const text = readFileSync(file, 'utf8');
      send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId, version: 1, text } } });
    } else if (message.method === 'textDocument/publishDiagnostics' && message.params.uri === uri) {
      const levels = ['', 'error', 'warning', 'info', 'style'];
      end(message.params.diagnostics.map((d) =>
        `${d.range.start.line + 1}:${d.range.start.character + 1} ${levels[d.severity]} ${/\[([a-z-]+)\]$/.exec(d.message)[1]}`).join('\n'));
    }
  }
});
send({ id: 1, method: 'initialize', params: { processId: null, rootUri: pathToFileURL(dirname(file)).href, capabilities: {} } });
JS
    local config
    config=$(snippet efm)
    # It takes absolute names in output for names below the root, so that nothing is shown where a link leads there.
    local project
    project=$(realpath "$scratch/real/a project")
    compare 'efm-langserver, live: Dockerfile' "$(starts "$dockerfile")" "$(node "$scratch/efm.js" "$config" "$project/Dockerfile")"
    compare 'efm-langserver, live: compose.yaml' "$(starts "$compose")" "$(node "$scratch/efm.js" "$config" "$project/compose.yaml")"
}

test_ale() {
    needs ale vim || return 0
    local ale=${ALE:-/usr/share/vim-ale}
    if [ ! -d "$ale" ]; then
        echo "skipped  ale: not in $ale; set ALE to where it is"
        skipped+=(ale)
        return 0
    fi
    mkdir -p "$HOME/.vim/autoload" "$HOME/.vim/ale_linters/dockerfile" "$HOME/.vim/ale_linters/yaml"
    cp "$(snippet ale-autoload)" "$HOME/.vim/autoload/plimsoll.vim"
    cp "$(snippet ale-dockerfile)" "$HOME/.vim/ale_linters/dockerfile/plimsoll.vim"
    cp "$(snippet ale-yaml)" "$HOME/.vim/ale_linters/yaml/plimsoll.vim"
    cat >"$scratch/ale.vim" <<'VIM'
" As when a user types: plug-ins are loaded, the file opened, and ALE runs and ends by itself.
set hidden
let g:ale_linters = {'dockerfile': ['plimsoll'], 'yaml': ['plimsoll']}
let g:ale_lint_delay = 0
let g:ended = 0
runtime! plugin/ale.vim
filetype on
augroup Test
  autocmd User ALELintPost let g:ended = 1
augroup END
function! Item(item) abort
  let l:level = get(a:item, 'sub_type', '') is# 'style' ? 'style' : {'E': 'error', 'W': 'warning', 'I': 'info'}[a:item.type]
  return printf('%d:%d-%d:%d %s %s', a:item.lnum, a:item.col, a:item.end_lnum, a:item.end_col + 1, l:level, a:item.code)
endfunction
function! Lint(file) abort
  execute 'edit' fnameescape(a:file)
  ALELint
  for l:turn in range(500)
    if g:ended | break | endif
    sleep 20m
  endfor
  let g:out = map(copy(ale#engine#GetLoclist(bufnr(''))), {_, item -> Item(item)}) + (g:ended ? [] : ['ALE did not end'])
endfunction
VIM
    cd "$repository"
    local file expected
    for file in Dockerfile compose.yaml values.yaml; do
        case $file in
        # ALE has three levels.
        Dockerfile) expected=${dockerfile_bytes/ style / info } ;;
        compose.yaml) expected=$compose_bytes ;;
        *) expected= ;;
        esac
        compare "ale: $file" "$expected" "$(vim_run "set rtp^=$HOME/.vim,$ale" "source $scratch/ale.vim" "call Lint('$project/$file')")"
    done
}

test_emacs() {
    needs emacs emacs || return 0
    # Debian's packages are loaded by its start files, which --batch leaves out.
    local emacs=(emacs --batch --eval '(package-initialize)')
    if ! "${emacs[@]}" --eval "(require 'flycheck)" >/dev/null 2>&1; then
        echo 'skipped  emacs: Flycheck is not installed'
        skipped+=(emacs)
        return 0
    fi
    cat >"$scratch/flycheck-test.el" <<'ELISP'
;; The mode of the package dockerfile-mode, which Emacs has itself since 29.
(define-derived-mode dockerfile-mode prog-mode "Dockerfile")
(define-derived-mode yaml-mode text-mode "YAML")
(let ((file (getenv "FILE")))
  (find-file file)
  (if (string-match-p "Dockerfile" file) (dockerfile-mode) (yaml-mode))
  (setq flycheck-disabled-checkers (remq 'plimsoll (copy-sequence flycheck-checkers))
        flycheck-check-syntax-automatically nil
        flycheck-indication-mode nil)
  (flycheck-mode)
  (if (not (flycheck-may-use-checker 'plimsoll))
      (princ "not used\n")
    (flycheck-buffer)
    (with-timeout (10 (princ "Flycheck did not end\n"))
      (while (flycheck-running-p) (accept-process-output nil 0.02)))
    (dolist (err (sort (copy-sequence flycheck-current-errors) #'flycheck-error-<))
      (princ (format "%d:%d %s %s\n" (flycheck-error-line err) (flycheck-error-column err)
                     (flycheck-error-level err) (flycheck-error-id err))))))
ELISP
    local file expected
    for file in Dockerfile compose.yaml values.yaml; do
        case $file in
        # Flycheck has three levels.
        Dockerfile) expected=$(starts "${dockerfile/ style / info }") ;;
        compose.yaml) expected=$(starts "$compose") ;;
        *) expected='not used' ;;
        esac
        compare "emacs: $file" "$expected" "$(FILE="$project/$file" "${emacs[@]}" -l "$(snippet flycheck)" \
            -l "$scratch/flycheck-test.el" 2>"$scratch/emacs.log" || cat "$scratch/emacs.log")"
    done
}

test_vscode() {
    needs vscode node || return 0
    cd "$project"
    cat >"$scratch/matcher.js" <<'JS'
const task = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8')).tasks[0];
const { pattern } = task.problemMatcher;
const run = require('child_process').spawnSync(task.command, task.args, { encoding: 'utf8' });
for (const line of (run.stdout + run.stderr).split(/\r?\n/)) {
  const found = new RegExp(pattern.regexp).exec(line);
  if (!found) continue;
  const of = (name) => found[pattern[name]];
  console.log(`${of('file')} ${of('line')}:${of('column')} ${of('severity')} ${of('code')}`);
}
JS
    compare 'vscode: task' "$both" "$(node "$scratch/matcher.js" "$(snippet vscode-task)" 2>&1)"
}

test_zed() {
    needs zed node || return 0
    cd "$project"
    cat >"$scratch/zed.js" <<'JS'
const [task] = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
const run = require('child_process').spawnSync(task.command, task.args, { encoding: 'utf8' });
process.stdout.write(run.stdout.replace(/^(.+?:\d+:\d+): (\w+): .* \[([a-z-]+)\]$/gm, '$1 $2 $3').replace(/^([^:]+):/gm, '$1 '));
JS
    compare "zed: the task's command" "$both" "$(node "$scratch/zed.js" "$(snippet zed-task)" 2>&1)"
}

# shellcheck source=tests/e2e/editors/lsp.sh
. "$repository/tests/e2e/editors/lsp.sh"

tests=(nvim_lsp eglot node_client vsix nvim nvim_lint none_ls vim efm efm_live ale emacs vscode zed)
all=
[ "${1-}" != --all ] || { all=1 && shift; }
[ $# = 0 ] || tests=("$@")
for name in "${tests[@]}"; do
    "test_${name//-/_}"
done
echo "editors: ${#passed[@]} passed, ${#failed[@]} failed, ${#skipped[@]} skipped"
[ ${#failed[@]} = 0 ] && { [ -z "$all" ] || [ ${#skipped[@]} = 0 ]; }
