//! What services say to each other, in one place: commands, which are certain to be done, and requests, which are
//! answered at once or not at all. Both travel over the bus, so neither holds personal data in clear:
//! fields that end in `_sealed` are sealed at rest with the node's own key.
#![deny(missing_docs)]

mod commands;
mod requests;

pub use commands::{
    AnswerVerification, COMMAND_KINDS, CallbackType, Command, DeliverCallback, NotifyExpiry, ReportError,
    ReportTransaction, ScreenAddress, ScreenPersons, ScreenTransfer, VerifyCounterparty,
};
pub use requests::{
    AccountAnswer, AskSanction, CheckAccount, CounterpartyKey, FetchKey, InquireTransaction, KeepAnswer,
    KeyAnswer, OwnKey, RegisterKyt, RegisterWco, Request, ScreeningAnswer, TransactionAnswer,
};
