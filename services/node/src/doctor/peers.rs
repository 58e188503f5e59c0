//! Do other VASPs answer, and do they agree with us about the time?

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use futures_util::future::join_all;
use http::{HeaderMap, Method, StatusCode, header};
use waybill_directory::{Directory, Member};
use waybill_egress::{AllowList, Answer, EgressClass, EgressError};

use super::finding::Findings;
use super::patient::Patient;

const PATH: &str = "/healthcheck";
/// Enough to tell a wrong clock of ours from a wrong clock of one of them.
const ASKED: usize = 10;
/// `Date` has whole seconds, and the answer takes a while.
const OFF: TimeDelta = TimeDelta::seconds(5);
/// A message may be off by five minutes; then it is refused.
const REFUSED: TimeDelta = TimeDelta::seconds(240);

pub async fn examine(patient: &Patient, directory: &Directory, findings: &mut Findings) {
    let own_id = patient.settings.node.vasp_id;
    let others = directory.members().iter().filter(|member| member.active && member.vasp_id != own_id);
    let others: Vec<&Member> = others.take(ASKED).collect();
    if others.is_empty() {
        return findings.warning(
            "peers",
            "the directory lists no other active VASP",
            "ask the directory's operator",
        );
    }
    let allow = match AllowList::parse(&patient.settings.directory.allow_private) {
        Ok(allow) => Arc::new(allow),
        Err(error) => return findings.fault("peers", error.to_string(), "mend directory.allow_private"),
    };
    let answers = join_all(others.iter().map(|member| ask(patient, member, &allow))).await;
    let reached: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    reachability(&others, &answers, findings);
    clock(&reached.iter().filter_map(|asked| asked.ahead).collect::<Vec<_>>(), findings);
}

/// An answer, and by how much our clock is ahead of the other's.
struct Asked {
    status: StatusCode,
    ahead: Option<TimeDelta>,
}

async fn ask(patient: &Patient, member: &Member, allow: &Arc<AllowList>) -> Result<Asked, EgressError> {
    let class = EgressClass::Directory { allow: Arc::clone(allow) };
    let answer = patient.ask(class, Method::GET, member.endpoint.join(PATH), HeaderMap::new()).await?;
    Ok(Asked { status: answer.status, ahead: date(&answer).map(|theirs| patient.now() - theirs) })
}

fn date(answer: &Answer) -> Option<waybill_domain::Timestamp> {
    let text = answer.headers.get(header::DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|at| at.to_utc())
}

fn reachability(others: &[&Member], answers: &[Result<Asked, EgressError>], findings: &mut Findings) {
    let mut reached = 0;
    for (member, answer) in others.iter().zip(answers) {
        let why = match answer {
            Ok(asked) if asked.status.is_success() => {
                reached += 1;
                continue;
            }
            // Perhaps of a gateway, before a node that is down.
            Ok(asked) => format!("it answers {} to GET {PATH}", asked.status.as_u16()),
            Err(error) => error.to_string(),
        };
        findings.warning(
            "peers",
            format!("{} ({}): {why}", member.vasp_name, member.vasp_id),
            "perhaps it is down; if nobody can be reached, look at our own way out (firewall, DNS, directory.allow_private)",
        );
    }
    match reached {
        0 => findings.fault(
            "peers",
            format!("none of {} VASPs can be reached", others.len()),
            "look at our own way out: firewall, DNS, proxy, directory.allow_private",
        ),
        _ => findings.fine("peers", format!("{reached} of {} VASPs asked can be reached", others.len())),
    }
}

fn clock(ahead: &[TimeDelta], findings: &mut Findings) {
    let mut ahead = ahead.to_vec();
    ahead.sort_unstable();
    // The middle one: a single wrong clock among them says nothing about ours.
    let Some(middle) = ahead.get(ahead.len() / 2) else { return };
    let (off, seconds) = (middle.abs(), middle.num_milliseconds() as f64 / 1000.0);
    let text = match off < OFF {
        true => "our clock agrees with theirs".to_owned(),
        false => format!("our clock is {seconds:+.0} s from theirs"),
    };
    let mend =
        "set this machine's clock and keep it right (NTP): messages that are five minutes off are refused";
    if off >= REFUSED {
        findings.fault("clock", text, mend);
    } else if off >= OFF {
        findings.warning("clock", text, mend);
    } else {
        findings.fine("clock", text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;

    #[test]
    fn the_middle_of_all_clocks_is_right() {
        for (ahead, verdict) in [
            (&[0, 1, -1][..], Verdict::Fine),
            (&[0, 0, 900], Verdict::Fine),
            (&[30, 31, 0], Verdict::Warning),
            (&[-30], Verdict::Warning),
            (&[-301, -300, -299], Verdict::Fault),
        ] {
            let mut findings = Findings::default();
            clock(
                &ahead.iter().map(|seconds| TimeDelta::seconds(*seconds)).collect::<Vec<_>>(),
                &mut findings,
            );
            assert_eq!(findings.worst(), verdict, "{ahead:?}");
        }
    }
}
