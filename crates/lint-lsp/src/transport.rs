//! Messages on standard input and output.
//!
//! The library's own reader ends with the first message that it does not understand. An editor that sends one has still
//! unsaved texts, so here such a message is answered with an error, and the next one is read.

use std::io::{self, BufRead, BufReader, Write as _};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use lsp_server::{Connection, ErrorCode, Message};
use serde_json::json;

/// The largest message that is read, in bytes.
const LARGEST: usize = 512 << 20;

/// The longest line of a header.
const LONGEST_HEADER: u64 = 4096;

/// The thread that writes.
#[derive(Debug)]
pub(crate) struct Threads(JoinHandle<io::Result<()>>);

impl Threads {
    /// Waits until everything is written. Whoever holds a sender must have let go of it.
    pub(crate) fn join(self) -> io::Result<()> {
        // The reader may wait for input for ever: it ends with the process.
        self.0.join().unwrap_or_else(|_| Err(io::Error::other("the writer panicked")))
    }
}

/// What is to be written.
enum Out {
    Message(Message),
    /// Something that is no message of the library's.
    Raw(String),
}

/// Connects to standard input and output.
pub(crate) fn stdio() -> (Connection, Threads) {
    let (sender, messages) = unbounded::<Message>();
    let (raw, texts) = unbounded::<String>();
    let (incoming, receiver) = bounded::<Message>(0);
    thread::spawn(move || {
        read(&mut BufReader::new(io::stdin().lock()), &incoming, &raw);
    });
    let writer = thread::spawn(move || write(&messages, &texts));
    (Connection { sender, receiver }, Threads(writer))
}

fn write(messages: &Receiver<Message>, texts: &Receiver<String>) -> io::Result<()> {
    loop {
        let next = crossbeam_channel::select! {
            recv(messages) -> message => match message {
                Ok(message) => Out::Message(message),
                Err(_) => return Ok(()),
            },
            recv(texts) -> text => match text {
                Ok(text) => Out::Raw(text),
                // The reader is gone: only messages are left.
                Err(_) => match messages.recv() {
                    Ok(message) => Out::Message(message),
                    Err(_) => return Ok(()),
                },
            },
        };
        let mut out = io::stdout().lock();
        match next {
            Out::Message(message) => message.write(&mut out)?,
            Out::Raw(text) => {
                write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
                out.flush()?;
            }
        }
    }
}

/// Reads until the input ends or nobody wants any more.
fn read(input: &mut impl BufRead, incoming: &Sender<Message>, raw: &Sender<String>) {
    while let Some(body) = body(input) {
        match parse(&body) {
            Ok(message) => {
                let is_exit = matches!(&message, Message::Notification(note) if note.method == "exit");
                if incoming.send(message).is_err() || is_exit {
                    return;
                }
            }
            Err(error) => {
                let _ = raw.send(error);
            }
        }
    }
}

/// The body of the next message; `None` at the end of the input. What is no header is passed by.
fn body(input: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length: Option<usize> = None;
    loop {
        let mut line = Vec::new();
        let read = io::Read::take(&mut *input, LONGEST_HEADER).read_until(b'\n', &mut line).ok()?;
        if read == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            match length.take() {
                Some(length) => {
                    let mut body = vec![0; length];
                    io::Read::read_exact(input, &mut body).ok()?;
                    return Some(body);
                }
                None => continue,
            }
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok().filter(|length| *length <= LARGEST);
        }
    }
}

/// A message, or what to answer where it is none.
fn parse(body: &[u8]) -> Result<Message, String> {
    let refuse = |id: &serde_json::Value, code: ErrorCode, why: &dyn std::fmt::Display| {
        json!({"jsonrpc": "2.0", "id": id, "error": {"code": code as i32, "message": why.to_string()}})
            .to_string()
    };
    let value: serde_json::Value = serde_json::from_slice(body)
        .map_err(|error| refuse(&serde_json::Value::Null, ErrorCode::ParseError, &error))?;
    let id = value.get("id").cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|error| refuse(&id, ErrorCode::InvalidRequest, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(input: &[u8]) -> (Vec<String>, Vec<String>) {
        let ((incoming, receiver), (raw, texts)) = (unbounded(), unbounded());
        read(&mut &*input, &incoming, &raw);
        drop((incoming, raw));
        let method = |message| match message {
            Message::Notification(note) => note.method,
            Message::Request(request) => request.method,
            Message::Response(_) => "response".to_owned(),
        };
        (receiver.into_iter().map(method).collect(), texts.into_iter().collect())
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\nContent-Type: x\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_ends_nothing() {
        let good = |method: &str| framed(&format!("{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\"}}"));
        let input = [
            good("a"),
            framed("{"),
            framed("[1]"),
            framed("{\"id\": 7}"),
            "nonsense\r\n\r\ncontent-length:x\r\n\r\n".to_owned(),
            good("b"),
            good("exit"),
            good("after"),
        ];
        let mut bytes = input.concat().into_bytes();
        bytes.splice(0..0, [&b"Content-Length: 3\r\n\r\n"[..], &b"\xff{}"[..]].concat());
        let (read, refused) = messages(&bytes);
        assert_eq!(read, ["a", "b", "exit"]);
        assert_eq!(refused.len(), 4, "{refused:?}");
        assert!(refused[0].contains("-32700") && refused[3].contains("\"id\":7"), "{refused:?}");
    }
}
