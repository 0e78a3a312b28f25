//! Services that start from other services.

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Mark, Origin, Value, ValueKind};

use crate::files::join;
use crate::model::project::fault::{About, Fault};
use crate::model::project::loader::{Context, Loader, MAX_DEPTH, known_text, with, without};
use crate::model::project::merge::marks::Sweep;
use crate::model::project::merge::spot::Spot;
use crate::model::project::merge::unique::Uniqueness;
use crate::model::project::paths::{is_remote, parent};
use crate::model::project::shapes;
use lint_parser::text::near::closest;

/// The services one file offers to be extended, as they are written in it.
struct Scope {
    services: HashMap<Arc<str>, Entry>,
    /// Relative paths of `extends` start here.
    directory: String,
    done: HashMap<Arc<str>, Extended>,
}

/// A service with what it extends.
#[derive(Clone)]
struct Extended {
    /// With its marks, which are to work on earlier files yet.
    value: Arc<Value>,
    /// Without marks, as a service that extends it sees it.
    swept: Arc<Value>,
    /// The keys of the services it is made of and the places that name them; its own key is not among them.
    keys: Vec<Origin>,
    complete: bool,
    /// How many services it extends, one through the other.
    depth: usize,
}

/// All files that `extends` of one document lead to.
struct Scopes {
    scopes: Vec<Scope>,
    by_file: HashMap<String, Option<usize>>,
    /// What is being extended, outermost first.
    active: Vec<(usize, Arc<str>)>,
}

/// What `extends` says.
struct Reference<'v> {
    service: &'v str,
    service_origin: Origin,
    file: Option<(&'v str, Origin)>,
}

impl Loader<'_> {
    /// The document with every service merged over what it extends.
    pub(super) fn extend(&mut self, document: &Arc<Value>, context: &Context) -> Arc<Value> {
        let Some(Entry { value: services, .. }) = document.get("services") else {
            return Arc::clone(document);
        };
        let ValueKind::Mapping(mapping) = &services.kind else { return Arc::clone(document) };
        if !mapping.entries.iter().any(|entry| entry.value.get("extends").is_some()) {
            return Arc::clone(document);
        }
        let mut scopes = Scopes {
            scopes: vec![Scope::new(mapping, &context.directory)],
            by_file: HashMap::new(),
            active: Vec::new(),
        };
        let mut entries = Vec::with_capacity(mapping.entries.len());
        for entry in &mapping.entries {
            let extended = self.extended(&mut scopes, 0, &entry.key, context);
            let value = match extended {
                Some(extended) => {
                    self.keys.entry(Arc::clone(&entry.key)).or_default().extend(extended.keys);
                    if !extended.complete {
                        self.incomplete.insert(Arc::clone(&entry.key));
                    }
                    extended.value
                }
                None => Arc::clone(&entry.value),
            };
            entries.push(Entry { value, ..entry.clone() });
        }
        let kind = ValueKind::Mapping(Mapping { entries });
        let services = Value { origin: services.origin, kind, mark: services.mark };
        with(document, "services", Arc::new(services))
    }

    /// One service with what it extends. `None` when there is no such service, or its `extends` leads back
    /// to itself, which has been said.
    fn extended(
        &mut self,
        scopes: &mut Scopes,
        scope: usize,
        name: &Arc<str>,
        context: &Context,
    ) -> Option<Extended> {
        if let Some(done) = scopes.scopes[scope].done.get(name) {
            return Some(done.clone());
        }
        let service = Arc::clone(&scopes.scopes[scope].services.get(name)?.value);
        scopes.active.push((scope, Arc::clone(name)));
        let extended = self.extended_anew(scopes, scope, name, &service, context);
        scopes.active.pop();
        scopes.scopes[scope].done.insert(Arc::clone(name), extended.clone());
        Some(extended)
    }

    fn extended_anew(
        &mut self,
        scopes: &mut Scopes,
        scope: usize,
        name: &Arc<str>,
        service: &Arc<Value>,
        context: &Context,
    ) -> Extended {
        let alone = |value: Arc<Value>, complete| {
            let swept = Sweep::default().sweep(&value).unwrap_or_else(|| Arc::clone(&value));
            Extended { value, swept, keys: Vec::new(), complete, depth: 0 }
        };
        let extends = service.get("extends").filter(|entry| entry.value.mark != Some(Mark::Reset));
        let Some(extends) = extends.filter(|entry| !matches!(entry.value.kind, ValueKind::Null)) else {
            return alone(Arc::clone(service), true);
        };
        let own = without(service, "extends");
        let Some(reference) = self.reference(extends, name) else { return alone(own, false) };
        let target = match reference.file {
            None => Some(scope),
            Some((file, origin)) => self.scope(scopes, scope, file, origin, name, context),
        };
        let Some(target) = target else { return alone(own, false) };
        let Some((base_name, base)) = scopes.scopes[target].services.get_key_value(reference.service) else {
            let services = &scopes.scopes[target].services;
            let mut names: Vec<&str> = services.keys().map(|name| &**name).collect();
            names.sort_unstable();
            let message = match reference.file {
                Some((file, _)) => {
                    format!(
                        "cannot extend service \"{name}\": there is no service \"{}\" in {file}",
                        reference.service
                    )
                }
                None => {
                    format!("cannot extend service \"{name}\": there is no service \"{}\"", reference.service)
                }
            };
            let fault = Fault::new(About::Extends, reference.service_origin, message)
                .of(name)
                .with_suggestion(closest(reference.service, names));
            self.faults.push(fault);
            return alone(own, false);
        };
        let (base_name, base_key) = (Arc::clone(base_name), base.key_origin);
        let circle = scopes.active.iter().position(|at| *at == (target, Arc::clone(&base_name)));
        if let Some(circle) = circle {
            let mut names: Vec<String> =
                scopes.active[circle..].iter().map(|(_, name)| format!("\"{name}\"")).collect();
            names.push(format!("\"{base_name}\""));
            let message = format!("services extend each other in a circle: {}", names.join(" extends "));
            self.faults.push(Fault::new(About::Extends, reference.service_origin, message).of(name));
            return alone(own, false);
        }
        let too_deep = scopes.active.len() >= MAX_DEPTH;
        let base = if too_deep { None } else { self.extended(scopes, target, &base_name, context) };
        let Some(base) = base.filter(|base| base.depth < MAX_DEPTH) else {
            let message = format!("not read: more than {MAX_DEPTH} services extend one another");
            self.note(Some(reference.service_origin), reference.service, message);
            return alone(own, false);
        };
        let via = extends.value.origin;
        let value = self.merge(&base.swept, &own, Spot::Service, &["services", name], Some(via));
        let swept = Sweep::default().sweep(&value).unwrap_or_else(|| Arc::clone(&value));
        let mut keys = vec![via, base_key];
        keys.extend(base.keys);
        Extended { value, swept, keys, complete: base.complete, depth: base.depth + 1 }
    }

    /// What an `extends` says, in either form. `None` when that is not known.
    fn reference<'v>(&mut self, extends: &'v Entry, name: &str) -> Option<Reference<'v>> {
        let value = &extends.value;
        let (service, file) = match &value.kind {
            ValueKind::Scalar(_) => (value, None),
            ValueKind::Mapping(mapping) => {
                let file = mapping.get("file").filter(|file| !matches!(file.value.kind, ValueKind::Null));
                match mapping.get("service") {
                    Some(service) => (&service.value, file),
                    None => {
                        let message = format!("services.{name}.extends: service is required");
                        self.faults.push(Fault::new(About::Extends, value.origin, message).of(name));
                        return None;
                    }
                }
            }
            _ => {
                let message = format!("services.{name}.extends must be a string or a mapping");
                self.faults.push(Fault::new(About::Extends, value.origin, message).of(name));
                return None;
            }
        };
        let file = match file {
            Some(file) => Some((self.name(&file.value, name)?, file.value.origin)),
            None => None,
        };
        Some(Reference { service: self.name(service, name)?, service_origin: service.origin, file })
    }

    fn name<'v>(&mut self, value: &'v Value, service: &str) -> Option<&'v str> {
        if value.as_scalar().is_none() {
            let message = format!("services.{service}.extends: a name must be a string");
            self.faults.push(Fault::new(About::Extends, value.origin, message).of(service));
            return None;
        }
        let text = known_text(value);
        if text.is_none() {
            let message = "not followed: it depends on a variable that nothing sets";
            self.note(Some(value.origin), &format!("extends of service {service}"), message);
        }
        text
    }

    /// The services of another file.
    fn scope(
        &mut self,
        scopes: &mut Scopes,
        from: usize,
        file: &str,
        origin: Origin,
        service: &str,
        context: &Context,
    ) -> Option<usize> {
        if is_remote(file) {
            self.note(Some(origin), file, "not read: it would have to be fetched");
            return None;
        }
        let path = join(&scopes.scopes[from].directory, file);
        if let Some(known) = scopes.by_file.get(&path) {
            return *known;
        }
        let scope = self.read_scope(&path, origin, service, context).map(|scope| {
            scopes.scopes.push(scope);
            scopes.scopes.len() - 1
        });
        scopes.by_file.insert(path, scope);
        scope
    }

    fn read_scope(&mut self, path: &str, origin: Origin, service: &str, context: &Context) -> Option<Scope> {
        let directory = parent(path);
        let source = match self.open(path, &directory) {
            Ok(source) => source,
            Err(error) => {
                self.failed(path, error, Some(origin), About::Extends, Some(service));
                return None;
            }
        };
        self.extended.insert(path.to_owned());
        let mut merged: Option<Arc<Value>> = None;
        for document in self.documents(source, &context.environment) {
            if !matches!(document.kind, ValueKind::Mapping(_)) {
                continue;
            }
            // The marks of the last document are to work on what its services extend.
            let value = match merged.and_then(|merged| Sweep::default().sweep(&merged)) {
                Some(merged) => self.merge(&merged, &document, Spot::Root, &[], None),
                None => document,
            };
            merged = Some(
                Uniqueness::new(&self.sources, &context.directory, &self.extended)
                    .enforce(&value, Spot::Root),
            );
        }
        if let Some(root) = &merged {
            shapes::check(root, &mut self.misshapen);
        }
        let services = merged.as_ref().and_then(|root| root.get("services"));
        match services.map(|entry| &entry.value.kind) {
            Some(ValueKind::Mapping(mapping)) => Some(Scope::new(mapping, &directory)),
            _ => {
                let message = format!("cannot extend service \"{service}\": {path} has no services");
                self.faults.push(Fault::new(About::Extends, origin, message).of(service));
                None
            }
        }
    }
}

impl Scope {
    fn new(services: &Mapping, directory: &str) -> Self {
        Self {
            services: services.entries.iter().map(|e| (Arc::clone(&e.key), e.clone())).collect(),
            directory: directory.to_owned(),
            done: HashMap::new(),
        }
    }
}
