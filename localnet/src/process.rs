//! Processes that do not outlive this one, however it ends.

use anyhow::{ensure, Context, Result};
use std::{
	fs::OpenOptions,
	io,
	os::unix::process::CommandExt,
	path::{Path, PathBuf},
	process::{Child, Command, ExitStatus, Stdio},
	sync::{mpsc, Mutex, OnceLock},
	time::{Duration, Instant},
};

/// How long a process may take to stop when it is asked to.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often to look whether it has.
const LOOK: Duration = Duration::from_millis(20);
/// Lines of a log that are worth showing.
const LAST_LINES: usize = 15;

/// A child that writes to a log file, and dies when this is dropped.
pub struct Process {
	child: Child,
	log: PathBuf,
}

impl Process {
	/// Starts `program`. What it says is added to the file `log`.
	pub fn start(program: &Path, arguments: &[String], log: &Path) -> Result<Self> {
		let open = || OpenOptions::new().create(true).append(true).open(log);
		let shown = log.display();
		let output = open().with_context(|| format!("the log {shown} cannot be written"))?;
		let errors = output.try_clone()?;
		let mut command = Command::new(program);
		// In a group of its own Ctrl-C does not reach it: this process decides when it ends.
		command.args(arguments).stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
		let child =
			spawn(command).with_context(|| format!("{} cannot be started", program.display()))?;
		Ok(Self { child, log: log.into() })
	}

	pub fn id(&self) -> u32 {
		self.child.id()
	}

	/// How it ended, if it has.
	pub fn ended(&mut self) -> Option<ExitStatus> {
		self.child.try_wait().ok().flatten()
	}

	/// Ends it at once, without a warning, as a power cut would.
	pub fn kill(&mut self) {
		let _ = self.child.kill();
		let _ = self.child.wait();
	}

	/// Asks it to stop, and kills it if it does not.
	pub async fn stop(&mut self) {
		system::terminate(self.id());
		let deadline = Instant::now() + FAREWELL;
		while self.ended().is_none() && Instant::now() < deadline {
			tokio::time::sleep(LOOK).await;
		}
		self.kill();
	}

	/// All that it, and others before it, wrote to its log.
	pub fn said(&self) -> String {
		std::fs::read_to_string(&self.log).unwrap_or_default()
	}

	/// The end of its log.
	pub fn last_words(&self) -> String {
		let text = self.said();
		let lines: Vec<_> = text.lines().collect();
		lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
	}
}

impl Drop for Process {
	fn drop(&mut self) {
		self.kill();
	}
}

/// Runs a program to its end. Returns what it prints.
pub async fn ask(program: &Path, arguments: &[impl AsRef<str>]) -> Result<String> {
	let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
	let shown = program.file_name().unwrap_or_default().to_string_lossy();
	let output = tokio::process::Command::new(program)
		.args(&arguments)
		.kill_on_drop(true)
		.output()
		.await
		.with_context(|| format!("{} cannot be started", program.display()))?;
	ensure!(
		output.status.success(),
		"`{shown} {}` failed: {}",
		arguments.first().unwrap_or(&""),
		String::from_utf8_lossy(&output.stderr)
	);
	Ok(String::from_utf8(output.stdout)?)
}

type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// Starts a process from a thread that lives as long as this program: the system ends a child with
/// the thread that started it.
fn spawn(command: Command) -> io::Result<Child> {
	static SPAWNER: OnceLock<Mutex<mpsc::Sender<Order>>> = OnceLock::new();
	let spawner = SPAWNER.get_or_init(|| {
		let (orders, inbox) = mpsc::channel::<Order>();
		std::thread::spawn(move || {
			for (mut command, answer) in inbox {
				system::die_with_parent(&mut command);
				let _ = answer.send(command.spawn());
			}
		});
		Mutex::new(orders)
	});
	let gone = || io::Error::other("the thread that starts processes is gone");
	let (answer, answered) = mpsc::channel();
	spawner.lock().map_err(|_| gone())?.send((command, answer)).map_err(|_| gone())?;
	answered.recv().map_err(|_| gone())?
}

/// The few calls that the standard library does not have.
mod system {
	use std::process::Command;

	const SIGTERM: i32 = 15;

	extern "C" {
		fn kill(process: i32, signal: i32) -> i32;
		#[cfg(target_os = "linux")]
		fn prctl(option: i32, ...) -> i32;
	}

	pub fn terminate(process: u32) {
		// SAFETY: no memory is involved. The process is a child that has not been waited for, or the
		// number is free.
		unsafe { kill(process as i32, SIGTERM) };
	}

	/// Has the system kill the child when this process ends in whatever way.
	#[cfg(target_os = "linux")]
	pub fn die_with_parent(command: &mut Command) {
		use std::{
			io,
			os::unix::process::{parent_id, CommandExt},
		};
		const PR_SET_PDEATHSIG: i32 = 1;
		const SIGKILL: std::ffi::c_ulong = 9;
		let parent = std::process::id();
		// SAFETY: between fork and exec only two system calls are made, and nothing is allocated.
		unsafe {
			command.pre_exec(move || {
				if prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 {
					return Err(io::Error::last_os_error());
				}
				// It may have ended before it was watched.
				match parent_id() == parent {
					true => Ok(()),
					false => Err(io::ErrorKind::BrokenPipe.into()),
				}
			});
		}
	}

	/// Elsewhere a child dies with its [`super::Process`].
	#[cfg(not(target_os = "linux"))]
	pub fn die_with_parent(_: &mut Command) {}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sleeper(dir: &Path) -> Process {
		let arguments = ["-c".into(), "echo awake; exec sleep 600".into()];
		Process::start(Path::new("/bin/sh"), &arguments, &dir.join("log")).unwrap()
	}

	fn is_there(id: u32) -> bool {
		Path::new(&format!("/proc/{id}")).exists()
	}

	#[test]
	fn a_process_dies_with_its_handle() {
		let dir = tempfile::tempdir().unwrap();
		let mut process = sleeper(dir.path());
		let id = process.id();
		assert!(process.ended().is_none());
		drop(process);
		assert!(!is_there(id));
	}

	#[tokio::test]
	async fn a_process_stops_when_it_is_asked_to() {
		let dir = tempfile::tempdir().unwrap();
		let mut process = sleeper(dir.path());
		while process.last_words() != "awake" {
			tokio::time::sleep(LOOK).await;
		}
		let before = Instant::now();
		process.stop().await;
		assert!(process.ended().is_some() && before.elapsed() < FAREWELL);
	}

	#[tokio::test]
	async fn a_program_that_is_asked_answers_or_says_what_is_wrong() {
		let shell = Path::new("/bin/sh");
		assert_eq!(ask(shell, &["-c", "echo yes; echo no >&2"]).await.unwrap(), "yes\n");
		let error = ask(shell, &["-c", "echo no >&2; exit 3"]).await.unwrap_err().to_string();
		assert_eq!(error, "`sh -c` failed: no\n");
	}

	#[test]
	fn a_program_that_is_not_there_is_named() {
		let dir = tempfile::tempdir().unwrap();
		let error = Process::start(Path::new("no/such"), &[], &dir.path().join("log"));
		assert!(error.err().unwrap().to_string().contains("no/such cannot be started"));
	}
}
