//! The description of the endpoint.

use waybill_domain::codes;
use waybill_openapi::{Answer, Operation, Tag, types};

use crate::render::Record;

pub(crate) fn operation() -> Operation {
    Operation::new("getVerification", Tag::Verifications, "One verification")
        .about("What is not known is `null`. Without the scope `personal-data:read` the `message` and the four `ivms101…` values are `null`.")
        .path("uuid", "verificationUuid", types::uuid())
        .answers(Answer::json("The record.", Record::schema()).example("verified", Record::example()))
        .refuses([codes::verification_not_found(types::example_uuid())])
}
