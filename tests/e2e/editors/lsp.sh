# `plimsoll lsp` in editors, with the files of editors/. Read by ../editors.sh.

# Where a finding is in the Dockerfile, what was found, hints and hovers, as each client below prints them.
lsp_dockerfile=$dockerfile_bytes
lsp_compose=$compose_bytes

# What both versions of Neovim's client are asked for.
cat >"$scratch/nvim-lsp-test.lua" <<'LUA'
local function wait(what, ready)
  if not vim.wait(20000, ready, 20) then io.stdout:write('never: ' .. what .. '\n') end
end
local levels = { 'error', 'warning', 'info', 'style' }
local function client()
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, it in pairs(get()) do if it.name == 'plimsoll' then return it end end
end
wait('attached', function() return client() and client().initialized ~= false and vim.lsp.buf_get_clients and true or client() end)
wait('found', function() return #vim.diagnostic.get(0) > 0 end)
local found = vim.diagnostic.get(0)
table.sort(found, function(a, b) return a.lnum < b.lnum end)
for _, d in ipairs(found) do
  assert(d.source == 'plimsoll' and d.message ~= '')
  io.stdout:write(('%d:%d-%d:%d %s %s\n'):format(d.lnum + 1, d.col + 1, d.end_lnum + 1, d.end_col + 1, levels[d.severity], d.code))
end
local function ask(method, params)
  local all = vim.lsp.buf_request_sync(0, method, params, 20000) or {}
  for _, answer in pairs(all) do
    if answer.error then io.stdout:write(method .. ': ' .. answer.error.message .. '\n') end
    if answer.result then return answer.result end
  end
  return {}
end
local document = { uri = vim.uri_from_bufnr(0) }
local position = vim.env.HOVER and { line = tonumber(vim.env.HOVER), character = 3 }
if position then
  local hover = ask('textDocument/hover', { textDocument = document, position = position })
  io.stdout:write('hover ' .. (hover.contents and hover.contents.value:match('[^\n]+') or 'nothing') .. '\n')
  local whole = { start = { line = 0, character = 0 }, ['end'] = { line = 99, character = 0 } }
  for _, hint in ipairs(ask('textDocument/inlayHint', { textDocument = document, range = whole })) do
    io.stdout:write(('hint %d %s\n'):format(hint.position.line + 1, hint.label))
  end
  for _, lens in ipairs(ask('textDocument/codeLens', { textDocument = document })) do
    io.stdout:write('lens ' .. lens.command.title .. '\n')
  end
end
-- What is typed counts, not what was saved.
if vim.env.DELETE then
  vim.cmd(vim.env.DELETE)
  wait('fewer', function() return #vim.diagnostic.get(0) < #found end)
  for _, d in ipairs(vim.diagnostic.get(0)) do io.stdout:write('left ' .. d.code .. '\n') end
end
vim.cmd('qa!')
LUA

test_nvim_lsp() {
    needs 'nvim, lsp' nvim || return 0
    local how nvim
    if nvim --headless --clean -c 'lua if vim.lsp.config then io.stdout:write("new") end' -c 'qa!' 2>/dev/null | grep -q new; then
        how="lua vim.opt.runtimepath:prepend('$repository/editors/nvim') vim.lsp.enable('plimsoll')"
    else
        how="luafile $(snippet nvim-old)"
    fi
    nvim=(nvim --headless -n -i NONE --clean --cmd 'let g:do_filetype_lua = 1' --cmd "set rtp^=$repository/editors/nvim" --cmd "$how")
    cd "$repository"
    compare 'nvim, lsp: Dockerfile' "$lsp_dockerfile
hover **root-user** (low): the container's main process runs as root
hint 1 begins as root
lens runs as root · 3 findings
left unpinned-base-image" "$(HOVER=2 DELETE='2,3d' "${nvim[@]}" "$project/Dockerfile" -c "luafile $scratch/nvim-lsp-test.lua" 2>&1 | grep -v 'fewer lines')"
    compare 'nvim, lsp: compose.yaml' "$lsp_compose
hover **web** as it would run
hint 2 runs as root
lens runs as root · 1 finding" "$(HOVER=1 "${nvim[@]}" "$project/compose.yaml" -c "luafile $scratch/nvim-lsp-test.lua" 2>&1)"
}

test_eglot() {
    needs eglot emacs || return 0
    local emacs=(emacs --batch --eval '(package-initialize)')
    if ! "${emacs[@]}" --eval "(require 'eglot)" >/dev/null 2>&1; then
        echo 'skipped  eglot: it is not installed'
        skipped+=(eglot)
        return 0
    fi
    cat >"$scratch/eglot-test.el" <<'ELISP'
(require 'eglot)
(unless (fboundp 'dockerfile-mode) (define-derived-mode dockerfile-mode prog-mode "Dockerfile"))
(setq eglot-autoshutdown t eglot-sync-connect 20 eglot-send-changes-idle-time 0 eglot-confirm-server-initiated-edits nil)
(defun plimsoll-test-wait (what ready)
  (with-timeout (20 (princ (format "never: %s\n" what)))
    (while (not (funcall ready)) (accept-process-output nil 0.05))))
(defun plimsoll-test-found ()
  (mapcar (lambda (d) (cons (flymake-diagnostic-beg d) (flymake-diagnostic-text d))) (flymake-diagnostics)))
(let ((file (getenv "FILE")))
  (find-file file)
  (when (string-match-p "Dockerfile" file) (dockerfile-mode))
  (princ (format "mode %s\n" major-mode))
  (apply #'eglot--connect (eglot--guess-contact))
  (plimsoll-test-wait "managed" (lambda () (bound-and-true-p eglot--managed-mode)))
  (flymake-start)
  (plimsoll-test-wait "found" (lambda () (flymake-start) (plimsoll-test-found)))
  (dolist (d (sort (plimsoll-test-found) (lambda (a b) (< (car a) (car b)))))
    (goto-char (car d))
    (princ (format "%d:%d %s\n" (line-number-at-pos) (1+ (current-column))
                   (if (string-match "\\[?\\([a-z]+\\(?:-[a-z]+\\)+\\)\\]?" (cdr d)) (match-string 1 (cdr d)) (cdr d)))))
  (let* ((server (eglot-current-server))
         (hover (jsonrpc-request server :textDocument/hover
                                 `(:textDocument (:uri ,(eglot--path-to-uri file)) :position (:line 1 :character ,(if (string-match-p "Dockerfile" file) 19 3))))))
    (princ (format "hover %s\n" (car (split-string (or (plist-get (plist-get hover :contents) :value) "nothing") "\n")))))
  (when (string-match-p "Dockerfile" file)
    (goto-char (point-max))
    (insert "RUN sudo id\n")
    ;; The timers of an editor at rest do not run in a batch.
    (eglot--signal-textDocument/didChange)
    (let ((before (length (plimsoll-test-found))))
      (plimsoll-test-wait "more" (lambda () (flymake-start) (> (length (plimsoll-test-found)) before))))
    (princ (format "then %d\n" (length (plimsoll-test-found)))))
  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server) nil 5))
ELISP
    local file expected
    for file in Dockerfile compose.yaml; do
        # Eglot shows the message; the rule is its code.
        case $file in
        Dockerfile) expected='mode dockerfile-mode
1:6
2:18
3:1
hover sudo-in-run
then 4' ;;
        *) expected='mode plimsoll-compose-mode
2:36
hover web' ;;
        esac
        compare "eglot: $file" "$expected" "$(FILE="$(realpath "$scratch/real/a project")/$file" "${emacs[@]}" \
            -l "$repository/editors/emacs/plimsoll.el" -l "$scratch/eglot-test.el" 2>"$scratch/eglot.log" |
            sed -e 's/^\([0-9]*:[0-9]*\) .*/\1/' -e 's/^\(hover [*a-z-]*\).*/\1/' || cat "$scratch/eglot.log")"
    done
}

# The packages that the extension is built with; they are fetched where they are not there.
vscode_packages() {
    needs "$1" node && needs "$1" npm || return 1
    [ -d "$repository/editors/vscode/node_modules" ] || (cd "$repository/editors/vscode" && npm ci --no-audit --no-fund >/dev/null 2>&1) || {
        echo "skipped  $1: npm ci failed in editors/vscode"
        skipped+=("$1")
        return 1
    }
}

# The library that Visual Studio Code's own client is made of.
test_node_client() {
    vscode_packages 'node client' || return 0
    compare 'node client' 'encoding utf-16
Dockerfile 1:6-1:12 unpinned-base-image
Dockerfile 2:19-2:23 sudo-in-run
Dockerfile 3:1-3:10 root-user
compose.yaml 2:37-2:41 privileged-service
after USER 1000: unpinned-base-image sudo-in-run
fixed by hand: compose.yaml
workspace: 2 files
watchers 1
shutdown' "$(NODE_PATH="$repository/editors/vscode/node_modules" node "$repository/tests/e2e/editors/client.cjs" "$(realpath "$scratch/real/a project")" 2>&1)"
}

test_vsix() {
    vscode_packages vsix || return 0
    needs vsix unzip || return 0
    # What it has for editors in a browser needs another compiler.
    if [ ! -e "$repository/target/wasm-package/plimsoll.wasm" ]; then
        echo 'skipped  vsix: packaging/wasm/build.sh target/wasm-package has not made the package it brings along'
        skipped+=(vsix)
        return 0
    fi
    cd "$repository/editors/vscode"
    rm -rf bundled && mkdir bundled && cp "$plimsoll" bundled/plimsoll && cp ../../LICENSE-MIT LICENSE.txt
    local made=1
    npx vsce package --no-dependencies --target linux-x64 -o "$scratch/plimsoll.vsix" >"$scratch/vsce.log" 2>&1 || made=
    rm -rf bundled LICENSE.txt
    [ -n "$made" ] || cat "$scratch/vsce.log"
    compare 'vsix: contents' '[Content_Types].xml
extension.vsixmanifest
extension/LICENSE.txt
extension/bundled/plimsoll
extension/out/config-v1.json
extension/out/extension.js
extension/out/plimsoll.wasm
extension/out/web.js
extension/package.json
extension/readme.md' "$(unzip -Z1 "$scratch/plimsoll.vsix" | LC_ALL=C sort)"
    # The program can be run once it is unpacked, and the code is whole but for the editor itself.
    unzip -q -o "$scratch/plimsoll.vsix" -d "$scratch/vsix"
    compare 'vsix: program' "$(plimsoll version)" "$(chmod +x "$scratch/vsix/extension/bundled/plimsoll" && "$scratch/vsix/extension/bundled/plimsoll" version)"
    cat >"$scratch/vsix.cjs" <<'JS'
const Module = require('module');
const real = Module._load;
const asked = new Set();
class Fake {}
const vscode = new Proxy({}, { get: (_, name) => (name === 'version' ? '1.91.0' : new Proxy(Fake, { get: (t, n) => t[n] ?? 0 })) });
Module._load = (name, ...rest) => { asked.add(name.replace(/^node:/, '')); return name === 'vscode' ? vscode : real(name, ...rest); };
const extension = require(process.argv[2]);
console.log(Object.keys(extension).sort().join(' '));
console.log([...asked].filter((name) => !Module.builtinModules.includes(name) && name !== 'vscode' && !name.startsWith('/')).join(' '));
JS
    compare 'vsix: code' 'activate deactivate
' "$(node "$scratch/vsix.cjs" "$scratch/vsix/extension/out/extension.js" 2>&1)
"
}
