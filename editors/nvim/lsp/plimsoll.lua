---@brief
---
--- https://github.com/plimsoll-lint/plimsoll
---
--- Judges Dockerfiles and Compose files as Docker would build and run them.
---
--- `plimsoll` can be installed with `cargo install plimsoll`, or from a release.
---
--- Neovim calls Compose files `yaml`. With a file type of their own (`ftdetect/plimsoll.lua` beside this folder, or
--- `vim.filetype.add`) the server is not started for every YAML file.

---@type vim.lsp.Config
return {
  cmd = { 'plimsoll', 'lsp' },
  filetypes = { 'dockerfile', 'yaml.docker-compose' },
  root_markers = { { '.plimsoll.yaml', '.plimsoll.yml', 'plimsoll.yaml', 'plimsoll.yml' }, '.git' },
  settings = { plimsoll = {} },
}
