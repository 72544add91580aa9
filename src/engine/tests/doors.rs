//! Receptions and admissions of worlds that are copied: a copy of the engine has copies of them, with all they know.

use crate::engine::*;
use std::any::Any;
use std::cell::RefCell;

/// A store logon's reception.
#[derive(Clone, Default)]
pub struct Door {
    pub is_open: bool,
    /// Messages that come in, and the engine does not know of.
    pub guests: RefCell<Vec<Inbound>>,
    /// What the engine has made of those that it took over, until the driver looks.
    pub gathered: RefCell<Vec<TransferKey>>,
}

impl Reception for Door {
    fn shut(&mut self, gather: &mut dyn FnMut(Inbound) -> TransferKey) {
        self.is_open = false;
        let gathered = self.guests.take().into_iter().map(gather);
        self.gathered.borrow_mut().extend(gathered);
    }

    fn open(&mut self) {
        self.is_open = true;
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A transport's admission.
#[derive(Clone, Default)]
pub struct Pass {
    pub is_admitted: bool,
}

impl Admission for Pass {
    fn admit(&mut self, admitted: bool) {
        self.is_admitted = admitted;
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Clone for Box<dyn Reception> {
    fn clone(&self) -> Self {
        Box::new(door(&**self).clone())
    }
}

impl Clone for Box<dyn Admission> {
    fn clone(&self) -> Self {
        Box::new(pass(&**self).clone())
    }
}

pub fn door(reception: &dyn Reception) -> &Door {
    reception.as_any().downcast_ref().expect("a door")
}

pub fn pass(admission: &dyn Admission) -> &Pass {
    admission.as_any().downcast_ref().expect("a pass")
}
