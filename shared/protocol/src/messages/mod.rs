//! The bodies of the messages. Fields that are not known are ignored, so that later versions may add some.

mod accounts;
mod acknowledgement;
mod answers;
mod errors;
mod expiries;
mod inquiries;
mod keys;
mod message_type;
mod refusal;
mod reply_key;
mod sealed;
mod transactions;
mod verifications;

pub use accounts::{AccountAnswer, AccountQuestion, AccountsRequest, AccountsResponse};
pub use acknowledgement::Acknowledgement;
pub use answers::AnswersRequest;
pub use errors::{ErrorDetail, ErrorsRequest};
pub use expiries::ExpiriesRequest;
pub use inquiries::{InquiriesRequest, InquiriesResponse};
pub use keys::{KeysRequest, KeysResponse};
pub use message_type::MessageType;
pub use refusal::Refusal;
pub use reply_key::ReplyKey;
pub use sealed::{SUITE, Sealed};
pub use transactions::TransactionsRequest;
pub use verifications::{
    AcceptedStatus, VerificationAccepted, VerificationAnswer, VerificationAnswered, VerificationQuestion,
    VerificationsRequest,
};
