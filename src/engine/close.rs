//! All stores with one deadline, and closing the spooler. See semantics.md sections 6 and 7.

use super::logoff::{Background, Mode, Phase, Waiter, one_instruction};
use super::*;

/// The spooler is closing.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Closing {
    pub calls: Vec<CallKey>,
    /// The transports are being logged off: no store is left.
    pub transports: bool,
    /// All has ended.
    pub closed: bool,
}

impl Engine {
    /// Logs off every store with one instruction. The deadline is counted by whoever waits.
    pub fn logoff_stores(&mut self, word: u32, caller: Caller) -> Result<Reply<u32>, Error> {
        let instruction = one_instruction(word)?;
        if caller.in_callback && instruction.waits() {
            return Err(Error::Busy(Busy::InCallback));
        }
        if self.closing.is_some() {
            return Err(Error::EndOfSession);
        }
        let group = Group {
            instruction,
            caller,
            pending: 0,
            incomplete: 0,
        };
        self.gather_all();
        let call = self.wait_for(CallFor::LogoffStores(group));
        let mut stores: Vec<(StoreKey, u64)> = Vec::new();
        for (store, found) in &self.stores {
            stores.push((store, self.logons[found.logons[0]].number));
        }
        stores.sort_unstable_by_key(|(_, opened)| *opened);
        for (store, _) in stores {
            self.group_begins(call, store);
        }
        self.settle();
        match self.group(call) {
            Some(group) if group.pending > 0 => Ok(Reply::Wait(call, None)),
            group => {
                let incomplete = group.map_or(0, |group| group.incomplete);
                self.calls.remove(call);
                self.effects.answered.retain(|other| *other != call);
                Ok(Reply::Done(incomplete))
            }
        }
    }

    fn group(&mut self, call: CallKey) -> Option<&mut Group> {
        match self.calls.get_mut(call).map(|call| &mut call.what) {
            Some(CallFor::LogoffStores(group)) => Some(group),
            _ => None,
        }
    }

    /// Begins a store's logoff for `LogoffStores`; one that another thread logs off is waited for.
    fn group_begins(&mut self, call: CallKey, store: StoreKey) {
        let Some(&mut group) = self.group(call) else {
            return;
        };
        match &self.stores[store].phase {
            Phase::Background(_) => return,
            Phase::Aborting(_) | Phase::Purging(_) if group.caller.in_callback => {
                // It would wait for its own callback.
                return self.count(call, |group| group.incomplete += 1);
            }
            Phase::Aborting(_) | Phase::Purging(_) => {
                self.stores[store].rare().groups.push(call);
                return self.count(call, |group| group.pending += 1);
            }
            Phase::Open => {}
        }
        let live = self.stores[store]
            .logons
            .iter()
            .copied()
            .filter(|logon| !self.logons[*logon].over);
        let live: Vec<LogonKey> = live.collect();
        let (instruction, thread) = (group.instruction, group.caller.thread);
        if instruction.waits() && self.would_wait_for(store, instruction, thread) {
            // It would wait for its own thread.
            return self.count(call, |group| group.incomplete += 1);
        }
        let Some((last, others)) = live.split_last() else {
            return;
        };
        for logon in others {
            self.ignore(*logon);
        }
        match self.perform(*last, group.instruction, Waiter::Group(call), None) {
            Reply::Done(flags) if flags.contains(Status::COMPLETE) => {}
            Reply::Done(_) => self.count(call, |group| group.incomplete += 1),
            Reply::Wait(..) => self.count(call, |group| group.pending += 1),
        }
    }

    fn count(&mut self, call: CallKey, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.group(call) {
            change(group);
        }
    }

    /// A store that `LogoffStores` waited for has had its logoff.
    pub(super) fn group_has(&mut self, call: CallKey, flags: Status) {
        let Some(group) = self.group(call) else {
            return;
        };
        group.pending -= 1;
        if !flags.contains(Status::COMPLETE) {
            group.incomplete += 1;
        }
        self.group_is_done(call);
    }

    /// All the logons that a store had have ended: whatever `LogoffStores` wanted of it is done.
    pub(super) fn groups_have(&mut self, store: StoreKey, flags: Status) {
        for group in self.stores[store].take_groups() {
            self.group_has(group, flags);
        }
    }

    /// Another thread's logoff of a store has ended without COMPLETE: now it is `LogoffStores`' turn.
    pub(super) fn group_goes_on(&mut self, call: CallKey, store: StoreKey) {
        if self
            .calls
            .get(call)
            .is_none_or(|found| found.answer.is_some())
        {
            return;
        }
        self.count(call, |group| group.pending -= 1);
        self.group_begins(call, store);
        self.group_is_done(call);
    }

    fn group_is_done(&mut self, call: CallKey) {
        if let Some(group) = self.group(call)
            && group.pending == 0
        {
            let incomplete = group.incomplete;
            self.answer(call, Answer::Incomplete(incomplete));
        }
    }

    /// The deadline has passed: what has not been logged off stays.
    pub(super) fn expire_group(&mut self, call: CallKey) {
        let stores = self.stores.values_mut();
        for rare in stores.filter_map(|store| store.rare.as_mut()) {
            let before = rare.groups.len();
            rare.groups.retain(|group| *group != call);
            let left = (before - rare.groups.len()) as u32;
            if let Some(CallFor::LogoffStores(group)) =
                self.calls.get_mut(call).map(|call| &mut call.what)
            {
                group.pending -= left;
                group.incomplete += left;
            }
        }
        self.fail_for_group(call);
        self.group_is_done(call);
    }

    /// Closes the spooler: what is left ends.
    pub fn close(&mut self, abort: bool, caller: Caller) -> Result<CallKey, Error> {
        if caller.in_callback {
            return Err(Error::Busy(Busy::InCallback));
        }
        let call = self.wait_for(CallFor::Close);
        match &mut self.closing {
            Some(closing) => closing.calls.push(call),
            None => {
                self.say(Level::Info, |_| "the spooler is closing".to_owned());
                self.closing = Some(Closing {
                    calls: vec![call],
                    transports: false,
                    closed: false,
                });
            }
        }
        self.gather_all();
        self.gates_changed = true;
        for key in self.order.clone() {
            self.has_asked(key);
        }
        let stores: Vec<StoreKey> = self.stores.keys().collect();
        for store in stores {
            self.close_store(store, abort);
        }
        self.settle();
        Ok(call)
    }

    fn close_store(&mut self, store: StoreKey, abort: bool) {
        let mode = if abort { Mode::Abort } else { Mode::Orderly };
        match self.stores[store].phase.clone() {
            Phase::Background(_) if abort => self.abort_background(store),
            Phase::Background(_) => {}
            Phase::Open => {
                let logons = self.stores[store].logons.clone();
                let live = logons.into_iter().filter(|logon| !self.logons[*logon].over);
                let live: Vec<LogonKey> = live.collect();
                let Some((last, others)) = live.split_last() else {
                    return;
                };
                for logon in others {
                    self.ignore(*logon);
                }
                self.go_on_in_background(store, *last, mode);
            }
            Phase::Aborting(waiting) | Phase::Purging(waiting) => {
                self.end_flush(store, &waiting);
                self.go_on_in_background(store, waiting.logon, mode);
                if let Phase::Background(background) = &mut self.stores[store].phase {
                    *background = Background {
                        waiter: Some(waiting.waiter),
                        ..background.clone()
                    };
                }
            }
        }
    }

    /// Follows up what a closing spooler waits for. Whether anything moved.
    pub(super) fn check_closing(&mut self) -> bool {
        if self.check_leaving() {
            return true;
        }
        let Some(closing) = &mut self.closing else {
            return false;
        };
        if !self.stores.is_empty() || self.unreleased > 0 {
            return false;
        }
        if !closing.transports {
            closing.transports = true;
            for key in self.order.clone() {
                match &self.transports[key].removal {
                    Some(_) => {}
                    None => self.begin_removal(key, Vec::new()),
                }
            }
            return true;
        }
        if !self.transports.is_empty() || closing.calls.is_empty() {
            return false;
        }
        closing.closed = true;
        for call in std::mem::take(&mut closing.calls) {
            self.answer(call, Answer::Done);
        }
        self.say(Level::Info, |_| "the spooler is closed".to_owned());
        true
    }

    pub(super) fn expire_close(&mut self, call: CallKey) {
        if let Some(closing) = &mut self.closing {
            closing.calls.retain(|other| *other != call);
        }
        self.answer(
            call,
            Answer::Failed(Error::Timeout(
                "something has not ended yet; the spooler stays closing",
            )),
        );
    }
}
