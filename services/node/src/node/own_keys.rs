//! Tells the operator what the directory says of the keys that sign for us.

use waybill_context::{Context, IdentityFinding, Urgency, findings};

/// What was told last, so that only alarms are repeated.
#[derive(Default)]
pub struct Told {
    findings: Vec<IdentityFinding>,
    signer: Option<String>,
}

impl Told {
    /// Compares, at the start and at each look at the directory.
    pub fn look(&mut self, ctx: &Context) {
        let found = findings(&ctx.identity, &ctx.directory.current(), ctx.own_id, ctx.clock.now());
        for finding in &found {
            if finding.urgency() == Urgency::Alarm || !self.findings.contains(finding) {
                tell(finding);
            }
        }
        self.findings = found;
        let signer = ctx.signing_key().key_id();
        if self.signer.as_ref().is_some_and(|before| *before != signer) {
            tracing::info!(key_id = signer, "another identity key signs from now on");
        }
        self.signer = Some(signer);
    }
}

fn tell(finding: &IdentityFinding) {
    match finding.urgency() {
        Urgency::Alarm => tracing::error!(alarm = "identity-key", "{finding}"),
        Urgency::Warning => tracing::warn!("{finding}"),
        Urgency::Note => tracing::info!("{finding}"),
    }
}
