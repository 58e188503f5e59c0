//! `POST /cases`

use chrono::Duration;

use super::case::{Case, ID_LENGTH, Screening};
use super::case_json::shown;
use super::cases::Cases;
use super::error::error_about;
use super::new_case::{self, NewCase};
use crate::vendors::answer::Answer;
use crate::vendors::asked::Asked;
use crate::vendors::ids;
use crate::vendors::mode::Mode;
use crate::vendors::settings::Settings;
use crate::vendors::state::Playing;
use crate::vendors::times::Style;

/// 201 with the case, which is not screened by that.
pub(super) fn create(playing: &Playing, settings: &Settings, asked: &Asked) -> Result<Answer, Answer> {
    let new = new_case::read(playing, settings, asked)?;
    let mut cases = playing.cases();
    let case = add(&mut cases, new, asked)?;
    Ok(Answer::json(201, &shown(case, asked.now, false, style(asked))))
}

/// Adds a case, unless its id is taken.
pub(super) fn add<'a>(cases: &'a mut Cases, new: NewCase, asked: &Asked) -> Result<&'a mut Case, Answer> {
    if let Some(id) = new.case_id.as_deref().filter(|id| cases.system_id(id).is_some()) {
        let cause = "Case IDs must be unique within the same client and request.";
        return Err(error_about(400, "CASE_ID_EXISTS", cause, id));
    }
    let number = cases.next_number();
    let system_id =
        ids::base36(&format!("case {number} {} {}", asked.now.timestamp_millis(), new.name), ID_LENGTH);
    let mut case = Case {
        case_id: new.case_id.unwrap_or_else(|| system_id.clone()),
        system_id,
        group_id: new.group_id,
        name: new.name,
        entity_type: new.entity_type,
        provider_types: new.provider_types,
        custom_fields: new.custom_fields,
        secondary_fields: new.secondary_fields,
        screening_state: new.screening_state,
        created_at: asked.now,
        magic: new.magic,
        screenings: Vec::new(),
    };
    if asked.is_in(Mode::StaleScreening) {
        let before = asked.now - Duration::hours(1);
        let ends_at = Some(before);
        case.screenings.push(Screening { started_at: before, ends_at, finds_nothing_new: false });
    }
    Ok(cases.add(case))
}

/// How times of an answer are written.
pub(super) fn style(asked: &Asked) -> Style {
    if asked.is_in(Mode::OddTimes) { Style::Elsewhere } else { Style::Zulu }
}
