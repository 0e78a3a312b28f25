//! Runs a program to its end, or to the end of our patience.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The most that is read of what a program prints, in bytes.
const MOST_OUTPUT: u64 = 64 * 1024 * 1024;

/// How a program ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// Its exit code; `None` when a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

/// Runs a program without any input. It is killed when the time is up.
///
/// # Errors
/// Why it could not be run or did not end, as the end of a sentence.
pub(super) fn run(command: &mut Command, patience: Duration) -> Result<Ended, String> {
    let until = Instant::now() + patience;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = spawn(command).map_err(|error| format!("cannot be run: {error}"))?;
    let (stdout, stderr) = (read(child.stdout.take()), read(child.stderr.take()));
    let ended = wait(&mut child, &stdout, &stderr, until);
    if ended.is_none() {
        // Its children may hold the pipes open, so nobody waits for the threads that read them.
        let _ = child.kill();
        let _ = child.wait();
    }
    ended.ok_or_else(|| format!("did not end within {} s", patience.as_secs()))
}

/// A file that was just written by a process with other threads may still be open for writing in a child that is being
/// started; the kernel then refuses to run it for a moment.
fn spawn(command: &mut Command) -> io::Result<Child> {
    let mut left = 20;
    loop {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy && left > 0 => {
                left -= 1;
                thread::sleep(Duration::from_millis(10));
            }
            result => return result,
        }
    }
}

fn read(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            let _ = pipe.take(MOST_OUTPUT).read_to_end(&mut bytes);
        }
        // Nobody listens any more once the time is up.
        let _ = sender.send(bytes);
    });
    receiver
}

fn wait(
    child: &mut Child,
    stdout: &Receiver<Vec<u8>>,
    stderr: &Receiver<Vec<u8>>,
    until: Instant,
) -> Option<Ended> {
    let left = || until.saturating_duration_since(Instant::now());
    let stdout = stdout.recv_timeout(left()).ok()?;
    let stderr = stderr.recv_timeout(left()).ok()?;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(Ended { code: status.code(), stdout, stderr });
        }
        if left().is_zero() {
            return None;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let begun = Instant::now();
        let mut command = Command::new("sh");
        // Its child holds the pipes open.
        command.args(["-c", "sleep 60 & sleep 60"]);
        assert_eq!(run(&mut command, Duration::from_secs(1)).unwrap_err(), "did not end within 1 s");
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn output_and_exit_codes_are_told_apart() {
        let mut command = Command::new("sh");
        let ended = run(command.args(["-c", "echo a; echo b >&2; exit 3"]), Duration::from_secs(60)).unwrap();
        assert_eq!((ended.code, &*ended.stdout, &*ended.stderr), (Some(3), &b"a\n"[..], &b"b\n"[..]));
        assert!(run(&mut Command::new("no-such-program-anywhere"), Duration::from_secs(60)).is_err());
    }
}
