//! Commands: work that is certain to be done. Every command is finished, or will be handed out again.

mod backlog;
mod claim;
mod dead;
mod insert;
mod inspect;
mod publish;
mod purge;
mod settle;
mod stranded;

pub use backlog::{Backlog, backlog};
pub use claim::{
    ClaimedCommand, Expired, claim, claim_named, next_due, requeue_expired, requeue_held, requeue_held_by,
};
pub use dead::{DeadFilter, drop_dead, list_dead, redrive, twin};
pub use insert::{CommandLease, NewCommand, insert};
pub use inspect::{CommandFilter, CommandRow, CommandStatus, find, list};
pub use publish::{
    Unpublished, long_published, next_unpublished, publish, reclaim_lost, repeat_oldest, unpublish,
};
pub use purge::{Forgotten, delete_group, purge_done, purge_orphans};
pub use settle::{
    fail, finish, finish_group, give_up, is_held_back, release_hold, retry, retry_lost, wake_group,
};
pub use stranded::{Stranded, StrandedPage, stranded};
