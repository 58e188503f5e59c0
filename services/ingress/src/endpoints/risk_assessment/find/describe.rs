//! The description of the endpoint.

use waybill_domain::codes;
use waybill_openapi::types::{self, EXAMPLE_REQUEST};
use waybill_openapi::{Answer, Operation, Tag};

use crate::endpoints::risk_assessment::entry::Entry;

pub(crate) fn operation() -> Operation {
    Operation::new("getRiskAssessment", Tag::RiskAssessment, "One risk assessment")
        .about(
            "What was asked, when and with which key, and what was found, with alerts and cases. Without the scope `personal-data:read` \
             what World-Check was asked and what it says of persons is `null`.",
        )
        .path("requestId", "requestId", types::request_id())
        .answers(Answer::json("The risk assessment.", Entry::schema()).example("one", Entry::example()))
        .refuses([codes::risk_assessment_not_found(EXAMPLE_REQUEST)])
}
