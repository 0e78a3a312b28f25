//! The process: how it begins and ends, and what it does with what is no message.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

struct Process {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .arg("lsp")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut process = Self { child, output };
        process.send(
            &json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}),
        );
        assert_eq!(process.read()["result"]["serverInfo"]["name"], "plimsoll");
        process
    }

    fn raw(&mut self, text: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(text.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the server is gone");
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The exit code, and what was said on standard error; it must come soon.
    fn end(mut self) -> (Option<i32>, String) {
        drop(self.child.stdin.take());
        let begin = Instant::now();
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if begin.elapsed() > Duration::from_secs(20) => {
                    self.child.kill().unwrap();
                    panic!("it does not end");
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status.code(), said)
    }
}

#[test]
fn who_takes_leave_is_left_with_zero() {
    let mut process = Process::start(&["--stdio", "--clientProcessId=1"]);
    process.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}));
    assert_eq!(process.read()["id"], 2);
    process.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(process.end(), (Some(0), String::new()));
}

#[test]
fn who_goes_without_a_word_is_left_with_one() {
    assert_eq!(Process::start(&[]).end().0, Some(1));
    let mut process = Process::start(&[]);
    process.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(process.end().0, Some(1));
}

#[test]
fn a_broken_message_ends_nothing() {
    let mut process = Process::start(&[]);
    process.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {
        "uri": "untitled:a", "languageId": "dockerfile", "version": 1, "text": "FROM debian:12\nUSER root\n"}}}));
    assert_eq!(process.read()["method"], "textDocument/publishDiagnostics");
    process.raw("Content-Length: 9\r\n\r\n{\"id\": 7,");
    assert_eq!(process.read()["error"]["code"], -32700);
    process.raw("Content-Length: 2\r\n\r\n{}");
    assert_eq!(process.read()["error"]["code"], -32600);
    process.raw("nonsense\r\n\r\n");
    // The text that came before is still there.
    process.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
        "textDocument": {"uri": "untitled:a", "version": 2},
        "contentChanges": [{"range": {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}}, "text": "RUN sudo id\n"}]}}));
    let said = process.read();
    assert_eq!(said["params"]["version"], 2);
    assert!(said.to_string().contains("sudo-in-run") && said.to_string().contains("root-user"), "{said}");
    assert_eq!(process.end().0, Some(1));
}

/// Idle costs nothing: the threads wait.
#[cfg(target_os = "linux")]
#[test]
fn who_has_nothing_to_do_does_nothing() {
    let process = Process::start(&[]);
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    std::thread::sleep(Duration::from_millis(200));
    let before = ticks();
    std::thread::sleep(Duration::from_millis(1500));
    assert!(ticks() - before <= 1);
    process.end();
}
