//! One row of `commands`: what each statement of the store does to it. The search and the store are both held to this.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    Created,
    Processing,
    Done,
    Dead,
}

/// A right to work on the command; over by the database's clock or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    pub token: u32,
    pub over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    pub status: Status,
    pub due: bool,
    pub published: bool,
    pub lease: Option<Lease>,
    pub dropped: bool,
}

impl Row {
    pub fn added(due: bool, published: bool) -> Self {
        Self { status: Status::Created, due, published, lease: None, dropped: false }
    }

    pub fn is_claimable(&self) -> bool {
        self.status == Status::Created && self.due
    }

    pub fn claim(&mut self, token: u32, over: bool) {
        assert!(self.is_claimable());
        *self =
            Self { status: Status::Processing, published: true, lease: Some(Lease { token, over }), ..*self };
    }

    fn is_held_by(&self, token: u32) -> bool {
        self.status == Status::Processing && self.lease.is_some_and(|lease| lease.token == token)
    }

    pub fn finish(&mut self, token: u32) -> bool {
        self.end(self.is_held_by(token), Status::Done)
    }

    pub fn fail(&mut self, token: u32) -> bool {
        self.end(self.is_held_by(token), Status::Dead)
    }

    fn end(&mut self, allowed: bool, status: Status) -> bool {
        if allowed {
            *self = Self { status, lease: None, ..*self };
        }
        allowed
    }

    pub fn retry(&mut self, token: u32, due: bool) -> bool {
        self.wait(self.is_held_by(token), due)
    }

    /// Nobody has it and the broker does not know of it.
    fn wait(&mut self, allowed: bool, due: bool) -> bool {
        if allowed {
            *self = Self { status: Status::Created, due, published: false, lease: None, ..*self };
        }
        allowed
    }

    pub fn requeue_expired(&mut self) -> bool {
        let over = self.lease.is_some_and(|lease| lease.over);
        self.wait(self.status == Status::Processing && over, true)
    }

    pub fn requeue_held(&mut self) -> bool {
        self.wait(self.status == Status::Processing && self.lease.is_some(), true)
    }

    pub fn wake(&mut self) -> bool {
        self.wait(self.status == Status::Created, true)
    }

    pub fn finish_waiting(&mut self) -> bool {
        self.end(self.status == Status::Created, Status::Done)
    }

    pub fn publish(&mut self) -> bool {
        let wanted = self.is_claimable() && !self.published;
        self.published |= wanted;
        wanted
    }

    pub fn unpublish(&mut self) -> bool {
        let waits = self.status == Status::Created;
        self.published &= !waits;
        waits
    }

    pub fn reclaim_lost(&mut self) -> bool {
        self.is_claimable() && self.published && self.unpublish()
    }

    pub fn give_up(&mut self) -> bool {
        self.end(self.status == Status::Created && self.published, Status::Dead)
    }

    pub fn redrive(&mut self) -> bool {
        self.wait(self.status == Status::Dead && !self.dropped, true)
    }

    pub fn drop_dead(&mut self) -> bool {
        let dead = self.status == Status::Dead && !self.dropped;
        self.dropped |= dead;
        dead
    }
}
