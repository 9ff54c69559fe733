//! A real Redis for one test, on loopback, with nothing on the disk.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// It ends when it is dropped.
pub(crate) struct Redis {
    child: Child,
    port: u16,
    _directory: TempDir,
}

impl Redis {
    /// Starts a server; prints a line and returns `None` if this machine has none.
    pub(crate) fn start() -> Option<Self> {
        // Another program may take the port before the server does.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let directory = tempfile::tempdir().unwrap();
            let mut command = Command::new("redis-server");
            command
                .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
                .arg("--dir")
                .arg(directory.path());
            command.args(["--save", "", "--appendonly", "no"]).stdout(Stdio::null());
            let child = match command.spawn() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    eprintln!("skipped: no redis-server");
                    return None;
                }
                child => child.unwrap(),
            };
            let mut server = Self { child, port, _directory: directory };
            if server.has_come_up() {
                return Some(server);
            }
        }
        panic!("redis-server does not start");
    }

    /// Its URL, without a password.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Its URL with a password.
    pub(crate) fn url_with(&self, password: &str) -> String {
        format!("redis://:{password}@127.0.0.1:{}/", self.port)
    }

    /// Ends it, with all its data.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it is up, rather than ended because its port was taken.
    fn has_come_up(&mut self) -> bool {
        let started = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return self.child.try_wait().unwrap().is_none();
            }
            assert!(started.elapsed() < Duration::from_secs(30), "redis-server does not come up");
            thread::sleep(Duration::from_millis(10));
        }
        false
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
