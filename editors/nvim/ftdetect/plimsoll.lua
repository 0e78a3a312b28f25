-- Compose files get a type of their own.
vim.filetype.add({
  pattern = {
    ['.*/compose%.ya?ml'] = 'yaml.docker-compose',
    ['.*/compose[._-].*%.ya?ml'] = 'yaml.docker-compose',
    ['.*/docker%-compose%.ya?ml'] = 'yaml.docker-compose',
    ['.*/docker%-compose[._-].*%.ya?ml'] = 'yaml.docker-compose',
  },
})
