//! Other processes are this test program again, started as a child that reads orders from its standard input; see
//! `Child`. Nothing here waits for a time to pass, except where the promise is about time.

use std::sync::Barrier;
use std::thread;

use super::*;

/// A name that no other test uses: the registry and LOCAL's world belong to the whole process.
fn unique(name: &str) -> String {
    format!("{name} of {:?}", thread::current().id())
}

#[test]
fn a_second_open_is_seen_until_it_leaves() {
    let profile = unique("second");
    let spooler = local(&profile);
    let mut first = spooler.open(b"store").unwrap();
    let mut second = spooler.open(b"store").unwrap();
    assert!(first.leave_if_shared());
    assert!(first.leave_if_shared(), "it has left already");
    assert!(!second.leave_if_shared());
    assert!(
        !second.leave_if_shared(),
        "it still counts, as the last one"
    );
    let mut third = spooler.open(b"store").unwrap();
    assert!(third.leave_if_shared(), "the second one still counts");
    second.leave();
    second.leave();
    assert!(second.leave_if_shared(), "it has left");
    let mut fourth = spooler.open(b"store").unwrap();
    assert!(!fourth.leave_if_shared());
}

#[test]
fn a_dropped_open_does_not_count() {
    let profile = unique("dropped");
    let spooler = local(&profile);
    let mut left = spooler.open(b"store").unwrap();
    drop(spooler.open(b"store").unwrap());
    let mut gone = spooler.open(b"store").unwrap();
    gone.leave();
    drop(gone); // must not leave a second time
    assert!(!left.leave_if_shared());
}

#[test]
fn spoolers_of_one_profile_see_one_another_and_others_do_not() {
    let profile = unique("profile");
    let (one, two, other) = (
        local(&profile),
        local(&profile),
        local(&unique("other profile")),
    );
    let mut first = one.open(b"store").unwrap();
    let _other_profile = other.open(b"store").unwrap();
    let _other_store = one.open(b"store2").unwrap();
    assert!(!first.leave_if_shared());
    let mut second = two.open(b"store").unwrap();
    assert!(second.leave_if_shared());
}

#[test]
fn an_open_outlives_its_spooler() {
    let profile = unique("outlive");
    let open = local(&profile).open(b"store").unwrap();
    let mut late = local(&profile).open(b"store").unwrap();
    assert!(late.leave_if_shared());
    drop(open);
    assert!(!local(&profile).open(b"store").unwrap().leave_if_shared());
}

#[test]
fn the_key_is_fixed_for_ever_and_keeps_profile_and_store_apart() {
    assert_eq!(
        Key::new("profile", b"store"),
        Key(0x8e66_eca2_aca3_8283_4709_7b0c_a469_8d35_u128.to_le_bytes()),
        "files of version 1 depend on it"
    );
    assert_ne!(Key::new("ab", b"c"), Key::new("a", b"bc"));
    assert_ne!(Key::new("", b""), Key::new("", b"\0"));
}

/// Of `opens` that all ask at once, the answers that were "not shared".
fn last_ones(opens: Vec<Box<dyn Open>>) -> usize {
    let barrier = Barrier::new(opens.len());
    thread::scope(|scope| {
        let ask = |mut open: Box<dyn Open>| {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                let last = !open.leave_if_shared();
                barrier.wait(); // the last one must not leave before all have asked
                last
            })
        };
        let threads: Vec<_> = opens.into_iter().map(ask).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .filter(|last| *last)
            .count()
    })
}

#[test]
fn of_threads_that_leave_at_once_exactly_one_is_the_last() {
    let profile = unique("threads");
    let spoolers = [local(&profile), local(&profile)];
    for _ in 0..200 {
        let opens = (0..6)
            .map(|n| spoolers[n % 2].open(b"store").unwrap())
            .collect();
        assert_eq!(last_ones(opens), 1);
    }
}

#[test]
fn a_panic_under_the_lock_does_no_harm_to_others() {
    let poisoned = thread::spawn(|| {
        let _registry = memory::lock();
        panic!("on purpose");
    });
    assert!(poisoned.join().is_err());
    let spooler = local(&unique("poisoned"));
    assert!(!spooler.open(b"store").unwrap().leave_if_shared());
}

#[cfg(target_os = "linux")]
mod directory {
    use std::fs::{self, File, Permissions};
    use std::io::{BufRead, BufReader, Write};
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    use std::process::{self, Command, Stdio};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::presence::unix::{FILES, default_directory};

    /// A directory for one test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let name = format!(
                "mapispool-test-{}-{}",
                process::id(),
                NEXT.fetch_add(1, Ordering::Relaxed)
            );
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
            Self(path)
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }

        /// This process's descriptors of the directory `world` and of files in it.
        fn descriptors(&self) -> Vec<i32> {
            let world = self.path("world");
            let all = fs::read_dir("/proc/self/fd")
                .unwrap()
                .map(|entry| entry.unwrap().path());
            all.filter(|link| fs::read_link(link).is_ok_and(|to| to.starts_with(&world)))
                .map(|link| link.file_name().unwrap().to_str().unwrap().parse().unwrap())
                .collect()
        }

        fn spooler(&self) -> Box<dyn Presence> {
            system("profile", Some(&self.path("world"))).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Another process: this test program, running only the test `child_process`. It works in the directory `world`
    /// of a `Scratch`, carries out one order after the other, and answers each with one line.
    struct Child {
        process: process::Child,
        orders: Option<process::ChildStdin>,
        answers: BufReader<process::ChildStdout>,
    }

    impl Child {
        fn new(scratch: &Scratch) -> Self {
            let test = concat!(module_path!(), "::child_process");
            let mut process = Command::new(std::env::current_exe().unwrap())
                .args([
                    test.split_once("::").unwrap().1,
                    "--exact",
                    "--nocapture",
                    "--test-threads=1",
                ])
                .env(CHILD, &scratch.0)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let orders = process.stdin.take();
            let answers = BufReader::new(process.stdout.take().unwrap());
            Self {
                process,
                orders,
                answers,
            }
        }

        fn order(&mut self, order: &str) {
            writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        }

        fn answer(&mut self) -> String {
            loop {
                let mut line = String::new();
                assert_ne!(
                    self.answers.read_line(&mut line).unwrap(),
                    0,
                    "the child has ended"
                );
                if let Some((_, answer)) = line.trim_end().split_once(ANSWER) {
                    return answer.to_owned();
                }
            }
        }

        fn ask(&mut self, order: &str) -> String {
            self.order(order);
            self.answer()
        }

        fn kill(&mut self) {
            self.process.kill().unwrap();
            self.process.wait().unwrap();
        }
    }

    impl Drop for Child {
        fn drop(&mut self) {
            self.orders = None; // its end; also that of grandchildren
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }

    const CHILD: &str = "MAPISPOOL_TEST_CHILD";
    const ANSWER: &str = "answer: ";

    /// Not a test by itself, but what a `Child` does.
    #[test]
    fn child_process() {
        let Some(scratch) = std::env::var_os(CHILD).map(PathBuf::from) else {
            return;
        };
        let scratch = std::mem::ManuallyDrop::new(Scratch(scratch)); // the parent removes it
        let spooler = scratch.spooler();
        let mut opens = Vec::new();
        for order in std::io::stdin().lines() {
            let answer = match order.unwrap().split_once(' ').unwrap() {
                ("open", store) => spooler
                    .open(store.as_bytes())
                    .map(|open| opens.push(open))
                    .map(|_| "open".into()),
                ("leave", _) => Ok(leave_at_the_gate(&scratch, &mut opens)),
                ("drop", _) => Ok(format!("dropped {}", opens.drain(..).count())),
                ("starve", store) => starve()
                    .and_then(|()| spooler.open(store.as_bytes()))
                    .map(|_| "open".into()),
                ("fork", what) => Ok(fork(&scratch, &mut opens, what)),
                (order, _) => panic!("{order}?"),
            };
            say(&answer.unwrap_or_else(|error| format!("{} {error}", error.is_exhausted())));
        }
    }

    /// One answer in one write, which other processes' answers do not come between.
    fn say(answer: &str) {
        let line = format!("\n{ANSWER}{answer}\n");
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    }

    /// All open stores are left at once when the gate opens; the answer is how many were the last.
    fn leave_at_the_gate(scratch: &Scratch, opens: &mut Vec<Box<dyn Open>>) -> String {
        File::open(scratch.path("gate"))
            .unwrap()
            .lock_shared()
            .unwrap();
        let last: Vec<_> = opens
            .drain(..)
            .filter_map(|mut open| (!open.leave_if_shared()).then_some(open))
            .collect();
        let answer = last.len().to_string();
        std::mem::forget(last); // it counts until its process ends
        answer
    }

    /// From now on this process gets no descriptor any more.
    fn starve() -> Result<(), PresenceError> {
        let next = File::open("/").unwrap().as_raw_fd() as libc::rlim_t;
        let limit = libc::rlimit {
            rlim_cur: next,
            rlim_max: next,
        };
        // SAFETY: the structure is ours.
        assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }, 0);
        Ok(())
    }

    /// Without reading any: they are for the child.
    fn wait_for_the_end_of_orders() {
        let mut orders = libc::pollfd {
            fd: 0,
            events: 0,
            revents: 0,
        };
        // SAFETY: one structure, and it is ours. Without events it waits for the other end to close.
        while unsafe { libc::poll(&raw mut orders, 1, -1) } < 1 {}
    }

    /// A grandchild does one thing, says what it sees, and lives until the orders end. Two answers, in any order.
    fn fork(scratch: &Scratch, opens: &mut Vec<Box<dyn Open>>, what: &str) -> String {
        let inherited = scratch.spooler();
        // SAFETY: no other thread of this process is in the middle of anything: they wait for this test to end.
        if unsafe { libc::fork() } > 0 {
            return "forked".into();
        }
        let generation = fork_generation();
        let said = match what {
            "idle" => format!(
                "generation {generation}, {} descriptors",
                scratch.descriptors().len()
            ),
            "drop" => {
                let left = opens[0].leave_if_shared();
                opens.clear();
                let refused = matches!(inherited.open(b"anew"), Err(PresenceError::Inherited));
                format!("left {left}, refused {refused}")
            }
            _ => {
                let anew = scratch.spooler().open(b"store").unwrap();
                opens.clear();
                opens.push(anew);
                drop(inherited);
                format!("generation {generation}, open")
            }
        };
        say(&said);
        wait_for_the_end_of_orders();
        process::exit(0);
    }

    #[test]
    fn processes_see_one_another() {
        let scratch = Scratch::new();
        let mut open = scratch.spooler().open(b"store").unwrap();
        let mut child = Child::new(&scratch);
        assert_eq!(child.ask("open other"), "open");
        assert!(!open.leave_if_shared());
        assert_eq!(child.ask("open store"), "open");
        assert!(open.leave_if_shared());
        let mut again = scratch.spooler().open(b"store").unwrap();
        assert!(again.leave_if_shared());
        assert_eq!(child.ask("drop all"), "dropped 2");
        assert!(!scratch.spooler().open(b"store").unwrap().leave_if_shared());
    }

    #[test]
    fn of_processes_that_leave_at_once_exactly_one_is_the_last() {
        let scratch = Scratch::new();
        let gate = File::create(scratch.path("gate")).unwrap();
        let mut children: Vec<_> = (0..4).map(|_| Child::new(&scratch)).collect();
        for round in 0..20 {
            gate.lock().unwrap();
            const STORES: usize = 50;
            for child in &mut children {
                (0..STORES).for_each(|store| {
                    assert_eq!(child.ask(&format!("open {round}-{store}")), "open")
                });
                child.order("leave all");
            }
            gate.unlock().unwrap();
            let last: usize = children
                .iter_mut()
                .map(|child| child.answer().parse::<usize>().unwrap())
                .sum();
            assert_eq!(last, STORES, "round {round}");
        }
    }

    #[test]
    fn of_threads_that_leave_at_once_in_a_directory_exactly_one_is_the_last() {
        let scratch = Scratch::new();
        let spoolers = [scratch.spooler(), scratch.spooler()];
        for _ in 0..200 {
            let opens = (0..6)
                .map(|n| spoolers[n % 2].open(b"store").unwrap())
                .collect();
            assert_eq!(last_ones(opens), 1);
        }
    }

    #[test]
    fn a_killed_process_leaves_nothing() {
        let scratch = Scratch::new();
        let mut child = Child::new(&scratch);
        let mut open = scratch.spooler().open(b"store").unwrap();
        assert_eq!(child.ask("open store"), "open");
        child.kill();
        assert!(!open.leave_if_shared());
    }

    fn ask_fork(child: &mut Child, what: &str) -> String {
        let mut said = [child.ask(&format!("fork {what}")), child.answer()];
        said.sort_by_key(|answer| answer != "forked");
        assert_eq!(said[0], "forked");
        std::mem::take(&mut said[1])
    }

    #[test]
    fn a_forked_child_neither_ends_nor_holds_its_parents_opens() {
        let scratch = Scratch::new();
        let spooler = scratch.spooler();
        let mut child = Child::new(&scratch);
        assert_eq!(child.ask("open store"), "open");
        assert_eq!(ask_fork(&mut child, "drop"), "left true, refused true");
        assert!(
            spooler.open(b"store").unwrap().leave_if_shared(),
            "the child still has it"
        );
        assert_eq!(ask_fork(&mut child, "idle"), "generation 1, 0 descriptors");
        child.kill();
        assert!(
            !spooler.open(b"store").unwrap().leave_if_shared(),
            "the grandchildren live, and do not"
        );
    }

    #[test]
    fn a_forked_child_opens_stores_of_its_own() {
        let scratch = Scratch::new();
        let spooler = scratch.spooler();
        let mut child = Child::new(&scratch);
        assert_eq!(child.ask("open store"), "open");
        assert_eq!(ask_fork(&mut child, "use"), "generation 1, open");
        assert_eq!(child.ask("drop all"), "dropped 1");
        assert!(
            spooler.open(b"store").unwrap().leave_if_shared(),
            "the grandchild has it"
        );
    }

    /// Locks the store's decision byte as a process does that was stopped in its decision.
    fn stop_in_the_middle(scratch: &Scratch) -> File {
        let file = File::options()
            .read(true)
            .write(true)
            .open(scratch.path("world/decisions-v1"))
            .unwrap();
        crate::presence::unix::lock(&file, libc::F_WRLCK, Key::new("profile", b"store")).unwrap();
        file
    }

    #[test]
    fn a_process_stopped_in_its_decision_holds_up_the_others_for_a_second() {
        let scratch = Scratch::new();
        let mut child = Child::new(&scratch);
        assert_eq!(child.ask("open store"), "open");
        let spooler = scratch.spooler();
        let mut open = spooler.open(b"store").unwrap();
        let stopped = stop_in_the_middle(&scratch);
        let begin = Instant::now();
        assert!(open.leave_if_shared(), "it still has the store open");
        assert!(
            (1000..3000).contains(&begin.elapsed().as_millis()),
            "{:?}",
            begin.elapsed()
        );

        let mut open = spooler.open(b"store").unwrap();
        child.kill();
        assert!(!open.leave_if_shared(), "it was stopped when it had let go");
        drop(stopped);
    }

    #[test]
    fn other_stores_do_not_wait_for_a_decision() {
        let scratch = Scratch::new();
        let spooler = scratch.spooler();
        let mut open = spooler.open(b"store").unwrap();
        let stopped = stop_in_the_middle(&scratch);
        let waiting = thread::spawn(move || !open.leave_if_shared());
        for _ in 0..1000 {
            let begin = Instant::now();
            assert!(!spooler.open(b"other").unwrap().leave_if_shared());
            assert!(begin.elapsed() < Duration::from_millis(500));
        }
        drop(stopped);
        assert!(
            waiting.join().unwrap(),
            "the decision was made when the way was free"
        );
    }

    #[test]
    fn one_directory_by_two_paths_is_one_world_and_two_directories_are_two() {
        let scratch = Scratch::new();
        let spelled = scratch.path("./away/../world/");
        fs::create_dir(scratch.path("away")).unwrap();
        fs::set_permissions(scratch.path("away"), Permissions::from_mode(0o700)).unwrap();
        let mut first = scratch.spooler().open(b"store").unwrap();
        let mut elsewhere = system("profile", Some(&scratch.path("away")))
            .unwrap()
            .open(b"store")
            .unwrap();
        let mut alone = local("profile").open(b"store").unwrap();
        let mut second = system("profile", Some(&spelled))
            .unwrap()
            .open(b"store")
            .unwrap();
        assert!(!elsewhere.leave_if_shared() && !alone.leave_if_shared());
        assert!(first.leave_if_shared());
        assert!(!second.leave_if_shared());
    }

    #[test]
    fn all_is_made_for_the_user_alone_and_closed_again() {
        let scratch = Scratch::new();
        let spooler = scratch.spooler();
        let open = spooler.open(b"store").unwrap();
        let world = scratch.path("world");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(&world), 0o700);
        let files: Vec<_> = fs::read_dir(&world)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(files.len(), 2, "{files:?}");
        assert!(
            files
                .iter()
                .all(|file| mode(file) == 0o600 && fs::metadata(file).unwrap().len() == 0)
        );

        let descriptors = scratch.descriptors();
        assert_eq!(descriptors.len(), 3);
        for descriptor in descriptors {
            // SAFETY: asks for a flag of a descriptor that is open.
            let flags = unsafe { libc::fcntl(descriptor, libc::F_GETFD) };
            assert_eq!(flags, libc::FD_CLOEXEC);
        }
        drop(spooler);
        assert_eq!(scratch.descriptors().len(), 3, "the open needs them");
        drop(open);
        assert_eq!(scratch.descriptors().len(), 0);
    }

    /// The refusal of a directory or of what is in it, as the user reads it.
    fn refusal(directory: &Path) -> String {
        match system("profile", Some(directory)).and_then(|spooler| spooler.open(b"store")) {
            Ok(_) => panic!("{directory:?} was taken"),
            Err(error @ PresenceError::Untrusted { .. }) => error.to_string(),
            Err(error) => panic!("{error}"),
        }
    }

    fn assert_refused(directory: &Path, reason: &str) {
        let sentence = refusal(directory);
        assert!(
            sentence.contains(reason) && sentence.contains("MAPISPOOL_LOCAL"),
            "{sentence}"
        );
        assert!(sentence.contains(directory.to_str().unwrap()), "{sentence}");
    }

    #[test]
    fn a_directory_that_cannot_be_had_is_refused() {
        let scratch = Scratch::new();
        assert_refused(Path::new("relative/path"), "is not an absolute path");
        assert_refused(
            &scratch.path("missing/world"),
            "cannot be made: No such file",
        );
        assert_refused(Path::new("/proc/mapispool"), "cannot be made");
        fs::write(scratch.path("file"), "").unwrap();
        assert_refused(
            &scratch.path("file"),
            "cannot be opened as a directory: Not a directory",
        );
    }

    #[test]
    fn a_directory_that_is_not_the_users_alone_is_refused() {
        let scratch = Scratch::new();
        let world = scratch.path("world");
        drop(scratch.spooler());
        symlink(&world, scratch.path("link")).unwrap();
        assert_refused(&scratch.path("link"), "cannot be opened as a directory");
        assert!(refusal(&scratch.path("link/")).contains("cannot be opened as a directory"));
        for mode in [0o750, 0o710, 0o701, 0o1777] {
            fs::set_permissions(&world, Permissions::from_mode(mode)).unwrap();
            assert_refused(&world, &format!("has mode {mode:04o}"));
        }
        fs::set_permissions(&world, Permissions::from_mode(0o700)).unwrap();
        if chown(&world, Some(4242), None).is_ok() {
            assert_refused(&world, "belongs to user 4242"); // only root can give it away
        }
    }

    #[test]
    fn a_file_that_is_not_the_users_alone_is_refused() {
        for file in [
            "decisions-v1".into(),
            format!("opens-v1-{:02x}", Key::new("profile", b"store").file(FILES)),
        ] {
            let scratch = Scratch::new();
            let world = scratch.path("world");
            let path = world.join(&file);
            drop(scratch.spooler().open(b"store").unwrap());
            fs::set_permissions(&path, Permissions::from_mode(0o620)).unwrap();
            assert_refused(&world, "has mode 0620");
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            fs::hard_link(&path, scratch.path("second name")).unwrap();
            assert_refused(&world, "is not a plain file with one name");
            fs::remove_file(scratch.path("second name")).unwrap();
            if chown(&path, Some(4242), None).is_ok() {
                assert_refused(&world, "belongs to user 4242");
            }
            fs::rename(&path, scratch.path("target")).unwrap();
            symlink(scratch.path("target"), &path).unwrap();
            assert_refused(&world, "is a symbolic link");
        }
    }

    #[test]
    fn without_descriptors_the_error_says_so() {
        let scratch = Scratch::new();
        let answer = Child::new(&scratch).ask("starve store");
        assert!(
            answer.starts_with("true no descriptors") && answer.contains("world/"),
            "{answer}"
        );
    }

    #[test]
    fn the_default_directory_is_below_a_runtime_directory_of_this_user() {
        let scratch = Scratch::new();
        let otherwise = default_directory(None);
        assert!(otherwise.is_absolute());
        assert_eq!(
            default_directory(Some(scratch.0.clone())),
            scratch.path("mapispool")
        );
        assert_eq!(default_directory(Some("".into())), otherwise);
        assert_eq!(default_directory(Some("relative".into())), otherwise);
        assert_eq!(default_directory(Some(scratch.path("missing"))), otherwise);
        fs::set_permissions(&scratch.0, Permissions::from_mode(0o722)).unwrap();
        assert_eq!(default_directory(Some(scratch.0.clone())), otherwise);
        fs::set_permissions(&scratch.0, Permissions::from_mode(0o700)).unwrap();
        if chown(&scratch.0, Some(4242), None).is_ok() {
            assert_eq!(default_directory(Some(scratch.0.clone())), otherwise);
        }
    }

    #[test]
    fn stores_are_spread_evenly() {
        let mut stores = [0; FILES];
        (0..10_000_u32)
            .for_each(|store| stores[Key::new("profile", &store.to_le_bytes()).file(FILES)] += 1);
        let mean = 10_000 / FILES;
        assert!(
            stores
                .iter()
                .all(|count| (mean / 2..=mean * 2).contains(count)),
            "{stores:?}"
        );
    }

    /// `cargo test --release -- --ignored --nocapture cost`
    #[test]
    #[ignore = "a measurement"]
    fn cost_among_many() {
        for stores in [10_u32, 1_000, 10_000, 100_000] {
            let scratch = Scratch::new();
            let spooler = scratch.spooler();
            let open = |store: u32| spooler.open(format!("store {store}").as_bytes()).unwrap();
            let mut opens: Vec<_> = (0..stores).map(open).collect();
            let round = |opens: &mut Vec<Box<dyn Open>>| {
                const TIMES: u32 = 20_000;
                let begin = Instant::now();
                for time in 0..TIMES {
                    let store = time.wrapping_mul(2_654_435_761) % stores;
                    let logon = &mut opens[store as usize];
                    assert!(!logon.leave_if_shared());
                    logon.leave();
                    *logon = open(store);
                }
                begin.elapsed() / TIMES
            };
            let best = (0..7).map(|_| round(&mut opens)).min().unwrap();
            println!("logoff and open among {stores}: {best:?}");
        }
    }
}
