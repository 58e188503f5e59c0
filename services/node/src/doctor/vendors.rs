//! Do the screening vendors take our keys?

use http::StatusCode;
use waybill_chainalysis::{kyt_probe, sanction_probe};
use waybill_domain::ScreeningVendor;
use waybill_egress::EgressClass;
use waybill_refinitiv::probe as world_check_probe;
use waybill_runtime::settings::Settings;
use waybill_vendors::Request;

use super::finding::Findings;
use super::patient::Patient;

const ABOUT: &str = "screening";

pub async fn examine(patient: &Patient, findings: &mut Findings) {
    for vendor in ScreeningVendor::ALL {
        match probe(*vendor, patient) {
            Some(request) => ask(patient, *vendor, request, findings).await,
            None => without_a_key(*vendor, &patient.settings, findings),
        }
    }
}

fn probe(vendor: ScreeningVendor, patient: &Patient) -> Option<Request> {
    let settings = &patient.settings;
    match vendor {
        ScreeningVendor::ChainalysisSanction => sanction_probe(&settings.chainalysis),
        ScreeningVendor::ChainalysisKyt => kyt_probe(&settings.chainalysis),
        ScreeningVendor::RefinitivWco => world_check_probe(&settings.refinitiv, patient.now()),
    }
}

/// What a vendor needs.
fn needs(vendor: ScreeningVendor) -> &'static str {
    match vendor {
        ScreeningVendor::ChainalysisSanction => "chainalysis.sanction_api_key",
        ScreeningVendor::ChainalysisKyt => "chainalysis.kyt_api_key",
        ScreeningVendor::RefinitivWco => "refinitiv.api_key, refinitiv.api_secret and refinitiv.group_id",
    }
}

fn address(vendor: ScreeningVendor) -> &'static str {
    match vendor {
        ScreeningVendor::ChainalysisSanction => "chainalysis.sanction_url",
        ScreeningVendor::ChainalysisKyt => "chainalysis.kyt_url",
        ScreeningVendor::RefinitivWco => "refinitiv.url",
    }
}

fn without_a_key(vendor: ScreeningVendor, settings: &Settings, findings: &mut Findings) {
    let screening = &settings.screening;
    let mut rules = screening.outgoing.iter().chain(&screening.incoming);
    match rules.find(|rule| rule.split_once(':').is_some_and(|(named, _)| named == vendor.as_str())) {
        Some(rule) => findings.fault(
            ABOUT,
            format!("the rule {rule} wants {vendor}, which has no key: those verifications wait"),
            format!("set {}", needs(vendor)),
        ),
        None => findings.fine(ABOUT, format!("{vendor} has no key and is not asked")),
    }
}

async fn ask(patient: &Patient, vendor: ScreeningVendor, request: Request, findings: &mut Findings) {
    let Request { method, url, headers, .. } = request;
    match patient.ask(EgressClass::Operator, method, url, headers).await {
        Ok(answer) => judge(vendor, answer.status, answer.took.as_millis(), findings),
        Err(error) => findings.fault(
            ABOUT,
            format!("{vendor}: {error}"),
            format!("look whether {} names it, and what lies between", address(vendor)),
        ),
    }
}

fn judge(vendor: ScreeningVendor, status: StatusCode, took_ms: u128, findings: &mut Findings) {
    let text = format!("{vendor} answers {}, {took_ms} ms", status.as_u16());
    match status.as_u16() {
        200..=299 => findings.fine(ABOUT, format!("{vendor} takes our key ({took_ms} ms)")),
        401 | 403 => findings.fault(
            ABOUT,
            format!("{text}: it refuses us"),
            match vendor {
                ScreeningVendor::RefinitivWco => {
                    format!(
                        "look whether {} are what the vendor gave us, and whether the clock is right",
                        needs(vendor)
                    )
                }
                _ => format!("look whether {} is what the vendor gave us", needs(vendor)),
            },
        ),
        429 => findings.warning(ABOUT, text, "its limit is used up; look at the settings of its limits"),
        500..=599 => findings.warning(
            ABOUT,
            text,
            "look whether the vendor reports a disturbance; nothing is lost meanwhile",
        ),
        _ => findings.fault(
            ABOUT,
            text,
            match vendor {
                ScreeningVendor::RefinitivWco => "look at refinitiv.url and refinitiv.group_id".to_owned(),
                _ => format!("look at {}", address(vendor)),
            },
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;

    #[test]
    fn only_a_key_that_is_taken_is_fine() {
        for vendor in ScreeningVendor::ALL {
            for (status, verdict) in [
                (200, Verdict::Fine),
                (301, Verdict::Fault),
                (400, Verdict::Fault),
                (401, Verdict::Fault),
                (403, Verdict::Fault),
                (404, Verdict::Fault),
                (429, Verdict::Warning),
                (503, Verdict::Warning),
            ] {
                let mut findings = Findings::default();
                judge(*vendor, StatusCode::from_u16(status).unwrap(), 1, &mut findings);
                assert_eq!(findings.worst(), verdict, "{vendor} {status}");
            }
        }
    }
}
