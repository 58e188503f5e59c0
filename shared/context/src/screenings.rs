//! Automatic screening: which risk assessments the settings want when something happens to a verification.

use waybill_bus::Bus;
use waybill_domain::{Role, ScreeningEvent, ScreeningVendor, VerificationUuid};
use waybill_jobs::{ScreenAddress, ScreenPersons, ScreenTransfer};
use waybill_runtime::settings::ScreeningSettings;
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::{StoreError, Tx};

use crate::Context;

/// Risk assessments that follow from an event, to be added in the event's own transaction.
#[derive(Debug, Clone, Default)]
pub struct Screenings(Vec<NewCommand>);

impl Screenings {
    /// Those that the settings want for an event, for the side of the verification that this node has.
    pub fn after(
        ctx: &Context,
        event: ScreeningEvent,
        role: Role,
        uuid: VerificationUuid,
        traceparent: Option<String>,
    ) -> Self {
        let wanted = vendors(&ctx.settings.screening, event, role);
        let command = |vendor| command(&ctx.bus, vendor, role, uuid).traced(traceparent.clone());
        Self(wanted.map(command).collect())
    }

    /// Adds their commands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for command in &self.0 {
            commands::insert(tx, command).await?;
        }
        Ok(())
    }
}

fn vendors(
    settings: &ScreeningSettings,
    event: ScreeningEvent,
    role: Role,
) -> impl Iterator<Item = ScreeningVendor> {
    let rules = match role {
        Role::Originator => &settings.outgoing,
        Role::Beneficiary => &settings.incoming,
    };
    let wanted = move |vendor: &ScreeningVendor| {
        rules.iter().any(|rule| rule.split_once(':') == Some((vendor.as_str(), event.as_str())))
    };
    ScreeningVendor::ALL.iter().copied().filter(wanted)
}

fn command(bus: &Bus, vendor: ScreeningVendor, role: Role, uuid: VerificationUuid) -> NewCommand {
    let command = match vendor {
        ScreeningVendor::ChainalysisSanction => bus.command(&ScreenAddress { verification_uuid: uuid, role }),
        ScreeningVendor::ChainalysisKyt => bus.command(&ScreenTransfer { verification_uuid: uuid, role }),
        ScreeningVendor::RefinitivWco => bus.command(&ScreenPersons { verification_uuid: uuid, role }),
    };
    command.in_group(uuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_direction_has_rules_of_its_own_and_none_at_first() {
        let none = ScreeningSettings::default();
        let settings = ScreeningSettings {
            outgoing: vec![
                "refinitiv-wco:verified".to_owned(),
                "chainalysis-sanction:created".to_owned(),
                "chainalysis-kyt:created".to_owned(),
                "chainalysis-kyt:created".to_owned(),
            ],
            incoming: vec!["chainalysis-kyt:reported".to_owned()],
            networks_file: None,
        };
        let wanted = |settings: &ScreeningSettings, event, role| -> Vec<&'static str> {
            vendors(settings, event, role).map(ScreeningVendor::as_str).collect()
        };
        for role in Role::ALL {
            for event in ScreeningEvent::ALL {
                assert!(wanted(&none, *event, *role).is_empty());
            }
        }
        use ScreeningEvent::{Created, Reported, Verified};
        let both = ["chainalysis-sanction", "chainalysis-kyt"];
        assert_eq!(wanted(&settings, Created, Role::Originator), both);
        assert_eq!(wanted(&settings, Verified, Role::Originator), ["refinitiv-wco"]);
        assert!(wanted(&settings, Reported, Role::Originator).is_empty());
        assert!(wanted(&settings, Created, Role::Beneficiary).is_empty());
        assert_eq!(wanted(&settings, Reported, Role::Beneficiary), ["chainalysis-kyt"]);
    }
}
