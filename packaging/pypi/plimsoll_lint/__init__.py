"""The Plimsoll linter. The program is a script of this package; this finds it."""
