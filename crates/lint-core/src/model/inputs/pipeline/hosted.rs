//! The jobs of GitLab, CircleCI and Bitbucket, which say little more of a container than its image.

use lint_parser::text::mapped::Mapped;
use lint_parser::yaml::node::{Entry, Node, NodeKind};

use crate::model::inputs::container::name_of_image;
use crate::model::inputs::flags::Flags;
use crate::model::inputs::grammar::Flag;
use crate::model::inputs::pipeline::{DEEPEST, Reader, entries, entry, expanded, get, items, key, scalar};
use crate::model::inputs::tree;
use crate::model::project::input::InputKind;

/// Keys at the root of `.gitlab-ci.yml` that are no jobs.
const NOT_JOBS: [&str; 7] = ["stages", "variables", "include", "workflow", "image", "services", "spec"];

impl Reader<'_> {
    pub(super) fn gitlab(&mut self, root: &Node) {
        self.gitlab_job(root, "default");
        for job in entries(Some(root)).iter().filter(|job| !NOT_JOBS.contains(&key(job))) {
            if matches!(job.value.kind, NodeKind::Mapping(_)) {
                self.gitlab_job(&job.value, key(job));
            }
        }
    }

    /// A job with its services, or what holds for all of them.
    fn gitlab_job(&mut self, job: &Node, name: &str) {
        let variables = get(job, "variables");
        match (entry(job, "image"), variables) {
            (Some(image), _) => self.image_of(image, name, variables),
            // The image is told elsewhere.
            (None, Some(variables)) => {
                let mut flags = Flags::default();
                self.environment(&mut flags, Some(variables));
                flags.is_open = true;
                if flags.service.has("environment") {
                    self.add(flags, None, variables, name, InputKind::PlainJob);
                }
            }
            (None, None) => {}
        }
        for service in items(get(job, "services")) {
            let (image, alias) = match scalar(service) {
                Some(text) => (Some(text), None),
                None => (get(service, "name").and_then(scalar), get(service, "alias").and_then(scalar)),
            };
            let Some(image) = image else { continue };
            let name = alias.map_or_else(|| name_of_image(image.text()), |alias| alias.text().to_owned());
            let mut flags = Flags::default();
            self.environment(&mut flags, get(service, "variables"));
            said_of(service, &mut flags);
            self.add(flags, Some(image.clone()), service, &name, InputKind::PlainJob);
        }
    }

    /// `image: node:24`, `image: {name: node:24, docker: {user: root}}`
    pub(super) fn image_of(&mut self, image: &Entry, name: &str, variables: Option<&Node>) {
        let node = &image.value;
        let text = scalar(node).or_else(|| get(node, "name").and_then(scalar));
        let Some(text) = text else { return };
        let mut flags = Flags::default();
        self.environment(&mut flags, variables);
        said_of(node, &mut flags);
        self.add(flags, Some(text.clone()), &image.key, name, InputKind::PlainJob);
    }

    /// `docker: [{image: …, user: …}]` of a job or an executor.
    pub(super) fn circle(&mut self, at: &Entry) {
        if key(at) != "docker" {
            return;
        }
        for container in items(Some(&at.value)) {
            let Some(image) = entry(container, "image") else { continue };
            let Some(text) = scalar(&image.value).filter(|text| !text.text().contains("<<")) else {
                continue;
            };
            let mut flags = Flags::default();
            said_of(container, &mut flags);
            self.environment(&mut flags, get(container, "environment"));
            let name = name_of_image(text.text());
            self.add(flags, Some(text.clone()), &image.key, &name, InputKind::PlainJob);
        }
    }

    pub(super) fn bitbucket(&mut self, node: &Node, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for child in entries(Some(node)) {
            match key(child) {
                // Beside it stand the variables of a service.
                "image" => self.image_of(child, "pipeline", get(node, "variables")),
                "pipe" => self.pipe(child),
                _ => self.bitbucket(&child.value, depth + 1),
            }
        }
        items(Some(node)).iter().for_each(|child| self.bitbucket(child, depth + 1));
    }

    /// `pipe: docker://team/deploy:1`
    fn pipe(&mut self, pipe: &Entry) {
        let text = scalar(&pipe.value).filter(|text| text.text().starts_with("docker://"));
        let Some(text) = text else { return };
        let image = text.slice("docker://".len()..text.text().len());
        let name = name_of_image(image.text());
        self.add(Flags::default(), Some(image), &pipe.key, &name, InputKind::PlainJob);
    }
}

/// What a job says of a container besides its image and its variables.
fn said_of(node: &Node, flags: &mut Flags) {
    let nested = get(node, "docker").and_then(|docker| get(docker, "user"));
    let user = nested.or_else(|| get(node, "run-as-user")).or_else(|| get(node, "user"));
    if let Some(user) = user.and_then(scalar) {
        flags.value(Flag::Text("user"), user.span(), &expanded(user));
    }
    for name in ["entrypoint", "command"] {
        let Some(said) = entry(node, name) else { continue };
        let words: Vec<&Mapped> = match scalar(&said.value) {
            Some(text) => vec![text],
            None => items(Some(&said.value)).iter().filter_map(scalar).collect(),
        };
        // An empty entry point is none, which is what jobs say of images that have one.
        let words = words.into_iter().filter(|word| !word.is_empty());
        let words = words.map(|word| tree::text(&expanded(word))).collect();
        flags.service.set(name, said.key.span, tree::list(words, said.value.span));
    }
}
