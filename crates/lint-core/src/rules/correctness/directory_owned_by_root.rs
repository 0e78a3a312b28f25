use crate::model::container::Container;
use crate::model::container::unwritable::{Writer, unwritable};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "directory-owned-by-root",
        docs: "The program is not root, and has to write to a directory of the image that is root's.

## Why
`USER` changes who runs what follows, and nothing else. What `WORKDIR` made before it, what `RUN mkdir` made as root, and what `COPY`
brings without `--chown` belong to root, and the program is told \"permission denied\" when it writes there: often only once it runs, when
it wants to store something.

## Instead
Give the directory to the user: `COPY --chown=app:app`, `RUN install -d -o app /data`, or `RUN chown app:app /data` before `USER`.

## Limits
Reported is what the image makes a `VOLUME` of, what the start command makes, writes or installs there (`mkdir`, `>`, `npm install`), and
what nginx and httpd need with the configuration they come with. Only on bases that are known, and where no command of the image may
give the directory away. What is mounted is not looked at; `volume-owned-by-root` is about volumes.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let user = container.user.text.as_deref().unwrap_or("another user");
    let owner = user.split(':').next().unwrap_or(user);
    for found in unwritable(container) {
        let path = &found.path;
        let (message, help) = match &found.writer {
            Writer::Volume => (
                format!("the volume at `{path}` belongs to root, and the program runs as `{user}`"),
                format!("before `USER`: `RUN chown {owner} {path}`"),
            ),
            Writer::Program(program) => (
                format!("`{program}` writes to `{path}`, which belongs to root, and runs as `{user}`"),
                format!(
                    "give it away in the Dockerfile, before `USER`: `RUN chown {owner} {path}`, or `COPY --chown={owner}`"
                ),
            ),
            Writer::Known(program) => (
                format!("{program} has to write to `{path}`, which belongs to root, and runs as `{user}`"),
                format!(
                    "`RUN chown -R {owner} {path}` before `USER`, or an image that is made for it (`nginxinc/nginx-unprivileged`)"
                ),
            ),
        };
        let help = match &found.writer {
            Writer::Known("httpd") => format!("`RUN chown -R {owner} {path}` before `USER`"),
            _ => help,
        };
        let mut draft = cx.report(found.place, message).help(help);
        if let Some(made) = found.made {
            draft = draft.label(made, "root makes it here");
        }
        if let Some(place) = container.user_place().filter(|_| !matches!(found.writer, Writer::Known(_))) {
            draft.label(place, "who the program is");
        }
    }
}
