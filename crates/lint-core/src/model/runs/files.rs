//! Files that steps write, and files that they remove.
