//! From a keystroke to its findings, measured by a client of the protocol. An ordinary file in its project must be judged
//! within 30 ms, one of 2,000 `RUN`s within 100 ms.

use divan::Bencher;
use lint_lsp::{Connection, Environment, Message, Notification, Request, RequestId, serve};
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// A client that has a file of a folder open.
struct Client {
    connection: Connection,
    uri: String,
    version: i32,
    next: i32,
    _folder: tempfile::TempDir,
}

impl Client {
    fn open(files: &[(&str, &str)], name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let (connection, theirs) = Connection::memory();
        std::thread::spawn(move || serve(theirs, &Environment::default()));
        let root = format!("file://{}", folder.path().display());
        let uri = format!("{root}/{name}");
        let mut client = Self { connection, uri, version: 1, next: 0, _folder: folder };
        let able = json!({"textDocument": {"diagnostic": {}}});
        client.request(
            "initialize",
            json!({"capabilities": able, "workspaceFolders": [{"uri": root, "name": "x"}]}),
        );
        client.notify("initialized", json!({}));
        let text = files.iter().find(|(file, _)| *file == name).unwrap().1;
        let document = json!({"uri": client.uri, "languageId": "", "version": 1, "text": text});
        client.notify("textDocument/didOpen", json!({"textDocument": document}));
        client.pull();
        client
    }

    fn notify(&self, method: &str, params: Value) {
        self.connection
            .sender
            .send(Message::Notification(Notification::new(method.to_owned(), params)))
            .unwrap();
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.connection
            .sender
            .send(Message::Request(Request { id: id.clone(), method: method.to_owned(), params }))
            .unwrap();
        loop {
            if let Message::Response(response) = self.connection.receiver.recv().unwrap()
                && response.id == id
            {
                return response.response_result.unwrap();
            }
        }
    }

    fn pull(&mut self) -> Value {
        let uri = self.uri.clone();
        self.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}))
    }

    /// Types a character at a place, or takes it away again.
    fn type_at(&mut self, line: u32, character: u32) -> Value {
        self.version += 1;
        let (text, end) = if self.version % 2 == 0 { ("x", character) } else { ("", character + 1) };
        let range =
            json!({"start": {"line": line, "character": character}, "end": {"line": line, "character": end}});
        let document = json!({"uri": self.uri, "version": self.version});
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": [{"range": range, "text": text}]}),
        );
        self.pull()
    }
}

const WEBSHOP: &[(&str, &str)] = &[
    ("compose.yaml", include_str!("../fixtures/projects/webshop/compose.yaml")),
    ("api/Dockerfile", include_str!("../fixtures/projects/webshop/api/Dockerfile")),
];

#[divan::bench]
fn in_a_dockerfile_of_a_project(bencher: Bencher<'_, '_>) {
    let mut client = Client::open(WEBSHOP, "api/Dockerfile");
    bencher.bench_local(|| client.type_at(1, 0));
}

#[divan::bench]
fn in_a_compose_file(bencher: Bencher<'_, '_>) {
    let mut client = Client::open(WEBSHOP, "compose.yaml");
    bencher.bench_local(|| client.type_at(0, 0));
}

#[divan::bench(args = [500, 2_000], sample_count = 20)]
fn in_a_file_of_many_instructions(bencher: Bencher<'_, '_>, instructions: usize) {
    let mut text = String::from("FROM debian:12-slim\n# \n");
    for i in 0..instructions {
        text.push_str(&format!("RUN apt-get update && apt-get install -y --no-install-recommends package{i}=1.{i} && rm -rf /var/lib/apt/lists/*\n"));
    }
    let mut client = Client::open(&[("Dockerfile", &text)], "Dockerfile");
    bencher.bench_local(|| client.type_at(1, 2));
}
